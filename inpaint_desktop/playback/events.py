"""A timeline as MIDI events in seconds, and as a MIDI file for a synthesizer to play at once.

Such a file is for playing, not for keeping (``documents.midi`` writes those): it begins where the playing begins, its
ticks are real time, and a loop is written out as often as fits into an hour.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import mido

from inpaint_desktop.playback.timeline import Timeline

DRUM_CHANNEL = 9
RING_OUT_S = 1.5  # how long the last notes may fade

_ACCENT_KEY, _BEAT_KEY = 76, 77  # high and low woodblock
_ACCENT_VELOCITY, _BEAT_VELOCITY = 110, 80
_CLICK_S = 0.05
_PAUSE_S, _PAUSE_SHARE = 0.015, 0.1  # repeated notes are told apart
_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_LOOPED_S = 3600.0

_TICKS_PER_QUARTER = 25_000
_TICKS_PER_S = 2 * _TICKS_PER_QUARTER  # at 120 quarters a minute, which a file without a tempo has


@dataclass(frozen=True, slots=True)
class Event:
    """A MIDI message and when it is to be sent."""

    time_s: float
    message: mido.Message


def programs(timeline: Timeline) -> list[mido.Message]:
    """The messages that give each line its instrument."""
    return [
        mido.Message("program_change", channel=_channel(number), program=line.program)
        for number, line in enumerate(timeline.lines)
    ]


def events(timeline: Timeline, from_s: float = 0.0) -> list[Event]:
    """What is to be sent from ``from_s`` on, at times that count from the start of the timeline.

    A note that has begun before ``from_s`` begins at it.
    """
    clicks = (_click_events(click.start_s, is_accented=click.is_accented) for click in timeline.clicks)
    pairs = chain(_note_pairs(timeline), clicks)
    lasting = ((on, off) for on, off in pairs if off.time_s > from_s)
    found = chain.from_iterable((Event(max(on.time_s, from_s), on.message), off) for on, off in lasting)
    return sorted(found, key=lambda event: (event.time_s, event.message.type == "note_on"))


def stream(timeline: Timeline, from_s: float = 0.0, *, is_loop: bool = False) -> Iterator[Event]:
    """What is to be sent, at times that count from the start of the playing; a loop does not end."""
    yield from _later(events(timeline, from_s), -from_s)
    round_s = timeline.length_s - timeline.count_in_s
    again = events(timeline, timeline.count_in_s) if is_loop and round_s > 0 else []
    shift_s = timeline.length_s - timeline.count_in_s - from_s
    while again:
        yield from _later(again, shift_s)
        shift_s += round_s


def to_midi(timeline: Timeline, from_s: float = 0.0, *, is_loop: bool = False) -> bytes:
    """Write a MIDI file whose start is the moment ``from_s``."""
    settings = b"".join(_delta(0) + bytes(message.bytes()) for message in programs(timeline))
    track = settings + _section(events(timeline, from_s), from_s, timeline.length_s)
    round_s = timeline.length_s - timeline.count_in_s
    if is_loop and round_s > 0:
        again = _section(events(timeline, timeline.count_in_s), timeline.count_in_s, timeline.length_s)
        track += again * max(1, int(_LOOPED_S / round_s))
    track += _delta(_ticks(RING_OUT_S)) + b"\xff\x2f\x00"
    header = struct.pack(">4sIHHH", b"MThd", 6, 0, 1, _TICKS_PER_QUARTER)
    return header + struct.pack(">4sI", b"MTrk", len(track)) + track


def _later(played: Iterable[Event], shift_s: float) -> Iterator[Event]:
    return (Event(event.time_s + shift_s, event.message) for event in played)


def _channel(line: int) -> int:
    return _MELODIC_CHANNELS[line % len(_MELODIC_CHANNELS)]


def _note_pairs(timeline: Timeline) -> Iterator[tuple[Event, Event]]:
    for note in timeline.notes:
        channel = _channel(note.line)
        stop_s = note.stop_s - min(_PAUSE_S, _PAUSE_SHARE * (note.stop_s - note.start_s))
        velocity = timeline.lines[note.line].velocity
        yield (
            Event(note.start_s, mido.Message("note_on", channel=channel, note=note.midi, velocity=velocity)),
            Event(stop_s, mido.Message("note_off", channel=channel, note=note.midi)),
        )


def _click_events(start_s: float, *, is_accented: bool) -> tuple[Event, Event]:
    key, velocity = (_ACCENT_KEY, _ACCENT_VELOCITY) if is_accented else (_BEAT_KEY, _BEAT_VELOCITY)
    return (
        Event(start_s, mido.Message("note_on", channel=DRUM_CHANNEL, note=key, velocity=velocity)),
        Event(start_s + _CLICK_S, mido.Message("note_off", channel=DRUM_CHANNEL, note=key)),
    )


def _section(played: Sequence[Event], start_s: float, stop_s: float) -> bytes:
    """The events as a piece of a track that lasts exactly from ``start_s`` to ``stop_s``."""
    written, now = bytearray(), 0
    for event in played:
        tick = _ticks(min(event.time_s, stop_s) - start_s)
        written += _delta(tick - now) + bytes(event.message.bytes())
        now = tick
    return bytes(written) + _delta(_ticks(stop_s - start_s) - now) + b"\xff\x01\x00"  # an empty text, to fill the time


def _ticks(seconds: float) -> int:
    return round(seconds * _TICKS_PER_S)


def _delta(ticks: int) -> bytes:
    """A number as MIDI files have it: seven bits to the byte, the highest bit set in all bytes but the last."""
    written = [ticks & 0x7F]
    while ticks := ticks >> 7:
        written.insert(0, ticks & 0x7F | 0x80)
    return bytes(written)
