"""Further conditions for takes: keep, ends, counts, leaps, copies, echo, and what is locked and drawn in the score."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.conditions_box import ConditionsBox
from inpaint_desktop.ui.gallery.settings_area import SettingsArea
from inpaint_desktop.ui.theme import DARK, LIGHT
from inpaint_desktop.ui.wishes import LinePoint

TUNES = paths.resources_folder() / "tunes"
Key = Qt.Key
EVERYTHING = FillSettings(
    keep="rhythm",
    first_note=69,
    last_note=62,
    fewest_notes=3,
    most_notes=8,
    longest_leap=7,
    most_kept=0.3,
    echo=Span(1, 3),
    echo_strength=0.8,
)


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture
def filler(qtbot: QtBot, reel: ScoreDocument) -> Iterator[Filler]:
    editor = Editor()
    editor.open(reel)
    editor.select(6, 8)
    made = Filler(editor)
    yield made
    made.close()
    qtbot.wait(0)


@pytest.fixture
def area(filler: Filler, qtbot: QtBot) -> SettingsArea:
    made = SettingsArea(filler)
    qtbot.addWidget(made)
    made.resize(340, 700)
    made.show()
    qtbot.waitExposed(made)
    made.show_conditions()
    return made


@pytest.fixture
def box(area: SettingsArea) -> ConditionsBox:
    return area.conditions


def type_echo(box: ConditionsBox, text: str) -> None:
    box.echo.selectAll()
    QTest.keyClicks(box.echo, text)
    QTest.keyClick(box.echo, Key.Key_Return)


def lock_two_and_draw(filler: Filler) -> None:
    wishes = filler.wishes
    wishes.toggle_lock(NotePlace(6, 0))
    wishes.toggle_lock(NotePlace(2, 0))
    wishes.set_contour([LinePoint(6, 0, 69.0), LinePoint(8, 0, 74.0)])


def test_every_condition_is_shown(box: ConditionsBox, filler: Filler) -> None:
    filler.set_settings(EVERYTHING)
    assert (box.keep.currentText(), box.first_note.text(), box.last_note.text()) == ("The rhythm", "A4", "D4")
    assert (box.fewest.value(), box.most.value()) == (3, 8)
    assert (box.leap.currentText(), box.most_kept.currentText()) == (
        "at most: fifth (7)",
        "at most 30 % of the original",
    )
    assert (box.echo.text(), box.echo_strength.value(), box.echo_strength.isVisible()) == ("1-2", 80, True)
    assert box.count == 8


def test_without_conditions_everything_is_open(box: ConditionsBox) -> None:
    shown = (box.keep, box.leap, box.most_kept)
    assert [one.currentText() for one in shown] == ["Nothing", "any", "any share"]
    assert {one.text() for one in (box.first_note, box.last_note, box.fewest, box.most)} == {"any"}
    assert (box.echo.text(), box.echo_strength.isVisible(), box.count) == ("", False, 0)


def test_showing_conditions_changes_none_even_if_they_are_not_in_the_lists(box: ConditionsBox, filler: Filler) -> None:
    odd = FillSettings(longest_leap=23, most_kept=0.125, echo=Span(1, 3), echo_strength=0.333)
    filler.set_settings(odd)
    assert filler.settings == odd
    assert (box.leap.currentText(), box.most_kept.currentText()) == (
        "at most: 23 semitones",
        "at most 12 % of the original",
    )


def test_lists_are_walked_with_keys(box: ConditionsBox, filler: Filler) -> None:
    for choices in (box.keep, box.leap, box.most_kept):
        QTest.keyClick(choices, Key.Key_Down)
    settings = filler.settings
    assert (settings.keep, settings.longest_leap, settings.most_kept) == ("rhythm", 1, 0.0)
    QTest.keyClick(box.keep, Key.Key_Down)
    assert filler.settings.keep == "pitches"


def test_ends_are_stepped_to_from_the_notes_that_stand_there(box: ConditionsBox, filler: Filler) -> None:
    for end in (box.first_note, box.last_note):
        QTest.keyClick(end, Key.Key_Up)
    assert (filler.settings.first_note, filler.settings.last_note) == (69, 74)
    QTest.keyClick(box.first_note, Key.Key_Up)
    assert filler.settings.first_note == 70


def test_without_notes_there_ends_are_stepped_to_from_the_lowest(box: ConditionsBox, filler: Filler) -> None:
    filler.editor.clear_selection()
    QTest.keyClick(box.last_note, Key.Key_Up)
    assert filler.settings.last_note == 43
    melody = filler.editor.melody
    assert melody is not None
    measure = melody.measures[0]
    rest = [measure.with_notes([Note(0, measure.duration, None)])]
    filler.editor.replace_measures("Rest", Span(0, 1), rest)
    filler.editor.select(0)
    QTest.keyClick(box.first_note, Key.Key_Up)
    assert filler.settings.first_note == 43


def test_counts_that_cross_take_each_other_along(box: ConditionsBox, filler: Filler) -> None:
    box.most.setValue(4)
    box.fewest.setValue(6)
    assert (filler.settings.fewest_notes, filler.settings.most_notes) == (6, 6)
    box.most.setValue(3)
    assert (filler.settings.fewest_notes, filler.settings.most_notes) == (3, 3)
    assert (box.fewest.count, box.most.count) == (3, 3)
    box.most.setValue(0)
    assert (filler.settings.fewest_notes, filler.settings.most_notes) == (3, None)


def test_measures_to_echo_are_typed_by_their_numbers(box: ConditionsBox, filler: Filler) -> None:
    type_echo(box, "1-2")
    assert filler.settings.echo == Span(1, 3)
    type_echo(box, "4")
    assert filler.settings.echo == Span(4, 5)
    QTest.keyClick(box.echo_strength, Key.Key_Right)
    assert filler.settings.echo_strength == 0.51
    box.echo.clear()
    assert [filler.settings.echo, box.echo_strength.isVisible()] == [None, False]
    type_echo(box, "  ")
    assert filler.settings.conditions == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1-99", "There is no measure 99; this tune has measures 0 to 17. Nothing is echoed."),
        ("the start", "'the start' does not name measures; write 7-10, or 7 for a single one. Nothing is echoed."),
    ],
)
def test_what_names_no_measures_is_said_and_nothing_echoed(
    box: ConditionsBox, filler: Filler, text: str, sentence: str
) -> None:
    filler.set_settings(FillSettings(echo=Span(1, 3)))
    type_echo(box, text)
    assert (box.complaint.text(), box.complaint.isVisible()) == (sentence, True)
    assert box.complaint.palette().windowText().color() == QColor(LIGHT.out_of_key)
    assert (filler.settings.echo, box.echo.text()) == (None, text)
    filler.set_settings(FillSettings(takes=3))
    assert box.echo.text() == text  # it may still be corrected
    box.setPalette(dark_palette())
    assert box.complaint.palette().windowText().color() == QColor(DARK.out_of_key)
    type_echo(box, "1-2")
    assert (filler.settings.echo, box.complaint.isVisible()) == (Span(1, 3), False)


def test_without_a_score_no_measures_can_be_echoed(box: ConditionsBox, filler: Filler) -> None:
    filler.editor.close()
    type_echo(box, "1-2")
    assert box.complaint.text() == "No melody is open. Nothing is echoed."


def test_a_wrong_name_gives_way_where_all_conditions_are_cleared(area: SettingsArea, filler: Filler) -> None:
    type_echo(area.conditions, "1-99")
    filler.set_settings(FillSettings(keep="rhythm"))
    QTest.mouseClick(area.clear, Qt.MouseButton.LeftButton)
    assert (area.conditions.echo.text(), area.conditions.complaint.isVisible()) == ("", False)


def test_the_selected_measures_are_echoed_with_a_click(box: ConditionsBox, filler: Filler) -> None:
    QTest.mouseClick(box.echo_selected, Qt.MouseButton.LeftButton)
    assert (filler.settings.echo, box.echo.text()) == (Span(6, 9), "6-8")
    filler.editor.clear_selection()
    assert not box.echo_selected.isEnabled()
    box.echo_selection()
    assert filler.settings.echo == Span(6, 9)


def test_it_says_how_many_notes_are_locked_and_unlocks_them(box: ConditionsBox, filler: Filler) -> None:
    assert not box.unlock.isVisible()
    lock_two_and_draw(filler)
    said = [box.locks.text()]
    filler.editor.select(0, 1)
    said.append(box.locks.text())
    filler.editor.clear_selection()
    said.append(box.locks.text())
    assert said == [
        "2 notes are locked, 1 in the selection",
        "2 notes are locked, none in the selection",
        "2 notes are locked",
    ]
    QTest.mouseClick(box.unlock, Qt.MouseButton.LeftButton)
    assert filler.wishes.locked == frozenset()
    assert not box.locks.isVisible()


def test_it_says_that_a_contour_is_drawn_how_closely_it_is_followed_and_clears_it(
    box: ConditionsBox, filler: Filler
) -> None:
    assert not box.contour.isVisible()
    lock_two_and_draw(filler)
    assert (box.contour.text(), box.contour_strength.value()) == ("A contour is drawn", 50)
    QTest.keyClick(box.contour_strength, Key.Key_Right)
    assert filler.wishes.contour_strength == 0.51
    QTest.mouseClick(box.clear_contour, Qt.MouseButton.LeftButton)
    assert filler.wishes.contour == ()
    assert not box.contour_strength.isVisible()


def test_folded_conditions_are_counted(area: SettingsArea, filler: Filler) -> None:
    QTest.mouseClick(area.fold, Qt.MouseButton.LeftButton)
    assert (area.fold.text(), area.conditions.isVisible(), area.clear.isVisible()) == ("More conditions", False, False)
    filler.set_settings(FillSettings(keep="rhythm", longest_leap=5))
    lock_two_and_draw(filler)
    assert (area.fold.text(), area.clear.isVisible()) == ("More conditions (4)", True)
    QTest.mouseClick(area.clear, Qt.MouseButton.LeftButton)
    assert (filler.settings, filler.wishes.locked, filler.wishes.contour) == (FillSettings(), frozenset(), ())
    assert (area.fold.text(), area.clear.isVisible()) == ("More conditions", False)
    QTest.mouseClick(area.fold, Qt.MouseButton.LeftButton)
    assert area.conditions.isVisible()


def test_where_there_is_little_room_the_settings_are_scrolled_and_nothing_is_cut_off(
    area: SettingsArea, filler: Filler, qtbot: QtBot
) -> None:
    filler.set_settings(EVERYTHING)
    lock_two_and_draw(filler)
    area.resize(area.minimumSizeHint())
    area.show_conditions()
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    held = area.widget()
    assert held is not None
    assert held.width() == area.viewport().width() >= held.minimumSizeHint().width()


def wheel_over(widget: QWidget) -> None:
    place = QPointF(widget.rect().center())
    step = QPoint(0, -120)
    modifiers, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), step, Qt.MouseButton.NoButton, modifiers, phase, False
    )
    QGuiApplication.sendEvent(widget, event)


def test_scrolling_past_boxes_and_sliders_changes_none(area: SettingsArea, filler: Filler) -> None:
    before = filler.settings
    area.box.seed.setFocus()
    for widget in (area.box.takes, area.box.variety, area.box.lowest, area.conditions.fewest, area.conditions.keep):
        wheel_over(widget)
    assert filler.settings == before
    area.activateWindow()
    area.box.takes.setFocus()
    wheel_over(area.box.takes)
    assert filler.settings.takes == before.takes - 1


def test_another_tune_forgets_what_hangs_on_this_one(filler: Filler, reel: ScoreDocument) -> None:
    filler.set_settings(EVERYTHING)
    filler.editor.reopen(reel)
    assert filler.settings == EVERYTHING
    filler.editor.open(reel)
    settings = filler.settings
    assert (settings.first_note, settings.last_note, settings.echo) == (None, None, None)
    assert (settings.keep, settings.most_notes, settings.longest_leap) == ("rhythm", 8, 7)
