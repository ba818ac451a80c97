"""Touching up by hand: what keys and menus do to the selected note, and moving the selected measures up and down.

While a note or rest is selected, these keys of the focused view edit it:

==================  ==============================================
Up, Down            a step of the scale up or down
Shift+Up, Down      a semitone up or down
Ctrl+Up, Down       an octave up or down
A to G              the nearest note of that name; turns a rest into a note
7, 6, 5, 4, 3, 2    whole, half, quarter, eighth, 16th, 32nd
.                   dotted, or not dotted any more
+, -                the next longer or shorter length
Delete, 0           a rest
==================  ==============================================

What cannot be done is told in a sentence, and changes nothing. Presses of keys that follow each other on the same
note are one step to undo.
"""

from collections.abc import Callable, Mapping
from itertools import count

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score import edits, moving
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.moving import Move, Octaves, Semitones, Steps
from inpaint_desktop.score.pitch import STEPS, Pitch
from inpaint_desktop.score.places import Change, NotePlace, note_at
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.words import tr

NoteEdit = Callable[[Melody, NotePlace], Change]

_KEY_MODIFIERS = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
)


def edit_by_key(editor: Editor, event: QKeyEvent) -> bool:
    """Do what a key means for the selected note; answers whether there is one and the key means anything."""
    action = _action(event)
    if editor.note is None or action is None:
        return False
    action(editor)
    return True


def _action(event: QKeyEvent) -> "_Action | None":
    modifiers = event.modifiers() & _KEY_MODIFIERS
    action = _KEYS.get((Qt.Key(event.key()), modifiers))
    if action is None and not modifiers & ~_SHIFT:
        action = _SIGNS.get(event.text())
    return action


def move_note(editor: Editor, move: Move, *, key: str = "") -> None:
    """Move the selected note up or down; edits of the same ``key`` in a row are one step to undo."""
    edit_note(editor, _moving(), lambda melody, place: moving.move_note(melody, place, move), key=key)


def set_length(editor: Editor, ticks: int) -> None:
    """Let the selected note or rest last ``ticks``."""
    _change_length(editor, lambda melody, place: edits.set_length(melody, place, ticks))


def toggle_dot(editor: Editor) -> None:
    """Make the selected note half as long again, or take that from a note that is dotted."""
    _change_length(editor, _with_other_dot)


def lengthen(editor: Editor) -> None:
    """Give the selected note the next longer length."""
    _change_length(editor, edits.lengthened)


def shorten(editor: Editor) -> None:
    """Give the selected note the next shorter length."""
    _change_length(editor, edits.shortened)


def _change_length(editor: Editor, edit: NoteEdit) -> None:
    edit_note(editor, tr("Change a length"), edit)


def make_rest(editor: Editor) -> None:
    """Put a rest in the place of the selected note."""
    edit_note(editor, tr("Make a rest"), edits.make_rest)


def set_step(editor: Editor, step: str) -> None:
    """Let the selected note have the nearest pitch called ``step``, or put such a note in the place of the rest."""
    edit_note(editor, tr("Change a note"), lambda melody, place: _with_step(melody, place, step))


def transpose_selection(editor: Editor, move: Move) -> None:
    """Move the selected measures up or down."""
    melody, span = editor.melody, editor.span
    if melody is None or span is None or _is_preview(editor):
        return
    _apply(editor, tr("Transpose"), lambda: moving.move_measures(melody, span, move))


def edit_note(editor: Editor, text: str, edit: NoteEdit, *, key: str = "") -> None:
    """Edit the selected note as one step called ``text``, and select what became of it.

    Edits of one ``key`` in a row are one step; without a key, those of the same name on the same note are.
    """
    melody, place = editor.melody, editor.note
    if melody is None or place is None or _is_preview(editor):
        return
    key = key or f"{text} {editor.part} {place.measure} {place.note}"
    _apply(editor, text, lambda: edit(melody, place), key)


