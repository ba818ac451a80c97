"""MIDI files as melodies: one line, on the grid."""

from collections.abc import Sequence
from pathlib import Path

import mido
import pytest

from inpaint_desktop.documents.midi import melody_to_midi
from inpaint_desktop.errors import FileDamagedError, FileUnsupportedError
from inpaint_desktop.score.melody import Melody
from training.corpus import Tune
from training.midi import Sound, read_midi, skyline

QUARTER = 480
Event = tuple[int, mido.Message | mido.MetaMessage]


def note(start: int, stop: int, number: int, channel: int = 0) -> list[Event]:
    """A note from ``start`` to ``stop`` in MIDI ticks."""
    on = mido.Message("note_on", note=number, velocity=80, channel=channel)
    return [(start, on), (stop, mido.Message("note_on", note=number, velocity=0, channel=channel))]


def written(folder: Path, events: Sequence[Event]) -> Path:
    track = mido.MidiTrack()
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - now))
        now = tick
    file = mido.MidiFile(ticks_per_beat=QUARTER)
    file.tracks.append(track)
    file.save(folder / "tune.mid")
    return folder / "tune.mid"


def line_of(melody: Melody) -> list[tuple[float, str]]:
    """Onsets in quarter notes, and names."""
    return [
        (4 * place + one.onset / 10080, one.pitch.name if one.pitch else "rest")
        for place, measure in enumerate(melody.measures)
        for one in measure.notes
    ]


def test_a_melody_that_was_written_as_midi_comes_back(tunes: list[Tune], tmp_path: Path) -> None:
    path = tmp_path / "tune.mid"
    path.write_bytes(melody_to_midi(tunes[2].melody))
    melody = read_midi(path)
    assert line_of(melody) == line_of(tunes[2].melody)
    assert melody.measures[0].key.fifths == 1


def test_played_notes_move_to_the_grid(tmp_path: Path) -> None:
    events = [*note(8, 230, 67), *note(247, 470, 69), *note(470, 950, 71), *note(1915, 2390, 72)]
    assert line_of(read_midi(written(tmp_path, events))) == [
        (0, "G4"),
        (0.5, "A4"),
        (1, "B4"),
        (2, "rest"),
        (4, "C5"),
        (5, "rest"),
    ]


def test_a_note_across_a_bar_line_is_tied(tmp_path: Path) -> None:
    melody = read_midi(written(tmp_path, note(3 * QUARTER, 6 * QUARTER, 67)))
    assert line_of(melody) == [(0, "rest"), (3, "G4"), (4, "G4"), (6, "rest")]
    assert [one.ties_on for measure in melody.measures for one in measure.notes] == [False, True, False, False]


def test_the_highest_note_is_the_melody() -> None:
    chord = [Sound(0, 10, 60), Sound(0, 10, 67), Sound(4, 6, 62), Sound(6, 12, 72)]
    assert skyline(chord) == [Sound(0, 6, 67), Sound(6, 12, 72)]


def test_drums_are_not_the_melody(tmp_path: Path) -> None:
    events = [*note(0, QUARTER, 67), *note(0, QUARTER, 80, channel=9)]
    assert line_of(read_midi(written(tmp_path, events)))[0] == (0, "G4")


def test_notes_too_short_for_the_grid_make_way(tmp_path: Path) -> None:
    events = [*note(0, 10, 70), *note(10, QUARTER, 67)]
    assert line_of(read_midi(written(tmp_path, events))) == [(0, "G4"), (1, "rest")]


def test_meter_and_key_are_read(tmp_path: Path) -> None:
    events = [
        (0, mido.MetaMessage("time_signature", numerator=3, denominator=4)),
        (0, mido.MetaMessage("key_signature", key="F#m")),
        *note(0, QUARTER, 66),
    ]
    (measure,) = read_midi(written(tmp_path, events)).measures
    assert (str(measure.meter), measure.key.fifths, measure.key.mode) == ("3/4", 3, "minor")


def test_a_meter_that_changes_is_refused(tmp_path: Path) -> None:
    meters = [(place * 1920, mido.MetaMessage("time_signature", numerator=3 + place)) for place in range(2)]
    with pytest.raises(FileUnsupportedError, match=r"The meter of tune.mid changes"):
        read_midi(written(tmp_path, [*meters, *note(0, 100, 60)]))


def test_a_file_without_notes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnsupportedError, match="has no notes"):
        read_midi(written(tmp_path, []))


def test_random_bytes_are_not_midi(tmp_path: Path) -> None:
    (tmp_path / "tune.mid").write_bytes(bytes(range(200)))
    with pytest.raises(FileDamagedError, match=r"tune.mid cannot be read as MIDI"):
        read_midi(tmp_path / "tune.mid")
