"""Every model and every floor on the same gaps, in the three protocols.

What is counted is split by the kind of token (onsets, holds) and by whether the true measure also occurs in the train
split, moved into the home key (seen) or not (new). Shapes: G gaps, N missing measures, T ticks, M = N * T tokens.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from inpaint_desktop.encoding.vocabulary import END, HOLD, START
from training.floors import Place, guess_floors
from training.gaps import Gaps, targets
from training.habits import habits_of
from training.machine import at_once
from training.measures import home_tokens, measure_splits, rows_in
from training.pairing import Difference, adjusted, difference
from training.predictors import Predictor
from training.scores import Guesses, Scores, is_onset
from training.trials import COUNT, PROTOCOLS, Corpora, Ground, ground_of

LENGTHS = range(2, 9)
HEADLINE = range(2, 7)
"""The lengths of gaps that the paper's models learned, and that its Table 2 is about."""

MIDDLE = 4
EVERY = "all"
KINDS = (EVERY, "onsets", "holds", "seen", "new")

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Contest:
    """What is compared, on a split of the corpora, with ``count`` gaps of each length.

    In protocol A, where latents are sampled, scores are means over ``draws`` of them. ``workers`` predictors are asked
    at a time, which changes no figure.
    """

    predictors: Sequence[Predictor]
    corpora: Corpora
    split: str
    count: int = COUNT
    draws: int = 3
    protocols: Sequence[str] = PROTOCOLS
    lengths: Sequence[int] = LENGTHS
    workers: int = 1


@dataclass(frozen=True)
class Result:
    """The scores of one predictor in one protocol on gaps of one length, by kind; ``groups`` (G,) of their tunes."""

    protocol: str
    missing: int
    predictor: str
    kinds: dict[str, Scores]
    groups: NDArray[np.generic]


@dataclass(frozen=True)
class Spread:
    """What latent draws change: nats a token from the latents' means, and over draws their mean and deviation."""

    protocol: str
    predictor: str
    of_means: float
    of_draws: float
    deviation: float


@dataclass(frozen=True)
class Outcome:
    """All results."""

    split: str
    results: tuple[Result, ...]
    spreads: tuple[Spread, ...] = ()
    differences: dict[str, tuple[Difference, ...]] = field(default_factory=dict)

    def of(self, protocol: str, lengths: Sequence[int]) -> dict[str, Result]:
        """The results of every predictor over several lengths of gaps together, the first one's ``missing``."""
        found: dict[str, list[Result]] = {}
        for result in self.results:
            if result.protocol == protocol and result.missing in lengths:
                found.setdefault(result.predictor, []).append(result)
        return {name: _joined(parts) for name, parts in found.items()}


def _joined(parts: Sequence[Result]) -> Result:
    first = parts[0]
    kinds = {kind: Scores.joined([part.kinds[kind] for part in parts]) for kind in first.kinds}
    return Result(
        first.protocol, first.missing, first.predictor, kinds, np.concatenate([part.groups for part in parts])
    )


def contest(made: Contest) -> Outcome:
    """Measure everything."""
    results = tuple(result for protocol in made.protocols for result in _results(made, protocol))
    spreads = tuple(spread for protocol in made.protocols if protocol != "A" for spread in _spreads(made, protocol))
    outcome = Outcome(made.split, results, spreads)
    names = [predictor.name for predictor in made.predictors]
    differences = {protocol: differences_in(outcome, protocol, names) for protocol in made.protocols}
    return Outcome(made.split, results, spreads, differences)


