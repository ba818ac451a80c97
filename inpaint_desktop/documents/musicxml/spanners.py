"""Slurs and other lines from note to note that cross the edge of what is replaced.

Outside, nothing may change; so a slur that came in from outside ends on the first new note, and
one that went out begins on the last. A line with both ends on replaced notes goes with them.
"""

from collections.abc import Iterator
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
    """A line, and the measures in which it starts and stops."""

    spanner: Spanner
    start: int
    stop: int


def lines(part: LocatedPart) -> Iterator[Line]:
    """The lines of a part that have both their ends."""
    begun: dict[tuple[str, str], int] = {}
    for index, measure in enumerate(part.measures):
        for note in measure.notes:
            # A note may end one slur and begin the next with the same number, in either order.
            for spanner in sorted(note.spanners, key=lambda one: one.end != "stop"):
                name = spanner.kind, spanner.number
                if spanner.end == "stop" and name in begun:
                    yield Line(spanner, begun.pop(name), index)
                elif spanner.end == "start":
                    begun[name] = index


def joins(part: LocatedPart, replaced: set[int]) -> tuple[Join, ...]:
    """The ends that have to be written anew, so that no line outside is left open."""
    found = []
    for line in lines(part):
        if line.start not in replaced and line.stop in replaced:
            found.append(Join(_run_edge(line.stop, replaced, -1), replace(line.spanner, end="stop")))
        if line.start in replaced and line.stop not in replaced:
            found.append(Join(_run_edge(line.start, replaced, 1), replace(line.spanner, end="start")))
    return tuple(found)


def _run_edge(index: int, replaced: set[int], step: int) -> int:
    """The first or last of the replaced measures that follow each other around ``index``."""
    while index + step in replaced:
        index += step
    return index


def spanner_markup(spanner: Spanner) -> Markup:
    """The element for one end of a line."""
    mark: Markup = (f'{spanner.kind} type="{spanner.end}" number={quoteattr(spanner.number)}', "")
    return ("ornaments", [mark]) if spanner.kind == "wavy-line" else mark
