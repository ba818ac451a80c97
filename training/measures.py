"""Measures for MeasureVAE: sampled from the corpus in the model's key, and varied.

Two variations make new measures that stay musical: a diatonic shift moves every note by some steps of
the scale, and a crossover takes the first beats of one measure and the last beats of another.
"""

from dataclasses import dataclass

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.transposition import HOME_FIFTHS, Transposition
from inpaint_desktop.score.key import KeySignature
from training.corpus import Corpus

TICKS_PER_BEAT = 6
LARGEST_SHIFT = 4


def token_table(fifths: int) -> np.ndarray:
    """From MIDI ticks (0 hold, 1 rest, else a MIDI number) to tokens spelled by the key, (128,)."""
    unmoved = Transposition(0, KeySignature(fifths))
    table = np.full(128, vocabulary.REST, np.int64)
    table[0] = vocabulary.HOLD
    for midi in range(2, 128):
        table[midi] = vocabulary.token_of(unmoved.pitch(midi))
    return table


def home_tokens(corpus: Corpus) -> np.ndarray:
    """All measures of the corpus as tokens in the home key, (measures, 24)."""
    return token_table(HOME_FIFTHS)[home_ticks(corpus)]


def home_ticks(corpus: Corpus) -> np.ndarray:
    """All measures of the corpus as MIDI ticks in the home key."""
    shift = np.repeat(corpus.semitones.astype(np.int16), np.diff(corpus.starts))[:, None]
    ticks = corpus.ticks.astype(np.int16)
    return np.where(ticks > 1, ticks + shift, ticks).astype(np.int8)


def measure_splits(corpus: Corpus) -> np.ndarray:
    """The split of every measure."""
    return np.repeat(corpus.split, np.diff(corpus.starts))


def diatonic_tables(fifths: int) -> np.ndarray:
    """Tables that move MIDI ticks by -4 to 4 steps of the scale; a chromatic note keeps its alteration."""
    scale = sorted(KeySignature(fifths).pitch_classes)
    ladder = [octave * 12 + pitch_class for octave in range(11) for pitch_class in scale]
    tables = np.zeros((2 * LARGEST_SHIFT + 1, 128), np.int8)
    tables[:, 1] = 1
    for row, steps in enumerate(range(-LARGEST_SHIFT, LARGEST_SHIFT + 1)):
        for midi in range(2, 128):
            rung = int(np.searchsorted(ladder, midi, side="right")) - 1
            moved = ladder[min(max(rung + steps, 0), len(ladder) - 1)] + midi - ladder[rung]
            tables[row, midi] = min(max(moved, 2), 127)
    return tables


@dataclass
class MeasureSampler:
    """Draws batches of measures as tokens; ``crossover`` and ``shifted`` are shares of a batch."""

    ticks: np.ndarray
    weights: np.ndarray
    generator: np.random.Generator
    fifths: int = HOME_FIFTHS
    crossover: float = 0.3
    shifted: float = 0.4

    def __post_init__(self) -> None:
        self._tokens = token_table(self.fifths)
        self._shifts = diatonic_tables(self.fifths)
        self._cumulative = np.cumsum(self.weights / self.weights.sum())

    @classmethod
    def of_distinct(cls, ticks: np.ndarray, generator: np.random.Generator, power: float = 0.5) -> "MeasureSampler":
        """Sample distinct measures with probability proportional to their count to the ``power``."""
        distinct, counts = np.unique(ticks, axis=0, return_counts=True)
        return cls(distinct, counts.astype(np.float64) ** power, generator)

    def batch(self, size: int) -> np.ndarray:
        """Draw ``size`` measures as tokens, (size, 24)."""
        ticks = self._draw(size)
        crossed = int(size * self.crossover)
        ticks[:crossed] = self._crossed(ticks[:crossed], self._draw(crossed))
        moved = self.generator.random(size) < self.shifted
        rows = self.generator.integers(len(self._shifts), size=int(moved.sum()))
        ticks[moved] = self._shifts[rows[:, None], ticks[moved]]
        return self._tokens[ticks]

    def _draw(self, size: int) -> np.ndarray:
        return self.ticks[np.searchsorted(self._cumulative, self.generator.random(size)).clip(0, len(self.ticks) - 1)]

    def _crossed(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        beats = first.shape[1] // TICKS_PER_BEAT
        cuts = self.generator.integers(1, beats, size=len(first)) * TICKS_PER_BEAT
        return np.where(np.arange(first.shape[1])[None] < cuts[:, None], first, second)
