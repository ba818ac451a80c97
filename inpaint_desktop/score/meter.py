"""Meters and the unit of time.

Times are integer ticks. A quarter note lasts ``TICKS_PER_QUARTER`` of them, which divides
evenly into 128th notes, triplets of triplets, quintuplets and septuplets.
"""

from dataclasses import dataclass

TICKS_PER_QUARTER = 10080


@dataclass(frozen=True, slots=True)
class Meter:
    """A time signature: ``Meter(6, 8)`` is six eighths to the measure."""

    beats: int
    beat_type: int

    @property
    def ticks(self) -> int:
        """How long a full measure lasts, in ticks."""
        return self.beats * TICKS_PER_QUARTER * 4 // self.beat_type

    @property
    def is_compound(self) -> bool:
        """Whether three of the written beats make one felt beat (6/8, 9/8, 12/8)."""
        return self.beat_type >= 8 and self.beats % 3 == 0

    @property
    def beat_ticks(self) -> int:
        """How long a felt beat lasts: a dotted quarter in 6/8, a half in 2/2."""
        return TICKS_PER_QUARTER * 4 // self.beat_type * (3 if self.is_compound else 1)

    def __str__(self) -> str:
        return f"{self.beats}/{self.beat_type}"
