"""What may stand at a tick: the one place that decides it.

The rules are a small automaton, so that a decoder only looks up rows: ``allowed[tick, state]`` is a mask
over the vocabulary, ``after[tick, state]`` the state that an onset at the tick leads to. A state says how the
current beat has been divided so far: a beat is divided in quarters (ticks at 0, 1/4, 1/2, 3/4)
or in thirds (0, 1/3, 2/3), never in both, as it could not be written down. A measure never starts
with a hold, and padding never stands inside one.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT, grid_of
from inpaint_desktop.score.meter import Meter


class Division(IntEnum):
    """How the beat has been divided so far."""

    OPEN = 0
    QUARTERS = 1
    THIRDS = 2


_QUARTERS = frozenset({1, 3, 5})
_THIRDS = frozenset({2, 4})


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a musician asks of new measures.

    ``lowest`` and ``highest`` are MIDI numbers, ``pitch_classes`` (0 is C) the ones that may be used; all of them
    as they sound. ``None`` leaves free.
    """

    lowest: int | None = None
    highest: int | None = None
    pitch_classes: frozenset[int] | None = None

    def allows(self, midi: int) -> bool:
        """Whether a note may have this pitch."""
        return (
            (self.lowest is None or midi >= self.lowest)
            and (self.highest is None or midi <= self.highest)
            and (self.pitch_classes is None or midi % 12 in self.pitch_classes)
        )

    @property
    def has_notes(self) -> bool:
        """Whether any note of the MIDI range is left."""
        return any(self.allows(midi) for midi in range(128))


FREE = Constraints()


@dataclass(frozen=True)
class Grammar:
    """``allowed`` (ticks, states, vocabulary) bool and ``after`` (ticks, states) int."""

    allowed: np.ndarray
    after: np.ndarray

    @property
    def has_notes(self) -> bool:
        """Whether a measure may hold any note."""
        return bool(self.allowed[0, Division.OPEN, vocabulary.FIRST_NOTE :].any())


@lru_cache(maxsize=64)
def grammar_of(meter: Meter, constraints: Constraints = FREE, semitones: int = 0) -> Grammar:
    """The rules for one measure; ``semitones`` is how far the model's key lies above the sounding one."""
    ticks, states = len(grid_of(meter)), len(Division)
    allowed = np.zeros((ticks, states, vocabulary.SIZE), bool)
    after = np.zeros((ticks, states), np.int64)
    onsets = _onset_tokens(constraints, semitones)
    for tick in range(ticks):
        place = tick % TICKS_PER_BEAT
        for state in Division:
            current = Division.OPEN if place == 0 else state
            allowed[tick, state, vocabulary.HOLD] = tick > 0
            if meter.is_compound or _fits(place, current):
                allowed[tick, state] |= onsets
            after[tick, state] = _division(place, current)
    return Grammar(allowed, after)


def _onset_tokens(constraints: Constraints, semitones: int) -> np.ndarray:
    allowed = np.zeros(vocabulary.SIZE, bool)
    allowed[vocabulary.REST] = True
    for token in range(vocabulary.FIRST_NOTE, vocabulary.SIZE):
        allowed[token] = constraints.allows(vocabulary.pitch_of(token).midi - semitones)
    return allowed


def _fits(place: int, division: Division) -> bool:
    """Whether an onset at ``place`` in the beat agrees with how the beat is divided."""
    if place in _QUARTERS:
        return division is not Division.THIRDS
    return place not in _THIRDS or division is not Division.QUARTERS


def _division(place: int, division: Division) -> Division:
    if place in _QUARTERS:
        return Division.QUARTERS
    return Division.THIRDS if place in _THIRDS else division
