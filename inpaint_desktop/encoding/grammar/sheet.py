"""Which tokens each position of a gap may have, whatever comes before it.

Shapes: P positions, V vocabulary.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grammar.constraints import Constraints
from inpaint_desktop.encoding.grammar.gap import Gap, HeardNote
from inpaint_desktop.encoding.grammar.measure_rules import QUARTERS, THIRDS
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT
from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, HOLD, REST

MIDI_OF_TOKEN = np.array([-1] * FIRST_NOTE + [pitch.midi for pitch in vocabulary.PITCHES])
"""The MIDI number of each token in the model's key; -1 for what is no note, (V,)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What may stand where.

    ``choices`` (P, V) are the tokens that may stand at a position. Where the rhythm ``is_given`` (P,), a note is not
    asked how it divides the beat. Where a note ``goes_on`` (P,), its token is that of the note before it, to which it
    is tied: it is heard as one with it.
    """

    choices: np.ndarray
    is_given: np.ndarray
    goes_on: np.ndarray

    @property
    def pitches(self) -> np.ndarray:
        """The MIDI numbers, in the model's key, that any position may have, in order."""
        return np.unique(MIDI_OF_TOKEN[FIRST_NOTE:][self.choices[:, FIRST_NOTE:].any(0)])


def sheet_of(gap: Gap, constraints: Constraints) -> Sheet:
    """What may stand where under the constraints that concern single positions."""
    sheet = _blank(gap, constraints)
    if constraints.keep_rhythm:
        _write_rhythm(sheet, gap.heard)
    for heard in locked_notes(gap, constraints):
        _write_locked(sheet, gap, heard)
    _write_unasked(sheet, gap)
    if not gap.meter.is_compound:
        _keep_beats_whole(sheet, gap)
    return sheet


def locked_notes(gap: Gap, constraints: Constraints) -> list[HeardNote]:
    """The notes and rests that are locked; of tied notes all parts are, if one is."""
    return [heard for heard in gap.heard if any(part.place in constraints.locked for part in heard.parts)]


def kept_pitches(gap: Gap) -> list[HeardNote]:
    """The notes that stand there now, in order."""
    return [heard for heard in gap.heard if heard.pitch is not None]


def _blank(gap: Gap, constraints: Constraints) -> Sheet:
    """A sheet on which every position may have any note of the range and the key."""
    row = np.zeros(vocabulary.SIZE, bool)
    row[[HOLD, REST]] = True
    row[FIRST_NOTE:] = [_is_usable(gap, constraints, token) for token in range(FIRST_NOTE, vocabulary.SIZE)]
    row[FIRST_NOTE:] |= np.isin(MIDI_OF_TOKEN[FIRST_NOTE:], [gap.moved(midi) for midi in _named(gap, constraints)])
    choices, begins = np.repeat(row[None], len(gap), 0), np.zeros(len(gap), bool)
    begins[[start for start, _ in gap.ends.values()]] = True
    choices[begins, HOLD] = False
    return Sheet(choices, begins, np.zeros(len(gap), bool))


def _is_usable(gap: Gap, constraints: Constraints, token: int) -> bool:
    midi = gap.sounding(token)
    return midi is not None and constraints.allows(midi)


def _named(gap: Gap, constraints: Constraints) -> Iterable[int]:
    """Pitches that are asked for by themselves: they may come whatever the key is."""
    yield from (midi for midi in (constraints.first_note, constraints.last_note) if midi is not None)
    if constraints.keep_pitches:
        yield from (heard.pitch.midi for heard in kept_pitches(gap) if heard.pitch)


def _write_rhythm(sheet: Sheet, notes: Sequence[HeardNote]) -> None:
    """Let notes and rests begin where these do, and nowhere else."""
    onsets = np.zeros(len(sheet.choices), bool)
    for heard in notes:
        for number, part in enumerate(heard.parts):
            start, _ = part.positions
            if number and sheet.choices[start, HOLD]:
                continue  # a tie within a measure is one long note
            onsets[start] = True
            sheet.choices[start] &= _kind(is_note=heard.pitch is not None)
            sheet.goes_on[start] = number > 0
    sheet.choices[onsets, HOLD] = False
    sheet.choices[~onsets, REST:] = False
    sheet.is_given[:] = True


def _kind(*, is_note: bool) -> np.ndarray:
    kind = np.zeros(vocabulary.SIZE, bool)
    kind[FIRST_NOTE:] = is_note
    kind[REST] = not is_note
    return kind


def _write_locked(sheet: Sheet, gap: Gap, heard: HeardNote) -> None:
    """Let a note stand as it does: where it begins, as long as it lasts, and no longer."""
    token = REST if heard.pitch is None else gap.token_of(heard.pitch)
    assert token is not None, "such a lock is refused before"
    for number, part in enumerate(heard.parts):
        start, stop = part.positions
        is_written = not number or not sheet.choices[start, HOLD]  # a tie within a measure is one long note
        _write(sheet, start, token if is_written else HOLD)
        sheet.goes_on[start] = is_written and number > 0
        for position in range(start + 1, stop):
            _write(sheet, position, HOLD)
    _end(sheet, heard)


def _end(sheet: Sheet, heard: HeardNote) -> None:
    """Let something begin where a locked note ends; a rest may go on."""
    _, stop = heard.parts[-1].positions
    if heard.pitch is not None and stop < len(sheet.choices):
        sheet.choices[stop, HOLD] = False
        sheet.is_given[stop] = True


def _write(sheet: Sheet, position: int, token: int) -> None:
    sheet.choices[position] = False
    sheet.choices[position, token] = True
    sheet.is_given[position] = True


def _write_unasked(sheet: Sheet, gap: Gap) -> None:
    """Let what was not asked for stand as it does."""
    for position in np.flatnonzero(~gap.is_asked):
        _write(sheet, int(position), gap.tokens[position])


def _keep_beats_whole(sheet: Sheet, gap: Gap) -> None:
    """Where the given rhythm divides a beat in one way, notes that are free to come divide it in no other."""
    onsets = sheet.is_given & ~sheet.choices[:, HOLD] & gap.is_asked
    for start in range(0, len(gap), gap.ticks):
        for first in range(start, start + gap.ticks, TICKS_PER_BEAT):
            beat = range(first, min(first + TICKS_PER_BEAT, start + gap.ticks))
            given = {position - first for position in beat if onsets[position]}
            for places, others in ((QUARTERS, THIRDS), (THIRDS, QUARTERS)):
                if given & places:
                    _close(sheet, [position for position in beat if position - first in others])


def _close(sheet: Sheet, positions: Iterable[int]) -> None:
    """Let nothing new begin at these positions, unless it is given there."""
    for position in positions:
        if not sheet.is_given[position]:
            sheet.choices[position, REST:] = False
