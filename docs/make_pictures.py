"""Takes the pictures of the guide from the real program: ``make pictures``.

Needs a screen (``xvfb-run`` gives one). Takes are made with a fixed seed, so the pictures stay the same.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from inpaint_desktop.paths import resources_folder
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.wishes import USUAL_STRENGTH, LinePoint

PICTURES = Path(__file__).parent / "pictures"
TUNES = resources_folder() / "tunes"
SIZE = (1320, 860)
TIMEOUT_S = 60.0


class Photographer:
    """Brings the window into a state and takes its picture."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def until(self, claim: Callable[[], object], what: str) -> None:
        """Let the window live until the claim holds, and a little longer.

        Raises:
            TimeoutError: it does not come to hold.
        """
        deadline = time.monotonic() + TIMEOUT_S
        while not claim():
            if time.monotonic() > deadline:
                message = f"It did not come to this: {what}."
                raise TimeoutError(message)
            self.wait(20)
        self.wait(400)

    def wait(self, milliseconds: int) -> None:
        """Let the window live for a while."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Write the picture of the window, or of another widget."""
        self.wait(300)
        shown = widget or self.window
        shown.grab().save(str(PICTURES / f"{name}.png"), None, 1)  # type: ignore[call-overload]
        sys.stdout.write(f"{name}.png\n")

    def open(self, name: str) -> None:
        """Open an example tune."""
        window, path = self.window, TUNES / name
        window.open_file(path)
        self.until(lambda: window.editor.path == path and window.staff.is_up_to_date, f"{name} is shown")

    def fill(self, first: int, last: int) -> None:
        """Make takes of some measures."""
        window, filler = self.window, self.window.session.filler
        window.editor.select(first, last)
        window.actions_["regenerate"].trigger()
        self.until(lambda: not filler.is_running, "takes came")
        views = window.gallery.cards.views
        self.until(lambda: all(view.picture for view in views), "the cards are engraved")


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[variable] = folder
        os.environ["SDL_AUDIODRIVER"] = "dummy"
        application = QApplication(sys.argv[:1])
        window = MainWindow(Settings(seed=7, seed_locked=True, theme="light"))
        window.resize(*SIZE)
        window.show()
        window.activateWindow()
        take_all(Photographer(window))
        window.editor.undo_stack.setClean()
        window.close()
        application.processEvents()


def take_all(photographer: Photographer) -> None:
    """Go through the guide."""
    window, gallery = photographer.window, photographer.window.session.gallery
    photographer.wait(1500)
    photographer.take("welcome")
    photographer.open("boys-of-bluehill.abc")
    window.editor.select(5, 8)
    photographer.take("selection")
    take_wishes(photographer)
    take_conditions(photographer)
    photographer.fill(5, 8)
    gallery.pick(2)
    photographer.until(lambda: window.staff.is_up_to_date, "the take is shown")
    photographer.take("gallery")
    gallery.commit()
    window.actions_["show_history"].trigger()
    photographer.until(lambda: window.staff.is_up_to_date, "the take is kept")
    photographer.take("kept")
    window.actions_["show_history"].trigger()
    _other_views(photographer)


def take_wishes(photographer: Photographer) -> None:
    """Lock two notes, draw a valley over the measures, and make takes."""
    window = photographer.window
    wishes = window.session.wishes
    window.editor.select(5, 8)
    for place in (NotePlace(5, 0), NotePlace(8, 1)):
        wishes.toggle_lock(place)
    valley = ((5, 0, 79.0), (6, 0, 71.0), (7, 0, 64.0), (8, 0, 71.0), (8, 3 * TICKS_PER_QUARTER, 78.0))
    wishes.set_contour(LinePoint(*point) for point in valley)
    wishes.set_contour_strength(1.0)
    photographer.fill(5, 8)
    window.session.gallery.pick(1)
    photographer.until(lambda: window.staff.is_up_to_date, "the take is shown")
    photographer.take("wishes")
    window.session.gallery.close()
    wishes.clear_locks()
    wishes.clear_contour()
    wishes.set_contour_strength(USUAL_STRENGTH)


def take_conditions(photographer: Photographer) -> None:
    """Set some conditions, and make takes that meet them."""
    window, filler = photographer.window, photographer.window.session.filler
    usual = filler.settings
    window.editor.select(1, 2)
    window.actions_["echo"].trigger()
    asked = replace(filler.settings, keep="rhythm", longest_leap=7, most_kept=0.3)
    filler.set_settings(asked)
    photographer.fill(5, 8)
    window.session.gallery.pick(1)
    photographer.take("conditions", window.gallery)
    window.session.gallery.close()
    filler.set_settings(usual)
    window.gallery.settings.fold.click()


def _other_views(photographer: Photographer) -> None:
    window = photographer.window
    window.editor.undo_stack.setClean()
    photographer.open("auld-lang-syne.musicxml")
    window.editor.set_part(1)
    photographer.fill(7, 10)
    photographer.take("two-parts")
    window.session.gallery.close()
    window.session.preferences.change(theme="dark")
    photographer.open("soldiers-joy.abc")
    photographer.fill(7, 10)
    photographer.take("dark")
    window.session.gallery.close()
    window.session.preferences.change(theme="light")
    photographer.wait(800)
    window.actions_["preferences"].trigger()
    photographer.wait(500)
    dialog = QApplication.activeModalWidget() or QApplication.activeWindow()
    photographer.take("preferences", dialog)
    if dialog is not None:
        dialog.close()


if __name__ == "__main__":
    main()
