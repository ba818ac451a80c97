"""Files that the system hands to the running program."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inpaint_desktop.app.file_openings import FileOpenings
from inpaint_desktop.ui.main_window import MainWindow
from tests.gui.conftest import TUNES

TIMEOUT_MS = 30_000


@pytest.mark.qt_log_ignore("does not support raise", "propagateSizeHints")
def test_a_file_that_the_system_hands_over_is_opened(qapp: QApplication, window: MainWindow, qtbot: QtBot) -> None:
    openings = FileOpenings(qapp)
    openings.files_asked.connect(window.take_files)
    path = TUNES / "ode-to-joy.abc"
    qapp.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(path))))
    qtbot.waitUntil(lambda: window.editor.path == path, timeout=TIMEOUT_MS)
    qapp.removeEventFilter(openings)


def test_other_events_and_addresses_of_other_places_are_let_pass(qapp: QApplication) -> None:
    openings, asked = FileOpenings(qapp), list[Path]()
    openings.files_asked.connect(asked.append)
    web = QFileOpenEvent(QUrl("https://example.org/tune.abc"))
    assert not openings.eventFilter(qapp, QEvent(QEvent.Type.User))
    assert not openings.eventFilter(qapp, web)
    assert asked == []
    qapp.removeEventFilter(openings)
