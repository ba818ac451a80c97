"""Small tunes of which it is plain when everything is heard."""

from collections.abc import Sequence

from inpaint_desktop.playback.timeline import Line
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

QUARTER = TICKS_PER_QUARTER
D4 = Pitch("D", 0, 4)
G_MAJOR = KeySignature(1)
FOUR_FOUR = Meter(4, 4)


def measure(
    *quarters: float,
    meter: Meter = FOUR_FOUR,
    bpm: float | None = 120.0,
    repeats: str = "",
    endings: Sequence[int] = (),
) -> Measure:
    """A measure of notes that last so many quarters; at the usual tempo a quarter lasts half a second."""
    notes: list[Note] = []
    for length in quarters:
        notes.append(Note(notes[-1].end if notes else 0, round(length * QUARTER), D4))
    return Measure(
        tuple(notes),
        meter,
        G_MAJOR,
        notes[-1].end,
        tempo_bpm=bpm,
        repeat_start=repeats.startswith("|:"),
        repeat_end=repeats.endswith(":|"),
        endings=tuple(endings),
    )


def tune(*measures: Measure) -> list[Line]:
    return [Line(Melody(measures))]
