"""Which of two engines is closer to the real measures, asked of the same gaps.

The intervals of two engines overlap easily, as tunes differ much among themselves. Here both are compared tune by tune:
the bootstrap draws tunes again, each with its real measures and with the takes of both.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.scores import FEWER_RESAMPLES, Numbers, by_group, with_interval

Weighted = Sequence[tuple[float, float]]
"""Values, each with what it weighs in a mean."""
Sums = Sequence[tuple[float, float]]
"""Sums, each with the weight that it is to be divided by."""


@dataclass(frozen=True)
class Heard:
    """What was heard of an engine, or of the real measures.

    ``values`` by measure: for every request the value of each take; ``groups``: that of every request's tune.
    """

    engine: str
    values: Mapping[str, Sequence[Weighted]]
    groups: Sequence[str]

    def sums(self, measure: str) -> Sums:
        """For every request the sum of a measure and the weight that it is to be divided by."""
        return [
            (sum(value * weight for value, weight in takes), sum(weight for _, weight in takes))
            for takes in self.values[measure]
        ]


@dataclass(frozen=True, slots=True)
class Closeness:
    """By how much ``engine`` is closer to the real measures than ``other``, with a 95 % bootstrap interval over tunes.

    ``kind`` says what is compared: means, or distributions (by the Wasserstein distance: by how much values must be
    moved, on average, to turn one into the other). The unit is that of the measure; below 0 it is further away.
    """

    engine: str
    other: str
    measure: str
    kind: str
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


def closeness(engine: Heard, other: Heard, real: Heard) -> Iterator[Closeness]:
    """Compare two engines on every measure of the real measures, by each kind of distance."""
    drawn = _draws(len(set(real.groups)))
    for name in real.values:
        for kind, distances in KINDS.items():
            nearer = distances(other, real, name, drawn) - distances(engine, real, name, drawn)  # (1 + R,)
            low, high = np.quantile(nearer[1:], (0.025, 0.975))
            yield Closeness(engine.engine, other.engine, name, kind, float(nearer[0]), (float(low), float(high)))


def _draws(groups: int) -> NDArray[np.int64]:
    """How often each group counts, (1 + R, G): all of them once, and then as the bootstrap draws them."""
    drawn = np.random.default_rng(0).integers(groups, size=(FEWER_RESAMPLES, groups))
    counts = [np.bincount(row, minlength=groups) for row in drawn]
    return np.stack([np.ones(groups, np.int64), *counts])


def _between_means(heard: Heard, real: Heard, name: str, drawn: NDArray[np.int64]) -> Numbers:
    """How far the means are from each other in every draw, (1 + R,)."""
    apart: Numbers = np.abs(_means(heard, name, drawn) - _means(real, name, drawn))
    return apart


def _means(heard: Heard, name: str, drawn: NDArray[np.int64]) -> Numbers:
    sums, totals = (drawn @ of_groups for of_groups in by_group(heard.groups, *zip(*heard.sums(name), strict=True)))
    means: Numbers = sums / np.maximum(totals, 1e-9)
    return means


def _between_distributions(heard: Heard, real: Heard, name: str, drawn: NDArray[np.int64]) -> Numbers:
    """The Wasserstein distance of the distributions in every draw, (1 + R,); every request counts once."""
    one, other = _Distribution.of(heard, name), _Distribution.of(real, name)
    together = np.concatenate((one.values, other.values))
    order = np.argsort(together)
    steps = np.diff(together[order])
    found = []
    for counts in drawn:
        surplus = np.concatenate((one.weights(counts), -other.weights(counts)))[order].cumsum()[:-1]
        found.append(np.abs(surplus) @ steps)
    return np.array(found)


@dataclass(frozen=True, slots=True)
class _Distribution:
    """Every value that is known, the share of its request that it is, and the group of its tune, each (V,)."""

    values: Numbers
    shares: Numbers
    members: NDArray[np.int64]

    @classmethod
    def of(cls, heard: Heard, name: str) -> "_Distribution":
        takes, (_, members) = heard.values[name], np.unique(heard.groups, return_inverse=True)
        known = np.array([len(each) for each in takes])
        values = np.array([value for each in takes for value, _ in each], np.float64)
        return cls(values, np.repeat(1.0 / np.maximum(known, 1), known), np.repeat(members, known))

    def weights(self, counts: NDArray[np.int64]) -> Numbers:
        """What every value weighs where groups count so often, (V,); 1 in all."""
        weights: Numbers = counts[self.members] * self.shares
        return weights / max(float(weights.sum()), 1e-9)


KINDS: dict[str, Callable[[Heard, Heard, str, NDArray[np.int64]], Numbers]] = {
    "mean": _between_means,
    "distribution": _between_distributions,
}
