"""The piano roll view: notes as bars, selection, locks, contour, playback cursor; what mouse and keys do to them."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.describing import view_in_words
from inpaint_desktop.ui.editor import Editor, Preview
from inpaint_desktop.ui.locking import lock_by_key, locked_note_in_words, locks, toggle_lock
from inpaint_desktop.ui.note_editing import edit_by_key
from inpaint_desktop.ui.piano_roll.contour import contour_path, stroke_path
from inpaint_desktop.ui.piano_roll.drawing import CURSOR_WIDTH, Laid, Look, RollPainter
from inpaint_desktop.ui.piano_roll.geometry import Bar, Part
from inpaint_desktop.ui.piano_roll.mouse import RollMouse
from inpaint_desktop.ui.piano_roll.surface import RollSurface
from inpaint_desktop.ui.selecting import select_by_key
from inpaint_desktop.ui.theme import Theme, theme_of
from inpaint_desktop.ui.transport import Transport, TunePlace
from inpaint_desktop.ui.wishes import Wishes
from inpaint_desktop.ui.words import tr

_FOLLOW_FROM, _FOLLOW_TO = 0.9, 0.1  # of the width: where the cursor makes it turn the page, and where it is then
_WORDS_MARGIN = 24


class PianoRoll(RollSurface):
    """Shows the current part as a piano roll.

    Signals:
        context_menu_requested: a menu for the selection is wanted; carries the place on the screen.
        contour_tool_changed: the left button draws contours from now on, or does no more; carries that.
    """

    context_menu_requested = Signal(QPoint)
    contour_tool_changed = Signal(bool)

    def __init__(
        self, editor: Editor, transport: Transport, parent: QWidget | None = None, wishes: Wishes | None = None
    ) -> None:
        super().__init__(parent)
        self.follows_playback = True
        self._editor = editor
        self._transport = transport
        self._wishes = wishes or Wishes(editor, self)
        self._look = Look()
        self._mouse = RollMouse(editor, self._wishes, self)
        self._draws_contours = False
        self._panned_from: QPointF | None = None
        self._sounded: int | None = None
        self._previewed: Span | None = None
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
        self._transport.place_chosen.connect(self._on_transport_place_chosen)
        self._wishes.changed.connect(self._on_wishes_changed)
        self._mouse.drag_changed.connect(self._on_mouse_drag_changed)
        self._mouse.stroke_changed.connect(self.viewport().update)
        self._ruler.place_chosen.connect(self._on_ruler_place_chosen)
        self._ruler.play_chosen.connect(self._on_ruler_play_chosen)
        self._ruler.drag_started.connect(self._on_ruler_drag_started)
        self._ruler.dragged.connect(self._on_ruler_dragged)
        self._ruler.drag_ended.connect(self._mouse.let_go)

    @property
    def colors_takes(self) -> bool:
        """Whether notes that came with a take have their own colour."""
        return self._look.colors_takes

    @colors_takes.setter
    def colors_takes(self, is_on: bool) -> None:
        self._look = replace(self._look, colors_takes=is_on)
        self.viewport().update()

    @property
    def draws_contours(self) -> bool:
        """Whether the left button draws contours, without any key."""
        return self._draws_contours

    @draws_contours.setter
    def draws_contours(self, is_on: bool) -> None:
        if is_on != self._draws_contours:
            self._draws_contours = is_on
            self.viewport().unsetCursor()
            self.contour_tool_changed.emit(is_on)

    @property
    def _theme(self) -> Theme:
        return theme_of(self.palette())

    def marked_span(self) -> Span | None:
        """The selected measures, as far as they are laid out."""
        span = self._editor.span
        return span if span is not None and span.stop <= self._laid.geometry.measure_count else None

    def show_laid(self, laid: Laid) -> None:
        """Show something else; a line that is being drawn is called off if everything lies elsewhere now."""
        if laid.geometry != self._laid.geometry:
            self._mouse.call_off_stroke()
        super().show_laid(laid)

    def _lay_out(self) -> None:
        self._mouse.call_off_drag()
        self.show_laid(Laid.of(self._editor, self._zoom, self._laid))
        self._ruler.show_cursor(self._cursor_x(self._transport.place))
        self.setAccessibleDescription(view_in_words(self._editor, self._wishes))

    # What has happened elsewhere

    def _on_editor_document_opened(self) -> None:
        self._lay_out()
        if not self._editor.is_reopened:
            self.horizontalScrollBar().setValue(0)
            self.fit_rows()

    def _on_editor_part_changed(self) -> None:
        self._lay_out()
        self.fit_rows()

    def _on_editor_shown_changed(self) -> None:
        before, preview = self._selected_bar(), self._editor.preview
        self._lay_out()
        if preview is not None:
            self._show_preview(preview)
        elif self._previewed is None and before is not None and self._selected_bar() != before:
            self._show_selected()  # it was moved
        self._previewed = preview.span if preview else None

    def _show_preview(self, preview: Preview) -> None:
        """Bring a take into sight: sideways only where it is at another place, as one may look elsewhere."""
        if preview.span != self._previewed:
            self.show_x(*self._laid.geometry.edges_of(preview.span))
        self.show_rows([bar.midi for bar in self._laid.bars if bar.place.measure in preview.span.indices])

    def _on_editor_selection_changed(self) -> None:
        self.refresh()
        self.setAccessibleDescription(view_in_words(self._editor, self._wishes))
        selection = self._editor.selection
        if selection is not None and self.marked_span() is not None and not self._mouse.is_pressed:
            self.show_x(*self._laid.geometry.edges_of(Span(selection.head, selection.head + 1)))

    def _on_editor_note_changed(self) -> None:
        self._show_selected()
        self.viewport().update()

    def _show_selected(self) -> None:
        """Bring the selected note into sight, unless the mouse holds it."""
        bar = self._selected_bar()
        if bar is not None and not self._mouse.is_pressed:
            self.show_x(self._laid.geometry.x_of(bar.start), self._laid.geometry.x_of(bar.stop))
            self.show_rows([bar.midi])

    def _on_wishes_changed(self) -> None:
        self.setAccessibleDescription(view_in_words(self._editor, self._wishes))
        self.viewport().update()

    def _on_transport_place_changed(self, place: TunePlace | None) -> None:
        before, now = self._ruler.cursor_x, self._cursor_x(place)
        for x in (before, now):
            if x is not None:
                reach = CURSOR_WIDTH + 1
                left = int(x - self.offset.x()) - reach
                self.viewport().update(left, 0, 2 * reach + 1, self.viewport().height())
        self._ruler.show_cursor(now)
        if now is not None and self._transport.is_playing and self.follows_playback and not self._mouse.is_pressed:
            self._follow(now)

    def _on_transport_place_chosen(self, place: TunePlace) -> None:
        """Bring the measure with the cursor into sight; after a click on the ruler, the cursor is."""
        x, left = self._cursor_x(place), self.offset.x()
        if x is not None and not left <= x <= left + self.viewport().width():
            self.show_x(*self._laid.geometry.edges_of(Span(place.measure, place.measure + 1)))

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
        painter.translate(-self.offset)
        exposed = QRectF(event.rect()).translated(self.offset)
        roll = RollPainter(painter, self._laid, replace(self._look, theme=self._theme), exposed)
        roll.paint_ground()
        self._paint_spans(roll)
        roll.paint_notes(self._editor)
        self._paint_wishes(roll)
        self._paint_marks(roll)
        painter.resetTransform()
        self._paint_words(painter)
        painter.end()

    def _paint_spans(self, roll: RollPainter) -> None:
        span, preview = self.marked_span(), self._editor.preview
        if span is not None:
            roll.paint_span(span, QPen(self._theme.color("selection_edge"), 1), self._theme.color("selection"))
        if preview is not None:
            roll.paint_span(preview.span, QPen(self._theme.color("brought"), 2, Qt.PenStyle.DashLine))

    def _paint_wishes(self, roll: RollPainter) -> None:
        self._paint_contour(roll)
        roll.paint_locks(self._wishes.shown_locks)

    def _paint_contour(self, roll: RollPainter) -> None:
        """Paint the line that is being drawn, else the one that was drawn."""
        stroke, contour, span = self._mouse.stroke, self._wishes.contour, self.marked_span()
        if stroke is not None and stroke.is_drawn:
            roll.paint_contour(stroke_path(stroke.points))
        elif contour and contour[-1].measure < self._laid.geometry.measure_count:
            is_idle = span is None or not self._wishes.contour_over(span)
            left = self.offset.x()
            path = contour_path(contour, self._laid.geometry, left, left + self.viewport().width())
            roll.paint_contour(path, is_idle=is_idle)

    def _paint_marks(self, roll: RollPainter) -> None:
        bar, drag = self._selected_bar(), self._mouse.drag
        if drag is not None and drag.ghost is not None:
            roll.paint_ghost(drag.bar, drag.ghost, drag.label)
        elif bar is not None:
            roll.paint_selected(bar)
        x = self._cursor_x(self._transport.place)
        if x is not None:
            roll.paint_cursor(x)

    def _paint_words(self, painter: QPainter) -> None:
        """Say why there is nothing to see, if there is nothing; and show whether keys go here."""
        inside = self.viewport().rect()
        if not self._laid.melody.measures:
            reason = self._editor.why_no_melody if self._editor.document else tr("No score is open.")
            painter.setPen(self._theme.color("faint"))
            place = inside.adjusted(_WORDS_MARGIN, _WORDS_MARGIN, -_WORDS_MARGIN, -_WORDS_MARGIN)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, reason)
        if self.hasFocus():
            painter.setPen(self._theme.color("selection_edge"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(inside).adjusted(0.5, 0.5, -0.5, -0.5))

    def _selected_bar(self) -> Bar | None:
        place = self._editor.note
        return self._laid.bar_of(place) if place is not None else None

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select what is pressed, lock it with Ctrl, draw with Alt or the tool, or take hold of the whole roll."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press(event.position(), event.modifiers())

    def _press(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if locks(modifiers):
            toggle_lock(self._editor, self._wishes, self._mouse.place_at(point))
        elif self._is_drawing_meant(modifiers):
            self._mouse.draw(point)
        else:
            self._mouse.press(point, extend=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
            if self._mouse.drag is not None:
                self._sound(self._mouse.drag.bar.midi)

    def _is_drawing_meant(self, modifiers: Qt.KeyboardModifier) -> bool:
        """Whether the left button draws a contour; with Shift it selects, also while the tool is chosen."""
        is_alt, is_shift = (
            bool(modifiers & key) for key in (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier)
        )
        return not is_shift and (is_alt or self._draws_contours)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, change the note, or select measures; without a button, show what could be done here."""
        point = event.position()
        if self._panned_from is not None:
            way, self._panned_from = point - self._panned_from, point
            for bar, distance in ((self.horizontalScrollBar(), way.x()), (self.verticalScrollBar(), way.y())):
                bar.setValue(bar.value() - round(distance))
        elif self._mouse.is_pressed:
            self._mouse.move(point)
        else:
            self._point_at(point, event.modifiers())

    def _point_at(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        hit = self._mouse.hit_at(point)
        self._keys.point_at(self._laid.geometry.midi_at(point.y() + self.offset.y()))
        if self._is_drawing_meant(modifiers):
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        elif hit is None or self._editor.preview is not None:
            self.viewport().unsetCursor()
        elif hit.part is Part.RIGHT_EDGE:
            self.viewport().setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.viewport().setCursor(Qt.CursorShape.SizeVerCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End what the button began."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = None
            self.viewport().unsetCursor()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._sounded = None
            self._mouse.release()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the second click as another first one."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Mark no key any more."""
        self._keys.point_at(None)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say of a locked note that it is one, while the pointer rests on it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self._mouse.place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), locked_note_in_words(self._editor, self._wishes, place), self)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selection; a note, and a measure outside of the selection, is selected first."""
        if event.reason() == QContextMenuEvent.Reason.Mouse and self._laid.melody.measures:
            point = QPointF(self.viewport().mapFromGlobal(event.globalPos()))
            measure, span = self._laid.geometry.measure_at(point.x() + self.offset.x()), self.marked_span()
            if span is None or measure not in span.indices:
                self._editor.select(measure)
            if (hit := self._mouse.hit_at(point)) is not None:
                self._editor.select_note(hit.bar.place)
        self.context_menu_requested.emit(event.globalPos())

    def _on_mouse_drag_changed(self) -> None:
        drag = self._mouse.drag
        midi = drag.ghost.midi if drag is not None and drag.ghost is not None else None
        self._keys.point_at(midi)
        self._sound(midi)
        self.viewport().update()

    def _sound(self, midi: int | None) -> None:
        """Let a note be heard that is pressed, and each further pitch that it is dragged to."""
        if midi is not None and midi != self._sounded:
            self._transport.audition(midi)
        self._sounded = midi

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
        self._mouse.press(QPointF(x - self.offset.x(), -1), extend=False)

    def _on_ruler_dragged(self, x: float) -> None:
        self._mouse.move(QPointF(x - self.offset.x(), -1))

    # Keys and looks

    def event(self, event: QEvent) -> bool:
        """Let Escape be for what the mouse does here, while it does something, and not for what runs elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_busy = self._mouse.drag is not None or self._mouse.stroke is not None
            if event.key() == Qt.Key.Key_Escape and is_busy:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Call off what the mouse does, change the selected note or the contour, or select; other keys scroll."""
        editor = self._editor
        is_done = self._let_go_by_key(event) or edit_by_key(editor, event) or lock_by_key(editor, self._wishes, event)
        is_done = is_done or self._clear_contour_by_key(event)
        if not (is_done or select_by_key(editor, event, start=self._transport.measure)):
            super().keyPressEvent(event)

    def _let_go_by_key(self, event: QKeyEvent) -> bool:
        """With Escape call off a drag or a line that is drawn, or put the tool away; answers whether it did."""
        if event.key() != Qt.Key.Key_Escape:
            return False
        if self._mouse.drag is not None or self._mouse.stroke is not None:
            self._mouse.let_go()
            return True
        was_on = self._draws_contours
        self.draws_contours = False
        return was_on

    def _clear_contour_by_key(self, event: QKeyEvent) -> bool:
        """With Delete take the contour away, as no note is selected that the key is for; answers whether it did."""
        is_meant = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and bool(self._wishes.contour)
        if is_meant:
            self._wishes.clear_contour()
        return is_meant

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Paint in other colours when the palette is another."""
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()
        super().changeEvent(event)
