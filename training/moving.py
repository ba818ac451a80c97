"""Whole windows moved: past, gap and future by the same number of steps of the scale, or into the same key.

The bank holds every measure once for each move, so that latents can still be encoded once. Shapes: R rows,
V vocabulary.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.transposition import HOME_FIFTHS
from training.measures import LARGEST_SHIFT, MeasureSampler, diatonic_tables, token_table
from training.published import transposed_fifths
from training.windows import Bank, Batch, SideBySide, WindowSampler

MOVES = (0, -2, -1, 1, 2)
TRANSPOSITIONS = (0, -7, -6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7)
"""Into all keys, by up to a fifth up or down, in semitones."""


def moved_bank(bank: Bank) -> Bank:
    """The measures of ``bank`` in the home key as they are, then moved by each of ``MOVES``, (5 R, T)."""
    tables, tokens = diatonic_tables(HOME_FIFTHS), token_table(HOME_FIFTHS)
    return _with_copies(bank, (_between_tokens(tokens[tables[move + LARGEST_SHIFT]]) for move in MOVES[1:]))


def transposed_bank(bank: Bank) -> Bank:
    """The measures of ``bank`` in the home key as they are, then in every other key, (15 R, T)."""
    return _with_copies(bank, transposition_tables()[1:])


def transposition_tables() -> np.ndarray:
    """From tokens in the home key to those in each key of ``TRANSPOSITIONS``, spelled by that key, (15, V)."""
    tables = []
    keys = transposed_fifths(np.array(HOME_FIFTHS), np.array(TRANSPOSITIONS))
    for semitones, fifths in zip(TRANSPOSITIONS, keys.tolist(), strict=True):
        midi = np.arange(128)
        midi[2:] = (midi[2:] + semitones).clip(2, 127)
        tables.append(_between_tokens(token_table(fifths)[midi]))
    return np.stack(tables)


def _with_copies(bank: Bank, tables: Iterable[np.ndarray]) -> Bank:
    return Bank(np.concatenate((bank.tokens, *(table[bank.tokens] for table in tables))))


def _between_tokens(of_midi: np.ndarray) -> np.ndarray:
    """What tokens of MIDI ticks (128,) are for tokens, (V,); padding stays what it is."""
    table: np.ndarray = of_midi[_midi_table()].astype(np.uint8)
    table[[vocabulary.START, vocabulary.END]] = vocabulary.START, vocabulary.END
    return table


def _midi_table() -> np.ndarray:
    """From tokens to MIDI ticks: 0 hold, 1 anything else that is no note."""
    numbers = [
        vocabulary.pitch_of(token).midi if vocabulary.is_note(token) else int(token != vocabulary.HOLD)
        for token in range(vocabulary.SIZE)
    ]
    return np.array(numbers, np.int64)


@dataclass
class MovedWindows:
    """Draws from ``sampler``; a ``share`` of the windows is moved. Its rows are those of ``moved_bank``, or another.

    ``copies`` is how often the bank holds every measure.
    """

    sampler: WindowSampler | SideBySide
    share: float
    copies: int = len(MOVES)
    generator: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.generator = self.sampler.generator

    def batch(self, size: int) -> Batch:
        """Draw ``size`` windows."""
        batch = self.sampler.batch(size)
        copies = self.generator.integers(1, self.copies, size=size)
        is_moved = self.generator.random(size) < self.share
        first = np.where(is_moved, copies, 0)[:, None] * len(self.sampler.bank.tokens)
        return Batch(batch.past + first, batch.gap + first, batch.future + first)


@dataclass
class TransposedMeasures:
    """Measures for MeasureVAE in the home key, each moved into a key drawn at random."""

    measures: MeasureSampler
    generator: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.generator = self.measures.generator
        self._tables = transposition_tables().astype(np.int64)

    def batch(self, size: int) -> np.ndarray:
        """Draw ``size`` measures as tokens, (size, T)."""
        tokens = self.measures.batch(size)
        keys = self.generator.integers(len(TRANSPOSITIONS), size=(size, 1))
        moved: np.ndarray = self._tables[keys, tokens]
        return moved
