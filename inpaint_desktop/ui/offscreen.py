"""Draws a page where there is no screen, to see whether Qt can, and sees whether it could draw on one."""

import os
import sys
from typing import cast

from PySide6.QtCore import QByteArray, QLibrary, QLibraryInfo, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

_WHITE = 255
_PLATFORMS = {"darwin": "qcocoa", "win32": "qwindows"}
_PLATFORM_ELSEWHERE = "qxcb"


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


def load_platform() -> str:
    """Load what Qt reaches a screen with, and return its name; no screen has to be there.

    Raises:
        OSError: a library that it links to is missing.
    """
    name = _PLATFORMS.get(sys.platform, _PLATFORM_ELSEWHERE)
    library = QLibrary(f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)}/platforms/{name}")
    if not library.load():
        raise OSError(library.errorString())
    return name


def _row(image: QImage, number: int) -> bytes:
    """The pixels of a row, without the bytes that fill it up."""
    return bytes(cast("memoryview", image.constScanLine(number)))[: image.width()]


def _application() -> QApplication:
    """Qt draws letters only where there is an application; without one, make one that needs no screen.

    It is one that a window could be opened in, too: there is never another one in a process.
    """
    if (running := QApplication.instance()) is not None:
        assert isinstance(running, QApplication)
        return running
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication([])
