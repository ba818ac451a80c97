"""The staff view: shows the engraved score, and turns mouse and keys into selections and edits."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QStyle, QToolTip, QWidget

from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import Layout
from inpaint_desktop.ui.describing import view_in_words
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.locking import lock_by_key, locked_note_in_words, locks, toggle_lock
from inpaint_desktop.ui.note_editing import edit_by_key
from inpaint_desktop.ui.selecting import Hit, select_by_key
from inpaint_desktop.ui.staff.area import SheetArea
from inpaint_desktop.ui.staff.drawing import Drawn, Look, PageImages
from inpaint_desktop.ui.staff.making import MadeSheet, Pin, SheetMaker, SheetRequest, scroll_for
from inpaint_desktop.ui.staff.marks import CURSOR_WIDTH, MarkPainter, cursor_rect, grown, marks_of
from inpaint_desktop.ui.staff.mouse import SheetMouse
from inpaint_desktop.ui.staff.sheet import Cursor, Sheet, laid_out
from inpaint_desktop.ui.theme import Theme, theme_of
from inpaint_desktop.ui.transport import Transport, TunePlace
from inpaint_desktop.ui.wishes import Wishes
from inpaint_desktop.ui.words import tr

if TYPE_CHECKING:
    from inpaint_desktop.documents.document import ScoreDocument

_NARROWEST = 360.0
_PAUSE_MS = 120
_AUTOSCROLL_MS = 30
_WORDS_MARGIN = 24
_EMPTY = laid_out(())


class StaffView(SheetArea):
    """Shows the editor's score as a staff.

    Signals:
        engraving_failed: the score cannot be shown as a staff; carries a sentence.
        sheet_changed: other pages are shown, or none.
        context_menu_requested: a menu for the selection is wanted; carries the place on the screen.
    """

    engraving_failed = Signal(str)
    sheet_changed = Signal()
    context_menu_requested = Signal(QPoint)

    def __init__(
        self,
        editor: Editor,
        engraver: Engraver,
        transport: Transport,
        parent: QWidget | None = None,
        wishes: Wishes | None = None,
    ) -> None:
        super().__init__(parent)
        self.follows_playback = True
        self._colors_takes = True
        self._editor = editor
        self._wishes = wishes or Wishes(editor, self)
        self._transport = transport
        self._mouse = SheetMouse(editor)
        self._maker = SheetMaker(engraver, self)
        self._images = PageImages(self)
        self._sheet = _EMPTY
        self._shown: ScoreDocument | None = None
        self._failure = ""
        self._is_due = False
        self._pin: Pin | None = None
        self._cursor: Cursor | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._autoscroll = QTimer(self, interval=_AUTOSCROLL_MS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Staff"))
        self.setMinimumSize(240, 120)
        self._connect()
        self._describe()

    def _connect(self) -> None:
        editor = self._editor
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.shown_changed.connect(self._on_editor_shown_changed)
        editor.part_changed.connect(self._on_editor_part_changed)
        editor.selection_changed.connect(self._on_editor_selection_changed)
        editor.note_changed.connect(self._on_editor_note_changed)
        self._wishes.changed.connect(self._on_wishes_changed)
        self._transport.place_changed.connect(self._on_transport_place_changed)
        self._transport.place_chosen.connect(self._on_transport_place_chosen)
        self._maker.made.connect(self._on_maker_made)
        self._maker.failed.connect(self._on_maker_failed)
        self._images.drawn.connect(self.viewport().update)
        self._pause.timeout.connect(self._engrave)
        self._autoscroll.timeout.connect(self._on_autoscroll_timeout)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._need_images)

    def shut_down(self) -> None:
        """End the background work, for good."""
        self._pause.stop()
        self._maker.close()
        self._images.close()

    # What is shown

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
    def colors_takes(self) -> bool:
        """Whether notes that came with takes have a colour of their own."""
        return self._colors_takes

    @colors_takes.setter
    def colors_takes(self, is_on: bool) -> None:
        self._colors_takes = is_on
        self._need_images()

    @property
    def words(self) -> str:
        """What stands in the place of the pages while there are none."""
        if self._editor.document is None:
            return tr("No score is open. Open one, or begin a new tune.")
        if not self._failure:
            return tr("The score is being drawn ...")
        advice = tr("Work in the piano roll instead; saving and playing are not affected.")
        return f"{tr('This score cannot be shown as a staff.')}\n\n{self._failure}\n\n{advice}"

    @property
    def _theme(self) -> Theme:
        return theme_of(self.palette())

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
                zoom=self.zoom,
                height=self.viewport().height(),
                pin=self._pinned(),
                images=self._images.images,
            )
        )

    def _layout_width(self) -> float:
        """The width for the engraver: that of the view as if the scroll bar were always there."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return max((self.width() - bar) / self.zoom, _NARROWEST)

    def _look(self) -> Look:
        theme, editor = self._theme, self._editor
        brought = frozenset(
            (part, place.measure, place.note)
            for part in range(len(editor.document.parts) if editor.document and self._colors_takes else 0)
            for place in editor.brought_places(part)
        )
        return Look(self.zoom * self.devicePixelRatioF(), theme.ink, brought, theme.brought)

    def _pinned(self) -> Pin | None:
        """What is to stay in its place: what was zoomed at, else what is at the top; at the very top nothing is."""
        if self._pin is not None or self.verticalScrollBar().value() == 0:
            return self._pin
        anchor = self._sheet.anchor_at(self.heights_in_sight[0])
        return Pin(anchor, 0.0) if anchor else None

    def zoomed(self, fixed: QPointF) -> None:
        """Have the score laid out anew, after a moment."""
        x, y = self.to_sheet(fixed)
        anchor = self._sheet.anchor_at(y, x)
        self._pin = Pin(anchor, fixed.y()) if anchor is not None else None
        self._lay_out_soon()

    def _lay_out_soon(self) -> None:
        if self._editor.shown_document is not None:
            self._pause.start()

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
        self.set_extent(sheet.width, sheet.height)
        self.verticalScrollBar().setValue(round(scroll_for(sheet, pin, self.zoom)))
        self._place_cursor(self._transport.place)
        self._need_images()
        self.sheet_changed.emit()

    def _need_images(self) -> None:
        if not self._pause.isActive():  # else all will be drawn anew at once
            self._images.need(self._shown_pages(), self._look())
        self.viewport().update()

    def _shown_pages(self) -> range:
        return self._sheet.pages_between(*self.heights_in_sight)

    # What the editor and the transport tell

    def _on_editor_document_opened(self) -> None:
        self._maker.stop()
        self._pin, self._failure, self._shown = None, "", None
        if not self._editor.is_reopened:
            self._show(_EMPTY)

    def _on_editor_shown_changed(self) -> None:
        self._pause.stop()
        self._engrave()
        self._describe()

    def _on_editor_part_changed(self) -> None:
        self._place_cursor(self._transport.place)
        self._on_editor_selection_changed()

    def _on_editor_selection_changed(self) -> None:
        self._point_at(self._editor.selection.head if self._editor.selection else None)

    def _on_editor_note_changed(self) -> None:
        self._point_at(self._editor.note.measure if self._editor.note else None)

    def _on_wishes_changed(self) -> None:
        self._describe()
        self.viewport().update()

    def _point_at(self, measure: int | None) -> None:
        """Mark what is selected, and show the measure."""
        if measure is not None and not self._mouse.is_pressed:
            self._bring_measure_into_sight(measure)
        self._describe()
        self.viewport().update()

    def _bring_measure_into_sight(self, measure: int) -> None:
        system = self._sheet.system_of(self._editor.part, measure)
        if system is not None:
            self.bring_into_sight(grown(system.rect, 0))

    def _on_transport_place_changed(self, place: TunePlace | None) -> None:
        before = self._cursor
        self._place_cursor(place)
        now = self._cursor
        is_elsewhere = now is not None and (before is None or before.system != now.system)
        if place is not None and is_elsewhere and self.follows_playback:
            self._bring_measure_into_sight(place.measure)

    def _on_transport_place_chosen(self, place: TunePlace) -> None:
        self._bring_measure_into_sight(place.measure)

    def _place_cursor(self, place: TunePlace | None) -> None:
        self._update_cursor()
        self._cursor = self._sheet.cursor(self._editor.part, *place) if place is not None else None
        self._update_cursor()

    def _update_cursor(self) -> None:
        if self._cursor is not None:
            rect = cursor_rect(self._cursor).adjusted(-CURSOR_WIDTH, -CURSOR_WIDTH, CURSOR_WIDTH, CURSOR_WIDTH)
            self.viewport().update(self.rect_in_viewport(rect).toAlignedRect())

    def _describe(self) -> None:
        self.setAccessibleDescription(view_in_words(self._editor, self._wishes))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, marks, the pages in sight, and marks again."""
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
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
        pages, marking = self._shown_pages(), MarkPainter(painter, self._sheet, self._theme)
        marks = marks_of(self._editor, self._sheet, pages, self._wishes.shown_locks, self._cursor)
        self._on_sheet(painter, partial(marking.paint_below, marks))
        for index in pages:
            drawn = self._images.image_of(index)
            if drawn is not None:
                self._paint_page(painter, self._sheet.tops[index], drawn)
        self._on_sheet(painter, partial(marking.paint_above, marks))

    def _on_sheet(self, painter: QPainter, paint: Callable[[], None]) -> None:
        painter.save()
        painter.translate(self.to_viewport(0, 0))
        painter.scale(self.zoom, self.zoom)
        paint()
        painter.restore()

    def _paint_page(self, painter: QPainter, top: float, drawn: Drawn) -> None:
        """Paint an image: pixel by pixel if it has the right size, else scaled until the right one is there."""
        ratio, corner, image = self.devicePixelRatioF(), self.to_viewport(0, top), drawn.image
        scale = self.zoom * ratio / drawn.look.scale
        if scale == 1:
            image.setDevicePixelRatio(ratio)
            painter.drawImage(QPointF(round(corner.x() * ratio) / ratio, round(corner.y() * ratio) / ratio), image)
        else:
            size = QSizeF(image.width(), image.height()) * (scale / ratio)
            painter.drawImage(QRectF(corner, size), image)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("faint"))
        area = self.viewport().rect().adjusted(_WORDS_MARGIN, _WORDS_MARGIN, -_WORDS_MARGIN, -_WORDS_MARGIN)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.words)

    # Events of the widget

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened while the view was hidden."""
        super().showEvent(event)
        if self._is_due:
            self._engrave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have the score laid out for another width, after a moment."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out_soon()
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

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Call off a drag, edit or lock the selected note, or select; other keys scroll."""
        editor = self._editor
        is_called_off = event.key() == Qt.Key.Key_Escape and self._mouse.call_off_drag()
        is_edit = is_called_off or edit_by_key(editor, event) or lock_by_key(editor, self._wishes, event)
        if is_edit or select_by_key(editor, event, start=self._transport.measure):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select measures or a note; with Ctrl, lock a note."""
        super().mousePressEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if locks(event.modifiers()):
            self._lock_at(event.position())
        else:
            is_extending = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._mouse.press(self._sheet, *self.to_sheet(event.position()), extend=is_extending)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select more, or drag the note."""
        super().mouseMoveEvent(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event.position(), event.modifiers())
            is_outside = not self.viewport().rect().contains(event.position().toPoint())
            self._set_autoscroll(is_outside and self._mouse.is_selecting)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._mouse.release()
            self._set_autoscroll(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Play from there; with Ctrl, take the second click as another first one."""
        if locks(event.modifiers()):
            self.mousePressEvent(event)
            return
        hit = self._hit_at(event.position())
        if hit is not None and event.button() == Qt.MouseButton.LeftButton:
            note = self._editor.note_at(hit.note) if hit.note and hit.part == self._editor.part else None
            self._transport.play_from(hit.measure, note.onset if note else 0)

    def _lock_at(self, place: QPointF) -> None:
        """Lock the note or rest at a place, or unlock it; the selected measures stay selected."""
        hit = self._hit_at(place)
        if hit is not None and hit.note is not None:
            self._editor.set_part(hit.part)
            toggle_lock(self._editor, self._wishes, hit.note)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say of a locked note that it is one, while the pointer rests on it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hit = self._hit_at(QPointF(event.pos()))
            note = hit.note if hit is not None and hit.part == self._editor.part else None
            QToolTip.showText(event.globalPos(), locked_note_in_words(self._editor, self._wishes, note), self)
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Select what is under the pointer, the measure if it is not selected, and the note; and ask for a menu."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.viewport().mapToGlobal(self._selection_center())
        elif (hit := self._hit_at(QPointF(event.pos()))) is not None:
            self._editor.set_part(hit.part)
            if self._editor.span is None or hit.measure not in self._editor.span.indices:
                self._editor.select(hit.measure)
            if hit.note is not None:
                self._editor.select_note(hit.note)
        self.context_menu_requested.emit(place)

    def _hit_at(self, place: QPointF) -> Hit | None:
        return self._sheet.hit(*self.to_sheet(place), part=self._editor.part)

    def _selection_center(self) -> QPoint:
        seen, span = QRectF(self.viewport().rect()), self._editor.span
        rects = self._sheet.span_rects(self._editor.part, span.indices if span else ())
        shown = [seen & self.rect_in_viewport(grown(rect, 0)) for rect in rects]
        return next((rect.center().toPoint() for rect in shown if not rect.isEmpty()), seen.center().toPoint())

    def _drag_to(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        is_chromatic = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        self._mouse.move(self._sheet, *self.to_sheet(place), zoom=self.zoom, is_chromatic=is_chromatic)

    def _set_autoscroll(self, is_on: bool) -> None:
        if is_on and not self._autoscroll.isActive():
            self._autoscroll.start()
        elif not is_on:
            self._autoscroll.stop()

    def _on_autoscroll_timeout(self) -> None:
        """Scroll towards a pointer that is held outside, and select up to there."""
        place = self.pointer_place()
        beyond = min(place.y(), 0.0) + max(place.y() - self.viewport().height(), 0.0)
        self.scroll_by(0, beyond / 4)
        self._drag_to(place, Qt.KeyboardModifier.NoModifier)
