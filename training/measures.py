"""Measures of the corpus as tokens, in the key in which a model reads them, and measures for MeasureVAE.

Two variations make new measures that stay musical: a diatonic shift moves every note by some steps of
the scale, and a crossover takes the first beats of one measure and the last beats of another.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT
from inpaint_desktop.encoding.transposition import HOME_FIFTHS, Transposition
from inpaint_desktop.score.key import KeySignature, estimate_fifths
from training.corpus import Corpus

LARGEST_SHIFT = 4


def token_table(fifths: int) -> np.ndarray:
    """From MIDI ticks (0 hold, 1 rest, else a MIDI number) to tokens spelled by the key, (128,)."""
    unmoved = Transposition(0, KeySignature(fifths))
    table = np.full(128, vocabulary.REST, np.int64)
    table[0] = vocabulary.HOLD
    for midi in range(2, 128):
        table[midi] = vocabulary.token_of(unmoved.pitch(midi))
    return table


WRITTEN_FIFTHS = range(-7, 8)
_UNKNOWN_FIFTHS = 127


def written_fifths(corpus: Corpus) -> np.ndarray:
    """The key signature of every tune; estimated where the corpus knows none."""
    fifths = corpus.fifths.astype(np.int64)
    for tune in np.flatnonzero(fifths == _UNKNOWN_FIFTHS):
        ticks = corpus.ticks[corpus.rows(int(tune))]
        fifths[tune] = estimate_fifths(Counter((ticks[ticks > 1] % 12).tolist()))
    return fifths


def written_tables() -> np.ndarray:
    """The token tables of all written key signatures, (15, 128); see ``token_table``."""
    return np.stack([token_table(fifths) for fifths in WRITTEN_FIFTHS])


def written_tokens(corpus: Corpus) -> np.ndarray:
    """All measures of the corpus as tokens in the written key, (measures, 24)."""
    rows = np.repeat(written_fifths(corpus) - WRITTEN_FIFTHS[0], np.diff(corpus.starts))
    tokens: np.ndarray = written_tables()[rows[:, None], corpus.ticks]
    return tokens


def tokens_in(key: Literal["written", "home"], corpus: Corpus) -> np.ndarray:
    """All measures of the corpus as tokens, (measures, 24), in the key in which a model reads them."""
    return home_tokens(corpus) if key == "home" else written_tokens(corpus)


def home_tokens(corpus: Corpus) -> np.ndarray:
    """All measures of the corpus as tokens in the home key, (measures, 24)."""
    tokens: np.ndarray = token_table(HOME_FIFTHS)[home_ticks(corpus)]
    return tokens


def home_ticks(corpus: Corpus) -> np.ndarray:
    """All measures of the corpus as MIDI ticks in the home key."""
    shift = np.repeat(corpus.semitones.astype(np.int16), np.diff(corpus.starts))[:, None]
    ticks = corpus.ticks.astype(np.int16)
    return np.where(ticks > 1, ticks + shift, ticks).astype(np.int8)


def measure_splits(corpus: Corpus) -> np.ndarray:
    """The split of every measure."""
    return np.repeat(corpus.split, np.diff(corpus.starts))


def rows_in(rows: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which rows are among the ``known`` ones, (rows,)."""
    keys = {row.tobytes() for row in known.astype(np.uint8)}
    return np.array([row.tobytes() in keys for row in rows.astype(np.uint8)], bool)


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
    """Draws batches of measures as tokens; ``crossover``, ``shifted`` and ``padding`` are shares of a batch."""

    ticks: np.ndarray
    weights: np.ndarray
    generator: np.random.Generator
    fifths: int = HOME_FIFTHS
    crossover: float = 0.3
    shifted: float = 0.4
    padding: float = 0.0

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
        tokens: np.ndarray = self._tokens[ticks]
        padded = int(size * self.padding)
        tokens[size - padded :] = self.generator.choice((vocabulary.START, vocabulary.END), size=(padded, 1))
        return tokens

    def _draw(self, size: int) -> np.ndarray:
        places = np.searchsorted(self._cumulative, self.generator.random(size)).clip(0, len(self.ticks) - 1)
        ticks: np.ndarray = self.ticks[places]
        return ticks

    def _crossed(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        beats = first.shape[1] // TICKS_PER_BEAT
        cuts = self.generator.integers(1, beats, size=len(first)) * TICKS_PER_BEAT
        return np.where(np.arange(first.shape[1])[None] < cuts[:, None], first, second)
