"""Writing the score for other programs and for paper: MIDI, PDF, SVG, PNG, WAV, and the printer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QImageWriter, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.midi import melody_to_midi
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.documents.saving import save
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import A4, PrintLayout
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

Write = Callable[[Report], Sequence[tuple[str, bytes]]]
"""Makes the files of an export, each with what is put before the suffix of its name."""


@dataclass(frozen=True, slots=True)
class _Sheets:
    """What pages are made of."""

    document: ScoreDocument
    melodies: dict[int, Melody]
    layout: PrintLayout


class Exporter(QObject):
    """Writes files in the background.

    Signals:
        started: an export began; carries the name of the file.
        progressed: the share that is done, from 0 to 1.
        exported: the files were written; carries their paths as a tuple.
        pages_ready: pages to print; carries their SVG as a tuple of bytes.
        failed: carries a sentence.
        ended: after any of these.
    """

    started = Signal(str)
    progressed = Signal(float)
    exported = Signal(object)
    pages_ready = Signal(object)
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
        self.started.emit(path.name)

    def engrave_for_print(self, layout: PrintLayout = A4) -> None:
        """Engrave the pages that are to be printed."""
        sheets = self._sheets(layout)
        self._task.start(lambda _report: _Printed(_svg_pages(self._engraver, sheets)))
        self.started.emit(tr("pages"))

    def cancel(self) -> None:
        """Call off what is being made; nothing is written then, but for files that are being written already."""
        self._task.cancel()

    def close(self) -> None:
        """Call off what is being written, and end the thread."""
        self._task.close()

    def _writers(self) -> dict[str, Callable[[], Write]]:
        return {
            ".mid": self._midi,
            ".svg": lambda: self._pages(_as_svg_files),
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

    def _pages(self, as_files: Callable[[Sequence[bytes], Report], Sequence[tuple[str, bytes]]]) -> Write:
        sheets = self._sheets(A4)
        return lambda report: as_files(_svg_pages(self._engraver, sheets), report)

    def _sheets(self, layout: PrintLayout) -> _Sheets:
        document = self._editor.document
        assert document is not None, "the actions are disabled without a score"
        return _Sheets(document, self._editor.melodies(document), layout)

    def _on_task_succeeded(self, result: object) -> None:
        if isinstance(result, _Printed):
            self.pages_ready.emit(result.pages)
        else:
            self.exported.emit(result)

    def _on_task_failed(self, error: Exception) -> None:
        self.failed.emit(sentence_of(error))


@dataclass(frozen=True, slots=True)
class _Printed:
    """Pages as SVG."""

    pages: tuple[bytes, ...]


def paint_pages(device: QPagedPaintDevice, pages: Sequence[bytes]) -> bool:
    """Draw each page as large as the paper of ``device``; say whether it could be begun."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    for number, page in enumerate(pages):
        if number:
            device.newPage()
        paper = painter.viewport()
        QSvgRenderer(QByteArray(page)).render(painter, QRectF(0, 0, paper.width(), paper.height()))
    return painter.end()


def _svg_pages(engraver: Engraver, sheets: _Sheets) -> tuple[bytes, ...]:
    return engraver.svg_pages(render(sheets.document), sheets.layout, sheets.melodies)


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


def _as_svg_files(pages: Sequence[bytes], _report: Report) -> list[tuple[str, bytes]]:
    return _numbered(pages)


def _as_png_files(pages: Sequence[bytes], report: Report) -> list[tuple[str, bytes]]:
    drawn = []
    for number, page in enumerate(pages, start=1):
        drawn.append(_png(page))
        report(number / len(pages))
    return _numbered(drawn)


def _png(page: bytes) -> bytes:
    size = QSize(round(A4.width_mm / _MM_PER_INCH * PNG_DPI), round(A4.height_mm / _MM_PER_INCH * PNG_DPI))
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


def _as_pdf_file(pages: Sequence[bytes], _report: Report) -> list[tuple[str, bytes]]:
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(target)
    writer.setResolution(PDF_DPI)
    writer.setPageLayout(page_layout(A4))
    paint_pages(writer, pages)
    return [("", bytes(target.data().data()))]


def page_layout(layout: PrintLayout) -> QPageLayout:
    """The paper without margins of its own, as the pages have them."""
    size = QPageSize(QSizeF(layout.width_mm, layout.height_mm), QPageSize.Unit.Millimeter)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF())
