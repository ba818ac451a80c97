"""Measures for MeasureVAE: in the model's key, and varied so that they stay musical."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.score.key import KeySignature
from training.measures import (
    LARGEST_SHIFT,
    MeasureSampler,
    diatonic_tables,
    home_tokens,
    measure_splits,
    token_table,
    tokens_in,
    written_fifths,
    written_tokens,
)
from training.trials import Corpora

SCALE = sorted(midi for midi in range(48, 96) if midi % 12 in KeySignature(1).pitch_classes)


def sampler(ticks: np.ndarray, *, crossover: float = 0.0, shifted: float = 0.0) -> MeasureSampler:
    weights = np.ones(len(ticks))
    return MeasureSampler(ticks, weights, np.random.default_rng(1), crossover=crossover, shifted=shifted)


def test_holds_and_rests_have_their_tokens() -> None:
    assert token_table(1)[:2].tolist() == [vocabulary.HOLD, vocabulary.REST]


@pytest.mark.parametrize(("fifths", "name"), [(2, "F#4"), (-5, "Gb4")])
def test_tokens_are_spelled_by_the_key(fifths: int, name: str) -> None:
    (found,) = vocabulary.names_of([int(token_table(fifths)[66])])
    assert found in {name, name.replace("b", "-")}


def test_transposed_tunes_read_alike_at_home_but_not_as_written(corpora: Corpora) -> None:
    home, written = home_tokens(corpora.played), written_tokens(corpora.played)
    assert len(np.unique(home, axis=0)) < len(np.unique(written, axis=0))
    assert np.array_equal(tokens_in("home", corpora.played), home)
    assert np.array_equal(tokens_in("written", corpora.played), written)


def test_as_written_the_sound_stays(corpora: Corpora) -> None:
    tokens, ticks = written_tokens(corpora.played), corpora.played.ticks
    sounding = [vocabulary.pitch_of(int(token)).midi for token in tokens[ticks > 1]]
    assert sounding == ticks[ticks > 1].tolist()


def test_an_unknown_signature_is_estimated(corpora: Corpora) -> None:
    unknown = replace(corpora.played, fifths=np.full_like(corpora.played.fifths, 127))
    assert written_fifths(unknown).tolist() == corpora.played.fifths.tolist()


def test_every_measure_has_the_split_of_its_tune(corpora: Corpora) -> None:
    assert np.bincount(measure_splits(corpora.played)).tolist() == [8 + 10 + 12 + 14, 16, 18]


@given(st.integers(-LARGEST_SHIFT, LARGEST_SHIFT), st.integers(10, len(SCALE) - 10))
def test_a_diatonic_shift_moves_by_steps_of_the_scale(steps: int, rung: int) -> None:
    table = diatonic_tables(1)[steps + LARGEST_SHIFT]
    assert table[SCALE[rung]] == SCALE[rung + steps]


@given(st.integers(-LARGEST_SHIFT, LARGEST_SHIFT))
def test_a_diatonic_shift_leaves_holds_rests_and_alterations(steps: int) -> None:
    table = diatonic_tables(1)[steps + LARGEST_SHIFT]
    assert table[:2].tolist() == [0, 1]
    assert table[68] - table[67] == 1  # G sharp stays a sharpened note


def test_a_shift_by_nothing_changes_nothing() -> None:
    assert diatonic_tables(1)[LARGEST_SHIFT, 2:].tolist() == list(range(2, 128))


def test_a_crossover_takes_the_first_beats_of_one_and_the_last_of_another() -> None:
    one, other = np.full(24, 67, np.int8), np.full(24, 71, np.int8)
    tokens = sampler(np.stack((one, other)), crossover=1.0).batch(200)
    first, second = (token_table(1)[midi] for midi in (67, 71))
    changes = [np.flatnonzero(np.diff(row)) + 1 for row in tokens]
    assert set(np.unique(tokens)) == {first, second}
    assert {int(place) for change in changes for place in change} == {6, 12, 18}


def test_unvaried_measures_are_those_of_the_corpus(corpora: Corpora) -> None:
    ticks = corpora.played.ticks
    tokens = sampler(ticks).batch(50)
    known = {row.tobytes() for row in token_table(1)[ticks]}
    assert all(row.tobytes() in known for row in tokens)


def test_common_measures_are_drawn_more_often_but_not_by_their_count() -> None:
    ticks = np.concatenate([np.full((16, 24), 67), np.full((1, 24), 71)]).astype(np.int8)
    made = MeasureSampler.of_distinct(ticks, np.random.default_rng(1))
    assert sorted(made.weights.tolist()) == [1.0, 4.0]


def test_the_same_seed_draws_the_same_measures(corpora: Corpora) -> None:
    batches = [MeasureSampler.of_distinct(corpora.played.ticks, np.random.default_rng(3)).batch(20) for _ in range(2)]
    assert np.array_equal(batches[0], batches[1])
