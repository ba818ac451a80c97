"""What tokens cannot say of notes that were to stay: how they are spelled, and that they are tied over a bar line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from inpaint_desktop.encoding.grammar import Constraints, Gap
from inpaint_desktop.encoding.grammar.gap import HeardNote
from inpaint_desktop.encoding.grammar.sheet import locked_notes
from inpaint_desktop.score.melody import Measure, Note

_Place = tuple[int, int]
"""The index of a measure in the melody, and an onset in it."""

_Notes = dict[_Place, Note]


def as_asked(measures: Sequence[Measure], gap: Gap, constraints: Constraints) -> tuple[Measure, ...]:
    """Give the notes that were to stay their own spelling, and the ties that they had."""
    notes = {
        (gap.span.start + number, note.onset): note for number, measure in enumerate(measures) for note in measure.notes
    }
    if constraints.keep_rhythm:
        _tie_rhythm(notes, gap)
    _put_back(notes, gap, locked_notes(gap, constraints))
    if constraints.keep_pitches:
        _spell(notes, gap)
    return tuple(
        measure.with_notes(notes[gap.span.start + number, note.onset] for note in measure.notes)
        for number, measure in enumerate(measures)
    )


def _tie_rhythm(notes: _Notes, gap: Gap) -> None:
    """Tie what was tied; each note of a chain has the first one's spelling."""
    for heard in gap.heard:
        for place, following in pairwise(_places(gap, heard)):
            notes[place] = replace(notes[place], ties_on=True)
            notes[following] = replace(notes[following], pitch=notes[place].pitch)


def _put_back(notes: _Notes, gap: Gap, locked: Iterable[HeardNote]) -> None:
    """Let locked notes be those that stood there."""
    for heard in locked:
        places = list(_places(gap, heard))
        for place in places:
            ties_on = place != places[-1] or _leaves(gap, heard)
            notes[place] = replace(notes[place], pitch=heard.pitch, ties_on=ties_on)


def _leaves(gap: Gap, heard: HeardNote) -> bool:
    """Whether a note is tied to one after the gap."""
    last = heard.parts[-1].place
    note = gap.melody.measures[last.measure].notes[last.note]
    return note.ties_on and note is gap.measures[-1].notes[-1]


def _places(gap: Gap, heard: HeardNote) -> Iterator[_Place]:
    """Where a note begins, and where it goes on in another measure."""
    before = None
    for part in heard.parts:
        measure, note = part.place.measure, part.place.note
        if measure != before:
            yield measure, gap.melody.measures[measure].notes[note].onset
        before = measure


def _spell(notes: _Notes, gap: Gap) -> None:
    """Give notes that come in the same order as before their spelling again."""
    pitches = iter([heard.pitch for heard in gap.heard if heard.pitch is not None])
    before: Note | None = None
    for place in sorted(notes):
        note = notes[place]
        if note.pitch is not None:
            goes_on = before is not None and before.ties_on
            pitch = before.pitch if goes_on and before is not None else next(pitches)
            notes[place] = before = replace(note, pitch=pitch)
        else:
            before = note
