"""The table of actions: complete, in the menus, and without two equal keys."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from inpaint_desktop.ui.actions import ACTIONS, CONTEXT_MENU, MENUS, SEPARATOR, TOOLBAR, Actions, MenuSpec, Need
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.main_window import MainWindow

EXPECTED = {
    "undo": ["Ctrl+Z"],
    "redo": ["Ctrl+Shift+Z", "Ctrl+Y"],
    "play": ["Space"],
    "select_all": ["Ctrl+A"],
    "select_to_start": ["Ctrl+Shift+Home"],
    "select_to_end": ["Ctrl+Shift+End"],
    "zoom_in": ["Ctrl+=", "Ctrl++"],
    "zoom_out": ["Ctrl+-"],
    "zoom_reset": ["Ctrl+0"],
    "go_to_start": ["Home"],
    "go_to_end": ["End"],
    "regenerate": ["Ctrl+R", "Ctrl+Return"],
    "new": ["Ctrl+N"],
    "open": ["Ctrl+O"],
    "save": ["Ctrl+S"],
    "save_as": ["Ctrl+Shift+S"],
    "close": ["Ctrl+W"],
    "quit": ["Ctrl+Q"],
    "print": ["Ctrl+P"],
    "shortcuts": ["F1"],
    "preferences": ["Ctrl+,"],
    "full_screen": ["F11"],
}


def names_in(menu: MenuSpec) -> Iterator[str]:
    for entry in menu.entries:
        if isinstance(entry, MenuSpec):
            yield from names_in(entry)
        elif entry != SEPARATOR:
            yield entry


def menus_in(menu: MenuSpec) -> Iterator[MenuSpec]:
    yield menu
    for entry in menu.entries:
        if isinstance(entry, MenuSpec):
            yield from menus_in(entry)


def test_every_action_stands_in_exactly_one_menu() -> None:
    assert Counter(name for menu in MENUS for name in names_in(menu)) == Counter(spec.name for spec in ACTIONS)


def test_toolbar_and_context_menu_have_actions_of_the_table_only() -> None:
    assert {*TOOLBAR, *names_in(CONTEXT_MENU)} - {SEPARATOR} <= {spec.name for spec in ACTIONS}


def test_no_two_actions_have_the_same_key() -> None:
    keys = [QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_the_keys_are_those_that_users_know(window: MainWindow) -> None:
    found = {name: [key.toString() for key in window.actions_[name].shortcuts()] for name in EXPECTED}
    assert found == EXPECTED


@pytest.mark.parametrize("menu", [menu for top in MENUS for menu in menus_in(top)], ids=lambda menu: menu.name)
def test_the_entries_of_a_menu_have_mnemonics_of_their_own(menu: MenuSpec) -> None:
    texts = {spec.name: spec.text for spec in ACTIONS}
    entries = [entry for entry in menu.entries if entry != SEPARATOR]
    shown = [entry.text if isinstance(entry, MenuSpec) else texts[entry] for entry in entries]
    marks = [text[text.index("&") + 1].casefold() for text in shown]
    assert len(marks) == len(set(marks)), shown


def test_actions_that_lack_what_they_need_are_disabled(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    actions.set_met(Need.SCORE)
    assert actions["save"].isEnabled()
    assert not actions["regenerate"].isEnabled()
    actions.set_met(Need.SCORE | Need.MELODY | Need.SELECTION)
    assert actions["regenerate"].isEnabled()
    assert actions["open"].isEnabled()


def test_icons_are_light_on_dark_and_dark_on_light(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = Actions(window)
    lightness = []
    for palette in (window.palette(), dark_palette()):
        actions.set_icons(palette)
        image = actions["play"].icon().pixmap(32, 32).toImage()
        lightness.append(image.pixelColor(14, 16).lightness())
    assert lightness[0] < 100 < 200 < lightness[1]


def test_every_icon_of_the_table_is_there(window: MainWindow) -> None:
    for spec in ACTIONS:
        if spec.icon:
            image = window.actions_[spec.name].icon().pixmap(24, 24).toImage()
            assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), spec.name


def test_every_action_does_something(window: MainWindow) -> None:
    for spec in ACTIONS:
        action = window.actions_[spec.name]
        signal = "2toggled(bool)" if spec.is_checkable and not spec.name.startswith("view_") else "2triggered(bool)"
        assert action.receivers(signal) > 0, spec.name


def test_the_menu_bar_has_all_menus(window: MainWindow) -> None:
    shown = [action.menu() for action in window.menuBar().actions()]
    assert [menu.title() for menu in shown if isinstance(menu, QMenu)] == [spec.text for spec in MENUS]
