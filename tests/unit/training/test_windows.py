"""Windows: past, gap and future of one tune, with at most one measure of padding at its ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.encoding.vocabulary import END, START
from inpaint_desktop.errors import SettingsError
from training.measures import home_tokens
from training.trials import Corpora
from training.windows import LONGEST_WINDOW, Bank, Batch, Book, WindowSampler, bind, window

LENGTHS = (5, 9, 20, 33)


def library() -> tuple[Bank, Book]:
    """Tunes in which every measure is another row, in order."""
    rows = np.arange(sum(LENGTHS))
    tokens = np.zeros((len(rows) + 2, 24), np.uint8)
    return Bank(tokens), Book(rows, np.cumsum([0, *LENGTHS]))


def sampler(seed: int, **what: object) -> WindowSampler:
    bank, book = library()
    return WindowSampler(bank, book, np.random.default_rng(seed), **what)  # type: ignore[arg-type]


def rows_of(batch: Batch) -> np.ndarray:
    return np.concatenate((batch.past, batch.gap, batch.future), 1)


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_a_window_reaches_at_most_one_measure_beyond_its_tune(seed: int) -> None:
    drawn = sampler(seed)
    rows = rows_of(drawn.batch(16))
    assert ((rows == drawn.bank.start).sum(1) <= 1).all()
    assert ((rows == drawn.bank.end).sum(1) <= 1).all()


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_a_gap_is_music_with_something_on_both_sides(seed: int) -> None:
    drawn = sampler(seed)
    batch = drawn.batch(16)
    assert (batch.gap < drawn.bank.start).all()
    assert min(batch.past.shape[1], batch.future.shape[1]) >= 1


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_the_measures_of_a_window_follow_each_other_in_one_tune(seed: int) -> None:
    drawn = sampler(seed)
    tune_of = np.repeat(np.arange(len(LENGTHS)), LENGTHS)
    for rows in rows_of(drawn.batch(16)):
        music = rows[rows < drawn.bank.start]
        assert (np.diff(music) == 1).all()
        assert len(set(tune_of[music])) == 1


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(4, 16))
def test_shapes_keep_to_what_was_asked_for(seed: int, longest: int) -> None:
    drawn = sampler(seed, gaps=(1, 2), longest=longest)
    past, missing, future = drawn.shape()
    assert missing in {1, 2}
    assert past + missing + future <= longest


def test_short_tunes_get_short_windows() -> None:
    _, book = library()
    drawn = WindowSampler(library()[0], book.only(np.array([0])), np.random.default_rng(1), gaps=(1, 5))
    assert max(sum(drawn.shape()) for _ in range(100)) == LENGTHS[0] + 2
    assert len(drawn.batch(9).gap) == 9


def test_gaps_longer_than_every_tune_are_refused() -> None:
    with pytest.raises(SettingsError, match="Gaps of 40 measures cannot be drawn from tunes of at most 33"):
        sampler(1, gaps=(1, 40))


def test_without_short_windows_all_are_full() -> None:
    drawn = sampler(1, short_share=0.0)
    assert {sum(drawn.shape()) for _ in range(50)} == {LONGEST_WINDOW}


def test_every_number_of_missing_measures_is_drawn() -> None:
    drawn = sampler(1)
    assert {drawn.shape()[1] for _ in range(200)} == set(range(1, 9))


def test_a_window_is_filled_with_start_and_end() -> None:
    bank, book = library()
    batch = window(bank, book, np.array([0]), np.array([1]), (3, 2, 4))
    assert batch.past.tolist() == [[bank.start, bank.start, 0]]
    assert batch.gap.tolist() == [[1, 2]]
    assert batch.future.tolist() == [[3, 4, bank.end, bank.end]]


def test_a_bank_holds_every_measure_once_and_the_padding(corpora: Corpora) -> None:
    tokens = home_tokens(corpora.played)
    bank, (book, again) = bind([(corpora.played, tokens), (corpora.played, tokens)])
    assert np.array_equal(bank.tokens[book.rows], tokens)
    assert np.array_equal(book.rows, again.rows)
    assert len(np.unique(bank.tokens, axis=0)) == len(bank.tokens)
    assert (bank.tokens[bank.start].tolist(), bank.tokens[bank.end].tolist()) == ([START] * 24, [END] * 24)


@pytest.mark.parametrize("tunes", [[2], [3, 0]])
def test_a_book_of_some_tunes_holds_their_measures(tunes: list[int]) -> None:
    _, book = library()
    part = book.only(np.array(tunes))
    assert part.lengths.tolist() == [LENGTHS[tune] for tune in tunes]
    assert part.rows[: LENGTHS[tunes[0]]].tolist() == list(range(*book.starts[tunes[0] : tunes[0] + 2]))
