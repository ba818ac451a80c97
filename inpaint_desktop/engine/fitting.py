"""From a model's tokens back to measures that fit into the tune.

A model fills full measures. Where the tune has a shorter one, its part is cut out: the end for a pickup,
else the beginning. Notes are moved back into the tune's key and spelled by the key and the line.
"""

from collections.abc import Sequence
from dataclasses import replace

from inpaint_desktop.encoding.tokens import EncodedMeasure, decode
from inpaint_desktop.encoding.window import Tokens, starts_late
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.spelling import spell


def fit(
    tokens: Sequence[Tokens], melody: Melody, span: Span, *, semitones: int, key: KeySignature
) -> tuple[Measure, ...]:
    """Turn the tokens of the gap into its measures, moved down by ``semitones`` and spelled in ``key``."""
    measures = [
        _cut(_full(row, melody.measures[index]), melody, index) for row, index in zip(tokens, span.indices, strict=True)
    ]
    return _spelled(measures, melody, span, semitones=semitones, key=key)


def _full(tokens: Tokens, like: Measure) -> Measure:
    whole = Measure.of_rest(like.meter, like.key, like.number)
    return decode(EncodedMeasure(tokens), whole)


def _cut(full: Measure, melody: Melody, index: int) -> Measure:
    """The part of a full measure that has room in the measure ``index`` of the melody."""
    like = melody.measures[index]
    first = full.duration - like.duration if starts_late(melody, index) else 0
    last = first + like.duration
    notes = [
        Note(max(note.onset, first) - first, min(note.end, last) - max(note.onset, first), note.pitch)
        for note in full.notes
        if note.onset < last and note.end > first
    ]
    return replace(like, notes=tuple(notes))


def _spelled(
    measures: Sequence[Measure], melody: Melody, span: Span, *, semitones: int, key: KeySignature
) -> tuple[Measure, ...]:
    """Move every note back and spell the line, the notes beside the gap included."""
    line: list[int | None] = [_last_midi(melody, span.start)]
    line += [
        None if note.pitch is None else note.pitch.midi - semitones for measure in measures for note in measure.notes
    ]
    line.append(_first_midi(melody, span.stop))
    pitches = iter(spell(line, key)[1:-1])
    return tuple(
        measure.with_notes(replace(note, pitch=next(pitches)) for note in measure.notes) for measure in measures
    )


def _last_midi(melody: Melody, index: int) -> int | None:
    note = melody.measures[index - 1].notes[-1] if index > 0 else None
    return note.pitch.midi if note and note.pitch else None


def _first_midi(melody: Melody, index: int) -> int | None:
    note = melody.measures[index].notes[0] if index < len(melody.measures) else None
    return note.pitch.midi if note and note.pitch else None
