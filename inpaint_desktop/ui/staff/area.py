"""A sheet seen through a window that can be zoomed, scrolled and panned."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

ZOOMS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
"""The sizes that stepwise zooming goes through; the first and the last are the limits."""

_WHEEL_BASE = 1.0015
_LINE = 40
_SIGHT_MARGIN = 12


class SheetArea(QAbstractScrollArea):
    """Knows which part of the sheet is in sight; what is on the sheet is for others to know.

    Places of the sheet are in its pixels at 100 %, places of the viewport in those of the screen.

    Signals:
        zoom_changed: the sheet is shown in another size; carries it, 1 being 100 %.
    """

    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = 1.0
        self._extent = QSizeF()
        self._panned_from: QPointF | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # Zoom

    @property
    def zoom(self) -> float:
        """The size in which the sheet is shown, 1 being 100 %."""
        return self._zoom

    def set_zoom(self, zoom: float, fixed: QPointF | None = None) -> None:
        """Show the sheet in another size; what lies at ``fixed``, a place of the viewport, or in its middle, stays."""
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        if zoom == self._zoom:
            return
        fixed = fixed if fixed is not None else QPointF(self.viewport().rect().center())
        x, y = self.to_sheet(fixed)
        self._zoom = zoom
        self._update_scroll_bars()
        self.horizontalScrollBar().setValue(round(x * zoom - fixed.x()))
        self.verticalScrollBar().setValue(round(y * zoom - fixed.y()))
        self.zoomed(fixed)
        self.viewport().update()
        self.zoom_changed.emit(zoom)

    def zoomed(self, fixed: QPointF) -> None:
        """Do what has to be done after zooming, during which ``fixed`` stayed where it is."""

    def zoom_in(self) -> None:
        """Show the sheet one step larger."""
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom + 0.01), ZOOMS[-1]), self._pointer())

    def zoom_out(self) -> None:
        """Show the sheet one step smaller."""
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom - 0.01), ZOOMS[0]), self._pointer())

    def zoom_reset(self) -> None:
        """Show the sheet in its usual size."""
        self.set_zoom(1.0, self._pointer())

    def _pointer(self) -> QPointF | None:
        """Where the pointer is, if it is over the viewport."""
        place = self.pointer_place()
        return place if self.viewport().rect().contains(place.toPoint()) else None

    def pointer_place(self) -> QPointF:
        """Where the pointer is, in the viewport or outside."""
        return QPointF(self.viewport().mapFromGlobal(self.cursor().pos()))

    # Places

    def to_sheet(self, place: QPointF) -> tuple[float, float]:
        """Where a place of the viewport lies on the sheet."""
        x = (place.x() + self.horizontalScrollBar().value()) / self._zoom
        return x, (place.y() + self.verticalScrollBar().value()) / self._zoom

    def to_viewport(self, x: float, y: float) -> QPointF:
        """Where a place of the sheet lies in the viewport."""
        scrolled = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF(x * self._zoom - scrolled[0], y * self._zoom - scrolled[1])

    def rect_in_viewport(self, rect: QRectF) -> QRectF:
        """Where a rectangle of the sheet lies in the viewport."""
        return QRectF(self.to_viewport(rect.x(), rect.y()), rect.size() * self._zoom)

    @property
    def heights_in_sight(self) -> tuple[float, float]:
        """Between which heights of the sheet the viewport lies."""
        top = self.verticalScrollBar().value() / self._zoom
        return top, top + self.viewport().height() / self._zoom

    # Scrolling

    def set_extent(self, width: float, height: float) -> None:
        """Let the sheet be so large."""
        self._extent = QSizeF(width, height)
        self._update_scroll_bars()

    def scroll_by(self, dx: float, dy: float) -> None:
        """Scroll by pixels of the screen."""
        for bar, distance in ((self.horizontalScrollBar(), dx), (self.verticalScrollBar(), dy)):
            bar.setValue(bar.value() + round(distance))

    def bring_into_sight(self, rect: QRectF) -> None:
        """Scroll up or down as little as needed to show all of a rectangle of the sheet, or at least its top."""
        seen = self.rect_in_viewport(rect).adjusted(0, -_SIGHT_MARGIN, 0, _SIGHT_MARGIN)
        beyond = seen.bottom() - self.viewport().height()
        if seen.top() < 0 or beyond > seen.top():
            self.scroll_by(0, seen.top())
        elif beyond > 0:
            self.scroll_by(0, beyond)

    def _update_scroll_bars(self) -> None:
        view = self.viewport().size()
        for bar, length, seen in (
            (self.horizontalScrollBar(), self._extent.width(), view.width()),
            (self.verticalScrollBar(), self._extent.height(), view.height()),
        ):
            bar.setPageStep(seen)
            bar.setSingleStep(_LINE)
            bar.setRange(0, max(round(length * self._zoom) - seen, 0))

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the scroll bars fit."""
        super().resizeEvent(event)
        self._update_scroll_bars()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom at the pointer, with Shift scroll sideways."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * _WHEEL_BASE ** turned.y(), event.position())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.scroll_by(-(turned.x() or turned.y()), 0)
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan with the middle button."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan."""
        if self._panned_from is not None:
            moved = event.position() - self._panned_from
            self._panned_from = event.position()
            self.scroll_by(-moved.x(), -moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pan no more."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = None
            self.viewport().unsetCursor()
