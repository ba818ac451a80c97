"""What mouse and keys select, whatever view they come from."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.editor import Editor, NotePlace, Selection
from inpaint_desktop.ui.selecting import Hit, SelectingGesture, select_by_key, selects_range

pytestmark = pytest.mark.usefixtures("qtbot")

TUNES = paths.resources_folder() / "tunes"
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture(scope="module")
def song() -> ScoreDocument:
    return open_document(TUNES / "auld-lang-syne.musicxml")


@pytest.fixture
def editor(reel: ScoreDocument) -> Editor:
    made = Editor()
    made.open(reel)
    return made


@pytest.fixture
def gesture(editor: Editor) -> SelectingGesture:
    return SelectingGesture(editor)


def press(editor: Editor, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE, *, start: int | None = None) -> bool:
    return select_by_key(editor, QKeyEvent(QEvent.Type.KeyPress, key, modifiers), start=start)


def test_a_click_selects_the_measure(editor: Editor, gesture: SelectingGesture) -> None:
    gesture.press(Hit(6, 0))
    gesture.release()
    assert editor.selection == Selection(6, 6)
    assert not gesture.is_active


def test_a_drag_selects_from_press_to_pointer_either_way(editor: Editor, gesture: SelectingGesture) -> None:
    gesture.press(Hit(6, 0))
    for measure in (7, 9, 4):
        gesture.move(Hit(measure, 0))
    assert editor.selection == Selection(6, 4)


def test_a_drag_keeps_its_selection_while_the_pointer_is_nowhere(editor: Editor, gesture: SelectingGesture) -> None:
    gesture.press(Hit(6, 0))
    gesture.move(Hit(8, 0))
    gesture.move(None)
    assert editor.span == Span(6, 9)


def test_a_drag_that_comes_back_selects_one_measure_again(editor: Editor, gesture: SelectingGesture) -> None:
    gesture.press(Hit(6, 0))
    gesture.move(Hit(7, 0))
    gesture.move(Hit(6, 0))
    assert editor.span == Span(6, 7)


def test_moves_without_a_press_select_nothing(editor: Editor, gesture: SelectingGesture) -> None:
    gesture.move(Hit(3, 0))
    assert editor.span is None


def test_a_press_on_nothing_clears_the_selection_but_shift_keeps_it(editor: Editor, gesture: SelectingGesture) -> None:
    editor.select(2, 4)
    gesture.press(None, extend=True)
    assert editor.selection == Selection(2, 4)
    gesture.press(None)
    assert editor.span is None
    assert not gesture.is_active


def test_shift_extends_and_a_drag_goes_on_from_the_same_anchor(editor: Editor, gesture: SelectingGesture) -> None:
    editor.select(5)
    gesture.press(Hit(8, 0), extend=True)
    assert editor.selection == Selection(5, 8)
    gesture.move(Hit(2, 0))
    assert editor.selection == Selection(5, 2)


def test_a_press_on_a_note_selects_it_and_its_measure_alone(editor: Editor, gesture: SelectingGesture) -> None:
    editor.select(2, 8)
    gesture.press(Hit(4, 0, NotePlace(4, 1)))
    assert (editor.note, editor.span) == (NotePlace(4, 1), Span(4, 5))


def test_another_press_on_the_selected_note_changes_nothing(
    editor: Editor, gesture: SelectingGesture, qtbot: QtBot
) -> None:
    gesture.press(Hit(4, 0, NotePlace(4, 1)))
    with qtbot.assertNotEmitted(editor.note_changed), qtbot.assertNotEmitted(editor.selection_changed):
        gesture.press(Hit(4, 0, NotePlace(4, 1)))
    assert gesture.is_active


def test_a_press_on_another_part_works_on_that_part(song: ScoreDocument) -> None:
    editor = Editor()
    editor.open(song)
    SelectingGesture(editor).press(Hit(2, 1))
    assert (editor.part, editor.span) == (1, Span(2, 3))


def test_a_drag_from_a_note_selects_measures_if_it_goes_sideways() -> None:
    assert selects_range(8, -3)
    assert not selects_range(3, -8)


@pytest.mark.parametrize(
    ("key", "modifiers", "selection"),
    [
        (Qt.Key.Key_Right, _NONE, Selection(5, 5)),
        (Qt.Key.Key_Left, _NONE, Selection(3, 3)),
        (Qt.Key.Key_Right, _SHIFT, Selection(3, 5)),
        (Qt.Key.Key_Left, _SHIFT | Qt.KeyboardModifier.KeypadModifier, Selection(3, 3)),
    ],
)
def test_arrows_move_the_selection_and_shift_extends_it(
    editor: Editor, key: Qt.Key, modifiers: Qt.KeyboardModifier, selection: Selection
) -> None:
    editor.select(3, 4)
    assert press(editor, key, modifiers)
    assert editor.selection == selection


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Right])
@pytest.mark.parametrize("modifiers", [_NONE, _SHIFT, _ALT])
def test_arrows_begin_where_the_cursor_stands_unless_something_is_selected(
    editor: Editor, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    editor.clear_selection()
    assert press(editor, key, modifiers, start=9)
    assert editor.span == Span(9, 10)
    editor.select(3)
    press(editor, Qt.Key.Key_Right, start=9)
    assert editor.span == Span(4, 5)


def test_alt_and_arrows_go_from_note_to_note_over_barlines(editor: Editor) -> None:
    editor.select(2)
    assert press(editor, Qt.Key.Key_Right, _ALT)
    assert editor.note == NotePlace(2, 0)
    assert press(editor, Qt.Key.Key_Left, _ALT)
    assert editor.melody is not None
    assert editor.note == NotePlace(1, len(editor.melody.measures[1].notes) - 1)
    assert editor.span == Span(1, 2)
    press(editor, Qt.Key.Key_Right, _ALT)
    press(editor, Qt.Key.Key_Right, _ALT)
    assert editor.note == NotePlace(2, 1)


def test_there_is_no_note_before_the_first(editor: Editor) -> None:
    editor.select_note(NotePlace(0, 0))
    assert press(editor, Qt.Key.Key_Left, _ALT)
    assert editor.note == NotePlace(0, 0)


def test_escape_lets_go_of_the_note_then_of_the_measures_then_is_left_to_others(editor: Editor) -> None:
    editor.select_note(NotePlace(2, 1))
    assert press(editor, Qt.Key.Key_Escape)
    assert (editor.note, editor.span) == (None, Span(2, 3))
    assert press(editor, Qt.Key.Key_Escape)
    assert editor.span is None
    assert not press(editor, Qt.Key.Key_Escape)


def test_escape_is_left_to_the_gallery_while_a_take_is_on_trial(editor: Editor) -> None:
    assert editor.melody is not None
    editor.select(2)
    editor.show_preview(Span(2, 3), editor.melody.measures[3:4])
    assert not press(editor, Qt.Key.Key_Escape)
    assert editor.span == Span(2, 3)


def test_keys_change_the_part(song: ScoreDocument) -> None:
    editor = Editor()
    editor.open(song)
    assert press(editor, Qt.Key.Key_PageDown, _CONTROL)
    assert editor.part == 1
    assert press(editor, Qt.Key.Key_PageUp, _CONTROL)
    assert editor.part == 0


def test_keys_mean_nothing_without_a_score() -> None:
    editor = Editor()
    assert not press(editor, Qt.Key.Key_Right)
    assert not press(editor, Qt.Key.Key_Right, _ALT)


def test_other_keys_are_left_to_others(editor: Editor) -> None:
    assert not press(editor, Qt.Key.Key_Space)
    assert not press(editor, Qt.Key.Key_Right, _CONTROL)
