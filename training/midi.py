"""MIDI files as melodies: the highest sounding note at any time, moved to the nearest tick of the grid."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import mido

from inpaint_desktop.encoding.grid import Grid, grid_of
from inpaint_desktop.errors import FileDamagedError, FileUnsupportedError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.spelling import spell

DRUM_CHANNEL = 9
LONGEST_TICKS = 20_000 * 4 * TICKS_PER_QUARTER
_SHARPS = {KeySignature(fifths).major_tonic: fifths for fifths in range(-7, 8)}
_MINOR_SHARPS = {KeySignature(fifths + 3).major_tonic: fifths for fifths in range(-7, 8)}


@dataclass(frozen=True, slots=True)
class Sound:
    """A note as it sounds, from ``start`` to before ``stop``, in ticks of the whole piece."""

    start: int
    stop: int
    midi: int


def read_midi(path: Path) -> Melody:
    """Read the melody of a MIDI file with one meter.

    Raises:
        FileDamagedError: it is not MIDI.
        FileUnsupportedError: the meter changes, or there are no notes.
    """
    try:
        file = mido.MidiFile(path)
        messages = list(_timed(file))
    except (OSError, ValueError, EOFError, KeyError, IndexError) as error:
        message = f"{path.name} cannot be read as MIDI; export it again."
        raise FileDamagedError(message) from error
    meter, key = _meter(messages, path.name), _key(messages)
    line = _on_grid(skyline(_sounds(messages)), grid_of(meter))
    if not line or line[-1].stop > LONGEST_TICKS:
        message = f"{path.name} has no notes, or is far too long; choose another file."
        raise FileUnsupportedError(message)
    return Melody(tuple(_measures(line, meter, key)), path.stem)


_Timed = tuple[int, mido.Message | mido.MetaMessage]


def _timed(file: mido.MidiFile) -> Iterator[_Timed]:
    """All messages with their times in score ticks."""
    now = 0
    for message in mido.merge_tracks(file.tracks):
        now += message.time
        yield round(now * TICKS_PER_QUARTER / file.ticks_per_beat), message


def _meter(messages: Iterable[_Timed], file_name: str) -> Meter:
    meters = [(one.numerator, one.denominator) for _, one in messages if one.type == "time_signature"]
    if len(set(meters)) > 1:
        message = f"The meter of {file_name} changes; only files with one meter can be read."
        raise FileUnsupportedError(message)
    return Meter(*meters[0]) if meters else Meter(4, 4)


def _key(messages: Iterable[_Timed]) -> KeySignature:
    for _, message in messages:
        if message.type == "key_signature":
            is_minor = message.key.endswith("m")
            table = _MINOR_SHARPS if is_minor else _SHARPS
            return KeySignature(table[message.key.removesuffix("m")], "minor" if is_minor else "")
    return KeySignature(0)


def _sounds(messages: Iterable[_Timed]) -> list[Sound]:
    """The notes of all channels but the drums'."""
    sounding: dict[tuple[int, int], int] = {}
    sounds = []
    for tick, message in messages:
        if message.type not in {"note_on", "note_off"} or message.channel == DRUM_CHANNEL:
            continue
        start = sounding.pop((message.channel, message.note), None)
        if start is not None and start < tick:
            sounds.append(Sound(start, tick, message.note))
        if message.type == "note_on" and message.velocity:
            sounding[message.channel, message.note] = tick
    return sounds


def skyline(sounds: Iterable[Sound]) -> list[Sound]:
    """The highest note at any time; one that a higher note interrupts ends there."""
    line: list[Sound] = []
    for sound in sorted(sounds, key=lambda sound: (sound.start, -sound.midi)):
        before = line[-1] if line else None
        if before is None or sound.start >= before.stop:
            line.append(sound)
        elif sound.midi > before.midi and sound.start > before.start:
            line[-1] = Sound(before.start, sound.start, before.midi)
            line.append(sound)
    return line


def _on_grid(line: Iterable[Sound], grid: Grid) -> list[Sound]:
    """Move starts and stops to the grid; every note keeps at least one tick."""
    moved: list[Sound] = []
    for sound in line:
        start, stop = _nearest(sound.start, grid), _nearest(sound.stop, grid)
        if moved and moved[-1].stop > start:
            moved[-1] = Sound(moved[-1].start, start, moved[-1].midi)
        if moved and moved[-1].start >= moved[-1].stop:
            moved.pop()
        moved.append(Sound(start, max(stop, _after(start, grid)), sound.midi))
    return moved


def _nearest(tick: int, grid: Grid) -> int:
    measure, onset = divmod(tick, grid.duration)
    near = grid.onsets[grid.nearest(onset)]
    if grid.duration - onset < abs(onset - near):
        near = grid.duration
    return measure * grid.duration + near


def _after(tick: int, grid: Grid) -> int:
    """The next tick of the grid."""
    measure, onset = divmod(tick, grid.duration)
    return measure * grid.duration + grid.end_of(grid.nearest(onset))


def _measures(line: list[Sound], meter: Meter, key: KeySignature) -> Iterator[Measure]:
    """Cut the line into full measures; notes that cross a bar line are tied."""
    count = -(-line[-1].stop // meter.ticks)
    parts: list[list[Note]] = [[] for _ in range(count)]
    spelled = spell([sound.midi for sound in line], key)
    for sound, pitch in zip(line, spelled, strict=True):
        for index in range(sound.start // meter.ticks, -(-sound.stop // meter.ticks)):
            first = max(sound.start - index * meter.ticks, 0)
            last = min(sound.stop - index * meter.ticks, meter.ticks)
            ties_on = sound.stop > (index + 1) * meter.ticks
            parts[index].append(Note(first, last - first, pitch, ties_on))
    for index, notes in enumerate(parts):
        yield Measure(tuple(_with_rests(notes, meter)), meter, key, meter.ticks, str(index + 1))


def _with_rests(notes: Iterable[Note], meter: Meter) -> Iterator[Note]:
    end = 0
    for note in notes:
        if note.onset > end:
            yield Note(end, note.onset - end, None)
        yield note
        end = note.end
    if end < meter.ticks:
        yield Note(end, meter.ticks - end, None)
