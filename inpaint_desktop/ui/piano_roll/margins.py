"""What stands beside the notes and stays while they are scrolled: the keys at the left, the ruler at the top."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QWidget

from inpaint_desktop.score.melody import Measure, Span
from inpaint_desktop.ui.describing import note_name
from inpaint_desktop.ui.piano_roll.drawing import Laid
from inpaint_desktop.ui.piano_roll.geometry import BLACK_KEYS
from inpaint_desktop.ui.theme import DARK, theme_of
from inpaint_desktop.ui.words import tr

KEYS_WIDTH = 52
RULER_HEIGHT = 36
_BLACK_SHARE = 0.62
_NUMBER_WIDTH = 60
_WHITE = {"light": QColor("#fbfbf9"), "dark": QColor("#c3c6cc")}
_BLACK = {"light": QColor("#34353a"), "dark": QColor("#25272b")}
_KEY_INK = QColor("#3c3e44")


class PianoKeys(QWidget):
    """The piano keys, one to each row; the octaves are named, and the key of the row that is pointed at."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._laid = Laid()
        self._offset = 0
        self._pointed: int | None = None

    def show_rows(self, laid: Laid, offset: int) -> None:
        """Show the rows of the roll that is scrolled down by ``offset`` pixels."""
        self._laid, self._offset = laid, offset
        self.update()

    def point_at(self, midi: int | None) -> None:
        """Mark a key and name it; ``None`` marks none."""
        if midi != self._pointed:
            self._pointed = midi
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the keys that are exposed."""
        painter = QPainter(self)
        painter.setFont(_small(self.font(), min(self._laid.geometry.zoom.row_height, 11.0)))
        geometry = self._laid.geometry
        top, bottom = event.rect().top() + self._offset, event.rect().bottom() + self._offset
        rows = range(geometry.midi_at(bottom), geometry.midi_at(top) + 1)
        painter.fillRect(event.rect(), _WHITE[self._scheme])
        for midi in rows:
            self._paint_key(painter, midi)
        painter.setPen(QPen(theme_of(self.palette()).color("faint"), 0))
        painter.drawLine(self.width() - 1, event.rect().top(), self.width() - 1, event.rect().bottom())

    @property
    def _scheme(self) -> str:
        return "dark" if theme_of(self.palette()) is DARK else "light"

    def _paint_key(self, painter: QPainter, midi: int) -> None:
        height = self._laid.geometry.zoom.row_height
        row = QRectF(0, self._laid.geometry.y_of(midi) - self._offset, self.width(), height)
        if midi % 12 in BLACK_KEYS:
            key = QRectF(row.left(), row.top(), row.width() * _BLACK_SHARE, height)
            painter.fillRect(key, _BLACK[self._scheme])
            painter.setPen(QPen(_KEY_INK, 0))
            painter.drawLine(QPointF(key.right(), row.center().y()), QPointF(row.right(), row.center().y()))
        elif midi % 12 in {0, 5}:
            painter.setPen(QPen(_KEY_INK, 0))
            painter.drawLine(row.bottomLeft(), row.bottomRight())
        if midi == self._pointed:
            painter.fillRect(row, theme_of(self.palette()).color("selection"))
        if midi == self._pointed or midi % 12 == 0:
            self._paint_name(painter, midi, row)

    def _paint_name(self, painter: QPainter, midi: int, row: QRectF) -> None:
        is_black = midi % 12 in BLACK_KEYS
        painter.setPen(QColor("#ffffff") if is_black else QColor("#1b1b1f"))
        place = row.adjusted(4, -2, -5, 2)
        side = Qt.AlignmentFlag.AlignLeft if is_black else Qt.AlignmentFlag.AlignRight
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, note_name(midi))


class Ruler(QWidget):
    """Measure numbers, repeats and endings above the notes, and where the playback cursor is.

    Signals:
        place_chosen: clicked at this x of the roll.
        play_chosen: double-clicked at this x of the roll.
        drag_started: a drag began at this x of the roll; then ``dragged`` and at last ``drag_ended``.
        dragged: the drag is at this x of the roll.
        drag_ended: the drag is over.
    """

    place_chosen = Signal(float)
    play_chosen = Signal(float)
    drag_started = Signal(float)
    dragged = Signal(float)
    drag_ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._laid = Laid()
        self._offset = 0
        self.cursor_x: float | None = None
        self._span: Span | None = None
        self._pressed_x: float | None = None
        self._is_dragging = False
        self.setToolTip(tr("Click to play from here next, double-click to play at once, drag to select measures"))

    def sizeHint(self) -> QSize:
        """As high as two lines of signs."""
        return QSize(200, RULER_HEIGHT)

    def show_measures(self, laid: Laid, offset: int, span: Span | None) -> None:
        """Show the measures of the roll that is scrolled right by ``offset`` pixels, and those that are selected."""
        self._laid, self._offset, self._span = laid, offset, span
        self.update()

    def show_cursor(self, x: float | None) -> None:
        """Mark where in the roll the playback cursor is."""
        if x != self.cursor_x:
            for place in (self.cursor_x, x):
                if place is not None:
                    self.update(int(place) - self._offset - 8, 0, 16, self.height())
            self.cursor_x = x

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the measures that are exposed."""
        painter, theme = QPainter(self), theme_of(self.palette())
        exposed = QRectF(event.rect()).translated(self._offset, 0)
        painter.translate(-self._offset, 0)
        painter.fillRect(exposed, self.palette().color(QPalette.ColorRole.Window))
        if self._span is not None:
            left, right = self._laid.geometry.edges_of(self._span)
            painter.fillRect(QRectF(left, 0, right - left, self.height()), theme.color("selection"))
        for index in self._laid.geometry.measures_between(exposed.left() - 40, exposed.right()):
            self._paint_measure(painter, index)
        painter.setPen(QPen(theme.color("faint"), 0))
        painter.drawLine(QPointF(exposed.left(), self.height() - 1), QPointF(exposed.right(), self.height() - 1))
        self._paint_cursor(painter)

    def _paint_measure(self, painter: QPainter, index: int) -> None:
        geometry, measure = self._laid.geometry, self._laid.melody.measures[index]
        left, right = geometry.edges_of(Span(index, index + 1))
        if index % geometry.number_stride() == 0:
            self._paint_number(painter, measure, left)
        self._paint_repeats(painter, measure, left, right)
        self._paint_ending(painter, index, left, right)

    def _paint_number(self, painter: QPainter, measure: Measure, left: float) -> None:
        theme = theme_of(self.palette())
        painter.setPen(QPen(theme.color("faint"), 0))
        painter.drawLine(QPointF(left, self.height() * 0.55), QPointF(left, self.height()))
        painter.setPen(theme.color("ink"))
        painter.setFont(_small(self.font(), 12))
        place = QRectF(left + (12 if measure.repeat_start else 5), self.height() - 19, _NUMBER_WIDTH, 17)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, measure.number)

    def _paint_repeats(self, painter: QPainter, measure: Measure, left: float, right: float) -> None:
        if measure.repeat_start:
            self._paint_repeat(painter, left, 1)
        if measure.repeat_end:
            self._paint_repeat(painter, right, -1)

    def _paint_repeat(self, painter: QPainter, x: float, side: int) -> None:
        """Draw a thick line and two dots to its right (``side`` 1) or to its left (-1)."""
        ink = theme_of(self.palette()).color("ink")
        top, height = self.height() - 18, 17
        painter.fillRect(QRectF(x if side > 0 else x - 3, top, 3, height), ink)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for share in (0.33, 0.67):
            painter.drawEllipse(QPointF(x + side * 7, top + height * share), 1.7, 1.7)
        painter.restore()

    def _paint_ending(self, painter: QPainter, index: int, left: float, right: float) -> None:
        measures = self._laid.melody.measures
        endings = measures[index].endings
        if not endings:
            return
        is_first = index == 0 or measures[index - 1].endings != endings
        painter.setPen(QPen(theme_of(self.palette()).color("ink"), 1))
        painter.drawLine(QPointF(left + 2, 3), QPointF(right - 2, 3))
        if is_first:
            painter.drawLine(QPointF(left + 2, 3), QPointF(left + 2, 15))
            painter.setFont(_small(self.font(), 11))
            text = ", ".join(f"{number}." for number in endings)
            painter.drawText(QRectF(left + 6, 3, max(right - left, 40), 14), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_cursor(self, painter: QPainter) -> None:
        if self.cursor_x is None:
            return
        bottom, x = self.height(), self.cursor_x
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme_of(self.palette()).color("cursor"))
        painter.drawPolygon(QPolygonF([QPointF(x - 6, bottom - 9), QPointF(x + 6, bottom - 9), QPointF(x, bottom)]))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where the button was pressed."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_x, self._is_dragging = event.position().x() + self._offset, False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, if the button is held and the mouse has moved far enough."""
        if self._pressed_x is None:
            return
        x = event.position().x() + self._offset
        if not self._is_dragging and abs(x - self._pressed_x) >= QApplication.startDragDistance():
            self._is_dragging = True
            self.drag_started.emit(self._pressed_x)
        if self._is_dragging:
            self.dragged.emit(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag, or take it as a click."""
        if event.button() != Qt.MouseButton.LeftButton or self._pressed_x is None:
            return
        x, self._pressed_x = self._pressed_x, None
        if self._is_dragging:
            self.drag_ended.emit()
        else:
            self.place_chosen.emit(x)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Play from here."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.play_chosen.emit(event.position().x() + self._offset)

    def changeEvent(self, event: QEvent) -> None:
        """Paint in other colours when the palette is another."""
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)


def _small(font: QFont, pixels: float) -> QFont:
    small = QFont(font)
    small.setPixelSize(max(int(pixels), 6))
    return small
