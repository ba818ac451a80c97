"""Draws pages as images, on a thread of their own, and keeps those that are in sight or near it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QByteArray, QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from inpaint_desktop.engraving.pages import NoteKey, Page, recoloured
from inpaint_desktop.ui.tasks import Report, Task

_NEAR = 1
"""Images of pages that are so far out of sight are kept; those further away are given up."""


@dataclass(frozen=True, slots=True)
class Look:
    """How pages are drawn: device pixels for each of theirs, the ink, and the notes that have another colour."""

    scale: float
    ink: str
    colored: frozenset[NoteKey] = frozenset()
    color: str = ""

    def of(self, page: Page) -> "Look":
        """The same look with only those coloured notes that stand on the page."""
        here = self.colored & {box.key for box in page.notes} if self.colored else self.colored
        return Look(self.scale, self.ink, here, self.color if here else "")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page and its image, in device pixels; what is not ink lets the background through."""

    page: Page
    look: Look
    image: QImage


def draw(page: Page, look: Look) -> Drawn:
    """Draw a page. This may be done on any thread."""
    look = look.of(page)
    width, height = page.width * look.scale, page.height * look.scale
    image = QImage(max(ceil(width), 1), max(ceil(height), 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    svg = recoloured(page, look.ink, dict.fromkeys(look.colored, look.color))
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, width, height))
    painter.end()
    return Drawn(page, look, image)


def drawn_before(pages: Iterable[Page], look: Look, images: Iterable[Drawn]) -> Iterator[Drawn]:
    """Those of the pages that need not be drawn, as there is an image of a page that looks the same."""
    known = {(drawn.page.svg, drawn.look): drawn.image for drawn in images}
    drawings = {drawing for drawing, _ in known}
    for page in pages:
        image = known.get((page.svg, look.of(page))) if page.svg in drawings else None
        if image is not None:
            yield Drawn(page, look.of(page), image)


class PageImages(QObject):
    """The images of the pages of a score.

    Signals:
        drawn: there is another image.
    """

    drawn = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages: tuple[Page, ...] = ()
        self._images: dict[int, Drawn] = {}
        self._under_way: tuple[tuple[int, ...], Look] | None = None
        self._task = Task("drawing", self)
        self._task.delivered.connect(self._on_task_delivered)
        self._task.ended.connect(self._on_task_ended)

    def __len__(self) -> int:
        return len(self._images)

    @property
    def images(self) -> tuple[Drawn, ...]:
        """All images that there are."""
        return tuple(self._images.values())

    @property
    def is_busy(self) -> bool:
        """Whether pages are being drawn."""
        return self._task.is_running

    def close(self) -> None:
        """Stop drawing for good."""
        self._task.close()

    def show(self, pages: tuple[Page, ...], images: Iterable[Drawn] = ()) -> None:
        """Keep the images of other pages from now on; some may be there already."""
        self._task.cancel()
        self._pages = pages
        found = ((_index_of(pages, drawn.page), drawn) for drawn in images)
        self._images = {index: drawn for index, drawn in found if index is not None}

    def image_of(self, index: int) -> Drawn | None:
        """The image of a page; it may have another look than the wanted one, until that is drawn."""
        return self._images.get(index)

    def need(self, shown: range, look: Look) -> None:
        """See to it that pages, and those next to them, are drawn in this look."""
        kept = range(shown.start - _NEAR, shown.stop + _NEAR)
        self._images = {index: drawn for index, drawn in self._images.items() if index in kept}
        near = (index for index in (shown.stop, shown.start - 1) if 0 <= index < len(self._pages))
        missing = tuple(index for index in (*shown, *near) if not self._is_drawn(index, look))
        if missing and (missing, look) != self._under_way:
            self._under_way = missing, look
            pages = [self._pages[index] for index in missing]
            self._task.start(lambda report: _draw_all(pages, look, report))

    def _is_drawn(self, index: int, look: Look) -> bool:
        drawn = self._images.get(index)
        return drawn is not None and drawn.look == look.of(drawn.page)

    def _on_task_delivered(self, drawn: object) -> None:
        assert isinstance(drawn, Drawn)
        found = _index_of(self._pages, drawn.page)
        if found is not None:
            self._images[found] = drawn
            self.drawn.emit()

    def _on_task_ended(self) -> None:
        self._under_way = None


def _draw_all(pages: Iterable[Page], look: Look, report: Report) -> None:
    for page in pages:
        report(0.0, draw(page, look))


def _index_of(pages: tuple[Page, ...], page: Page) -> int | None:
    return next((index for index, other in enumerate(pages) if other is page), None)


def drawn_pages(pages: Iterable[Page], look: Look, report: Report) -> Iterator[Drawn]:
    """Draw pages one after the other, until the work is called off."""
    for page in pages:
        report(0.0)
        yield draw(page, look)
