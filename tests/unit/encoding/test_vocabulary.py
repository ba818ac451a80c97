"""The vocabulary: fixed, sorted, and without a gap for any pitch."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.score.pitch import STEPS, Pitch

pitches = st.builds(Pitch, st.sampled_from(STEPS), st.integers(-2, 2), st.integers(0, 9))


def test_the_vocabulary_of_version_1_never_changes() -> None:
    digest = hashlib.sha256(" ".join(vocabulary.NAMES).encode()).hexdigest()
    assert (vocabulary.VERSION, vocabulary.SIZE, digest[:16]) == (1, 98, "66d537b58fb873d1")


def test_names_are_distinct_and_notes_rise() -> None:
    assert len(set(vocabulary.NAMES)) == vocabulary.SIZE
    numbers = [pitch.midi for pitch in vocabulary.PITCHES]
    assert numbers == sorted(numbers)


def test_every_semitone_of_the_range_has_a_token() -> None:
    numbers = {pitch.midi for pitch in vocabulary.PITCHES}
    assert numbers == set(range(vocabulary.LOWEST_MIDI, vocabulary.HIGHEST_MIDI + 1))


@given(st.sampled_from(vocabulary.PITCHES))
def test_a_pitch_comes_back_from_its_token(pitch: Pitch) -> None:
    token = vocabulary.token_of(pitch)
    assert vocabulary.is_note(token)
    assert vocabulary.pitch_of(token) == pitch


@given(pitches)
def test_a_pitch_without_a_token_of_its_own_sounds_the_same_or_octaves_away(pitch: Pitch) -> None:
    found = vocabulary.pitch_of(vocabulary.token_of(pitch))
    assert (found.midi - pitch.midi) % 12 == 0
    if vocabulary.LOWEST_MIDI <= pitch.midi <= vocabulary.HIGHEST_MIDI:
        assert found.midi == pitch.midi


def test_a_double_sharp_takes_its_plain_enharmonic() -> None:
    assert vocabulary.pitch_of(vocabulary.token_of(Pitch("F", 2, 4))) == Pitch("G", 0, 4)


def test_nothing_is_a_rest() -> None:
    assert vocabulary.token_of(None) == vocabulary.REST


@pytest.mark.parametrize("token", [vocabulary.HOLD, vocabulary.REST, vocabulary.START, vocabulary.END, vocabulary.SIZE])
def test_a_special_token_has_no_pitch(token: int) -> None:
    with pytest.raises(IndexError, match=f"token {token} is not a note"):
        vocabulary.pitch_of(token)


def test_tokens_have_names_for_people() -> None:
    tokens = (vocabulary.token_of(Pitch("F", 1, 5)), vocabulary.HOLD, vocabulary.REST)
    assert vocabulary.names_of(tokens) == (Pitch("F", 1, 5).name, "__", "rest")
