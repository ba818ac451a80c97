"""Meters: how long measures and beats last."""

import pytest

from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter


@pytest.mark.parametrize(
    ("meter", "quarters"),
    [(Meter(4, 4), 4), (Meter(2, 2), 4), (Meter(3, 4), 3), (Meter(6, 8), 3), (Meter(9, 16), 2.25)],
)
def test_a_measure_lasts_as_long_as_its_signature_says(meter: Meter, quarters: float) -> None:
    assert meter.ticks == quarters * TICKS_PER_QUARTER


@pytest.mark.parametrize(
    ("meter", "quarters"),
    [(Meter(4, 4), 1), (Meter(2, 2), 2), (Meter(6, 8), 1.5), (Meter(12, 8), 1.5), (Meter(5, 8), 0.5)],
)
def test_a_felt_beat_is_the_one_that_a_player_taps(meter: Meter, quarters: float) -> None:
    assert meter.beat_ticks == quarters * TICKS_PER_QUARTER


@pytest.mark.parametrize("beat_type", [1, 2, 4, 8, 16, 32, 64, 128])
def test_every_usual_beat_is_a_whole_number_of_ticks(beat_type: int) -> None:
    assert Meter(1, beat_type).ticks * beat_type == 4 * TICKS_PER_QUARTER


@pytest.mark.parametrize("parts", [3, 5, 7, 9, 32])
def test_a_quarter_divides_evenly(parts: int) -> None:
    assert TICKS_PER_QUARTER % parts == 0


def test_a_meter_reads_as_it_is_written() -> None:
    assert str(Meter(6, 8)) == "6/8"
