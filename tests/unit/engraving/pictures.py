"""What QtSvg makes of a page, as pixels."""

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, qBlue, qGreen, qRed
from PySide6.QtSvg import QSvgRenderer

from inpaint_desktop.engraving.pages import Page, Rect, recoloured

Pixel = tuple[int, int, int]


def painted(page: Page, svg: bytes | None = None, *, zoom: float = 1.0) -> QImage:
    """The page on white; ``svg`` is its drawing in other colours."""
    image = QImage(round(page.width * zoom), round(page.height * zoom), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    renderer = QSvgRenderer(QByteArray(recoloured(page, "#000000") if svg is None else svg))
    assert renderer.isValid()
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    return image


def pixels(image: QImage, rect: Rect | None = None, *, zoom: float = 1.0) -> set[Pixel]:
    """The colours inside a rectangle of the page."""
    area = rect or Rect(0, 0, image.width() / zoom, image.height() / zoom)
    left, right = max(0, int(area.x * zoom)), min(image.width(), int(area.right * zoom) + 1)
    top, bottom = max(0, int(area.y * zoom)), min(image.height(), int(area.bottom * zoom) + 1)
    colours = {image.pixel(x, y) for x in range(left, right) for y in range(top, bottom)}
    return {(qRed(colour), qGreen(colour), qBlue(colour)) for colour in colours}


def is_inked(image: QImage, rect: Rect, *, zoom: float = 1.0) -> bool:
    """Whether anything dark stands inside a rectangle."""
    return any(max(colour) < 100 for colour in pixels(image, rect, zoom=zoom))
