"""Writing the score for other programs and for paper: MIDI, PDF, SVG, PNG, WAV, and the printer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QLocale,
    QMarginsF,
    QObject,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage, QImageWriter, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtSvg import QSvgRenderer

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.midi import melody_to_midi
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.documents.saving import save
from inpaint_desktop.engraving.engraver import BLACK, Engraver
from inpaint_desktop.engraving.pages import A4, LETTER, PrintLayout, recoloured
from inpaint_desktop.errors import Cancelled, DeviceError
from inpaint_desktop.playback.wav import render_wav
from inpaint_desktop.score.melody import Melody
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.files import sentence_of
from inpaint_desktop.ui.tasks import Report, Task
from inpaint_desktop.ui.transport import Transport
from inpaint_desktop.ui.words import tr

PNG_DPI = 200
PDF_DPI = 1200
_MM_PER_INCH = 25.4
PAGE_SUFFIXES = (".svg", ".png")
"""Formats in which each page is a file of its own."""

Write = Callable[[Report], Sequence[tuple[str, bytes]]]
"""Makes the files of an export, each with what is put before the suffix of its name."""


@dataclass(frozen=True, slots=True)
class _Sheets:
    """What pages are made of."""

    document: ScoreDocument
    melodies: dict[int, Melody]
    layout: PrintLayout


class Exporter(QObject):
    """Writes and prints in the background.

    Signals:
        started: work began; carries a sentence about it.
        progressed: the share that is done, from 0 to 1.
        exported: files were written; carries their paths as a tuple.
        printed: pages went to the printer; carries how many.
        failed: carries a sentence.
        ended: after any of these.
    """

    started = Signal(str)
    progressed = Signal(float)
    exported = Signal(object)
    printed = Signal(int)
    failed = Signal(str)
    ended = Signal()

    def __init__(self, editor: Editor, transport: Transport, engraver: Engraver, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._transport = transport
        self._engraver = engraver
        self._task = Task("exporting", self)
        self._task.progressed.connect(self.progressed)
        self._task.succeeded.connect(self._on_task_succeeded)
        self._task.failed.connect(self._on_task_failed)
        self._task.ended.connect(self.ended)

    @property
    def is_running(self) -> bool:
        """Whether something is being written."""
        return self._task.is_running

    def export(self, path: Path) -> None:
        """Write the score as the suffix of ``path`` says: ``.mid``, ``.pdf``, ``.svg``, ``.png`` or ``.wav``."""
        write = self._writers()[path.suffix.lower()]()
        self._task.start(_writing(write, path))
        self.started.emit(tr("Writing {name} ...", name=path.name))

    def print_on(self, printer: QPrinter) -> None:
        """Print the score on the paper, in the order and as often as ``printer`` says, or write a PDF if it does."""
        sheets = self._sheets(layout_of(printer))
        self._task.start(lambda report: _print(printer, _drawings(self._engraver, sheets), sheets.layout, report))
        self.started.emit(tr("Printing ..."))

    def cancel(self) -> None:
        """Call off what is being made; nothing is written then, but for files that are being written already."""
        self._task.cancel()

    def close(self) -> None:
        """Call off what is being written, and end the thread."""
        self._task.close()

    def _writers(self) -> dict[str, Callable[[], Write]]:
        return {
            ".mid": self._midi,
            ".svg": self._svg,
            ".png": lambda: self._pages(_as_png_files),
            ".pdf": lambda: self._pages(_as_pdf_file),
            ".wav": self._wav,
        }

    def _midi(self) -> Write:
        melody, program = self._editor.melody or Melody(()), self._transport.instrument
        return lambda _report: [("", melody_to_midi(melody, program=program))]

    def _wav(self) -> Write:
        timeline = self._transport.performance()
        return lambda report: [("", render_wav(timeline, report))] if timeline else []

    def _svg(self) -> Write:
        sheets, engraver = self._sheets(usual_paper()), self._engraver
        return lambda _report: _numbered(engraver.svg_pages(render(sheets.document), sheets.layout, sheets.melodies))

    def _pages(self, as_files: "_AsFiles") -> Write:
        sheets = self._sheets(usual_paper())
        return lambda report: as_files(_drawings(self._engraver, sheets), sheets.layout, report)

    def _sheets(self, layout: PrintLayout) -> _Sheets:
        document = self._editor.document
        assert document is not None, "the actions are disabled without a score"
        return _Sheets(document, self._editor.melodies(document), layout)

    def _on_task_succeeded(self, result: object) -> None:
        if isinstance(result, int):
            self.printed.emit(result)
        else:
            self.exported.emit(result)

    def _on_task_failed(self, error: Exception) -> None:
        self.failed.emit(sentence_of(error))


# Paper


def usual_paper() -> PrintLayout:
    """The paper that is usual where the program runs."""
    is_american = QLocale.system().measurementSystem() == QLocale.MeasurementSystem.ImperialUSSystem
    return LETTER if is_american else A4


def layout_of(printer: QPrinter) -> PrintLayout:
    """The whole sheet that was chosen in the print dialog, turned as it was chosen."""
    sheet = printer.pageLayout().fullRect(QPageLayout.Unit.Millimeter)
    return PrintLayout(sheet.width(), sheet.height())


def page_layout(layout: PrintLayout) -> QPageLayout:
    """The paper without margins of its own, as the pages have them."""
    size = QPageSize(QSizeF(layout.width_mm, layout.height_mm), QPageSize.Unit.Millimeter)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF())


def _drawings(engraver: Engraver, sheets: _Sheets) -> tuple[bytes, ...]:
    """The pages as QtSvg draws them; it does not read the fonts of those that are for other programs."""
    pages = engraver.pages(render(sheets.document), sheets.layout, sheets.melodies)
    return tuple(recoloured(page, BLACK) for page in pages)


# Printing


def pages_to_print(printer: QPrinter, pages: Sequence[bytes]) -> list[bytes]:
    """Those pages that were chosen in the print dialog, in their order and as often as they have to be painted."""
    ranges, chosen = printer.pageRanges(), list(pages)
    if printer.printRange() == QPrinter.PrintRange.PageRange and not ranges.isEmpty():
        chosen = [page for number, page in enumerate(pages, start=1) if ranges.contains(number)]
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        chosen.reverse()
    copies = 1 if printer.supportsMultipleCopies() else printer.copyCount()
    return chosen * copies if printer.collateCopies() else [page for page in chosen for _ in range(copies)]


def _print(printer: QPrinter, pages: Sequence[bytes], layout: PrintLayout, report: Report) -> object:
    wanted = pages_to_print(printer, pages)
    if printer.outputFormat() == QPrinter.OutputFormat.PdfFormat:
        path = Path(printer.outputFileName())
        save(_pdf(wanted, layout, report), path)
        return (path,)
    try:
        paint_pages(printer, wanted, report)
    except Cancelled:
        printer.abort()
        raise
    return len(wanted)


def paint_pages(device: QPagedPaintDevice, pages: Sequence[bytes], report: Report) -> None:
    """Draw each page as large as the paper of ``device``.

    Raises:
        DeviceError: it could not be begun.
    """
    painter = QPainter()
    if not painter.begin(device):
        raise DeviceError(tr("The printer cannot be reached; choose another one."))
    try:
        for number, page in enumerate(pages):
            report(number / len(pages))
            if number:
                device.newPage()
            paper = painter.viewport()
            QSvgRenderer(QByteArray(page)).render(painter, QRectF(0, 0, paper.width(), paper.height()))
    finally:
        painter.end()


# Files


def _writing(write: Write, path: Path) -> Callable[[Report], object]:
    def work(report: Report) -> tuple[Path, ...]:
        files = [(path.with_name(f"{path.stem}{mark}{path.suffix}"), content) for mark, content in write(report)]
        report(1.0)
        for target, content in files:
            save(content, target)
        return tuple(target for target, _ in files)

    return work


def _numbered(contents: Sequence[bytes]) -> list[tuple[str, bytes]]:
    """Each content with its page's number, which a single page does not need."""
    marks = [""] if len(contents) == 1 else [f"-{number}" for number in range(1, len(contents) + 1)]
    return list(zip(marks, contents, strict=True))


