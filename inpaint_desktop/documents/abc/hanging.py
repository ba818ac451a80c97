"""What hangs on the notes of an ABC tune, and what of it stays where new notes are written.

Grace notes and the lower notes of a chord stay with a note that stays: one of the same pitch at the same time.
Ornaments and slurs stay with it as well, and on all notes of a measure that keeps its rhythm. Grace notes and chords
whose sound depends on an accidental of the measure go, as that may go too.

Times are ticks from the start of the measure.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from inpaint_desktop.documents.abc.fields import Context
from inpaint_desktop.documents.abc.located import Item, LocatedMeasure
from inpaint_desktop.documents.abc.tokens import LENGTH, NOTE
from inpaint_desktop.documents.rhythm import Written
from inpaint_desktop.documents.staying import Exchange

GRACE, ORNAMENT, CHORD = "grace", "ornament", "chord"
HANGING = (GRACE, ORNAMENT, CHORD)
_PLAIN_CHORD = re.compile(rf"\[(?:{NOTE}{LENGTH})+\]{LENGTH}")
_NOTE_OF_CHORD = re.compile(rf"({NOTE})({LENGTH})")
_SIGNED = re.compile(r"[=^_]+([A-Ga-g])")
_LETTER = re.compile(r"([A-Ga-g])")
_WITH_NOTES = frozenset({"note", GRACE, CHORD})
_QUOTED = re.compile(r'"[^"]*"|![^!]*!')


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """Which notes take the place of which in a measure, and how they are written."""

    notes: Exchange
    written: Sequence[Written]


@dataclass(frozen=True, slots=True)
class Hanging:
    """What stays on the notes of a measure, by the index of the written note, and what kinds of things are lost.

    ``before`` stands before the note; ``chords`` are all notes of a chord, without length, in place of the note.
    """

    before: Mapping[int, str]
    chords: Mapping[int, str]
    lost: Set[str]


def hanging_on(
    text: str, located: LocatedMeasure, new: NewMeasure, contexts: Sequence[Context], *, is_tied_to: bool
) -> Hanging:
    """What stays on the notes of a measure of ``text``; ``is_tied_to`` if a tie leads to its first note."""
    before: dict[int, str] = {}
    chords: dict[int, str] = {}
    lost = set()
    items = [item for item in located.items if item.kind in HANGING]
    altered = _altered_steps(text, located, new.written, contexts) if items else frozenset[str]()
    places = {note.onset: index for index, note in enumerate(new.written)}
    for item in items:
        written, index = text[item.start : item.stop], places.get(item.onset)
        is_safe = not _steps(written) & altered
        if index is not None and _stays(item, new.notes, is_safe=is_safe and not (is_tied_to and item.onset == 0)):
            if item.kind != CHORD:
                before[index] = before.get(index, "") + written
                continue
            if _PLAIN_CHORD.fullmatch(written) and _is_whole(located, new.written[index]):
                chords[index] = f"[{''.join(name for name, _ in _NOTE_OF_CHORD.findall(written.rpartition(']')[0]))}]"
                continue
        lost.add(item.kind)
    return Hanging(before, chords, frozenset(lost))


def _stays(item: Item, notes: Exchange, *, is_safe: bool) -> bool:
    """Whether something stays where its note does; ``is_safe`` if no accidental could change its sound."""
    if item.kind == ORNAMENT:
        return notes.keeps_note(item.onset) or notes.keeps_rhythm
    return notes.keeps_note(item.onset) and is_safe


def _is_whole(located: LocatedMeasure, note: Written) -> bool:
    """Whether a note is written as long as the chord at its time was, and is not tied."""
    is_as_long = any((sound.onset, sound.duration) == (note.onset, note.duration) for sound in located.sounds)
    return is_as_long and not (note.tie_in or note.tie_out)


def _steps(written: str) -> set[str]:
    """The letters of the notes in a chord or between the braces of grace notes."""
    return {match[1].upper() for match in _LETTER.finditer(_QUOTED.sub("", written))}


def _altered_steps(
    text: str, located: LocatedMeasure, notes: Sequence[Written], contexts: Sequence[Context]
) -> Set[str]:
    """The letters that have an accidental in the old notes, or need one in the new ones."""
    old = " ".join(text[item.start : item.stop] for item in located.items if item.kind in _WITH_NOTES)
    needed = {
        note.pitch.step
        for note, context in zip(notes, contexts, strict=True)
        if note.pitch and note.pitch.alter != context.alter(note.pitch.step)
    }
    return needed | {match[1].upper() for match in _SIGNED.finditer(_QUOTED.sub("", old))}
