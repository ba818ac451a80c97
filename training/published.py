"""The windows of the published code: sixteen measures side by side, in every transposition that is in range.

The first window of a tune is one measure of START and fifteen of music; the others follow without overlap, and
the last is filled up with END. A transposed tune is spelled in its transposed key.

Shapes: W windows, S drawn windows, M measures of a window, T ticks.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from inpaint_desktop.encoding.vocabulary import END, START
from training.corpus import Corpus
from training.measures import WRITTEN_FIFTHS, written_fifths, written_tables

LOWEST_MIDI = 55
HIGHEST_MIDI = 84


@dataclass
class PublishedWindows:
    """Draws windows as tokens; every pair of a window and a transposition of its tune is equally likely.

    ``tunes`` and ``starts`` (W,) say which window it is; ``lowest`` and ``shifts`` (tunes,) which transpositions
    a tune has: ``shifts`` many from ``lowest`` semitones up.
    """

    corpus: Corpus
    tunes: np.ndarray
    starts: np.ndarray
    lowest: np.ndarray
    shifts: np.ndarray
    generator: np.random.Generator
    measures: int = 16

    def __post_init__(self) -> None:
        self._tables = written_tables()
        self._fifths = written_fifths(self.corpus)
        self._cumulative = np.cumsum(self.shifts[self.tunes])

    @classmethod
    def of(cls, corpus: Corpus, split: str, generator: np.random.Generator, measures: int = 16) -> Self:
        """Lay the windows over the tunes of a split that have a transposition in range."""
        lowest, shifts = _transpositions(corpus)
        lengths = np.diff(corpus.starts)
        tunes, starts = [], []
        for tune in corpus.tunes(split):
            begins = np.arange(-1, lengths[tune], measures)
            tunes.append(np.full(len(begins), tune))
            starts.append(begins)
        return cls(corpus, np.concatenate(tunes), np.concatenate(starts), lowest, shifts, generator, measures)

    def draw(self, size: int) -> np.ndarray:
        """Draw windows as tokens, (S, M, T)."""
        tokens: np.ndarray = self.tokens(*self.choose(size))
        return tokens

    def gap(self, lengths: tuple[int, int]) -> tuple[int, int]:
        """Draw how many measures are missing and how many are past; at least two are future."""
        missing = int(self.generator.integers(lengths[0], lengths[1] + 1))
        return missing, int(self.generator.integers(1, self.measures - missing - 1))

    def batch(self, size: int) -> np.ndarray:
        """Draw ``size`` measures for MeasureVAE, whole windows of them, (size, T)."""
        windows = self.draw(-(-size // self.measures))
        return windows.reshape(-1, windows.shape[-1])[:size]

    def choose(self, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Draw which windows (S,) and by how many semitones each is moved (S,)."""
        drawn = self.generator.integers(self._cumulative[-1], size=size)
        windows = np.searchsorted(self._cumulative, drawn, side="right")
        rank = self._cumulative[windows] - 1 - drawn
        return windows, self.lowest[self.tunes[windows]] + rank

    def tokens(self, windows: np.ndarray, semitones: np.ndarray) -> np.ndarray:
        """Windows moved by ``semitones`` (S,) as tokens, (S, M, T)."""
        tunes = self.tunes[windows]
        lengths = np.diff(self.corpus.starts)[tunes][:, None]
        places = self.starts[windows][:, None] + np.arange(self.measures)[None]
        rows = self.corpus.starts[tunes][:, None] + np.clip(places, 0, lengths - 1)
        ticks = self.corpus.ticks[rows].astype(np.int64)
        ticks = np.where(ticks > 1, ticks + semitones[:, None, None], ticks)
        keys = transposed_fifths(self._fifths[tunes], semitones) - WRITTEN_FIFTHS[0]
        tokens: np.ndarray = self._tables[keys[:, None, None], ticks]
        tokens[places < 0] = START
        tokens[places >= lengths] = END
        return tokens


def transposed_fifths(fifths: np.ndarray, semitones: np.ndarray) -> np.ndarray:
    """The signatures of transposed keys, from -5 to 6; as written where nothing is moved."""
    moved = (fifths + 7 * semitones + 5) % 12 - 5
    return np.where(semitones == 0, fifths, moved)


def _transpositions(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """The lowest transposition of every tune, and how many there are."""
    sounding = np.where(corpus.ticks > 1, corpus.ticks, -1).astype(np.int64)
    highest = np.maximum.reduceat(sounding.max(1), corpus.starts[:-1])
    lowest = np.minimum.reduceat(np.where(sounding < 0, 127, sounding).min(1), corpus.starts[:-1])
    return LOWEST_MIDI - lowest, np.maximum(HIGHEST_MIDI - highest - (LOWEST_MIDI - lowest) + 1, 0)
