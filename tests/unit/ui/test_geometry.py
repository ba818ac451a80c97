"""The layout of the piano roll: there and back, and what lies at a point."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.piano_roll.geometry import (
    Bar,
    Bars,
    Geometry,
    Part,
    Zoom,
    bars_between,
    bars_of,
    beats_of,
    fitted_rows,
    hit_at,
    snapped_length,
)
from tests.conftest import MakeTune

QUARTER = TICKS_PER_QUARTER
FOUR, KEY = Meter(4, 4), KeySignature(1)

zooms = st.builds(Zoom, st.floats(4, 400), st.floats(4, 40))


def measure(*notes: tuple[float, str | None], ties: bool = False) -> Measure:
    """A measure of notes given in quarters; with ``ties`` the last one is tied on."""
    made, onset = [], 0
    for quarters, name in notes:
        made.append(Note(onset, int(quarters * QUARTER), Pitch.parse(name) if name else None))
        onset = made[-1].end
    if ties:
        made[-1] = replace(made[-1], ties_on=True)
    return Measure(tuple(made), FOUR, KEY, onset)


TUNE = Melody((measure((1, "G4")), measure((2, "D5"), (1, None), (1, "A4"), ties=True), measure((4, "A4"))))
"""A pickup, a measure with a rest, a long note that is tied over the barline."""


@given(st.integers(0, 10**9), zooms)
def test_a_tick_comes_back_from_its_x(tick: int, zoom: Zoom) -> None:
    geometry = Geometry((0, 10**9), zoom)
    assert abs(geometry.tick_at(geometry.x_of(tick)) - tick) <= 1


@given(st.integers(21, 108), st.floats(0.01, 0.99), zooms)
def test_every_point_of_a_row_is_its_pitch(midi: int, share: float, zoom: Zoom) -> None:
    geometry = Geometry((0, QUARTER), zoom)
    assert geometry.midi_at(geometry.y_of(midi) + share * zoom.row_height) == midi


@given(st.lists(st.integers(1, 4 * QUARTER), min_size=1, max_size=30), st.data(), zooms)
def test_every_point_of_a_measure_is_in_it(durations: list[int], data: st.DataObject, zoom: Zoom) -> None:
    starts = [sum(durations[:index]) for index in range(len(durations) + 1)]
    geometry = Geometry(tuple(starts), zoom)
    index = data.draw(st.integers(0, len(durations) - 1))
    tick = data.draw(st.integers(0, durations[index] - 1))
    assert geometry.place_at(geometry.x_of(starts[index] + tick)) == (index, tick)


@given(st.floats(-1e4, 1e6), zooms)
def test_points_outside_belong_to_the_nearest_measure(x: float, zoom: Zoom) -> None:
    geometry = Geometry.of(TUNE, zoom)
    assert geometry.measure_at(x) in range(3)
    assert geometry.measure_at(-1.0) == 0
    assert geometry.measure_at(geometry.width + 1) == 2


def test_there_is_no_measure_without_a_tune() -> None:
    geometry = Geometry.of(Melody(()), Zoom())
    assert geometry.measure_at(10) == -1
    assert list(geometry.measures_between(0, 100)) == []
    assert geometry.number_stride() == 1


@given(st.integers(0, 2**31), zooms)
def test_every_note_is_hit_in_its_middle_and_at_its_right_edge(make_tune: MakeTune, seed: int, zoom: Zoom) -> None:
    melody = make_tune(5, seed=seed)
    geometry, bars = Geometry.of(melody, zoom), bars_of(melody)
    for bar in bars:
        left, right = geometry.x_of(bar.start), geometry.x_of(bar.stop)
        middle, edge = (left + right) / 2, right - min(3.0, (right - left) / 8)
        y = geometry.y_of(bar.midi) + zoom.row_height / 2
        found = [hit_at(geometry, bars, x, y) for x in (middle, edge)]
        assert [hit and (hit.bar, hit.part) for hit in found] == [(bar, Part.BODY), (bar, Part.RIGHT_EDGE)]
        assert hit_at(geometry, bars, middle, y + zoom.row_height) is None


def test_nothing_is_hit_in_a_rest_or_before_the_first_note() -> None:
    geometry, bars = Geometry.of(TUNE, Zoom()), bars_of(TUNE)
    assert hit_at(geometry, bars, geometry.x_of(int(3.5 * QUARTER)), geometry.y_of(74) + 2) is None
    assert hit_at(geometry, bars, -5, geometry.y_of(67) + 2) is None


def test_ties_join_bars_over_the_barline_and_rests_have_none() -> None:
    first, second, third, fourth = bars_of(TUNE)
    assert (first.midi, first.stop, second.start) == (67, QUARTER, QUARTER)
    assert (third.joins_before, third.joins_after) == (False, True)
    assert (fourth.joins_before, fourth.joins_after) == (True, False)
    assert fourth.start == third.stop


@given(st.integers(0, 2**31), st.integers(0, 2**31), st.integers(0, 4), st.integers(0, 4))
def test_after_an_edit_bars_lie_as_if_they_were_all_laid_out_anew(
    make_tune: MakeTune, seed: int, other_seed: int, first: int, last: int
) -> None:
    before, other = make_tune(5, seed=seed), make_tune(5, seed=other_seed)
    span = Span(min(first, last), max(first, last) + 1)
    after = before.with_measures(span, other.measures[span.start : span.stop])
    assert bars_of(after, Bars(before, bars_of(before))) == bars_of(after)


def test_bars_that_an_edit_leaves_as_they_were_are_the_same_ones(make_tune: MakeTune) -> None:
    before = make_tune(9, seed=1)
    known = bars_of(before)
    after = before.with_measures(Span(4, 5), [before.measures[4].with_notes([Note(0, 4 * QUARTER, None)])])
    left = [bar for bar in bars_of(after, Bars(before, known)) if abs(bar.place.measure - 4) > 1]
    assert all(any(bar is one for one in known) for bar in left)
    assert left


@pytest.mark.parametrize("count", [1, 3])
def test_another_tune_is_laid_out_as_a_whole(make_tune: MakeTune, count: int) -> None:
    before, after = make_tune(2, seed=1), make_tune(count, seed=2)
    assert bars_of(after, Bars(before, bars_of(before))) == bars_of(after)


def test_a_tie_to_another_pitch_joins_nothing() -> None:
    melody = Melody((measure((4, "A4"), ties=True), measure((4, "B4"))))
    assert [bar.joins_after for bar in bars_of(melody)] == [False, False]


@given(st.integers(0, 2**31), st.integers(0, 20 * QUARTER), st.integers(0, 8 * QUARTER))
def test_the_bars_between_two_ticks_are_those_that_sound_there(
    make_tune: MakeTune, seed: int, first: int, length: int
) -> None:
    bars = bars_of(make_tune(5, seed=seed))
    last = first + length
    expected = [bar for bar in bars if bar.start <= last and bar.stop > first]
    assert list(bars_between(bars, first, last)) == expected


def test_rows_are_those_of_a_piano_and_more_where_needed() -> None:
    high = Melody((measure((4, "C9")),))
    assert (Geometry.of(TUNE, Zoom()).lowest, Geometry.of(TUNE, Zoom()).highest) == (21, 108)
    assert Geometry.of(high, Zoom()).highest == 120
    assert Geometry.of(TUNE, Zoom(row_height=10)).height == 880


def test_edges_of_measures_are_barlines() -> None:
    geometry = Geometry.of(TUNE, Zoom(quarter_width=10))
    assert geometry.edges_of(Span(1, 3)) == (10, 90)
    assert list(geometry.measures_between(15, 60)) == [1, 2]


def test_numbers_are_left_out_where_they_would_not_fit() -> None:
    starts = tuple(range(0, 400 * QUARTER, 4 * QUARTER))
    assert Geometry(starts, Zoom(quarter_width=44)).number_stride() == 1
    assert Geometry(starts, Zoom(quarter_width=4)).number_stride() == 4
    assert Geometry((0, 1, 2), Zoom(quarter_width=4)).number_stride() == 2


@given(st.floats(0.1, 10), st.floats(0.1, 10), zooms)
def test_zoom_stays_within_its_limits(width: float, height: float, zoom: Zoom) -> None:
    zoomed = zoom.stretched(width, height)
    assert 4 <= zoomed.quarter_width <= 400
    assert 4 <= zoomed.row_height <= 40


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(0.9, 1.0), (1.3, 1.5), (0.02, 0.125), (2.9, 3.0), (9.0, 3.0), (2.3, 2.0)],
)
def test_a_length_snaps_to_note_values_within_the_measure(wanted: float, expected: float) -> None:
    whole = measure((1, "D4"), (3, "E4"))
    assert snapped_length(whole, whole.notes[1], int(wanted * QUARTER)) == expected * QUARTER


def test_a_note_of_a_triplet_may_have_the_lengths_of_triplets() -> None:
    third = QUARTER // 3
    notes = (Note(0, third, None), Note(third, 4 * QUARTER - third, Pitch.parse("G4")))
    whole = Measure(notes, FOUR, KEY, 4 * QUARTER)
    assert snapped_length(whole, notes[1], third + 10) == third


def test_beats_are_those_that_are_felt_and_a_pickup_has_the_last_ones() -> None:
    jig = Measure.of_rest(Meter(6, 8), KEY)
    assert list(beats_of(jig)) == [0, 3 * QUARTER // 2]
    assert list(beats_of(measure((1.5, "D4")), is_pickup=True)) == [QUARTER // 2]


def test_all_notes_fit_and_few_notes_are_not_made_larger_than_usual() -> None:
    bars = bars_of(TUNE)
    height, middle = fitted_rows(bars, 70, usual=12)
    assert (height, middle) == (5, 70)
    assert fitted_rows(bars, 1000, usual=12)[0] == 12
    assert fitted_rows([], 1000, usual=12) == (12, 66)
    assert isinstance(bars[0], Bar)
