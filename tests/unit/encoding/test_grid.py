"""The grid: six uneven ticks to the beat, in every meter."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding.grid import TICKS_PER_BEAT, grid_of
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

METERS = [Meter(*pair) for pair in ((1, 4), (2, 4), (3, 4), (4, 4), (5, 4), (2, 2), (3, 2), (5, 8), (7, 8), (3, 8))]
COMPOUND_METERS = [Meter(*pair) for pair in ((6, 8), (9, 8), (12, 8), (6, 16))]

meters = st.sampled_from(METERS + COMPOUND_METERS)


def quarters(onsets: tuple[int, ...]) -> list[Fraction]:
    return [Fraction(onset, TICKS_PER_QUARTER) for onset in onsets]


def test_a_simple_beat_has_sixteenths_and_triplets() -> None:
    parts = [Fraction(0), Fraction(1, 4), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(3, 4)]
    assert quarters(grid_of(Meter(4, 4)).onsets[:6]) == parts


def test_a_compound_beat_has_six_sixteenths() -> None:
    assert quarters(grid_of(Meter(6, 8)).onsets[:7]) == [Fraction(sixteenth, 4) for sixteenth in range(7)]


@pytest.mark.parametrize(
    ("meter", "ticks"),
    [(Meter(4, 4), 24), (Meter(2, 2), 24), (Meter(3, 4), 18), (Meter(6, 8), 12), (Meter(9, 8), 18), (Meter(12, 8), 24)],
)
def test_a_measure_has_six_ticks_a_beat(meter: Meter, ticks: int) -> None:
    assert len(grid_of(meter)) == ticks


def test_a_last_part_of_a_beat_gets_the_ticks_that_fit() -> None:
    assert len(grid_of(Meter(7, 8))) == 3 * TICKS_PER_BEAT + 3


@given(meters)
def test_ticks_rise_and_end_with_the_measure(meter: Meter) -> None:
    grid = grid_of(meter)
    ends = [grid.end_of(index) for index in range(len(grid))]
    assert ends == [*grid.onsets[1:], meter.ticks]
    assert all(onset < end for onset, end in zip(grid.onsets, ends, strict=True))


@given(meters, st.data())
def test_no_tick_is_nearer_than_the_nearest(meter: Meter, data: st.DataObject) -> None:
    grid = grid_of(meter)
    onset = data.draw(st.integers(0, meter.ticks))
    distances = [abs(tick - onset) for tick in grid.onsets]
    assert grid.nearest(onset) == distances.index(min(distances))


@given(meters, st.data())
def test_the_grid_holds_its_ticks_and_nothing_else(meter: Meter, data: st.DataObject) -> None:
    grid = grid_of(meter)
    onset = data.draw(st.integers(0, meter.ticks - 1) | st.sampled_from(grid.onsets))
    assert grid.holds(onset) == (onset in grid.onsets)
