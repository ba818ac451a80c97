"""Melodies: measures that are always full, and edits that leave the rest alone."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import MeasureLengthError, SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

METER, KEY = Meter(4, 4), KeySignature(2)
A4 = Pitch.parse("A4")


def melody_of(*numbers: str) -> Melody:
    """Make a melody of rests with these measure numbers."""
    return Melody(tuple(Measure.of_rest(METER, KEY, number) for number in numbers))


spans = st.tuples(st.integers(-2, 12), st.integers(-2, 12)).map(lambda ends: Span(*ends))


def test_a_note_knows_where_it_ends_and_whether_it_sounds() -> None:
    note, rest = Note(10, 5, A4), Note(15, 5, None)
    assert (note.end, note.is_rest, rest.is_rest) == (15, False, True)


@given(st.lists(st.integers(1, TICKS_PER_QUARTER), min_size=1, max_size=8))
def test_notes_that_follow_each_other_fill_a_measure(durations: list[int]) -> None:
    notes = tuple(Note(sum(durations[:index]), duration, A4) for index, duration in enumerate(durations))
    assert Measure(notes, METER, KEY, sum(durations)).notes == notes


@pytest.mark.parametrize(
    "notes",
    [
        (),
        (Note(0, METER.ticks - 1, A4),),
        (Note(0, METER.ticks + 1, A4),),
        (Note(1, METER.ticks - 1, A4),),
        (Note(0, METER.ticks, A4), Note(METER.ticks, 0, A4)),
        (Note(0, 100, A4), Note(90, METER.ticks - 90, A4)),
    ],
)
def test_notes_that_leave_a_gap_or_overlap_make_no_measure(notes: tuple[Note, ...]) -> None:
    with pytest.raises(MeasureLengthError, match="measure 5"):
        Measure(notes, METER, KEY, METER.ticks, number="5")


def test_a_pickup_is_a_measure_that_is_not_full() -> None:
    pickup = Measure((Note(0, TICKS_PER_QUARTER, A4),), METER, KEY, TICKS_PER_QUARTER)
    assert not pickup.is_full
    assert Measure.of_rest(METER, KEY).is_full


def test_other_notes_leave_the_rest_of_a_measure_as_it_was() -> None:
    measure = replace(Measure.of_rest(METER, KEY, "7"), repeat_end=True, endings=(1,))
    filled = measure.with_notes([Note(0, METER.ticks, A4)])
    assert filled.notes == (Note(0, METER.ticks, A4),)
    assert replace(filled, notes=measure.notes) == measure


@given(spans)
def test_replacing_measures_leaves_all_others_the_very_same(span: Span) -> None:
    melody = melody_of(*map(str, range(1, 11)))
    if not 0 <= span.start < span.stop <= 10:
        with pytest.raises(SelectionError, match="not in this tune of 10 measures"):
            melody.check(span)
        return
    new = melody_of(*"abcdefghij"[: len(span)]).measures
    measures = melody.with_measures(span, new).measures
    assert measures[span.start : span.stop] == new
    assert all(measures[i] is melody.measures[i] for i in range(10) if i not in span.indices)


def test_measures_are_replaced_by_as_many() -> None:
    melody = melody_of("1", "2", "3")
    with pytest.raises(SelectionError, match="1 measures cannot take the place of 2"):
        melody.with_measures(Span(0, 2), melody.measures[:1])


@pytest.mark.parametrize(
    ("numbers", "first", "last", "span"),
    [
        ("0 1 2 3 4", "2", "3", Span(2, 4)),
        ("1 2 3 4", "1", "4", Span(0, 4)),
        ("1 2 2 3", "2", "2", Span(1, 3)),  # both endings of a repeat
        ("1 2 3 1 2 3", "2", "3", Span(1, 3)),  # a file that counts each section anew
        ("7 8 X1 9", "X1", "9", Span(2, 4)),
    ],
)
def test_measures_are_found_by_their_printed_numbers(numbers: str, first: str, last: str, span: Span) -> None:
    assert melody_of(*numbers.split()).span_of_numbers(first, last) == span


@pytest.mark.parametrize(
    ("numbers", "first", "last", "sentence"),
    [
        ("1 2", "7", "8", "There is no measure 7; this tune has measures 1 to 2."),
        ("7 8", "7", "9", "There is no measure 9; this tune has measures 7 to 8."),
        ("7 8", "8", "7", "Measure 8 does not come before measure 7; name the earlier one first."),
        ("", "7", "8", "There are no measures in this tune."),
    ],
)
def test_measures_that_are_not_there_are_refused_with_a_reason(
    numbers: str, first: str, last: str, sentence: str
) -> None:
    with pytest.raises(SelectionError) as caught:
        melody_of(*numbers.split()).span_of_numbers(first, last)
    assert str(caught.value) == sentence
