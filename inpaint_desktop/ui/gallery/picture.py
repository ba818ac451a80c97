"""An engraved excerpt made to fit a card: broken into rows at barlines rather than made too small to read.

Nothing here needs the thread of the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from inpaint_desktop.engraving.pages import NoteKey, Page, recoloured

SMALLEST_SCALE = 0.52
LARGEST_SCALE = 0.8
ROW_GAP = 2.0


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a picture; the notes of ``colored`` have their own."""

    ink: str
    color: str
    colored: frozenset[NoteKey]
    pixel_ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Fit:
    """How an excerpt lies on a card: from where to where each row goes (in the page's pixels), and the scale."""

    rows: tuple[tuple[float, float], ...]
    scale: float
    row_height: float

    @property
    def height(self) -> float:
        """How high all rows are, in pixels of the card."""
        return len(self.rows) * self.row_height * self.scale + ROW_GAP * (len(self.rows) - 1)


def fit(page: Page, width: float) -> Fit:
    """Lay a page out on a card that is ``width`` pixels wide, in as few rows as can be read."""
    edges = _edges(page)
    for count in range(1, len(edges)):
        rows = _broken(edges, count)
        scale = min(width / max(stop - start for start, stop in rows), LARGEST_SCALE)
        if scale >= SMALLEST_SCALE or count == len(edges) - 1:
            return Fit(rows, scale, page.height)
    return Fit(((0.0, page.width),), min(width / max(page.width, 1.0), LARGEST_SCALE), page.height)


def _edges(page: Page) -> tuple[float, ...]:
    """Where the page may be broken: its ends, and the barlines between."""
    inner = sorted({box.rect.x for box in page.measures})[1:]
    return (0.0, *inner, page.width)


def _broken(edges: Sequence[float], count: int) -> tuple[tuple[float, float], ...]:
    """Break into ``count`` rows whose widest is as narrow as can be."""

    @cache
    def best(first: int, rows: int) -> tuple[float, tuple[int, ...]]:
        last = len(edges) - 1
        if rows == 1:
            return edges[last] - edges[first], (last,)
        found = []
        for stop in range(first + 1, last - rows + 2):
            widest, stops = best(stop, rows - 1)
            found.append((max(edges[stop] - edges[first], widest), (stop, *stops)))
        return min(found)

    stops = best(0, count)[1]
    return tuple((edges[start], edges[stop]) for start, stop in pairwise((0, *stops)))


@dataclass(frozen=True, slots=True, eq=False)
class PictureRequest:
    """A picture that is wanted: of which page, how it lies on its card, and in which colours."""

    page: Page
    placed: Fit
    look: Look


def draw(request: PictureRequest) -> QImage:
    """Draw the rows below each other. This may be done on any thread."""
    page, placed, look = request.page, request.placed, request.look
    svg = recoloured(page, look.ink, dict.fromkeys(look.colored, look.color))
    renderer = QSvgRenderer(QByteArray(svg))
    image = _empty(placed, look.pixel_ratio)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    step = placed.row_height * placed.scale
    for index, (start, stop) in enumerate(placed.rows):
        top = index * (step + ROW_GAP)
        painter.setClipRect(QRectF(0, top, (stop - start) * placed.scale + 1, step))
        whole = QRectF(-start * placed.scale, top, page.width * placed.scale, step)
        renderer.render(painter, whole)
    painter.end()
    return image


def _empty(placed: Fit, pixel_ratio: float) -> QImage:
    """An image with room for all rows, through which the card is seen."""
    widest = max(stop - start for start, stop in placed.rows) * placed.scale
    width, height = round(widest * pixel_ratio) + 1, round(placed.height * pixel_ratio) + 1
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(pixel_ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image
