"""Measures as tokens: nothing on the grid is lost, and what is off it moves to the nearest tick."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.encoding.tokens import EncodedMeasure, decode, encode, is_on_grid
from inpaint_desktop.encoding.vocabulary import END, FIRST_NOTE, HOLD, REST, SIZE, START, names_of
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

QUARTER = TICKS_PER_QUARTER
COMMON_TIME = Meter(4, 4)
KEY = KeySignature(1)
METERS = [Meter(*pair) for pair in ((2, 4), (3, 4), (4, 4), (5, 4), (2, 2), (6, 8), (9, 8), (12, 8), (7, 8), (3, 8))]
G4, A4, B4 = (Pitch(step, 0, 4) for step in "GAB")

meters = st.sampled_from(METERS)


@st.composite
def measures_on_grid(draw: st.DrawFn) -> Measure:
    """Full measures of any meter, every onset on the grid; a tie leads to a note of the same pitch."""
    meter = draw(meters)
    grid = grid_of(meter)
    starts = sorted({0, *draw(st.sets(st.integers(0, len(grid) - 1)))})
    few = draw(st.lists(st.none() | st.sampled_from(vocabulary.PITCHES), min_size=1, max_size=3))
    pitches = [draw(st.sampled_from(few)) for _ in starts]
    ends = [*(grid.onsets[start] for start in starts[1:]), meter.ticks]
    notes = []
    for place, (start, end, pitch) in enumerate(zip(starts, ends, pitches, strict=True)):
        may_tie = pitch is not None and pitches[place + 1 : place + 2] in ([], [pitch])
        notes.append(Note(grid.onsets[start], end - grid.onsets[start], pitch, may_tie and draw(st.booleans())))
    return Measure(tuple(notes), meter, KEY, meter.ticks, "7")


def measure_of(*notes: tuple[float, Pitch | None], meter: Meter = COMMON_TIME, duration: float = 4) -> Measure:
    """A measure from onsets in quarter notes; each note lasts until the next."""
    onsets = [round(onset * QUARTER) for onset, _ in notes]
    ends = [*onsets[1:], round(duration * QUARTER)]
    made = (Note(on, end - on, pitch) for on, end, (_, pitch) in zip(onsets, ends, notes, strict=True))
    return Measure(tuple(made), meter, KEY, round(duration * QUARTER))


def onsets_of(encoded: EncodedMeasure) -> dict[int, str]:
    """The ticks where something starts, and what."""
    return {tick: name for tick, name in enumerate(names_of(encoded.tokens)) if name != "__"}


@given(measures_on_grid())
def test_a_measure_on_the_grid_comes_back_as_it_was(measure: Measure) -> None:
    assert is_on_grid(measure)
    assert decode(encode(measure), measure) == measure


@given(meters, st.data())
def test_tokens_come_back_as_they_were(meter: Meter, data: st.DataObject) -> None:
    later = st.sampled_from([HOLD, REST, *range(FIRST_NOTE, SIZE)])
    first = data.draw(later.filter(lambda token: token != HOLD))
    tokens = (first, *(data.draw(later) for _ in range(len(grid_of(meter)) - 1)))
    decoded = decode(EncodedMeasure(tokens), Measure.of_rest(meter, KEY))
    assert encode(decoded) == EncodedMeasure(tokens)


@settings(max_examples=50)
@given(meters, st.data())
def test_any_tokens_fill_the_measure_exactly(meter: Meter, data: st.DataObject) -> None:
    tokens = tuple(data.draw(st.integers(0, SIZE - 1)) for _ in grid_of(meter).onsets)
    assert decode(EncodedMeasure(tokens), Measure.of_rest(meter, KEY)).is_full


def test_a_tied_note_is_held_and_its_tie_stands_beside() -> None:
    notes = (Note(0, QUARTER, G4, ties_on=True), Note(QUARTER, 3 * QUARTER, G4, ties_on=True))
    measure = Measure(notes, Meter(4, 4), KEY, 4 * QUARTER)
    encoded = encode(measure)
    assert (onsets_of(encoded), encoded.ties, encoded.ties_on) == ({0: G4.name}, (6,), True)
    assert decode(encoded, measure) == measure


def test_a_tie_to_another_pitch_is_no_tie() -> None:
    notes = (Note(0, QUARTER, G4, ties_on=True), Note(QUARTER, 3 * QUARTER, A4))
    assert encode(Measure(notes, Meter(4, 4), KEY, 4 * QUARTER)).ties == ()


@pytest.mark.parametrize("padding", [START, END])
def test_padding_and_a_hold_before_anything_are_rests(padding: int) -> None:
    tokens = (HOLD, padding, *([HOLD] * 22))
    notes = decode(EncodedMeasure(tokens), Measure.of_rest(Meter(4, 4), KEY)).notes
    assert [note.pitch for note in notes] == [None, None]


def test_a_pickup_is_completed_with_rest_at_its_start() -> None:
    pickup = measure_of((0, A4), duration=1)
    assert onsets_of(encode(pickup, starts_late=True)) == {0: "rest", 18: A4.name}


def test_a_short_last_measure_is_completed_with_rest_at_its_end() -> None:
    assert onsets_of(encode(measure_of((0, A4), duration=3))) == {0: A4.name, 18: "rest"}


def test_an_empty_measure_is_a_rest() -> None:
    assert onsets_of(encode(Measure((), Meter(4, 4), KEY, 0))) == {0: "rest"}


def test_what_stands_after_the_end_of_the_meter_is_lost() -> None:
    assert onsets_of(encode(measure_of((0, G4), (4, A4), duration=5))) == {0: G4.name}


def test_a_thirty_second_moves_to_the_nearest_tick() -> None:
    measure = measure_of((0, G4), (1.125, A4), (2, B4))
    assert not is_on_grid(measure)
    assert onsets_of(encode(measure)) == {0: G4.name, 6: A4.name, 12: B4.name}


def test_of_two_notes_at_one_tick_the_longer_one_stays() -> None:
    measure = measure_of((0, G4), (0.04, A4))
    assert onsets_of(encode(measure)) == {0: A4.name}


def test_decoding_keeps_what_governs_the_measure() -> None:
    like = Measure.of_rest(Meter(3, 4), KeySignature(2, "minor"), "12a")
    decoded = decode(encode(measure_of((0, A4), meter=Meter(3, 4), duration=3)), like)
    assert (decoded.number, decoded.key, decoded.meter) == ("12a", like.key, like.meter)
