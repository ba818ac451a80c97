"""From a model's tokens back to measures that fit into the tune.

A model fills slots (see ``encoding.slots``), each a full measure. Of each slot the measures that were asked for are
cut out. Notes are moved back into the tune's key and spelled by the key and the line.
"""

from collections.abc import Sequence

from inpaint_desktop.encoding.slots import Slot
from inpaint_desktop.encoding.tokens import EncodedMeasure, decode
from inpaint_desktop.encoding.window import Tokens, gap_slots
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.spelling import spell

Line = tuple[Pitch | None, ...]


def fit(tokens: Sequence[Tokens], melody: Melody, span: Span, *, semitones: int) -> tuple[Measure, ...]:
    """Turn the tokens of the gap into its measures, moved down by ``semitones``."""
    measures = [
        _measure(row, melody, slot, index)
        for row, slot in zip(tokens, gap_slots(melody, span), strict=True)
        for index in slot.indices
        if index in span.indices
    ]
    lines = _spellings(measures, melody, span, semitones)
    spelled, first = [], 0
    for measure in measures:
        pitches = lines[measure.key][first : first + len(measure.notes)]
        first += len(measure.notes)
        spelled.append(measure.with_notes(map(_with_pitch, measure.notes, pitches)))
    return tuple(spelled)


def _measure(tokens: Tokens, melody: Melody, slot: Slot, index: int) -> Measure:
    """What a slot's tokens become in one of its measures, in the model's key."""
    like = melody.measures[index]
    full = decode(EncodedMeasure(tokens), Measure.of_rest(like.meter, like.key, like.number))
    first = slot.onset_of(melody, index)
    return like.with_notes(_cut(full.notes, first, first + like.duration))


def _cut(notes: Sequence[Note], first: int, last: int) -> list[Note]:
    """What of the notes lies between two ticks, counted from the first of them."""
    return [
        Note(max(note.onset, first) - first, min(note.end, last) - max(note.onset, first), note.pitch)
        for note in notes
        if note.onset < last and note.end > first
    ]


def _with_pitch(note: Note, pitch: Pitch | None) -> Note:
    return Note(note.onset, note.duration, pitch)


def _spellings(measures: Sequence[Measure], melody: Melody, span: Span, semitones: int) -> dict[KeySignature, Line]:
    """The whole line moved back and spelled, in every key that governs a part of it."""
    line = [note.pitch.midi - semitones if note.pitch else None for measure in measures for note in measure.notes]
    line = [_last_midi(melody, span.start), *line, _first_midi(melody, span.stop)]
    return {key: spell(line, key)[1:-1] for key in {measure.key for measure in measures}}


def _last_midi(melody: Melody, index: int) -> int | None:
    """How the note right before a measure sounds; the notes around the gap have a say in its spelling."""
    notes = melody.measures[index - 1].notes if index > 0 else ()
    return notes[-1].pitch.midi if notes and notes[-1].pitch else None


def _first_midi(melody: Melody, index: int) -> int | None:
    notes = melody.measures[index].notes if index < len(melody.measures) else ()
    return notes[0].pitch.midi if notes and notes[0].pitch else None
