"""The trivial floors copy what is there, smoothed as well as two numbers can."""

import numpy as np
import pytest

from inpaint_desktop.encoding.vocabulary import END, FIRST_NOTE, HOLD, REST, SIZE, START
from training.floors import (
    SOURCES,
    Place,
    fit,
    phrase_back,
    previous,
    score_copy,
    score_floors,
    score_unigram,
    unigrams,
)
from training.gaps import Gaps
from training.scores import Scores
from training.windows import Bank, Book

A, B = FIRST_NOTE, FIRST_NOTE + 1
GENERATOR = np.random.default_rng(1)


def gap(start: int, missing: int = 2) -> Gaps:
    return Gaps(missing, *(np.array([value]) for value in (0, start, 1, 1)))


def book(length: int) -> Book:
    return Book(np.arange(length), np.array([0, length]))


def test_the_measure_before_the_gap_is_repeated() -> None:
    assert previous(book(20), gap(5)).tolist() == [[4, 4]]


@pytest.mark.parametrize(
    ("start", "length", "rows"), [(9, 20, [1, 2]), (7, 20, [15, 0]), (3, 20, [11, 12]), (3, 12, [11, 2])]
)
def test_copies_come_from_eight_back_else_ahead_else_before(start: int, length: int, rows: list[int]) -> None:
    assert phrase_back(book(length), gap(start)).tolist() == [rows]


def test_habits_are_smoothed_shares() -> None:
    habits = unigrams(np.array([[A, HOLD], [A, REST]]))
    assert habits[0, A] == pytest.approx(3 / (2 + SIZE))
    assert habits.sum(1) == pytest.approx([1, 1])


def test_the_fitted_weights_are_the_likeliest() -> None:
    truth = GENERATOR.choice([HOLD, A, B], size=(50, 2, 6), p=[0.6, 0.3, 0.1])
    copied = np.where(GENERATOR.random(truth.shape) < 0.7, truth, GENERATOR.permutation(truth))
    habits = unigrams(truth.reshape(-1, 6))
    best = fit(truth, copied, habits)

    def nll(hold: float, onset: float) -> float:
        return score_copy(truth, copied, habits, type(best)(hold, onset)).nll_per_token

    others = [nll(best.hold + move, best.onset) for move in (-0.02, 0.02)]
    others += [nll(best.hold, best.onset + move) for move in (-0.02, 0.02)]
    assert nll(best.hold, best.onset) < min(others)


def test_a_perfect_copy_costs_next_to_nothing() -> None:
    truth = GENERATOR.integers(0, 8, size=(20, 2, 6))
    habits = unigrams(truth.reshape(-1, 6))
    scores = score_copy(truth, truth, habits, fit(truth, truth, habits))
    assert scores.nll_per_token < 0.02
    assert scores.token_accuracy == scores.onset_accuracy == 1.0


def test_habits_alone_guess_the_commonest_token() -> None:
    truth = np.array([[[A, HOLD]], [[A, A]], [[A, HOLD]]])
    scores = score_unigram(truth, unigrams(truth.reshape(-1, 2)))
    assert scores.token_accuracy == pytest.approx(5 / 6)


def test_every_floor_is_scored() -> None:
    tokens = GENERATOR.integers(0, 8, size=(22, 24)).astype(np.uint8)
    place = Place(Bank(tokens), book(20), gap(9))
    scores = score_floors(place, place, unigrams(tokens))
    assert list(scores) == [*SOURCES, "unigram by tick"]


def test_padding_is_counted_as_tokens_but_not_as_onsets() -> None:
    truth = np.array([[START, END, A, HOLD]])
    scores = Scores.of(truth, truth, np.ones(truth.shape))
    assert (scores.tokens.sum(), scores.onsets.sum(), scores.nll_per_token) == (4, 1, 1)


def test_an_interval_over_groups_holds_the_mean_and_is_wider_than_over_gaps() -> None:
    level = np.repeat(GENERATOR.normal(1.0, 0.3, 20), 10)
    zeros = np.zeros((200, 24), np.int64)
    scores = Scores.of(zeros, zeros, np.repeat(level[:, None], 24, 1))
    low, high = scores.nll_interval(np.repeat(np.arange(20), 10))
    alone_low, alone_high = scores.nll_interval(np.arange(200))
    assert low < scores.nll_per_token < high
    assert high - low > 2 * (alone_high - alone_low)


def test_joined_scores_count_every_gap() -> None:
    zeros = np.zeros((3, 24), np.int64)
    scores = Scores.of(zeros, zeros, np.ones((3, 24)))
    assert len(Scores.joined([scores, scores]).nll) == 6
