from dataclasses import replace
from pathlib import Path

import pytest

from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.opening import open_musicxml
from inpaint_desktop.documents.musicxml.score_writing import melody_to_musicxml
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

FERRY = Path(__file__).parents[3] / "data" / "musicxml" / "ferry.musicxml"
Q = TICKS_PER_QUARTER


def _open(text: str) -> MusicXmlDocument:
    return open_musicxml(text.encode(), file_name="tune.musicxml")


def _measure(name: str, quarters: int = 4, **what: object) -> Measure:
    notes = (Note(0, quarters * Q, Pitch.parse(name)),)
    return replace(Measure(notes, Meter(4, 4), KeySignature(0), quarters * Q, "1"), **what)  # type: ignore[arg-type]


def test_a_melody_with_repeats_endings_and_a_pickup_comes_back() -> None:
    document = _open(FERRY.read_text(encoding="utf-8"))
    again = _open(melody_to_musicxml(document.melody()))
    assert again.melody() == document.melody()
    assert again.title == document.title
    before, after = document.parts[0].measures, again.parts[0].measures
    assert [mark.is_pickup for mark in after] == [mark.is_pickup for mark in before]


def test_key_meter_and_tempo_changes_come_back() -> None:
    compound = Measure((Note(0, 3 * Q, None),), Meter(6, 8), KeySignature(-2, "dorian"), 3 * Q, "2", tempo_bpm=135.0)
    melody = Melody((_measure("C5", tempo_bpm=90.0), compound))
    text = melody_to_musicxml(melody)
    assert _open(text).melody() == melody
    assert text.count("<beat-unit-dot/>") == 1
    assert "<per-minute>90</per-minute>" in text


def test_a_short_end_of_a_section_and_the_pickup_after_it_come_back() -> None:
    melody = Melody((_measure("C5"), _measure("D5", 3, repeat_end=True), _measure("E5", 1), _measure("F5")))
    again = _open(melody_to_musicxml(melody))
    assert again.melody() == melody
    assert [mark.is_pickup for mark in again.parts[0].measures] == [False, False, True, False]


def test_a_short_last_ending_comes_back_as_an_end_not_as_a_pickup() -> None:
    endings = _measure("D5", repeat_end=True, endings=(1,)), _measure("E5", 3, endings=(2,))
    again = _open(melody_to_musicxml(Melody((_measure("C5", 1), _measure("C5"), *endings))))
    assert [mark.is_pickup for mark in again.parts[0].measures] == [True, False, False, False]


@pytest.mark.parametrize(("name", "sign"), [("C3", "F"), ("C5", "G")])
def test_low_tunes_are_written_in_the_bass_clef(name: str, sign: str) -> None:
    assert f"<sign>{sign}</sign>" in melody_to_musicxml(Melody((_measure(name),)))


def test_titles_may_hold_any_character() -> None:
    text = melody_to_musicxml(Melody((_measure("C5"),)), title='<A> & "B"\x01\n é', part_name="")
    assert _open(text).title == '<A> & "B" é'
