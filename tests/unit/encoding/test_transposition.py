"""Moving melodies into the home key and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding.transposition import (
    HOME_CENTER_MIDI,
    HOME_FIFTHS,
    Transposition,
    home_of,
    home_of_notes,
    key_of,
)
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

D_MAJOR = ("D4", "E4", "F#4", "G4", "A4", "B4", "C#5", "D5")


def melody_of(names: tuple[str, ...], fifths: int) -> Melody:
    """One eighth note a name, eight to the measure."""
    eighth = TICKS_PER_QUARTER // 2
    pitches = [None if name == "r" else Pitch.parse(name) for name in names]
    notes = tuple(Note(place * eighth, eighth, pitch) for place, pitch in enumerate(pitches))
    return Melody((Measure(notes, Meter(len(names), 8), KeySignature(fifths), len(names) * eighth),))


def test_a_tune_in_d_major_moves_into_the_signature_of_one_sharp() -> None:
    home = home_of(melody_of(D_MAJOR, 2))
    assert home.key == KeySignature(HOME_FIFTHS)
    assert home.semitones % 12 == 5


def test_scale_notes_need_no_accidental_at_home() -> None:
    melody = melody_of(D_MAJOR, 2)
    measure = home_of(melody).apply(melody.measures[0])
    pitches = [note.pitch for note in measure.notes if note.pitch]
    assert all(pitch.alter == KeySignature(HOME_FIFTHS).alter(pitch.step) for pitch in pitches)


@given(st.lists(st.tuples(st.integers(30, 100), st.integers(1, 9)), min_size=1), st.none() | st.integers(-5, 6))
def test_home_lies_near_the_middle_of_the_staff(notes: list[tuple[int, int]], signature: int | None) -> None:
    semitones = home_of_notes(notes, signature).semitones
    center = sum(midi * duration for midi, duration in notes) / sum(duration for _, duration in notes)
    assert abs(center + semitones - HOME_CENTER_MIDI) <= 6.001


@given(st.integers(-12, 12))
def test_a_transposed_tune_reads_the_same_at_home(semitones: int) -> None:
    numbers = [62, 64, 66, 67, 69, 71, 73, 74]
    here, there = (home_of_notes([(n + shift, 1) for n in numbers], None).semitones for shift in (0, semitones))
    assert (there + semitones - here) % 12 == 0


def test_moving_there_and_back_changes_no_sound() -> None:
    measure = melody_of(("D4", "r", "F#4", "C5"), 2).measures[0]
    there = Transposition(5, KeySignature(1)).apply(measure)
    back = Transposition(-5, KeySignature(2)).apply(there)
    assert [note.pitch and note.pitch.midi for note in back.notes] == [62, None, 66, 72]


def test_ties_and_times_stay() -> None:
    note = Note(0, 4 * TICKS_PER_QUARTER, Pitch("A", 0, 4), ties_on=True)
    measure = Measure((note,), Meter(4, 4), KeySignature(0), 4 * TICKS_PER_QUARTER)
    (moved,) = Transposition(-2, KeySignature(0)).apply(measure).notes
    assert (moved.onset, moved.duration, moved.ties_on) == (note.onset, note.duration, True)


@pytest.mark.parametrize("melody", [Melody(()), melody_of(("r",) * 8, 0)])
def test_a_melody_without_notes_has_a_home_too(melody: Melody) -> None:
    assert home_of(melody).key.fifths == HOME_FIFTHS


def test_the_key_is_the_written_one_unless_another_is_clearly_better() -> None:
    assert key_of(melody_of(("G4", "A4", "B4"), 2)).fifths == 2
    assert key_of(melody_of(D_MAJOR, -3)).fifths == 2
    assert key_of(Melody(())).fifths == 0
