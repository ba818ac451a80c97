"""The window: what a model sees of a melody around the measures to be filled (paper section 3.1).

A window has at most ``longest`` measures. It reaches at most one padding measure beyond either end of
the tune, and it ends where the meter changes to one with another grid.
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
        SelectionError: the span is not in the melody, or too long for a window.
    """
    melody.check(span)
    room = longest - len(span)
    if room < 2:
        message = f"{len(span)} measures are too many to fill at once; choose at most {longest - 2}."
        raise SelectionError(message)
    before, after = _reach(melody, span)
    past = min(before, room // 2)
    future = min(after, room - past)
    past = min(before, room - future)
    first, last = span.start - past, span.stop + future
    everything = tuple(_tokens(melody, index, transposition) for index in range(first, last))
    return Window(everything[:past], everything[past : past + len(span)], everything[past + len(span) :])


def _reach(melody: Melody, span: Span) -> tuple[int, int]:
    """How many measures of context, with one of padding, there are before and after the span."""
    ticks = len(grid_of(melody.measures[span.start].meter))

    def fits(index: int) -> bool:
        inside = 0 <= index < len(melody.measures)
        return inside and len(grid_of(melody.measures[index].meter)) == ticks

    before = after = 0
    while fits(span.start - before - 1):
        before += 1
    while fits(span.stop + after):
        after += 1
    return before + 1, after + 1


def _tokens(melody: Melody, index: int, transposition: Transposition) -> Tokens:
    """The tokens of a measure, or padding where the tune (or its meter) has ended."""
    inside = 0 <= index < len(melody.measures)
    width = len(grid_of(melody.measures[min(max(index, 0), len(melody.measures) - 1)].meter))
    if not inside:
        return (START if index < 0 else END,) * width
    measure = melody.measures[index]
    return encode(transposition.apply(measure), starts_late=starts_late(melody, index)).tokens


def starts_late(melody: Melody, index: int) -> bool:
    """Whether a short measure is a pickup: the first of the tune, or one that follows a short measure."""
    measure = melody.measures[index]
    if measure.duration >= measure.meter.ticks:
        return False
    return index == 0 or _is_short(melody.measures[index - 1])


def _is_short(measure: Measure) -> bool:
    return measure.duration < measure.meter.ticks
