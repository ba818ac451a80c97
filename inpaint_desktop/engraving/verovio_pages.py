"""Asks Verovio for drawings; runs in a process of its own and is the only module that imports Verovio."""

import re
from collections.abc import Sequence
from pathlib import Path

import verovio

from inpaint_desktop.engraving.breaking import MeasureText, clef_and_key_width, line_starts, measure_texts
from inpaint_desktop.engraving.composing import Sheet, excerpt_page, print_pages, screen_pages
from inpaint_desktop.engraving.drawing import Drawing, read_drawing
from inpaint_desktop.engraving.pages import Layout, Page
from inpaint_desktop.engraving.remembering import RememberedDrawings
from inpaint_desktop.engraving.requests import ExcerptRequest, PagesRequest
from inpaint_desktop.engraving.score_facts import score_facts
from inpaint_desktop.engraving.score_text import ScoreText, read_score
from inpaint_desktop.engraving.system_keys import Systems
from inpaint_desktop.engraving.texts import Metrics
from inpaint_desktop.errors import FileUnsupportedError

_OPTIONS: dict[str, object] = {
    "adjustPageHeight": True,
    "adjustPageWidth": False,
    "breaks": "encoded",
    "font": "Leland",
    "footer": "none",
    "header": "none",
    "minLastJustification": 0.6,
    "noJustification": False,
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
    "systemMaxPerPage": 0,
}
_WIDEST, _NARROWEST = 100000, 200
_MOST_MEASURES_TO_BREAK = 600  # in longer scores Verovio does it, which takes less time
_MOST_WIDTHS = 20_000
_ROOM_FOR_DRAWINGS = 32_000_000
_MEASURE_WIDTH = re.compile(r'<g id="m\d+-(\d+)" class="measure".*?<path d="M(-?\d+) -?\d+ L(-?\d+) ', re.DOTALL)

_toolkit = verovio.toolkit()
_metrics = Metrics(Path(_toolkit.getResourcePath()))
_remembered = RememberedDrawings(_ROOM_FOR_DRAWINGS)


def engrave(request: PagesRequest) -> tuple[Page, ...]:
    """Engrave a whole score.

    Raises:
        FileUnsupportedError: Verovio does not read it.
    """
    sheet = Sheet.of(request.layout)
    width = min(_WIDEST, max(_NARROWEST, round((sheet.width - 2 * sheet.margin) / sheet.scale / 10)))
    drawings = _systems(request.musicxml, width)
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


def _systems(musicxml: str, width: int) -> list[Drawing]:
    """The drawings of the lines of a score, which are so wide."""
    score = read_score(musicxml)
    texts = measure_texts(score)
    firsts: list[int] = []
    if len(texts) <= _MOST_MEASURES_TO_BREAK:
        naturals, indent = _widths.of(score, texts)
        firsts = line_starts(texts, naturals, width * 10.0, clef_and_key_width(musicxml), indent)
    if not firsts:  # Verovio may find that it needs a second line all the same
        return _drawings(musicxml, {"breaks": "auto", "pageWidth": width, "systemMaxPerPage": 1})
    return _lines(Systems(score, firsts, width), score, width)


def _lines(systems: Systems, score: ScoreText, width: int) -> list[Drawing]:
    """The drawings of the lines of a score; only those are drawn that are new."""
    new = [index for index, key in enumerate(systems.keys) if key not in _remembered]
    drawn = _drawn_lines(systems, new, score, width) if new else {}
    if drawn is None:
        firsts = [line.start for line in systems.lines]
        return _drawings(score.with_lines(firsts[1:], range(score.measure_count)), {"pageWidth": width})
    drawings = [drawn[key] if key in drawn else _remembered.get(key) for key in systems.keys]
    for key, drawing in drawn.items():
        _remembered.add(key, drawing)
    return drawings


def _drawn_lines(systems: Systems, wanted: Sequence[int], score: ScoreText, width: int) -> dict[bytes, Drawing] | None:
    """Draw some of the lines, with no more of the score than they depend on; nothing if Verovio breaks others."""
    kept = systems.measures_for(wanted)
    firsts = {index: min(kept.intersection(line)) for index, line in enumerate(systems.lines) if kept & set(line)}
    _load(score.with_lines(list(firsts.values())[1:], kept), {"pageWidth": width})
    if _toolkit.getPageCount() != len(firsts):
        return None
    return {systems.keys[index]: _page(page) for page, index in enumerate(firsts, 1) if index in wanted}


def _drawings(musicxml: str, options: dict[str, object]) -> list[Drawing]:
    """The drawings of all pages."""
    _load(musicxml, options)
    return _all_pages()


def _all_pages() -> list[Drawing]:
    return [_page(number) for number in range(1, _toolkit.getPageCount() + 1)]


def _page(number: int) -> Drawing:
    return read_drawing(_toolkit.renderToSVG(number), _metrics)


def _load(musicxml: str, options: dict[str, object]) -> None:
    """Lay a score out; options hold until they are set again, so all are set."""
    _toolkit.setOptions({**_OPTIONS, **options})
    if not _toolkit.loadData(musicxml):
        message = "The score cannot be drawn, because Verovio does not understand it; export it again to see it."
        raise FileUnsupportedError(message)


class _Widths:
    """The natural widths of measures, remembered by what they hold.

    After an edit only few are new; those are estimated by their number of notes, so that lines stay where they
    are from one take to the next, and engraving again takes half the time.
    """

    def __init__(self) -> None:
        self._known: dict[str, float] = {}
        self._indents: dict[str, float] = {}

    def of(self, score: ScoreText, texts: tuple[MeasureText, ...]) -> tuple[list[float], float]:
        """The widths of the measures, and how much later the first line begins."""
        head = score.head
        unknown = sum(text.content not in self._known for text in texts)
        if head not in self._indents or unknown > len(texts) / 3:
            self._measure(score, texts)
        known = [(self._known[text.content], text.note_count) for text in texts if text.content in self._known]
        total, notes = sum(width for width, _ in known), sum(count for _, count in known)
        mean, by_note = total / max(1, len(known)), total / max(1, notes)
        estimates = (max(0.75 * mean, by_note * text.note_count) for text in texts)
        widths = [self._known.get(text.content, estimate) for text, estimate in zip(texts, estimates, strict=True)]
        return widths, self._indents[head]

    def _measure(self, score: ScoreText, texts: tuple[MeasureText, ...]) -> None:
        if len(self._known) > _MOST_WIDTHS:
            self._known.clear()
            self._indents.clear()
        _load(score.musicxml, {"breaks": "none", "noJustification": True, "pageWidth": _WIDEST})
        drawing = _toolkit.renderToSVG(1)
        found = {int(index): (float(left), float(right)) for index, left, right in _MEASURE_WIDTH.findall(drawing)}
        for index, text in enumerate(texts):
            left, right = found.get(index, (0.0, 0.0))
            self._known[text.content] = right - left
        self._indents[score.head] = found[0][0] if 0 in found else 0.0


_widths = _Widths()
