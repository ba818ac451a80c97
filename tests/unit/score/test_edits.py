"""Edits of rhythm: measures stay full, what is not touched stays, and rests are joined."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import InpaintDesktopError, ScoreError, SelectionError
from inpaint_desktop.score.edits import (
    LENGTHS,
    insert_note,
    length_of,
    lengthened,
    make_note,
    make_rest,
    set_length,
    shortened,
)
from inpaint_desktop.score.melody import Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import Change, NotePlace, note_at
from tests.unit.score.tunes import EIGHTH, after, melodies, melody_of, places, text_of

lengths = st.sampled_from([length.ticks for length in LENGTHS])


def edited(edit: Callable[..., Change], text: str, place: NotePlace, *values: object) -> str:
    melody = melody_of(text)
    return text_of(after(melody, edit(melody, place, *values)).measures)


# Lengths


def test_lengths_go_from_the_dotted_whole_to_the_triplet_of_32nds_in_whole_ticks() -> None:
    names = [length.name for length in LENGTHS]
    assert (names[0], names[-1], len(set(names))) == ("dotted whole", "triplet 32nd", 18)
    plain = [length.ticks for length in LENGTHS if not length.is_triplet]
    assert plain == sorted(plain, reverse=True)
    ticks = {length.name: length.ticks for length in LENGTHS}
    assert ticks["quarter"] == TICKS_PER_QUARTER
    assert ticks["dotted quarter"] * 2 == TICKS_PER_QUARTER * 3
    assert ticks["triplet eighth"] * 3 == TICKS_PER_QUARTER
    assert ticks["triplet 32nd"] * 12 == TICKS_PER_QUARTER


def test_a_note_knows_its_length_by_name_where_it_has_one() -> None:
    quarter = length_of(Note(0, TICKS_PER_QUARTER, None))
    assert quarter is not None
    assert quarter.name == "quarter"
    assert length_of(Note(0, 5 * EIGHTH, None)) is None


@pytest.mark.parametrize(
    ("before", "eighths", "result"),
    [
        ("A4:2 B4:2 C5:4", 4, "A4:4 C5:4"),  # the next is removed
        ("A4:2 B4:4 C5:2", 3, "A4:3 B4:3 C5:2"),  # the next is shortened
        ("A4:2 B4 C5 D5:4", 8, "A4:8"),
        ("A4:2 z:2 C5:4", 3, "A4:3 z C5:4"),
        ("A4:4 C5:4", 1, "A4 z:3 C5:4"),
        ("A4:4 z:4", 1, "A4 z:7"),
        ("A4:4 C5:4", 4, "A4:4 C5:4"),
        ("z:4 C5:4", 5, "z:5 C5:3"),
        ("z:4 C5:4", 3, "z:4 C5:4"),
    ],
)
def test_a_longer_note_takes_its_time_from_those_after_it_and_a_shorter_one_leaves_a_rest(
    before: str, eighths: int, result: str
) -> None:
    assert edited(set_length, before, NotePlace(0, 0), eighths * EIGHTH) == result


def test_a_tie_over_the_barline_goes_when_its_note_does_not_reach_it_any_more() -> None:
    assert edited(set_length, "A4:4 B4:4- | B4:8", NotePlace(0, 1), EIGHTH) == "A4:4 B4 z:3 | B4:8"
    assert edited(set_length, "A4:4 B4:4- | B4:8", NotePlace(0, 0), 5 * EIGHTH) == "A4:5 B4:3- | B4:8"
    assert edited(set_length, "B4:4 B4:4- | B4:8", NotePlace(0, 0), 8 * EIGHTH) == "B4:8 | B4:8"


@pytest.mark.parametrize("ticks", [0, -1, 5 * EIGHTH])
def test_a_length_that_the_measure_has_no_room_for_is_refused(ticks: int) -> None:
    with pytest.raises(ScoreError, match=r"^Measure 1 has no room for that length .+\.$"):
        edited(set_length, "A4:4 B4:4", NotePlace(0, 1), ticks)


@pytest.mark.parametrize(
    ("before", "longer", "shorter"),
    [
        ("A4:2 z:6", "A4:3 z:5", "A4:1.5 z:6.5"),
        ("A4:5 z:3", "A4:6 z:2", "A4:4 z:4"),  # from between two values
        ("A4:0.25 z:7.75", "A4:0.375 z:7.625", ""),
        ("A4:8", "", "A4:6 z:2"),
        ("A4:7 z", "A4:8", "A4:6 z:2"),
    ],
)
def test_a_note_gets_the_next_value_as_long_as_there_is_one(before: str, longer: str, shorter: str) -> None:
    for edit, result in ((lengthened, longer), (shortened, shorter)):
        if result:
            assert edited(edit, before, NotePlace(0, 0)) == result
        else:
            with pytest.raises(ScoreError, match="The note is as"):
                edited(edit, before, NotePlace(0, 0))


def test_a_triplet_stays_one() -> None:
    melody, place = melody_of(f"A4:{2 / 3} B4:{2 / 3} C5:{2 / 3} z:6"), NotePlace(0, 0)
    assert after(melody, lengthened(melody, place)).measures[0].notes[0].duration == TICKS_PER_QUARTER * 2 // 3
    assert after(melody, shortened(melody, place)).measures[0].notes[0].duration == TICKS_PER_QUARTER // 6


# Rests


@pytest.mark.parametrize(
    ("before", "number", "result", "selected"),
    [
        ("A4 B4 C5", 1, "A4 z C5", 1),
        ("z B4 C5", 1, "z:2 C5", 0),
        ("z B4 z:2 C5", 1, "z:4 C5", 0),
        ("A4 z C5", 1, "A4 z C5", 1),
        ("A4 B4", 1, "A4 z", 1),
    ],
)
def test_a_note_becomes_a_rest_in_one_with_its_neighbours(before: str, number: int, result: str, selected: int) -> None:
    melody = melody_of(before)
    change = make_rest(melody, NotePlace(0, number))
    assert (text_of(change.measures), change.note) == (result, NotePlace(0, selected))


def test_a_rest_ends_the_ties_of_its_measure() -> None:
    assert edited(make_rest, "A4:4 B4:4- | B4:8", NotePlace(0, 1)) == "A4:4 z:4 | B4:8"


def test_a_rest_becomes_a_note_near_the_one_before() -> None:
    assert edited(make_note, "A4:2 z:6 | z:8", NotePlace(0, 1)) == "A4:2 A4:6 | z:8"
    assert edited(make_note, "A4:2 z:6 | z:8", NotePlace(1, 0)) == "A4:2 z:6 | A4:8"


def test_a_rest_becomes_the_note_that_is_given() -> None:
    assert edited(make_note, "A4:2 z:6", NotePlace(0, 1), Pitch("E", -1, 5)) == "A4:2 Eb5:6"


def test_a_note_does_not_become_a_note() -> None:
    with pytest.raises(SelectionError, match=r"^There is a note at this place already; .+\.$"):
        edited(make_note, "A4:2 z:6", NotePlace(0, 0))


@pytest.mark.parametrize(
    ("tick", "duration", "result", "selected"),
    [
        (2, 2, "A4:2 C5:2 z:4", 1),
        (4, 2, "A4:2 z:2 C5:2 z:2", 2),
        (6, 2, "A4:2 z:4 C5:2", 2),
        (6, 99, "A4:2 z:4 C5:2", 2),
    ],
)
def test_a_note_is_put_into_a_rest_and_ends_with_it(tick: int, duration: int, result: str, selected: int) -> None:
    change = insert_note(melody_of("A4:2 z:6"), 0, tick * EIGHTH, duration * EIGHTH, Pitch("C", 0, 5))
    assert (change.span, text_of(change.measures)) == (Span(0, 1), result)
    assert change.note == NotePlace(0, selected)


@pytest.mark.parametrize(("measure", "tick"), [(-1, 0), (1, 0), (0, -1), (0, 8 * EIGHTH)])
def test_a_note_is_put_into_the_tune_only(measure: int, tick: int) -> None:
    with pytest.raises(SelectionError, match="not in the tune"):
        insert_note(melody_of("z:8"), measure, tick, EIGHTH)


def test_a_note_that_cannot_be_is_refused() -> None:
    with pytest.raises(ScoreError, match="C10 is out of the range of MIDI"):
        insert_note(melody_of("z:8"), 0, 0, EIGHTH, Pitch("C", 0, 10))
    with pytest.raises(ScoreError, match="A note has to last"):
        insert_note(melody_of("z:8"), 0, 0, 0)


# Whatever the edit


def the_edits(data: st.DataObject, melody: Melody, place: NotePlace) -> Change:
    """One of all edits, with any values."""
    edits: list[Callable[[], Change]] = [
        lambda: set_length(melody, place, data.draw(lengths)),
        lambda: lengthened(melody, place),
        lambda: shortened(melody, place),
        lambda: make_rest(melody, place),
        lambda: make_note(melody, place),
        lambda: insert_note(melody, place.measure, data.draw(st.integers(0, 9 * EIGHTH)), data.draw(lengths)),
    ]
    return data.draw(st.sampled_from(edits))()


@given(st.data())
def test_an_edit_changes_one_measure_which_keeps_its_length_and_the_notes_before(data: st.DataObject) -> None:
    melody = data.draw(melodies())
    place = data.draw(places(melody))
    try:
        change = the_edits(data, melody, place)
    except InpaintDesktopError:
        return
    assert change.span == Span(place.measure, place.measure + 1)
    old, (new,) = melody.measures[place.measure], change.measures
    assert new.duration == old.duration == new.notes[-1].end
    assert change.note is not None
    assert not any(one.is_rest and other.is_rest for one, other in zip(new.notes, new.notes[1:], strict=False))
    edited_note = note_at(after(melody, change), change.note)
    assert [note for note in old.notes if note.end < edited_note.onset] == [
        note for note in new.notes if note.end < edited_note.onset
    ]


@given(st.data())
def test_a_note_that_is_shortened_and_made_as_long_again_is_the_same(data: st.DataObject) -> None:
    melody = data.draw(melodies())
    place = data.draw(places(melody))
    note = note_at(melody, place)
    try:
        there = after(melody, shortened(melody, place))
    except ScoreError:
        return
    again = after(there, set_length(there, place, note.duration))
    assert [note.pitch for note in again.measures[place.measure].notes] == [
        note.pitch for note in melody.measures[place.measure].notes
    ]


@given(st.data())
def test_a_note_that_becomes_a_rest_of_its_own_and_a_note_again_is_where_it_was(data: st.DataObject) -> None:
    melody = data.draw(melodies())
    place = data.draw(places(melody))
    note, change = note_at(melody, place), make_rest(melody, place)
    there = after(melody, change)
    again = after(there, insert_note(there, place.measure, note.onset, note.duration, note.pitch))
    if not note.is_rest and not note.ties_on:
        assert again == melody
