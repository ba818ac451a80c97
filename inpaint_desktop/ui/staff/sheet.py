"""The pages of a score as one sheet, and where everything lies on it.

Lengths are pixels at 100 % zoom, from the upper left corner of the first page. Nothing is drawn here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import accumulate, pairwise
from typing import TypeVar

from inpaint_desktop.engraving.pages import MeasureBox, NoteBox, NoteKey, Page, Rect, SystemBox
from inpaint_desktop.score.melody import Melody
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.ui.selecting import Hit

NOTE_REACH = 2.0
"""How far beside a note it can still be hit."""

_STAFF_GAP = 6.0
"""What stands between two staves belongs to the upper one, up to so far above the lower one."""
_NUMBER_REACH = 10.0
"""How far the number of a measure reaches to the left of a system."""

_Box = TypeVar("_Box", MeasureBox, NoteBox, SystemBox)

_NONE: Mapping[int, Melody] = {}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a moment of the music stands: a line over the whole system."""

    x: float
    system: SystemBox


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point that stays where it is while the sheet is laid out anew: so far below the top of a measure's system."""

    measure: int
    below: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Pages below each other; ``rows`` are the measures in each system. Make it with ``laid_out``."""

    pages: tuple[Page, ...]
    tops: tuple[float, ...] = ()
    parts: tuple[int, ...] = ()
    systems: Mapping[int, SystemBox] = field(default_factory=dict)
    rows: Mapping[int, tuple[MeasureBox, ...]] = field(default_factory=dict)
    measures: Mapping[tuple[int, int], MeasureBox] = field(default_factory=dict)
    notes: Mapping[tuple[int, int], tuple[NoteBox, ...]] = field(default_factory=dict)
    melodies: Mapping[int, Melody] = field(default_factory=dict)

    @property
    def width(self) -> float:
        """The width of the widest page."""
        return max((page.width for page in self.pages), default=0.0)

    @property
    def height(self) -> float:
        """The height of all pages."""
        return sum(page.height for page in self.pages)

    def pages_between(self, top: float, bottom: float) -> range:
        """The indices of the pages of which something lies between two heights."""
        shown = [
            index
            for index, (start, page) in enumerate(zip(self.tops, self.pages, strict=True))
            if start < bottom and start + page.height > top
        ]
        return range(shown[0], shown[-1] + 1) if shown else range(0)

    def systems_on(self, pages: range) -> list[int]:
        """The systems on some pages."""
        return [system.system for index in pages for system in self.pages[index].systems]

    def measures_on(self, pages: range) -> frozenset[int]:
        """The measures on some pages, whichever part they are of."""
        return frozenset(box.measure for system in self.systems_on(pages) for box in self.rows.get(system, ()))

    # What lies at a point

    def hit(self, x: float, y: float, *, is_nearest: bool = False, part: int = 0) -> Hit | None:
        """Find the measure at a point, and the note; with ``is_nearest`` the nearest measure, wherever the point is.

        Where several parts share a staff, it is the one with a note at the point, or else ``part``.
        """
        system = self._system_at(y, is_nearest=is_nearest)
        if system is None:
            return None
        boxes = list(self.rows.get(system.system, ()))
        if not is_nearest:
            boxes = [box for box in boxes if box.rect.x <= x <= box.rect.right]
        if not boxes:
            return None
        distances = [(_distance(box.rect.x, box.rect.right, x), _distance_down(box.rect, y)) for box in boxes]
        nearest = [box for box, distance in zip(boxes, distances, strict=True) if distance == min(distances)]
        box = min(nearest, key=lambda box: (self._note_at(box, x, y) is None, box.part != part))
        note = self._note_at(box, x, y)
        return Hit(box.measure, box.part, NotePlace(note.measure, note.note) if note else None)

    def _system_at(self, y: float, *, is_nearest: bool) -> SystemBox | None:
        nearest = min(self.systems.values(), key=lambda system: _distance_down(system.rect, y), default=None)
        if nearest is None or (not is_nearest and _distance_down(nearest.rect, y) > 0):
            return None
        return nearest

    def _note_at(self, box: MeasureBox, x: float, y: float) -> NoteBox | None:
        near = [
            note
            for note in self.notes.get((box.part, box.measure), ())
            if _distance(note.rect.x, note.rect.right, x) <= NOTE_REACH and _distance_down(note.rect, y) <= NOTE_REACH
        ]
        return min(near, key=lambda note: abs(note.rect.x + note.rect.width / 2 - x), default=None)

    # Where something lies

    def measure_of(self, part: int, measure: int) -> MeasureBox | None:
        """The box of a measure."""
        return self.measures.get((part, measure))

    def system_of(self, part: int, measure: int) -> SystemBox | None:
        """The system in which a measure stands."""
        box = self.measure_of(part, measure)
        return self.systems.get(box.system) if box else None

    def span_rects(self, part: int, measures: Iterable[int]) -> list[Rect]:
        """Some measures of a part as one rectangle in each system, with all that belongs to them.

        That is notes, what stands above the upper part, what stands below each part, and the measure's number.
        """
        found: dict[int, list[Rect]] = defaultdict(list)
        for index in measures:
            box = self.measure_of(part, index)
            if box is not None:
                found[box.system].append(self._with_surroundings(box))
                found[box.system].extend(_within(box, note.rect) for note in self.notes.get((part, index), ()))
        return [reduce(Rect.united, rects) for rects in found.values()]

    def _with_surroundings(self, box: MeasureBox) -> Rect:
        system = self.systems.get(box.system)
        staves = [other.rect.y for other in self.rows[box.system] if other.measure == box.measure]
        top, bottom = box.rect.y, box.rect.bottom
        if system is not None:
            top = min(top, system.rect.y) if top == min(staves) else top
            below = min((y - _STAFF_GAP for y in staves if y > bottom), default=system.rect.bottom)
            bottom = max(bottom, below)
        is_numbered = box.measure > 0 and box.music_x > box.rect.x  # the first of its system
        left = box.rect.x - (_NUMBER_REACH if is_numbered else 0)
        return Rect(left, top, box.rect.right - left, bottom - top)

    def staff_rects(self, part: int, systems: Iterable[int]) -> list[Rect]:
        """The staff of a part as one rectangle in each of some systems."""
        found = ([box.rect for box in self.rows.get(system, ()) if box.part == part] for system in systems)
        return [reduce(Rect.united, rects) for rects in found if rects]

    def note_rects(self, key: NoteKey) -> list[Rect]:
        """Where a note stands; in several places if it is written as several tied ones."""
        part, measure, _ = key
        return [note.rect for note in self.notes.get((part, measure), ()) if note.key == key]

    def cursor(self, part: int, measure: int, tick: int) -> Cursor | None:
        """Where tick ``tick`` of a measure stands, between the notes if none begins there."""
        box, system = self.measure_of(part, measure), self.system_of(part, measure)
        if box is None or system is None:
            return None
        points = self._points(box)
        for (start, left), (end, right) in pairwise(points):
            if start <= tick < end:
                return Cursor(left + (right - left) * (tick - start) / (end - start), system)
        return Cursor(points[-1][1], system)

    def _points(self, box: MeasureBox) -> list[tuple[int, float]]:
        """Ticks of a measure and where they stand, from its beginning to its end."""
        melody = self.melodies.get(box.part)
        if melody is None or box.measure >= len(melody.measures):
            return [(0, box.music_x)]
        measure = melody.measures[box.measure]
        lefts: dict[int, float] = {}
        for note in self.notes.get((box.part, box.measure), ()):
            lefts[note.note] = min(note.rect.x, lefts.get(note.note, note.rect.x))
        if len(measure.notes) < 2:  # a lone rest stands in the middle, but begins with the measure
            lefts = {}
        begun = [(measure.notes[index].onset, x) for index, x in lefts.items() if index < len(measure.notes)]
        ends = {0: box.music_x, **dict(sorted(begun)), measure.duration: box.rect.right}
        return sorted(ends.items())

    # Staying at the same place

    def anchor_at(self, y: float, x: float = 0.0) -> Anchor | None:
        """The point at a height, to be found again on another sheet of the same score by the measure nearest to it."""
        system = self._system_at(y, is_nearest=True)
        if system is None:
            return None
        beside = self.rows.get(system.system, ())
        nearest = min(beside, key=lambda box: (max(box.rect.x - x, x - box.rect.right, 0.0), box.measure), default=None)
        return Anchor(nearest.measure if nearest else 0, y - system.rect.y)

    def height_of(self, anchor: Anchor) -> float:
        """The height at which the point lies on this sheet."""
        for part in self.parts:
            system = self.system_of(part, anchor.measure)
            if system is not None:
                return system.rect.y + anchor.below
        return 0.0


def laid_out(pages: tuple[Page, ...], melodies: Mapping[int, Melody] = _NONE) -> Sheet:
    """Put pages below each other; ``melodies`` by part tell when the notes of the boxes begin."""
    tops = tuple(accumulate((page.height for page in pages[:-1]), initial=0.0)) if pages else ()
    notes: dict[tuple[int, int], list[NoteBox]] = defaultdict(list)
    for box in _lowered(tops, (page.notes for page in pages)):
        notes[box.part, box.measure].append(box)
    measures = {(box.part, box.measure): box for box in _lowered(tops, (page.measures for page in pages))}
    rows: dict[int, list[MeasureBox]] = defaultdict(list)
    for measure in measures.values():
        rows[measure.system].append(measure)
    return Sheet(
        pages=pages,
        tops=tops,
        parts=tuple(sorted({part for part, _ in measures})),
        systems={system.system: system for system in _lowered(tops, (page.systems for page in pages))},
        rows={system: tuple(boxes) for system, boxes in rows.items()},
        measures=measures,
        notes={place: tuple(boxes) for place, boxes in notes.items()},
        melodies=melodies,
    )


def _lowered(tops: Iterable[float], boxes: Iterable[tuple[_Box, ...]]) -> Iterator[_Box]:
    for top, on_page in zip(tops, boxes, strict=True):
        for box in on_page:
            yield replace(box, rect=replace(box.rect, y=box.rect.y + top))


def _within(box: MeasureBox, rect: Rect) -> Rect:
    """A note's rectangle, no wider than its measure: what hangs over the barline does not widen the selection."""
    x, right = max(rect.x, box.rect.x), min(rect.right, box.rect.right)
    return replace(rect, x=x, width=max(right - x, 0.0))


def _distance(start: float, stop: float, place: float) -> float:
    return max(start - place, place - stop, 0.0)


def _distance_down(rect: Rect, y: float) -> float:
    return _distance(rect.y, rect.bottom, y)