def _results(made: Contest, protocol: str) -> Iterator[Result]:
    grounds = {key: ground_of(protocol, made.corpora, made.split, key, count=made.count) for key in ("home", "written")}
    home, tuning = grounds["home"], ground_of(protocol, made.corpora, "valid", "home", count=made.count)
    known, habits = train_measures(made.corpora, protocol), habits_of(made.corpora, protocol, "home")
    for missing in tqdm(made.lengths, desc=f"protocol {protocol}", unit="length"):
        gaps = home.gaps(missing, made.count)
        masks = masks_of(home, gaps, known)
        places = [Place(one.bank, one.book, one.gaps(missing, made.count)) for one in (tuning, home)]
        for name, floor in guess_floors(places[0], places[1], habits).items():
            yield Result(protocol, missing, name, _kinds([floor], masks), home.groups[gaps.tunes])
        asked = [partial(_guesses, made, one, grounds[one.key], gaps) for one in made.predictors]
        for predictor, guesses in zip(made.predictors, at_once(asked, made.workers), strict=True):
            yield Result(protocol, missing, predictor.name, _kinds(guesses, masks), home.groups[gaps.tunes])


def _guesses(made: Contest, predictor: Predictor, ground: Ground, gaps: Gaps) -> list[Guesses]:
    """What a predictor says, once for each draw that the protocol wants."""
    if ground.protocol != "A" or not predictor.draws_latents:
        return [predictor.guess(ground, gaps, None)]
    return [predictor.guess(ground, gaps, seed) for seed in range(made.draws)]


def _kinds(guesses: Sequence[Guesses], masks: dict[str, Mask]) -> dict[str, Scores]:
    return {kind: Scores.averaged([one.scores(mask) for one in guesses]) for kind, mask in masks.items()}


def masks_of(ground: Ground, gaps: Gaps, known: NDArray[np.uint8]) -> dict[str, Mask]:
    """Which tokens of the gaps are of which kind, each (G, M); ``known`` (rows, T) are the train split's measures."""
    rows = targets(ground.book, gaps)  # (G, N)
    truth = ground.bank.tokens[rows]  # (G, N, T)
    flat = truth.reshape(len(truth), -1).astype(np.int64)
    is_music = (truth[..., 0] != START) & (truth[..., 0] != END)
    is_seen = rows_in(truth.reshape(-1, truth.shape[-1]), known).reshape(rows.shape)

    def of_measures(chosen: Mask) -> Mask:
        return np.repeat(chosen, truth.shape[-1], 1)

    every = np.ones(flat.shape, bool)
    of_tokens = {EVERY: every, "onsets": is_onset(flat), "holds": flat == HOLD}
    return {**of_tokens, "seen": of_measures(is_music & is_seen), "new": of_measures(is_music & ~is_seen)}


def train_measures(corpora: Corpora, protocol: str) -> NDArray[np.uint8]:
    """The measures of the train split, in the home key, (rows, T)."""
    corpus = corpora.of(protocol)
    chosen: NDArray[np.uint8] = home_tokens(corpus)[measure_splits(corpus) == 0].astype(np.uint8)
    return chosen


def _spreads(made: Contest, protocol: str) -> list[Spread]:
    """What several latent draws change, on gaps of four measures."""
    drawing = [predictor for predictor in made.predictors if predictor.draws_latents]
    return at_once([partial(_spread, made, protocol, predictor) for predictor in drawing], made.workers)


def _spread(made: Contest, protocol: str, predictor: Predictor) -> Spread:
    ground = ground_of(protocol, made.corpora, made.split, predictor.key, count=made.count)
    gaps = ground.gaps(MIDDLE, made.count)
    means, *drawn = (predictor.guess(ground, gaps, seed).scores().nll_per_token for seed in (None, *range(made.draws)))
    return Spread(protocol, predictor.name, means, float(np.mean(drawn)), float(np.std(drawn)))


def differences_in(outcome: Outcome, protocol: str, names: Sequence[str]) -> tuple[Difference, ...]:
    """Every pair of predictors on the headline's gaps, with Holm's correction."""
    joined = outcome.of(protocol, HEADLINE)
    found = [
        difference((one, other), (joined[one].kinds[EVERY], joined[other].kinds[EVERY]), joined[one].groups)
        for place, one in enumerate(names)
        for other in names[place + 1 :]
    ]
    levels = adjusted([each.p for each in found])
    return tuple(
        Difference(each.first, each.second, each.nats, each.interval, each.p, level)
        for each, level in zip(found, levels, strict=True)
    )
