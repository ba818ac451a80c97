"""What the notes so far mean for the next one: a small automaton over pitches.

Each state but the first stands for the note that was heard last, so it has a pitch. The states that may come next are
always neighbours, from ``first`` up to ``stop``; so what any of them leads to is found without trying them all.

Shapes: S states, V vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grammar.constraints import HIGHEST_MIDI_NUMBER, Constraints
from inpaint_desktop.encoding.grammar.gap import Gap
from inpaint_desktop.encoding.grammar.sheet import MIDI_OF_TOKEN, Sheet, kept_pitches
from inpaint_desktop.encoding.vocabulary import FIRST_NOTE
from inpaint_desktop.score.melody import Measure

START = 0
ANY = -1
"""The pitch of a state that any note leads to."""


@dataclass(frozen=True)
class Line:
    """States by the ``midi`` numbers (in the model's key) that lead to them, and which come next; all (S,).

    ``accepts`` are the states in which the gap may end.
    """

    midi: np.ndarray
    first: np.ndarray
    stop: np.ndarray
    accepts: np.ndarray

    def __len__(self) -> int:
        return len(self.midi)

    @cached_property
    def after(self) -> np.ndarray:
        """The state that a token leads to, (S, V); -1 where it must not come. What is no note leaves the state."""
        states = np.arange(len(self))
        after = np.full((len(self), vocabulary.SIZE), -1)
        after[:, :FIRST_NOTE] = states[:, None]
        for state in states:
            for following in range(self.first[state], self.stop[state]):
                after[state, FIRST_NOTE:][self.is_led_to(following)] = following
        return after

    def is_led_to(self, state: int) -> np.ndarray:
        """Which notes of the vocabulary lead to a state, (V - 4,)."""
        led: np.ndarray = (MIDI_OF_TOKEN[FIRST_NOTE:] == self.midi[state]) | (self.midi[state] == ANY)
        return led


def line_of(gap: Gap, constraints: Constraints, sheet: Sheet) -> Line:
    """The line that the constraints ask for; one state that says nothing where they ask for none."""
    if constraints.keep_pitches:
        return _same_pitches([gap.moved(heard.pitch.midi) for heard in kept_pitches(gap) if heard.pitch])
    named = (constraints.first_note, constraints.last_note, constraints.longest_leap)
    if all(value is None for value in named) and not sheet.goes_on.any():
        return _anything()
    return _by_pitch(gap, constraints, sheet.pitches)


def note_before(gap: Gap) -> int | None:
    """How the note right before the gap sounds; ``None`` if that measure has none."""
    index = gap.span.start - 1
    return _last_midi(gap.melody.measures[index]) if index >= 0 else None


def note_after(gap: Gap) -> int | None:
    """How the note right after the gap sounds; ``None`` if that measure has none."""
    following = gap.melody.measures[gap.span.stop : gap.span.stop + 1]
    return next((note.pitch.midi for measure in following for note in measure.notes if note.pitch), None)


def _last_midi(measure: Measure) -> int | None:
    return next((note.pitch.midi for note in reversed(measure.notes) if note.pitch), None)


def _anything() -> Line:
    return Line(np.array([ANY]), np.array([0]), np.array([1]), np.array([True]))


def _same_pitches(midi: Sequence[int]) -> Line:
    """Each note has one that must follow it."""
    count = len(midi)
    first = np.arange(1, count + 2)
    return Line(np.array([ANY, *midi]), first, np.minimum(first + 1, count + 1), np.arange(count + 1) == count)


def _by_pitch(gap: Gap, constraints: Constraints, pitches: np.ndarray) -> Line:
    """A state for each pitch; those within the longest leap may follow."""
    leap = HIGHEST_MIDI_NUMBER if constraints.longest_leap is None else constraints.longest_leap
    before, after = (midi if midi is None else gap.moved(midi) for midi in (note_before(gap), note_after(gap)))
    midi = np.array([ANY, *pitches])
    first = 1 + np.searchsorted(pitches, midi - leap)
    stop = 1 + np.searchsorted(pitches, midi + leap, "right")
    first[START], stop[START] = _beginning(gap, constraints, pitches, before)
    accepts = np.ones(len(midi), bool) if after is None else np.abs(midi - after) <= leap
    accepts[START] = before is None or after is None or abs(before - after) <= leap
    if constraints.first_note is not None:
        accepts[START] = False
    if constraints.last_note is not None:
        accepts &= midi == gap.moved(constraints.last_note)
    return Line(midi, first, stop, accepts)


def _beginning(gap: Gap, constraints: Constraints, pitches: np.ndarray, before: int | None) -> tuple[int, int]:
    """The states that the first note may lead to, from one up to another."""
    if not len(pitches):
        return 1, 1
    lowest, highest = int(pitches[0]), int(pitches[-1])
    if before is not None and constraints.longest_leap is not None:
        lowest, highest = (
            max(lowest, before - constraints.longest_leap),
            min(highest, before + constraints.longest_leap),
        )
    if constraints.first_note is not None:
        moved = gap.moved(constraints.first_note)
        lowest, highest = (moved, moved) if lowest <= moved <= highest else (1, 0)
    first, stop = np.searchsorted(pitches, lowest), np.searchsorted(pitches, highest, "right")
    return 1 + int(first), 1 + max(int(stop), int(first))
