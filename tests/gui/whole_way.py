"""The whole way in a real window with real events, as a script: ``whole_way.py SCORE PART FOLDER``.

Runs on the screen that DISPLAY names, opens SCORE, drags over measures 7 to 10 of the part, asks for takes, walks the
gallery, hears two takes, keeps the second, undoes, redoes and saves. What was seen on the way is written to
``seen.json`` in FOLDER, with pictures beside it. Real mouse and key events come from xdotool.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, QTimer
from PySide6.QtWidgets import QApplication, QWidget

sys.path.insert(0, str(Path(__file__).parents[2]))

from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.transport import Transport, TunePlace
from tests.gui.screen import Screen

TIMEOUT_S = 60.0


class Driver:
    """A musician at the window: finds places on the screen, moves the mouse, presses keys, and looks."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window = window
        self.folder = folder
        self.screen = Screen(os.environ["DISPLAY"])
        self.seen: dict[str, Any] = {}

    def wait(self, milliseconds: int) -> None:
        """Let the window live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(self, claim: Callable[[], object], what: str) -> None:
        """Let the window live until the claim holds.

        Raises:
            TimeoutError: it does not come to hold.
        """
        deadline = time.monotonic() + TIMEOUT_S
        while not claim():
            if time.monotonic() > deadline:
                self.picture("failed")
                message = f"It did not come to this: {what}."
                raise TimeoutError(message)
            self.wait(20)

    def press(self, *keys: str) -> None:
        """Press keys, and let the window answer."""
        for key in keys:
            self.screen.press(key)
            self.wait(120)

    def drag_measures(self, part: int, first: int, last: int) -> None:
        """Drag from one measure to another on the staff."""
        staff = self.window.staff
        self.until(lambda: staff.is_up_to_date and staff.drawn_pages, "the staff is drawn")
        self.screen.drag(self._in_measure(part, first), self._in_measure(part, last))
        self.wait(200)

    def _in_measure(self, part: int, index: int) -> tuple[int, int]:
        """A place near the right end of a measure, between its notes and the barline, on the screen."""
        staff = self.window.staff
        box = staff.sheet.measures[part, index]
        place = staff.to_viewport(box.rect.right - 2, box.rect.bottom - 1).toPoint()
        return on_screen(staff.viewport(), place)

    def picture(self, name: str) -> None:
        """Keep what the window shows."""
        self.window.grab().save(str(self.folder / f"{name}.png"))


def on_screen(widget: QWidget, place: QPoint) -> tuple[int, int]:
    """Where a place of a widget lies on the screen."""
    point = widget.mapToGlobal(place)
    return point.x(), point.y()


def drive(settings: Settings, folder: Path, go: Callable[[Driver], None]) -> None:
    """Let a musician go some way at a window of its own; what was seen is written down, however far it went."""
    application = QApplication(sys.argv[:1])
    window = MainWindow(settings)
    window.resize(1500, 950)
    window.show()
    window.activateWindow()
    driver = Driver(window, folder)
    try:
        go(driver)
    finally:
        (folder / "seen.json").write_text(json.dumps(driver.seen), encoding="utf-8")
        window.editor.undo_stack.setClean()
        window.close()
        application.processEvents()


def go(driver: Driver, score: Path, part: int) -> None:
    """Go the whole way."""
    _open(driver, score, part)
    _fill(driver)
    _walk(driver)
    _commit(driver)
    _save(driver)


def _open(driver: Driver, score: Path, part: int) -> None:
    window = driver.window
    driver.until(window.isActiveWindow, "the window has the focus")
    window.open_file(score)
    driver.until(lambda: window.editor.document is not None, "the score is open")
    driver.drag_measures(part, *measures_7_to_10(window, part))
    span = window.editor.span
    assert span is not None
    driver.seen |= {"part": window.editor.part, "selected": [span.start, span.stop]}
    driver.picture("selected")


def measures_7_to_10(window: MainWindow, part: int) -> tuple[int, int]:
    """The indices of the measures with these numbers."""
    document = window.editor.document
    assert document is not None
    numbers = [mark.number for mark in document.parts[part].measures]
    return numbers.index("7"), numbers.index("10")


def _fill(driver: Driver) -> None:
    gallery = driver.window.session.gallery
    driver.press("ctrl+r")
    driver.until(lambda: len(gallery.cards) == 9 and not driver.window.session.filler.is_running, "eight takes came")
    driver.until(driver.window.gallery.isVisible, "the gallery is shown")
    driver.wait(800)
    driver.seen["cards"] = len(gallery.cards)
    driver.picture("gallery")


def _walk(driver: Driver) -> None:
    """Move over the cards, and hear two of them in place."""
    editor, gallery, transport = (
        driver.window.editor,
        driver.window.session.gallery,
        driver.window.session.transport,
    )
    before = editor.document
    shown, heard = [], []
    driver.press("1")
    for _ in range(3):
        shown.append(editor.preview is not None and editor.preview.measures == gallery.cards[gallery.current].measures)
        driver.press("Down")
    driver.press("1")
    for key in ("1", "2"):
        driver.press(key, "space")
        driver.until(lambda: transport.is_playing and transport.place is not None, "it plays")
        places = {transport.place}
        driver.until(partial(_has_moved, transport, places), "the cursor moves")
        heard.append(gallery.current)
        driver.press("space")
        driver.until(lambda: not transport.is_playing, "it pauses")
    driver.seen |= {"shown_in_place": shown, "heard": heard, "untouched": editor.document is before}
    driver.picture("preview")


def _has_moved(transport: Transport, places: set[TunePlace | None]) -> bool:
    """Whether the cursor has been at more than one place."""
    places.add(transport.place)
    return len(places) > 1


def _commit(driver: Driver) -> None:
    editor = driver.window.editor
    take = driver.window.session.gallery.cards[2].measures
    before = editor.document
    driver.press("2", "Return")
    driver.until(lambda: editor.undo_stack.count() == 1, "the take is kept")
    committed = editor.document
    span, melody = editor.span, editor.melody
    assert span is not None
    assert melody is not None
    kept = [[note.pitch for note in measure.notes] for measure in melody.measures[span.start : span.stop]]
    driver.seen["is_second_take"] = kept == [[note.pitch for note in measure.notes] for measure in take]
    driver.picture("committed")
    driver.press("ctrl+z")
    driver.seen["undone"] = editor.document is before
    driver.press("ctrl+shift+z")
    driver.seen["redone"] = editor.document is committed


def _save(driver: Driver) -> None:
    editor = driver.window.editor
    driver.seen["title_before_saving"] = driver.window.windowTitle().replace("[*]", "*" * editor.is_modified)
    driver.press("ctrl+s")
    driver.until(lambda: not editor.is_modified, "the score is saved")
    driver.seen["history"] = editor.undo_stack.text(0)


def main() -> None:
    """Run the script."""
    score, part, folder = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    drive(Settings(), folder, lambda driver: go(driver, score, part))


if __name__ == "__main__":
    main()
