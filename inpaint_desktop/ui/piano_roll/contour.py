"""The contour: a line drawn with the mouse that pitches shall follow, as points of the music and as it is painted.

A hand trembles and a mouse tells dozens of places a second, so what was drawn is smoothed, told by two points a beat,
and of these only by those that the line could not be drawn without.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import inf

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath
from PySide6.QtWidgets import QApplication

from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.ui.piano_roll.geometry import Geometry
from inpaint_desktop.ui.wishes import Contour, LinePoint

POINTS_PER_BEAT = 2
TOLERANCE = 0.5
"""How far, in semitones, a point may lie from the line through its neighbours and be left out."""

_Point = tuple[float, float]


class Stroke:
    """A line while it is drawn: the height at each pixel from left to right. Drawing back over it changes it there."""

    def __init__(self, start: QPointF) -> None:
        self._heights: dict[int, float] = {round(start.x()): start.y()}
        self._start = self._last = start

    @property
    def is_drawn(self) -> bool:
        """Whether the mouse has moved so far sideways that a line is meant, not a click."""
        return len(self._heights) > QApplication.startDragDistance()

    def to(self, point: QPointF) -> None:
        """Draw on to a point."""
        before, self._last = self._last, point
        begin, end = round(before.x()), round(point.x())
        step = 1 if end >= begin else -1
        for x in range(begin, end + step, step):
            share = (x - begin) / (end - begin) if end != begin else 1.0
            self._heights[x] = before.y() + share * (point.y() - before.y())

    @property
    def points(self) -> list[_Point]:
        """The line from left to right."""
        return sorted(self._heights.items())


def contour_of(points: Sequence[_Point], melody: Melody, geometry: Geometry, span: Span) -> Contour:
    """The contour that was drawn through some points of the roll, as far as it lies over the measures of ``span``."""
    begin, end = geometry.starts[span.start], geometry.starts[span.stop]
    drawn = [(geometry.exact_tick_at(x), geometry.height_at(y)) for x, y in points]
    first, last = max(begin, round(drawn[0][0])), min(end, round(drawn[-1][0]))
    if first >= last:
        return ()
    ticks = sorted({first, last, *_told_ticks(melody, geometry, first, last)})
    line = [
        (tick, _mean_height(drawn, tick, _beat_at(melody, geometry, tick) / (2 * POINTS_PER_BEAT))) for tick in ticks
    ]
    return tuple(_placed(geometry, span, round(tick), midi) for tick, midi in without_idle_points(line))


def span_under(points: Sequence[_Point], geometry: Geometry, selected: Span | None) -> Span:
    """The measures that a drawn line is for: the selected ones if it touches them, else those under it."""
    drawn = Span(geometry.measure_at(points[0][0]), geometry.measure_at(points[-1][0]) + 1)
    if selected is not None and drawn.start < selected.stop and selected.start < drawn.stop:
        return selected
    return drawn


def _told_ticks(melody: Melody, geometry: Geometry, first: int, last: int) -> list[int]:
    """The ticks of the tune from ``first`` to ``last`` that have a point."""
    ticks = []
    for start, measure in zip(geometry.starts, melody.measures, strict=False):
        step = max(measure.meter.beat_ticks // POINTS_PER_BEAT, 1)
        ticks += [tick for tick in range(start, start + measure.duration, step) if first < tick < last]
    return ticks


def _beat_at(melody: Melody, geometry: Geometry, tick: float) -> int:
    measure = min(max(bisect_right(geometry.starts, tick) - 1, 0), len(melody.measures) - 1)
    return melody.measures[measure].meter.beat_ticks


def _mean_height(line: Sequence[_Point], tick: float, reach: float) -> float:
    """How high the line is around a tick on average, which smooths it; where nothing was drawn so near, at the tick."""
    begin, end = bisect_left(line, (tick - reach, -inf)), bisect_right(line, (tick + reach, inf))
    near = line[begin:end] or line[max(begin - 1, 0) : begin + 1]
    return sum(height for _, height in near) / len(near)


def without_idle_points(line: Sequence[_Point]) -> list[_Point]:
    """Leave out the points that lie nearly on the line between those that stay."""
    stay, pieces = {0, len(line) - 1}, [(0, len(line) - 1)]
    while pieces:
        first, last = pieces.pop()
        farthest = max(range(first, last + 1), key=lambda index: _distance(line[index], line[first], line[last]))
        if _distance(line[farthest], line[first], line[last]) > TOLERANCE:
            stay.add(farthest)
            pieces += [(first, farthest), (farthest, last)]
    return [line[index] for index in sorted(stay)]


def _distance(point: _Point, start: _Point, stop: _Point) -> float:
    """How far a point lies above or below the line from ``start`` to ``stop``."""
    length = stop[0] - start[0]
    share = (point[0] - start[0]) / length if length else 0.0
    return abs(start[1] + share * (stop[1] - start[1]) - point[1])


def _placed(geometry: Geometry, span: Span, tick: int, midi: float) -> LinePoint:
    """A point in the measure in which its tick lies; the end of all measures counts to the last of them."""
    measure = min(bisect_right(geometry.starts, tick) - 1, span.stop - 1)
    return LinePoint(measure, tick - geometry.starts[measure], midi)


def contour_path(contour: Contour, geometry: Geometry, left: float = -inf, right: float = inf) -> QPainterPath:
    """The contour as it is painted between two edges: through all of its points, rounded between them.

    It may reach beyond the edges; a long one is not laid out whole for a small piece of it.
    """
    begin = bisect_left(contour, left, key=lambda point: _place_of(point, geometry).x())
    end = bisect_right(contour, right, key=lambda point: _place_of(point, geometry).x())
    return _rounded(contour[max(begin - _ROUNDED_BY, 0) : end + _ROUNDED_BY], geometry)


_ROUNDED_BY = 2
"""How many points before and after a piece of the line have a say in how it is rounded."""


@lru_cache(maxsize=8)
def _rounded(contour: Contour, geometry: Geometry) -> QPainterPath:
    points = [_place_of(point, geometry) for point in contour]
    path, slopes = QPainterPath(points[0]), _slopes(points)
    for index, (start, stop) in enumerate(pairwise(points)):
        third = (stop.x() - start.x()) / 3
        leaving = QPointF(start.x() + third, start.y() + third * slopes[index])
        arriving = QPointF(stop.x() - third, stop.y() - third * slopes[index + 1])
        path.cubicTo(leaving, arriving, stop)
    return path


def _place_of(point: LinePoint, geometry: Geometry) -> QPointF:
    tick = geometry.starts[point.measure] + point.onset
    return QPointF(geometry.x_of(tick), geometry.y_of_height(point.midi))


def _slopes(points: Sequence[QPointF]) -> list[float]:
    """How steep the line is at each point: level at its peaks and valleys, so that it never swings beyond them."""
    steps = [(b.y() - a.y()) / (b.x() - a.x()) if b.x() > a.x() else 0.0 for a, b in pairwise(points)]
    inner = [0.0 if a * b <= 0 else 2 * a * b / (a + b) for a, b in pairwise(steps)]
    return [*steps[:1], *inner, *steps[-1:]]


def stroke_path(points: Sequence[_Point]) -> QPainterPath:
    """A line as it is being drawn, pixel by pixel."""
    path = QPainterPath(QPointF(*points[0]))
    for x, y in points[1:]:
        path.lineTo(x, y)
    return path