class NoteDrag:
    """Moves the selected note while a mouse button is held: always from where it was at first, as one step to undo."""

    _numbers = count(1)

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._melody, self._place = editor.melody, editor.note
        self._key = f"drag {next(self._numbers)}"
        self._span: Span | None = None
        self._move: Move = Steps(0)

    def to(self, move: Move) -> None:
        """Put the note as far from its first place as ``move`` says."""
        melody, place, span = self._melody, self._place, self._span
        if melody is None or place is None or move == self._move or _is_preview(self._editor):
            return
        self._move = move
        if move.count:
            _apply(self._editor, _moving(), lambda: self._remembered(moving.move_note(melody, place, move)), self._key)
        elif span is not None:
            first = Change(span, melody.measures[span.start : span.stop], place)
            _apply(self._editor, _moving(), lambda: first, self._key)

    def _remembered(self, change: Change) -> Change:
        self._span = change.span
        return change


def _moving() -> str:
    return tr("Move a note")


def _apply(editor: Editor, text: str, make_change: Callable[[], Change], key: str = "") -> None:
    try:
        change = make_change()
        editor.replace_measures(text, change.span, change.measures, key=key)
    except InpaintDesktopError as error:
        editor.told.emit(str(error))
        return
    if change.note is not None:
        editor.select_note(change.note)


def _is_preview(editor: Editor) -> bool:
    if editor.preview is not None:
        editor.told.emit(tr("This take is only shown for trial; keep it first, then change its notes."))
    return editor.preview is not None


def _with_other_dot(melody: Melody, place: NotePlace) -> Change:
    note = note_at(melody, place)
    length = edits.length_of(note)
    is_dotted = length is not None and length.name.startswith("dotted ")
    ticks = note.duration * 2 // 3 if is_dotted else note.duration * 3 // 2
    return edits.set_length(melody, place, ticks)


def _with_step(melody: Melody, place: NotePlace, step: str) -> Change:
    note, key = note_at(melody, place), melody.measures[place.measure].key
    old = note.pitch or moving.pitch_near(melody, place)
    distance = (STEPS.index(step) - STEPS.index(old.step) + 3) % 7 - 3
    if note.pitch is not None:
        return moving.move_note(melody, place, Steps(distance))
    octave = (old.staff_position + distance) // 7
    return edits.make_note(melody, place, Pitch(step, key.alter(step), octave))


_Action = Callable[[Editor], None]
_NONE, _SHIFT, _CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def _mover(move: Move) -> _Action:
    return lambda editor: move_note(editor, move)


def _length_setter(ticks: int) -> _Action:
    return lambda editor: set_length(editor, ticks)


def _step_setter(step: str) -> _Action:
    return lambda editor: set_step(editor, step)


_KEYS: Mapping[tuple[Qt.Key, Qt.KeyboardModifier], _Action] = {
    (Qt.Key.Key_Up, _NONE): _mover(Steps(1)),
    (Qt.Key.Key_Down, _NONE): _mover(Steps(-1)),
    (Qt.Key.Key_Up, _SHIFT): _mover(Semitones(1)),
    (Qt.Key.Key_Down, _SHIFT): _mover(Semitones(-1)),
    (Qt.Key.Key_Up, _CONTROL): _mover(Octaves(1)),
    (Qt.Key.Key_Down, _CONTROL): _mover(Octaves(-1)),
    (Qt.Key.Key_Delete, _NONE): make_rest,
    (Qt.Key.Key_Backspace, _NONE): make_rest,
}
_SIGNS: Mapping[str, _Action] = {
    **{str(7 - power): _length_setter(TICKS_PER_QUARTER * 4 >> power) for power in range(6)},
    **{letter: _step_setter(letter.upper()) for letter in (*STEPS, *STEPS.lower())},
    "0": make_rest,
    ".": toggle_dot,
    "+": lengthen,
    "-": shorten,
}
"""Keys by what they write, so that they are found on every keyboard."""
