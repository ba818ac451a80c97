"""The text of one measure."""

from dataclasses import dataclass

from inpaint_desktop.documents.musicxml.facts import Item, LocatedMeasure, LocatedPart
from inpaint_desktop.documents.musicxml.offsets import without_long_rest

_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class MeasureText:
    """The text of a measure, the white space before it, and what is known of it."""

    xml: str
    outer: str
    located: LocatedMeasure

    def of(self, item: Item) -> str:
        """The text of a child, without what draws measures as one long rest."""
        xml = self.xml[item.place.start : item.place.stop]
        return without_long_rest(xml) if item.tag == "attributes" else xml

    def blank_before(self, place: int) -> str:
        """The white space that stands before ``place``."""
        return self.xml[len(self.xml[:place].rstrip(_BLANK)) : place]


def measure_text(text: str, part: LocatedPart, index: int) -> MeasureText:
    """The text of a measure of a part."""
    mark = part.marks[index]
    start = mark.start
    while start > 0 and text[start - 1] in _BLANK:
        start -= 1
    return MeasureText(text[mark.start : mark.stop], text[start : mark.start], part.measures[index])
