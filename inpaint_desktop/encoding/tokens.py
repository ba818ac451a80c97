"""Measures as tokens and back.

A token stands at every tick of the grid: a note name or a rest where one starts, a hold
everywhere else. A note always starts anew at a bar line (a measure is encoded by itself);
what the tokens cannot say about ties stands beside them. Encoding and decoding are inverse
for measures that are full and on the grid; what is off the grid moves to the nearest tick.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inpaint_desktop.encoding.grid import Grid, grid_of
from inpaint_desktop.encoding.vocabulary import HOLD, REST, is_note, pitch_of, token_of
from inpaint_desktop.score.melody import Measure, Note
from inpaint_desktop.score.pitch import Pitch


@dataclass(frozen=True, slots=True)
class EncodedMeasure:
    """The tokens of one measure, and its ties.

    ``ties`` are the ticks where a written note starts that is tied to the one before it in the same
    measure (its token is a hold); ``ties_on`` says that the last note is tied over the bar line.
    """

    tokens: tuple[int, ...]
    ties: tuple[int, ...] = ()
    ties_on: bool = False


def encode(measure: Measure, *, starts_late: bool = False) -> EncodedMeasure:
    """Encode one measure.

    A measure that is shorter than its meter is completed with rest: at its start when it
    ``starts_late`` (a pickup), else at its end. One that is longer loses what stands after its meter's end.
    """
    grid = grid_of(measure.meter)
    missing = grid.duration - measure.duration
    shift = missing if starts_late else 0
    tokens = [HOLD] * len(grid)
    tokens[0] = REST
    if missing > 0 and not starts_late:
        tokens[grid.nearest(measure.duration)] = REST
    ties = _place(measure.notes, grid, shift, tokens)
    last = measure.notes[-1] if measure.notes else None
    return EncodedMeasure(tuple(tokens), ties, last is not None and last.ties_on)


def _place(notes: Sequence[Note], grid: Grid, shift: int, tokens: list[int]) -> tuple[int, ...]:
    """Write the notes into ``tokens``, longer ones last, and return the ticks of tied continuations."""
    placed = [(note, tied) for note, tied in _with_ties(notes) if 0 <= note.onset + shift < grid.duration]
    ties: list[int] = []
    for note, is_tied in sorted(placed, key=lambda pair: pair[0].duration):
        tick = grid.nearest(note.onset + shift)
        if is_tied:
            ties.append(tick)
            tokens[tick] = HOLD
        else:
            tokens[tick] = token_of(note.pitch)
    return tuple(sorted(set(ties)))


def _with_ties(notes: Sequence[Note]) -> list[tuple[Note, bool]]:
    """Pair each note with whether it continues the one before it in the measure."""
    pairs = []
    before: Note | None = None
    for note in notes:
        is_tied = before is not None and before.ties_on and before.pitch == note.pitch
        pairs.append((note, is_tied))
        before = note
    return pairs


def decode(encoded: EncodedMeasure, like: Measure) -> Measure:
    """Turn tokens into a measure with the meter, key and number of ``like``.

    A hold before anything has started, and padding, are rests.
    """
    grid = grid_of(like.meter)
    notes: list[Note] = []
    for tick, token in enumerate(encoded.tokens):
        is_tie = token == HOLD and tick in encoded.ties
        if token != HOLD or is_tie or not notes:
            notes.append(Note(grid.onsets[tick], 0, _decoded_pitch(token, notes if is_tie else ())))
    return like.with_notes(_timed(notes, encoded, grid))


def _decoded_pitch(token: int, tied_to: Sequence[Note]) -> Pitch | None:
    if tied_to:
        return tied_to[-1].pitch
    return pitch_of(token) if is_note(token) else None


def _timed(notes: Sequence[Note], encoded: EncodedMeasure, grid: Grid) -> list[Note]:
    """Give the notes their durations, each up to the next one's onset, and their ties."""
    ends = [note.onset for note in notes[1:]] + [grid.duration]
    tied = {grid.onsets[tick] for tick in encoded.ties}
    return [
        Note(
            note.onset,
            end - note.onset,
            note.pitch,
            note.pitch is not None and (end in tied or (end == grid.duration and encoded.ties_on)),
        )
        for note, end in zip(notes, ends, strict=True)
    ]


def is_on_grid(measure: Measure) -> bool:
    """Whether every note of ``measure`` starts on a tick of its grid."""
    grid = grid_of(measure.meter)
    return all(grid.holds(note.onset) for note in measure.notes)
