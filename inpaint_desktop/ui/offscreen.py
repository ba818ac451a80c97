"""Draws a page where there is no screen, to see whether Qt can."""

import os
from typing import cast

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

_WHITE = 255


def ink_share(drawing: bytes, size: tuple[int, int]) -> float:
    """Draw an SVG on white paper of so many pixels; the share of the paper that is no longer white."""
    _application()
    image = QImage(QSize(*size), QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(drawing)).render(painter)
    painter.end()
    white = sum(_row(image, number).count(_WHITE) for number in range(image.height()))
    return 1 - white / (image.width() * image.height())


def _row(image: QImage, number: int) -> bytes:
    """The pixels of a row, without the bytes that fill it up."""
    return bytes(cast("memoryview", image.constScanLine(number)))[: image.width()]


def _application() -> QGuiApplication:
    """Qt draws letters only where there is an application; without one, make one that needs no screen."""
    if (running := QGuiApplication.instance()) is not None:
        assert isinstance(running, QGuiApplication)
        return running
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication([])
