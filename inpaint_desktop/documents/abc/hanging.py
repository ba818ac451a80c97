"""What hangs on the notes of an ABC tune, and what of it stays where new notes are written.

Grace notes and the lower notes of a chord stay with a note that stays: one of the same pitch at the same time.
Ornaments stay with it as well, and on all notes of a measure that keeps its rhythm; so do slurs over notes that keep
theirs. Grace notes and chords whose sound depends on an accidental of the measure go, as that may go too.

Times are ticks from the start of the measure.
"""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from inpaint_desktop.documents.abc.fields import Context
from inpaint_desktop.documents.abc.located import Item, LocatedMeasure
from inpaint_desktop.documents.abc.tokens import LENGTH, NOTE
from inpaint_desktop.documents.rhythm import Written
from inpaint_desktop.score.melody import Note
from inpaint_desktop.score.pitch import Pitch

GRACE, ORNAMENT, CHORD = "grace", "ornament", "chord"
HANGING = (GRACE, ORNAMENT, CHORD)
_PLAIN_CHORD = re.compile(rf"\[(?:{NOTE}{LENGTH})+\]{LENGTH}")
_NOTE_OF_CHORD = re.compile(rf"({NOTE})({LENGTH})")
_SIGNED = re.compile(r"[=^_]+([A-Ga-g])")
_LETTER = re.compile(r"([A-Ga-g])")
_WITH_NOTES = frozenset({"note", GRACE, CHORD})
_QUOTED = re.compile(r'"[^"]*"|![^!]*!')


@dataclass(frozen=True, slots=True)
class Bars:
    """The notes of a measure before and after, and the new ones as they are written."""

    old: Sequence[Note]
    new: Sequence[Note]
    written: Sequence[Written]

    def keep_rhythm(self, start: int = 0, stop: int | None = None) -> bool:
        """Whether the same times sound before and after from ``start`` until before ``stop``."""
        old, new = (_rhythm(notes, start, stop) for notes in (self.old, self.new))
        return old == new

    def stay(self, onset: int) -> bool:
        """Whether the note that begins at a time, or the rest, is there after as it was before."""
        return _at(self.old, onset) == _at(self.new, onset)


@dataclass(frozen=True, slots=True)
class Hanging:
    """What stays on the notes of a measure, by the index of the written note, and what kinds of things are lost.

    ``before`` stands before the note; ``chords`` are all notes of a chord, without length, in place of the note.
    """

    before: Mapping[int, str]
    chords: Mapping[int, str]
    lost: Set[str]


def hanging_on(
    text: str, located: LocatedMeasure, bars: Bars, contexts: Sequence[Context], *, is_tied_to: bool
) -> Hanging:
    """What stays on the notes of a measure of ``text``; ``is_tied_to`` if a tie leads to its first note."""
    before: dict[int, str] = {}
    chords: dict[int, str] = {}
    lost = set()
    items = [item for item in located.items if item.kind in HANGING]
    altered = _altered_steps(text, located, bars.written, contexts) if items else frozenset[str]()
    places = {note.onset: index for index, note in enumerate(bars.written)}
    for item in items:
        written, index = text[item.start : item.stop], places.get(item.onset)
        is_safe = not _steps(written) & altered
        if index is not None and _stays(item, bars, is_safe=is_safe and not (is_tied_to and item.onset == 0)):
            if item.kind != CHORD:
                before[index] = before.get(index, "") + written
                continue
            if _PLAIN_CHORD.fullmatch(written) and _is_whole(located, bars.written[index]):
                chords[index] = f"[{''.join(name for name, _ in _NOTE_OF_CHORD.findall(written.rpartition(']')[0]))}]"
                continue
        lost.add(item.kind)
    return Hanging(before, chords, frozenset(lost))


def _stays(item: Item, bars: Bars, *, is_safe: bool) -> bool:
    """Whether something stays where its note does; ``is_safe`` if no accidental could change its sound."""
    if item.kind == ORNAMENT:
        return bars.stay(item.onset) or bars.keep_rhythm()
    return bars.stay(item.onset) and is_safe


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
    new = {
        note.pitch.step
        for note, context in zip(notes, contexts, strict=True)
        if note.pitch and note.pitch.alter != context.alter(note.pitch.step)
    }
    return new | {match[1].upper() for match in _SIGNED.finditer(_QUOTED.sub("", old))}


def _at(notes: Sequence[Note], onset: int) -> tuple[Pitch | None, bool] | None:
    """The pitch of the note that sounds at a time, and whether it begins there."""
    return next(((note.pitch, note.onset == onset) for note in notes if note.onset <= onset < note.end), None)


def _rhythm(notes: Sequence[Note], start: int, stop: int | None) -> list[tuple[int, int, bool]]:
    return [
        (note.onset, note.duration, note.is_rest)
        for note in notes
        if start <= note.onset and (stop is None or note.onset < stop)
    ]
