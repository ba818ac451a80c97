"""What can still be reached: for every position and every state, which counts of kept notes may yet be added.

The table is filled from the end of the gap to its beginning. An entry is a set of numbers, bit by bit: with bit n set,
the gap can be finished from there in a way that keeps n more notes and meets every other constraint. A token may be
chosen if the entry that it leads to has a number that is wanted; then a next token always exists.

Shapes: P positions, D divisions of the beat, S states of the line, C counts of onsets, W words of 64 bits.
"""

from collections.abc import Iterator

import numpy as np

from inpaint_desktop.encoding.grammar.counts import NONE, Kept, Onsets
from inpaint_desktop.encoding.grammar.gap import Gap
from inpaint_desktop.encoding.grammar.line import START, Line
from inpaint_desktop.encoding.grammar.measure_rules import Division, grammar_of
from inpaint_desktop.encoding.grammar.sheet import MIDI_OF_TOKEN, Sheet
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT
from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, HOLD, REST

WORD = 64


class Table:
    """Every rule of a gap in one automaton, and what can be reached from each of its states.

    ``ahead`` (P, D, S, C, W) has what can be reached after each position, ``totals`` the numbers of notes that can be
    kept in all, as bits of an integer. ``leads`` (P, S) are the states that a note at a position may lead to. With
    ``slots`` only so many are looked at, and whatever comes after them is left open, how the gap ends among it.
    """

    def __init__(
        self, gap: Gap, sheet: Sheet, line: Line, onsets: Onsets, kept: Kept, *, slots: int | None = None
    ) -> None:
        self.gap = gap
        self.sheet = sheet
        self.line = line
        self.onsets = onsets
        self.kept = kept
        grammar = grammar_of(gap.meter)
        self.divisions = grammar.after  # (T, D) after an onset
        self.fits = grammar.allowed[:, :, REST]  # (T, D) whether there may be one
        self._plain, self._keeps = self._notes()
        self.leads = self._plain | self._keeps
        self._levels = _Levels(line)
        self.words = kept.total // WORD + 1
        self._is_whole = slots is None
        self.length = len(gap) if slots is None else slots * gap.ticks
        self.ahead, start = self._filled()
        self.totals = _number(start[Division.OPEN, START, 0])

    def division_after(self, position: int, divisions: np.ndarray, *, onset: bool) -> np.ndarray:
        """How the beat has been divided after a position, from how it was before."""
        tick = position % self.gap.ticks
        if onset:
            after: np.ndarray = self.divisions[tick][divisions]
            return after
        return np.zeros_like(divisions) if tick % TICKS_PER_BEAT == 0 else divisions

    def may_begin(self, position: int, divisions: np.ndarray) -> np.ndarray:
        """Whether something new may begin at a position, as far as the beat's division goes."""
        fits: np.ndarray = self.fits[position % self.gap.ticks][divisions] | self.sheet.is_given[position]
        return fits

    def _notes(self) -> tuple[np.ndarray, np.ndarray]:
        """Which states a note at a position may lead to, by one that is not kept and by one that is; each (P, S)."""
        choices = self.sheet.choices[:, FIRST_NOTE:]
        led = np.stack([self.line.is_led_to(state) for state in range(len(self.line))], 1)  # (V - 4, S)
        is_kept = (MIDI_OF_TOKEN[FIRST_NOTE:] == self.kept.midi[:, None]) & choices
        keeps = (is_kept.astype(np.float32) @ led.astype(np.float32)) > 0
        plain = ((choices & ~is_kept).astype(np.float32) @ led.astype(np.float32)) > 0
        return plain, keeps

    def _filled(self) -> tuple[np.ndarray, np.ndarray]:
        shape = (len(Division), len(self.line), self.onsets.cap + 1, self.words)
        ahead = np.empty((self.length, *shape), np.uint64)
        reach = self._end(shape)
        for position in reversed(range(self.length)):
            if (position + 1) % self.gap.ticks == 0:
                reach = self._closed(reach, position // self.gap.ticks)
            ahead[position] = reach
            reach = self._before(position, reach)
        return ahead, reach

    def _end(self, shape: tuple[int, ...]) -> np.ndarray:
        """What can be reached where all is written: nothing more, if it may end so."""
        reach = np.zeros(shape, np.uint64)
        if self._is_whole:
            reach[:, self.line.accepts, :, 0] = 1
        else:
            reach[:] = np.iinfo(np.uint64).max
        return reach

    def _closed(self, reach: np.ndarray, slot: int) -> np.ndarray:
        """What can be reached at the end of a slot: the next one begins with nothing counted."""
        ends = self.onsets.may_end(slot)
        following = reach[Division.OPEN, :, 0][:, None] * ends[:, None].astype(np.uint64)  # (S, C, W)
        return np.broadcast_to(following, reach.shape)

    def _before(self, position: int, reach: np.ndarray) -> np.ndarray:
        """What can be reached before a position, from what can be reached after it."""
        choices, divisions = self.sheet.choices[position], np.arange(len(Division))
        holding: np.ndarray = reach[self.division_after(position, divisions, onset=False)]
        beginning: np.ndarray = reach[self.division_after(position, divisions, onset=True)]
        if not self.gap.is_asked[position]:
            return holding if choices[HOLD] else beginning
        before: np.ndarray = np.zeros_like(reach)
        for onward in self._beginnings(position, beginning):
            before |= onward
        before[~self.may_begin(position, divisions)] = 0
        if choices[HOLD]:
            before |= holding
        return before

    def _beginnings(self, position: int, reach: np.ndarray) -> Iterator[np.ndarray]:
        """What can be reached by what may begin at a position: a rest, a note that goes on, another note."""
        if self.sheet.choices[position, REST]:
            yield reach
        if self.sheet.goes_on[position]:
            same = self.leads[position] & (np.arange(len(self.line)) != START)
            yield reach * same[:, None, None].astype(np.uint64)
        elif self.leads[position].any():
            yield self._levels.before(self._arrived(position, self._counted(reach)))

    def _counted(self, reach: np.ndarray) -> np.ndarray:
        """What can be reached once a note more is counted, by the count before it."""
        after = self.onsets.after(np.arange(self.onsets.cap + 1))
        fits = (after <= self.onsets.cap).astype(np.uint64)
        counted: np.ndarray = reach[:, :, np.minimum(after, self.onsets.cap)] * fits[:, None]
        return counted

    def _arrived(self, position: int, reach: np.ndarray) -> np.ndarray:
        """What can be reached by a note that leads to each state; by one that is kept, one more is kept in all."""
        arrived: np.ndarray = reach * self._plain[position][:, None, None].astype(np.uint64)
        if self.kept.midi[position] != NONE:
            keeps = self._keeps[position]
            arrived[:, keeps] |= _one_more(reach[:, keeps])
        return arrived


class _Levels:
    """The union over all states that may follow each state, found by doubling: 1, 2, 4, ... neighbours at once."""

    def __init__(self, line: Line) -> None:
        widths = line.stop - line.first
        self._is_open = (widths > 0).astype(np.uint64)[:, None, None]
        self._level = np.frexp(np.maximum(widths, 1))[1] - 1  # the largest power of two in the width
        self._first = np.minimum(line.first, len(line) - 1)
        self._last = np.maximum(line.stop - (1 << self._level), 0)
        self._depth = int(self._level.max())

    def before(self, arrived: np.ndarray) -> np.ndarray:
        """From what each state leads to (D, S, C, W), what the states before it lead to."""
        levels = [arrived]
        for level in range(self._depth):
            wider = levels[-1].copy()
            wider[:, : -(1 << level)] |= levels[-1][:, 1 << level :]
            levels.append(wider)
        stacked = np.stack(levels, 1)  # (D, L, S, C, W)
        before: np.ndarray = stacked[:, self._level, self._first] | stacked[:, self._level, self._last]
        before *= self._is_open
        return before


def _one_more(sets: np.ndarray) -> np.ndarray:
    """Sets of numbers (..., W) with one added to each number."""
    added = sets << np.uint64(1)
    added[..., 1:] |= sets[..., :-1] >> np.uint64(WORD - 1)
    return added


def _number(words: np.ndarray) -> int:
    """The bits of words as one integer."""
    return sum(int(word) << (WORD * place) for place, word in enumerate(words))
