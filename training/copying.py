"""Whether measures repeat a tune that a model has learned: the longest run of notes in common, in whatever key.

Two runs are alike if their notes have the same durations and the same intervals between them. All tunes are searched
at once: runs of one note are extended note by note on both sides, and what has no counterpart is dropped.

Shapes: E notes of all tunes (or of all lines) one after the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.score.melody import Measure
from inpaint_desktop.score.meter import Meter
from training.corpus import Corpus

Codes = NDArray[np.uint64]
Integers = NDArray[np.int64]

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_REST = 255
"""What stands for the interval to a rest."""


@dataclass(frozen=True)
class Lines:
    """Melodies, note by note, each (E,): intervals from the pitch before, durations in ticks, and where each line ends.

    ``stops`` is the index after the last note of a note's line.
    """

    intervals: Integers
    durations: Integers
    stops: Integers

    @property
    def codes(self) -> Codes:
        """One number for an interval and a duration."""
        return _mixed(((self.intervals + 128) << 20).astype(np.uint64) + self.durations.astype(np.uint64))


def lines_of(melodies: Sequence[Sequence[Measure]]) -> Lines:
    """Melodies as lines."""
    notes = [[note for measure in measures for note in measure.notes] for measures in melodies]
    midi = [[note.pitch.midi if note.pitch else 0 for note in line] for line in notes]
    durations = [note.duration for line in notes for note in line]
    return _lines(np.array([one for line in midi for one in line], np.int64), durations, [len(line) for line in notes])


def corpus_lines(corpus: Corpus, split: str = "train") -> Lines:
    """The tunes of a split as lines, in common time."""
    meter = Meter(4, 4)
    onsets = np.array(grid_of(meter).onsets)
    tunes = corpus.tunes(split)
    ticks = np.concatenate([corpus.ticks[corpus.rows(int(tune))] for tune in tunes])
    measures, places = np.nonzero(ticks)
    starts = measures * meter.ticks + onsets[places]
    durations = np.diff(starts, append=len(ticks) * meter.ticks)
    values = ticks[measures, places].astype(np.int64)
    ends = np.searchsorted(measures, np.cumsum(np.diff(corpus.starts)[tunes]))
    return _lines(np.where(values > 1, values, 0), durations, np.diff(ends, prepend=0))


def _lines(midi: Integers, durations: Sequence[int] | Integers, lengths: Sequence[int] | Integers) -> Lines:
    """Lines from MIDI numbers (0 for a rest) of all of them."""
    line = np.repeat(np.arange(len(lengths)), lengths)
    places = np.arange(len(midi))
    last = np.maximum.accumulate(np.where(midi > 0, places, -1))  # the last pitch up to each note
    before = np.concatenate(([-1], last[:-1]))[: len(midi)]
    is_known = (before >= 0) & (line[before] == line)
    intervals = np.where(midi > 0, np.where(is_known, midi - midi[before], 0), _REST)
    stops = np.repeat(np.cumsum(lengths), lengths)
    return Lines(intervals.astype(np.int64), np.asarray(durations, np.int64), stops.astype(np.int64))


def longest_runs(lines: Lines, known: Lines, count: int) -> Integers:
    """How many ticks the longest run takes that each of ``count`` lines has in common with a known one, (count,)."""
    mine, theirs = _Runs(lines), _Runs(known)
    _, line = np.unique(lines.stops, return_inverse=True)
    ends = np.concatenate(([0], np.cumsum(lines.durations)))
    longest: Integers = np.zeros(count, np.int64)
    length = 1
    while len(mine.starts) and len(theirs.starts):
        mine.keep(np.isin(mine.hashes, theirs.hashes))
        theirs.keep(np.isin(theirs.hashes, mine.hashes))
        ticks = ends[mine.starts + length] - ends[mine.starts]
        np.maximum.at(longest, line[mine.starts], ticks)
        mine.extend(length)
        theirs.extend(length)
        length += 1
    return longest


class _Runs:
    """All runs of some length: where they start, and a hash of each."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._codes = lines.codes
        self.starts: Integers = np.arange(len(lines.durations))
        self.hashes = _mixed(lines.durations.astype(np.uint64))  # the interval to the first note does not count

    def keep(self, chosen: NDArray[np.bool_]) -> None:
        """Drop all others."""
        self.starts, self.hashes = self.starts[chosen], self.hashes[chosen]

    def extend(self, length: int) -> None:
        """Make runs of ``length`` notes one note longer; drop those whose line ends."""
        self.keep(self.starts + length < self._lines.stops[self.starts])
        self.hashes = _mixed(self.hashes * _FACTOR + self._codes[self.starts + length])


def _mixed(values: Codes) -> Codes:
    """Spread close numbers over all 64 bits."""
    mixed = (values ^ (values >> np.uint64(31))) * _FACTOR
    result: Codes = mixed ^ (mixed >> np.uint64(29))
    return result
