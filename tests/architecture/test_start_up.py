"""What the start of the program must not wait for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SLOW_LIBRARIES = ("torch", "music21", "verovio", "pygame", "numpy", "tensorboard", "training")
REPORT = "import sys, {module}; print(*(name for name in {slow} if name in sys.modules))"
TUNE = Path(__file__).parents[2] / "resources" / "tunes" / "soldiers-joy.abc"
AT_FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from inpaint_desktop.app import main
from inpaint_desktop.ui.main_window import MainWindow

class Report(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched.window(), MainWindow):
            print(*(name for name in {slow} if name in sys.modules), flush=True)
            os._exit(0)
        return False

application, report = QApplication([]), Report()
application.installEventFilter(report)
main([{tune!r}])
"""


@pytest.mark.parametrize("module", ["__main__", "cli", "documents", "isolation", "settings", "app"])
def test_importing_a_module_that_starts_the_program_loads_no_slow_library(module: str) -> None:
    code = REPORT.format(module=f"inpaint_desktop.{module}", slow=SLOW_LIBRARIES)
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not finished.stdout.split()


def test_the_window_is_painted_before_any_slow_library_is_loaded(own_folders: Path) -> None:
    assert not own_folders.exists()
    code = AT_FIRST_PAINT.format(slow=SLOW_LIBRARIES, tune=str(TUNE))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    assert finished.stdout.split() == []
