"""Preferences: what is chosen is used, kept, and never in the way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.appearance import dark_palette, set_color_theme
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.preferences import Preferences, program_of
from inpaint_desktop.ui.preferences_dialog import KeyTable, PreferencesDialog
from inpaint_desktop.ui.shortcuts import ShortcutList, all_keys, fixed_use, usable_keys

Make = Callable[..., MainWindow]


@pytest.fixture
def dialog(qtbot: QtBot) -> PreferencesDialog:
    made = PreferencesDialog(Settings(midi_port="Old port"))
    made.add_ports(["Port A", "Old port"])
    qtbot.addWidget(made)
    return made


@pytest.fixture
def table(qtbot: QtBot) -> KeyTable:
    made = KeyTable({})
    qtbot.addWidget(made)
    return made


def test_changes_are_written_and_found_again(qtbot: QtBot) -> None:
    preferences = Preferences(Settings())
    with qtbot.waitSignal(preferences.changed):
        preferences.change(theme="dark", takes=5)
    qtbot.waitUntil((paths.config_folder() / "settings.json").exists)  # a little later, by itself
    preferences.change(theme="light")
    preferences.change(theme="dark")
    preferences.close()
    assert Settings.load() == replace(Settings(), theme="dark", takes=5)


def test_a_folder_that_cannot_be_written_is_told_once(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "user").touch()  # where the folder would be
    preferences = Preferences(Settings())
    with qtbot.waitSignal(preferences.failed) as failed:
        preferences.change(takes=5)
    assert failed.args is not None
    assert failed.args[0].startswith("The settings could not be saved")
    with qtbot.assertNotEmitted(preferences.failed):
        preferences.close()


def test_the_dialog_shows_the_settings_as_they_are(dialog: PreferencesDialog) -> None:
    assert dialog.chosen() == Settings(midi_port="Old port")


def test_every_output_is_offered_once(dialog: PreferencesDialog) -> None:
    outputs = [dialog.output.itemData(index) for index in range(dialog.output.count())]
    assert outputs == ["", "Old port", "Port A"]


def test_what_is_chosen_in_the_dialog_is_handed_over(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    dialog.device.setCurrentIndex(dialog.device.findData("cpu"))
    dialog.output.setCurrentIndex(dialog.output.findData("Port A"))
    dialog.color_takes.setChecked(False)
    with qtbot.waitSignal(dialog.settings_chosen) as chosen:
        dialog.accept()
    expected = Settings(theme="dark", device="cpu", midi_port="Port A", colour_take_notes=False)
    assert chosen.args == [expected]


def test_a_key_that_is_taken_is_refused_with_the_name_of_its_action(table: KeyTable) -> None:
    assert not table.set_key("export_midi", "Ctrl+R")
    assert "Regenerate the selection" in table.note.text()
    assert table.chosen() == {}


def test_a_free_key_is_given(table: KeyTable) -> None:
    assert table.set_key("export_midi", "Ctrl+Alt+M")
    assert table.chosen() == {"export_midi": ("Ctrl+Alt+M",)}
    table.use_usual()
    assert table.chosen() == {}


def test_a_key_that_was_given_up_is_free(table: KeyTable) -> None:
    table.set_key("regenerate", "Ctrl+Alt+R")
    assert table.set_key("export_midi", "Ctrl+R")


def test_the_marked_action_gets_the_key_that_is_pressed(table: KeyTable) -> None:
    table.mark("export_midi")
    table.edit.setKeySequence("Ctrl+Alt+M")
    table.edit.editingFinished.emit()
    assert table.current == "export_midi"
    assert table.chosen() == {"export_midi": ("Ctrl+Alt+M",)}


def test_keys_in_a_damaged_file_are_left_out_where_they_cannot_be() -> None:
    chosen = {"regenerate": ("Ctrl+S", "Ctrl+J"), "nothing": ("Ctrl+K",), "open": ("no key at all",)}
    assert usable_keys(chosen) == {"regenerate": ("Ctrl+J",), "open": ()}


@pytest.mark.parametrize(
    "key", ["G", "Left", "Alt+Right", "+", ".", "7", "Backspace", "Return", "S", "M", "R", "Ctrl+PgUp"]
)
def test_a_key_that_a_view_or_the_gallery_takes_is_refused_with_what_it_does(table: KeyTable, key: str) -> None:
    assert not table.set_key("export_midi", key)
    assert fixed_use(key) in table.note.text() != ""
    assert table.chosen() == {}
    assert usable_keys({"export_midi": (key,)}) == {"export_midi": ()}


def test_a_key_that_opens_a_menu_is_refused(table: KeyTable) -> None:
    assert not table.set_key("export_midi", "Alt+F")
    assert table.note.text() == "Alt+F is taken already: Open a menu."


def test_what_no_view_takes_is_free_and_usual_keys_stay() -> None:
    assert fixed_use("") == fixed_use("Ctrl+J") == fixed_use("H") == ""
    assert [key for keys in all_keys({}).values() for key in keys if fixed_use(key)] == []


def test_actions_may_take_each_others_keys_in_any_order() -> None:
    chosen = {"loop": ("Space",), "play": ("Ctrl+L",)}
    assert usable_keys(chosen) == chosen
    backwards = {"play": ("Ctrl+L",), "loop": ("Space",)}
    assert usable_keys(backwards) == chosen


def test_chosen_keys_work_in_the_window(make_window: Make) -> None:
    window = make_window(Settings(shortcuts={"regenerate": ("Ctrl+J",)}))
    assert [key.toString() for key in window.actions_["regenerate"].shortcuts()] == ["Ctrl+J"]
    assert window.actions_["regenerate"].toolTip() == "Regenerate the selection (Ctrl+J)"
    assert window.gallery.sentence.text() == "Select measures and press Ctrl+J."
    assert "Ctrl+J" in window.gallery.regenerate.toolTip()


def test_without_a_key_the_gallery_names_the_button(make_window: Make) -> None:
    window = make_window(Settings(shortcuts={"regenerate": ()}))
    assert window.gallery.sentence.text() == "Select measures and press Regenerate."
    assert "(" not in window.gallery.regenerate.toolTip()


def test_the_list_of_keys_can_be_searched(qtbot: QtBot) -> None:
    keys = ShortcutList(all_keys({}))
    qtbot.addWidget(keys)
    keys.search.setText("regenerate the")
    groups = [keys.tree.topLevelItem(index) for index in range(keys.tree.topLevelItemCount())]
    shown = [group.text(0) for group in groups if group is not None and not group.isHidden()]
    assert shown == ["Regenerate"]


def test_dark_is_dark_even_where_the_desktop_knows_no_schemes(qapp: QApplication) -> None:
    try:
        set_color_theme("dark")
        assert qapp.palette().color(QPalette.ColorRole.Window).lightness() < 80
    finally:
        set_color_theme("system")
    assert qapp.palette().color(QPalette.ColorRole.Window).lightness() > 128


def test_text_can_be_read_in_the_dark() -> None:
    palette = dark_palette()
    for back, text in (
        (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText),
        (QPalette.ColorRole.Base, QPalette.ColorRole.Text),
        (QPalette.ColorRole.Button, QPalette.ColorRole.ButtonText),
        (QPalette.ColorRole.Highlight, QPalette.ColorRole.HighlightedText),
        (QPalette.ColorRole.Base, QPalette.ColorRole.Link),
    ):
        assert contrast(palette.color(back), palette.color(text)) >= 4.5, text


def contrast(one: QColor, other: QColor) -> float:
    """The ratio of luminances, as accessibility guidelines count it."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_window_views_and_sound_are_found_again(make_window: Make) -> None:
    window = make_window()
    window.actions_["view_piano_roll"].trigger()
    window.actions_["metronome"].setChecked(True)
    window.actions_["follow"].setChecked(False)
    window.session.transport.tempo_percent = 80
    window.resize(790, 640)
    window.close()
    again = make_window(Settings.load())
    assert again.workspace.shown_views == "piano_roll"
    assert again.actions_["view_piano_roll"].isChecked()
    assert again.session.transport.metronome
    assert not again.roll.follows_playback
    assert again.session.transport.tempo_percent == 80
    assert again.height() == 640


