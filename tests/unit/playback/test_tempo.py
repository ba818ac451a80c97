import pytest

from inpaint_desktop.playback.tempo import beats_per_minute, percent_for, seconds_per_tick
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter


def measure(meter: Meter, tempo_bpm: float | None = None) -> Measure:
    return Measure((), meter, KeySignature(0), 0, tempo_bpm=tempo_bpm)


@pytest.mark.parametrize(
    ("meter", "felt"), [(Meter(4, 4), 180.0), (Meter(2, 2), 90.0), (Meter(6, 8), 120.0), (Meter(5, 8), 360.0)]
)
def test_a_tempo_in_quarters_is_shown_in_felt_beats(meter: Meter, felt: float) -> None:
    assert beats_per_minute(measure(meter, 180.0)) == pytest.approx(felt)


@pytest.mark.parametrize(
    ("meter", "felt"),
    [(Meter(4, 4), 120.0), (Meter(3, 4), 120.0), (Meter(2, 2), 90.0), (Meter(6, 8), 90.0), (Meter(5, 8), 240.0)],
)
def test_a_tune_without_a_tempo_goes_as_such_tunes_go(meter: Meter, felt: float) -> None:
    assert beats_per_minute(measure(meter)) == pytest.approx(felt)


def test_a_quarter_at_120_lasts_half_a_second() -> None:
    assert seconds_per_tick(measure(Meter(6, 8), 120.0)) * TICKS_PER_QUARTER == pytest.approx(0.5)


def test_a_wanted_tempo_is_a_share_of_the_written_one() -> None:
    assert percent_for(measure(Meter(6, 8), 180.0), 60.0) == pytest.approx(50.0)
