import io
from dataclasses import replace

import mido
import pytest

from inpaint_desktop.documents.midi import melody_to_midi
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

Q = TICKS_PER_QUARTER
E_MINOR = KeySignature(1, "minor")


def _measure(*notes: tuple[int, str | None, bool], **what: object) -> Measure:
    placed, now = [], 0
    for duration, name, ties_on in notes:
        placed.append(Note(now, duration, Pitch.parse(name) if name else None, ties_on))
        now += duration
    measure = Measure(tuple(placed), Meter(3, 4), E_MINOR, now)
    return replace(measure, **what)  # type: ignore[arg-type]


def _messages(melody: Melody) -> list[tuple[int, mido.Message]]:
    """Absolute MIDI ticks and messages, read back by mido."""
    track = mido.MidiFile(file=io.BytesIO(melody_to_midi(melody, program=40))).tracks[0]
    now, messages = 0, []
    for message in track:
        now += message.time
        messages.append((now, message))
    return messages


def test_notes_sound_when_they_are_written_and_ties_are_joined() -> None:
    first = _measure((Q, "E4", False), (Q, None, False), (Q, "G4", True))
    second = _measure((Q // 3, "G4", False), (3 * Q - Q // 3, "B4", False))
    notes = [(tick, m.type, m.note) for tick, m in _messages(Melody((first, second))) if m.type.startswith("note")]
    assert notes == [
        (0, "note_on", 64),
        (480, "note_off", 64),
        (960, "note_on", 67),
        (1600, "note_off", 67),
        (1600, "note_on", 71),
        (2880, "note_off", 71),
    ]


def test_meter_key_and_tempo_are_set_where_they_change() -> None:
    slow = _measure((3 * Q, "E4", False), tempo_bpm=60.0)
    fast = replace(slow, tempo_bpm=120.0, key=KeySignature(-3))
    settings = [(tick, m.dict()) for tick, m in _messages(Melody((slow, slow, fast))) if m.is_meta]
    assert [(tick, m["tempo"]) for tick, m in settings if m["type"] == "set_tempo"] == [(0, 1_000_000), (2880, 500_000)]
    assert [(tick, m["key"]) for tick, m in settings if m["type"] == "key_signature"] == [(0, "Em"), (2880, "Eb")]
    assert [(m["numerator"], m["denominator"]) for _, m in settings if m["type"] == "time_signature"] == [(3, 4)]


def test_a_transposing_instrument_sounds_as_it_is_meant_in_its_key() -> None:
    clarinet = replace(_measure((3 * Q, "D5", False)), key=KeySignature(2), transposition=-2)
    messages = [message for _, message in _messages(Melody((clarinet,)))]
    assert [m.note for m in messages if m.type == "note_on"] == [72]
    assert [m.key for m in messages if m.type == "key_signature"] == ["C"]


@pytest.mark.parametrize(
    ("fifths", "transposition", "name"), [(1, 0, "Em"), (-3, -12, "Cm"), (3, -3, "D#m"), (-5, -2, "G#m")]
)
def test_the_key_that_is_heard_is_named(fifths: int, transposition: int, name: str) -> None:
    measure = _measure((3 * Q, None, False), key=KeySignature(fifths, "minor"), transposition=transposition)
    assert [m.key for _, m in _messages(Melody((measure,))) if m.type == "key_signature"] == [name]


def test_the_instrument_and_the_title_are_set() -> None:
    messages = [message for _, message in _messages(Melody((_measure((3 * Q, "E4", False)),), title="Rosén \u266f"))]
    assert messages[0].name == "Rosén ?"
    assert messages[1].program == 40
