"""What is counted on the way through a gap: the notes that begin in a slot, and the notes that were kept.

Shapes: P positions, N slots.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inpaint_desktop.encoding.grammar.constraints import Constraints
from inpaint_desktop.encoding.grammar.gap import Gap
from inpaint_desktop.score.melody import Measure

NONE = -1


@dataclass(frozen=True, slots=True)
class Onsets:
    """How many notes begin in each slot: at least ``fewest`` and at most ``most``, both (N,).

    It is counted up to ``cap``. Where nothing sets a limit above (``is_open``), the cap stands for itself and more.
    """

    fewest: np.ndarray
    most: np.ndarray
    cap: int
    is_open: bool

    @property
    def is_limited(self) -> bool:
        """Whether there is any limit."""
        return self.cap > 0 or not self.is_open

    def may_end(self, slot: int) -> np.ndarray:
        """With which counts a slot may end, (cap + 1,)."""
        counts = np.arange(self.cap + 1)
        ends: np.ndarray = (counts >= self.fewest[slot]) & (counts <= self.most[slot])
        return ends

    def after(self, counts: np.ndarray) -> np.ndarray:
        """What counts become when a note begins; a count above the cap must not be."""
        return np.minimum(counts + 1, self.cap) if self.is_open else counts + 1


def onsets_of(gap: Gap, constraints: Constraints) -> Onsets:
    """How many notes the constraints ask for in each slot, by its share that was chosen."""
    fewest, most = constraints.fewest_onsets or 0, constraints.most_onsets
    shares = [_share(gap, slot) for slot in range(len(gap.slots))]
    least = np.array([duration * fewest // whole for duration, whole in shares])
    if most is None:
        return Onsets(least, np.full(len(shares), max(least)), int(max(least)), is_open=True)
    ceiling = np.array([-(-duration * most // whole) for duration, whole in shares])
    return Onsets(least, ceiling, int(max(ceiling)), is_open=False)


def _share(gap: Gap, slot: int) -> tuple[int, int]:
    """How much of a slot was chosen, and how long it is, in ticks of the score."""
    chosen = [index for index in gap.slots[slot].indices if index in gap.span.indices]
    return sum(gap.melody.measures[index].duration for index in chosen), gap.grid.duration


@dataclass(frozen=True, slots=True)
class Kept:
    """Notes that may come again at their places: ``midi`` (P,) in the model's key, ``NONE`` where there is none.

    ``total`` is how many notes there were, with those that lie between ticks and cannot come again.
    """

    midi: np.ndarray
    total: int

    @property
    def is_counted(self) -> bool:
        """Whether anything is counted at all."""
        return self.total > 0


def kept_of(gap: Gap, measures: Sequence[Measure]) -> Kept:
    """What would be kept of ``measures`` that stand, or might stand, in the gap."""
    notes = [heard for heard in gap.heard_in(measures) if heard.midi is not None]
    midi = np.full(len(gap), NONE)
    for heard in notes:
        if heard.start is not None and heard.midi is not None:
            midi[heard.start] = gap.moved(heard.midi)
    return Kept(midi, len(notes))


def nothing_kept(gap: Gap) -> Kept:
    """No count of notes that are kept."""
    return Kept(np.full(len(gap), NONE), 0)
