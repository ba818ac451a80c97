"""Foresight: what spreads the effort of meeting a constraint over the whole gap.

A constraint that ends somewhere (on a last note, with so many notes in a measure, with a share of notes kept) can be
met by writing as the model likes for as long as that is possible, and then in a hurry. Foresight looks ahead with a
simple picture of the music around the gap, and leans early and a little instead of late and hard. It forbids nothing:
that is for the rules.

Shapes: P positions, R rows (candidates), T ticks of a measure, V vocabulary, S states of the line.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from inpaint_desktop.encoding.grammar import Rules, Walk
from inpaint_desktop.encoding.grammar.sheet import MIDI_OF_TOKEN
from inpaint_desktop.encoding.vocabulary import END, FIRST_NOTE, REST, SIZE, START
from inpaint_desktop.encoding.window import Window

FORBIDDEN = -1e9
LEAST = 1e-6
"""Nothing is so unlikely that its weight would drown what the model says."""

RAREST = 0.02
"""Nothing is held to be rarer than this, or surer than its opposite."""

MOST_PUSH = 5.0
"""How many nats a pace may add to what shall come more often, or take from it."""

ONSET_GAIN = 3.0
"""With 3, the last measure of a gap gets about as many notes as the others, whatever number is asked for; with 1, it
gets what the others were short of."""

USUALLY_KEPT = 0.4
"""How often a note is kept by itself, as far as nothing has been seen of it."""

DOUBT = 2.0
"""As much as was expected must have been seen before what was seen counts by a half."""

PUSHES = np.linspace(-8.0, 8.0, 65)
"""By how many nats expectations are moved, to find out what would come of it."""

IS_NOTE = np.arange(SIZE) >= FIRST_NOTE


@dataclass(frozen=True)
class Picture:
    """How the measures around a gap are: how often a note begins at each tick (T,), how common each pitch is (128,)."""

    onsets: np.ndarray
    pitches: np.ndarray

    @classmethod
    def of(cls, window: Window) -> "Picture":
        """Look at the measures before and after the gap; what is rarely seen counts a little all the same."""
        silence = (REST,) * len(window.gap[0])
        rows = np.array(
            [row for row in (*window.past, *window.future) if row[0] not in {START, END}] or [silence]
        )  # (measures, T)
        begins = rows >= FIRST_NOTE
        mean = max(begins.mean(), 0.1)
        onsets = (begins.sum(0) + mean) / (len(rows) + 1)
        seen = np.bincount(MIDI_OF_TOKEN[rows[begins]], minlength=128)
        return cls(_sure(onsets), seen + 1.0)

    def chances(self, rules: Rules) -> np.ndarray:
        """How likely it is that a note begins at each position of a gap and is counted, (P,)."""
        sheet, gap = rules.table.sheet, rules.gap
        may_note, may_else = sheet.choices[:, IS_NOTE].any(1), sheet.choices[:, ~IS_NOTE].any(1)
        chances = np.where(may_else, np.tile(self.onsets, len(gap.slots)), 1.0)
        counted: np.ndarray = chances * (may_note & gap.is_asked & ~sheet.goes_on)
        return counted


class LineAhead:
    """Leans towards pitches from which the line is likely to end as it must."""

    def __init__(self, rules: Rules, picture: Picture) -> None:
        self._nats = self._filled(rules, picture)  # (P, S) for the state after each position

    def leaning(self, walk: Walk, logits: np.ndarray, _allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V), weighed by how likely it is that all ends well."""
        leaning: np.ndarray = logits + self._nats[walk.position][walk.ahead.line]
        return leaning

    @staticmethod
    def _filled(rules: Rules, picture: Picture) -> np.ndarray:
        line, chances = rules.table.line, picture.chances(rules)
        share = picture.pitches[np.maximum(line.midi, 0)]
        ahead = np.empty((len(chances), len(line)))
        well = line.accepts.astype(float)
        for position in reversed(range(len(ahead))):
            ahead[position] = well
            usable = share * rules.table.leads[position]
            onward = _mean_over(usable, well, line.first, line.stop)
            well = (1 - chances[position]) * well + chances[position] * onward
            well = well / max(well.max(), LEAST)
        nats: np.ndarray = np.log(np.maximum(ahead, LEAST))
        return nats


