"""Foresight: what spreads the effort of meeting a constraint over the whole gap.

A constraint that ends somewhere (on a last note, with so many notes in a measure, with a share of notes kept) can be
met by writing as the model likes for as long as that is possible, and then in a hurry. Foresight spreads the effort:
each token is weighed by how likely it is that a simple picture of music, made from the measures around the gap, would
still end well from there. What no weight can do, the rules do: they forbid.

Shapes: P positions, R rows (candidates), T ticks of a measure, V vocabulary, S states of the line, C counts of onsets.
"""

from dataclasses import dataclass

import numpy as np

from inpaint_desktop.encoding.grammar import Rules, Walk
from inpaint_desktop.encoding.vocabulary import FIRST_NOTE, PITCHES, SIZE
from inpaint_desktop.encoding.window import Window

FORBIDDEN = -1e9
LEAST = 1e-6
"""Nothing is so unlikely that its weight would drown what the model says."""

RAREST = 0.02
"""Nothing is held to be rarer than this, or surer than its opposite."""

MOST_PUSH = 5.0
"""How many nats foresight may add to a note that shall be kept, or take from it."""

FIRST_GUESS = 0.3
"""How often a note is kept where nothing has been seen yet; it counts as much as two notes."""

IS_NOTE = np.arange(SIZE) >= FIRST_NOTE
MIDI = np.array([-1] * FIRST_NOTE + [pitch.midi for pitch in PITCHES])


@dataclass(frozen=True)
class Picture:
    """How the measures around a gap are: how often a note begins at each tick (T,), how common each pitch is (128,)."""

    onsets: np.ndarray
    pitches: np.ndarray

    @classmethod
    def of(cls, window: Window) -> "Picture":
        """Look at the measures before and after the gap; what is rarely seen counts a little all the same."""
        rows = np.array(
            [row for row in (*window.past, *window.future) if row[0] not in {2, 3}] or [[1] * len(window.gap[0])]
        )
        begins = rows >= FIRST_NOTE  # (measures, T)
        mean = max(begins.mean(), 0.1)
        onsets = (begins.sum(0) + mean) / (len(rows) + 1)
        seen = np.bincount(MIDI[rows[begins]], minlength=128)
        return cls(_sure(onsets), seen + 1.0)


class Foresight:
    """How likely it is, in the picture, that all ends well, by what a token leads to; in nats."""

    def __init__(self, rules: Rules, picture: Picture) -> None:
        self._rules = rules
        self._chances = _chances(rules, picture)
        self._line = self._line_ahead(picture)
        self._onsets = self._onsets_ahead()

    @staticmethod
    def helps(rules: Rules) -> bool:
        """Whether there is anything to foresee."""
        return len(rules.table.line) > 1 or rules.table.onsets.is_limited

    def weights(self, walk: Walk) -> np.ndarray:
        """What is added to the logits of each token, (R, V)."""
        position, ahead = walk.position, walk.ahead
        weights: np.ndarray = self._line[position][ahead.line] + self._onsets[position][ahead.onsets]
        return weights

    def _line_ahead(self, picture: Picture) -> np.ndarray:
        """For the state after each position, (P, S)."""
        line, table = self._rules.table.line, self._rules.table
        share = picture.pitches[np.maximum(line.midi, 0)]
        ahead = np.empty((len(self._chances), len(line)))
        well = line.accepts.astype(float)
        for position in reversed(range(len(ahead))):
            ahead[position] = well
            chance = self._chances[position]
            if chance:
                usable = share * table.leads[position]
                well = (1 - chance) * well + chance * _mean_over(usable, well, line.first, line.stop)
                well = well / max(well.max(), LEAST)
        return _nats(ahead)

    def _onsets_ahead(self) -> np.ndarray:
        """For the count after each position, (P, C)."""
        onsets, ticks = self._rules.table.onsets, self._rules.gap.ticks
        counts = np.arange(onsets.cap + 1)
        after = onsets.after(counts)
        fits = after <= onsets.cap
        ahead = np.empty((len(self._chances), len(counts)))
        well = np.empty(len(counts))
        for position in reversed(range(len(ahead))):
            if (position + 1) % ticks == 0:
                well = onsets.may_end(position // ticks).astype(float)
            ahead[position] = well
            chance = self._chances[position]
            more = np.where(fits, well[np.minimum(after, onsets.cap)], 0.0)
            well = (1 - chance) * well + chance * more
        return _nats(ahead)


def _nats(chances: np.ndarray) -> np.ndarray:
    nats: np.ndarray = np.log(np.maximum(chances, LEAST))
    return nats


def _chances(rules: Rules, picture: Picture) -> np.ndarray:
    """How likely it is that a note begins at each position and is counted, (P,)."""
    sheet, gap = rules.table.sheet, rules.gap
    may_note, may_else = sheet.choices[:, IS_NOTE].any(1), sheet.choices[:, ~IS_NOTE].any(1)
    chances = np.where(may_else, np.tile(picture.onsets, len(gap.slots)), 1.0)
    counted: np.ndarray = chances * (may_note & gap.is_asked & ~sheet.goes_on)
    return counted


def _mean_over(share: np.ndarray, well: np.ndarray, first: np.ndarray, stop: np.ndarray) -> np.ndarray:
    """The mean of ``well`` over the states that may follow each state, by their ``share``; 0 where none may."""
    weight = np.concatenate(([0.0], np.cumsum(share)))
    value = np.concatenate(([0.0], np.cumsum(share * well)))
    total = weight[stop] - weight[first]
    mean: np.ndarray = (value[stop] - value[first]) / np.maximum(total, LEAST)
    return mean


class Quota:
    """Sees to it that the notes that shall be kept are not all kept at the end, or all at the beginning.

    It learns from each row how often the model would keep a note by itself, and pushes by as much as it takes.
    """

    def __init__(self, rules: Rules, rows: int) -> None:
        kept = rules.table.kept
        self._midi = kept.midi
        self._left = np.cumsum((kept.midi >= 0)[::-1])[::-1]  # (P,) notes that may still be kept
        self._least, self._most = (rules.wanted & -rules.wanted).bit_length() - 1, rules.wanted.bit_length() - 1
        self._seen = np.full(rows, 2.0)
        self._kept = np.full(rows, 2.0 * FIRST_GUESS)

    def pushed(self, walk: Walk, logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V), with a push towards a note that stands at this position, or away from it."""
        midi = self._midi[walk.position]
        if midi < 0:
            return logits
        keeps = midi == MIDI
        odds = np.where(allowed, logits, FORBIDDEN)
        chances = np.exp(odds - odds.max(1, keepdims=True))
        chance = (chances * keeps).sum(1) / chances.sum(1)
        self._seen += 1
        self._kept += chance
        return logits + keeps * self._push(walk)[:, None]

    def _push(self, walk: Walk) -> np.ndarray:
        """How many nats towards the note, (R,)."""
        left = self._left[walk.position]
        usual = _sure(self._kept / self._seen)
        least, most = (_sure((number - walk.here.kept) / left) for number in (self._least, self._most))
        push: np.ndarray = (_logit(np.clip(usual, least, most)) - _logit(usual)).clip(-MOST_PUSH, MOST_PUSH)
        return push


def _sure(shares: np.ndarray) -> np.ndarray:
    """Shares that are not quite 0 or 1."""
    return shares.clip(RAREST, 1 - RAREST)


def _logit(shares: np.ndarray) -> np.ndarray:
    logits: np.ndarray = np.log(shares / (1 - shares))
    return logits
