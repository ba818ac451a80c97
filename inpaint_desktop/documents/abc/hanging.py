"""What hangs on the notes of an ABC tune, and what of it stays where new notes are written.

Grace notes and the lower notes of a chord stay with a note that stays: one of the same pitch at the same time.
Ornaments and slurs stay with it as well, and on all notes of a measure that keeps its rhythm. Grace notes and chords
that an accidental before them could alter go, as it may have gone.

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
from inpaint_desktop.score.pitch import Pitch

GRACE, ORNAMENT, CHORD = "grace", "ornament", "chord"
HANGING = (GRACE, ORNAMENT, CHORD)
_PLAIN_CHORD = re.compile(rf"\[(?:{NOTE}{LENGTH})+\]{LENGTH}")
_NOTE_OF_CHORD = re.compile(rf"({NOTE})({LENGTH})")
_SIGNED = re.compile(r"[=^_]+([A-Ga-g])")
_LETTER = re.compile(r"[A-G]")
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
    places = {note.onset: index for index, note in enumerate(new.written)}
    for item in (item for item in located.items if item.kind in HANGING):
        hung, index = text[item.start : item.stop], places.get(item.onset)
        stays = index is not None and new.notes.keeps_note(item.onset)
        if index is None or not (stays or (item.kind == ORNAMENT and new.notes.keeps_rhythm)):
            lost.add(item.kind)
        elif item.kind == ORNAMENT:
            before[index] = before.get(index, "") + hung
        elif (is_tied_to and index == 0) or _steps(hung) & _altered_steps(text, located, item, new, contexts[:index]):
            lost.add(item.kind)
        elif item.kind == GRACE:
            before[index] = before.get(index, "") + hung
        elif _PLAIN_CHORD.fullmatch(hung) and _is_whole(located, new.written[index]):
            chords[index] = f"[{''.join(name for name, _ in _NOTE_OF_CHORD.findall(hung.rpartition(']')[0]))}]"
        else:
            lost.add(item.kind)
    return Hanging(before, chords, frozenset(lost))


def _is_whole(located: LocatedMeasure, note: Written) -> bool:
    """Whether a note is written as long as the chord at its time was, and is not tied."""
    is_as_long = any((sound.onset, sound.duration) == (note.onset, note.duration) for sound in located.sounds)
    return is_as_long and not (note.tie_in or note.tie_out)


def _steps(written: str) -> set[str]:
    """The letters of the notes in a chord or between the braces of grace notes."""
    return set(_LETTER.findall(_QUOTED.sub("", written).upper()))


def _altered_steps(
    text: str, located: LocatedMeasure, item: Item, new: NewMeasure, contexts: Sequence[Context]
) -> set[str]:
    """The letters that have an accidental in ``item`` or before it, or need one in the new notes under ``contexts``."""
    old = [one for one in located.items if one.kind in _WITH_NOTES and one.start <= item.start]
    signed = _SIGNED.finditer(_QUOTED.sub("", " ".join(text[one.start : one.stop] for one in old)))
    notes = zip(new.written, contexts, strict=False)
    needed = {note.pitch.step for note, context in notes if note.pitch and _is_altered(note.pitch, context)}
    return needed | {match[1].upper() for match in signed}


def _is_altered(pitch: Pitch, context: Context) -> bool:
    return pitch.alter != context.alter(pitch.step)
