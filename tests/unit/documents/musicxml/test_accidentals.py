import pytest

from inpaint_desktop.documents.musicxml.accidentals import accidentals
from inpaint_desktop.documents.rhythm import Written
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch


def _shown(names: str, fifths: int) -> list[str]:
    """Accidentals of notes by name; ``~`` before a name ties it to the note before."""
    notes = [
        Written(index, TICKS_PER_QUARTER, Pitch.parse(name.removeprefix("~")), tie_in=name.startswith("~"))
        for index, name in enumerate(names.split())
    ]
    return list(accidentals(notes, KeySignature(fifths)))


@pytest.mark.parametrize(
    ("names", "fifths", "shown"),
    [
        ("F#5 C#5 G5", 2, ["", "", ""]),
        ("F5 F5 F#5 F#5", 2, ["natural", "", "sharp", ""]),
        ("B4 Bb4", -1, ["natural", "flat"]),
        ("C#5 C#4", 0, ["sharp", "sharp"]),
        ("F##5 Bbb4", 0, ["double-sharp", "flat-flat"]),
        ("~C#5 C#5 C5", 0, ["", "sharp", "natural"]),
        ("C#5 ~C#5 C#5", 0, ["sharp", "", ""]),
    ],
)
def test_accidentals_stand_where_key_and_measure_do_not_say_so_already(
    names: str, fifths: int, shown: list[str]
) -> None:
    assert _shown(names, fifths) == shown
