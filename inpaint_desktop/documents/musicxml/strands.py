"""Tells the lines of music of a part apart.

Most programs number the voices of a part, some number those of each staff anew, and some files have no
numbers at all. So a voice whose notes sound together on two staves is taken for two, one on each staff, and
notes without a number that sound together belong to different layers: one before the cursor first goes
back in the measure, one after it, and so on. A part in which voices never meet in a measure is one line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from inpaint_desktop.documents.musicxml.facts import Item, LocatedMeasure, NoteFacts, Strand, Ticks

# Only files that nobody plays from have more; those are not taken apart.
_MOST_VOICES = 64
_MOST_STAVES = 16
_MOST_LAYERS = 16

_Notes = Sequence[Sequence[tuple[Item, NoteFacts]]]
"""The notes of each measure that take time, without the further notes of chords."""


def strands_of(part: int, name: str, measures: Iterable[LocatedMeasure]) -> tuple[Strand, ...]:
    """The lines of music of a part, from the top staff down; there is at least one."""
    notes = [list(_timed(measure)) for measure in measures]
    whole = Strand(part, name)
    strands = _split(whole, notes)
    if len(strands) > _MOST_VOICES:
        strands = [whole]
    found = [_described(strand, _held_by(strand, notes)) for strand in strands]
    found.sort(key=_staff_number)
    return tuple(replace(strand, name=_name(name, strand, found)) for strand in found)


def _timed(measure: LocatedMeasure) -> Iterator[tuple[Item, NoteFacts]]:
    for item in measure.items:
        if item.note is not None and not item.note.is_chord and not item.note.is_grace:
            yield item, item.note


def _held_by(strand: Strand, notes: _Notes) -> _Notes:
    return [[one for one in measure if strand.holds(one[1])] for measure in notes]


def _split(whole: Strand, notes: _Notes) -> list[Strand]:
    kinds = {note.kind for measure in notes for _, note in measure}
    if "unpitched" in kinds and kinds <= {"unpitched", "rest"}:
        return [whole]
    voices = list(dict.fromkeys(note.voice for measure in notes for _, note in measure))
    never_meet = all(len({note.voice for _, note in measure}) <= 1 for measure in notes)
    if len(voices) > _MOST_VOICES or (never_meet and not _meet(notes)):
        return [whole]
    groups = [{voice} for voice in voices if voice] or [{""}]
    groups[0] |= {""} & set(voices)
    parts = [replace(whole, voices=frozenset(group)) for group in groups]
    return [strand for part in parts for strand in _by_staff(part, _held_by(part, notes))]


def _by_staff(strand: Strand, notes: _Notes) -> list[Strand]:
    """The staves of a strand that holds all ``notes``."""
    staves = dict.fromkeys(note.staff for measure in notes for _, note in measure)
    if not _meet(notes):
        return [strand]
    if not 1 < len(staves) <= _MOST_STAVES:
        return _by_layer(strand, notes)
    parts = [replace(strand, only_staff=staff) for staff in staves]
    return [layer for part in parts for layer in _by_layer(part, _held_by(part, notes))]


def _by_layer(strand: Strand, notes: _Notes) -> list[Strand]:
    """The layers of a strand that holds all ``notes``, if they have no voices."""
    layers = dict.fromkeys(note.layer for measure in notes for _, note in measure)
    is_named = any(note.voice for measure in notes for _, note in measure)
    if is_named or len(layers) > _MOST_LAYERS or not _meet(notes):
        return [strand]
    return [replace(strand, layer=layer) for layer in layers]


def _meet(notes: _Notes) -> bool:
    """Whether notes sound together, other than in chords."""
    return any(_overlap(item for item, _ in measure) for measure in notes)


def has_hidden_notes(measure: LocatedMeasure, strand: Strand) -> bool:
    """Whether notes of a strand sound together other than in chords, so that the melody has not all of them."""
    return _overlap([item for item, note in _timed(measure) if strand.holds(note) and note.kind != "rest"])


def _overlap(items: Iterable[Item]) -> bool:
    """Whether some of the items sound together."""
    end: Ticks = 0
    for item in sorted(items, key=lambda one: one.onset):
        if item.onset < end:
            return True
        end = item.end
    return False


def _described(strand: Strand, notes: _Notes) -> Strand:
    """The strand with the voice and the staff that most of its notes have."""
    voices = Counter(note.voice for measure in notes for _, note in measure)
    staves = Counter(note.staff for measure in notes for _, note in measure)
    if not voices:
        return strand
    return replace(strand, voice=voices.most_common(1)[0][0], staff=staves.most_common(1)[0][0])


def _staff_number(strand: Strand) -> int:
    return int(strand.staff) if strand.staff.isdecimal() and len(strand.staff) < 4 else 1


def _name(part: str, strand: Strand, strands: Sequence[Strand]) -> str:
    """The name of the part, and that of the strand in it where there are several."""
    if len(strands) == 1:
        return part
    here = [other for other in strands if _staff_number(other) == _staff_number(strand)]
    staff = f"staff {_staff_number(strand)}" if len(here) < len(strands) else ""
    numbers = [other.voice for other in here]
    is_telling = not staff and all(numbers) and len(set(numbers)) == len(numbers)
    voice = f"voice {strand.voice if is_telling else here.index(strand) + 1}" if len(here) > 1 else ""
    label = ", ".join(filter(None, (staff, voice)))
    return f"{part}, {label}" if part else label[0].upper() + label[1:]
