"""A score in pieces: the measures of its parts, and all that stands around them; and put together again."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise

from inpaint_desktop.engraving.measure_facts import NEW_LINE, MeasureFacts, measure_facts

_PART = re.compile(r"<part\s")
_TAG = re.compile(r"<measure(?=[\s>])[^>]*>")
_END = "</measure>"
_NEW_PAGE = '<print new-page="yes"/>'


@dataclass(frozen=True, slots=True)
class Place:
    """Where a measure stands in the text: its beginning, that of its music, and its end."""

    start: int
    music: int
    stop: int


@dataclass(frozen=True, slots=True)
class ScoreText:
    """MusicXML, the measures of each part, and where they stand."""

    musicxml: str
    parts: tuple[tuple[MeasureFacts, ...], ...]
    places: tuple[tuple[Place, ...], ...]

    @property
    def measure_count(self) -> int:
        """How many measures the first part has."""
        return len(self.parts[0]) if self.parts else 0

    @property
    def head(self) -> str:
        """All that stands before the music of the first measure."""
        return self.musicxml[: self.places[0][0].music] if self.measure_count else ""

    @property
    def around(self) -> str:
        """All that is no measure."""
        edges = [0, *(edge for part in self.places for place in part for edge in (place.start, place.stop))]
        ends = zip(edges[::2], [*edges[1::2], len(self.musicxml)], strict=True)
        return "".join(self.musicxml[start:stop] for start, stop in ends)

    def with_lines(self, firsts: Collection[int], kept: Collection[int]) -> str:
        """The score with each measure of ``firsts`` on a page of its own, and no other wishes of that kind.

        There are only those measures in it that are ``kept``.
        """
        pieces, end = [], 0
        for part in self.places:
            for index, place in enumerate(part):
                pieces.append(self.musicxml[end : place.start])
                if index in kept:
                    is_first = index in firsts and part is self.places[0]
                    pieces += self._measure(place, _NEW_PAGE if is_first else "")
                end = place.stop
        return "".join([*pieces, self.musicxml[end:]])

    def _measure(self, place: Place, beginning: str) -> Iterator[str]:
        yield NEW_LINE.sub("", self.musicxml[place.start : place.music])
        yield beginning
        yield NEW_LINE.sub("", self.musicxml[place.music : place.stop])


def read_score(musicxml: str) -> ScoreText:
    """Take MusicXML apart."""
    starts = [match.start() for match in _PART.finditer(musicxml)]
    places = tuple(tuple(_places(musicxml, *ends)) for ends in pairwise([*starts, len(musicxml)]))
    parts = tuple(tuple(measure_facts(musicxml[place.start : place.stop]) for place in part) for part in places)
    return ScoreText(musicxml, parts, places)


def _places(musicxml: str, start: int, stop: int) -> Iterator[Place]:
    while (tag := _TAG.search(musicxml, start, stop)) is not None:
        end = musicxml.find(_END, tag.end(), stop)
        start = tag.end() if tag[0].endswith("/>") else end + len(_END)
        if end < 0 and not tag[0].endswith("/>"):
            return
        yield Place(tag.start(), tag.end(), start)
