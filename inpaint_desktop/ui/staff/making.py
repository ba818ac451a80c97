"""Has a score engraved and its first pages drawn in the background; only the latest score counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import Layout
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score.melody import Melody
from inpaint_desktop.ui.staff.drawing import Drawn, Look, drawn_before, drawn_pages
from inpaint_desktop.ui.staff.sheet import Anchor, Sheet, laid_out
from inpaint_desktop.ui.tasks import Report, Task
from inpaint_desktop.ui.words import tr


@dataclass(frozen=True, slots=True)
class Pin:
    """What stays where it is when the sheet is laid out anew: a point of the sheet, so far below the view's top."""

    anchor: Anchor
    view_y: float


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """A score to be engraved, how, and what of it will be in sight: ``height`` pixels of the screen at ``zoom``.

    ``images`` are there already; pages that look like theirs are not drawn again.
    """

    document: ScoreDocument
    melodies: Mapping[int, Melody]
    layout: Layout
    look: Look
    zoom: float
    height: float
    pin: Pin | None = None
    images: tuple[Drawn, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """The answer: the sheet, and images of the pages that are in sight, and of those that were drawn before."""

    request: SheetRequest
    sheet: Sheet
    images: tuple[Drawn, ...]


class SheetMaker(QObject):
    """Makes sheets.

    Signals:
        made: a sheet is ready; carries the ``MadeSheet``.
        failed: the score cannot be drawn; carries a sentence.
    """

    made = Signal(object)
    failed = Signal(str)

    def __init__(self, engraver: Engraver, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engraver = engraver
        self._task = Task("engraving", self)
        self._task.succeeded.connect(self.made)
        self._task.failed.connect(self._on_task_failed)

    @property
    def is_busy(self) -> bool:
        """Whether a sheet is being made."""
        return self._task.is_running

    def close(self) -> None:
        """Make no more sheets."""
        self._task.close()

    def stop(self) -> None:
        """Call off what is under way."""
        self._task.cancel()

    def start(self, request: SheetRequest) -> None:
        """Make a sheet in the place of what is under way."""
        self._task.start(lambda report: _make(request, self._engraver, report))

    def _on_task_failed(self, error: Exception) -> None:
        reason = str(error) if isinstance(error, InpaintDesktopError) else tr("The program's log says more.")
        self.failed.emit(reason)


def _make(request: SheetRequest, engraver: Engraver, report: Report) -> MadeSheet:
    musicxml = render(request.document)
    report(0.2)
    pages = engraver.pages(musicxml, request.layout, request.melodies)
    report(0.7)
    sheet = laid_out(pages, request.melodies)
    images = {id(drawn.page): drawn for drawn in drawn_before(pages, request.look, request.images)}
    shown = (sheet.pages[index] for index in _pages_in_sight(sheet, request))
    new = drawn_pages([page for page in shown if id(page) not in images], request.look, report)
    return MadeSheet(request, sheet, (*images.values(), *new))


def _pages_in_sight(sheet: Sheet, request: SheetRequest) -> range:
    top = scroll_for(sheet, request.pin, request.zoom) / request.zoom
    return sheet.pages_between(top, top + request.height / request.zoom)


def scroll_for(sheet: Sheet, pin: Pin | None, zoom: float) -> float:
    """How far to scroll down, in pixels of the screen, so that the pinned point is where it is to be."""
    return max(sheet.height_of(pin.anchor) * zoom - pin.view_y, 0.0) if pin else 0.0
