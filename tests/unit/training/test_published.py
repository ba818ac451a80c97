"""The published code's windows: side by side, padded, in every transposition in range."""

from dataclasses import replace

import numpy as np
import pytest

from inpaint_desktop.encoding.vocabulary import END, START, is_note, pitch_of
from training.published import HIGHEST_MIDI, LOWEST_MIDI, PublishedWindows, transposed_fifths
from training.trials import Corpora


def windows(corpora: Corpora, split: str = "train") -> PublishedWindows:
    return PublishedWindows.of(corpora.played, split, np.random.default_rng(1))


def midi_of(tokens: np.ndarray) -> list[int]:
    return [pitch_of(int(token)).midi for token in tokens.reshape(-1) if is_note(int(token))]


def test_the_first_window_starts_with_one_measure_of_padding(corpora: Corpora) -> None:
    made = windows(corpora)
    tokens = made.tokens(np.array([0]), np.array([0]))[0]
    assert (tokens[0] == START).all()
    assert (tokens[1:] != START).all()


def test_the_last_window_is_filled_up(corpora: Corpora) -> None:
    made = windows(corpora)
    tokens = made.tokens(np.array([0]), np.array([0]))[0]  # a tune of 8 measures
    assert (tokens[9:] == END).all()
    assert (tokens[:9] != END).all()


def test_windows_lie_side_by_side(corpora: Corpora) -> None:
    made = windows(corpora, "test")
    assert made.starts.tolist() == [-1, 15]


def test_all_transpositions_in_range_are_drawn_and_no_other(corpora: Corpora) -> None:
    made = windows(corpora)
    _, semitones = made.choose(4000)
    tokens = made.draw(500)
    assert set(semitones.tolist()) == set(range(int(made.lowest[:4].min()), int((made.lowest + made.shifts)[:4].max())))
    assert min(midi_of(tokens)) == LOWEST_MIDI
    assert max(midi_of(tokens)) == HIGHEST_MIDI


def test_a_transposed_window_moves_every_note(corpora: Corpora) -> None:
    made = windows(corpora)
    here, there = (made.tokens(np.array([2]), np.array([shift])) for shift in (0, -5))
    assert [midi - 5 for midi in midi_of(here)] == midi_of(there)


def test_a_transposed_window_is_spelled_in_its_key(corpora: Corpora) -> None:
    made = windows(corpora)
    tokens = made.tokens(np.array([0]), np.array([1]))  # G major, moved to A flat major
    alters = {pitch_of(int(token)).alter for token in tokens.reshape(-1) if is_note(int(token))}
    assert alters == {0, -1}


@pytest.mark.parametrize(("fifths", "semitones", "moved"), [(1, 0, 1), (7, 0, 7), (1, 1, -4), (1, -1, 6), (-5, 12, -5)])
def test_signatures_move_around_the_circle_of_fifths(fifths: int, semitones: int, moved: int) -> None:
    assert transposed_fifths(np.array([fifths]), np.array([semitones])).tolist() == [moved]


def test_a_tune_wider_than_the_range_is_never_drawn(corpora: Corpora) -> None:
    ticks = corpora.played.ticks.copy()
    ticks[0, :2] = (50, 90)
    made = PublishedWindows.of(replace(corpora.played, ticks=ticks), "train", np.random.default_rng(1))
    chosen, _ = made.choose(500)
    assert 0 not in made.tunes[chosen]


def test_batches_of_measures_are_windows_in_a_row(corpora: Corpora) -> None:
    assert windows(corpora).batch(40).shape == (40, 24)
