"""Fixed lists of gaps: real measures on both sides, windows as long as can be."""

import numpy as np
import pytest

from training.gaps import Gaps, batches, draw_gaps, targets
from training.windows import LONGEST_WINDOW, Bank, Book

LENGTHS = np.array([3, 6, 14, 40])
BOOK = Book(np.arange(LENGTHS.sum()), np.cumsum([0, *LENGTHS]))
BANK = Bank(np.zeros((LENGTHS.sum() + 2, 24), np.uint8))


def gaps_of(missing: int, count: int = 500) -> Gaps:
    return draw_gaps(BOOK, missing, count, np.random.default_rng([5, missing]))


@pytest.mark.parametrize("missing", range(1, 9))
def test_a_gap_has_a_real_measure_on_both_sides(missing: int) -> None:
    gaps = gaps_of(missing)
    assert (gaps.starts >= 1).all()
    assert (gaps.starts + missing < LENGTHS[gaps.tunes]).all()


@pytest.mark.parametrize("missing", range(1, 9))
def test_windows_are_full_and_reach_one_measure_beyond_the_tune_at_most(missing: int) -> None:
    gaps = gaps_of(missing)
    assert np.array_equal(gaps.pasts + missing + gaps.futures, np.minimum(LONGEST_WINDOW, LENGTHS[gaps.tunes] + 2))
    assert (gaps.starts - gaps.pasts >= -1).all()
    assert (gaps.starts + missing + gaps.futures <= LENGTHS[gaps.tunes] + 1).all()


def test_a_tune_that_is_too_short_gives_no_gap() -> None:
    assert 0 not in gaps_of(2).tunes


def test_every_place_is_as_likely_as_any_other() -> None:
    gaps = gaps_of(4, 4000)
    share = (gaps.tunes == 3).mean()
    assert share == pytest.approx(35 / (1 + 9 + 35), abs=0.03)


def test_the_same_seed_gives_the_same_list() -> None:
    assert all(np.array_equal(getattr(gaps_of(3), name), getattr(gaps_of(3), name)) for name in ("starts", "pasts"))


def test_batches_cover_every_gap_once_with_its_own_measures() -> None:
    gaps = gaps_of(3)
    found = [(places, batch) for places, batch in batches(BANK, BOOK, gaps, size=20)]
    assert sorted(np.concatenate([places for places, _ in found]).tolist()) == list(range(len(gaps)))
    for places, batch in found:
        assert len(places) <= 20
        assert np.array_equal(batch.gap, targets(BOOK, gaps)[places])
