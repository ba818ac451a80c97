"""What a musician lets takes lean towards: measures to echo, and a line that pitches follow.

Shapes: P positions, R rows (candidates), V vocabulary.
"""

from collections.abc import Sequence

import numpy as np

from inpaint_desktop.encoding.grammar import Gap, Walk
from inpaint_desktop.encoding.grammar.sheet import MIDI_OF_TOKEN
from inpaint_desktop.encoding.slots import encode_slot
from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, is_note, pitch_of, token_of
from inpaint_desktop.encoding.window import gap_slots
from inpaint_desktop.engine.request import ContourPoint
from inpaint_desktop.score.melody import Span
from inpaint_desktop.score.pitch import STEPS, Pitch

MOST_ECHO = 6.0
"""How many nats the tokens of echoed measures gain at full strength.

With 6, takes have about three of four notes in common with what they echo, and its rhythm; at half strength, two of
five."""

MOST_PULL = 1.0
"""How many nats a semitone away from the contour costs at full strength."""


class Echo:
    """Makes the rhythm and the notes of some measures likelier, at their own pitch or moved along with a take.

    Where a take stands a third above what it echoes, the next note is as welcome a third above as at its own pitch: so
    a motif may come as a sequence.
    """

    def __init__(self, gap: Gap, span: Span, strength: float, rows: int) -> None:
        slots = gap_slots(gap.melody, span)
        measures = [encode_slot(gap.melody, slot, gap.transposition).tokens for slot in slots]
        self._tokens = [token for place in range(len(gap.slots)) for token in measures[place % len(measures)]]
        self._nats = MOST_ECHO * strength
        self._gap = gap
        self._moved = np.zeros(rows, np.int64)  # staff positions from what is echoed up to the take

    def leaning(self, walk: Walk, logits: np.ndarray, _allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V) with what the echo adds."""
        welcome = np.zeros(logits.shape, bool)
        echoed = self._tokens[walk.position]
        welcome[:, echoed] = True
        if is_note(echoed):
            welcome[np.arange(len(logits)), self._parallel(pitch_of(echoed))] = True
        return logits + self._nats * welcome

    def tell(self, position: int, tokens: Sequence[int]) -> None:
        """Take the tokens (R,) that were chosen at a position."""
        echoed = self._tokens[position]
        if is_note(echoed):
            start = pitch_of(echoed).staff_position
            for row, token in enumerate(tokens):
                if is_note(token):
                    self._moved[row] = pitch_of(token).staff_position - start

    def _parallel(self, echoed: Pitch) -> list[int]:
        """The token of each row that stands as far from the echoed note as its last one stood."""
        return [self._diatonic(echoed.staff_position + int(moved)) for moved in self._moved]

    def _diatonic(self, staff_position: int) -> int:
        """The note of the model's key at a staff position."""
        octave, step = divmod(staff_position, len(STEPS))
        return token_of(Pitch(STEPS[step], self._gap.transposition.key.alter(STEPS[step]), octave))


class Contour:
    """Lets pitches follow a line."""

    def __init__(self, gap: Gap, points: Sequence[ContourPoint], strength: float) -> None:
        self._targets = _targets(gap, sorted(points))
        self._nats = MOST_PULL * strength

    def leaning(self, walk: Walk, logits: np.ndarray, _allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V), whose notes lean towards the line; how likely a note is at all stays."""
        target = self._targets[walk.position]
        if np.isnan(target):
            return logits
        notes = logits[:, FIRST_NOTE:]
        leaning = notes - self._nats * np.abs(MIDI_OF_TOKEN[FIRST_NOTE:] - target)
        return np.concatenate((logits[:, :FIRST_NOTE], leaning + _total(notes) - _total(leaning)), 1)


def _targets(gap: Gap, points: Sequence[ContourPoint]) -> np.ndarray:
    """The pitch of the line at each position, in the model's key; NaN where there is none, (P,)."""
    starts = np.cumsum([0, *(measure.duration for measure in gap.melody.measures)])
    times = [float(starts[point.measure] + point.onset) for point in points]
    heights = [point.midi + gap.transposition.semitones for point in points]
    targets = np.full(len(gap), np.nan)
    for index, (start, stop) in gap.ends.items():
        slot = gap.slots[start // gap.ticks]
        first = starts[index] - slot.onset_of(gap.melody, index)
        onsets = [first + gap.grid.onsets[position % gap.ticks] for position in range(start, stop)]
        targets[start:stop] = np.interp(onsets, times, heights, np.nan, np.nan)
    return targets


def _total(logits: np.ndarray) -> np.ndarray:
    """The logarithm of the summed likelihoods of logits (R, V), (R, 1)."""
    highest = logits.max(1, keepdims=True)
    total: np.ndarray = highest + np.log(np.exp(logits - highest).sum(1, keepdims=True))
    return total
