"""Paints the ground, the selection and the notes of the piano roll, no more of them than can be seen."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.lock_sign import WIDTH, paint_lock
from inpaint_desktop.ui.piano_roll.geometry import (
    BLACK_KEYS,
    Bar,
    Bars,
    Geometry,
    Zoom,
    bars_between,
    bars_of,
    beats_of,
)
from inpaint_desktop.ui.theme import LIGHT, Theme

CURSOR_WIDTH = 2
_RADIUS = 3.0
_GAP = 1  # between notes that are not tied
_BARLINE_ALPHA = 150
_NOTE_INK = 0.8  # notes are a little lighter than what is written
_MIDDLE_OF_STAFF = 71
_GHOST_ALPHA = 120
_VEIL_ALPHA = 150
_NARROWEST_BEAT = 7.0
_LOCK_HEIGHT, _LOCK_MARGIN = 9.0, 2.0
_CONTOUR_WIDTH, _CONTOUR_HALO_WIDTH = 3.0, 6.0
_IDLE_ALPHA = 110  # of a contour over other measures than the selected ones
_LINES_UNDER = frozenset({0, 5})  # between B and C, and between E and F, no black key lies


@dataclass(frozen=True, slots=True)
class Laid:
    """A melody as it is laid out: its bars, and which measures are pickups."""

    melody: Melody = field(default_factory=lambda: Melody(()))
    geometry: Geometry = field(default_factory=Geometry)
    bars: tuple[Bar, ...] = ()
    pickups: frozenset[int] = frozenset()

    @classmethod
    def of(cls, editor: Editor, zoom: Zoom, before: "Laid") -> "Laid":
        """Lay out what the editor shows, of which much may be as ``before``; nothing where there is no melody."""
        melody, document = editor.shown_melody, editor.shown_document
        if melody is None or document is None:
            return cls(geometry=Geometry(zoom=zoom))
        marks = document.parts[editor.part].measures
        pickups = frozenset(index for index, mark in enumerate(marks) if mark.is_pickup)
        bars = bars_of(melody, Bars(before.melody, before.bars))
        return cls(melody, Geometry.of(melody, zoom), bars, pickups)

    def beats_in(self, measure: int) -> range:
        """The ticks of a measure on which a beat falls."""
        return beats_of(self.melody.measures[measure], is_pickup=measure in self.pickups)

    def bar_of(self, place: NotePlace) -> Bar | None:
        """Where a note lies; a rest lies as high as the note before it. ``None`` if there is no such note or rest."""
        position = bisect_left(self.bars, place, key=lambda bar: bar.place)
        if position < len(self.bars) and self.bars[position].place == place:
            return self.bars[position]
        measures = self.melody.measures
        if place.measure >= len(measures) or place.note >= len(measures[place.measure].notes):
            return None
        rest = measures[place.measure].notes[place.note]
        start = self.geometry.starts[place.measure] + rest.onset
        midi = self.bars[max(position - 1, 0)].midi if self.bars else _MIDDLE_OF_STAFF
        return Bar(place, start, start + rest.duration, midi, is_rest=True)


@dataclass(frozen=True, slots=True)
class Look:
    """How notes are marked."""

    theme: Theme = LIGHT
    colors_takes: bool = True


class RollPainter:
    """Paints with one painter, in coordinates of the whole roll, what lies in ``exposed``."""

    def __init__(self, painter: QPainter, laid: Laid, look: Look, exposed: QRectF) -> None:
        self._painter = painter
        self._laid = laid
        self._theme = look.theme
        self._colors_takes = look.colors_takes
        self._exposed = exposed

    def paint_ground(self) -> None:
        """Paint the rows of the keys, the beats and the barlines."""
        self._painter.fillRect(self._exposed, self._theme.color("paper"))
        geometry = self._laid.geometry
        for midi in range(geometry.midi_at(self._exposed.bottom()), geometry.midi_at(self._exposed.top()) + 1):
            self._paint_row(midi)
        if self._laid.melody.measures:
            self._paint_measures()

    def _paint_row(self, midi: int) -> None:
        top, bottom = (round(self._laid.geometry.y_of(number)) for number in (midi, midi - 1))
        row = QRectF(self._exposed.left(), top, self._exposed.width(), bottom - top)
        if midi % 12 in BLACK_KEYS:
            self._painter.fillRect(row, self._theme.color("black_key_row"))
        if midi % 12 in _LINES_UNDER:
            self._line(self._theme.color("rule"), QPointF(row.left(), row.bottom()), QPointF(row.right(), row.bottom()))

    def _paint_measures(self) -> None:
        geometry = self._laid.geometry
        beat, barline = self._theme.color("rule"), self._theme.color("faint")
        barline.setAlpha(_BARLINE_ALPHA)
        for index in geometry.measures_between(self._exposed.left(), self._exposed.right()):
            for x in self._beats(index):
                self._vertical(beat, x)
            self._vertical(barline, geometry.x_of(geometry.starts[index]))
        self._vertical(barline, geometry.width)

    def _beats(self, index: int) -> Iterator[float]:
        geometry = self._laid.geometry
        measure = self._laid.melody.measures[index]
        if geometry.x_of(measure.meter.beat_ticks) >= _NARROWEST_BEAT:
            for tick in self._laid.beats_in(index):
                yield geometry.x_of(geometry.starts[index] + tick)

    def _vertical(self, color: QColor, x: float) -> None:
        self._line(color, QPointF(x, self._exposed.top()), QPointF(x, self._exposed.bottom()))

    def _line(self, color: QColor, start: QPointF, stop: QPointF) -> None:
        self._painter.setPen(QPen(color, 0))
        self._painter.drawLine(start, stop)

    def paint_span(self, span: Span, edge: QPen, color: QColor | None = None) -> None:
        """Draw an edge at both sides of some measures, and tint them."""
        left, right = self._laid.geometry.edges_of(span)
        box = QRectF(left, self._exposed.top() - 2, right - left, self._exposed.height() + 4)
        if box.intersects(self._exposed):
            self._painter.setPen(edge)
            self._painter.setBrush(color or Qt.BrushStyle.NoBrush)
            self._painter.drawRect(box)

    def paint_notes(self, editor: Editor) -> None:
        """Paint the notes: those of takes and those out of the key are marked."""
        geometry = self._laid.geometry
        first, last = geometry.tick_at(self._exposed.left()), geometry.tick_at(self._exposed.right())
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for bar in bars_between(self._laid.bars, first, last):
            self._paint_bar(bar, self._color_of(bar, editor.is_brought))
            if editor.is_out_of_key(bar.place):
                self._mark_out_of_key(bar)

    def _color_of(self, bar: Bar, is_brought: Callable[..., bool]) -> QColor:
        if self._colors_takes and is_brought(bar.place):
            return self._theme.color("brought")
        return _mixed(self._theme.color("ink"), self._theme.color("paper"), _NOTE_INK)

    def _paint_bar(self, bar: Bar, color: QColor) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(color)
        self._painter.drawPath(_outline(self._box(bar), bar))

    def _mark_out_of_key(self, bar: Bar) -> None:
        """Draw a stripe along the lower edge, so that the colour of takes can still be seen."""
        box = self._box(bar)
        height = max(round(box.height() * 0.35), 2)
        self._painter.save()
        self._painter.setClipPath(_outline(box, bar))
        self._painter.fillRect(
            QRectF(box.left(), box.bottom() - height, box.width(), height), self._theme.color("out_of_key")
        )
        self._painter.restore()

    def _frame(self, bar: Bar) -> None:
        """Draw a ring that is set off from the bar, as the bar may have nearly the same colour."""
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width, reach in (("paper", 1.5, 0.5), ("selection_edge", 2.0, 2.0)):
            self._painter.setPen(QPen(self._theme.color(color), width))
            box = self._box(bar).adjusted(-reach, -reach, reach, reach)
            self._painter.drawRoundedRect(box, _RADIUS + reach, _RADIUS + reach)

    def _box(self, bar: Bar) -> QRectF:
        """Where a bar is painted: on whole pixels, so that its edges are sharp."""
        geometry = self._laid.geometry
        left, right = round(geometry.x_of(bar.start)), round(geometry.x_of(bar.stop))
        top, bottom = round(geometry.y_of(bar.midi)) + 1, round(geometry.y_of(bar.midi - 1)) - 1
        gap = 0 if bar.joins_after else _GAP
        return QRectF(left, top, max(right - left - gap, 1), max(bottom - top, 2))

    def paint_ghost(self, before: Bar, bar: Bar, label: str) -> None:
        """Paint a note as it would become when it is let go, with its name, and fade what it was before."""
        veil = self._theme.color("paper")
        veil.setAlpha(_VEIL_ALPHA)
        self._paint_bar(before, veil)
        color = self._theme.color("selection_edge")
        color.setAlpha(_GHOST_ALPHA)
        self._paint_bar(bar, color)
        self._frame(bar)
        self._paint_label(self._box(bar), label)

    def _paint_label(self, box: QRectF, label: str) -> None:
        metrics = self._painter.fontMetrics()
        size = metrics.size(0, label)
        frame = QRectF(box.left(), box.top() - size.height() - 8, size.width() + 10, size.height() + 4)
        if frame.top() < self._exposed.top():
            frame.moveTop(box.bottom() + 4)
        self._painter.setPen(QPen(self._theme.color("selection_edge"), 1))
        self._painter.setBrush(self._theme.color("paper"))
        self._painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        self._painter.setPen(self._theme.color("ink"))
        self._painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, label)

    def paint_selected(self, bar: Bar) -> None:
        """Frame the selected note; or a rest, which is not seen otherwise."""
        if bar.is_rest:
            self._painter.setPen(QPen(self._theme.color("selection_edge"), 1.5, Qt.PenStyle.DashLine))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRoundedRect(self._box(bar), _RADIUS, _RADIUS)
        else:
            self._frame(bar)

    def paint_locks(self, places: Iterable[NotePlace]) -> None:
        """Paint locks at some notes and rests, as far as they are to be seen."""
        shown = self._laid.geometry.measures_between(self._exposed.left(), self._exposed.right())
        for place in places:
            bar = self._laid.bar_of(place) if place.measure in shown else None
            if bar is not None:
                self._paint_lock(bar)

    def _paint_lock(self, bar: Bar) -> None:
        """Paint a lock on a note if there is room for one, else over it; a rest, which is not seen, gets a frame."""
        box, width = self._box(bar), _LOCK_HEIGHT * WIDTH
        if bar.is_rest:
            self._painter.setPen(QPen(self._theme.color("lock"), 1, Qt.PenStyle.DotLine))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRoundedRect(box, _RADIUS, _RADIUS)
        has_room = box.width() >= width + 2 * _LOCK_MARGIN and box.height() >= _LOCK_HEIGHT
        if has_room and not bar.is_rest:
            center = QPointF(box.left() + _LOCK_MARGIN + width / 2, box.center().y())
            paint_lock(self._painter, center, _LOCK_HEIGHT, self._theme.color("paper"))
        else:
            y = box.center().y() if has_room else box.top() - _LOCK_MARGIN - _LOCK_HEIGHT / 2
            center = QPointF(box.center().x(), y)
            paint_lock(self._painter, center, _LOCK_HEIGHT, self._theme.color("lock"), self._theme.color("paper"))

    def paint_contour(self, path: QPainterPath, *, is_idle: bool = False) -> None:
        """Paint a line that pitches shall follow, faintly if it lies where nothing is to be filled."""
        color, halo = self._theme.color("contour"), self._theme.color("paper")
        for ink in (color, halo):
            ink.setAlpha(_IDLE_ALPHA if is_idle else 255)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, width in ((halo, _CONTOUR_HALO_WIDTH), (color, _CONTOUR_WIDTH)):
            pen = QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
            self._painter.strokePath(path, pen)

    def paint_cursor(self, x: float) -> None:
        """Paint the playback cursor."""
        line = QRectF(x - CURSOR_WIDTH / 2, self._exposed.top(), CURSOR_WIDTH, self._exposed.height())
        self._painter.fillRect(line, self._theme.color("cursor"))


def _outline(box: QRectF, bar: Bar) -> QPainterPath:
    """A bar with round corners, but for the ends at which a tie joins it to another."""
    radius = min(_RADIUS, box.width() / 2, box.height() / 2)
    path = QPainterPath()
    path.addRoundedRect(box, radius, radius)
    for is_joined, left in ((bar.joins_before, box.left()), (bar.joins_after, box.right() - radius)):
        if is_joined:
            square = QPainterPath()
            square.addRect(QRectF(left, box.top(), radius, box.height()))
            path = path.united(square)
    return path


def _mixed(color: QColor, other: QColor, share: float) -> QColor:
    """``share`` of a colour, and the rest of another."""
    pairs = ((color.redF(), other.redF()), (color.greenF(), other.greenF()), (color.blueF(), other.blueF()))
    return QColor.fromRgbF(*(one * share + two * (1 - share) for one, two in pairs))
