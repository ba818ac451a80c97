"""What becomes of a long rest, one sign for several measures, when notes come to stand in one of them.

Its sign stands in its first measure. If that stays, the rest is made to end before the new notes; the
measures after them, which stay silent, are drawn one by one.
"""

from collections.abc import Collection, Iterator, Mapping

from inpaint_desktop.documents.musicxml.facts import LocatedPart
from inpaint_desktop.documents.musicxml.locating import located_again
from inpaint_desktop.documents.musicxml.measure_text import measure_text
from inpaint_desktop.documents.musicxml.offsets import with_long_rest
from inpaint_desktop.documents.musicxml.relocating import ChangedMeasure
from inpaint_desktop.documents.musicxml.styles import long_rest_around
from inpaint_desktop.documents.wording import measure_names


def shortened_rests(text: str, part: LocatedPart, replaced: Collection[int]) -> dict[int, ChangedMeasure]:
    """The measures outside of those replaced whose long rest has to end earlier."""
    counts = {start: first - start for start, first in _broken_rests(part, replaced).items() if start not in replaced}
    return {start: _with_rest(text, part, start, count) for start, count in counts.items()}


def rest_sentences(part: LocatedPart, replaced: Collection[int]) -> Iterator[str]:
    """Say which long rests have become others."""
    for start, first in sorted(_broken_rests(part, replaced).items()):
        name = measure_names(part.numbers, [start])
        if first - start > 1:
            yield f"The long rest from {name} now ends before {measure_names(part.numbers, [first])}."
        else:
            yield f"The long rest from {name} is now written measure by measure."


def _broken_rests(part: LocatedPart, replaced: Collection[int]) -> Mapping[int, int]:
    """The first measures of long rests, with the first of their measures that is replaced."""
    broken: dict[int, int] = {}
    for index in sorted(replaced):
        start = index if part.measures[index].long_rest else long_rest_around(part.measures, index)
        if start is not None:
            broken.setdefault(start, index)
    return broken


def _with_rest(text: str, part: LocatedPart, index: int, count: int) -> ChangedMeasure:
    old = measure_text(text, part, index)
    pieces: list[str] = []
    end = 0
    for item in old.located.items:
        if item.tag == "attributes":
            xml = old.xml[item.place.start : item.place.stop]
            pieces += [old.xml[end : item.place.start], with_long_rest(xml, count)]
            end = item.place.stop
    xml = "".join([*pieces, old.xml[end:]])
    return ChangedMeasure(xml, located_again(old.located, xml))
