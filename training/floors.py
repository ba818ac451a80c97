"""Trivial predictors that every model has to beat: copy a measure that is there, or know the ticks' habits.

A copied token is smoothed: with weight ``w`` it is the source's token, else one from the distribution of the
train split's tokens at that tick. ``w`` is fitted on the validation split, once for sources that hold and
once for those that start a note. A floor may look at the whole tune outside the gap, also where a model's
window does not reach.

Shapes: G gaps, N missing measures, T ticks, V vocabulary.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaint_desktop.encoding.vocabulary import HOLD, SIZE
from training.gaps import Gaps, Integers, targets
from training.scores import Guesses, Numbers, Scores
from training.windows import Bank, Book

PHRASE = 8
_ROUNDS = 200


def previous(book: Book, gaps: Gaps) -> Integers:
    """The rows that repeat the measure before the gap, (G, N)."""
    row = book.rows[book.starts[gaps.tunes] + gaps.starts - 1]
    return np.repeat(row[:, None].astype(np.int64), gaps.missing, 1)


def phrase_back(book: Book, gaps: Gaps) -> Integers:
    """The rows eight measures back; eight ahead where there are none; else the measure before the gap, (G, N)."""
    places = gaps.starts[:, None] + np.arange(gaps.missing)[None]
    lengths = book.lengths[gaps.tunes][:, None]
    ahead = np.where(places + PHRASE < lengths, places + PHRASE, gaps.starts[:, None] - 1)
    chosen = np.where(places >= PHRASE, places - PHRASE, ahead)
    rows: Integers = book.rows[book.starts[gaps.tunes][:, None] + chosen].astype(np.int64)
    return rows


Source = Callable[[Book, Gaps], Integers]
SOURCES: dict[str, Source] = {"copy previous measure": previous, "copy 8 back": phrase_back}


def unigrams(measures: NDArray[np.integer]) -> Numbers:
    """How often each token stands at each tick of ``measures`` (rows, T), one added to every count, (T, V)."""
    counts = np.ones((measures.shape[1], SIZE))
    for tick in range(measures.shape[1]):
        counts[tick] += np.bincount(measures[:, tick], minlength=SIZE)
    result: Numbers = counts / counts.sum(1, keepdims=True)
    return result


@dataclass(frozen=True)
class Smoothing:
    """How far a copied token is trusted: ``hold`` where the source holds, ``onset`` elsewhere."""

    hold: float
    onset: float


def fit(truth: Integers, copied: Integers, habits: Numbers) -> Smoothing:
    """Find the weights under which ``truth`` is likeliest, by expectation maximisation; both (G, N, T)."""
    from_habit = habits[np.arange(truth.shape[-1]), truth]
    holds = copied == HOLD
    weights = (_weight((truth == copied)[kind], from_habit[kind]) for kind in (holds, ~holds))
    return Smoothing(*weights)


def _weight(right: NDArray[np.bool_], from_habit: Numbers) -> float:
    weight = 0.5
    for _ in range(_ROUNDS):
        share = weight * right / (weight * right + (1 - weight) * from_habit)
        weight = float(share.mean()) if share.size else weight
    return weight


def score_copy(truth: Integers, copied: Integers, habits: Numbers, smoothing: Smoothing) -> Scores:
    """Score copied tokens (G, N, T); they are the guesses as they stand."""
    return guess_copy(truth, copied, habits, smoothing).scores()


def guess_copy(truth: Integers, copied: Integers, habits: Numbers, smoothing: Smoothing) -> Guesses:
    """What copied tokens (G, N, T) say; they are the guesses as they stand."""
    weight = np.where(copied == HOLD, smoothing.hold, smoothing.onset)
    from_habit = habits[np.arange(truth.shape[-1]), truth]
    nll = -np.log(weight * (truth == copied) + (1 - weight) * from_habit)
    return _guesses(truth, copied, nll)


def score_unigram(truth: Integers, habits: Numbers) -> Scores:
    """Score the habits of the ticks alone."""
    return guess_unigram(truth, habits).scores()


def guess_unigram(truth: Integers, habits: Numbers) -> Guesses:
    """What the habits of the ticks alone say."""
    nll = -np.log(habits[np.arange(truth.shape[-1]), truth])
    guesses = np.broadcast_to(habits.argmax(1), truth.shape)
    return _guesses(truth, guesses, nll)


def _guesses(truth: Integers, guesses: Integers, nll: Numbers) -> Guesses:
    gaps = len(truth)
    return Guesses(truth.reshape(gaps, -1), guesses.reshape(gaps, -1), nll.reshape(gaps, -1))


@dataclass(frozen=True)
class Place:
    """Gaps and where their measures are found."""

    bank: Bank
    book: Book
    gaps: Gaps

    def truth(self) -> Integers:
        """The true tokens, (G, N, T)."""
        return self.bank.tokens[targets(self.book, self.gaps)].astype(np.int64)

    def copied(self, source: Source) -> Integers:
        """The tokens that ``source`` copies, (G, N, T)."""
        return self.bank.tokens[source(self.book, self.gaps)].astype(np.int64)


def score_floors(tuning: Place, place: Place, habits: Numbers) -> dict[str, Scores]:
    """Score every floor on ``place``, smoothed on ``tuning``, which is of the validation split."""
    return {name: guesses.scores() for name, guesses in guess_floors(tuning, place, habits).items()}


def guess_floors(tuning: Place, place: Place, habits: Numbers) -> dict[str, Guesses]:
    """What every floor says on ``place``, smoothed on ``tuning``, which is of the validation split."""
    guesses = {}
    for name, source in SOURCES.items():
        smoothing = fit(tuning.truth(), tuning.copied(source), habits)
        guesses[name] = guess_copy(place.truth(), place.copied(source), habits, smoothing)
    guesses["unigram by tick"] = guess_unigram(place.truth(), habits)
    return guesses
