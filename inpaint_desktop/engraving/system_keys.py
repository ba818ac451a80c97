"""What the picture of a system depends on, as a key: systems with equal keys look the same.

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


def system_keys(score: ScoreText, firsts: Sequence[int], width: int) -> list[bytes]:
    """The keys of the systems of a score, which are ``width`` wide and begin with its first measure and ``firsts``."""
    lines = [range(*ends) for ends in pairwise([0, *firsts, score.measure_count])]
    common = _common(score, width)
    carried = _carried(score.parts, [line.start for line in lines])
    keys = []
    for line, needed, accidentals in zip(lines, _needed(score, lines), carried, strict=True):
        key = blake2b(common, digest_size=16)
        key.update(f"{line} {accidentals}".encode())
        for measure in needed:
            for part in score.parts:
                key.update(part[measure].digest if measure < len(part) else b"-")
        keys.append(key.digest())
    return keys


def _common(score: ScoreText, width: int) -> bytes:
    """What counts for all systems."""
    frames = ("".join(measure.frame for measure in part) for part in score.parts)
    return blake2b("\0".join([str(width), score.around, *frames]).encode("utf-8", "surrogatepass")).digest()


def _needed(score: ScoreText, lines: Sequence[range]) -> Iterator[Sequence[int]]:
    """The measures that count for each line."""
    reaches = _reaches(score.parts)
    if reaches is None:
        yield from ([range(score.measure_count)] * len(lines))
        return
    touched = _touched(reaches, lines)
    for index, line in enumerate(lines):
        beside = {line.start - 1, line.stop}.intersection(range(score.measure_count))
        yield sorted(beside.union(*(lines[other] for other in touched[index])))


def _touched(reaches: Sequence[range], lines: Sequence[range]) -> list[set[int]]:
    """For each line the lines that are touched by what reaches into it, itself among them."""
    touched = [{index} for index in range(len(lines))]
    line_of = [index for index, line in enumerate(lines) for _ in line]
    for reach in reaches:
        joined = range(line_of[min(reach.start, len(line_of) - 1)], line_of[min(reach[-1], len(line_of) - 1)] + 1)
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
        following.end(is_last=part is parts[-1])
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

    def end(self, *, is_last: bool) -> None:
        """Come to the end of the part; what follows a syllable goes on to there."""
        self._place -= 1
        for name in list(self._starts):
            is_awaited = name == "note" and not is_last  # the first note of the next part
            self.is_clear = self.is_clear and name.startswith(("lyric", "note")) and not is_awaited
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
