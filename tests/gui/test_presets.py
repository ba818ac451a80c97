"""Presets: how takes shall be, kept under names with the preferences, and the menu that has them."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QMenu
from pytestqt.qtbot import QtBot

from inpaint_desktop.score.melody import Span
from inpaint_desktop.settings import MAX_PRESET_NAME, Settings
from inpaint_desktop.ui.asking import Answer, Question
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import Example, FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.preset_button import NameDialog, PresetButton
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.preferences import Preferences
from inpaint_desktop.ui.presets import Presets

Make = Callable[..., MainWindow]
Key = Qt.Key
WHISTLE = FillSettings(takes=4, lowest=62, highest=83, keep="rhythm", longest_leap=9, last_note=62)


@pytest.fixture
def filler(qtbot: QtBot) -> Iterator[Filler]:
    made = Filler(Editor())
    yield made
    made.close()
    qtbot.wait(0)


@pytest.fixture
def preferences() -> Iterator[Preferences]:
    made = Preferences(Settings())
    yield made
    made.close()


@pytest.fixture
def presets(preferences: Preferences, filler: Filler) -> Presets:
    return Presets(preferences, filler)


@pytest.fixture
def button(presets: Presets, qtbot: QtBot) -> PresetButton:
    made = PresetButton(presets)
    qtbot.addWidget(made)
    made.show()
    return made


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def submenu(menu: QMenu, text: str) -> QMenu:
    found = entry(menu, text).menu()
    assert isinstance(found, QMenu)
    return found


def write(dialog: NameDialog, name: str) -> None:
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, name)


def dialog_of(button: PresetButton) -> NameDialog:
    return next(dialog for dialog in button.findChildren(NameDialog) if dialog.isVisible())


def is_ok(dialog: NameDialog) -> bool:
    return dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_settings_come_back_under_their_name(presets: Presets, filler: Filler) -> None:
    filler.set_settings(WHISTLE)
    presets.save("Whistle")
    filler.set_settings(FillSettings(variety=0.9, keep="pitches"))
    found = [presets.current]
    presets.use("Whistle")
    assert filler.settings == WHISTLE
    assert [*found, presets.current] == ["", "Whistle"]


def test_seed_model_and_what_hangs_on_one_tune_are_not_kept(presets: Presets, filler: Filler) -> None:
    example = Example(0, Span(2, 3), (), "take 2", similarity_before=0.4)
    filler.set_settings(FillSettings(seed=7, echo=Span(0, 1), example=example, similarity=0.7))
    presets.save("Mine")
    now = FillSettings(seed=99, seed_locked=True, model="reels", device="cpu", echo=Span(1, 2), takes=2)
    filler.set_settings(now)
    presets.use("Mine")
    assert filler.settings == FillSettings(
        seed=99, seed_locked=True, model="reels", device="cpu", echo=Span(1, 2), similarity=0.4
    )


def test_choosing_a_preset_leaves_the_take_that_others_should_be_like(presets: Presets, filler: Filler) -> None:
    presets.save("Free")
    filler.set_settings(FillSettings(example=Example(0, Span(2, 3), (), "take 2"), similarity=0.7))
    presets.use("Free")
    assert filler.settings == FillSettings()


def test_presets_are_listed_renamed_and_deleted(presets: Presets, qtbot: QtBot) -> None:
    for name in ("whistle", "Fiddle", "jigs"):
        presets.save(name)
    found = [presets.names]
    with qtbot.waitSignal(presets.changed):
        presets.rename("jigs", "Slip jigs")
    presets.rename("whistle", "Fiddle")  # there is one of that name
    presets.rename("nothing", "Something")
    presets.delete("Fiddle")
    presets.use("Fiddle")
    assert [*found, presets.names] == [("Fiddle", "jigs", "whistle"), ("Slip jigs", "whistle")]


def test_the_settings_can_be_as_at_first(presets: Presets, filler: Filler) -> None:
    filler.set_settings(WHISTLE)
    found = [presets.is_as_at_first]
    presets.use_none()
    assert [*found, presets.is_as_at_first] == [False, True]
    assert filler.settings == FillSettings()


def test_presets_and_conditions_are_found_again_at_the_next_start_but_not_what_hangs_on_a_tune(
    make_window: Make,
) -> None:
    window = make_window()
    window.session.filler.set_settings(WHISTLE)
    window.session.presets.save("Whistle")
    window.close()
    again = make_window(Settings.load())
    settings = again.session.filler.settings
    assert (settings.keep, settings.longest_leap, settings.last_note) == ("rhythm", 9, None)
    again.session.presets.use("Whistle")
    assert again.session.filler.settings.last_note == 62


def test_a_preset_that_lacks_a_setting_has_it_as_at_first(filler: Filler) -> None:
    presets = Presets(Preferences(Settings(presets={"Old": {"keep": "rhythm"}})), filler)
    filler.set_settings(FillSettings(takes=3))
    presets.use("Old")
    assert filler.settings == FillSettings(keep="rhythm")


# The menu


def test_the_menu_has_all_presets_and_marks_the_one_that_is_in_use(
    button: PresetButton, presets: Presets, filler: Filler
) -> None:
    menu = button.made_menu()
    assert entries(menu) == ["As at &first", "&Save the settings...", "&Rename", "&Delete"]
    assert entry(menu, "As at &first").isChecked()
    assert not entry(menu, "&Delete").isEnabled()
    filler.set_settings(WHISTLE)
    presets.save("Jigs & reels")
    menu = button.made_menu()
    assert entries(menu)[:2] == ["Jigs && reels", "As at &first"]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Jigs && reels"]
    entry(menu, "As at &first").trigger()
    assert filler.settings == FillSettings()
    entry(menu, "Jigs && reels").trigger()
    assert filler.settings == WHISTLE


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_click_opens_the_menu(button: PresetButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [menu.isVisible() for menu in button.findChildren(QMenu) if not menu.title()] == [True]


def test_settings_are_saved_under_a_name_that_is_typed(button: PresetButton, presets: Presets, filler: Filler) -> None:
    filler.set_settings(WHISTLE)
    entry(button.made_menu(), "&Save the settings...").trigger()
    dialog = dialog_of(button)
    found = [is_ok(dialog)]
    write(dialog, "  Whistle ")
    found.append(is_ok(dialog))
    QTest.keyClick(dialog.name, Key.Key_Return)
    assert (found, presets.names, presets.current) == ([False, True], ("Whistle",), "Whistle")


def test_a_name_that_is_there_is_said_to_be_replaced(button: PresetButton, presets: Presets, filler: Filler) -> None:
    presets.save("Whistle")
    filler.set_settings(WHISTLE)
    button.ask_save()
    dialog = dialog_of(button)
    assert "The seed is not kept" in dialog.note.text()
    write(dialog, "Whistle")
    assert dialog.note.text() == "What is kept under this name is replaced."
    QTest.keyClick(dialog.name, Key.Key_Return)
    presets.use("Whistle")
    assert filler.settings == WHISTLE


def test_a_preset_gets_another_name_that_no_other_has(button: PresetButton, presets: Presets) -> None:
    presets.save("One")
    presets.save("Two")
    entry(submenu(button.made_menu(), "&Rename"), "One...").trigger()
    dialog = dialog_of(button)
    assert (dialog.windowTitle(), dialog.name.text(), is_ok(dialog)) == ("Rename 'One'", "One", True)
    write(dialog, "Two")
    assert (dialog.note.text(), is_ok(dialog)) == ("There is a preset of this name already; choose another.", False)
    write(dialog, "Three" * 20)
    assert len(dialog.name.text()) == MAX_PRESET_NAME
    write(dialog, "Three")
    QTest.keyClick(dialog.name, Key.Key_Return)
    assert presets.names == ("Three", "Two")


@pytest.mark.parametrize(("answer", "left"), [(Answer.Yes, ()), (Answer.Cancel, ("One",))])
def test_deleting_asks_first(button: PresetButton, presets: Presets, answer: Answer, left: tuple[str, ...]) -> None:
    presets.save("One")
    entry(submenu(button.made_menu(), "&Delete"), "One...").trigger()
    (question,) = button.findChildren(Question)
    assert question.text() == "Delete the preset 'One'?"
    question.button(answer).click()
    assert presets.names == left


def test_escape_leaves_everything_as_it_is(button: PresetButton, presets: Presets) -> None:
    button.ask_save()
    write(dialog_of(button), "Whistle")
    QTest.keyClick(dialog_of(button), Key.Key_Escape)
    assert presets.names == ()
