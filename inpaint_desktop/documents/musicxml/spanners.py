"""Slurs and other lines from note to note that cross the edge of what is replaced.

Outside, nothing may change; so a slur that came in from outside ends on the first new note, and
one that went out begins on the last. A line with both ends on replaced notes goes with them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from xml.sax.saxutils import quoteattr

from inpaint_desktop.documents.musicxml.facts import LocatedPart, NoteFacts, Spanner, Strand
from inpaint_desktop.documents.musicxml.markup import Markup


@dataclass(frozen=True, slots=True)
class Join:
    """An end of a line that has to be written into a replaced measure."""

    measure: int
    spanner: Spanner


@dataclass(frozen=True, slots=True)
class Line:
    """A line, the measures in which it starts and stops, and whether on notes of the strand."""

    spanner: Spanner
    start: int
    stop: int
    starts_in_strand: bool = True
    stops_in_strand: bool = True

    def starts_in(self, replaced: Collection[int]) -> bool:
        """Whether its first note is one of those replaced."""
        return self.starts_in_strand and self.start in replaced

    def stops_in(self, replaced: Collection[int]) -> bool:
        """Whether its last note is one of those replaced."""
        return self.stops_in_strand and self.stop in replaced


def lines(part: LocatedPart, strand: Strand) -> Iterator[Line]:
    """The lines of a part that have both their ends, seen from one strand of it."""
    begun: dict[tuple[str, str], list[tuple[int, NoteFacts]]] = {}
    for index, measure in enumerate(part.measures):
        for note in (item.note for item in measure.items if item.note is not None and item.note.spanners):
            # A note may end one slur and begin the next with the same number, in either order.
            for spanner in sorted(note.spanners, key=lambda one: one.end != "stop"):
                open_lines = begun.setdefault((spanner.kind, spanner.number), [])
                if spanner.end == "stop" and open_lines:
                    start, first = open_lines.pop(_partner(open_lines, note))
                    yield Line(spanner, start, index, strand.holds(first), strand.holds(note))
                elif spanner.end == "start":
                    begun[spanner.kind, spanner.number] = [one for one in open_lines if one[1].voice != note.voice] + [
                        (index, note)
                    ]


def _partner(begun: Sequence[tuple[int, NoteFacts]], end: NoteFacts) -> int:
    """The line that a note ends: one of its own voice if there is one, since voices may use the same numbers."""
    own = [place for place, (_, note) in enumerate(begun) if note.voice == end.voice]
    return own[-1] if own else len(begun) - 1


def joins(part: LocatedPart, strand: Strand, replaced: Collection[int]) -> tuple[Join, ...]:
    """The ends that have to be written anew, so that no line outside is left open."""
    found = []
    for line in lines(part, strand):
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
