"""Fixed lists of gaps to evaluate on, and what is measured on them.

A list is drawn once from a seed: every place in the tunes of a split that has at least one real measure
before it and one after it is equally likely. Around each lies a window of at most sixteen measures, with at
most one measure of padding beyond either end of the tune.

Shapes: G gaps, B batch, P past, N missing and F future measures, T ticks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.windows import LONGEST_WINDOW, Bank, Batch, Book, window

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Gaps:
    """Gaps of ``missing`` measures: their tunes, first measures and numbers of past measures, each (G,)."""

    missing: int
    tunes: Integers
    starts: Integers
    pasts: Integers
    futures: Integers

    def __len__(self) -> int:
        return len(self.tunes)

    def only(self, places: Integers) -> "Gaps":
        """The list of some of the gaps."""
        chosen = (part[places] for part in (self.tunes, self.starts, self.pasts, self.futures))
        return Gaps(self.missing, *chosen)


def draw_gaps(book: Book, missing: int, count: int, generator: np.random.Generator) -> Gaps:
    """Draw ``count`` gaps of ``missing`` measures, each with its number of past measures."""
    lengths = book.lengths
    places = np.maximum(lengths - missing - 1, 0)
    drawn = generator.choice(places.sum(), count, replace=bool(places.sum() < count))
    tunes = np.searchsorted(np.cumsum(places), drawn, side="right")
    starts = 1 + drawn - (np.cumsum(places) - places)[tunes]
    totals = np.minimum(LONGEST_WINDOW, lengths[tunes] + 2)
    longest_future = lengths[tunes] - missing - starts + 1
    lowest = np.maximum(1, totals - missing - longest_future)
    highest = np.minimum(starts + 1, totals - missing - 1)
    pasts = generator.integers(lowest, highest + 1)
    return Gaps(missing, tunes, starts, pasts, totals - missing - pasts)


def batches(bank: Bank, book: Book, gaps: Gaps, size: int = 512) -> Iterator[tuple[Integers, Batch]]:
    """The windows, and which gaps they belong to; all windows of a batch have the same P and F."""
    shapes = np.stack((gaps.pasts, gaps.futures), 1)
    for past, future in np.unique(shapes, axis=0):
        alike = np.flatnonzero((shapes == (past, future)).all(1))
        for places in np.split(alike, range(size, len(alike), size)):
            shape = (int(past), gaps.missing, int(future))
            yield places, window(bank, book, gaps.tunes[places], gaps.starts[places], shape)


def targets(book: Book, gaps: Gaps) -> Integers:
    """The rows that stand in the gaps, (G, N)."""
    places = gaps.starts[:, None] + np.arange(gaps.missing)[None]
    rows: Integers = book.rows[book.starts[gaps.tunes][:, None] + places].astype(np.int64)
    return rows
