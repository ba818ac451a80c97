"""Places of notes: neighbours over barlines, ties, and measures that an edit changed."""

import pytest

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.places import (
    NotePlace,
    change_of_notes,
    joined_rests,
    note_at,
    place_after,
    place_before,
    places_in,
    sound_count,
    tied_places,
    with_sound_ties,
)
from tests.unit.score.tunes import METER, measure_of, melody_of, text_of

EMPTY = Measure((), METER, KeySignature(0), 0)


def test_places_count_measures_and_notes_in_order() -> None:
    melody = melody_of("A4 B4 | z | C5 D5")
    assert list(places_in(melody, Span(1, 3))) == [NotePlace(1, 0), NotePlace(2, 0), NotePlace(2, 1)]


@pytest.mark.parametrize("place", [NotePlace(0, 2), NotePlace(0, -1), NotePlace(1, 0), NotePlace(-1, 0)])
def test_a_place_without_a_note_is_refused_in_a_sentence(place: NotePlace) -> None:
    with pytest.raises(SelectionError, match=r"^The selected note is no longer there; .+\.$"):
        note_at(melody_of("A4 B4"), place)


def test_neighbours_are_found_over_barlines_and_measures_without_notes() -> None:
    first, last = melody_of("A4 B4 | C5").measures
    melody = Melody((first, EMPTY, last))
    assert place_after(melody, NotePlace(0, 0)) == NotePlace(0, 1)
    assert place_after(melody, NotePlace(0, 1)) == NotePlace(2, 0)
    assert place_after(melody, NotePlace(2, 0)) is None
    assert place_before(melody, NotePlace(2, 0)) == NotePlace(0, 1)
    assert place_before(melody, NotePlace(0, 1)) == NotePlace(0, 0)
    assert place_before(melody, NotePlace(0, 0)) is None


@pytest.mark.parametrize("note", [NotePlace(0, 1), NotePlace(1, 0), NotePlace(2, 0)])
def test_tied_notes_are_found_from_each_of_them(note: NotePlace) -> None:
    melody = melody_of("A4 B4:2- | B4:4- | B4 B4")
    assert tied_places(melody, note) == (NotePlace(0, 1), NotePlace(1, 0), NotePlace(2, 0))


def test_a_tie_sign_that_leads_to_another_pitch_ties_nothing() -> None:
    melody = melody_of("B4:2- | Bb4:2- | z:2")
    assert tied_places(melody, NotePlace(1, 0)) == (NotePlace(1, 0),)


def test_tied_notes_count_as_one_as_far_as_they_are_among_those_counted() -> None:
    melody = melody_of("A4:2 B4:6- | B4:4- B4:4 | B4:8")
    places = set(places_in(melody, Span(0, 3)))
    assert sound_count(melody, places) == 3
    assert sound_count(melody, {NotePlace(0, 1), NotePlace(1, 1)}) == 2
    assert sound_count(melody, {NotePlace(1, 0), NotePlace(2, 0)}) == 2


def test_rests_in_a_row_become_one() -> None:
    notes = joined_rests(measure_of("z z:2 A4 z A4:2 A4 z z").notes)
    assert [note.onset // 5040 for note in notes] == [0, 3, 4, 5, 7, 8]
    assert [note.is_rest for note in notes] == [True, False, True, False, False, True]


def test_ties_are_kept_where_they_lead_to_the_same_pitch_only() -> None:
    melody = melody_of("A4:8 | A4:8 | A4:8 | A4:8")
    new = melody_of("A4:8- | A4:4- G4:4- | A4:8-").measures
    assert text_of(with_sound_ties(melody, Span(0, 3), new)) == "A4:8- | A4:4 G4:4 | A4:8-"
    assert text_of(with_sound_ties(melody, Span(3, 4), new[:1])) == "A4:8"


def test_notes_change_in_the_measures_from_the_first_to_the_last_of_them() -> None:
    melody = melody_of("A4 B4 | C5 | D5 | E5")
    notes = {NotePlace(2, 0): measure_of("F5").notes[0], NotePlace(1, 0): measure_of("z").notes[0]}
    change = change_of_notes(melody, notes, NotePlace(2, 0))
    assert (change.span, change.note) == (Span(1, 3), NotePlace(2, 0))
    assert text_of(change.measures) == "z | F5"
