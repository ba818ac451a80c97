"""A score in pieces: the measures of its parts, and all that stands around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from inpaint_desktop.engraving.measure_facts import MeasureFacts, measure_facts

_PART = re.compile(r"<part\s")
_TAG = re.compile(r"<measure(?=[\s>])[^>]*>")
_END = "</measure>"


@dataclass(frozen=True, slots=True)
class ScoreText:
    """The measures of each part; ``starts`` are the places in MusicXML where the music of the first part's begins."""

    around: str
    parts: tuple[tuple[MeasureFacts, ...], ...]
    starts: tuple[int, ...]

    @property
    def measure_count(self) -> int:
        """How many measures the first part has."""
        return len(self.starts)


def read_score(musicxml: str) -> ScoreText:
    """Take MusicXML apart."""
    starts = [match.start() for match in _PART.finditer(musicxml)]
    places = [list(_measures(musicxml, *ends)) for ends in pairwise([*starts, len(musicxml)])]
    parts = tuple(tuple(measure_facts(musicxml[start:stop]) for start, _, stop in part) for part in places)
    edges = [0, *(place for part in places for start, _, stop in part for place in (start, stop)), len(musicxml)]
    around = "".join(musicxml[start:stop] for start, stop in zip(edges[::2], edges[1::2], strict=True))
    return ScoreText(around, parts, tuple(music for _, music, _ in places[0]) if places else ())


def _measures(musicxml: str, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
    """Where each measure between two places begins, where its music does, and where it ends."""
    while (tag := _TAG.search(musicxml, start, stop)) is not None:
        end = musicxml.find(_END, tag.end(), stop)
        start = tag.end() if tag[0].endswith("/>") else end + len(_END)
        if end < 0:
            return
        yield tag.start(), tag.end(), start
