"""Which of two engines is closer to the real measures, asked of the same gaps.

The intervals of two engines overlap easily, as tunes differ much among themselves. Here both are compared tune by tune:
the bootstrap draws tunes again, each with its real measures and with the takes of both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.scores import FEWER_RESAMPLES, by_group, with_interval

Sums = Sequence[tuple[float, float]]
"""For every request a sum and the weight that it is to be divided by."""


@dataclass(frozen=True)
class Heard:
    """What was heard of an engine, or of the real measures: sums by measure, and the group of every request's tune."""

    engine: str
    sums: Mapping[str, Sums]
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class Closeness:
    """By how much ``engine`` is closer to the real measures than ``other``, with a 95 % bootstrap interval over tunes.

    The unit is that of the measure; below 0 it is further away.
    """

    engine: str
    other: str
    measure: str
    value: float
    interval: tuple[float, float]

    @property
    def shown(self) -> str:
        """The value with its interval."""
        return with_interval(self.value, self.interval, "+")

    @property
    def verdict(self) -> str:
        """What the interval says."""
        low, high = self.interval
        return "closer" if low > 0 else "further" if high < 0 else "alike"


def closeness(engine: Heard, other: Heard, real: Heard) -> list[Closeness]:
    """Compare two engines on every measure of the real measures."""
    drawn = _draws(len(set(real.groups)))
    found = []
    for name in real.sums:
        values = _nearer(*(_means(one, name, drawn) for one in (engine, other, real)))
        low, high = np.quantile(values[1:], (0.025, 0.975))
        found.append(Closeness(engine.engine, other.engine, name, float(values[0]), (float(low), float(high))))
    return found


def _draws(groups: int) -> NDArray[np.int64]:
    """How often each group counts, (1 + R, G): all of them once, and then as the bootstrap draws them."""
    drawn = np.random.default_rng(0).integers(groups, size=(FEWER_RESAMPLES, groups))
    counts = [np.bincount(row, minlength=groups) for row in drawn]
    return np.stack([np.ones(groups, np.int64), *counts])


def _means(heard: Heard, name: str, drawn: NDArray[np.int64]) -> NDArray[np.float64]:
    """The measure in every draw, (1 + R,)."""
    sums, totals = (drawn @ of_groups for of_groups in by_group(heard.groups, *zip(*heard.sums[name], strict=True)))
    means: NDArray[np.float64] = sums / np.maximum(totals, 1e-9)
    return means


def _nearer(engine: NDArray[np.float64], other: NDArray[np.float64], real: NDArray[np.float64]) -> NDArray[np.float64]:
    nearer: NDArray[np.float64] = np.abs(other - real) - np.abs(engine - real)
    return nearer
