"""What keys and menus do to the selected note and the selected measures."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER as QUARTER
from inpaint_desktop.score.moving import Octaves, Semitones, Steps
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.note_editing import NoteDrag, edit_by_key, make_rest, move_note, transpose_selection

pytestmark = pytest.mark.usefixtures("qtbot")

PLACE = NotePlace(4, 0)
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(paths.resources_folder() / "tunes" / "soldiers-joy.abc")


@pytest.fixture
def editor(reel: ScoreDocument) -> Editor:
    """An editor with a D major tune; measure 4 is made of quarters F#5 and D5, an eighth rest and eighths A4."""
    made = Editor()
    made.open(reel)
    assert made.melody is not None
    measure = made.melody.measures[PLACE.measure]
    assert measure.duration == 4 * QUARTER
    names = ("F#5", "D5", None, "A4", "A4", "A4")
    ticks = (QUARTER, QUARTER, QUARTER // 2, QUARTER // 2, QUARTER // 2, QUARTER // 2)
    onsets = [sum(ticks[:index]) for index in range(len(ticks))]
    notes = [
        Note(onset, duration, Pitch.parse(name) if name else None)
        for onset, duration, name in zip(onsets, ticks, names, strict=True)
    ]
    made.replace_measures("Make it simple", Span(4, 5), [measure.with_notes(notes)])
    made.undo_stack.clear()
    made.select_note(PLACE)
    return made


def press(editor: Editor, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE, text: str = "") -> bool:
    return edit_by_key(editor, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))


def sounding(editor: Editor) -> str:
    """The pitch of the selected note."""
    note = editor.note_at(editor.note) if editor.note else None
    assert note is not None
    return note.pitch.name if note.pitch else "rest"


def ticks(editor: Editor) -> int:
    note = editor.note_at(editor.note) if editor.note else None
    assert note is not None
    return note.duration


@pytest.mark.parametrize(
    ("key", "modifiers", "pitch"),
    [
        (Qt.Key.Key_Up, _NONE, "G5"),
        (Qt.Key.Key_Down, _NONE, "E5"),
        (Qt.Key.Key_Up, _SHIFT, "G5"),
        (Qt.Key.Key_Down, _SHIFT, "F5"),
        (Qt.Key.Key_Up, _CONTROL, "F#6"),
        (Qt.Key.Key_Down, _CONTROL | Qt.KeyboardModifier.KeypadModifier, "F#4"),
    ],
)
def test_arrows_move_the_note_by_steps_semitones_and_octaves(
    editor: Editor, key: Qt.Key, modifiers: Qt.KeyboardModifier, pitch: str
) -> None:
    assert press(editor, key, modifiers)
    assert sounding(editor) == pitch
    assert editor.undo_stack.count() == 1


def test_presses_in_a_row_are_one_step_to_undo(editor: Editor) -> None:
    before = editor.document
    for _ in range(3):
        press(editor, Qt.Key.Key_Up)
    assert sounding(editor) == "B5"
    editor.undo_stack.undo()
    assert editor.document is before


@pytest.mark.parametrize(("sign", "length"), [("7", 4), ("6", 2), ("5", 1), ("4", 1 / 2), ("3", 1 / 4), ("2", 1 / 8)])
def test_digits_choose_the_length(editor: Editor, sign: str, length: float) -> None:
    press(editor, Qt.Key.Key_Any, text=sign)
    assert ticks(editor) == length * QUARTER


def test_a_dot_lengthens_by_half_and_a_second_one_takes_it_back(editor: Editor) -> None:
    press(editor, Qt.Key.Key_Period, text=".")
    assert ticks(editor) == QUARTER * 3 // 2
    press(editor, Qt.Key.Key_Period, text=".")
    assert ticks(editor) == QUARTER


def test_plus_and_minus_choose_the_next_length(editor: Editor) -> None:
    press(editor, Qt.Key.Key_Plus, _SHIFT, "+")
    assert ticks(editor) == QUARTER * 3 // 2
    press(editor, Qt.Key.Key_Minus, text="-")
    press(editor, Qt.Key.Key_Minus, text="-")
    assert ticks(editor) == QUARTER * 3 // 4


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_makes_a_rest_that_stays_selected(editor: Editor, key: Qt.Key) -> None:
    press(editor, key)
    assert sounding(editor) == "rest"
    assert ticks(editor) == QUARTER


