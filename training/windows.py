"""Windows for the LatentRNN: past, gap and future drawn from the tunes (paper section 3.4).

Measures are rows of a bank of distinct measures; two rows stand for the padding before a tune (START)
and after it (END). A window reaches at most one padding measure beyond either end of its tune.
"""

from dataclasses import dataclass

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.errors import SettingsError
from training.corpus import Corpus

LONGEST_WINDOW = 16
LARGEST_GAP = 8
SHARE_OF_SHORT_WINDOWS = 0.3


@dataclass(frozen=True)
class Bank:
    """Distinct measures as tokens (rows, 24); the last two rows are START and END padding."""

    tokens: np.ndarray

    @property
    def start(self) -> int:
        """The row of START padding."""
        return len(self.tokens) - 2

    @property
    def end(self) -> int:
        """The row of END padding."""
        return len(self.tokens) - 1


@dataclass(frozen=True)
class Book:
    """Tunes as rows of a bank: ``rows`` of all tunes one after the other, ``starts`` where each begins."""

    rows: np.ndarray
    starts: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """How many measures each tune has."""
        return np.diff(self.starts)

    def only(self, tunes: np.ndarray) -> "Book":
        """The book of some of the tunes."""
        parts = [self.rows[self.starts[tune] : self.starts[tune + 1]] for tune in tunes]
        return Book(np.concatenate(parts), np.cumsum([0, *(len(part) for part in parts)]))


@dataclass(frozen=True)
class Batch:
    """Rows of the bank: ``past`` (B, P), ``gap`` (B, N), ``future`` (B, F)."""

    past: np.ndarray
    gap: np.ndarray
    future: np.ndarray


def bind(corpora: list[tuple[Corpus, np.ndarray]]) -> tuple[Bank, list[Book]]:
    """Put corpora, each with its tokens (measures, 24), into one bank and a book each."""
    everything = np.concatenate([tokens for _, tokens in corpora]).astype(np.uint8)
    distinct, inverse = np.unique(everything, axis=0, return_inverse=True)
    width = distinct.shape[1]
    padding = np.stack([np.full(width, token, np.uint8) for token in (vocabulary.START, vocabulary.END)])
    bank = Bank(np.concatenate((distinct, padding)))
    books, begin = [], 0
    for corpus, tokens in corpora:
        books.append(Book(inverse.reshape(-1)[begin : begin + len(tokens)], corpus.starts))
        begin += len(tokens)
    return bank, books


@dataclass
class WindowSampler:
    """Draws batches; all windows of a batch have the same P, N and F.

    A window is ``longest`` measures long, or, in a ``short_share`` of the batches, anything from the gap and a
    measure on either side up to that. No window is longer than the longest tune with its padding.
    """

    bank: Bank
    book: Book
    generator: np.random.Generator
    gaps: tuple[int, int] = (1, LARGEST_GAP)
    short_share: float = SHARE_OF_SHORT_WINDOWS
    longest: int = LONGEST_WINDOW

    def __post_init__(self) -> None:
        """Check that there is a tune for every gap.

        Raises:
            SettingsError: all tunes are shorter than the longest gap.
        """
        longest_tune = int(self.book.lengths.max(initial=0))
        if longest_tune < self.gaps[1]:
            message = (
                f"Gaps of {self.gaps[1]} measures cannot be drawn from tunes of at most {longest_tune}; "
                "add longer tunes to the corpus."
            )
            raise SettingsError(message)
        self.longest = min(self.longest, longest_tune + 2)

    def shape(self) -> tuple[int, int, int]:
        """Draw the numbers of past, missing and future measures."""
        missing = int(self.generator.integers(self.gaps[0], self.gaps[1] + 1))
        total = self.longest
        if self.generator.random() < self.short_share:
            total = int(self.generator.integers(missing + 2, self.longest + 1))
        past = int(self.generator.integers(1, total - missing))
        return past, missing, total - missing - past

    def batch(self, size: int) -> Batch:
        """Draw ``size`` windows."""
        past, missing, future = self.shape()
        lowest = max(past - 1, 0)
        highest = np.minimum(self.book.lengths - missing, self.book.lengths - missing - future + 1)
        places = np.cumsum(np.maximum(highest - lowest + 1, 0))
        drawn = self.generator.integers(places[-1], size=size)
        tunes = np.searchsorted(places, drawn, side="right")
        gap_starts = lowest + drawn - np.where(tunes > 0, places[tunes - 1], 0)
        return window(self.bank, self.book, tunes, gap_starts, (past, missing, future))


@dataclass
class SideBySide:
    """Draws windows as the published code lays them over a tune.

    The first begins with a measure of padding, and the last is filled up with it. At least one measure is past and
    two are future.
    """

    bank: Bank
    book: Book
    generator: np.random.Generator
    gaps: tuple[int, int] = (1, LARGEST_GAP)
    measures: int = LONGEST_WINDOW

    def __post_init__(self) -> None:
        begins = [np.arange(-1, length, self.measures) for length in self.book.lengths]
        self._tunes = np.repeat(np.arange(len(begins)), [len(part) for part in begins])
        self._begins = np.concatenate(begins)

    def batch(self, size: int) -> Batch:
        """Draw ``size`` windows."""
        missing = int(self.generator.integers(self.gaps[0], self.gaps[1] + 1))
        past = int(self.generator.integers(1, self.measures - missing - 1))
        chosen = self.generator.integers(len(self._tunes), size=size)
        shape = (past, missing, self.measures - missing - past)
        return window(self.bank, self.book, self._tunes[chosen], self._begins[chosen] + past, shape)


def window(bank: Bank, book: Book, tunes: np.ndarray, gap_starts: np.ndarray, shape: tuple[int, int, int]) -> Batch:
    """The windows around the gaps that start at measure ``gap_starts`` of ``tunes``."""
    past, missing, future = shape
    places = gap_starts[:, None] + np.arange(-past, missing + future)[None]
    inside = np.clip(places, 0, book.lengths[tunes][:, None] - 1)
    rows = book.rows[book.starts[tunes][:, None] + inside]
    rows = np.where(places < 0, bank.start, np.where(places >= book.lengths[tunes][:, None], bank.end, rows))
    return Batch(rows[:, :past], rows[:, past : past + missing], rows[:, past + missing :])
