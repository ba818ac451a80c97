"""What the left mouse button does in the piano roll: selects measures and notes, drags notes, draws a contour."""

from PySide6.QtCore import QObject, QPointF, QTimer, Signal

from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.piano_roll.bar_drag import BarDrag
from inpaint_desktop.ui.piano_roll.contour import Stroke, contour_of, span_under
from inpaint_desktop.ui.piano_roll.geometry import BarHit, hit_at
from inpaint_desktop.ui.piano_roll.surface import RollSurface
from inpaint_desktop.ui.selecting import Hit, SelectingGesture
from inpaint_desktop.ui.wishes import Wishes

_AUTOSCROLL_MS = 30
_AUTOSCROLL_SHARE = 0.25  # of how far the mouse is outside, at each step


class RollMouse(QObject):
    """Follows the left button; points are those of the viewport.

    Signals:
        drag_changed: a note that is dragged would become another one than before, or is dragged no more.
        stroke_changed: the line that is drawn has gone on, or is drawn no more.
    """

    drag_changed = Signal()
    stroke_changed = Signal()

    def __init__(self, editor: Editor, wishes: Wishes, surface: RollSurface) -> None:
        super().__init__(surface)
        self.drag: BarDrag | None = None
        self.stroke: Stroke | None = None
        self._editor = editor
        self._wishes = wishes
        self._surface = surface
        self._gesture = SelectingGesture(editor)
        self._pointer = QPointF()
        self._autoscroll = QTimer(self, interval=_AUTOSCROLL_MS)
        self._autoscroll.timeout.connect(self._on_autoscroll_timeout)

    @property
    def is_pressed(self) -> bool:
        """Whether the button is held after it was pressed on a measure."""
        return self._gesture.is_active or self.stroke is not None

    def hit_at(self, point: QPointF) -> BarHit | None:
        """The note at a point."""
        place, laid = point + self._surface.offset, self._surface.laid
        return hit_at(laid.geometry, laid.bars, place.x(), place.y())

    def place_at(self, point: QPointF) -> NotePlace | None:
        """The note at a point, or the rest that lasts there, as rests have no height."""
        hit, laid = self.hit_at(point), self._surface.laid
        x = (point + self._surface.offset).x()
        if hit is not None or not 0 <= x < laid.geometry.width:
            return hit.bar.place if hit is not None else None
        measure, tick = laid.geometry.place_at(x)
        notes = laid.melody.measures[measure].notes
        rests = (number for number, note in enumerate(notes) if note.is_rest and note.onset <= tick < note.end)
        number = next(rests, None)
        return None if number is None else NotePlace(measure, number)

    def press(self, point: QPointF, *, extend: bool) -> None:
        """Select what is there, and be ready to drag it; with ``extend``, select all measures up to there."""
        if not self._surface.laid.melody.measures:
            return
        hit = self.hit_at(point)
        self._pointer = point
        self._gesture.press(self._hit(point, hit), extend=extend)
        if hit is not None and not extend and self._editor.preview is None:
            self.drag = BarDrag(self._editor, self._surface.laid, hit, point + self._surface.offset)

    def move(self, point: QPointF) -> None:
        """Drag the note that is held, draw on, or select the measures up to there."""
        if self.stroke is not None:
            self._draw_to(self.stroke, point)
        elif self.drag is None:
            self._select_to(point)
        elif self.drag.ghost is not None or self.drag.is_far_enough(point + self._surface.offset):
            self._drag_to(self.drag, point)

    def _drag_to(self, drag: BarDrag, point: QPointF) -> None:
        place = point + self._surface.offset
        if drag.ghost is None and drag.goes_sideways(place):
            self.drag = None
            self._select_to(point)
        else:
            drag.move(place)
            self.drag_changed.emit()

    def release(self) -> None:
        """Do to the note what was shown, keep the line that was drawn, and leave selected what is selected."""
        drag, stroke = self.drag, self.stroke
        self.let_go()
        if drag is not None:
            drag.apply()
        if stroke is not None:
            self._keep(stroke)

    def let_go(self) -> None:
        """Call off what is under way."""
        self._gesture.release()
        self._autoscroll.stop()
        self.call_off_drag()
        self.call_off_stroke()

    # Drawing a contour

    def draw(self, point: QPointF) -> None:
        """Begin to draw a contour."""
        if self._surface.laid.melody.measures:
            self._pointer = point
            self.stroke = Stroke(point + self._surface.offset)

    def call_off_stroke(self) -> None:
        """Forget the line that is being drawn."""
        if self.stroke is not None:
            self.stroke = None
            self.stroke_changed.emit()

    def _draw_to(self, stroke: Stroke, point: QPointF) -> None:
        self._pointer = point
        stroke.to(point + self._surface.offset)
        self.stroke_changed.emit()
        self._scroll_if_outside()

    def _keep(self, stroke: Stroke) -> None:
        """Let pitches follow what was drawn; where nothing was, it was a click."""
        if not stroke.is_drawn:
            self.press(self._pointer, extend=False)
            self.let_go()
            return
        laid, editor = self._surface.laid, self._editor
        span = span_under(stroke.points, laid.geometry, editor.span)
        contour = contour_of(stroke.points, laid.melody, laid.geometry, span)
        if contour:
            if span != editor.span:
                editor.select(span.start, span.stop - 1)
            editor.select_note(None)
            self._wishes.set_contour(contour)

    # Selecting

    def call_off_drag(self) -> None:
        """Leave the note that is dragged as it is."""
        if self.drag is not None:
            self.drag = None
            self.drag_changed.emit()

    def _hit(self, point: QPointF, bar: BarHit | None = None) -> Hit:
        x = (point + self._surface.offset).x()
        return Hit(self._surface.laid.geometry.measure_at(x), self._editor.part, bar.bar.place if bar else None)

    def _select_to(self, point: QPointF) -> None:
        self._pointer = point
        self._gesture.move(self._hit(point))
        self._scroll_if_outside()

    def _scroll_if_outside(self) -> None:
        if self.is_pressed and self._outside() and not self._autoscroll.isActive():
            self._autoscroll.start()

    def _outside(self) -> float:
        """How far the pointer is to the right of the viewport, or (negative) to its left."""
        return max(self._pointer.x() - self._surface.viewport().width(), 0.0) + min(self._pointer.x(), 0.0)

    def _on_autoscroll_timeout(self) -> None:
        way = self._outside()
        if not way:
            self._autoscroll.stop()
            return
        bar = self._surface.horizontalScrollBar()
        bar.setValue(bar.value() + (round(way * _AUTOSCROLL_SHARE) or (1 if way > 0 else -1)))
        if self.stroke is not None:
            self._draw_to(self.stroke, self._pointer)
        else:
            self._gesture.move(self._hit(self._pointer))
