"""Which measures of a take stand in a tune that is known, in whatever key.

Runs that reach over the edges of the gap count as well, so that a take is also recognised by how it goes on; named are
the measures inside. Of a run at least two slots must lie in the gap, or all of a shorter one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from inpaint_desktop.encoding.run_index import RunIndex
from inpaint_desktop.encoding.runs import LONGEST_RUN, Figure, figures_of, runs_of
from inpaint_desktop.encoding.slots import slots_of
from inpaint_desktop.encoding.titles import title_key
from inpaint_desktop.engine.known_tunes import known_tunes
from inpaint_desktop.engine.request import FillRequest, KnownRun, Take
from inpaint_desktop.score.melody import Measure, Span

FEWEST_INSIDE = 2
AROUND = 32
"""How many measures on either side say which tune it is: a score may hold several, or two thousand measures."""


def recognised(takes: Sequence[Take]) -> list[Take]:
    """Takes of one request, with what is known of them; as they are where the index of known tunes is missing."""
    index = known_tunes()
    if index is None or not takes:
        return list(takes)
    recognition = Recognition(index, takes[0].request)
    return [replace(take, known=recognition.known_in(take.measures)) for take in takes]


class Recognition:
    """Compares takes of one request with known tunes.

    Tunes that the melody has runs of near the gap before anything is filled, or whose title it bears, are taken for the
    same tune.
    """

    def __init__(self, index: RunIndex, request: FillRequest) -> None:
        self._index = index
        self._melody, self._span = request.melody, request.span
        near = range(request.span.start - AROUND, request.span.stop + AROUND)
        self._slots = [slot for slot in slots_of(request.melody) if slot.start in near]
        self._figures = figures_of(request.melody, self._slots)
        inside = [place for place in range(len(self._slots)) if self._named(place)]
        self._gap = range(inside[0], inside[-1] + 1)
        self._title = title_key(request.melody.title)
        self._own = {title for title, _ in self._found(self._figures, range(len(self._figures)))}

    def known_in(self, measures: Sequence[Measure]) -> tuple[KnownRun, ...]:
        """What is known of measures in the gap, in order; of several tunes the one that has most of them is named."""
        melody, gap = self._melody.with_measures(self._span, measures), self._gap
        filled = figures_of(melody, self._slots[gap.start : gap.stop])
        figures = [*self._figures[: gap.start], *filled, *self._figures[gap.stop :]]
        places: dict[str, set[int]] = {}
        for title, run in self._found(figures, range(max(gap.start - LONGEST_RUN + 1, 0), gap.stop)):
            inside = set(gap).intersection(run)
            if len(inside) >= min(FEWEST_INSIDE, len(gap)):
                places.setdefault(title, set()).update(inside)
        return tuple(sorted(self._chosen(places), key=lambda one: one.span.start))

    def _found(self, figures: Sequence[Figure], starts: Iterable[int]) -> Iterator[tuple[str, range]]:
        """Titles of tunes and the slots of the runs that they have."""
        for run in runs_of(figures, starts):
            for title in self._index.titles_of(run.hash):
                yield title, range(run.start, run.stop)

    def _chosen(self, places: Mapping[str, set[int]]) -> Iterator[KnownRun]:
        """The tunes that have most slots, each as long as it has some that none before it had."""
        named: set[int] = set()
        while left := {title: found for title, found in places.items() if found - named}:
            title = max(left, key=lambda title: (len(left[title] - named), self._is_same(title), self._is_named(title)))
            named |= left[title]
            for span in self._spans(left[title]):
                yield KnownRun(title, span, self._is_same(title))

    def _is_same(self, title: str) -> bool:
        return title in self._own or self._is_named(title)

    def _is_named(self, title: str) -> bool:
        return bool(self._title) and title_key(title) == self._title

    def _spans(self, places: Iterable[int]) -> Iterator[Span]:
        """The measures of the gap that slots cover, those that follow each other together."""
        indices = [index for place in sorted(places) for index in self._named(place)]
        for _, run in groupby(enumerate(indices), key=lambda pair: pair[1] - pair[0]):
            together = [index for _, index in run]
            yield Span(together[0], together[-1] + 1)

    def _named(self, place: int) -> list[int]:
        """The measures of a slot that lie in the gap."""
        return [index for index in self._slots[place].indices if index in self._span.indices]
