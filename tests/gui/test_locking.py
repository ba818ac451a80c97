"""Notes are locked with the mouse, with keys and with menus, in both views, and both show it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from inpaint_desktop.engraving.pages import Rect
from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import NotePlace
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.piano_roll.geometry import Zoom
from inpaint_desktop.ui.theme import DARK, LIGHT
from tests.gui.conftest import TUNES, OpenFile

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
WAIT_MS = 20_000
_popups_are_offscreen = pytest.mark.qt_log_ignore("does not support", extend=True)
VIEWS = ("staff", "roll")
NOTE, REST = NotePlace(1, 1), NotePlace(0, 3)
TUNE = "X:1\nT:Tied\nM:4/4\nL:1/4\nK:G\n|:G A B z|G A B c-|c2 d2|z4|G4:|\n"
"""Has rests in its first and fourth measure, and a note tied from the second to the third."""


@pytest.fixture
def tune(window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    """A window that shows the tune in both views, with its second measure selected."""
    path = tmp_path / "tied.abc"
    path.write_text(TUNE, encoding="ascii")
    open_file(window, path)
    wait(window, qtbot)
    window.editor.select(1)
    return window


def wait(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.staff.is_up_to_date and window.staff.drawn_pages > 0, timeout=WAIT_MS)


def viewport(window: MainWindow, view: str) -> QWidget:
    return window.staff.viewport() if view == "staff" else window.roll.viewport()


def place_of(window: MainWindow, view: str, note: NotePlace) -> QPoint:
    """The middle of a note in a view; of a rest in the roll, the middle of its frame."""
    if view == "staff":
        rect = staff_rect(window, note)
        return window.staff.to_viewport(rect.x + rect.width / 2, rect.y + rect.height / 2).toPoint()
    geometry, bar = window.roll.laid.geometry, window.roll.laid.bar_of(note)
    assert bar is not None
    middle = QPointF(geometry.x_of((bar.start + bar.stop) / 2), geometry.y_of_height(bar.midi))
    return (middle - window.roll.offset).toPoint()


def staff_rect(window: MainWindow, note: NotePlace) -> Rect:
    return window.staff.sheet.note_rects((0, note.measure, note.note))[0]


def ctrl_click(window: MainWindow, view: str, note: NotePlace) -> None:
    QTest.mouseClick(viewport(window, view), LEFT, CONTROL, place_of(window, view, note))


def colors_around(window: MainWindow, view: str, note: NotePlace) -> set[str]:
    """The colours within some pixels of the middle of a note."""
    image = viewport(window, view).grab().toImage()
    middle, ratio = place_of(window, view, note), image.devicePixelRatio()
    area = [(middle.x() + dx, middle.y() + dy) for dx in range(-22, 23) for dy in range(-30, 31)]
    inside = [(round(x * ratio), round(y * ratio)) for x, y in area if 0 <= x < image.width() / ratio]
    return {image.pixelColor(x, y).name() for x, y in inside if 0 <= y < image.height()}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("note", [NOTE, REST])
def test_ctrl_and_a_click_lock_a_note_or_a_rest_and_unlock_it(tune: MainWindow, view: str, note: NotePlace) -> None:
    ctrl_click(tune, view, note)
    assert tune.session.wishes.locked == {note}
    ctrl_click(tune, view, note)
    assert not tune.session.wishes.locked


@pytest.mark.parametrize("view", VIEWS)
def test_locking_leaves_the_selection_as_it_is(tune: MainWindow, view: str) -> None:
    ctrl_click(tune, view, NotePlace(4, 0))
    assert tune.session.wishes.locked == {NotePlace(4, 0)}
    assert tune.editor.span == Span(1, 2)
    assert tune.editor.note is None


@pytest.mark.parametrize("view", VIEWS)
def test_ctrl_and_a_click_beside_all_notes_do_nothing(tune: MainWindow, view: str) -> None:
    rect, geometry = staff_rect(tune, NOTE), tune.roll.laid.geometry
    beside = {
        "staff": tune.staff.to_viewport(rect.x - 8, rect.y - 12).toPoint(),
        "roll": QPoint(round(geometry.x_of(geometry.starts[1]) + 4 - tune.roll.offset.x()), 2),
    }
    QTest.mouseClick(viewport(tune, view), LEFT, CONTROL, beside[view])
    assert not tune.session.wishes.locked
    assert tune.editor.span == Span(1, 2)


@pytest.mark.parametrize("view", VIEWS)
def test_a_second_click_soon_after_the_first_unlocks(tune: MainWindow, view: str) -> None:
    ctrl_click(tune, view, NOTE)
    QTest.mouseDClick(viewport(tune, view), LEFT, CONTROL, place_of(tune, view, NOTE))
    assert not tune.session.wishes.locked
    assert not tune.session.transport.is_playing


@pytest.mark.parametrize("view", VIEWS)
def test_a_tied_note_is_locked_whole(tune: MainWindow, view: str) -> None:
    ctrl_click(tune, view, NotePlace(2, 0))
    assert tune.session.wishes.locked == {NotePlace(1, 3), NotePlace(2, 0)}


def test_a_note_of_another_part_is_locked_as_that_part_is_chosen(
    window: MainWindow, open_file: OpenFile, qtbot: QtBot
) -> None:
    open_file(window, TUNES / "auld-lang-syne.musicxml")
    wait(window, qtbot)
    rect = window.staff.sheet.note_rects((1, 2, 0))[0]
    place = window.staff.to_viewport(rect.x + rect.width / 2, rect.y + rect.height / 2).toPoint()
    QTest.mouseClick(window.staff.viewport(), LEFT, CONTROL, place)
    assert window.editor.part == 1
    assert window.session.wishes.locked == {NotePlace(2, 0)}


@pytest.mark.parametrize("view", VIEWS)
def test_with_the_keyboard_alone_a_note_is_chosen_locked_and_unlocked(tune: MainWindow, view: str) -> None:
    widget = tune.staff if view == "staff" else tune.roll
    widget.setFocus()
    for _ in range(2):
        QTest.keyClick(widget, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(widget, Qt.Key.Key_L)
    assert tune.session.wishes.locked == {NOTE}
    assert tune.actions_["lock_note"].isChecked()
    QTest.keyClick(widget, Qt.Key.Key_L)
    assert not tune.session.wishes.locked
    QTest.keyClick(widget, Qt.Key.Key_L)
    QTest.keyClick(widget, Qt.Key.Key_L, CONTROL | SHIFT)
    assert not tune.session.wishes.locked


def test_without_a_selected_note_the_key_means_nothing(tune: MainWindow) -> None:
    tune.staff.setFocus()
    QTest.keyClick(tune.staff, Qt.Key.Key_L)
    assert not tune.session.wishes.locked


def test_the_menu_locks_the_selected_note_and_says_whether_it_is(tune: MainWindow) -> None:
    lock = tune.actions_["lock_note"]
    assert not lock.isEnabled()
    tune.editor.select_note(NOTE)
    lock.trigger()
    assert tune.session.wishes.locked == {NOTE}
    assert lock.isChecked()
    tune.editor.select_note(NotePlace(1, 0))
    assert not lock.isChecked()
    tune.editor.select_note(NOTE)
    lock.trigger()
    assert not tune.session.wishes.locked


@_popups_are_offscreen
@pytest.mark.parametrize("view", VIEWS)
def test_the_context_menu_is_for_the_note_under_the_pointer(tune: MainWindow, view: str) -> None:
    target, place = viewport(tune, view), place_of(tune, view, NOTE)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, target.mapToGlobal(place))
    QApplication.sendEvent(target, event)
    assert tune.editor.note == NOTE
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert {tune.actions_[name] for name in ("lock_note", "unlock_all")} <= set(menu.actions())
    menu.close()
    tune.actions_["lock_note"].trigger()
    assert tune.session.wishes.locked == {NOTE}


def test_all_are_unlocked_at_once_if_there_are_any(tune: MainWindow) -> None:
    unlock = tune.actions_["unlock_all"]
    assert not unlock.isEnabled()
    for note in (NOTE, REST):
        ctrl_click(tune, "staff", note)
    assert unlock.isEnabled()
    unlock.trigger()
    assert not tune.session.wishes.locked
    assert not unlock.isEnabled()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("note", [NOTE, REST])
def test_a_lock_is_seen_at_the_note(tune: MainWindow, view: str, note: NotePlace) -> None:
    tune.roll.zoom = Zoom(row_height=9.0)
    assert LIGHT.lock not in colors_around(tune, view, note)
    ctrl_click(tune, view, note)
    assert LIGHT.lock in colors_around(tune, view, note)


def test_a_lock_is_seen_on_a_note_that_has_room_for_it(tune: MainWindow) -> None:
    tune.roll.zoom = Zoom(row_height=20.0)
    assert LIGHT.paper not in colors_around(tune, "roll", NOTE)
    ctrl_click(tune, "roll", NOTE)
    assert LIGHT.paper in colors_around(tune, "roll", NOTE)


def test_a_lock_is_seen_however_far_one_zooms_out(tune: MainWindow, qtbot: QtBot) -> None:
    tune.staff.set_zoom(0.5)
    for _ in range(12):
        tune.roll.zoom_out()
    wait(tune, qtbot)
    ctrl_click(tune, "staff", NOTE)
    for view in VIEWS:
        assert LIGHT.lock in colors_around(tune, view, NOTE), view


def test_locks_have_another_colour_in_the_dark(tune: MainWindow, qtbot: QtBot) -> None:
    tune.roll.zoom = Zoom(row_height=9.0)
    ctrl_click(tune, "staff", NOTE)
    tune.staff.setPalette(dark_palette())
    tune.roll.setPalette(dark_palette())
    wait(tune, qtbot)
    for view in VIEWS:
        assert DARK.lock in colors_around(tune, view, NOTE), view


def test_locks_change_nothing_on_the_pages_that_are_printed(tune: MainWindow, qtbot: QtBot) -> None:
    pages = tune.staff.sheet.pages
    ctrl_click(tune, "staff", NOTE)
    wait(tune, qtbot)
    assert tune.staff.sheet.pages is pages


@_popups_are_offscreen
@pytest.mark.parametrize("view", VIEWS)
def test_what_a_lock_does_is_said_in_the_status_bar_and_where_the_pointer_rests(
    tune: MainWindow, view: str, qtbot: QtBot
) -> None:
    ctrl_click(tune, view, NOTE)
    assert tune.status.currentMessage() == "Locked: note A4, quarter. It stays as it is in every take."
    rest_pointer(tune, view, NOTE)
    assert QToolTip.text().startswith("Locked: note A4, quarter.")
    rest_pointer(tune, view, NotePlace(1, 0))
    qtbot.waitUntil(lambda: QToolTip.text() == "")
    ctrl_click(tune, view, NOTE)
    assert tune.status.currentMessage() == "Unlocked: note A4, quarter."


def rest_pointer(window: MainWindow, view: str, note: NotePlace) -> None:
    """Let the pointer rest on a note, so that a tool tip is asked for."""
    target, place = viewport(window, view), place_of(window, view, note)
    QApplication.sendEvent(target, QHelpEvent(QEvent.Type.ToolTip, place, target.mapToGlobal(place)))


def test_locks_outside_of_the_selection_are_counted_apart(tune: MainWindow) -> None:
    assert tune.status.wished.isHidden()
    ctrl_click(tune, "staff", NOTE)
    assert tune.status.wished.text() == "1 locked"
    ctrl_click(tune, "staff", NotePlace(4, 0))
    assert tune.status.currentMessage().endswith("once its measure is among those to be filled.")
    assert tune.status.wished.text() == "2 locked (1 outside the selection)"
    tune.editor.clear_selection()
    assert tune.status.wished.text() == "2 locked (2 outside the selection)"


def test_a_tied_note_is_counted_once_wherever_it_reaches(tune: MainWindow) -> None:
    ctrl_click(tune, "staff", NotePlace(2, 0))
    assert tune.status.wished.text() == "1 locked"
    tune.editor.clear_selection()
    assert tune.status.wished.text() == "1 locked (1 outside the selection)"


def test_screen_readers_are_told_that_the_selected_note_is_locked(tune: MainWindow) -> None:
    tune.editor.select_note(NOTE)
    ctrl_click(tune, "roll", NOTE)
    for view in (tune.staff, tune.roll):
        assert view.accessibleDescription().endswith("note A4, quarter, locked")
    assert tune.status.selection.text().startswith("note A4, quarter, locked, ")


@pytest.mark.parametrize("view", VIEWS)
def test_notes_that_only_a_take_has_are_not_locked_and_it_is_said_why(
    tune: MainWindow, view: str, qtbot: QtBot
) -> None:
    melody = tune.editor.melody
    assert melody is not None
    tune.editor.show_preview(Span(1, 2), [melody.measures[0].with_notes(melody.measures[0].notes)])
    wait(tune, qtbot)
    ctrl_click(tune, view, NotePlace(1, 3))  # a rest where the score has a note
    assert not tune.session.wishes.locked
    assert "keep it first" in tune.status.currentMessage()
    ctrl_click(tune, view, NOTE)  # the same note in both
    assert tune.session.wishes.locked == {NOTE}


def test_the_menu_shows_no_lock_where_locking_was_refused(tune: MainWindow) -> None:
    melody = tune.editor.melody
    assert melody is not None
    tune.editor.show_preview(Span(1, 2), [melody.measures[0]])
    tune.editor.select_note(NotePlace(1, 3))
    tune.actions_["lock_note"].trigger()
    assert not tune.actions_["lock_note"].isChecked()
    assert "keep it first" in tune.status.currentMessage()
