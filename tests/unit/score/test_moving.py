"""Moving notes: steps, semitones and octaves, spelled well, ties as they should be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import ScoreError, SelectionError
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.moving import (
    Move,
    Octaves,
    Semitones,
    Steps,
    move_measures,
    move_note,
    pitch_near,
    set_pitch,
)
from inpaint_desktop.score.places import NotePlace, note_at
from tests.unit.score.tunes import after, melodies, melody_of, places, text_of

moves = st.one_of(
    st.builds(Steps, st.integers(-9, 9)),
    st.builds(Semitones, st.integers(-24, 24)),
    st.builds(Octaves, st.integers(-2, 2)),
)


def sounds(melody: Melody) -> list[tuple[int, int | None]]:
    """The durations and MIDI numbers of all notes."""
    notes = (note for measure in melody.measures for note in measure.notes)
    return [(note.duration, note.pitch.midi if note.pitch else None) for note in notes]


def moved_note(text: str, place: NotePlace, move: Move, *, fifths: int = 0) -> str:
    melody = melody_of(text, fifths=fifths)
    return text_of(after(melody, move_note(melody, place, move)).measures)


def moved_measures(text: str, span: Span, move: Move, *, fifths: int = 0) -> str:
    melody = melody_of(text, fifths=fifths)
    return text_of(after(melody, move_measures(melody, span, move)).measures)


@pytest.mark.parametrize(
    ("fifths", "before", "move", "written"),
    [
        (0, "E4", Steps(1), "F4"),
        (2, "E4", Steps(1), "F#4"),
        (2, "B4", Steps(1), "C#5"),
        (2, "C#5", Steps(-1), "B4"),
        (-3, "D5", Steps(7), "D6"),
        (0, "F#4", Steps(1), "G4"),  # back into the key
        (0, "F#4", Steps(-1), "E4"),
        (0, "A4", Octaves(-1), "A3"),
        (0, "Cb5", Octaves(1), "Cb6"),
        (0, "D#5", Semitones(12), "D#6"),
        (0, "A4", Semitones(-1), "G#4"),  # on its own, nearest to the key
        (2, "A4", Semitones(1), "A#4"),
        (2, "F#4", Semitones(-1), "F4"),
    ],
)
def test_a_note_is_moved_and_spelled(fifths: int, before: str, move: Move, written: str) -> None:
    assert moved_note(before, NotePlace(0, 0), move, fifths=fifths) == written


def test_a_note_that_comes_to_pass_between_others_is_spelled_in_their_direction() -> None:
    assert moved_note("D5 D5 E5", NotePlace(0, 1), Semitones(1)) == "D5 D#5 E5"
    assert moved_note("E5 D5 D5", NotePlace(0, 1), Semitones(1)) == "E5 Eb5 D5"


def test_a_note_is_spelled_by_its_neighbours_over_the_barlines() -> None:
    assert moved_note("D5 | D5 | E5", NotePlace(1, 0), Semitones(1)) == "D5 | D#5 | E5"


@pytest.mark.parametrize("place", [NotePlace(0, 1), NotePlace(1, 0), NotePlace(2, 0)])
def test_tied_notes_move_together_and_stay_tied(place: NotePlace) -> None:
    moved = moved_note("A4 B4:1- | B4:1- | B4 B4", place, Steps(1))
    assert moved == "A4 C5:1- | C5:1- | C5 B4"


def test_the_moved_note_stays_the_selected_one() -> None:
    melody = melody_of("A4 B4:1- | B4:1 A4")
    change = move_note(melody, NotePlace(1, 0), Steps(1))
    assert (change.span, change.note) == (Span(0, 2), NotePlace(1, 0))


def test_a_rest_has_no_pitch_to_move() -> None:
    for move in (Steps(1), Semitones(1), Octaves(1)):
        with pytest.raises(SelectionError, match="A rest cannot be moved"):
            move_note(melody_of("z"), NotePlace(0, 0), move)


@pytest.mark.parametrize(
    ("before", "move", "sentence"),
    [
        ("G9", Steps(1), "above G9"),
        ("G9", Semitones(1), "above G9"),
        ("A8", Octaves(1), "above G9"),
        ("C-1", Steps(-1), "below C-1"),
        ("C-1", Octaves(-1), "below C-1"),
    ],
)
def test_a_note_stays_in_the_range_of_midi(before: str, move: Move, sentence: str) -> None:
    with pytest.raises(ScoreError, match=f"^A note of measure 1 would lie {sentence}"):
        move_note(melody_of(before), NotePlace(0, 0), move)


@given(st.data())
def test_a_note_of_the_key_that_goes_up_and_down_by_steps_is_the_same_again(data: st.DataObject) -> None:
    melody, steps = data.draw(melodies()), data.draw(st.integers(-9, 9))
    place = data.draw(places(melody))
    note, key = note_at(melody, place), melody.measures[place.measure].key
    if note.pitch is None or note.pitch.alter != key.alter(note.pitch.step):
        return
    there = after(melody, move_note(melody, place, Steps(steps)))
    assert after(there, move_note(there, place, Steps(-steps))) == melody


@given(st.data())
def test_a_note_that_goes_there_and_back_sounds_the_same_again(data: st.DataObject) -> None:
    melody, semitones = data.draw(melodies()), data.draw(st.integers(-30, 30))
    place = data.draw(places(melody))
    if note_at(melody, place).is_rest:
        return
    there = after(melody, move_note(melody, place, Semitones(semitones)))
    assert sounds(after(there, move_note(there, place, Semitones(-semitones)))) == sounds(melody)


# A pitch that is given


@given(st.data())
def test_a_note_gets_the_pitch_it_is_dragged_to(data: st.DataObject) -> None:
    melody, midi = data.draw(melodies()), data.draw(st.integers(0, 127))
    place = data.draw(places(melody))
    if note_at(melody, place).is_rest:
        return
    pitch = note_at(after(melody, set_pitch(melody, place, midi)), place).pitch
    assert pitch is not None
    assert pitch.midi == midi


@pytest.mark.parametrize("midi", [-1, 128])
def test_a_note_cannot_be_dragged_out_of_the_range_of_midi(midi: int) -> None:
    with pytest.raises(ScoreError, match="out of the range of MIDI"):
        set_pitch(melody_of("A4"), NotePlace(0, 0), midi)


@pytest.mark.parametrize(
    ("fifths", "text", "place", "pitch"),
    [
        (0, "G4 A4 z", NotePlace(0, 2), "A4"),
        (0, "G4 | z | z", NotePlace(2, 0), "G4"),
        (2, "F4 z", NotePlace(0, 1), "F#4"),
        (0, "z | z | E5", NotePlace(0, 0), "E5"),
        (0, "z:8", NotePlace(0, 0), "B4"),
        (-2, "z:8", NotePlace(0, 0), "Bb4"),
    ],
)
def test_a_new_note_is_near_the_note_before_and_in_key(fifths: int, text: str, place: NotePlace, pitch: str) -> None:
    assert pitch_near(melody_of(text, fifths=fifths), place).name == pitch


# Measures


def test_measures_are_moved_by_steps_with_their_accidentals() -> None:
    assert moved_measures("A4 | F4 F#4 z | B4", Span(1, 2), Steps(1)) == "A4 | G4 G#4 z | B4"


def test_measures_are_moved_by_octaves_in_the_same_spelling() -> None:
    assert moved_measures("A#4 Bb4 z", Span(0, 1), Octaves(-1)) == "A#3 Bb3 z"


def test_measures_are_moved_by_semitones_and_spelled_as_a_line() -> None:
    assert moved_measures("C5 C5 D5", Span(0, 1), Semitones(1)) == "C#5 C#5 Eb5"
    assert moved_measures("C5 C#5 D5", Span(0, 1), Semitones(2)) == "D5 D#5 E5"


def test_a_tie_between_moved_measures_stays_and_one_that_leaves_them_is_dissolved() -> None:
    moved = moved_measures("A4:8- | A4:8- | A4:8- | A4:8", Span(1, 3), Semitones(1))
    assert moved == "A4:8- | Bb4:8- | Bb4:8 | A4:8"


def test_tied_notes_are_spelled_alike_under_another_key() -> None:
    first, second = melody_of("A4:8- | A4:8").measures
    second = replace(second, key=replace(second.key, fifths=5))
    melody = Melody((first, second))
    assert text_of(move_measures(melody, Span(0, 2), Semitones(1)).measures) == "Bb4:8- | Bb4:8"


def test_silent_measures_at_the_ends_of_the_selection_stay_as_they_are() -> None:
    melody = melody_of("z:8 | A4 | z:8 | B4 | z:8")
    change = move_measures(melody, Span(0, 5), Octaves(1))
    assert (change.span, text_of(change.measures)) == (Span(0, 5), "z:8 | A5 | z:8 | B5 | z:8")


def test_measures_of_rests_have_nothing_to_move() -> None:
    with pytest.raises(SelectionError, match="only rests"):
        move_measures(melody_of("A4 | z:8"), Span(1, 2), Steps(1))


def test_measures_that_are_not_there_are_not_moved() -> None:
    with pytest.raises(SelectionError, match="not in this tune"):
        move_measures(melody_of("A4"), Span(0, 2), Steps(1))


def test_one_note_out_of_range_leaves_all_where_they_are() -> None:
    with pytest.raises(ScoreError, match=r"^A note of measure 2 would"):
        move_measures(melody_of("A4 | G9"), Span(0, 2), Steps(1))


def test_no_note_gets_three_accidentals() -> None:
    assert moved_measures("Fbb4", Span(0, 1), Steps(-1), fifths=1) == "C#4"


@given(st.data(), moves)
def test_moving_changes_no_rhythm_and_no_other_measure(data: st.DataObject, move: Move) -> None:
    melody = data.draw(melodies())
    start = data.draw(st.integers(0, len(melody.measures) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(melody.measures))))
    if all(note.is_rest for measure in melody.measures[start : span.stop] for note in measure.notes):
        return
    change = move_measures(melody, span, move)
    assert change.span == span
    rhythms = [
        [[(note.onset, note.duration, note.is_rest) for note in measure.notes] for measure in measures]
        for measures in (change.measures, melody.measures[start : span.stop])
    ]
    assert rhythms[0] == rhythms[1]


@given(melodies(), moves)
def test_moving_a_whole_tune_there_and_back_sounds_the_same_and_keeps_its_ties(melody: Melody, move: Move) -> None:
    span, back = Span(0, len(melody.measures)), replace(move, count=-move.count)
    if all(number is None for _, number in sounds(melody)):
        return
    there = after(melody, move_measures(melody, span, move))
    again = after(there, move_measures(there, span, back))
    assert sounds(again) == sounds(melody)
    ties = [[note.ties_on for measure in one.measures for note in measure.notes] for one in (there, melody)]
    assert ties[0] == ties[1]


@given(melodies(), st.integers(-12, 12))
def test_moving_by_semitones_moves_every_note_as_far(melody: Melody, semitones: int) -> None:
    if all(number is None for _, number in sounds(melody)):
        return
    moved = after(melody, move_measures(melody, Span(0, len(melody.measures)), Semitones(semitones)))
    assert sounds(moved) == [
        (ticks, None if number is None else number + semitones) for ticks, number in sounds(melody)
    ]
