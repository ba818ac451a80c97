"""Files for other programs and for paper, as they come out of the real engraver and the real synthesizer."""

import io
import wave
from pathlib import Path

import mido
import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPdfWriter
from pytestqt.qtbot import QtBot

from inpaint_desktop.engraving.pages import A4
from inpaint_desktop.ui.exporting import page_layout, paint_pages
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


def test_pages_are_painted_one_to_a_sheet(tune_window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tune_window.session.exporter.pages_ready, timeout=TIMEOUT_MS) as ready:
        tune_window.actions_["print"].trigger()
    assert ready.args is not None
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    printer = QPdfWriter(target)
    printer.setPageLayout(page_layout(A4))
    assert paint_pages(printer, ready.args[0] * 3)
    del printer
    assert bytes(target.data().data()).count(b"/Type /Page\n") == 3


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
