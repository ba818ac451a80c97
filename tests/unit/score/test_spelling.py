"""Spelling: sharps and flats as the key and the line ask for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.spelling import spell

lines = st.lists(st.none() | st.integers(21, 108), max_size=12)


def spelled(names: str, fifths: int) -> str:
    """Spell the pitches of ``names`` (``r`` is a rest) anew in the key with ``fifths``."""
    numbers = [None if name == "r" else Pitch.parse(name).midi for name in names.split()]
    return " ".join("r" if pitch is None else pitch.name for pitch in spell(numbers, KeySignature(fifths)))


@given(lines, st.integers(-7, 7))
def test_spelling_changes_no_sound(numbers: list[int | None], fifths: int) -> None:
    pitches = spell(numbers, KeySignature(fifths))
    assert [pitch and pitch.midi for pitch in pitches] == numbers


@given(lines, st.integers(-7, 7))
def test_a_note_of_the_scale_is_written_as_the_signature_has_it(numbers: list[int | None], fifths: int) -> None:
    key = KeySignature(fifths)
    for pitch in spell(numbers, key):
        if pitch is not None and pitch.midi % 12 in key.pitch_classes:
            assert pitch.alter == key.alter(pitch.step)


@pytest.mark.parametrize(
    ("fifths", "written"),
    [
        (2, "D4 F#4 A4 C#5"),  # never G flat in D major
        (-3, "Eb4 G4 Bb4 Ab4"),
        (0, "A4 G#4 A4"),  # a leading note
        (0, "C5 Bb4 A4"),  # the seventh of C, down to A
        (0, "F4 F#4 G4"),  # up by semitones: sharps
        (0, "G4 Gb4 F4"),  # down by semitones: flats
        (0, "D5 C#5 D5"),
        (-1, "F4 B4 C5"),
        (1, "r C#5 r"),
        (0, "E5 Eb5 D5"),
        (0, "D5 D#5 E5"),  # up from D: against the default, which is E flat
        (-6, "Cb5 Bb4"),
    ],
)
def test_lines_are_spelled_as_an_engraver_would(fifths: int, written: str) -> None:
    assert spelled(written, fifths) == written


def test_a_natural_reads_better_than_a_rare_accidental() -> None:
    assert spelled("F5 E5 Eb5", -3) == "F5 E5 Eb5"  # not F flat, though the line goes down


def test_an_empty_line_stays_empty() -> None:
    assert spell([], KeySignature(0)) == ()
