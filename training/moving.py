"""Whole windows moved along the scale: past, gap and future by the same number of steps.

The bank holds every measure once for each move, so that latents can still be encoded once. Shapes: R rows.
"""

from dataclasses import dataclass, field

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.transposition import HOME_FIFTHS
from training.measures import LARGEST_SHIFT, diatonic_tables, token_table
from training.windows import Bank, Batch, SideBySide, WindowSampler

MOVES = (0, -2, -1, 1, 2)


def moved_bank(bank: Bank) -> Bank:
    """The measures of ``bank`` in the home key as they are, then moved by each of ``MOVES``, (5 R, T)."""
    ticks = _midi_table()[bank.tokens]
    tables, tokens = diatonic_tables(HOME_FIFTHS), token_table(HOME_FIFTHS)
    copies = [tokens[tables[move + LARGEST_SHIFT][ticks]].astype(np.uint8) for move in MOVES[1:]]
    for copy in copies:
        copy[bank.start :] = bank.tokens[bank.start :]  # padding stays what it is
    return Bank(np.concatenate((bank.tokens, *copies)))


def _midi_table() -> np.ndarray:
    """From tokens to MIDI ticks: 0 hold, 1 anything else that is no note."""
    numbers = [
        vocabulary.pitch_of(token).midi if vocabulary.is_note(token) else int(token != vocabulary.HOLD)
        for token in range(vocabulary.SIZE)
    ]
    return np.array(numbers, np.int64)


@dataclass
class MovedWindows:
    """Draws from ``sampler``; a ``share`` of the windows is moved. Its rows are those of ``moved_bank``."""

    sampler: WindowSampler | SideBySide
    share: float
    generator: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.generator = self.sampler.generator

    def batch(self, size: int) -> Batch:
        """Draw ``size`` windows."""
        batch = self.sampler.batch(size)
        copies = self.generator.integers(1, len(MOVES), size=size)
        is_moved = self.generator.random(size) < self.share
        first = np.where(is_moved, copies, 0)[:, None] * len(self.sampler.bank.tokens)
        return Batch(batch.past + first, batch.gap + first, batch.future + first)
