"""The rules of one gap, and walks through it that keep to them.

Shapes: P positions, R rows (candidates side by side), V vocabulary, W words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grammar.constraints import Constraints
from inpaint_desktop.encoding.grammar.counts import Kept, kept_of, nothing_kept, onsets_of
from inpaint_desktop.encoding.grammar.gap import Gap
from inpaint_desktop.encoding.grammar.line import line_of
from inpaint_desktop.encoding.grammar.sheet import MIDI_OF_TOKEN, Sheet, locked_notes, sheet_of
from inpaint_desktop.encoding.grammar.table import WORD, Table
from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, HOLD
from inpaint_desktop.score.melody import Measure


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Measures that new ones shall resemble: a ``share`` of their notes, from 0 to 1, comes again at their places.

    Where that number of notes cannot be kept, as other constraints stand against it, it is the nearest that can.
    """

    measures: tuple[Measure, ...]
    share: float


@dataclass(frozen=True)
class Rules:
    """What is asked of one gap. ``wanted`` are the numbers of kept notes that are asked for, as bits."""

    gap: Gap
    constraints: Constraints
    table: Table
    wanted: int

    @property
    def can_be_met(self) -> bool:
        """Whether there is any way to meet them all."""
        return self.wanted != 0

    @cached_property
    def remaining(self) -> np.ndarray:
        """What is still wanted once some notes have been kept, (notes + 2, W)."""
        words, mask = self.table.words, (1 << WORD) - 1
        rows = [self.wanted >> kept for kept in range(self.table.kept.total + 2)]
        return np.array([[row >> (WORD * word) & mask for word in range(words)] for row in rows], np.uint64)

    def walk(self, rows: int) -> "Walk":
        """Begin so many walks through the gap."""
        return Walk(self, rows)


def rules_of(
    gap: Gap, constraints: Constraints, resemblance: Resemblance | None = None, *, slots: int | None = None
) -> Rules:
    """Make the rules of a gap. Whether they can be met is seen from them.

    With ``slots``, what comes after so many is left open, how the gap ends among it.
    """
    kept = _counted(gap, constraints, resemblance)
    sheet = sheet_of(gap, constraints)
    if resemblance is not None and resemblance.measures != gap.measures:
        _forbid_copies(sheet, gap, constraints, kept)
    table = Table(gap, sheet, line_of(gap, constraints, sheet), onsets_of(gap, constraints), kept, slots=slots)
    return Rules(gap, constraints, table, _wanted(table.totals, gap, constraints, resemblance))


def most_kept(gap: Gap, constraints: Constraints) -> int | None:
    """How many of the notes that stand there may come again."""
    total = kept_of(gap, gap.measures).total
    return None if constraints.most_kept is None else int(constraints.most_kept * total + 1e-9)


def _counted(gap: Gap, constraints: Constraints, resemblance: Resemblance | None) -> Kept:
    """Which notes are counted: those that shall be resembled, else those of which not too many shall come again."""
    if resemblance is not None:
        return kept_of(gap, resemblance.measures)
    return nothing_kept(gap) if constraints.most_kept is None else kept_of(gap, gap.measures)


def _wanted(totals: int, gap: Gap, constraints: Constraints, resemblance: Resemblance | None) -> int:
    most = most_kept(gap, constraints)
    if most is not None and (resemblance is None or resemblance.measures == gap.measures):
        totals &= (1 << (most + 1)) - 1
    if resemblance is None:
        return totals
    return _nearest(totals, resemblance.share * kept_of(gap, resemblance.measures).total)


def _nearest(totals: int, number: float) -> int:
    """The one of some numbers that is nearest to another; the lower one of two. All of them as bits."""
    possible = [bit for bit in range(totals.bit_length()) if totals >> bit & 1]
    return 1 << min(possible, key=lambda bit: (abs(bit - number), bit)) if possible else 0


def _forbid_copies(sheet: Sheet, gap: Gap, constraints: Constraints, kept: Kept) -> None:
    """Where other measures are resembled, let of those that stand there come again only as many notes as may.

    The notes that both have come first, as it is them that the resemblance needs; locked ones are not asked.
    """
    most = most_kept(gap, constraints)
    if most is None:
        return
    there = kept_of(gap, gap.measures).midi
    places = np.flatnonzero(there >= 0)
    locked = {heard.start for heard in locked_notes(gap, constraints)}
    ranked = sorted(places, key=lambda place: (place not in locked, there[place] != kept.midi[place]))
    for place in ranked[max(most, len(locked & set(places))) :]:
        sheet.choices[place, there[place] == MIDI_OF_TOKEN] = False


