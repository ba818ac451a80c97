"""Draws the program's icon in the sizes and formats that systems want, from its one drawing.

PNG for Linux, ICO for Windows and ICNS for macOS; the last two are containers of PNG files.
"""

import os
import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
ICNS_KINDS = {
    b"icp4": 16,
    b"icp5": 32,
    b"ic11": 32,
    b"ic12": 64,
    b"ic07": 128,
    b"ic13": 256,
    b"ic08": 256,
    b"ic14": 512,
}
"""The kinds of Apple's pictures; ``ic11`` to ``ic14`` are those for screens of double resolution."""

_ICO_HEADER, _ICO_ENTRY = "<HHH", "<BBBBHHII"


def make_icons(drawing: Path, folder: Path) -> None:
    """Write ``{size}.png``, an ``.ico`` and an ``.icns`` into ``folder``; the latter are named as the drawing is."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    renderer = QSvgRenderer(QByteArray(drawing.read_bytes()), application)
    pictures = {size: _png(renderer, size) for size in SIZES}
    for size, picture in pictures.items():
        (folder / f"{size}.png").write_bytes(picture)
    (folder / f"{drawing.stem}.ico").write_bytes(as_ico([(size, pictures[size]) for size in ICO_SIZES]))
    (folder / f"{drawing.stem}.icns").write_bytes(
        as_icns([(kind, pictures[size]) for kind, size in ICNS_KINDS.items()])
    )


def as_ico(pictures: list[tuple[int, bytes]]) -> bytes:
    """An icon of Windows: where each picture lies, then the pictures."""
    place = struct.calcsize(_ICO_HEADER) + len(pictures) * struct.calcsize(_ICO_ENTRY)
    entries = b""
    for size, picture in pictures:
        side = size % 256  # 256 is written as 0
        entries += struct.pack(_ICO_ENTRY, side, side, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return struct.pack(_ICO_HEADER, 0, 1, len(pictures)) + entries + b"".join(picture for _, picture in pictures)


def as_icns(pictures: list[tuple[bytes, bytes]]) -> bytes:
    """An icon of macOS: blocks that begin with their kind and their length."""
    blocks = b"".join(kind + struct.pack(">I", 8 + len(picture)) + picture for kind, picture in pictures)
    return b"icns" + struct.pack(">I", 8 + len(blocks)) + blocks


def _png(renderer: QSvgRenderer, size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(target, b"png").write(image)
    return bytes(target.data().data())
