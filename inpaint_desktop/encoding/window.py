"""The window: what a model sees of a melody around the measures to be filled (paper section 3.1).

A window has at most ``longest`` measures, counted as the model counts them (see ``slots``). It reaches at most one
padding measure beyond either end of the tune; where the meter changes to one with another grid, the tune ends for
the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.encoding.slots import Slot, encode_slot, slots_of
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.vocabulary import END, START
from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.melody import Melody, Span

LONGEST_WINDOW = 16

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens of the slots before, in and after the gap, in the model's key, and the gap's slots."""

    past: tuple[Tokens, ...]
    gap: tuple[Tokens, ...]
    future: tuple[Tokens, ...]
    slots: tuple[Slot, ...]


def gap_slots(melody: Melody, span: Span) -> tuple[Slot, ...]:
    """The slots that hold the measures of ``span``.

    Raises:
        SelectionError: the span is not in the melody.
    """
    melody.check(span)
    return tuple(slot for slot in slots_of(melody) if slot.start < span.stop and slot.stop > span.start)


def window_around(melody: Melody, span: Span, transposition: Transposition, *, longest: int = LONGEST_WINDOW) -> Window:
    """Encode the measures of ``span`` and as much around them as fits, about as much on both sides.

    Raises:
        SelectionError: the span is not in the melody, too long for a window, or its measures have several grids.
    """
    gap = gap_slots(melody, span)
    room = longest - len(gap)
    if room < 2:
        message = f"{len(gap)} measures are too many to fill at once; choose at most {longest - 2}."
        raise SelectionError(message)
    before, after = _around(melody, gap)
    past, future = _shares(len(before) + 1, len(after) + 1, room)

    def rows(slots: Sequence[Slot]) -> tuple[Tokens, ...]:
        return tuple(encode_slot(melody, slot, transposition).tokens for slot in slots)

    ticks = len(grid_of(melody.measures[span.start].meter))
    start = ((START,) * ticks,) if past > len(before) else ()
    end = ((END,) * ticks,) if future > len(after) else ()
    nearest = before[max(len(before) - past, 0) :]
    return Window((*start, *rows(nearest)), rows(gap), (*rows(after[:future]), *end), gap)


def _around(melody: Melody, gap: tuple[Slot, ...]) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """The slots before and after the gap, as far as they have its grid."""
    slots = slots_of(melody)
    grids = [grid_of(melody.measures[slot.start].meter) for slot in slots]
    first, last = slots.index(gap[0]), slots.index(gap[-1])
    if any(grid != grids[first] for grid in grids[first : last + 1]):
        message = "The meter changes within these measures; choose measures in one meter."
        raise SelectionError(message)
    start, stop = first, last + 1
    while start > 0 and grids[start - 1] == grids[first]:
        start -= 1
    while stop < len(slots) and grids[stop] == grids[first]:
        stop += 1
    return slots[start:first], slots[last + 1 : stop]


def _shares(before: int, after: int, room: int) -> tuple[int, int]:
    """Share ``room`` between the measures before and after; what one side does not need, the other gets."""
    past = min(before, room // 2)
    future = min(after, room - past)
    return min(before, room - future), future
