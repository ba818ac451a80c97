"""Tells the lines of music of a part apart.

Most programs number the voices of a part, some number those of each staff anew, and some files have no
numbers at all. So a voice whose notes sound together on two staves is taken for two, one on each staff, and
notes without a number that sound together belong to different layers: one before the cursor first goes
back in the measure, one after it, and so on. A part in which voices never meet in a measure is one line.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from inpaint_desktop.documents.musicxml.facts import Item, LocatedMeasure, NoteFacts, Strand, Ticks

_Notes = Sequence[Sequence[tuple[Item, NoteFacts]]]
"""The notes of each measure that take time, without the further notes of chords."""


def strands_of(part: int, name: str, measures: Iterable[LocatedMeasure]) -> tuple[Strand, ...]:
    """The lines of music of a part, from the top staff down; there is at least one."""
    notes = [list(_timed(measure)) for measure in measures]
    found = [_Found(strand, _facts_of(strand, notes)) for strand in _split(Strand(part, name), notes)]
    found.sort(key=lambda one: one.staff_number)
    return tuple(replace(one.strand, name=_name(name, one, found), voice=one.voice, staff=one.staff) for one in found)


def _timed(measure: LocatedMeasure) -> Iterator[tuple[Item, NoteFacts]]:
    for item in measure.items:
        if item.note is not None and not item.note.is_chord and not item.note.is_grace:
            yield item, item.note


def _facts_of(strand: Strand, notes: _Notes) -> list[NoteFacts]:
    return [note for measure in notes for _, note in measure if strand.holds(note)]


def _split(whole: Strand, notes: _Notes) -> list[Strand]:
    kinds = {note.kind for measure in notes for _, note in measure}
    if "unpitched" in kinds and kinds <= {"unpitched", "rest"}:
        return [whole]
    voices = list(dict.fromkeys(note.voice for measure in notes for _, note in measure))
    never_meet = all(len({note.voice for _, note in measure}) <= 1 for measure in notes)
    if never_meet and not _meets_itself(whole, notes):
        return [whole]
    named = [voice for voice in voices if voice]
    groups = [{voice} for voice in named] or [{""}]
    groups[0] |= {""} & set(voices)
    return [
        part
        for group in groups
        for staff in _by_staff(replace(whole, voices=frozenset(group)), notes)
        for part in _by_layer(staff, notes)
    ]


def _by_staff(strand: Strand, notes: _Notes) -> list[Strand]:
    staves = dict.fromkeys(note.staff for note in _facts_of(strand, notes))
    if len(staves) < 2 or not _meets_itself(strand, notes):
        return [strand]
    return [replace(strand, only_staff=staff) for staff in staves]


def _by_layer(strand: Strand, notes: _Notes) -> list[Strand]:
    found = _facts_of(strand, notes)
    if any(note.voice for note in found) or not _meets_itself(strand, notes):
        return [strand]
    return [replace(strand, layer=layer) for layer in dict.fromkeys(note.layer for note in found)]


def _meets_itself(strand: Strand, notes: _Notes) -> bool:
    """Whether notes of a strand sound together, other than in chords."""
    return any(_overlap([item for item, note in measure if strand.holds(note)]) for measure in notes)


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


@dataclass(frozen=True, slots=True)
class _Found:
    """A strand and its notes."""

    strand: Strand
    notes: Sequence[NoteFacts]

    @property
    def voice(self) -> str:
        """The name of its voice."""
        names = Counter(note.voice for note in self.notes)
        return names.most_common(1)[0][0] if names else "1"

    @property
    def staff(self) -> str:
        """The staff that most of it stands on."""
        staves = Counter(note.staff for note in self.notes)
        return staves.most_common(1)[0][0] if staves else ""

    @property
    def staff_number(self) -> int:
        """The number of that staff."""
        return int(self.staff) if self.staff.isdecimal() and len(self.staff) < 4 else 1


def _name(part: str, one: _Found, found: Sequence[_Found]) -> str:
    """The name of the part, and that of the strand in it where there are several."""
    if len(found) == 1:
        return part
    here = [other for other in found if other.staff_number == one.staff_number]
    staff = f"staff {one.staff_number}" if len(here) < len(found) else ""
    numbers = [other.voice for other in here]
    is_telling = not staff and all(numbers) and len(set(numbers)) == len(numbers)
    voice = f"voice {one.voice if is_telling else here.index(one) + 1}" if len(here) > 1 else ""
    label = ", ".join(filter(None, (staff, voice)))
    return f"{part}, {label}" if part else label[0].upper() + label[1:]
