import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.musicxml.scanning import Element, scan
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError


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


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<s>\n <a></b></s>", "mismatched tag in line 2, column 7, where </a> was expected"),
        ("<s>\n <note>", "the file breaks off in line 2, column 8, where </note> was expected"),
        ("<s><a b='1", "the file breaks off in line 1, column 4, where </s> was expected"),
        ("<s>Salt & pepper</s>", "not well-formed (invalid token) in line 1, column 10, where text or a tag"),
        ("<s>&nbsp;</s>", "undefined entity in line 1, column 4, where only &amp; &lt;"),
        ("<s/>\n<s/>", "junk after document element in line 2, column 1, where the file was expected to end"),
        ("<s a='1' a='2'/>", "duplicate attribute in line 1, column 10, where another name was expected"),
        ("no score", "syntax error in line 1, column 1, where a tag was expected"),
        ("<s>\n\x01</s>", "not well-formed (invalid token) in line 2, column 1, where text or a tag was expected"),
    ],
)
def test_what_breaks_a_file_is_named_with_its_place_and_what_was_expected_there(text: str, place: str) -> None:
    with pytest.raises(FileDamagedError) as caught:
        _scan(text)
    assert place in str(caught.value)


def test_elements_know_their_line_and_column() -> None:
    root, (measure,) = _scan("<s>\n  <é/>é<b/>\r\n<part>\r <measure/></part></s>")
    assert [(child.line, child.column) for child in root.children] == [(2, 3), (2, 8), (3, 1)]
    assert (measure.line, measure.column) == (4, 2)


def test_parts_in_measures_are_handed_over_as_measures_in_parts_are() -> None:
    root, parts = _scan("<s><measure><part id='A'/><part id='B'/></measure></s>")
    assert [part.attributes for part in parts] == [{"id": "A"}, {"id": "B"}]
    assert root.children[0].children == []


@pytest.mark.parametrize("piece", ["<a/>", "<!---->", "<?a b?>", "<a b='1' c='2' d='3' e='4'/>"])
def test_whatever_there_is_too_much_of_is_refused(monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    monkeypatch.setattr(limits, "MAX_ELEMENTS", 60 if piece.count("=") else 20)
    monkeypatch.setattr(limits, "MAX_ATTRIBUTES", 80)
    _scan(f"<s>{piece * 19}</s>")
    with pytest.raises(FileTooLargeError, match="more elements"):
        _scan(f"<s>{piece * 21}</s>")
