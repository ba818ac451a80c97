"""Starts the desktop program."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QApplication

from inpaint_desktop.paths import APP_NAME
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.appearance import application_icon
from inpaint_desktop.ui.main_window import MainWindow


def main(arguments: Sequence[str]) -> int:
    """Open the window, with the files that ``arguments`` name, and return the exit code when it is closed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName(APP_NAME)
    application.setApplicationDisplayName("")
    application.setDesktopFileName(APP_NAME)
    application.setWindowIcon(application_icon())
    window = MainWindow(Settings.load())
    window.show()
    for argument in arguments[:1]:
        window.open_file(Path(argument))
    return application.exec()
