"""Opens a score in the real window, with a clock."""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

TIMER_MS = 5
TIME_LIMIT_S = 180.0


@dataclass(slots=True)
class Opened:
    """How long things took, in milliseconds; what took longer than the limit took infinitely long."""

    ready_ms: float = float("inf")
    drawn_ms: float = float("inf")
    standstill_ms: float = 0.0


def open_in_window(path: Path) -> Opened:
    """Open a score in a new window and wait until it is drawn."""
    with tempfile.TemporaryDirectory() as folder:
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = folder
        os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
        application = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(application, QApplication), "there is no other kind here"
        return _open(application, path)


def _open(application: QApplication, path: Path) -> Opened:
    from inpaint_desktop.settings import Settings
    from inpaint_desktop.ui.main_window import MainWindow

    window = MainWindow(Settings())
    window.resize(1400, 900)
    window.show()
    _let_live(application, 3000)  # the children load what they need
    opened = Opened()
    start = last = time.monotonic()
    window.open_file(path)
    while (now := time.monotonic()) - start < TIME_LIMIT_S:
        opened.standstill_ms = max(opened.standstill_ms, 1000 * (now - last) - TIMER_MS)
        last = now
        if window.editor.path == path and opened.ready_ms == float("inf"):
            opened.ready_ms = 1000 * (now - start)
        if window.editor.path == path and window.staff.is_up_to_date:
            opened.drawn_ms = 1000 * (now - start)
            break
        _let_live(application, TIMER_MS)
    window.close()
    application.processEvents()
    return opened


def _let_live(application: QApplication, milliseconds: int) -> None:
    loop = QEventLoop(application)
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
