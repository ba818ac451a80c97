"""Which children of a measure give way to new notes of a strand."""

from collections.abc import Sequence
from dataclasses import dataclass

from inpaint_desktop.documents.musicxml.facts import Item, Strand, Ticks
from inpaint_desktop.documents.musicxml.scanning import COMMENT, INSTRUCTION

UNTIMED = frozenset({COMMENT, INSTRUCTION})
MOVES = frozenset({"backup", "forward"})


@dataclass(frozen=True, slots=True)
class Region:
    """The children before, in and after the run in which the new notes go, and the time at which it begins.

    There are notes of other strands neither in the run nor, if it reaches to the end of the measure, behind it.
    """

    before: Sequence[Item]
    run: Sequence[Item]
    behind: Sequence[Item]
    onset: Ticks

    @property
    def has_time_behind(self) -> bool:
        """Whether anything behind the run depends on where the cursor stands."""
        return any(not (item.tag in UNTIMED or item.tag in MOVES or item.is_final) for item in self.behind)


def region_of(items: Sequence[Item], strand: Strand) -> Region:
    """The run in which a strand first stands in a measure, or where it could stand."""
    mine = [index for index, item in enumerate(items) if item.note is not None and strand.holds(item.note)]
    others = [index for index, item in enumerate(items) if item.note is not None and not strand.holds(item.note)]
    if mine:
        start, stop = _start(items, mine[0], others), _stop(items, mine, others)
    elif others:
        start = stop = _before_trailing(items)
    else:
        start, stop = 0, next((index for index, item in enumerate(items) if item.tag == "backup"), len(items))
    before = _without_last_moves(items[:start]) if start else ()
    onset = before[-1].cursor if before else 0
    return Region(before, items[start:stop], items[stop:], onset)


def _start(items: Sequence[Item], first: int, others: Sequence[int]) -> int:
    """From where the cursor last went back, unless another strand stands between."""
    start = first
    while start and items[start - 1].tag != "backup" and start - 1 not in others:
        start -= 1
    return start if not start or items[start - 1].tag == "backup" else first


def _stop(items: Sequence[Item], mine: Sequence[int], others: Sequence[int]) -> int:
    """To where the cursor next goes back, or to the last note before another strand."""
    stops = (index for index in range(mine[0], len(items)) if items[index].tag == "backup" or index in others)
    stop = next(stops, len(items))
    return 1 + max(index for index in mine if index < stop) if stop in others else stop


def _before_trailing(items: Sequence[Item]) -> int:
    """The place before the last barline."""
    stop = len(items)
    while stop and (items[stop - 1].is_final or items[stop - 1].tag in UNTIMED):
        stop -= 1
    return stop


def _without_last_moves(items: Sequence[Item]) -> Sequence[Item]:
    """The children up to a way back, which is gone anew to where the new notes begin."""
    stop = len(items)
    while stop and items[stop - 1].tag in MOVES:
        stop -= 1
    return items[:stop] if items[-1].cursor != 0 else items
