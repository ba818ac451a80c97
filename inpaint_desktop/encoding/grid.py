"""The uneven grid: six ticks to the beat (paper section 3.5, figure 5).

A simple beat is a quarter note with ticks at 0, 1/4, 1/3, 1/2, 2/3 and 3/4 of it, so that
sixteenths and triplets share six ticks. The beat of a compound meter is a dotted quarter,
whose six ticks are its six sixteenths.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

TICKS_PER_BEAT = 6

_SIMPLE_BEAT = tuple(TICKS_PER_QUARTER * share // 12 for share in (0, 3, 4, 6, 8, 9))
_COMPOUND_BEAT = tuple(TICKS_PER_QUARTER * sixteenth // 4 for sixteenth in range(6))


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the grid ticks of a full measure lie, in score ticks; ``duration`` is the measure's."""

    onsets: tuple[int, ...]
    duration: int

    def __len__(self) -> int:
        return len(self.onsets)

    def nearest(self, onset: int) -> int:
        """The index of the grid tick that lies nearest to ``onset``; the earlier one of two."""
        after = min(bisect_right(self.onsets, onset), len(self.onsets) - 1)
        before = max(after - 1, 0)
        return after if self.onsets[after] - onset < onset - self.onsets[before] else before

    def holds(self, onset: int) -> bool:
        """Whether ``onset`` falls exactly on a grid tick."""
        return self.onsets[self.nearest(onset)] == onset

    def end_of(self, index: int) -> int:
        """The score tick at which grid tick ``index`` ends."""
        return self.onsets[index + 1] if index + 1 < len(self.onsets) else self.duration


@lru_cache(maxsize=64)
def grid_of(meter: Meter) -> Grid:
    """Lay the grid for a full measure of ``meter``; a last part of a beat gets the ticks that fit."""
    beat = TICKS_PER_QUARTER * 3 // 2 if meter.is_compound else TICKS_PER_QUARTER
    offsets = _COMPOUND_BEAT if meter.is_compound else _SIMPLE_BEAT
    starts = range(0, meter.ticks, beat)
    onsets = tuple(start + offset for start in starts for offset in offsets if start + offset < meter.ticks)
    return Grid(onsets, meter.ticks)
