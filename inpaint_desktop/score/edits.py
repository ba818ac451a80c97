"""Edits of rhythm by hand: lengths, rests, new notes. Measures stay exactly full."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from inpaint_desktop.errors import ScoreError, SelectionError
from inpaint_desktop.score.melody import Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.moving import MIDI_NUMBERS, pitch_near
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import Change, NotePlace, change_of_measure, note_at


@dataclass(frozen=True, slots=True)
class NoteLength:
    """A note value: its name, how long it lasts, and whether it belongs to a triplet."""

    name: str
    ticks: int
    is_triplet: bool = False


def _lengths() -> Iterator[NoteLength]:
    for power, name in enumerate(("whole", "half", "quarter", "eighth", "16th", "32nd")):
        ticks = TICKS_PER_QUARTER * 4 >> power
        yield NoteLength(f"dotted {name}", ticks * 3 // 2)
        yield NoteLength(name, ticks)
        yield NoteLength(f"triplet {name}", ticks * 2 // 3, is_triplet=True)


LENGTHS: tuple[NoteLength, ...] = tuple(_lengths())
"""The lengths to choose from: from whole notes to 32nds, each dotted, plain and in a triplet."""

_BY_TICKS = {length.ticks: length for length in LENGTHS}


def length_of(note: Note) -> NoteLength | None:
    """The note value that lasts as long as ``note``, or ``None`` if it takes several tied ones."""
    return _BY_TICKS.get(note.duration)


def set_length(melody: Melody, place: NotePlace, ticks: int) -> Change:
    """Let a note or rest last ``ticks``; what follows in its measure makes room, or a rest fills the gap.

    Raises:
        SelectionError: there is no note.
        ScoreError: the measure ends before, or a note cannot last so long.
    """
    note, measure = note_at(melody, place), melody.measures[place.measure]
    if not 0 < ticks <= measure.duration - note.onset:
        message = (
            f"Measure {measure.number or '?'} has no room for that length from this note on; choose a shorter one."
        )
        raise ScoreError(message)
    longer = replace(note, duration=ticks, ties_on=note.ties_on and ticks == note.duration)
    return _with_note(melody, place.measure, longer)


def lengthened(melody: Melody, place: NotePlace) -> Change:
    """Give a note the next longer value that its measure has room for; triplets stay triplets.

    Raises:
        SelectionError: there is no note.
        ScoreError: there is no longer one.
    """
    note, measure = note_at(melody, place), melody.measures[place.measure]
    room = measure.duration - note.onset
    longer = [ticks for ticks in _steps_of(note) if note.duration < ticks <= room]
    if not longer:
        message = f"The note is as long as measure {measure.number or '?'} has room for."
        raise ScoreError(message)
    return set_length(melody, place, min(longer))


def shortened(melody: Melody, place: NotePlace) -> Change:
    """Give a note the next shorter value, and leave a rest behind it; triplets stay triplets.

    Raises:
        SelectionError: there is no note.
        ScoreError: there is no shorter one.
    """
    note = note_at(melody, place)
    shorter = [ticks for ticks in _steps_of(note) if ticks < note.duration]
    if not shorter:
        message = "The note is as short as it can be; make it a rest instead."
        raise ScoreError(message)
    return set_length(melody, place, max(shorter))


def _steps_of(note: Note) -> list[int]:
    is_triplet = note.duration % (TICKS_PER_QUARTER // 32) != 0
    return [length.ticks for length in LENGTHS if length.is_triplet == is_triplet]


def make_rest(melody: Melody, place: NotePlace) -> Change:
    """Put a rest in the place of a note, in one with the rests beside it.

    Raises:
        SelectionError: there is no note.
    """
    return _with_note(melody, place.measure, replace(note_at(melody, place), pitch=None, ties_on=False))


def make_note(melody: Melody, place: NotePlace, pitch: Pitch | None = None) -> Change:
    """Put a note in the place of a rest; without ``pitch``, one near the note before, in the key.

    Raises:
        SelectionError: there is no rest.
        ScoreError: the pitch is out of the range of MIDI.
    """
    rest = note_at(melody, place)
    return insert_note(melody, place.measure, rest.onset, rest.duration, pitch)


def insert_note(melody: Melody, measure: int, tick: int, duration: int, pitch: Pitch | None = None) -> Change:
    """Put a note into a rest; it ends with the rest, where that is shorter than ``duration``.

    Args:
        melody: the melody.
        measure: the index of the measure.
        tick: where the note begins, from the start of the measure.
        duration: how long it is to last, in ticks.
        pitch: its pitch; without it, one near the note before, in the key.

    Raises:
        SelectionError: there is no rest at this place.
        ScoreError: the pitch is out of the range of MIDI, or the duration is nothing.
    """
    place = _place_at(melody, measure, tick)
    rest = note_at(melody, place)
    if not rest.is_rest:
        message = "There is a note at this place already; make it a rest first, or move it."
        raise SelectionError(message)
    pitch = pitch or pitch_near(melody, place)
    if pitch.midi not in MIDI_NUMBERS:
        message = f"{pitch.name} is out of the range of MIDI, which goes from C-1 to G9; choose another pitch."
        raise ScoreError(message)
    if duration <= 0:
        message = "A note has to last for some time; choose a length."
        raise ScoreError(message)
    return _with_note(melody, measure, Note(tick, min(duration, rest.end - tick), pitch))


def _place_at(melody: Melody, measure: int, tick: int) -> NotePlace:
    notes = melody.measures[measure].notes if 0 <= measure < len(melody.measures) else ()
    sounding = (number for number, note in enumerate(notes) if note.onset <= tick < note.end)
    number = next(sounding, None)
    if number is None:
        message = "This place is not in the tune; choose one inside a measure."
        raise SelectionError(message)
    return NotePlace(measure, number)


def _with_note(melody: Melody, measure: int, new: Note) -> Change:
    """Put ``new`` over what stands at its time. Notes that it covers in part are cut, with rests for gaps."""
    old = melody.measures[measure].notes
    before = [_until(note, new.onset) for note in old if note.onset < new.onset]
    replaced = next(note for note in old if note.onset <= new.onset < note.end)
    after = [_from(note, new.end, replaced) for note in old if note.end > new.end]
    return change_of_measure(melody, measure, [*before, new, *after], new.onset)


def _until(note: Note, tick: int) -> Note:
    return note if note.end <= tick else replace(note, duration=tick - note.onset, ties_on=False)


def _from(note: Note, tick: int, replaced: Note) -> Note:
    if note.onset >= tick:
        return note
    rest_of_it = replace(note, onset=tick, duration=note.end - tick)
    return replace(rest_of_it, pitch=None, ties_on=False) if note is replaced else rest_of_it
