"""What the notes of a MusicXML file mean, as music21 understands them.

This module is called in a child process (see ``isolation``) and is the only one that imports
music21 for MusicXML. ``parseData`` is used and never ``parse``: that one keeps pickles in a
predictable place, and takes text for an address. Each part is read on its own, so that one
that music21 cannot read does not spoil the others.
"""

import warnings
from collections.abc import Iterator
from fractions import Fraction

from music21 import chord, converter, note, stream
from music21.base import Music21Object

from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.musicxml.requests import PartRequest, ReadRequest
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.errors import FileUnsupportedError, InpaintDesktopError
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch


def read_melodies(request: ReadRequest) -> tuple[Melody | str, ...]:
    """Read the melody of each part, or say in a sentence why it is none."""
    with warnings.catch_warnings():
        # music21 warns about layout that it does not understand, which changes no note.
        warnings.simplefilter("ignore")
        return tuple(_melody_or_reason(part, request) for part in request.parts)


def _melody_or_reason(part: PartRequest, request: ReadRequest) -> Melody | str:
    name = f"part '{part.name}'" if part.name else "a part"
    try:
        return Melody(_measures(part, f"{request.file_name}, {name}"), request.title)
    except InpaintDesktopError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - music21 raises at least eleven unrelated types
        return f"{request.file_name}: {name} cannot be read ({_short(error)}); export the file again to work on it."


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".split("\n", maxsplit=1)[0][:120]


def _measures(part: PartRequest, place: str) -> tuple[Measure, ...]:
    score = converter.parseData(part.text, format="musicxml")
    assert isinstance(score, stream.Score), "MusicXML is always read as a score"
    found = list(score.parts[0].getElementsByClass(stream.Measure))
    if len(found) != len(part.marks):
        message = f"{place}: music21 reads {len(found)} measures where the file has {len(part.marks)}."
        raise FileUnsupportedError(message)
    return with_sound_ties(
        [
            _measure(read, mark, duration, part.voice, place)
            for read, mark, duration in zip(found, part.marks, part.durations, strict=True)
        ]
    )


def _measure(read: stream.Measure, mark: MeasureMark, duration: int, voice: str, place: str) -> Measure:
    place = f"{place}, measure {mark.number or '?'}"
    return mark.measure(tuple(_filled(_timed(read, voice, place), duration)), duration)


def _timed(read: stream.Measure, voice: str, place: str) -> Iterator[tuple[int, int, Pitch, bool]]:
    """Onset, end, pitch and tie of each note of the first voice, in the order of time."""
    voices = list(read.voices)
    # A measure in which only one voice plays has no voices for music21, whatever that voice's name is.
    holder = read if not voices else next((one for one in voices if str(one.id) == voice), None)
    for element in holder.notes if holder is not None else ():
        if element.duration.isGrace:
            continue
        top = _top_note(element, place)
        onset = _ticks(element.offset)
        end = _ticks(Fraction(element.offset) + Fraction(element.quarterLength))
        tie = top.tie or element.tie
        yield onset, end, _pitch(top, place), tie is not None and tie.type in {"start", "continue"}


def _top_note(element: Music21Object, place: str) -> note.Note:
    if isinstance(element, note.Note):
        return element
    if isinstance(element, chord.Chord) and element.notes:
        highest: note.Note = max(element.notes, key=lambda one: one.pitch.ps)
        return highest
    message = f"{place} has notes without a pitch, as drums have; choose a part with a melody."
    raise FileUnsupportedError(message)


def _pitch(read: note.Note, place: str) -> Pitch:
    pitch = read.pitch
    alter = pitch.accidental.alter if pitch.accidental is not None else 0
    if alter != int(alter):
        message = (
            f"{place} has quarter tones, which cannot be worked on; choose another part, or write them as semitones."
        )
        raise FileUnsupportedError(message)
    return Pitch(pitch.step, int(alter), pitch.implicitOctave)


def _ticks(quarters: float | Fraction) -> int:
    return round(Fraction(quarters) * TICKS_PER_QUARTER)


def _filled(timed: Iterator[tuple[int, int, Pitch, bool]], duration: int) -> Iterator[Note]:
    """Fill gaps with rests, and cut what overlaps or goes over the end."""
    now = 0
    for onset, written_end, pitch, ties_on in sorted(timed, key=lambda found: found[0]):
        end = min(written_end, duration)
        if onset < now or end <= onset:
            continue
        if onset > now:
            yield Note(now, onset - now, None)
        yield Note(onset, end - onset, pitch, ties_on)
        now = end
    if now < duration:
        yield Note(now, duration - now, None)
