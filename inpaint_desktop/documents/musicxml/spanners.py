"""Slurs and other lines from note to note that cross the edge of what is replaced.

Outside, nothing may change; so a slur that came in from outside ends on the first new note, and
one that went out begins on the last. A line with both ends on replaced notes stays if the notes under it do, or if
their measures keep their rhythm, and goes with them otherwise.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from inpaint_desktop.documents.musicxml.facts import Item, LocatedPart, NoteFacts, Spanner, Strand, Ticks
from inpaint_desktop.documents.musicxml.markup import Markup
from inpaint_desktop.documents.staying import Exchange


@dataclass(frozen=True, slots=True)
class Join:
    """An end of a line that has to be written into a replaced measure: on the note at ``onset``, or an outer one."""

    measure: int
    spanner: Spanner
    onset: Ticks | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line, the measures in which it starts and stops and when, and whether on notes of the strand.

    ``is_on_grace`` says whether an end of it is on a grace note.
    """

    spanner: Spanner
    start: int
    stop: int
    starts_in_strand: bool
    stops_in_strand: bool
    start_onset: Ticks
    stop_onset: Ticks
    is_on_grace: bool

    def starts_in(self, replaced: Collection[int]) -> bool:
        """Whether its first note is one of those replaced."""
        return self.starts_in_strand and self.start in replaced

    def stops_in(self, replaced: Collection[int]) -> bool:
        """Whether its last note is one of those replaced."""
        return self.stops_in_strand and self.stop in replaced

    def stays(self, exchanges: Mapping[int, Exchange]) -> bool:
        """Whether a line with both ends on replaced notes stays: its notes do, or the rhythm of its measures."""
        touched = {index: exchanges[index] for index in range(self.start, self.stop + 1) if index in exchanges}
        return not self.is_on_grace and all(
            exchange.keeps_line(
                self.start_onset if index == self.start else 0, self.stop_onset + 1 if index == self.stop else None
            )
            for index, exchange in touched.items()
        )


def lines(part: LocatedPart, strand: Strand) -> Iterator[Line]:
    """The lines of a part that have both their ends, seen from one strand of it."""
    begun: dict[tuple[str, str], list[_End]] = {}
    for index, measure in enumerate(part.measures):
        for item, note in ((item, item.note) for item in measure.items if item.note and item.note.spanners):
            # A note may end one slur and begin the next with the same number, in either order.
            for spanner in sorted(note.spanners, key=lambda one: one.end != "stop"):
                open_lines = begun.setdefault((spanner.kind, spanner.number), [])
                if spanner.end == "stop" and open_lines:
                    first = open_lines.pop(_partner(open_lines, note))
                    yield _line(spanner, strand, first, _End(index, item, note))
                elif spanner.end == "start":
                    others = [one for one in open_lines if one.note.voice != note.voice]
                    begun[spanner.kind, spanner.number] = [*others, _End(index, item, note)]


class _End(NamedTuple):
    """A note on which a line begins or ends, and its measure."""

    measure: int
    item: Item
    note: NoteFacts


def _line(spanner: Spanner, strand: Strand, start: _End, stop: _End) -> Line:
    return Line(
        spanner,
        start.measure,
        stop.measure,
        strand.holds(start.note),
        strand.holds(stop.note),
        start.item.onset,
        stop.item.onset,
        start.note.is_grace or stop.note.is_grace,
    )


def _partner(begun: Sequence[_End], end: NoteFacts) -> int:
    """The line that a note ends: one of its own voice if there is one, since voices may use the same numbers."""
    own = [place for place, one in enumerate(begun) if one.note.voice == end.voice]
    return own[-1] if own else len(begun) - 1


def joins(part: LocatedPart, strand: Strand, exchanges: Mapping[int, Exchange]) -> Iterator[Join]:
    """The ends that have to be written anew, so that no line outside is left open, and those of lines that stay.

    ``exchanges`` are the notes of the replaced measures, by their index.
    """
    for line in lines(part, strand):
        start, stop = replace(line.spanner, end="start"), replace(line.spanner, end="stop")
        if line.stops_in(exchanges) and not line.starts_in(exchanges):
            yield Join(_run_edge(line.stop, exchanges, -1), stop)
        elif line.starts_in(exchanges) and not line.stops_in(exchanges):
            yield Join(_run_edge(line.start, exchanges, 1), start)
        elif line.starts_in(exchanges) and line.stays(exchanges):
            yield Join(line.start, start, line.start_onset)
            yield Join(line.stop, stop, line.stop_onset)


def _run_edge(index: int, replaced: Collection[int], step: int) -> int:
    """The first or last of the replaced measures that follow each other around ``index``."""
    while index + step in replaced:
        index += step
    return index


def spanner_markup(spanner: Spanner) -> Markup:
    """The element for one end of a line."""
    mark: Markup = (f'{spanner.kind} type="{spanner.end}" number={quoteattr(spanner.number)}', "")
    return ("ornaments", [mark]) if spanner.kind == "wavy-line" else mark
