"""How fast the window is, and how long it ever stands still: ``make bench`` prints it.

Needs a screen; ``xvfb-run`` gives one. Every figure is a median of several runs, but for standstills, where the
longest one counts: how much later than it should a timer of 5 ms came.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from inpaint_desktop.documents.export import export
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.paths import resources_folder
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.moving import Steps, move_measures
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.garbage import GarbageCollection
from inpaint_desktop.ui.main_window import MainWindow

TUNE = resources_folder() / "tunes" / "soldiers-joy.abc"
RUNS = 7
TIMER_MS = 5
TIMEOUT_S = 60.0
FIRST_PAINT = """
import sys, time
from PySide6.QtCore import QTimer
from inpaint_desktop import app
from inpaint_desktop.ui.main_window import MainWindow
made = MainWindow.__init__

def make(self, *arguments):
    made(self, *arguments)
    self.painted.connect(lambda: report(self))

def report(window):
    slow = [name for name in ("torch", "music21", "verovio", "pygame") if name in sys.modules]
    print(time.time(), *slow, flush=True)
    QTimer.singleShot(100, window.close)

MainWindow.__init__ = make
app.main([])
"""


def main() -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as folder:
        _use_folders(Path(folder))
        print_line("first paint after the start of the process", f"{_first_paint_s():.2f} s")
        application = QApplication(sys.argv[:1])
        garbage = GarbageCollection(application)
        window = MainWindow(Settings())
        window.session.filler.ready.connect(garbage.settle)
        window.resize(1400, 900)
        window.show()
        window.activateWindow()
        try:
            _measure(window, Path(folder))
        finally:
            window.editor.undo_stack.setClean()
            window.close()
            application.processEvents()


def print_line(what: str, value: str) -> None:
    """Print one figure."""
    sys.stdout.write(f"  {what:<52} {value:>10}\n")
    sys.stdout.flush()


def _use_folders(folder: Path) -> None:
    """Leave the user's own folders alone."""
    for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[variable] = str(folder / "user")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program does not compile itself at each start
    os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
    # Desktops have a session bus; where there is none, SDL would fork the process to start one.
    os.environ.setdefault("DBUS_SESSION_BUS_ADDRESS", "unix:path=/dev/null")


def _first_paint_s() -> float:
    """From before the process is started until its window has been painted."""
    times = []
    for _ in range(RUNS):
        started = time.time()
        command = [sys.executable, "-c", FIRST_PAINT]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        if printed[1:]:
            print_line("imported before the first paint", " ".join(printed[1:]))
        times.append(float(printed[0]) - started)
    return statistics.median(times)


def _measure(window: MainWindow, folder: Path) -> None:
    ready: list[str] = []
    window.session.filler.ready.connect(lambda *names: ready.extend(names))
    until(lambda: ready, "the model is loaded")
    with standstill("opening a tune"):
        _open(window, TUNE)
    long_tune = folder / "long.abc"
    tune = _of_length(200)
    long_tune.write_bytes(export(tune, "abc"))
    print_line("Ctrl+R to the first card, model loaded", f"{_first_card_ms(window):.0f} ms")
    print_line("an edit of 32 measures on screen", f"{_edit_ms(window, folder):.0f} ms")
    _stand_still(window, TUNE, "18 measures")
    with standstill("opening 200 measures"):
        _open(window, long_tune)
    _stand_still(window, long_tune, "200 measures")


def _of_length(measures: int) -> Melody:
    """The bundled tune over and over, without its repeats."""
    melody = open_document(TUNE).melody()
    full = [measure for measure in melody.measures if measure.is_full]
    return Melody(tuple(full[index % len(full)] for index in range(measures)), title="Long")


def _open(window: MainWindow, path: Path) -> None:
    window.open_file(path)
    until(lambda: window.editor.path == path and window.staff.is_up_to_date, "the score is drawn")


def _first_card_ms(window: MainWindow) -> float:
    times = []
    for _ in range(RUNS):
        window.editor.select(6, 9)
        window.staff.setFocus()
        pause(300)
        clock = QElapsedTimer()
        clock.start()
        QTest.keyClick(window.staff, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        until(lambda: _is_first_card_drawn(window), "the first card is drawn")
        times.append(clock.elapsed())
        until(lambda: not window.session.filler.is_running, "all takes came")
        window.session.gallery.close()
        pause(300)
    return statistics.median(times)


def _is_first_card_drawn(window: MainWindow) -> bool:
    views = window.gallery.cards.views
    return len(views) > 1 and views[1].is_drawn


def _edit_ms(window: MainWindow, folder: Path) -> float:
    path = folder / "32.abc"
    path.write_bytes(export(_of_length(32), "abc"))
    _open(window, path)
    pause(500)
    times = []
    for run in range(RUNS):
        melody = window.editor.melody
        assert melody is not None
        change = move_measures(melody, Span(3 + run, 4 + run), Steps(1))  # each time something new
        clock = QElapsedTimer()
        clock.start()
        window.editor.replace_measures("Edit", change.span, change.measures)
        until(lambda: window.staff.is_up_to_date, "the edit is drawn")
        times.append(clock.elapsed())
        pause(200)
    return statistics.median(times)


def _stand_still(window: MainWindow, path: Path, what: str) -> None:
    """The longest standstill while everything goes on at once."""
    if window.editor.path != path:
        window.editor.undo_stack.setClean()
        _open(window, path)
    session = window.session
    with standstill(f"editing {what}"):
        melody = window.editor.melody
        assert melody is not None
        change = move_measures(melody, Span(3, 4), Steps(1))
        window.editor.replace_measures("Edit", change.span, change.measures)
        until(lambda: window.staff.is_up_to_date, "the edit is drawn")
    with standstill(f"regenerating in {what}"):
        window.editor.select(6, 9)
        session.filler.regenerate()
        until(lambda: _is_first_card_drawn(window) and not session.filler.is_running, "takes came")
        until(lambda: window.staff.is_up_to_date, "the take is drawn")
    with standstill(f"playing {what}"):
        session.transport.play_pause()
        pause(3000)
        session.transport.stop()
    session.gallery.close()
    window.editor.undo_stack.setClean()


class _Gaps(QObject):
    """Listens to a timer and keeps how late it ever was."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self._clock = QElapsedTimer()
        self._clock.start()
        self._timer = QTimer(self, interval=TIMER_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start()

    def _on_timer_timeout(self) -> None:
        self.longest_ms = max(self.longest_ms, self._clock.nsecsElapsed() / 1e6 - TIMER_MS)
        self._clock.restart()

    def stop(self) -> None:
        """Listen no more."""
        self._on_timer_timeout()
        self._timer.stop()


@contextmanager
def standstill(what: str) -> Iterator[None]:
    """Print how long the window stood still at most in the block."""
    gaps = _Gaps()
    yield
    gaps.stop()
    print_line(f"longest standstill, {what}", f"{gaps.longest_ms:.0f} ms")


def pause(milliseconds: int) -> None:
    """Let the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(claim: Callable[[], object], what: str) -> None:
    """Let the window live until the claim holds.

    Raises:
        TimeoutError: it does not come to hold.
    """
    deadline = time.monotonic() + TIMEOUT_S
    while not claim():
        if time.monotonic() > deadline:
            message = f"It did not come to this: {what}."
            raise TimeoutError(message)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 1)
        pause(1)


if __name__ == "__main__":
    main()
