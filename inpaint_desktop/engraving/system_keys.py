"""What the picture of a system depends on: as a key, equal ones being for equal pictures, and as measures.

Lines are broken before Verovio sees the score, so a picture depends on little: the measures of the system, what
stands around all measures and in their frames (clefs, keys, meters and barlines of the whole score, more than is
needed), and what reaches into the system from others. Verovio draws what reaches over the end of a line with both
lines in view; so all measures of all lines that it touches count. Accidentals that Verovio carries on from earlier
notes count where the system begins, and the two measures beside the system do.

Where it is not clear what belongs together, every measure counts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise

from inpaint_desktop.engraving.measure_facts import Mark, MeasureFacts
from inpaint_desktop.engraving.score_text import ScoreText

Parts = Sequence[Sequence[MeasureFacts]]

_MAY_END_FIRST = ("slur", "wedge")  # in the text of a measure the end may stand before the start


class Systems:
    """The systems of a score, which are ``width`` wide and begin with its first measure and ``firsts``."""

    def __init__(self, score: ScoreText, firsts: Sequence[int], width: int) -> None:
        self.lines = [range(*ends) for ends in pairwise([0, *firsts, score.measure_count])]
        self._score = score
        self._reaches = _reaches(score.parts)
        self._needed = list(self._needed_measures())
        self.keys = list(self._keys(width))

    def _needed_measures(self) -> Iterator[Sequence[int]]:
        """The measures that count for each line."""
        every = range(self._score.measure_count)
        if self._reaches is None:
            yield from ([every] * len(self.lines))
            return
        for line, touched in zip(self.lines, _touched(self._reaches, self.lines), strict=True):
            beside = {line.start - 1, line.stop}.intersection(every)
            if line.stop == every.stop and len(self._score.parts) > 1:
                beside.add(0)  # what stands after the last note of a part is given to the first one of the next
            yield sorted(beside.union(*(self.lines[other] for other in touched)))

    def _keys(self, width: int) -> Iterator[bytes]:
        common = _common(self._score, width)
        carried = _carried(self._score.parts, [line.start for line in self.lines])
        for line, needed, accidentals in zip(self.lines, self._needed, carried, strict=True):
            key = blake2b(common, digest_size=16)
            key.update(f"{line} {accidentals}".encode())
            for measure in needed:
                for part in self._score.parts:
                    key.update(part[measure].digest if measure < len(part) else b"-")
            yield key.digest()

    def measures_for(self, lines: Sequence[int]) -> set[int]:
        """The measures without which Verovio would draw some of the lines differently.

        Bare measures that nothing reaches into from others can be left out. Where accidentals are carried on or long
        rests put measures together, all of them stay.
        """
        parts = self._score.parts
        if self._reaches is None or not all(_can_be_cut(measure) for part in parts for measure in part):
            return set(range(self._score.measure_count))
        framed = (index for part in parts for index, measure in enumerate(part) if not measure.is_bare)
        return _closed({0, *framed}.union(*(self._needed[line] for line in lines)), self._reaches)


def _can_be_cut(measure: MeasureFacts) -> bool:
    return "<measure-style" not in measure.frame and not any(sign for _, sign in measure.accidentals)


def _closed(measures: set[int], reaches: Sequence[range]) -> set[int]:
    """The measures, and all into which anything reaches from them."""
    while partial := [one for one in reaches if not (measures.isdisjoint(one) or measures.issuperset(one))]:
        measures = measures.union(*partial)
    return measures


def _common(score: ScoreText, width: int) -> bytes:
    """What counts for all systems."""
    frames = ("".join(measure.frame for measure in part) for part in score.parts)
    return blake2b("\0".join([str(width), score.around, *frames]).encode("utf-8", "surrogatepass")).digest()


def _touched(reaches: Sequence[range], lines: Sequence[range]) -> list[set[int]]:
    """For each line the lines that are touched by what reaches into it, itself among them."""
    touched = [{index} for index in range(len(lines))]
    line_of = [index for index, line in enumerate(lines) for _ in line]
    for reach in reaches:
        joined = range(line_of[reach.start], line_of[reach[-1]] + 1)
        if len(joined) > 1:
            for index in joined:
                touched[index].update(joined)
    return touched


def _reaches(parts: Parts) -> list[range] | None:
    """The measures over which anything reaches; nothing where that is not clear."""
    numbers = [[measure.number for measure in part] for part in parts]
    if any(own != numbers[0][: len(own)] for own in numbers):  # Verovio puts measures together by their numbers
        return None
    reaches: list[range] = []
    for part in parts:
        following = _Following()
        for measure in part:
            following.read(measure.marks)
        following.end()
        if not following.is_clear:
            return None
        reaches += following.reaches
    return reaches


class _Following:
    """Follows what reaches from measure to measure, through one part."""

    def __init__(self) -> None:
        self.reaches: list[range] = []
        self.is_clear = True
        self._place = 0
        self._starts: dict[str, int] = {}
        self._open: Counter[str] = Counter()
        self._owed: Counter[str] = Counter()

    def read(self, marks: Sequence[Mark]) -> None:
        """Go through the next measure."""
        for mark in marks:
            self._read(mark)
        self.is_clear = self.is_clear and not +self._owed
        self._place += 1

    def end(self) -> None:
        """Come to the end of the part; what follows a syllable goes on to there."""
        self._place -= 1
        for name in list(self._starts):
            self.is_clear = self.is_clear and name.startswith(("lyric", "note"))
            self._close(name)

    def _read(self, mark: Mark) -> None:
        if mark.kind == "start":
            self._start(mark.name)
        elif mark.kind == "stop":
            self._stop(mark.name)
        elif mark.kind == "unclear":
            self.is_clear = False
        else:
            self._close(mark.name)
            if mark.kind == "follower that goes on":
                self._start(mark.name)

    def _start(self, name: str) -> None:
        if self._owed[name]:
            self._owed[name] -= 1
        else:
            self._open[name] += 1
            self._starts.setdefault(name, self._place)

    def _stop(self, name: str) -> None:
        if self._open[name] > 1:
            self._open[name] -= 1
        elif self._open[name]:
            self._close(name)
        elif name.startswith(_MAY_END_FIRST):
            self._owed[name] += 1
        else:
            self.is_clear = False

    def _close(self, name: str) -> None:
        start = self._starts.pop(name, None)
        self._open[name] = 0
        if start is not None and start < self._place:
            self.reaches.append(range(start, self._place + 1))


def _carried(parts: Parts, starts: Sequence[int]) -> list[str]:
    """The accidentals that are carried on to each of the places; Verovio reads one part after the other."""
    known: dict[str, str] = {}
    carried: list[list[object]] = [[] for _ in starts]
    for part in parts:
        for index, measure in enumerate(part):
            if index in starts:
                carried[starts.index(index)].append(sorted(known.items()))
            for name, accidental in measure.accidentals:
                known.pop(name, None)
                known.update({name: accidental} if accidental else {})
    return [repr(one) for one in carried]
