"""How takes shall be: the settings beside the gallery, by mouse and keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.note_box import RANGES, NoteBox
from inpaint_desktop.ui.gallery.settings_box import SettingsBox

Key = Qt.Key


@pytest.fixture
def filler(qtbot: QtBot) -> Iterator[Filler]:
    made = Filler(Editor())
    yield made
    made.close()
    qtbot.wait(0)


@pytest.fixture
def box(filler: Filler, qtbot: QtBot) -> SettingsBox:
    made = SettingsBox(filler)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def note_box(qtbot: QtBot) -> NoteBox:
    made = NoteBox("Lowest note", is_lowest=True)
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_setting_is_shown(box: SettingsBox, filler: Filler) -> None:
    filler.set_settings(
        FillSettings(
            takes=12, variety=0.7, similarity=0.25, stay_in_key=False, lowest=62, highest=83, seed=99, seed_locked=True
        )
    )
    assert (box.takes.value(), box.variety.value(), box.difference.value()) == (12, 70, 75)
    assert (box.stay_in_key.isChecked(), box.lock.isChecked()) == (False, True)
    assert (box.lowest.note, box.highest.note, box.seed.text()) == (62, 83, "99")
    assert box.preset.currentText() == "Tin whistle in D"


def test_showing_settings_changes_none(box: SettingsBox, filler: Filler) -> None:
    odd = FillSettings(variety=0.333, similarity=0.667, seed=7)
    filler.set_settings(odd)
    assert filler.settings == odd
    assert box.variety.value() == 33


def test_number_and_sliders_change_the_settings(box: SettingsBox, filler: Filler) -> None:
    QTest.keyClick(box.takes, Key.Key_Up)
    QTest.keyClick(box.variety, Key.Key_Right)
    QTest.keyClick(box.difference, Key.Key_Home)  # all the way to "similar"
    QTest.keyClick(box.stay_in_key, Key.Key_Space)
    settings = filler.settings
    assert (settings.takes, settings.variety, settings.similarity, settings.stay_in_key) == (9, 0.51, 1.0, False)


@pytest.mark.parametrize("index", range(len(RANGES)))
def test_the_range_of_an_instrument_sets_both_limits(box: SettingsBox, filler: Filler, index: int) -> None:
    filler.set_settings(FillSettings(lowest=50, highest=51))
    assert box.preset.currentText() == "Own limits"
    box.preset.setFocus()
    QTest.keyClick(box.preset, Key.Key_Home)
    for _ in range(index):
        QTest.keyClick(box.preset, Key.Key_Down)
    assert (filler.settings.lowest, filler.settings.highest) == (RANGES[index].lowest, RANGES[index].highest)
    assert (box.lowest.note, box.highest.note) == (RANGES[index].lowest, RANGES[index].highest)


def test_own_limits_lead_to_the_boxes(box: SettingsBox, filler: Filler) -> None:
    box.activateWindow()
    box.preset.setFocus()
    QTest.keyClick(box.preset, Key.Key_End)
    assert box.lowest.hasFocus()
    assert filler.settings.lowest is None
    QTest.keyClick(box.lowest, Key.Key_Up)
    assert filler.settings.lowest == 43


def test_a_seed_that_was_typed_is_locked(box: SettingsBox, filler: Filler) -> None:
    box.seed.selectAll()
    QTest.keyClicks(box.seed, "4x711")
    QTest.keyClick(box.seed, Key.Key_Return)
    assert (filler.settings.seed, filler.settings.seed_locked) == (4711, True)
    QTest.mouseClick(box.lock, Qt.MouseButton.LeftButton)
    assert not filler.settings.seed_locked
    assert "A new seed is drawn each time" in box.lock.toolTip()
    QTest.keyClick(box.seed, Key.Key_Return)
    assert not filler.settings.seed_locked  # nothing was typed


def test_the_lock_follows_the_palette(box: SettingsBox) -> None:
    before = box.lock.icon().pixmap(16).toImage()
    box.setPalette(dark_palette())
    assert box.lock.icon().pixmap(16).toImage() != before


@pytest.mark.parametrize(
    ("text", "midi"),
    [("g3", 55), ("F#4", 66), ("F♯4", 66), ("Bb3", 58), ("B♭3", 58), ("C1", None), ("C9", 97), ("", None)],
)
def test_notes_are_typed_by_name_and_kept_within_the_model(note_box: NoteBox, text: str, midi: int | None) -> None:
    note_box.show_note(60)
    note_box.setMaximum(97)
    note_box.lineEdit().setText(text)  # not typed: QTest has ASCII keys only
    QTest.keyClick(note_box, Key.Key_Return)
    assert note_box.note == midi


def test_a_note_that_no_take_can_have_is_told_with_what_it_becomes(box: SettingsBox, filler: Filler) -> None:
    told: list[str] = []
    filler.editor.told.connect(told.append)
    for note_box in (box.highest, box.lowest):
        note_box.selectAll()
        QTest.keyClicks(note_box, "f#9")
        QTest.keyClick(note_box, Key.Key_Return)
    assert told == [
        "Takes have notes from G2 to C7, so instead of F#9 it is no limit now.",
        "Takes have notes from G2 to C7, so instead of F#9 it is C7 now.",
    ]


def test_what_is_no_note_leaves_the_limit_as_it_was(note_box: NoteBox) -> None:
    note_box.show_note(60)
    note_box.selectAll()
    QTest.keyClicks(note_box, "tuba")
    QTest.keyClick(note_box, Key.Key_Return)
    assert (note_box.note, note_box.text()) == (60, "C4")


def test_stepping_beyond_the_last_note_is_no_limit(note_box: NoteBox, qtbot: QtBot) -> None:
    note_box.show_note(43)
    with qtbot.waitSignal(note_box.note_changed) as changed:
        QTest.keyClick(note_box, Key.Key_Down)
    assert changed.args == [None]
    assert note_box.text() == "no limit"


def test_a_limit_that_crosses_the_other_takes_it_along(box: SettingsBox, filler: Filler) -> None:
    filler.set_settings(FillSettings(lowest=60, highest=62))
    box.lowest.setValue(65)
    assert (filler.settings.lowest, filler.settings.highest) == (65, 65)
    box.highest.setValue(59)
    assert (filler.settings.lowest, filler.settings.highest) == (59, 59)
    assert (box.lowest.note, box.highest.note) == (59, 59)