def test_what_is_unfolded_beside_the_gallery_is_found_again_until_the_layout_is_reset(make_window: Make) -> None:
    window = make_window()
    assert window.gallery.unfolded == {"settings_shown": True, "conditions_shown": False}
    window.gallery.settings.fold.click()
    window.gallery.fold.click()
    window.close()
    again = make_window(Settings.load())
    assert again.gallery.unfolded == {"settings_shown": False, "conditions_shown": True}
    again.actions_["reset_layout"].trigger()
    assert again.gallery.unfolded == {"settings_shown": True, "conditions_shown": False}


def test_reset_layout_brings_both_views_back(window: MainWindow) -> None:
    window.actions_["view_staff"].trigger()
    window.toolbar.hide()
    window.actions_["reset_layout"].trigger()
    assert window.workspace.shown_views == "both"
    assert window.toolbar.isVisible()


def test_the_preferences_dialog_changes_the_open_window(window: MainWindow) -> None:
    window.actions_["preferences"].trigger()
    (dialog,) = window.findChildren(PreferencesDialog)
    dialog.follow.setChecked(False)
    dialog.keys.set_key("export_midi", "Ctrl+Alt+M")
    dialog.accept()
    assert not window.actions_["follow"].isChecked()
    assert window.actions_["export_midi"].shortcut().toString() == "Ctrl+Alt+M"


def test_the_instrument_is_the_one_that_is_heard_and_another_is_heard_at_once(window: MainWindow) -> None:
    window.session.transport.instrument = program_of(Settings(instrument="Harp"))
    window.actions_["preferences"].trigger()
    (dialog,) = window.findChildren(PreferencesDialog)
    assert dialog.instrument.currentData() == "Harp"
    dialog.instrument.setCurrentIndex(dialog.instrument.findData("Piano"))
    dialog.accept()
    assert window.session.transport.instrument == program_of(Settings(instrument="Piano"))
    assert window.transport_bar.instrument.currentText() == "Piano"


def test_the_ports_of_the_system_are_listed_in_the_background(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.session.ports_listed, timeout=20_000) as listed:
        window.actions_["preferences"].trigger()
    (dialog,) = window.findChildren(PreferencesDialog)
    assert dialog.output.count() == 1 + len(listed.args[0])
