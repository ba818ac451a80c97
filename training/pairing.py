"""Whether one predictor is better than another: both on the same gaps, tune by tune.

Shapes: G gaps, P pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.scores import RESAMPLES, Numbers, Scores, by_group

FLIPS = 10_000
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """How many nats a token ``first`` costs more than ``second``.

    ``interval`` is the 95 % bootstrap interval over tunes, ``p`` the two-sided level of a permutation test that flips
    the signs of the tunes' differences, and ``adjusted`` that level after Holm's correction for all pairs.
    """

    first: str
    second: str
    nats: float
    interval: tuple[float, float]
    p: float
    adjusted: float = 1.0


def difference(
    names: tuple[str, str], scores: tuple[Scores, Scores], groups: NDArray[np.generic], seed: int = 0
) -> Difference:
    """Compare two predictors on gaps of ``groups`` (G,) of tunes."""
    nats, tokens = by_group(groups, scores[0].nll - scores[1].nll, scores[0].tokens)
    generator = np.random.default_rng(seed)
    drawn = generator.integers(len(nats), size=(RESAMPLES, len(nats)))
    low, high = np.quantile(nats[drawn].sum(1) / tokens[drawn].sum(1), (0.025, 0.975))
    return Difference(*names, float(nats.sum() / tokens.sum()), (float(low), float(high)), _level(nats, generator))


def _level(nats: Numbers, generator: np.random.Generator) -> float:
    """The share of random signs that give a sum at least as far from zero."""
    as_far = 0
    for _ in range(FLIPS // _AT_ONCE):
        signs = generator.choice((-1.0, 1.0), size=(_AT_ONCE, len(nats)))
        as_far += int((np.abs(signs @ nats) >= abs(nats.sum()) - 1e-9).sum())
    return (as_far + 1) / (FLIPS + 1)


def adjusted(levels: Sequence[float]) -> list[float]:
    """Levels (P,) after Holm's correction."""
    order = np.argsort(levels, kind="stable")
    scaled = [levels[place] * (len(levels) - rank) for rank, place in enumerate(order)]
    result = np.empty(len(levels))
    result[order] = np.minimum(np.maximum.accumulate(scaled), 1.0)
    return [float(value) for value in result]