def _mean_over(share: np.ndarray, well: np.ndarray, first: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """The mean of ``well`` over the states that may follow each state, by their ``share``; 0 where none may."""
    weight = np.concatenate(([0.0], np.cumsum(share)))
    value = np.concatenate(([0.0], np.cumsum(share * well)))
    mean: np.ndarray = (value[stop] - value[first]) / np.maximum(weight[stop] - weight[first], LEAST)
    return mean


class Counting(Protocol):
    """Something that is counted on the way, of which there shall be so many in the end."""

    expected: np.ndarray
    """How likely it seems, before anything is seen, that it is counted at each position, (P,)."""

    gain: float
    """How much harder than the picture asks one must push, as models are surer of themselves than the picture is."""

    def tokens(self, position: int) -> np.ndarray:
        """Which tokens are counted at a position, (V,)."""

    def missing(self, walk: Walk) -> tuple[np.ndarray, np.ndarray]:
        """How many more must come at least and may come at most until the end of what it is counted in, each (R,)."""

    def end(self, position: int) -> int:
        """The position at which what it is counted in ends."""


class Pace:
    """Lets what is counted come evenly, and not all at the end.

    What is expected at each position is moved, in nats, until it agrees with what was seen of a row so far; then until
    as many are expected of what is left as shall come. The push is the difference.
    """

    def __init__(self, counting: Counting, rows: int) -> None:
        self._counting = counting
        moved = _odds(counting.expected)[:, None] + PUSHES
        chances = (1 / (1 + np.exp(-moved))) * (counting.expected > 0)[:, None]
        self._sums = np.concatenate((np.zeros((1, len(PUSHES))), np.cumsum(chances, 0)))  # (P + 1, pushes)
        self._seen = np.zeros(rows)

    def leaning(self, walk: Walk, logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V), with a push towards what is counted, or away from it."""
        counting, position = self._counting, walk.position
        if not counting.expected[position]:
            return logits
        counted = counting.tokens(position)
        push = self._push(walk)
        self._seen += _chance(logits, allowed, counted)
        pushed: np.ndarray = logits + counted * push[:, None]
        return pushed

    def _push(self, walk: Walk) -> np.ndarray:
        """How many nats towards what is counted, (R,)."""
        position, sums = walk.position, self._sums
        left = sums[self._counting.end(position)] - sums[position]
        usual = self._usual(sums[position])
        fewest, most = self._counting.missing(walk)
        aim = np.clip(np.interp(usual, PUSHES, left), fewest, most)
        push: np.ndarray = np.clip(self._counting.gain * (np.interp(aim, left, PUSHES) - usual), -MOST_PUSH, MOST_PUSH)
        return push

    def _usual(self, past: np.ndarray) -> np.ndarray:
        """By how much what was seen differs from what was expected, in nats; little is seen at first."""
        trust = past[len(past) // 2] / (past[len(past) // 2] + DOUBT)
        usual: np.ndarray = trust * np.interp(self._seen, past, PUSHES)
        return usual


def _chance(logits: np.ndarray, allowed: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """How likely the counted tokens are under logits (R, V) of which some are allowed, (R,)."""
    odds = np.where(allowed, logits, FORBIDDEN)
    chances = np.exp(odds - odds.max(1, keepdims=True))
    chance: np.ndarray = (chances * counted).sum(1) / chances.sum(1)
    return chance


class KeptNotes:
    """The notes that come again at their places."""

    gain = 1.0

    def __init__(self, rules: Rules) -> None:
        self._midi = rules.table.kept.midi
        self.expected = USUALLY_KEPT * (self._midi >= 0)
        self._fewest, self._most = (rules.wanted & -rules.wanted).bit_length() - 1, rules.wanted.bit_length() - 1

    def tokens(self, position: int) -> np.ndarray:
        """Those of the note that stands there."""
        tokens: np.ndarray = self._midi[position] == MIDI_OF_TOKEN
        return tokens

    def missing(self, walk: Walk) -> tuple[np.ndarray, np.ndarray]:
        """How many are still wanted."""
        return self._fewest - walk.here.kept, self._most - walk.here.kept

    def end(self, _position: int) -> int:
        """The end of the gap."""
        return len(self._midi)


class OnsetsInSlot:
    """The notes that begin in a slot."""

    gain = ONSET_GAIN

    def __init__(self, rules: Rules, picture: Picture) -> None:
        self._onsets, self._ticks = rules.table.onsets, rules.gap.ticks
        self.expected = picture.chances(rules)

    def tokens(self, _position: int) -> np.ndarray:
        """Any note."""
        return IS_NOTE

    def missing(self, walk: Walk) -> tuple[np.ndarray, np.ndarray]:
        """How many more the slot may have."""
        slot = walk.position // self._ticks
        most = np.inf if self._onsets.is_open else self._onsets.most[slot]
        return self._onsets.fewest[slot] - walk.here.onsets, most - walk.here.onsets

    def end(self, position: int) -> int:
        """The end of the slot."""
        return (position // self._ticks + 1) * self._ticks


class PitchesInOrder:
    """The pitches that come again in their order."""

    gain = ONSET_GAIN

    def __init__(self, rules: Rules, picture: Picture) -> None:
        self._count = len(rules.table.line) - 1
        self.expected = picture.chances(rules)

    def tokens(self, _position: int) -> np.ndarray:
        """Any note."""
        return IS_NOTE

    def missing(self, walk: Walk) -> tuple[np.ndarray, np.ndarray]:
        """How many are still to come."""
        missing = self._count - walk.here.line
        return missing, missing

    def end(self, _position: int) -> int:
        """The end of the gap."""
        return len(self.expected)


def _sure(shares: np.ndarray) -> np.ndarray:
    """Shares that are not quite 0 or 1."""
    sure: np.ndarray = shares.clip(RAREST, 1 - RAREST)
    return sure


def _odds(shares: np.ndarray) -> np.ndarray:
    """The logarithms of the odds of shares."""
    sure = _sure(shares)
    odds: np.ndarray = np.log(sure / (1 - sure))
    return odds
