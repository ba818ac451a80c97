"""What the dialogs over the window lead to."""

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QInputDialog
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.errors import DeviceError
from inpaint_desktop.ui.about import AboutDialog
from inpaint_desktop.ui.exporting import paint_pages
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.shortcuts import ShortcutList
from tests.gui.conftest import TUNES, OpenFile
from tests.gui.test_main_window import wait_for_writing

TIMEOUT_MS = 90_000


@pytest.fixture
def tune_window(window: MainWindow, open_file: OpenFile) -> MainWindow:
    open_file(window, TUNES / "soldiers-joy.abc")
    return window


def test_the_selection_is_moved_by_the_semitones_that_are_typed(tune_window: MainWindow) -> None:
    editor = tune_window.editor
    editor.select(1)
    before = editor.melody
    tune_window.actions_["transpose"].trigger()
    (dialog,) = tune_window.findChildren(QInputDialog)
    dialog.setIntValue(5)
    dialog.accept()
    after = editor.melody
    assert before is not None
    assert after is not None
    first, moved = before.measures[1].notes[0].pitch, after.measures[1].notes[0].pitch
    assert first is not None
    assert moved is not None
    assert moved.midi == first.midi + 5


def test_moving_by_nothing_is_no_step(tune_window: MainWindow) -> None:
    tune_window.editor.select(1)
    tune_window.actions_["transpose"].trigger()
    (dialog,) = tune_window.findChildren(QInputDialog)
    dialog.setIntValue(0)
    dialog.accept()
    assert tune_window.editor.undo_stack.count() == 0


@pytest.mark.parametrize(("name", "kind"), [("about", AboutDialog), ("shortcuts", ShortcutList)])
def test_help_opens_without_stopping_the_window(window: MainWindow, name: str, kind: type) -> None:
    window.actions_[name].trigger()
    assert len(window.findChildren(kind)) == 1


def test_logs_that_are_not_there_are_said_to_be_elsewhere(window: MainWindow) -> None:
    window.actions_["logs"].trigger()
    assert str(paths.log_folder()) in window.status.currentMessage()


def test_a_take_is_saved_as_a_file_of_its_own(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    tune_window.editor.select(5, 6)
    with qtbot.waitSignal(tune_window.session.filler.finished, timeout=TIMEOUT_MS):
        tune_window.actions_["regenerate"].trigger()
    tune_window.gallery.request_saving()
    (dialog,) = tune_window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "take.abc"))
    dialog.close()
    wait_for_writing(tune_window)
    card = tune_window.session.gallery.current_card
    assert card is not None
    saved = open_document(tmp_path / "take.abc").melody()
    assert [measure.notes for measure in saved.measures[5:7]] == [measure.notes for measure in card.measures]
    assert tune_window.editor.undo_stack.count() == 0


def test_a_take_that_cannot_be_saved_says_so(tune_window: MainWindow, tmp_path: Path) -> None:
    document = tune_window.editor.document
    assert document is not None
    tune_window.files.save_copy(document, tmp_path / "missing" / "take.abc")
    wait_for_writing(tune_window)
    assert "could not be saved" in tune_window.workspace.messages.sentences[0]


def print_to(window: MainWindow, path: Path) -> None:
    """Choose a file in the print dialog, and print."""
    window.actions_["print"].trigger()
    (dialog,) = window.findChildren(QPrintDialog)
    dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    dialog.printer().setOutputFileName(str(path))
    dialog.accepted.emit(dialog.printer())
    dialog.close()


def test_the_pages_are_printed_to_a_file_from_the_print_dialog(
    tune_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(tune_window.session.exporter.exported, timeout=TIMEOUT_MS):
        print_to(tune_window, tmp_path / "printed.pdf")
    assert (tmp_path / "printed.pdf").read_bytes().startswith(b"%PDF")


def test_a_file_that_cannot_be_printed_to_is_said_so(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tune_window.session.exporter.failed, timeout=TIMEOUT_MS):
        print_to(tune_window, tmp_path / "missing" / "printed.pdf")
    assert "printed.pdf could not be saved" in tune_window.workspace.messages.sentences[0]


@pytest.mark.qt_log_ignore("QPainter::begin", "propagateSizeHints")  # Qt warns of it, too
def test_a_printer_that_cannot_be_reached_is_said_so(tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "missing" / "printed.pdf"))
    with pytest.raises(DeviceError, match="printer cannot be reached"):
        paint_pages(printer, [], lambda share, part=None: None)  # noqa: ARG005 - as a report is called


def test_zoom_goes_to_the_focused_view_and_back(tune_window: MainWindow) -> None:
    tune_window.staff.setFocus()
    found = [tune_window.staff.zoom]
    for name in ("zoom_in", "zoom_reset", "zoom_out"):
        tune_window.actions_[name].trigger()
        found.append(tune_window.staff.zoom)
    assert found[1] > found[0] == found[2] > found[3]


def test_full_screen_is_left_again(window: MainWindow) -> None:
    found = []
    for _ in range(2):
        window.actions_["full_screen"].trigger()
        found.append(window.isFullScreen())
    assert found == [True, False]


def test_full_screen_is_ticked_whoever_made_the_window_so(window: MainWindow) -> None:
    window.showFullScreen()
    found = [window.actions_["full_screen"].isChecked()]
    window.showNormal()
    found.append(window.actions_["full_screen"].isChecked())
    assert found == [True, False]


def test_loop_and_count_in_follow_the_transport_both_ways(tune_window: MainWindow) -> None:
    transport = tune_window.session.transport
    tune_window.actions_["loop"].trigger()
    tune_window.actions_["count_in"].trigger()
    assert (transport.loop, transport.count_in) == (True, True)
    transport.loop = False
    assert not tune_window.actions_["loop"].isChecked()


def test_the_place_goes_to_the_ends_of_the_tune(tune_window: MainWindow) -> None:
    transport = tune_window.session.transport
    found = []
    for name in ("go_to_end", "go_to_start"):
        tune_window.actions_[name].trigger()
        found.append(transport.place.measure if transport.place else None)
    assert found == [tune_window.editor.measure_count - 1, 0]
