"""Files for other programs and for paper, as they come out of the real engraver and the real synthesizer."""

import io
import re
import wave
from pathlib import Path

import mido
import pytest
from PySide6.QtGui import QFont, QFontInfo, QImage, QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from inpaint_desktop.engraving.pages import FONT_FAMILY
from inpaint_desktop.errors import Cancelled
from inpaint_desktop.ui.exporting import pages_to_print, paint_pages
from inpaint_desktop.ui.main_window import MainWindow
from tests.gui.conftest import TUNES, OpenFile

TIMEOUT_MS = 60_000


@pytest.fixture
def tune_window(window: MainWindow, open_file: OpenFile) -> MainWindow:
    open_file(window, TUNES / "ode-to-joy.abc")
    return window


def export(window: MainWindow, path: Path, qtbot: QtBot) -> tuple[Path, ...]:
    with qtbot.waitSignal(window.session.exporter.exported, timeout=TIMEOUT_MS) as exported:
        window.session.exporter.export(path)
    assert exported.args is not None
    files: tuple[Path, ...] = exported.args[0]
    return files


def test_midi_has_the_notes(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (path,) = export(tune_window, tmp_path / "tune.mid", qtbot)
    melody = tune_window.editor.melody
    assert melody is not None
    written = [message.note for message in mido.MidiFile(path) if message.type == "note_on" and message.velocity]
    assert written[:4] == [note.pitch.midi for note in melody.measures[0].notes if note.pitch][:4]


def test_pictures_show_ink_on_white_paper(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (path,) = export(tune_window, tmp_path / "tune.png", qtbot)
    image = QImage(str(path))
    shades = {image.pixelColor(x, y).lightness() for x in range(0, image.width(), 3) for y in range(0, 700, 3)}
    assert min(shades) < 60
    assert max(shades) == 255
    assert round(image.width() / image.height(), 2) == round(210 / 297, 2)


def test_svg_and_pdf_are_what_their_names_say(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (svg,) = export(tune_window, tmp_path / "tune.svg", qtbot)
    (pdf,) = export(tune_window, tmp_path / "tune.pdf", qtbot)
    assert b"<svg" in svg.read_bytes()[:500]
    assert pdf.read_bytes().startswith(b"%PDF")
    assert len(pdf.read_bytes()) > 10_000


def test_letters_in_a_pdf_are_those_of_the_score_on_the_screen(
    tune_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (pdf,) = export(tune_window, tmp_path / "tune.pdf", qtbot)
    family = QFontInfo(QFont(FONT_FAMILY)).family().partition("[")[0].replace(" ", "")
    names = re.findall(rb"/FontName /\w+\+(\w+)", pdf.read_bytes())
    assert {name.decode() for name in names} == {family}


def test_a_wav_file_is_as_long_as_the_tune(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    performance = tune_window.session.transport.performance()
    assert performance is not None
    (path,) = export(tune_window, tmp_path / "tune.wav", qtbot)
    with wave.open(io.BytesIO(path.read_bytes())) as sound:
        assert sound.getnframes() / sound.getframerate() >= performance.length_s


def test_an_export_that_fails_says_so_and_leaves_nothing(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tune_window.session.exporter.failed, timeout=TIMEOUT_MS):
        tune_window.session.exporter.export(tmp_path / "missing" / "tune.mid")
    assert "could not be saved" in tune_window.workspace.messages.sentences[0]
    assert list(tmp_path.glob("**/*.mid")) == []


@pytest.fixture
def pdf_printer(tmp_path: Path) -> QPrinter:
    """What the print dialog hands over where one prints to a file."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "printed.pdf"))
    made.setFullPage(True)
    return made


@pytest.mark.parametrize("orientation", QPageLayout.Orientation)
def test_printing_uses_the_paper_that_was_chosen(
    tune_window: MainWindow, pdf_printer: QPrinter, qtbot: QtBot, orientation: QPageLayout.Orientation
) -> None:
    pdf_printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    pdf_printer.setPageOrientation(orientation)
    with qtbot.waitSignal(tune_window.session.exporter.exported, timeout=TIMEOUT_MS):
        tune_window.session.exporter.print_on(pdf_printer)
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", Path(pdf_printer.outputFileName()).read_bytes())
    assert box is not None
    sides = [round(float(side) / 72 * 25.4) for side in box.groups()]
    assert sides == ([148, 210] if orientation == QPageLayout.Orientation.Portrait else [210, 148])


def test_small_paper_takes_more_pages(tune_window: MainWindow, pdf_printer: QPrinter, qtbot: QtBot) -> None:
    pdf_printer.setPageSize(QPageSize(QPageSize.PageSizeId.A6))
    with qtbot.waitSignal(tune_window.session.exporter.exported, timeout=TIMEOUT_MS):
        tune_window.session.exporter.print_on(pdf_printer)
    assert Path(pdf_printer.outputFileName()).read_bytes().count(b"/Type /Page\n") > 1


def test_pages_are_printed_as_the_dialog_says(pdf_printer: QPrinter) -> None:
    pages = [b"1", b"2", b"3", b"4"]
    assert pages_to_print(pdf_printer, pages) == pages
    pdf_printer.setFromTo(2, 3)
    pdf_printer.setPrintRange(QPrinter.PrintRange.PageRange)
    assert pages_to_print(pdf_printer, pages) == [b"2", b"3"]
    pdf_printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert pages_to_print(pdf_printer, pages) == [b"3", b"2"]


@pytest.mark.parametrize(("is_collated", "wanted"), [(True, [b"1", b"2"] * 2), (False, [b"1", b"1", b"2", b"2"])])
def test_copies_are_painted_where_the_printer_makes_none(
    pdf_printer: QPrinter, is_collated: bool, wanted: list[bytes]
) -> None:
    assert not pdf_printer.supportsMultipleCopies()
    pdf_printer.setCopyCount(2)
    pdf_printer.setCollateCopies(is_collated)
    assert pages_to_print(pdf_printer, [b"1", b"2"]) == wanted


def test_printing_tells_how_far_it_is_and_can_be_called_off_between_pages(
    tune_window: MainWindow, pdf_printer: QPrinter
) -> None:
    page = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>'
    told: list[float] = []

    def report(share: float, part: object = None) -> None:
        assert part is None
        told.append(share)
        if share >= 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        paint_pages(pdf_printer, [page] * 4, report)
    assert told == [0.0, 0.25, 0.5]
    tune_window.session.exporter.started.emit("Printing ...")
    tune_window.session.exporter.progressed.emit(0.25)
    busy = tune_window.status.busy
    assert (busy.value(), busy.maximum()) == (250, 1000)
    tune_window.session.exporter.started.emit("Printing ...")
    assert busy.maximum() == 0  # nobody knows yet


@pytest.mark.parametrize("name", ["tune.wav", "tune.pdf"])
def test_writing_can_be_called_off_and_leaves_nothing(
    tune_window: MainWindow, tmp_path: Path, qtbot: QtBot, name: str
) -> None:
    exporter = tune_window.session.exporter
    exporter.export(tmp_path / name)
    assert tune_window.status.busy.isVisible()
    with qtbot.waitSignal(exporter.ended), qtbot.assertNotEmitted(exporter.exported):
        tune_window.actions_["cancel"].trigger()
    assert not tune_window.actions_["cancel"].isEnabled()
    assert not tune_window.status.busy.isVisible()
    export(tune_window, tmp_path / "next.mid", qtbot)  # when the work before has ended
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["next.mid"]
