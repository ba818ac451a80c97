"""What the window promises to hands, eyes and readers: keys, one selection, one language, no commas in files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QWidget

from inpaint_desktop.documents.conversion import converted
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.wishes import LinePoint
from tests.gui.conftest import TUNES, OpenFile
from tests.gui.test_main_window import save

Make = Callable[..., MainWindow]
Key = Qt.Key


@pytest.fixture
def reel_window(window: MainWindow, open_file: OpenFile) -> MainWindow:
    """A window in which a reel is open."""
    open_file(window, TUNES / "soldiers-joy.abc")
    return window


# Hands


@pytest.mark.qt_log_ignore("does not support", extend=True)  # of the menu that one of them opens
def test_return_presses_any_focused_button_as_space_plays(reel_window: MainWindow) -> None:
    buttons = [
        button
        for button in reel_window.findChildren(QAbstractButton)
        if button.isVisible() and button.isEnabled() and button.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    pressed: list[QAbstractButton] = []
    for button in buttons:
        button.clicked.connect(lambda _checked=False, button=button: pressed.append(button))
        button.setFocus()
        QTest.keyClick(button, Key.Key_Return)
    assert len(buttons) > 8
    assert pressed == buttons


def test_everything_that_takes_keys_is_reached_with_tab_and_has_a_name(reel_window: MainWindow) -> None:
    reached: list[QWidget] = []
    reel_window.editor.select(1, 2)
    reel_window.gallery.echo_selection()
    reel_window.session.wishes.toggle_lock(NotePlace(1, 0))
    reel_window.session.wishes.set_contour([LinePoint(1, 0, 69.0)])
    reel_window.workspace.focus_view()
    while (widget := QApplication.focusWidget()) not in reached:
        assert widget is not None
        reached.append(widget)
        QTest.keyClick(widget, Key.Key_Tab)
    conditions = reel_window.gallery.settings.conditions
    assert {reel_window.staff, reel_window.roll, reel_window.gallery.cards} <= set(reached)
    assert {conditions.keep, conditions.echo_strength, conditions.unlock, conditions.contour_strength} <= set(reached)
    assert [widget for widget in reached if not (widget.accessibleName() or text_of(widget))] == []


def text_of(widget: QWidget) -> str:
    """What stands on a widget, or on the label that belongs to it."""
    labels = widget.window().findChildren(QLabel)
    buddy = next((label.text() for label in labels if label.buddy() is widget), "")
    return widget.text() if isinstance(widget, (QAbstractButton, QLabel)) else buddy


# Eyes


def test_both_views_say_the_same_selection_wherever_it_is_made(reel_window: MainWindow) -> None:
    reel_window.staff.setFocus()
    QTest.keyClick(reel_window.staff, Key.Key_Right)
    QTest.keyClick(reel_window.staff, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert reel_window.staff.accessibleDescription() == "measures 0 to 1 of 17, D major, 4/4"
    assert reel_window.staff.accessibleDescription() == reel_window.roll.accessibleDescription()
    reel_window.roll.setFocus()
    QTest.keyClick(reel_window.roll, Key.Key_Right)
    assert reel_window.staff.accessibleDescription() == reel_window.roll.accessibleDescription()
    assert reel_window.staff.accessibleDescription() == "measure 2 of 17, D major, 4/4"


# Readers


class Brackets(QTranslator):
    """A language in which everything stands in brackets."""

    def translate(self, _context: str, text: str, _hint: str | None = None, _number: int = -1) -> str:
        return f"«{text}»"


@pytest.fixture
def _in_brackets(qapp: QApplication) -> Iterator[None]:
    language = Brackets(qapp)
    QCoreApplication.installTranslator(language)
    yield
    QCoreApplication.removeTranslator(language)


@pytest.mark.usefixtures("_in_brackets")
def test_every_word_in_the_window_is_translated(make_window: Make, open_file: OpenFile) -> None:
    window = make_window()
    welcome = words_on(window)
    open_file(window, TUNES / "soldiers-joy.abc")
    window.editor.select(2, 3)
    window.gallery.echo_selection()
    window.session.wishes.toggle_lock(NotePlace(2, 0))
    window.session.wishes.set_contour([LinePoint(2, 0, 69.0)])
    said = {*welcome, *words_on(window), *actions_of(window)}
    names = {path.name for path in TUNES.iterdir()} | {window.status.model.text(), "Fiddle"}
    untranslated = {text for text in said if "«" not in text and any(map(str.isalpha, text)) and text not in names}
    assert len(said) > 100
    assert untranslated == set()


def words_on(window: MainWindow) -> set[str]:
    """The texts, tool tips and names of everything that is shown."""
    found: set[str] = set()
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            found |= {widget.toolTip(), widget.accessibleName(), widget.statusTip()}
            found.add(widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else "")
            found.add(widget.title() if isinstance(widget, QMenu) else "")
    return found


def actions_of(window: MainWindow) -> set[str]:
    return {text for action in window.actions_ for text in (action.text(), action.statusTip(), action.toolTip())}


# Files


@pytest.fixture
def _in_german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("_in_german")
def test_decimal_commas_never_reach_a_file(make_window: Make, open_file: OpenFile, tmp_path: Path) -> None:
    assert QLocale().toString(1.5) == "1,5"
    window = make_window(Settings(zoom=1.25, tempo_percent=62.5, volume=0.35))
    path = tmp_path / "tune.abc"
    path.write_text("X:1\nM:4/4\nL:1/8\nQ:1/4=92.5\nK:D\n(3ABA d2 f2 a2|A8|\n", encoding="utf-8")
    open_file(window, path)
    window.editor.select(0)
    window.actions_["octave_up"].trigger()
    save(window)
    assert "Q:1/4=92.5" in path.read_text(encoding="utf-8")
    assert window.editor.document is not None
    assert b"92.5" in converted(window.editor.document, ".musicxml")
    window.close()
    assert (Settings.load().zoom, Settings.load().tempo_percent, Settings.load().volume) == (1.25, 62.5, 0.35)
