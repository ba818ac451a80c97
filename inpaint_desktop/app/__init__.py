"""Starts the desktop program."""

import os
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from inpaint_desktop.app.file_openings import FileOpenings
from inpaint_desktop.crash_log import CrashLog
from inpaint_desktop.logs import logging_to_file
from inpaint_desktop.paths import APP_NAME
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.appearance import application_icon
from inpaint_desktop.ui.files import sentence_of
from inpaint_desktop.ui.garbage import GarbageCollection
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.single_instance import SingleInstance, own_name

ENGRAVED_FONT = "Times New Roman"
SERIF_FONTS = ("Liberation Serif", "Tinos", "Nimbus Roman", "FreeSerif")
"""What stands in for it where it is missing; QtSvg reads one family of a list only."""


def main(arguments: Sequence[str]) -> int:
    """Open the window, with the file that ``arguments`` name, and return the exit code when it is closed.

    Where the program runs already, that one gets the file. Where a thread still works when the window is closed, the
    process ends here.
    """
    code = _run(arguments)
    if any(thread.daemon for thread in threading.enumerate()):
        os._exit(code)  # Python would end under the feet of a library that is being loaded there, which then aborts
    return code


def _run(arguments: Sequence[str]) -> int:
    with logging_to_file(), CrashLog() as crash_log:
        application = _application()
        instance = SingleInstance(own_name(), application)
        files = [Path(argument) for argument in arguments]
        if instance.hand_over(files):
            return 0
        instance.listen()
        garbage = GarbageCollection(application)
        window = MainWindow(Settings.load())
        window.session.filler.ready.connect(garbage.settle)
        sys.excepthook = _telling(window, sys.excepthook)
        instance.files_received.connect(window.take_files)
        FileOpenings(application).files_asked.connect(window.take_files)
        window.show()
        if crash_log.last_crash:
            window.say(crash_log.last_crash)
        if files:
            window.painted.connect(partial(window.take_files, tuple(files)))
        return application.exec()


def _application() -> QApplication:
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName(APP_NAME)
    application.setDesktopFileName(APP_NAME)
    application.setWindowIcon(application_icon())
    QFont.insertSubstitutions(ENGRAVED_FONT, SERIF_FONTS)
    return application


def _telling(window: MainWindow, before: Callable[..., object]) -> Callable[..., object]:
    """Let the window say that something unexpected went wrong; it goes on, and the log has the details."""

    def hook(kind: type[BaseException], error: BaseException, trace: object) -> None:
        before(kind, error, trace)
        if threading.current_thread() is threading.main_thread() and isinstance(error, Exception):
            window.say(sentence_of(error))

    return hook
