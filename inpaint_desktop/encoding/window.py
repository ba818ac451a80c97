"""The window: what a model sees of a melody around the measures to be filled (paper section 3.1).

A window has at most ``longest`` measures. It reaches at most one padding measure beyond either end of
the tune; where the meter changes to one with another grid, the tune ends for the window.
"""

from dataclasses import dataclass

from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.encoding.tokens import encode
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.vocabulary import END, START
from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.melody import Measure, Melody, Span

LONGEST_WINDOW = 16

Tokens = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens of the measures before, in and after the gap, in the model's key."""

    past: tuple[Tokens, ...]
    gap: tuple[Tokens, ...]
    future: tuple[Tokens, ...]


def window_around(melody: Melody, span: Span, transposition: Transposition, *, longest: int = LONGEST_WINDOW) -> Window:
    """Encode the measures of ``span`` and as much around them as fits, about as much on both sides.

    Raises:
        SelectionError: the span is not in the melody, too long for a window, or its measures have several grids.
    """
    melody.check(span)
    room = longest - len(span)
    if room < 2:
        message = f"{len(span)} measures are too many to fill at once; choose at most {longest - 2}."
        raise SelectionError(message)
    reach = _reach(melody, span)
    past, future = _shares(span.start - reach.start + 1, reach.stop - span.stop + 1, room)
    places = range(span.start - past, span.stop + future)
    rows = tuple(_tokens(melody, index, reach, transposition) for index in places)
    return Window(rows[:past], rows[past : past + len(span)], rows[past + len(span) :])


def _reach(melody: Melody, span: Span) -> Span:
    """The measures around and in the span that have its grid."""
    grids = [grid_of(measure.meter) for measure in melody.measures]
    grid = grids[span.start]
    if any(other != grid for other in grids[span.start : span.stop]):
        message = "The meter changes within these measures; choose measures in one meter."
        raise SelectionError(message)
    start, stop = span.start, span.stop
    while start > 0 and grids[start - 1] == grid:
        start -= 1
    while stop < len(grids) and grids[stop] == grid:
        stop += 1
    return Span(start, stop)


def _shares(before: int, after: int, room: int) -> tuple[int, int]:
    """Share ``room`` between the measures before and after; what one side does not need, the other gets."""
    past = min(before, room // 2)
    future = min(after, room - past)
    return min(before, room - future), future


def _tokens(melody: Melody, index: int, reach: Span, transposition: Transposition) -> Tokens:
    """The tokens of a measure, or of a padding measure where the window's tune has ended."""
    if index not in reach.indices:
        ticks = len(grid_of(melody.measures[reach.start].meter))
        return (START if index < reach.start else END,) * ticks
    measure = melody.measures[index]
    return encode(transposition.apply(measure), starts_late=starts_late(melody, index)).tokens


def starts_late(melody: Melody, index: int) -> bool:
    """Whether a short measure is a pickup: the first of the tune, or one that follows a short measure."""
    if not _is_short(melody.measures[index]):
        return False
    return index == 0 or _is_short(melody.measures[index - 1])


def _is_short(measure: Measure) -> bool:
    return measure.duration < measure.meter.ticks
