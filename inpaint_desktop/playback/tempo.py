"""How fast a measure goes: as the file says, or as such music is usually played.

``tempo_bpm`` of a measure counts quarter notes; musicians count felt beats (dotted quarters in
6/8, halves in 2/2), which is what a program shows and asks for.
"""

from inpaint_desktop.score.melody import Measure
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

_USUAL_QUARTERS_PER_MINUTE = 120.0
_USUAL_LONG_BEATS_PER_MINUTE = 90.0  # halves and dotted quarters


def beats_per_minute(measure: Measure) -> float:
    """How many felt beats of the measure there are in a minute."""
    if measure.tempo_bpm is not None:
        return measure.tempo_bpm * TICKS_PER_QUARTER / measure.meter.beat_ticks
    return _usual_beats_per_minute(measure.meter)


def seconds_per_tick(measure: Measure) -> float:
    """How long a tick of the measure lasts at its own tempo."""
    return 60.0 / (beats_per_minute(measure) * measure.meter.beat_ticks)


def percent_for(measure: Measure, wanted_beats_per_minute: float) -> float:
    """The percentage of its own tempo at which the measure has the wanted felt beats per minute."""
    return 100.0 * wanted_beats_per_minute / beats_per_minute(measure)


def _usual_beats_per_minute(meter: Meter) -> float:
    if meter.beat_ticks > TICKS_PER_QUARTER:
        return _USUAL_LONG_BEATS_PER_MINUTE
    return _USUAL_QUARTERS_PER_MINUTE * TICKS_PER_QUARTER / meter.beat_ticks
