"""The small lock that stands at a locked note."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker

WIDTH = 0.8
"""How wide the lock is, for a height of 1."""

_BODY = QRectF(-WIDTH / 2, -0.05, WIDTH, 0.55)
_BOW = QRectF(-0.25, -0.45, 0.5, 0.6)
_BOW_THICKNESS = 0.13
_HALO = 0.24


def _drawn_lock() -> QPainterPath:
    """A lock of height 1 around the origin: a bow over a body."""
    bow = QPainterPath(QPointF(_BOW.left(), _BODY.top()))
    bow.arcTo(_BOW, 180, -180)
    bow.lineTo(QPointF(_BOW.right(), _BODY.top()))
    stroker = QPainterPathStroker()
    stroker.setWidth(_BOW_THICKNESS)
    body = QPainterPath()
    body.addRoundedRect(_BODY, 0.08, 0.08)
    return stroker.createStroke(bow).united(body)


def _drawn_halo() -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(_HALO)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return stroker.createStroke(_LOCK).united(_LOCK)


_LOCK = _drawn_lock()
_LOCK_WITH_HALO = _drawn_halo()


def paint_lock(painter: QPainter, center: QPointF, height: float, color: QColor, halo: QColor | None = None) -> None:
    """Paint a lock, with ``halo`` around it where something else may lie under it."""
    painter.save()
    painter.translate(center)
    painter.scale(height, height)
    painter.setPen(Qt.PenStyle.NoPen)
    if halo is not None:
        painter.fillPath(_LOCK_WITH_HALO, halo)
    painter.fillPath(_LOCK, color)
    painter.restore()
