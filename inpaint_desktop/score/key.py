"""Key signatures, and which key a melody is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

SHARP_ORDER = "FCGDAEB"
MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)


@dataclass(frozen=True, slots=True)
class KeySignature:
    """Sharps (positive) or flats (negative), and the mode where the file names one."""

    fifths: int
    mode: str = ""

    def alter(self, step: str) -> int:
        """The alteration that the signature gives to ``step``: 1, 0 or -1 in the fifteen usual keys."""
        return (self.fifths - SHARP_ORDER.index(step) + 6) // 7

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The seven pitch classes (0 is C) that need no accidental."""
        return _scale(self.fifths)

    @property
    def major_tonic(self) -> str:
        """The tonic of the major key with this signature, such as ``Bb``."""
        alter, index = divmod(self.fifths + 1, 7)
        return SHARP_ORDER[index] + "#" * alter + "b" * -alter


@lru_cache(maxsize=32)
def _scale(fifths: int) -> frozenset[int]:
    tonic = 7 * fifths % 12
    return frozenset((tonic + step) % 12 for step in MAJOR_SCALE)


def estimate_fifths(weights: Mapping[int, float], signature: int | None = None) -> int:
    """Name the key signature whose scale holds most of a melody.

    Args:
        weights: how much (notes, or ticks) of each pitch class there is.
        signature: the written signature; it stays unless another fits clearly better.

    Returns:
        Sharps (positive) or flats (negative), from -5 to 6.
    """
    total = sum(weights.values()) or 1.0

    def fit(fifths: int) -> float:
        inside = sum(weights.get(pitch_class, 0.0) for pitch_class in KeySignature(fifths).pitch_classes)
        trust = 0.08 if signature is not None and (fifths - signature) % 12 == 0 else 0.0
        return inside / total + trust - 0.001 * abs(fifths)

    return max(range(-5, 7), key=fit)
