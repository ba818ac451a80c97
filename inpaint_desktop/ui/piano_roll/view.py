"""The piano roll view: notes as bars, the selection, the playback cursor; and what mouse and keys do to them."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.describing import view_in_words
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.note_editing import edit_by_key
from inpaint_desktop.ui.piano_roll.drawing import CURSOR_WIDTH, Laid, Look, RollPainter
from inpaint_desktop.ui.piano_roll.geometry import Bar, BarHit, Part, Zoom, fitted_rows, hit_at
from inpaint_desktop.ui.piano_roll.margins import KEYS_WIDTH, RULER_HEIGHT, PianoKeys, Ruler
from inpaint_desktop.ui.piano_roll.note_drag import NoteDrag
from inpaint_desktop.ui.selecting import Hit, SelectingGesture, select_by_key
from inpaint_desktop.ui.theme import theme_of
from inpaint_desktop.ui.transport import Transport, TunePlace
from inpaint_desktop.ui.words import tr

_LARGEST_FITTED_ROW = 16.0
_ZOOM_STEP = 1.25
_WHEEL_ZOOM = 1.0015  # per eighth of a degree; a notch has 120
_AUTOSCROLL_MS = 30
_AUTOSCROLL_SHARE = 0.25  # of how far the mouse is outside, at each step
_FOLLOW_FROM, _FOLLOW_TO = 0.9, 0.1  # of the width: where the cursor makes it turn the page, and where it is then
_MARGIN = 24
_SPARE_WIDTH = 80  # to the right of the end


class PianoRoll(QAbstractScrollArea):
    """Shows the current part as a piano roll.

    Signals:
        context_menu_requested: a menu is wanted at this place of the screen.
    """

    context_menu_requested = Signal(QPoint)

    def __init__(self, editor: Editor, transport: Transport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._transport = transport
        self._zoom = Zoom()
        self._laid = Laid()
        self._look = Look()
        self._is_fitted = True
        self._follows_playback = True
        self._gesture = SelectingGesture(editor)
        self._drag: NoteDrag | None = None
        self._pan_from: QPoint | None = None
        self._pointer = QPointF()
        self._autoscroll = QTimer(self, interval=_AUTOSCROLL_MS)
        self._keys = PianoKeys(self)
        self._ruler = Ruler(self)
        self.setViewportMargins(KEYS_WIDTH, RULER_HEIGHT, 0, 0)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Piano roll"))
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        editor = self._editor
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.part_changed.connect(self._on_editor_part_changed)
        editor.shown_changed.connect(self._on_editor_shown_changed)
        editor.selection_changed.connect(self._on_editor_selection_changed)
        editor.note_changed.connect(self._on_editor_note_changed)
        self._transport.place_changed.connect(self._on_transport_place_changed)
        self._autoscroll.timeout.connect(self._on_autoscroll_timeout)
        self._ruler.place_chosen.connect(self._on_ruler_place_chosen)
        self._ruler.play_chosen.connect(self._on_ruler_play_chosen)
        self._ruler.drag_started.connect(self._on_ruler_drag_started)
        self._ruler.dragged.connect(self._on_ruler_dragged)
        self._ruler.drag_ended.connect(self._on_ruler_drag_ended)

    # Properties

    @property
    def zoom(self) -> Zoom:
        """How wide quarters and how high semitones are; a height that is set stays until another score is opened."""
        return self._zoom

    @zoom.setter
    def zoom(self, zoom: Zoom) -> None:
        self._is_fitted = self._is_fitted and zoom.row_height == self._zoom.row_height
        self._set_zoom(zoom)

    @property
    def follows_playback(self) -> bool:
        """Whether what is heard is kept in sight."""
        return self._follows_playback

    @follows_playback.setter
    def follows_playback(self, is_on: bool) -> None:
        self._follows_playback = is_on

    @property
    def colors_takes(self) -> bool:
        """Whether notes that came with a take have their own colour."""
        return self._look.colors_takes

    @colors_takes.setter
    def colors_takes(self, is_on: bool) -> None:
        self._look = replace(self._look, colors_takes=is_on)
        self.viewport().update()

    # Zoom

    def zoom_in(self) -> None:
        """Show everything larger."""
        self._zoom_at(QPointF(self.viewport().rect().center()), _ZOOM_STEP, _ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show everything smaller."""
        self._zoom_at(QPointF(self.viewport().rect().center()), 1 / _ZOOM_STEP, 1 / _ZOOM_STEP)

    def zoom_reset(self) -> None:
        """Show measures in their usual width, and rows as high as all notes have room for."""
        self._is_fitted = True
        self._set_zoom(Zoom(row_height=self._zoom.row_height))
        self._fit_rows()
        self._show_selection()

    def _zoom_at(self, point: QPointF, width_factor: float, height_factor: float) -> None:
        """Zoom so that what lies at ``point`` of the viewport stays there."""
        before = self._zoom
        place = point + self._offset
        self.zoom = before.stretched(width_factor, height_factor)
        x = place.x() * self._zoom.quarter_width / before.quarter_width
        y = place.y() * self._zoom.row_height / before.row_height
        self.horizontalScrollBar().setValue(round(x - point.x()))
        self.verticalScrollBar().setValue(round(y - point.y()))

    def _set_zoom(self, zoom: Zoom) -> None:
        if zoom != self._zoom:
            self._zoom = zoom
            self._laid = replace(self._laid, geometry=replace(self._laid.geometry, zoom=zoom))
            self._set_scroll_ranges()
            self._show_all()

    def _fit_rows(self) -> None:
        """Show all notes at once, as far as the rows do not get too low for it."""
        height = self.viewport().height()
        row_height, middle = fitted_rows(self._laid.bars, height, _LARGEST_FITTED_ROW)
        fitted = Zoom(self._zoom.quarter_width, row_height).stretched()
        self._set_zoom(fitted)
        self.verticalScrollBar().setValue(round(self._laid.geometry.y_of(middle) - (height - fitted.row_height) / 2))

    # Layout and scrolling

    @property
    def _offset(self) -> QPointF:
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _lay_out(self) -> None:
        self._laid = Laid.of(self._editor, self._zoom)
        self._set_scroll_ranges()
        self._show_all()

    def _set_scroll_ranges(self) -> None:
        geometry, size = self._laid.geometry, self.viewport().size()
        for bar, length, page in (
            (self.horizontalScrollBar(), geometry.width + _SPARE_WIDTH, size.width()),
            (self.verticalScrollBar(), geometry.height, size.height()),
        ):
            bar.setRange(0, max(round(length) - page, 0))
            bar.setPageStep(page)
            bar.setSingleStep(max(page // 12, 1))

    def _show_all(self) -> None:
        """Paint everything anew, in the margins too."""
        self._show_margins()
        self._ruler.show_cursor(self._cursor_x(self._transport.place))
        self.setAccessibleDescription(view_in_words(self._editor))
        self.viewport().update()

    def _show_margins(self) -> None:
        self._keys.show_rows(self._laid, self.verticalScrollBar().value())
        self._ruler.show_measures(self._laid, self.horizontalScrollBar().value(), self._span)

    @property
    def _span(self) -> Span | None:
        """The selected measures, as far as they are laid out."""
        span = self._editor.span
        return span if span is not None and span.stop <= self._laid.geometry.measure_count else None

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802 - Qt's name
        """Move what is painted already, and paint what comes into sight."""
        self.viewport().scroll(dx, dy)
        self._show_margins()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the margins around the notes; the rows stay fitted unless they were zoomed."""
        super().resizeEvent(event)
        inside = self.viewport().geometry()
        self._keys.setGeometry(0, inside.top(), KEYS_WIDTH, inside.height())
        self._ruler.setGeometry(inside.left(), 0, inside.width(), RULER_HEIGHT)
        self._set_scroll_ranges()
        if self._is_fitted:
            self._fit_rows()

    def _show_selection(self) -> None:
        """Scroll to the end of the selection that moves."""
        selection = self._editor.selection
        if selection is not None and self._span is not None:
            self._show_x(*self._laid.geometry.edges_of(Span(selection.head, selection.head + 1)))

    def _show_x(self, left: float, right: float) -> None:
        bar, width = self.horizontalScrollBar(), self.viewport().width()
        if left < bar.value() or right - left > width - 2 * _MARGIN:
            bar.setValue(round(left) - _MARGIN)
        elif right > bar.value() + width:
            bar.setValue(round(right) - width + _MARGIN)

    def _show_row(self, midi: int) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        top = self._laid.geometry.y_of(midi)
        if not bar.value() <= top <= bar.value() + height - self._zoom.row_height:
            bar.setValue(round(top - height / 2))

    # What has happened elsewhere

    def _on_editor_document_opened(self) -> None:
        self._is_fitted = True
        self._drag = None
        self._lay_out()
        self.horizontalScrollBar().setValue(0)
        self._fit_rows()

    def _on_editor_part_changed(self) -> None:
        self._is_fitted = True
        self._lay_out()
        self._fit_rows()

    def _on_editor_shown_changed(self) -> None:
        self._drag = None
        self._lay_out()

    def _on_editor_selection_changed(self) -> None:
        self._show_all()
        if not self._gesture.is_active:
            self._show_selection()

    def _on_editor_note_changed(self) -> None:
        bar = self._selected_bar()
        if bar is not None and not self._gesture.is_active:
            self._show_x(self._laid.geometry.x_of(bar.start), self._laid.geometry.x_of(bar.stop))
            self._show_row(bar.midi)
        self.viewport().update()

    def _on_transport_place_changed(self, place: TunePlace | None) -> None:
        x = self._cursor_x(place)
        for left in (self._ruler.cursor_x, x):
            if left is not None:
                reach = CURSOR_WIDTH + 1
                self.viewport().update(int(left - self._offset.x()) - reach, 0, 2 * reach + 1, self.viewport().height())
        self._ruler.show_cursor(x)
        if x is not None and self._transport.is_playing and self._follows_playback and not self._gesture.is_active:
            self._follow(x)

    def _follow(self, x: float) -> None:
        bar, width = self.horizontalScrollBar(), self.viewport().width()
        if not bar.value() <= x <= bar.value() + width * _FOLLOW_FROM:
            bar.setValue(round(x - width * _FOLLOW_TO))

    def _cursor_x(self, place: TunePlace | None) -> float | None:
        geometry = self._laid.geometry
        if place is None or place.measure >= geometry.measure_count:
            return None
        return geometry.x_of(geometry.starts[place.measure] + place.tick)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is exposed."""
        painter = QPainter(self.viewport())
        painter.translate(-self._offset)
        exposed = QRectF(event.rect()).translated(self._offset)
        look = replace(self._look, theme=theme_of(self.palette()))
        roll = RollPainter(painter, self._laid, look, exposed)
        roll.paint_ground()
        self._paint_spans(roll)
        roll.paint_notes(self._editor)
        self._paint_marks(roll)
        painter.resetTransform()
        if not self._laid.melody.measures:
            self._paint_reason(painter)

    def _paint_spans(self, roll: RollPainter) -> None:
        theme, preview = theme_of(self.palette()), self._editor.preview
        if self._span is not None:
            roll.paint_span(self._span, theme.color("selection"), QPen(theme.color("selection_edge"), 1))
        if preview is not None:
            edge = QPen(theme.color("brought"), 1.5, Qt.PenStyle.DashLine)
            roll.paint_span(preview.span, theme.color("selection"), edge)

    def _paint_marks(self, roll: RollPainter) -> None:
        bar = self._selected_bar()
        if bar is not None and bar not in self._laid.bars:
            roll.paint_rest(bar)
        if self._drag is not None and self._drag.ghost is not None:
            roll.paint_ghost(self._drag.ghost, self._drag.label)
        x = self._cursor_x(self._transport.place)
        if x is not None:
            roll.paint_cursor(x)

    def _paint_reason(self, painter: QPainter) -> None:
        """Say why there is nothing to see."""
        reason = self._editor.why_no_melody if self._editor.document else tr("No score is open.")
        painter.setPen(theme_of(self.palette()).color("faint"))
        place = self.viewport().rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, reason)

    def _selected_bar(self) -> Bar | None:
        """The selected note as it lies in the roll; a rest lies where the note before it does."""
        place, note = self._editor.note, None
        if place is not None and place.measure < self._laid.geometry.measure_count:
            note = self._editor.note_at(place)
        if place is None or note is None:
            return None
        found = next((bar for bar in self._laid.bars if bar.place == place), None)
        if found is not None:
            return found
        start = self._laid.geometry.starts[place.measure] + note.onset
        before = [bar.midi for bar in self._laid.bars if bar.start <= start]
        after = [bar.midi for bar in self._laid.bars[:1]]
        return Bar(place, start, start + note.duration, (before or after or [71])[-1])

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is pressed, and be ready for a drag."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan_from = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton and self._laid.melody.measures:
            self._press(event.position(), extend=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def _press(self, point: QPointF, *, extend: bool) -> None:
        place = point + self._offset
        hit = hit_at(self._laid.geometry, self._laid.bars, place.x(), place.y())
        self._pointer = point
        self._gesture.press(self._hit(place.x(), hit), extend=extend)
        if hit is not None and not extend and self._editor.preview is None:
            self._drag = NoteDrag(self._editor, self._laid, hit, place)

    def _hit(self, x: float, bar: BarHit | None = None) -> Hit:
        return Hit(self._laid.geometry.measure_at(x), self._editor.part, bar.bar.place if bar else None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, change the note, or select measures; without a button, show what could be done here."""
        point = event.position()
        if self._pan_from is not None:
            self._pan(point.toPoint())
        elif self._drag is not None:
            self._move_drag(self._drag, point)
        elif self._gesture.is_active:
            self._select_to(point)
        else:
            self._point_at(point)

    def _pan(self, point: QPoint) -> None:
        way, self._pan_from = point - (self._pan_from or point), point
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - way.x())
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - way.y())

    def _move_drag(self, drag: NoteDrag, point: QPointF) -> None:
        place = point + self._offset
        if drag.ghost is None and not drag.is_far_enough(place):
            return
        if drag.ghost is None and drag.goes_sideways(place):
            self._drag = None
            self._select_to(point)
            return
        drag.move(place)
        self._keys.point_at(drag.ghost.midi if drag.ghost else None)
        self.viewport().update()

    def _select_to(self, point: QPointF) -> None:
        self._pointer = point
        self._gesture.move(self._hit(point.x() + self._offset.x()))
        if self._outside(point.x()) and not self._autoscroll.isActive():
            self._autoscroll.start()

    def _outside(self, x: float) -> float:
        """How far ``x`` is to the right of the viewport, or (negative) to its left."""
        return max(x - self.viewport().width(), 0.0) + min(x, 0.0)

    def _on_autoscroll_timeout(self) -> None:
        way = self._outside(self._pointer.x())
        if not self._gesture.is_active or not way:
            self._autoscroll.stop()
            return
        step = round(way * _AUTOSCROLL_SHARE) or (1 if way > 0 else -1)
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + step)
        self._gesture.move(self._hit(self._pointer.x() + self._offset.x()))

    def _point_at(self, point: QPointF) -> None:
        place = point + self._offset
        hit = hit_at(self._laid.geometry, self._laid.bars, place.x(), place.y())
        self._keys.point_at(self._laid.geometry.midi_at(place.y()))
        if hit is None or self._editor.preview is not None:
            self.viewport().unsetCursor()
        elif hit.part is Part.RIGHT_EDGE:
            self.viewport().setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.viewport().setCursor(Qt.CursorShape.SizeVerCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the button began."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pan_from = None
            self.viewport().unsetCursor()
        elif event.button() == Qt.MouseButton.LeftButton:
            drag, self._drag = self._drag, None
            self._gesture.release()
            self._autoscroll.stop()
            if drag is not None:
                drag.apply()
                self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second click as another first one."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Mark no key any more."""
        self._keys.point_at(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selection; a measure outside of it is selected first."""
        if event.reason() == QContextMenuEvent.Reason.Mouse and self._laid.melody.measures:
            x = self.viewport().mapFromGlobal(event.globalPos()).x() + self._offset.x()
            measure = self._laid.geometry.measure_at(x)
            if self._span is None or measure not in self._span.indices:
                self._editor.select(measure)
        self.context_menu_requested.emit(event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Shift sideways, with Ctrl zoom in time and with Ctrl+Shift in pitch, at the pointer."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            factor = _WHEEL_ZOOM**turn
            self._zoom_at(event.position(), 1.0 if is_shift else factor, factor if is_shift else 1.0)
        elif is_shift:
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - turn)
        else:
            super().wheelEvent(event)

    # The ruler

    def _on_ruler_place_chosen(self, x: float) -> None:
        if self._laid.melody.measures:
            self._transport.set_place(*self._beat_at(x))

    def _on_ruler_play_chosen(self, x: float) -> None:
        if self._laid.melody.measures:
            self._transport.play_from(*self._beat_at(x))

    def _beat_at(self, x: float) -> tuple[int, int]:
        """The beat, or the start of the measure, that was last before ``x``."""
        measure, tick = self._laid.geometry.place_at(x)
        return measure, max([0, *(beat for beat in self._laid.beats_in(measure) if beat <= tick)])

    def _on_ruler_drag_started(self, x: float) -> None:
        if self._laid.melody.measures:
            self._gesture.press(self._hit(x))

    def _on_ruler_dragged(self, x: float) -> None:
        self._select_to(QPointF(x - self._offset.x(), 0))

    def _on_ruler_drag_ended(self) -> None:
        self._gesture.release()
        self._autoscroll.stop()

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Call off a drag, edit the selected note, or move the selection."""
        if event.key() == Qt.Key.Key_Escape and self._drag is not None:
            self._drag = None
            self.viewport().update()
        elif not (edit_by_key(self._editor, event) or select_by_key(self._editor, event)):
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Paint in other colours when the palette is another."""
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()
        super().changeEvent(event)
