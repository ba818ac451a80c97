"""The staff view: shows the engraved score, and turns mouse and keys into selections and edits."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QStyle, QWidget

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import Layout
from inpaint_desktop.ui.describing import view_in_words
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.note_editing import edit_by_key
from inpaint_desktop.ui.selecting import select_by_key
from inpaint_desktop.ui.staff.drawing import Drawn, Look, PageImages
from inpaint_desktop.ui.staff.making import MadeSheet, Pin, SheetMaker, SheetRequest, scroll_for
from inpaint_desktop.ui.staff.marks import CURSOR_WIDTH, MarkPainter, cursor_rect, grown, marks_of
from inpaint_desktop.ui.staff.mouse import SheetMouse
from inpaint_desktop.ui.staff.sheet import Cursor, Sheet, laid_out
from inpaint_desktop.ui.theme import Theme, theme_of
from inpaint_desktop.ui.transport import Transport, TunePlace
from inpaint_desktop.ui.words import tr

ZOOMS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
_WHEEL_BASE = 1.0015
_NARROWEST = 360.0
_PAUSE_MS = 120
_AUTOSCROLL_MS = 30
_SIGHT_MARGIN = 12
_EMPTY = laid_out(())


class StaffView(QAbstractScrollArea):
    """Shows the editor's score as a staff.

    Signals:
        engraving_failed: the score cannot be shown as a staff; carries a sentence.
        sheet_changed: other pages are shown, or none.
        zoom_changed: the score is shown in another size; carries it, 1 being 100 %.
        context_menu_requested: a menu for the selection is wanted; carries the place on the screen.
    """

    engraving_failed = Signal(str)
    sheet_changed = Signal()
    zoom_changed = Signal(float)
    context_menu_requested = Signal(QPoint)

    def __init__(self, editor: Editor, engraver: Engraver, transport: Transport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follows_playback = True
        self._editor = editor
        self._transport = transport
        self._mouse = SheetMouse(editor)
        self._maker = SheetMaker(engraver, self)
        self._images = PageImages(self)
        self._sheet = _EMPTY
        self._shown: ScoreDocument | None = None
        self._cursor: Cursor | None = None
        self._pin: Pin | None = None
        self._panned_from: QPointF | None = None
        self._failure = ""
        self._zoom = 1.0
        self._colors_takes = True
        self._is_due = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._autoscroll = QTimer(self, interval=_AUTOSCROLL_MS)
        self._set_up()
        self._connect()

    def _set_up(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Staff"))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 120)
        self._describe()

    def _connect(self) -> None:
        editor = self._editor
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.shown_changed.connect(self._on_editor_shown_changed)
        editor.part_changed.connect(self._on_editor_part_changed)
        editor.selection_changed.connect(self._on_editor_selection_changed)
        editor.note_changed.connect(self._on_editor_note_changed)
        self._transport.place_changed.connect(self._on_transport_place_changed)
        self._maker.made.connect(self._on_maker_made)
        self._maker.failed.connect(self._on_maker_failed)
        self._images.drawn.connect(self.viewport().update)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._need_images)
        self._pause.timeout.connect(self._engrave)
        self._autoscroll.timeout.connect(self._on_autoscroll_timeout)

    def shut_down(self) -> None:
        """End the background work, for good."""
        self._pause.stop()
        self._maker.close()
        self._images.close()

    # How it is shown

    @property
    def sheet(self) -> Sheet:
        """What is shown, and where everything lies on it."""
        return self._sheet

    @property
    def is_up_to_date(self) -> bool:
        """Whether the score is shown as it is now, in the size that it is to have now, or told to be impossible."""
        is_awaited = self._is_due or self._pause.isActive() or self._maker.is_busy or self._images.is_busy
        return self._shown is self._editor.shown_document and not is_awaited

    @property
    def drawn_pages(self) -> int:
        """Of how many pages there are images."""
        return len(self._images)

    @property
    def zoom(self) -> float:
        """The size in which the score is shown, 1 being 100 %."""
        return self._zoom

    def set_zoom(self, zoom: float, fixed: QPointF | None = None) -> None:
        """Show the score in another size; what lies at ``fixed``, a place of the viewport, stays there."""
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        if zoom == self._zoom:
            return
        fixed = fixed if fixed is not None else QPointF(self.viewport().rect().center())
        x, y = self._to_sheet(fixed)
        anchor = self._sheet.anchor_at(y)
        self._zoom = zoom
        self._update_scroll_bars()
        self.horizontalScrollBar().setValue(round(x * zoom - fixed.x()))
        self.verticalScrollBar().setValue(round(y * zoom - fixed.y()))
        self._pin = Pin(anchor, fixed.y()) if anchor is not None else None
        self._pause.start()
        self.viewport().update()
        self.zoom_changed.emit(zoom)

    def zoom_in(self) -> None:
        """Show the score one step larger."""
        self.set_zoom(next((zoom for zoom in ZOOMS if zoom > self._zoom + 0.01), ZOOMS[-1]), self._pointer())

    def zoom_out(self) -> None:
        """Show the score one step smaller."""
        self.set_zoom(next((zoom for zoom in reversed(ZOOMS) if zoom < self._zoom - 0.01), ZOOMS[0]), self._pointer())

    def zoom_reset(self) -> None:
        """Show the score in its usual size."""
        self.set_zoom(1.0, self._pointer())

    @property
    def colors_takes(self) -> bool:
        """Whether notes that came with takes have a colour of their own."""
        return self._colors_takes

    @colors_takes.setter
    def colors_takes(self, is_on: bool) -> None:
        self._colors_takes = is_on
        self._need_images()

    def _pointer(self) -> QPointF | None:
        """Where the pointer is, if it is over the view."""
        place = self.viewport().mapFromGlobal(self.cursor().pos())
        return QPointF(place) if self.viewport().rect().contains(place) else None

    # Engraving

    def _engrave(self) -> None:
        """Have the score engraved as it is shown now; while nobody sees the view, that waits."""
        document = self._editor.shown_document
        self._is_due = document is not None and not self.isVisible()
        if document is None or self._is_due:
            return
        self._maker.start(
            SheetRequest(
                document=document,
                melodies=self._editor.melodies(document),
                layout=Layout(self._layout_width()),
                look=self._look(),
                zoom=self._zoom,
                height=self.viewport().height(),
                pin=self._pinned(),
            )
        )

    def _layout_width(self) -> float:
        """The width for the engraver: that of the view as if the scroll bar were always there."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return max((self.width() - bar) / self._zoom, _NARROWEST)

    def _look(self) -> Look:
        theme, editor = self._theme, self._editor
        brought = frozenset(
            (part, place.measure, place.note)
            for part in range(len(editor.document.parts) if editor.document and self._colors_takes else 0)
            for place in editor.brought_places(part)
        )
        return Look(self._zoom * self.devicePixelRatioF(), theme.ink, brought, theme.brought)

    @property
    def _theme(self) -> Theme:
        return theme_of(self.palette())

    def _pinned(self) -> Pin | None:
        """What is to stay in its place: what was zoomed at, else what is at the top; at the very top nothing is."""
        scrolled = self.verticalScrollBar().value()
        if self._pin is not None or scrolled == 0:
            return self._pin
        anchor = self._sheet.anchor_at(scrolled / self._zoom)
        return Pin(anchor, 0.0) if anchor else None

    def _on_maker_made(self, made: MadeSheet) -> None:
        if made.request.document is self._editor.shown_document:
            self._failure, self._shown = "", made.request.document
            self._show(made.sheet, made.images)

    def _on_maker_failed(self, reason: str) -> None:
        self._failure, self._shown = reason, self._editor.shown_document
        self._show(_EMPTY)
        self.engraving_failed.emit(reason)

    def _show(self, sheet: Sheet, images: tuple[Drawn, ...] = ()) -> None:
        pin, self._pin = self._pinned(), None
        self._sheet = sheet
        self._images.show(sheet.pages, images)
        self._update_scroll_bars()
        self.verticalScrollBar().setValue(round(scroll_for(sheet, pin, self._zoom)))
        self._place_cursor(self._transport.place)
        self._need_images()
        self.sheet_changed.emit()

    def _need_images(self) -> None:
        if not self._pause.isActive():  # else all will be drawn anew at once
            self._images.need(self._shown_pages(), self._look())
        self.viewport().update()

    def _shown_pages(self) -> range:
        top = self.verticalScrollBar().value() / self._zoom
        return self._sheet.pages_between(top, top + self.viewport().height() / self._zoom)

    # Places

    def _to_sheet(self, place: QPointF) -> tuple[float, float]:
        x = (place.x() + self.horizontalScrollBar().value()) / self._zoom
        return x, (place.y() + self.verticalScrollBar().value()) / self._zoom

    def to_viewport(self, x: float, y: float) -> QPointF:
        """Where a point of the sheet lies in the viewport."""
        scrolled = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF(x * self._zoom - scrolled[0], y * self._zoom - scrolled[1])

    def _rect_in_viewport(self, rect: QRectF) -> QRectF:
        corner = self.to_viewport(rect.x(), rect.y())
        return QRectF(corner.x(), corner.y(), rect.width() * self._zoom, rect.height() * self._zoom)

    def _update_scroll_bars(self) -> None:
        view = self.viewport().size()
        for bar, length, seen in (
            (self.horizontalScrollBar(), self._sheet.width, view.width()),
            (self.verticalScrollBar(), self._sheet.height, view.height()),
        ):
            bar.setPageStep(seen)
            bar.setSingleStep(40)
            bar.setRange(0, max(round(length * self._zoom) - seen, 0))

    def _bring_into_sight(self, measure: int) -> None:
        """Scroll as little as needed to show the whole system of a measure of the current part."""
        system = self._sheet.system_of(self._editor.part, measure)
        if system is None or self._mouse.is_selecting:
            return
        rect, bar = self._rect_in_viewport(grown(system.rect, 0)), self.verticalScrollBar()
        below = rect.bottom() + _SIGHT_MARGIN - self.viewport().height()
        if rect.top() < 0 or below > rect.top():
            bar.setValue(bar.value() + round(rect.top()) - _SIGHT_MARGIN)
        elif below > 0:
            bar.setValue(bar.value() + round(below))

    # What the editor and the transport tell

    def _on_editor_document_opened(self) -> None:
        self._maker.stop()
        self._pin, self._failure, self._shown = None, "", None
        self._show(_EMPTY)

    def _on_editor_shown_changed(self) -> None:
        self._engrave()
        self._describe()

    def _on_editor_part_changed(self) -> None:
        self._place_cursor(self._transport.place)
        self._on_editor_selection_changed()

    def _on_editor_selection_changed(self) -> None:
        if self._editor.selection is not None:
            self._bring_into_sight(self._editor.selection.head)
        self._describe()
        self.viewport().update()

    def _on_editor_note_changed(self) -> None:
        if self._editor.note is not None:
            self._bring_into_sight(self._editor.note.measure)
        self._describe()
        self.viewport().update()

    def _on_transport_place_changed(self, place: TunePlace | None) -> None:
        before = self._cursor
        self._place_cursor(place)
        now = self._cursor
        is_elsewhere = now is not None and (before is None or before.system != now.system)
        if place is not None and is_elsewhere and self.follows_playback:
            self._bring_into_sight(place.measure)

    def _place_cursor(self, place: TunePlace | None) -> None:
        self._update_cursor()
        self._cursor = self._sheet.cursor(self._editor.part, *place) if place is not None else None
        self._update_cursor()

    def _update_cursor(self) -> None:
        if self._cursor is not None:
            margin = CURSOR_WIDTH
            rect = cursor_rect(self._cursor).adjusted(-margin, -margin, margin, margin)
            self.viewport().update(self._rect_in_viewport(rect).toAlignedRect())

    def _describe(self) -> None:
        self.setAccessibleDescription(view_in_words(self._editor))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, marks, the pages in sight, and marks again."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), self._theme.color("paper"))
        if self._sheet.pages:
            self._paint_sheet(painter)
        else:
            self._paint_words(painter)
        if self.hasFocus():
            painter.setPen(self._theme.color("selection_edge"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    def _paint_sheet(self, painter: QPainter) -> None:
        marks, marking = marks_of(self._editor, self._cursor), MarkPainter(painter, self._sheet, self._theme)
        self._on_sheet(painter, partial(marking.paint_below, marks))
        for index in self._shown_pages():
            drawn = self._images.image_of(index)
            if drawn is not None:
                self._paint_page(painter, self._sheet.tops[index], drawn)
        self._on_sheet(painter, partial(marking.paint_above, marks))

    def _on_sheet(self, painter: QPainter, paint: Callable[[], None]) -> None:
        painter.save()
        painter.translate(self.to_viewport(0, 0))
        painter.scale(self._zoom, self._zoom)
        paint()
        painter.restore()

    def _paint_page(self, painter: QPainter, top: float, drawn: Drawn) -> None:
        """Paint an image: pixel by pixel if it has the right size, else scaled until the right one is there."""
        ratio, corner, image = self.devicePixelRatioF(), self.to_viewport(0, top), drawn.image
        scale = self._zoom * ratio / drawn.look.scale
        if scale == 1:
            image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio), image)
        else:
            size = QSizeF(image.width(), image.height()) * (scale / ratio)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(QRectF(corner, size), image)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("faint"))
        area = self.viewport().rect().adjusted(24, 24, -24, -24)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)

    @property
    def words(self) -> str:
        """What stands in the place of the pages while there are none."""
        if self._editor.document is None:
            return tr("No score is open. Open one, or begin a new tune.")
        if not self._failure:
            return tr("The score is being drawn ...")
        advice = tr("Work in the piano roll instead; saving and playing are not affected.")
        return f"{tr('This score cannot be shown as a staff.')}\n\n{self._failure}\n\n{advice}"

    # Events

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the view was hidden."""
        super().showEvent(event)
        if self._is_due:
            self._engrave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the score out anew in the new width, after a moment."""
        super().resizeEvent(event)
        self._update_scroll_bars()
        if event.oldSize().width() != event.size().width() and self._sheet.pages:
            self._pause.start()
        self._need_images()

    def changeEvent(self, event: QEvent) -> None:
        """Draw in other colours when the palette has changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._need_images()

    def event(self, event: QEvent) -> bool:
        """Draw with more or fewer pixels on another screen."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._need_images()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys go here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Edit the selected note, or select; other keys scroll."""
        if edit_by_key(self._editor, event) or select_by_key(self._editor, event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select, to drag a note, or to pan."""
        if event.button() == Qt.MouseButton.LeftButton:
            is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._mouse.press(self._sheet, *self._to_sheet(event.position()), extend=is_extending)
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = event.position()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._panned_from is not None:
            moved = event.position() - self._panned_from
            self._panned_from = event.position()
            self._scroll_by(-moved.x(), -moved.y())
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event.position(), event.modifiers())
            is_outside = not self.viewport().rect().contains(event.position().toPoint())
            self._set_autoscroll(is_outside and self._mouse.is_selecting)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.release()
            self._set_autoscroll(False)
        elif event.button() == Qt.MouseButton.MiddleButton:
            self._panned_from = None
            self.viewport().unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Play from there."""
        hit = self._sheet.hit(*self._to_sheet(event.position()))
        if hit is not None and event.button() == Qt.MouseButton.LeftButton:
            note = self._editor.note_at(hit.note) if hit.note and hit.part == self._editor.part else None
            self._transport.play_from(hit.measure, note.onset if note else 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl zoom at the pointer, with Shift scroll sideways."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_zoom(self._zoom * _WHEEL_BASE ** turned.y(), event.position())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._scroll_by(-(turned.x() or turned.y()), 0)
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Select the measure under the pointer if it is not selected, and ask for a menu."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.context_menu_requested.emit(self.viewport().mapToGlobal(self._selection_center()))
            return
        hit = self._sheet.hit(*self._to_sheet(QPointF(event.pos())))
        if hit is not None:
            self._editor.set_part(hit.part)
            if self._editor.span is None or hit.measure not in self._editor.span.indices:
                self._editor.select(hit.measure)
        self.context_menu_requested.emit(event.globalPos())

    def _selection_center(self) -> QPoint:
        span = self._editor.span
        rects = self._sheet.span_rects(self._editor.part, span) if span else []
        seen = QRectF(self.viewport().rect())
        shown = [seen & self._rect_in_viewport(grown(rect, 0)) for rect in rects]
        return next((rect.center().toPoint() for rect in shown if not rect.isEmpty()), seen.center().toPoint())

    def _drag_to(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        is_chromatic = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self._mouse.move(self._sheet, *self._to_sheet(place), zoom=self._zoom, is_chromatic=is_chromatic)

    def _scroll_by(self, dx: float, dy: float) -> None:
        for bar, distance in ((self.horizontalScrollBar(), dx), (self.verticalScrollBar(), dy)):
            bar.setValue(bar.value() + round(distance))

    def _set_autoscroll(self, is_on: bool) -> None:
        if is_on and not self._autoscroll.isActive():
            self._autoscroll.start()
        elif not is_on:
            self._autoscroll.stop()

    def _on_autoscroll_timeout(self) -> None:
        """Scroll towards a pointer that is held outside, and select up to there."""
        place = QPointF(self.viewport().mapFromGlobal(self.cursor().pos()))
        height = self.viewport().height()
        beyond = min(place.y(), 0.0) + max(place.y() - height, 0.0)
        self._scroll_by(0, beyond / 4)
        self._drag_to(place, Qt.KeyboardModifier.NoModifier)
