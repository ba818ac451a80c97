"""A timewise score as a partwise one, for readers that know no other."""

from inpaint_desktop.documents.musicxml.facts import LocatedPart, LocatedScore
from inpaint_desktop.documents.musicxml.scanning import START_TAG

_NAMES = (
    ("<score-timewise", "<score-partwise"),
    ("<!DOCTYPE score-timewise", "<!DOCTYPE score-partwise"),
    (" Timewise//", " Partwise//"),
    ("/timewise.dtd", "/partwise.dtd"),
)


def partwise(text: str, score: LocatedScore) -> str:
    """The text of a score with the measures in its parts; what stands between timewise measures is left out."""
    if not score.columns:
        return text
    first = min(part.marks[0].start for part in score.parts if part.marks)
    head = text[: text.rindex(score.columns[0], 0, first)]
    for timewise, as_partwise in _NAMES:
        head = head.replace(timewise, as_partwise)
    parts = "".join(f"{_part_tag(text, part)}{_measures(text, part, score)}</part>\n" for part in score.parts)
    return f"{head}{parts}</score-partwise>\n"


def _part_tag(text: str, part: LocatedPart) -> str:
    return _start_tag(text, part.marks[0].start).removesuffix("/>").removesuffix(">").rstrip() + ">"


def _measures(text: str, part: LocatedPart, score: LocatedScore) -> str:
    pieces = []
    for tag, mark in zip(score.columns, part.marks, strict=False):
        xml = text[mark.start : mark.stop]
        inner = "" if xml.endswith("/>") else xml[len(_start_tag(xml, 0)) : xml.rindex("</")]
        pieces.append(f"\n{tag}{inner}</measure>")
    return "".join(pieces)


def _start_tag(text: str, place: int) -> str:
    tag = START_TAG.match(text, place)
    assert tag is not None, "the scanner found the tag"
    return tag[0]
