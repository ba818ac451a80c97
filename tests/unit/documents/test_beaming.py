import pytest

from inpaint_desktop.documents.beaming import beams
from inpaint_desktop.documents.rhythm import written_notes
from inpaint_desktop.score.melody import Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

SIGNS = {"begin": "[", "continue": "-", "end": "]", "forward hook": ">", "backward hook": "<"}


def _shown(lengths: str, beats: str) -> str:
    """Lengths in sixteenths, ``r`` for rests; shows the beams of each note."""
    notes, now = [], 0
    for word in lengths.split():
        duration = int(word.removesuffix("r")) * TICKS_PER_QUARTER // 4
        notes.append(Note(now, duration, None if word.endswith("r") else Pitch.parse("C5")))
        now += duration
    meter = Meter(*map(int, beats.split("/")))
    found = beams(written_notes(notes, meter), meter)
    return " ".join("".join(SIGNS[beam] for beam in one) or "." for one in found)


def test_a_tuplet_over_two_beats_is_beamed_as_one() -> None:
    meter, fifth = Meter(2, 4), TICKS_PER_QUARTER * 2 // 5
    notes = [Note(fifth * index, fifth, Pitch.parse("C5")) for index in range(5)]
    found = beams(written_notes(notes, meter), meter)
    assert [one[0] for one in found] == ["begin", "continue", "continue", "continue", "end"]


@pytest.mark.parametrize(
    ("lengths", "beats", "shown"),
    [
        ("2 2 2 2 2 2 2 2", "4/4", "[ - - ] [ - - ]"),
        ("2 2 2 2 2 2 2 2", "2/2", "[ - - ] [ - - ]"),
        ("2 2 1 1 2 8", "4/4", "[ ] [[ -] ] ."),
        ("3 1 1 3 8", "4/4", "[ ]< [> ] ."),
        ("2 2 2 2 2 2", "3/4", "[ ] [ ] [ ]"),
        ("2 2 2 2 2 2", "6/8", "[ - ] [ - ]"),
        ("3 1 2 4 2", "6/8", "[ -< ] . ."),
        ("2 2 2 2 2", "5/8", "[ - ] [ ]"),
        ("2 2 2 2 2 2 2", "7/8", "[ ] [ ] [ - ]"),
        ("2 2r 2 2 4 2 2", "4/4", ". . [ ] . [ ]"),
        ("4 4 8", "4/4", ". . ."),
    ],
)
def test_notes_of_a_felt_beat_share_beams(lengths: str, beats: str, shown: str) -> None:
    assert _shown(lengths, beats) == shown
