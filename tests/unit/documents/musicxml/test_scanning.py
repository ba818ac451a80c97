import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.documents.musicxml.scanning import Element, scan
from inpaint_desktop.errors import FileDamagedError


def _scan(text: str) -> tuple[Element, list[Element]]:
    measures: list[Element] = []
    root = scan(text, "tune.xml", lambda _, measure: measures.append(measure))
    return root, measures


def _pieces(text: str, element: Element) -> list[str]:
    """The text of an element and of everything in it, in order."""
    inner = [piece for child in element.children for piece in _pieces(text, child)]
    return [text[element.start : element.stop], *inner]


def test_elements_lie_where_their_text_is() -> None:
    text = "<s><part id='a>b'><measure  n = \"/>\" ><é/><!-- > --><?x ?><b><b/></b></measure ></part></s>"
    _, (measure,) = _scan(text)
    assert _pieces(text, measure) == [
        '<measure  n = "/>" ><é/><!-- > --><?x ?><b><b/></b></measure >',
        "<é/>",
        "<!-- > -->",
        "<?x ?>",
        "<b><b/></b>",
        "<b/>",
    ]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<&>"), max_size=30))
def test_places_count_characters_not_bytes(words: str) -> None:
    text = f"<s>{words}<w>{words}</w><!--{words.replace('-', '')}--><x/></s>"
    root, _ = _scan(text)
    assert [text[child.start] for child in root.children] == ["<"] * 3
    assert text[root.children[2].start : root.children[2].stop] == "<x/>"
    assert root.children[0].text == words


def test_measures_are_handed_over_and_leave_the_tree() -> None:
    root, measures = _scan("<s><part><measure/><measure/></part><measure/></s>")
    assert len(measures) == 2
    assert [child.tag for child in root.children] == ["part", "measure"]
    assert root.children[0].children == []


def test_malformed_xml_is_reported_with_line_and_column() -> None:
    with pytest.raises(
        FileDamagedError,
        match=r"tune\.xml is not well-formed XML: mismatched tag in line 2, column 7, where </a> was expected\.",
    ):
        _scan("<s>\n <a></b></s>")
