"""The piano roll as a surface: laid out, zoomed and scrolled, with the keys and the ruler at its sides."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.piano_roll.drawing import Laid
from inpaint_desktop.ui.piano_roll.geometry import Zoom, fitted_rows
from inpaint_desktop.ui.piano_roll.margins import KEYS_WIDTH, RULER_HEIGHT, PianoKeys, Ruler

_LARGEST_FITTED_ROW = 16.0
_ZOOM_STEP = 1.25
_WHEEL_ZOOM = 1.0015  # per eighth of a degree; a notch has 120
_MARGIN = 24
_SPARE_WIDTH = 80  # to the right of the end


class RollSurface(QAbstractScrollArea):
    """Holds what is laid out and knows which piece of it is in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zoom = Zoom()
        self._laid = Laid()
        self._is_fitted = True
        self._keys = PianoKeys(self)
        self._ruler = Ruler(self)
        self.setViewportMargins(KEYS_WIDTH, RULER_HEIGHT, 0, 0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(240, 120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def laid(self) -> Laid:
        """What is shown and where it lies; add ``offset`` to a point of the viewport to find what is there."""
        return self._laid

    @property
    def offset(self) -> QPointF:
        """The point of the roll that is at the upper left corner of the viewport."""
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def show_laid(self, laid: Laid) -> None:
        """Show something else, at the same place."""
        self._laid = laid
        self._set_scroll_ranges()
        self.refresh()

    def refresh(self) -> None:
        """Paint everything anew, the margins too."""
        self._keys.show_rows(self._laid, self.verticalScrollBar().value())
        self._ruler.show_measures(self._laid, self.horizontalScrollBar().value(), self.marked_span())
        self.viewport().update()

    def marked_span(self) -> Span | None:
        """The measures that are marked in the ruler."""
        return None

    # Zoom

    @property
    def zoom(self) -> Zoom:
        """How wide quarters and how high semitones are; a height that is set stays until another part is shown."""
        return self._zoom

    @zoom.setter
    def zoom(self, zoom: Zoom) -> None:
        self._zoom_to(zoom.stretched(), self._middle)

    @property
    def _middle(self) -> QPointF:
        return QPointF(self.viewport().rect().center())

    def zoom_in(self) -> None:
        """Show everything larger."""
        self._zoom_to(self._zoom.stretched(_ZOOM_STEP, _ZOOM_STEP), self._middle)

    def zoom_out(self) -> None:
        """Show everything smaller."""
        self._zoom_to(self._zoom.stretched(1 / _ZOOM_STEP, 1 / _ZOOM_STEP), self._middle)

    def zoom_reset(self) -> None:
        """Show measures in their usual width, and rows so high that all notes are in sight."""
        self._zoom_to(replace(self._zoom, quarter_width=Zoom().quarter_width), self._middle)
        self.fit_rows()

    def fit_rows(self) -> None:
        """Show all notes at once, as far as the rows do not get too low for it; they stay so in any window."""
        self._is_fitted = True
        height = self.viewport().height()
        row_height, middle = fitted_rows(self._laid.bars, height, _LARGEST_FITTED_ROW)
        fitted = replace(self._zoom, row_height=row_height).stretched()
        self._set_zoom(fitted)
        self.verticalScrollBar().setValue(round(self._laid.geometry.y_of(middle) - (height - fitted.row_height) / 2))

    def _zoom_to(self, zoom: Zoom, point: QPointF) -> None:
        """Zoom so that what lies at ``point`` of the viewport stays there."""
        before, place = self._zoom, point + self.offset
        self._is_fitted = self._is_fitted and zoom.row_height == before.row_height
        self._set_zoom(zoom)
        x = place.x() * zoom.quarter_width / before.quarter_width
        y = place.y() * zoom.row_height / before.row_height
        self.horizontalScrollBar().setValue(round(x - point.x()))
        self.verticalScrollBar().setValue(round(y - point.y()))

    def _set_zoom(self, zoom: Zoom) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self.show_laid(replace(self._laid, geometry=replace(self._laid.geometry, zoom=zoom)))

    # Scrolling

    def _set_scroll_ranges(self) -> None:
        geometry, size = self._laid.geometry, self.viewport().size()
        spare = _SPARE_WIDTH if geometry.measure_count else 0
        for bar, length, page in (
            (self.horizontalScrollBar(), geometry.width + spare, size.width()),
            (self.verticalScrollBar(), geometry.height, size.height()),
        ):
            bar.setRange(0, max(round(length) - page, 0))
            bar.setPageStep(page)
            bar.setSingleStep(max(page // 12, 1))

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Move what is painted already, and paint what comes into sight."""
        if self.hasFocus():
            self.viewport().update()  # the frame that shows the focus must not move along
        else:
            self.viewport().scroll(dx, dy)
        self._keys.show_rows(self._laid, self.verticalScrollBar().value())
        self._ruler.show_measures(self._laid, self.horizontalScrollBar().value(), self.marked_span())

    def show_x(self, left: float, right: float) -> None:
        """Scroll sideways, if need be, until what lies between two edges is in sight."""
        bar, width = self.horizontalScrollBar(), self.viewport().width()
        if left < bar.value() or right - left > width - 2 * _MARGIN:
            bar.setValue(round(left) - _MARGIN)
        elif right > bar.value() + width:
            bar.setValue(round(right) - width + _MARGIN)

    def show_rows(self, pitches: Sequence[int]) -> None:
        """Scroll up or down, unless half of these rows or more are in sight, to where most of them are."""
        bar, height = self.verticalScrollBar(), self.viewport().height() - self._zoom.row_height
        tops = sorted(self._laid.geometry.y_of(midi) for midi in pitches)
        in_sight = sum(bar.value() <= top <= bar.value() + height for top in tops)
        if 2 * in_sight < len(tops):
            fits = tops[-1] - tops[0] <= height
            bar.setValue(round((tops[0] + tops[-1] if fits else 2 * tops[len(tops) // 2]) - height) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the margins around the notes; rows stay fitted unless they were zoomed."""
        super().resizeEvent(event)
        inside = self.viewport().geometry()
        self._keys.setGeometry(0, inside.top(), KEYS_WIDTH, inside.height())
        self._ruler.setGeometry(inside.left(), 0, inside.width(), RULER_HEIGHT)
        self._set_scroll_ranges()
        if self._is_fitted:
            self.fit_rows()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Shift sideways, with Ctrl zoom in time and with Ctrl+Shift in pitch, at the pointer."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            point = self.viewport().mapFromGlobal(event.globalPosition())
            factor = _WHEEL_ZOOM**turn
            factors = (1.0, factor) if is_shift else (factor, 1.0)
            self._zoom_to(self._zoom.stretched(*factors), point)
        elif is_shift:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - turn)
        else:
            super().wheelEvent(event)
