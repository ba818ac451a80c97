"""The chosen measures on the grid: position after position, slot after slot, and what stands there now.

A position is a tick of the grid, counted from the start of the first slot. Of a slot that is shared with measures that
were not chosen, or that a short measure does not fill, only some positions are asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inpaint_desktop.encoding.grid import Grid, grid_of
from inpaint_desktop.encoding.slots import Slot
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.vocabulary import is_note, pitch_of, token_of
from inpaint_desktop.encoding.window import Window
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace


@dataclass(frozen=True, slots=True)
class Part:
    """A written note, by its place, and the positions from which and up to which it lasts.

    A position is ``None`` where the grid has none: the note begins, or ends, between ticks.
    """

    place: NotePlace
    start: int | None
    stop: int | None

    @property
    def is_on_grid(self) -> bool:
        """Whether the grid has both of its ends."""
        return self.start is not None and self.stop is not None

    @property
    def positions(self) -> tuple[int, int]:
        """From which position up to which it lasts; the grid must have both."""
        assert self.start is not None
        assert self.stop is not None
        return self.start, self.stop


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A note or rest as it is heard: one part, or several that are tied together."""

    pitch: Pitch | None
    parts: tuple[Part, ...]

    @property
    def midi(self) -> int | None:
        """How it sounds."""
        return self.pitch.midi if self.pitch else None

    @property
    def start(self) -> int | None:
        """The position where it begins, if there is one."""
        return self.parts[0].start

    @property
    def is_on_grid(self) -> bool:
        """Whether the grid has the ends of all of its parts."""
        return all(part.is_on_grid for part in self.parts)


@dataclass(frozen=True)
class Gap:
    """Measures of ``span`` as the slots that hold them; ``tokens`` are those that stand in the slots now."""

    melody: Melody
    span: Span
    slots: tuple[Slot, ...]
    tokens: tuple[int, ...]
    transposition: Transposition

    @classmethod
    def of(cls, melody: Melody, span: Span, window: Window, transposition: Transposition) -> "Gap":
        """The gap of a window around the span."""
        return cls(melody, span, window.slots, tuple(token for row in window.gap for token in row), transposition)

    @property
    def meter(self) -> Meter:
        """The meter of its measures; their grids are the same."""
        return self.melody.measures[self.slots[0].start].meter

    @cached_property
    def grid(self) -> Grid:
        """The grid of each slot."""
        return grid_of(self.meter)

    @property
    def ticks(self) -> int:
        """How many positions a slot has."""
        return len(self.grid)

    def __len__(self) -> int:
        return len(self.slots) * self.ticks

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that stand there now."""
        return self.melody.measures[self.span.start : self.span.stop]

    @cached_property
    def ends(self) -> dict[int, tuple[int, int]]:
        """From which position up to which each chosen measure lasts, by its index; one without any time is left out."""
        return {index: ends for slot, index in self._chosen() if (ends := self._ends(slot, index))[0] < ends[1]}

    @cached_property
    def is_asked(self) -> np.ndarray:
        """Which positions lie in chosen measures, (P,)."""
        asked = np.zeros(len(self), bool)
        for start, stop in self.ends.values():
            asked[start:stop] = True
        return asked

    @cached_property
    def heard(self) -> tuple[HeardNote, ...]:
        """What stands there now, as it is heard."""
        return self.heard_in(self.measures)

    def heard_in(self, measures: Sequence[Measure]) -> tuple[HeardNote, ...]:
        """What would be heard if ``measures`` stood there: tied notes as one, each with where it lies."""
        heard: list[HeardNote] = []
        is_tied = False
        for slot, index in self._chosen():
            for number, note in enumerate(measures[index - self.span.start].notes):
                part = Part(NotePlace(index, number), *self._positions(slot, index, note.onset, note.end))
                if is_tied and heard[-1].midi == (note.pitch and note.pitch.midi):
                    heard[-1] = HeardNote(note.pitch, (*heard[-1].parts, part))
                else:
                    heard.append(HeardNote(note.pitch, (part,)))
                is_tied = note.ties_on and not note.is_rest
        return tuple(heard)

    def token_of(self, pitch: Pitch) -> int | None:
        """The model's token of a pitch as it sounds; ``None`` where its vocabulary does not reach."""
        token = token_of(self.transposition.pitch(pitch.midi))
        return token if pitch_of(token).midi == self.moved(pitch.midi) else None

    def moved(self, midi: int) -> int:
        """A sounding MIDI number in the model's key."""
        return midi + self.transposition.semitones

    def sounding(self, token: int) -> int | None:
        """The sounding MIDI number of a token; ``None`` if it is no note."""
        return pitch_of(token).midi - self.transposition.semitones if is_note(token) else None

    def name_of(self, index: int) -> str:
        """A measure's name in the middle of a sentence."""
        number = self.melody.measures[index].number
        return f"measure {number}" if number else "a chosen measure"

    def measure_at(self, position: int) -> int:
        """The chosen measure that a position lies in, or else the nearest one in its slot."""
        slot = self.slots[position // self.ticks]
        chosen = [index for index in slot.indices if index in self.span.indices]
        return next((index for index in chosen if position < self.ends.get(index, (0, 0))[1]), chosen[-1])

    def _chosen(self) -> Iterator[tuple[int, int]]:
        """The index of the slot and the index of every chosen measure."""
        for number, slot in enumerate(self.slots):
            for index in slot.indices:
                if index in self.span.indices:
                    yield number, index

    def _ends(self, number: int, index: int) -> tuple[int, int]:
        first = self.slots[number].onset_of(self.melody, index)
        last = first + self.melody.measures[index].duration
        return self._starting(number, first), self._stopping(number, last)

    def _positions(self, number: int, index: int, onset: int, end: int) -> tuple[int | None, int | None]:
        """Where a note of a measure begins and ends, as far as the grid has it."""
        first, duration = self.slots[number].onset_of(self.melody, index), self.melody.measures[index].duration
        start, stop = self._exact(number, first + onset), self._exact(number, first + end)
        return (
            start if onset else self._starting(number, first),
            stop if end < duration else self._stopping(number, first + duration),
        )

    def _starting(self, number: int, onset: int) -> int:
        """The position in which a measure begins."""
        return number * self.ticks + max(bisect_right(self.grid.onsets, onset) - 1, 0)

    def _stopping(self, number: int, end: int) -> int:
        """The position before which a measure ends."""
        return number * self.ticks + bisect_left(self.grid.onsets, end)

    def _exact(self, number: int, onset: int) -> int | None:
        """The position at a tick of the full measure, if there is one."""
        tick = bisect_left(self.grid.onsets, onset)
        exists = tick < self.ticks and self.grid.onsets[tick] == onset
        return number * self.ticks + tick if exists else None
