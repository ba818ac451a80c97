"""What is measured on gaps: the likelihood of the true tokens, and how many of them are hit.

Shapes: G gaps, M tokens of a gap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, REST

Numbers = NDArray[np.float64]
RESAMPLES = 2000
FEWER_RESAMPLES = 1000


def is_onset(tokens: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which tokens start a note or a rest."""
    starts: NDArray[np.bool_] = (tokens == REST) | (tokens >= FIRST_NOTE)
    return starts


@dataclass(frozen=True)
class Guesses:
    """What a predictor says of each token of some gaps, each (G, M): the true one, its guess, and its likelihood."""

    truth: NDArray[np.integer]
    guesses: NDArray[np.integer]
    nll: Numbers

    def scores(self, counted: NDArray[np.bool_] | None = None) -> "Scores":
        """Score them; where ``counted`` (G, M) is false, a token does not count."""
        return Scores.of(self.truth, self.guesses, self.nll, counted)


@dataclass(frozen=True)
class Scores:
    """Sums over the tokens of each gap that count, each (G,). Onsets are notes and rests, not holds or padding."""

    nll: Numbers
    tokens: Numbers
    hits: Numbers
    onsets: Numbers
    onset_hits: Numbers

    @classmethod
    def of(
        cls,
        truth: NDArray[np.integer],
        guesses: NDArray[np.integer],
        nll: Numbers,
        counted: NDArray[np.bool_] | None = None,
    ) -> Self:
        """Score guessed tokens (G, M) whose true ones have negative log-likelihoods ``nll`` (G, M).

        Where ``counted`` (G, M) is false, a token does not count.
        """
        counts = np.ones(truth.shape, bool) if counted is None else counted
        right, starts = counts & (truth == guesses), counts & is_onset(truth)
        sums = (part.sum(1).astype(np.float64) for part in (counts, right, starts, right & starts))
        return cls((nll * counts).sum(1).astype(np.float64), *sums)

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Put the scores of several lists of gaps one after the other."""
        return cls(*(np.concatenate([getattr(part, item.name) for part in parts]) for item in fields(cls)))

    @classmethod
    def averaged(cls, parts: Sequence[Self]) -> Self:
        """The means over several scores of the same gaps."""
        return cls(*(np.mean([getattr(part, item.name) for part in parts], 0) for item in fields(cls)))

    @property
    def nll_per_token(self) -> float:
        """Negative log-likelihood in nats, every token counted once."""
        return float(self.nll.sum() / self.tokens.sum())

    @property
    def nll_per_onset(self) -> float:
        """Negative log-likelihood in nats for each note or rest, the holds after it included."""
        return float(self.nll.sum() / self.onsets.sum())

    @property
    def token_accuracy(self) -> float:
        """The share of all tokens that are hit, holds included."""
        return float(self.hits.sum() / self.tokens.sum())

    @property
    def count(self) -> int:
        """How many tokens count."""
        return int(self.tokens.sum())

    @property
    def onset_accuracy(self) -> float:
        """The share of onset tokens that are hit."""
        return float(self.onset_hits.sum() / self.onsets.sum())

    def nll_interval(self, groups: NDArray[np.generic], seed: int = 0) -> tuple[float, float]:
        """The 95 % bootstrap interval of ``nll_per_token`` when whole groups (G,) are drawn again."""
        nll, tokens = by_group(groups, self.nll, self.tokens)
        drawn = np.random.default_rng(seed).integers(len(nll), size=(RESAMPLES, len(nll)))
        sums, counts = nll[drawn].sum(1), tokens[drawn].sum(1)
        low, high = np.quantile(sums[counts > 0] / counts[counts > 0], (0.025, 0.975))
        return float(low), float(high)


def by_group(groups: Any, *figures: Any) -> list[NDArray[np.float64]]:  # noqa: ANN401 - what NumPy makes an array of
    """The sums of figures (G,) over all that belong to the same group, groups in the order of their names."""
    _, member = np.unique(groups, return_inverse=True)
    return [np.bincount(member, of_one).astype(np.float64) for of_one in figures]


def with_interval(value: float, interval: tuple[float, float], sign: str = "") -> str:
    """A figure and its interval in words; with ``sign`` ``+``, all have one."""
    value_shown, low, high = (f"{number:{sign}.3f}" for number in (value, *interval))
    return f"{value_shown} ({low} to {high})"


def ratio_interval(sums: NDArray[Any], counts: NDArray[Any]) -> tuple[float, float]:
    """The 95 % bootstrap interval of a sum over a count when whole groups (G,) are drawn again; 0 without groups."""
    drawn = np.random.default_rng(0).integers(max(len(sums), 1), size=(FEWER_RESAMPLES, len(sums)))
    low, high = np.quantile(sums[drawn].sum(1) / np.maximum(counts[drawn].sum(1), 1e-9), (0.025, 0.975))
    return float(low), float(high)
