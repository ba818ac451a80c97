"""Slurs and other lines from note to note that cross the edge of what is replaced.

Outside, nothing may change; so a slur that came in from outside ends on the first new note, and
one that went out begins on the last. A line with both ends on replaced notes goes with them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import quoteattr

from inpaint_desktop.documents.musicxml.facts import LocatedPart, Spanner
from inpaint_desktop.documents.musicxml.markup import Markup


@dataclass(frozen=True, slots=True)
class Join:
    """An end of a line that has to be written into a replaced measure."""

    measure: int
    spanner: Spanner


@dataclass(frozen=True, slots=True)
class Line:
    """A line, the measures in which it starts and stops, and whether on notes that can be replaced."""

    spanner: Spanner
    start: int
    stop: int
    starts_in_front: bool = True
    stops_in_front: bool = True

    def starts_in(self, replaced: Collection[int]) -> bool:
        """Whether its first note is one of those replaced."""
        return self.starts_in_front and self.start in replaced

    def stops_in(self, replaced: Collection[int]) -> bool:
        """Whether its last note is one of those replaced."""
        return self.stops_in_front and self.stop in replaced


def lines(part: LocatedPart) -> Iterator[Line]:
    """The lines of a part that have both their ends."""
    begun: dict[tuple[str, str], tuple[int, bool]] = {}
    for index, measure in enumerate(part.measures):
        front = len(measure.front_notes)
        for place, note in enumerate(measure.notes):
            # A note may end one slur and begin the next with the same number, in either order.
            for spanner in sorted(note.spanners, key=lambda one: one.end != "stop"):
                name = spanner.kind, spanner.number
                if spanner.end == "stop" and name in begun:
                    start, starts_in_front = begun.pop(name)
                    yield Line(spanner, start, index, starts_in_front, place < front)
                elif spanner.end == "start":
                    begun[name] = index, place < front


def joins(part: LocatedPart, replaced: Collection[int]) -> tuple[Join, ...]:
    """The ends that have to be written anew, so that no line outside is left open."""
    found = []
    for line in lines(part):
        if line.stops_in(replaced) and not line.starts_in(replaced):
            found.append(Join(_run_edge(line.stop, replaced, -1), replace(line.spanner, end="stop")))
        if line.starts_in(replaced) and not line.stops_in(replaced):
            found.append(Join(_run_edge(line.start, replaced, 1), replace(line.spanner, end="start")))
    return tuple(found)


def _run_edge(index: int, replaced: Collection[int], step: int) -> int:
    """The first or last of the replaced measures that follow each other around ``index``."""
    while index + step in replaced:
        index += step
    return index


def spanner_markup(spanner: Spanner) -> Markup:
    """The element for one end of a line."""
    mark: Markup = (f'{spanner.kind} type="{spanner.end}" number={quoteattr(spanner.number)}', "")
    return ("ornaments", [mark]) if spanner.kind == "wavy-line" else mark
