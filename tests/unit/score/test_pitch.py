"""Pitches: names, MIDI numbers and places on the staff."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import ScoreError
from inpaint_desktop.score.pitch import STEPS, Pitch

pitches = st.builds(Pitch, st.sampled_from(STEPS), st.integers(-3, 3), st.integers(-1, 9))


@given(pitches)
def test_a_name_is_read_back_as_the_same_pitch(pitch: Pitch) -> None:
    assert Pitch.parse(pitch.name) == pitch


@pytest.mark.parametrize("name", ["", "H4", "f4", "F", "F#b4", "F####4", "C4 ", "C-"])
def test_what_is_no_pitch_name_is_refused(name: str) -> None:
    with pytest.raises(ScoreError, match=f"'{name}' is not the name of a pitch"):
        Pitch.parse(name)


@pytest.mark.parametrize(
    ("name", "number"), [("C4", 60), ("A4", 69), ("C-1", 0), ("B#3", 60), ("Cb4", 59), ("F##4", 67), ("G9", 127)]
)
def test_midi_numbers_are_the_standard_ones(name: str, number: int) -> None:
    assert Pitch.parse(name).midi == number


@given(pitches)
def test_an_octave_is_twelve_semitones_and_seven_staff_steps(pitch: Pitch) -> None:
    above = Pitch(pitch.step, pitch.alter, pitch.octave + 1)
    assert (above.midi - pitch.midi, above.staff_position - pitch.staff_position) == (12, 7)


@given(pitches)
def test_an_accidental_does_not_move_a_note_on_the_staff(pitch: Pitch) -> None:
    assert pitch.staff_position == Pitch(pitch.step, 0, pitch.octave).staff_position


def test_middle_c_stands_on_staff_position_28() -> None:
    assert [Pitch.parse(name).staff_position for name in ("C4", "D4", "B3")] == [28, 29, 27]