@pytest.mark.parametrize(
    ("letter", "pitch"), [("c", "C#5"), ("d", "D5"), ("E", "E5"), ("f", "F#5"), ("g", "G5"), ("a", "A5"), ("b", "B5")]
)
def test_letters_choose_the_nearest_note_of_that_name(editor: Editor, letter: str, pitch: str) -> None:
    press(editor, Qt.Key.Key_Any, text=letter)
    assert sounding(editor) == pitch


def test_a_letter_turns_a_rest_into_a_note_near_those_before(editor: Editor) -> None:
    editor.select_note(NotePlace(4, 2))
    press(editor, Qt.Key.Key_F, text="f")
    assert sounding(editor) == "F#5"
    assert ticks(editor) == QUARTER // 2


def test_what_cannot_be_done_is_told_and_changes_nothing(editor: Editor, qtbot: QtBot) -> None:
    editor.select_note(NotePlace(4, 2))
    before = editor.document
    with qtbot.waitSignal(editor.told) as told:
        assert press(editor, Qt.Key.Key_Up)
    assert told.args is not None
    assert "rest" in told.args[0]
    assert editor.document is before


def test_a_take_on_trial_is_not_edited(editor: Editor, qtbot: QtBot) -> None:
    assert editor.melody is not None
    editor.show_preview(Span(4, 5), editor.melody.measures[5:6])
    editor.select_note(PLACE)
    with qtbot.waitSignal(editor.told) as told:
        assert press(editor, Qt.Key.Key_Up)
    assert told.args is not None
    assert "keep it first" in told.args[0]
    assert editor.preview is not None


@pytest.mark.parametrize(
    ("key", "modifiers", "text"),
    [(Qt.Key.Key_Space, _NONE, " "), (Qt.Key.Key_C, _CONTROL, "\x03"), (Qt.Key.Key_Plus, _CONTROL, "+")],
)
def test_other_keys_are_left_to_others(editor: Editor, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str) -> None:
    assert not press(editor, key, modifiers, text)


def test_keys_mean_nothing_without_a_selected_note(editor: Editor) -> None:
    editor.select_note(None)
    assert not press(editor, Qt.Key.Key_Up)
    make_rest(editor)
    assert editor.undo_stack.count() == 0


def test_the_selected_measures_are_transposed_as_one_step(editor: Editor) -> None:
    editor.select(4)
    transpose_selection(editor, Octaves(-1))
    editor.select_note(PLACE)
    assert sounding(editor) == "F#4"
    assert editor.undo_stack.undoText() == "Transpose"


def test_a_transposition_out_of_range_is_told(editor: Editor, qtbot: QtBot) -> None:
    editor.select(4)
    with qtbot.waitSignal(editor.told):
        transpose_selection(editor, Octaves(5))
    assert editor.undo_stack.count() == 0


def test_without_a_selection_nothing_is_transposed(editor: Editor) -> None:
    editor.clear_selection()
    transpose_selection(editor, Octaves(1))
    assert editor.undo_stack.count() == 0


def test_a_drag_moves_from_the_first_place_and_is_one_step(editor: Editor) -> None:
    before = editor.document
    drag = NoteDrag(editor)
    drag.to(Steps(1))
    drag.to(Steps(3))
    assert sounding(editor) == "B5"
    drag.to(Semitones(-1))
    assert sounding(editor) == "F5"
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert editor.document is before


def drag_there_and_back(editor: Editor) -> None:
    drag = NoteDrag(editor)
    for count in (1, 3, 0):
        drag.to(Steps(count))


def press_there_and_back(editor: Editor) -> None:
    press(editor, Qt.Key.Key_Up)
    press(editor, Qt.Key.Key_Down)


@pytest.mark.parametrize("move_there_and_back", [drag_there_and_back, press_there_and_back])
def test_a_note_that_is_moved_back_to_its_beginning_leaves_the_very_same_score_and_no_step(
    editor: Editor, move_there_and_back: Callable[[Editor], None]
) -> None:
    before = editor.document
    move_there_and_back(editor)
    assert editor.document is before
    assert (editor.undo_stack.count(), editor.is_modified, editor.note) == (0, False, PLACE)
    move_note(editor, Steps(1))
    assert (editor.undo_stack.count(), editor.is_modified) == (1, True)


def test_two_drags_are_two_steps(editor: Editor) -> None:
    NoteDrag(editor).to(Steps(1))
    NoteDrag(editor).to(Steps(1))
    assert editor.undo_stack.count() == 2
    assert sounding(editor) == "A5"


def test_steps_named_by_others_are_merged_by_their_key(editor: Editor) -> None:
    move_note(editor, Steps(1), key="held")
    move_note(editor, Steps(1), key="held")
    move_note(editor, Steps(1), key="held again")
    assert editor.undo_stack.count() == 2
