"""What is painted over and under the engraved pages: the selection, a take on trial, marks of notes, the cursor."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from inpaint_desktop.engraving.pages import NoteKey, Rect
from inpaint_desktop.score.melody import Span
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.lock_sign import paint_lock
from inpaint_desktop.ui.staff.sheet import Cursor, Sheet
from inpaint_desktop.ui.theme import Theme

_BOX_MARGIN_ACROSS, _BOX_MARGIN_DOWN = 1.0, 3.0
_ROUNDING = 4.0
_NOTE_MARGIN = 2.5
_DIAMOND = 3.5
_DIAMOND_GAP = 4.0
_LOCK_HEIGHT, _LOCK_GAP = 10.0, 3.0
_LOWEST_LOCK = 8.0
"""How high a lock is at least, in pixels of the screen, however far one has zoomed out."""

_STRIPE_WIDTH, _STRIPE_MARGIN = 3.0, 4.0
_TINT_ALPHA = 32
CURSOR_WIDTH = 2.0


@dataclass(frozen=True, slots=True)
class Marks:
    """What is to be marked on some pages of a sheet, at 100 % zoom."""

    pages: range = range(0)
    part: int = 0
    span: Span | None = None
    preview: Span | None = None
    note: NotePlace | None = None
    out_of_key: frozenset[NotePlace] = field(default_factory=frozenset)
    locked: frozenset[NotePlace] = field(default_factory=frozenset)
    cursor: Cursor | None = None


def marks_of(
    editor: Editor, sheet: Sheet, pages: range, locked: frozenset[NotePlace], cursor: Cursor | None = None
) -> Marks:
    """What the editor says is to be marked on some pages: no more is looked for, as this is asked for each painting."""
    measures = sheet.measures_on(pages)
    return Marks(
        pages=pages,
        part=editor.part,
        span=editor.span,
        preview=editor.preview.span if editor.preview else None,
        note=editor.note,
        out_of_key=editor.out_of_key_places(measures),
        locked=frozenset(place for place in locked if place.measure in measures),
        cursor=cursor,
    )


class MarkPainter:
    """Paints marks; the painter's units are pixels of the sheet."""

    def __init__(self, painter: QPainter, sheet: Sheet, theme: Theme) -> None:
        self._painter = painter
        self._sheet = sheet
        self._theme = theme

    def paint_below(self, marks: Marks) -> None:
        """Paint what lies under the notes."""
        if len(self._sheet.parts) > 1:
            self._paint_part(marks)
        if marks.span is not None and marks.span != marks.preview:
            color, edge = self._theme.color("selection"), _pen(self._theme.color("selection_edge"), 1.2)
            self._paint_boxes(marks, marks.span, color, edge)
        if marks.preview is not None:
            self._paint_preview(marks, marks.preview)
        if marks.note is not None:
            self._paint_note(_key(marks.part, marks.note))

    def paint_above(self, marks: Marks) -> None:
        """Paint what lies over the notes."""
        for place in marks.out_of_key:
            self._paint_out_of_key(_key(marks.part, place))
        for place in marks.locked:
            self._paint_lock(_key(marks.part, place))
        if marks.cursor is not None:
            self._painter.fillRect(cursor_rect(marks.cursor), self._theme.color("cursor"))

    def _paint_part(self, marks: Marks) -> None:
        """Mark the staff that is worked on with a stripe at its left."""
        for rect in self._sheet.staff_rects(marks.part, self._sheet.systems_on(marks.pages)):
            stripe = QRectF(rect.x - _STRIPE_WIDTH / 2, rect.y, _STRIPE_WIDTH, rect.height)
            self._painter.fillRect(
                stripe.adjusted(0, -_STRIPE_MARGIN, 0, _STRIPE_MARGIN), self._theme.color("selection_edge")
            )

    def _paint_preview(self, marks: Marks, span: Span) -> None:
        tint = self._theme.color("brought")
        edge = _pen(tint, 1.6)
        edge.setStyle(Qt.PenStyle.DashLine)
        tint.setAlpha(_TINT_ALPHA)
        self._paint_boxes(marks, span, tint, edge)

    def _paint_boxes(self, marks: Marks, span: Span, fill: QColor, edge: QPen) -> None:
        self._painter.setBrush(fill)
        self._painter.setPen(edge)
        measures = sorted(self._sheet.measures_on(marks.pages).intersection(span.indices))
        for rect in self._sheet.span_rects(marks.part, measures):
            self._painter.drawRoundedRect(grown(rect, _BOX_MARGIN_ACROSS, _BOX_MARGIN_DOWN), _ROUNDING, _ROUNDING)

    def _paint_note(self, key: NoteKey) -> None:
        self._painter.setBrush(self._theme.color("selection"))
        self._painter.setPen(_pen(self._theme.color("selection_edge"), 2.0))
        for rect in self._sheet.note_rects(key):
            self._painter.drawRoundedRect(grown(rect, _NOTE_MARGIN), _ROUNDING, _ROUNDING)

    def _paint_out_of_key(self, key: NoteKey) -> None:
        """Mark a note with a diamond over it, which can be told apart without its colour, too."""
        self._painter.setBrush(self._theme.color("out_of_key"))
        self._painter.setPen(Qt.PenStyle.NoPen)
        for rect in self._sheet.note_rects(key)[:1]:
            center = QPointF(rect.x + rect.width / 2, rect.y - _DIAMOND_GAP - _DIAMOND)
            self._painter.drawPolygon(_diamond(center))

    def _paint_lock(self, key: NoteKey) -> None:
        """Paint a lock under a note, where no other mark stands."""
        height = max(_LOCK_HEIGHT, _LOWEST_LOCK / self._painter.transform().m11())
        for rect in self._sheet.note_rects(key)[:1]:
            center = QPointF(rect.x + rect.width / 2, rect.bottom + _LOCK_GAP + height / 2)
            paint_lock(self._painter, center, height, self._theme.color("lock"), self._theme.color("paper"))


def cursor_rect(cursor: Cursor) -> QRectF:
    """Where the cursor is painted."""
    rect = cursor.system.rect
    return QRectF(cursor.x - CURSOR_WIDTH / 2, rect.y, CURSOR_WIDTH, rect.height)


def grown(rect: Rect, across: float, down: float | None = None) -> QRectF:
    """The rectangle with a margin on both sides, and as wide a one, or another, above and below."""
    down = across if down is None else down
    return QRectF(rect.x - across, rect.y - down, rect.width + 2 * across, rect.height + 2 * down)


def _key(part: int, place: NotePlace) -> NoteKey:
    return part, place.measure, place.note


def _pen(color: QColor, width: float) -> QPen:
    return QPen(color, width)


def _diamond(center: QPointF) -> QPolygonF:
    across, down = QPointF(_DIAMOND, 0), QPointF(0, _DIAMOND)
    return QPolygonF([center - down, center + across, center + down, center - across])
