"""What tests of the window share: no screen, no sound, folders of their own, and nothing left running."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.session import Children

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")

TUNES = Path(__file__).parents[2] / "resources" / "tunes"
DATA = Path(__file__).parents[1] / "data"
OPENING_TIMEOUT_MS = 30_000

MakeWindow = Callable[..., MainWindow]
OpenFile = Callable[[MainWindow, Path], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform warns of every window that has a smallest size; nothing else is let pass."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@pytest.fixture(autouse=True)
def no_folders_of_the_user(own_folders: Path) -> None:
    """No test reads or writes what the user has."""


@pytest.fixture(autouse=True)
def nothing_left_open(qapp: QApplication) -> Iterator[None]:
    """Dialogs that a test left open are closed."""
    yield
    for widget in qapp.topLevelWidgets():
        if widget.isVisible() and not isinstance(widget, MainWindow):
            widget.close()


@pytest.fixture(scope="session")
def children() -> Iterator[Children]:
    """Child processes that all windows share, as starting them takes longer than most tests."""
    made = Children()
    yield made
    made.close()


@pytest.fixture
def make_window(
    qtbot: QtBot, children: Children, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., MainWindow]]:
    """Make windows; they end with the test."""
    monkeypatch.setattr(Filler, "warm_up", lambda _filler: None)  # the model is loaded when takes are asked for
    made: list[MainWindow] = []

    def make(settings: Settings | None = None) -> MainWindow:
        window = MainWindow(settings or Settings(), children)
        made.append(window)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in made:
        window.editor.undo_stack.setClean()
        window.close()
        window.deleteLater()


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window with nothing open."""
    return make_window()


@pytest.fixture
def open_file(qtbot: QtBot) -> OpenFile:
    """Open a file in a window and wait until it is shown or refused."""

    def open_it(window: MainWindow, path: Path) -> None:
        with qtbot.waitSignal(window.files.opening_ended, timeout=OPENING_TIMEOUT_MS):
            window.open_file(path)

    return open_it