_AsFiles = Callable[[Sequence[bytes], PrintLayout, Report], Sequence[tuple[str, bytes]]]


def _as_png_files(pages: Sequence[bytes], layout: PrintLayout, report: Report) -> list[tuple[str, bytes]]:
    drawn = []
    for number, page in enumerate(pages, start=1):
        drawn.append(_png(page, layout))
        report(number / len(pages))
    return _numbered(drawn)


def _png(page: bytes, layout: PrintLayout) -> bytes:
    size = QSize(*(round(length / _MM_PER_INCH * PNG_DPI) for length in (layout.width_mm, layout.height_mm)))
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    image.setDotsPerMeterX(round(PNG_DPI / _MM_PER_INCH * 1000))
    image.setDotsPerMeterY(round(PNG_DPI / _MM_PER_INCH * 1000))
    painter = QPainter(image)
    QSvgRenderer(QByteArray(page)).render(painter, QRectF(0, 0, size.width(), size.height()))
    painter.end()
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(target, b"png").write(image)
    return bytes(target.data().data())


def _as_pdf_file(pages: Sequence[bytes], layout: PrintLayout, report: Report) -> list[tuple[str, bytes]]:
    return [("", _pdf(pages, layout, report))]


def _pdf(pages: Sequence[bytes], layout: PrintLayout, report: Report) -> bytes:
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(target)
    writer.setResolution(PDF_DPI)
    writer.setPageLayout(page_layout(layout))
    paint_pages(writer, pages, report)
    return bytes(target.data().data())
