"""What holds in any measure, whatever stands around it: its rhythm can be written, its notes may be used.

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
from inpaint_desktop.encoding.grammar.constraints import Constraints
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT, grid_of
from inpaint_desktop.score.meter import Meter


class Division(IntEnum):
    """How the beat has been divided so far."""

    OPEN = 0
    QUARTERS = 1
    THIRDS = 2


QUARTERS = frozenset({1, 3, 5})
THIRDS = frozenset({2, 4})


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
    if place in QUARTERS:
        return division is not Division.THIRDS
    return place not in THIRDS or division is not Division.QUARTERS


def _division(place: int, division: Division) -> Division:
    if place in QUARTERS:
        return Division.QUARTERS
    return Division.THIRDS if place in THIRDS else division