@dataclass(frozen=True, slots=True)
class States:
    """States of the automaton, in arrays of one shape.

    They are how the beat has been divided, the state of the line, and how many notes began in the slot and were kept.
    """

    division: np.ndarray
    line: np.ndarray
    onsets: np.ndarray
    kept: np.ndarray

    def each(self, change: Callable[[np.ndarray], np.ndarray]) -> "States":
        """All arrays changed in the same way."""
        return States(change(self.division), change(self.line), change(self.onsets), change(self.kept))


class Walk:
    """Several ways through a gap, side by side. Ask which tokens are ``allowed``, and ``take`` one of them, in turns.

    ``here`` has the state of each row (R,); ``ahead``, once it was asked what is allowed, the state to which each token
    would lead (R, V).
    """

    def __init__(self, rules: Rules, rows: int) -> None:
        self.rules = rules
        self.position = 0
        self.here = States(*np.zeros((4, rows), np.int64))
        self.ahead = self._same()
        self._table = rules.table

    def allowed(self) -> np.ndarray:
        """Which tokens may stand at the current position, (R, V); each leaves a way to the end."""
        table, position = self._table, self.position
        choices = table.sheet.choices[position]
        if not table.gap.is_asked[position]:
            self._stay()
            return np.repeat(choices[None], len(self.here.line), 0)
        begins = table.may_begin(position, self.here.division)[:, None] | _IS_HOLD
        fits = self._go_on() if table.sheet.goes_on[position] else self._go()
        allowed: np.ndarray = choices & begins & fits & self._is_open()
        return allowed

    def take(self, tokens: np.ndarray) -> None:
        """Put a token (R,) at the current position of each row, and go to the next."""
        rows = np.arange(len(tokens))
        here = self.ahead.each(lambda states: states[rows, tokens])
        self.position += 1
        if self.position % self._table.gap.ticks == 0:
            nothing = np.zeros_like(here.line)
            here = States(nothing, here.line, nothing, here.kept)
        self.here = here

    def _same(self) -> States:
        """The states that the rows have, for each token."""
        return self.here.each(lambda states: np.repeat(states[:, None], vocabulary.SIZE, 1))

    def _divided(self) -> np.ndarray:
        """How the beat will have been divided by each token, (R, V)."""
        held, begun = (
            self._table.division_after(self.position, self.here.division, onset=onset) for onset in (False, True)
        )
        return np.where(_IS_HOLD, held[:, None], begun[:, None])

    def _stay(self) -> None:
        """Let no token change more than how the beat is divided."""
        self.ahead = replace(self._same(), division=self._divided())

    def _go_on(self) -> np.ndarray:
        """Let each row go on with its note: no other one may come, and nothing is counted."""
        self._stay()
        same: np.ndarray = self._table.line.midi[self.here.line][:, None] == MIDI_OF_TOKEN
        return same

    def _go(self) -> np.ndarray:
        """Say where each token leads; whether it may, as far as the line and the counts go."""
        table = self._table
        lines: np.ndarray = table.line.after[self.here.line]
        onsets = self.here.onsets[:, None] + _IS_NOTE
        is_kept = (table.kept.midi[self.position] == MIDI_OF_TOKEN) & _IS_NOTE
        fits: np.ndarray = (lines >= 0) & (table.onsets.is_open | (onsets <= table.onsets.cap))
        self.ahead = States(
            self._divided(),
            np.maximum(lines, 0),
            np.minimum(onsets, table.onsets.cap),
            self.here.kept[:, None] + is_kept,
        )
        return fits

    def _is_open(self) -> np.ndarray:
        """Whether each token leaves a way to the end."""
        ahead = self.ahead
        reach = self._table.ahead[self.position][ahead.division, ahead.line, ahead.onsets]  # (R, V, W)
        is_open: np.ndarray = (reach & self.rules.remaining[ahead.kept]).any(-1)
        return is_open


_IS_HOLD = np.arange(vocabulary.SIZE) == HOLD
_IS_NOTE = np.arange(vocabulary.SIZE) >= FIRST_NOTE
