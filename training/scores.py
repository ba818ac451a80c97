"""What is measured on gaps: the likelihood of the true tokens, and how many of them are hit.

Shapes: G gaps, M tokens of a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, REST

Numbers = NDArray[np.float64]
RESAMPLES = 2000


@dataclass(frozen=True)
class Scores:
    """Sums over the tokens of each gap, each (G,). Onset tokens are notes and rests, not holds or padding."""

    nll: Numbers
    tokens: Numbers
    hits: Numbers
    onsets: Numbers
    onset_hits: Numbers

    @classmethod
    def of(cls, truth: NDArray[np.integer], guesses: NDArray[np.integer], nll: Numbers) -> Self:
        """Score guessed tokens (G, M) whose true ones have negative log-likelihoods ``nll`` (G, M)."""
        right, starts = truth == guesses, (truth == REST) | (truth >= FIRST_NOTE)
        every = np.full(len(truth), truth.shape[1], np.float64)
        sums = (part.sum(1).astype(np.float64) for part in (right, starts, right & starts))
        return cls(nll.sum(1).astype(np.float64), every, *sums)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put the scores of several lists of gaps one after the other."""
        return cls(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(cls)))

    @property
    def nll_per_token(self) -> float:
        """Negative log-likelihood in nats, every token counted once."""
        return float(self.nll.sum() / self.tokens.sum())

    @property
    def token_accuracy(self) -> float:
        """The share of all tokens that are hit, holds included."""
        return float(self.hits.sum() / self.tokens.sum())

    @property
    def onset_accuracy(self) -> float:
        """The share of onset tokens that are hit."""
        return float(self.onset_hits.sum() / self.onsets.sum())

    def nll_interval(self, groups: NDArray[np.generic], seed: int = 0) -> tuple[float, float]:
        """The 95 % bootstrap interval of ``nll_per_token`` when whole groups (G,) are drawn again."""
        _, member = np.unique(groups, return_inverse=True)
        nll, tokens = np.bincount(member, self.nll), np.bincount(member, self.tokens)
        drawn = np.random.default_rng(seed).integers(len(nll), size=(RESAMPLES, len(nll)))
        means = nll[drawn].sum(1) / tokens[drawn].sum(1)
        low, high = np.quantile(means, (0.025, 0.975))
        return float(low), float(high)
