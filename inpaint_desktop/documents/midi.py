"""Writes a melody as a MIDI file, with repeats, endings and jumps played out."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import mido

from inpaint_desktop.documents.playing_order import played_order
from inpaint_desktop.score.melody import Measure, Melody
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

MIDI_TICKS_PER_QUARTER = 480
VELOCITY = 80

_MAJOR_KEYS = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR_KEYS = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m", "A#m")
_MINOR_MODES = frozenset({"minor", "aeolian"})
_MIDI_NOTES = range(128)


@dataclass(frozen=True, slots=True)
class Sound:
    """A note as it sounds, from tick ``start`` to before tick ``stop`` of the whole performance."""

    start: int
    stop: int
    midi: int


def melody_to_midi(melody: Melody, *, program: int = 0) -> bytes:
    """Write a melody as MIDI, for the instrument ``program`` (counted from 0)."""
    order = played_order(melody.measures)
    events = [*_settings(melody.measures, order), *_note_events(sounds(melody.measures, order))]
    track = mido.MidiTrack()
    track.append(mido.MetaMessage("track_name", name=_latin(melody.title)))
    track.append(mido.Message("program_change", program=program))
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        time = round(tick * MIDI_TICKS_PER_QUARTER / TICKS_PER_QUARTER)
        track.append(message.copy(time=time - now))
        now = time
    file = mido.MidiFile(type=0, ticks_per_beat=MIDI_TICKS_PER_QUARTER)
    file.tracks.append(track)
    target = io.BytesIO()
    file.save(file=target)
    return target.getvalue()


def sounds(measures: Sequence[Measure], order: Sequence[int]) -> tuple[Sound, ...]:
    """The notes as they sound when the measures are played in ``order``, ties joined."""
    result: list[Sound] = []
    start, is_tied = 0, False
    for measure in (measures[index] for index in order):
        for note in measure.notes:
            if note.pitch is None:
                is_tied = False
                continue
            sound = Sound(start + note.onset, start + note.end, note.pitch.midi + measure.transposition)
            if is_tied and result[-1].midi == sound.midi and result[-1].stop == sound.start:
                sound = Sound(result.pop().start, sound.stop, sound.midi)
            result.append(sound)
            is_tied = note.ties_on
        start += measure.duration
    return tuple(result)


_Event = tuple[int, int, mido.Message | mido.MetaMessage]  # tick, rank at the same tick, message


def _note_events(played: Sequence[Sound]) -> Iterator[_Event]:
    for sound in played:
        if sound.midi in _MIDI_NOTES:
            yield sound.start, 2, mido.Message("note_on", note=sound.midi, velocity=VELOCITY)
            yield sound.stop, 0, mido.Message("note_off", note=sound.midi, velocity=0)


def _settings(measures: Sequence[Measure], order: Sequence[int]) -> Iterator[_Event]:
    """Meter, key and tempo where they change, as played."""
    meter: Meter | None = None
    key = ""
    tempo: float | None = None
    tick = 0
    for measure in (measures[index] for index in order):
        if measure.meter != meter:
            meter = measure.meter
            yield tick, 1, mido.MetaMessage("time_signature", numerator=meter.beats, denominator=meter.beat_type)
        if _key_name(measure) != key:
            key = _key_name(measure)
            yield tick, 1, mido.MetaMessage("key_signature", key=key)
        if measure.tempo_bpm != tempo and measure.tempo_bpm is not None:
            tempo = measure.tempo_bpm
            yield tick, 1, mido.MetaMessage("set_tempo", tempo=min(0xFFFFFF, mido.bpm2tempo(tempo)))
        tick += measure.duration


def _key_name(measure: Measure) -> str:
    """The key in which a measure sounds."""
    names = _MINOR_KEYS if measure.key.mode in _MINOR_MODES else _MAJOR_KEYS
    return names[min(max(_heard_fifths(measure), -7), 7) + 7]


def _heard_fifths(measure: Measure) -> int:
    """The sharps or flats of the key that is heard; as written, or at most six."""
    fifths = measure.key.fifths
    if measure.transposition % 12 == 0:
        return fifths
    return (fifths + 7 * measure.transposition + 5) % 12 - 5


def _latin(text: str) -> str:
    """The text as MIDI can hold it."""
    return text.encode("latin-1", "replace").decode("latin-1")
