"""Moves notes up and down: by steps of the scale, by semitones, by octaves.

A note that is tied moves together with those it is tied to, as they are one sound; where a tie
leaves the moved measures, it is dissolved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from inpaint_desktop.errors import ScoreError, SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Melody, Note, Span
from inpaint_desktop.score.pitch import STEPS, Pitch
from inpaint_desktop.score.places import (
    Change,
    NotePlace,
    change_of_notes,
    is_tied_to,
    note_at,
    place_after,
    place_before,
    places_in,
    tied_places,
)
from inpaint_desktop.score.spelling import spell

MIDI_NUMBERS = range(128)
_MOST_ACCIDENTALS = 2  # a double sharp or a double flat


@dataclass(frozen=True, slots=True)
class Steps:
    """So many steps of the scale up, or down where ``count`` is negative."""

    count: int


@dataclass(frozen=True, slots=True)
class Semitones:
    """So many semitones up, or down where ``count`` is negative; whole octaves keep the spelling."""

    count: int


@dataclass(frozen=True, slots=True)
class Octaves:
    """So many octaves up, or down where ``count`` is negative."""

    count: int


Move = Steps | Semitones | Octaves

_Sound = tuple[NotePlace, ...]  # the places of notes that are tied to each other


def move_note(melody: Melody, place: NotePlace, move: Move) -> Change:
    """Move one note, with those it is tied to.

    By steps it goes to the notes of the key signature, whatever accidental it had.

    Raises:
        SelectionError: there is no note to move.
        ScoreError: it would leave the range of MIDI.
    """
    _written(melody, place)
    sounds = [tied_places(melody, place)]
    if isinstance(move, Steps):
        return _change(melody, sounds, lambda sound: _stepped(melody, sound, move.count, keeps_accidental=False), place)
    return _change(melody, sounds, _rule(melody, sounds, move), place)


def set_pitch(melody: Melody, place: NotePlace, midi: int) -> Change:
    """Give a note, and those it is tied to, the pitch of a MIDI number, spelled as key and line ask for.

    Raises:
        SelectionError: there is no note.
        ScoreError: there is no such MIDI number.
    """
    return move_note(melody, place, Semitones(midi - _written(melody, place).midi))


def move_measures(melody: Melody, span: Span, move: Move) -> Change:
    """Move all notes of the measures of ``span``.

    By steps an accidental goes along: a raised third becomes a raised fourth.

    Raises:
        SelectionError: the span is not in the melody, or there are no notes in it.
        ScoreError: a note would leave the range of MIDI.
    """
    melody.check(span)
    sounds = _sounds(melody, span)
    if not sounds:
        message = "There are only rests in the selected measures; select some with notes."
        raise SelectionError(message)
    change = _change(melody, sounds, _rule(melody, sounds, move), None)
    silent = Span(span.start, change.span.start), Span(change.span.stop, span.stop)
    before, after = ([melody.measures[index] for index in one.indices] for one in silent)
    return Change(span, (*before, *change.measures, *after))


def pitch_near(melody: Melody, place: NotePlace) -> Pitch:
    """Choose the pitch of a new note at ``place``: that of the note before or after, as the key has it."""
    key = melody.measures[place.measure].key
    found = _nearest(melody, place, place_before) or _nearest(melody, place, place_after) or Pitch("B", 0, 4)
    return replace(found, alter=key.alter(found.step))


def _nearest(
    melody: Melody, place: NotePlace, neighbour: Callable[[Melody, NotePlace], NotePlace | None]
) -> Pitch | None:
    here = neighbour(melody, place)
    while here is not None and note_at(melody, here).is_rest:
        here = neighbour(melody, here)
    return None if here is None else note_at(melody, here).pitch


def _written(melody: Melody, place: NotePlace) -> Pitch:
    pitch = note_at(melody, place).pitch
    if pitch is None:
        message = "A rest cannot be moved up or down; make it a note first."
        raise SelectionError(message)
    return pitch


def _sounds(melody: Melody, span: Span) -> list[_Sound]:
    """The notes of the span, those that are tied to each other inside it together."""
    sounds: list[list[NotePlace]] = []
    last: Note | None = None
    for place in places_in(melody, span):
        note = note_at(melody, place)
        if last is not None and is_tied_to(last, note):
            sounds[-1].append(place)
        elif not note.is_rest:
            sounds.append([place])
        last = note
    return [tuple(sound) for sound in sounds]


def _change(
    melody: Melody, sounds: Iterable[_Sound], moved: Callable[[_Sound], Pitch], selected: NotePlace | None
) -> Change:
    notes = {}
    for sound in sounds:
        pitch = moved(sound)
        _check_range(pitch, melody.measures[sound[0].measure].number)
        notes.update({place: replace(note_at(melody, place), pitch=pitch) for place in sound})
    return change_of_notes(melody, notes, selected)


def _check_range(pitch: Pitch, number: str) -> None:
    if pitch.midi not in MIDI_NUMBERS:
        where, what = ("above", "G9") if pitch.midi > 0 else ("below", "C-1")
        message = (
            f"A note of measure {number or '?'} would lie {where} {what}, out of the range of MIDI; move it less far."
        )
        raise ScoreError(message)


def _rule(melody: Melody, sounds: list[_Sound], move: Move) -> Callable[[_Sound], Pitch]:
    """How the pitch of each sound changes."""
    if isinstance(move, Steps):
        return lambda sound: _stepped(melody, sound, move.count, keeps_accidental=True)
    octaves = move.count if isinstance(move, Octaves) else move.count / 12
    if octaves == int(octaves):
        return lambda sound: _octave_away(_written(melody, sound[0]), int(octaves))
    moved = {place for sound in sounds for place in sound}
    return lambda sound: _semitones_away(melody, sound, move.count, moved)


def _octave_away(pitch: Pitch, octaves: int) -> Pitch:
    return replace(pitch, octave=pitch.octave + octaves)


def _stepped(melody: Melody, sound: _Sound, count: int, *, keeps_accidental: bool) -> Pitch:
    pitch, key = _written(melody, sound[0]), melody.measures[sound[0].measure].key
    octave, index = divmod(pitch.staff_position + count, 7)
    alter = key.alter(STEPS[index]) + (pitch.alter - key.alter(pitch.step) if keeps_accidental else 0)
    stepped = Pitch(STEPS[index], alter, octave)
    return stepped if abs(alter) <= _MOST_ACCIDENTALS else _spelled(None, stepped.midi, None, key)


def _semitones_away(melody: Melody, sound: _Sound, count: int, moved: set[NotePlace]) -> Pitch:
    """Spell the moved sound between its neighbours, which may have moved too."""

    def number_at(place: NotePlace | None) -> int | None:
        pitch = note_at(melody, place).pitch if place else None
        return None if pitch is None else pitch.midi + (count if place in moved else 0)

    before, after = place_before(melody, sound[0]), place_after(melody, sound[-1])
    key = melody.measures[sound[0].measure].key
    return _spelled(number_at(before), _written(melody, sound[0]).midi + count, number_at(after), key)


def _spelled(before: int | None, number: int, after: int | None, key: KeySignature) -> Pitch:
    pitch = spell((before, number, after), key)[1]
    assert pitch is not None, "a number has a pitch"
    return pitch
