"""Asks Verovio for drawings; runs in a process of its own and is the only module that imports Verovio."""

from pathlib import Path

import verovio

from inpaint_desktop.engraving.composing import Sheet, excerpt_page, print_pages, screen_pages
from inpaint_desktop.engraving.drawing import Drawing, read_drawing
from inpaint_desktop.engraving.pages import Layout, Page
from inpaint_desktop.engraving.requests import ExcerptRequest, PagesRequest
from inpaint_desktop.engraving.score_facts import score_facts
from inpaint_desktop.engraving.texts import Metrics
from inpaint_desktop.errors import FileUnsupportedError

_OPTIONS: dict[str, object] = {
    "adjustPageHeight": True,
    "adjustPageWidth": False,
    "breaks": "auto",
    "breaksNoWidow": True,
    "font": "Leland",
    "footer": "none",
    "header": "none",
    "pageHeight": 60000,
    "pageMarginBottom": 0,
    "pageMarginLeft": 0,
    "pageMarginRight": 0,
    "pageMarginTop": 0,
    "pageWidth": 2100,
    "scale": 100,
    "smuflTextFont": "none",
    "svgAdditionalAttribute": ["staff@n"],
    "svgBoundingBoxes": True,
    "svgFormatRaw": True,
    "systemMaxPerPage": 1,
}
_WIDEST, _NARROWEST = 100000, 200

_toolkit = verovio.toolkit()
_metrics = Metrics(Path(_toolkit.getResourcePath()))


def engrave(request: PagesRequest) -> tuple[Page, ...]:
    """Engrave a whole score.

    Raises:
        FileUnsupportedError: Verovio does not read it.
    """
    sheet = Sheet.of(request.layout)
    width = (sheet.width - 2 * sheet.margin) / sheet.scale / 10
    drawings = _drawings(request.musicxml, {"pageWidth": min(_WIDEST, max(_NARROWEST, round(width)))})
    facts = score_facts(request.musicxml)
    if isinstance(request.layout, Layout):
        return screen_pages(drawings, facts, request.layout, _metrics)
    return print_pages(drawings, facts, request.layout, _metrics)


def engrave_excerpt(request: ExcerptRequest) -> Page:
    """Engrave a few measures on one system.

    Raises:
        FileUnsupportedError: Verovio does not read them.
    """
    options = {"adjustPageWidth": True, "breaks": "none", "pageWidth": _WIDEST}
    return excerpt_page(_drawings(request.musicxml, options)[0], score_facts(request.musicxml))


def _drawings(musicxml: str, options: dict[str, object]) -> list[Drawing]:
    """The drawings of all systems; options hold until they are set again, so all are set."""
    _toolkit.setOptions({**_OPTIONS, **options})
    if not _toolkit.loadData(musicxml):
        message = "The score cannot be drawn, because Verovio does not understand it; export it again to see it."
        raise FileUnsupportedError(message)
    return [read_drawing(_toolkit.renderToSVG(page), _metrics) for page in range(1, _toolkit.getPageCount() + 1)]
