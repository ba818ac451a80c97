"""Key signatures: alterations, scales, tonics, and the key of a melody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.score.key import KeySignature, estimate_fifths
from inpaint_desktop.score.pitch import STEP_SEMITONES, STEPS

usual_keys = st.integers(-7, 7).map(KeySignature)


@pytest.mark.parametrize(
    ("fifths", "altered"),
    [(0, {}), (2, {"F": 1, "C": 1}), (-3, {"B": -1, "E": -1, "A": -1}), (7, dict.fromkeys(STEPS, 1))],
)
def test_a_signature_alters_its_own_steps_and_no_others(fifths: int, altered: dict[str, int]) -> None:
    assert {step: KeySignature(fifths).alter(step) for step in STEPS} == dict.fromkeys(STEPS, 0) | altered


@given(usual_keys)
def test_the_pitch_classes_are_those_of_the_altered_steps(key: KeySignature) -> None:
    assert key.pitch_classes == {(STEP_SEMITONES[step] + key.alter(step)) % 12 for step in STEPS}


@pytest.mark.parametrize(
    ("fifths", "tonic"),
    [(-7, "Cb"), (-2, "Bb"), (-1, "F"), (0, "C"), (1, "G"), (5, "B"), (6, "F#"), (7, "C#"), (-8, "Fb")],
)
def test_the_major_tonic_is_named(fifths: int, tonic: str) -> None:
    assert KeySignature(fifths).major_tonic == tonic


@given(st.integers(-5, 6))
def test_a_scale_is_found_by_its_notes(fifths: int) -> None:
    assert estimate_fifths(dict.fromkeys(KeySignature(fifths).pitch_classes, 1.0)) == fifths


def test_the_written_signature_stays_where_another_fits_hardly_better() -> None:
    d_major_with_a_few_c_naturals = {2: 30, 4: 10, 6: 10, 7: 10, 9: 20, 11: 10, 1: 3, 0: 5}
    assert estimate_fifths(d_major_with_a_few_c_naturals) == 1
    assert estimate_fifths(d_major_with_a_few_c_naturals, signature=2) == 2


def test_the_written_signature_gives_way_to_one_that_fits_clearly_better() -> None:
    g_major = dict.fromkeys(KeySignature(1).pitch_classes, 1.0)
    assert estimate_fifths(g_major, signature=-3) == 1


def test_silence_is_in_the_key_that_is_written() -> None:
    assert estimate_fifths({}, signature=-2) == -2
