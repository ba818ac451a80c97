"""How the mouse and the keys select measures and notes: the same in every view.

A view finds out what lies under the pointer, a ``Hit``, and hands it to a ``SelectingGesture``, which selects in
the editor. Keys go through ``select_by_key``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from inpaint_desktop.score.melody import Melody
from inpaint_desktop.score.places import place_after, place_before
from inpaint_desktop.ui.editor import Editor, NotePlace

_KEY_MODIFIERS = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
)


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the pointer: a measure of a part, and the note there if there is one."""

    measure: int
    part: int
    note: NotePlace | None = None


class SelectingGesture:
    """Selects in the editor while a mouse button is held: press, any number of moves, release."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._anchor: int | None = None

    @property
    def is_active(self) -> bool:
        """Whether the button was pressed on a measure and is held."""
        return self._anchor is not None

    def press(self, hit: Hit | None, *, extend: bool = False) -> None:
        """Select the measure and the note that were hit, or up to that measure; nothing where nothing was hit."""
        editor = self._editor
        if hit is None:
            if not extend:
                editor.clear_selection()
            return
        editor.set_part(hit.part)
        if extend:
            editor.extend_to(hit.measure)
        elif hit.note is None or not _is_only(editor, hit.note):
            editor.select(hit.measure)
            editor.select_note(hit.note)
        self._anchor = editor.selection.anchor if editor.selection else None

    def move(self, hit: Hit | None) -> None:
        """Select from where the button was pressed to the measure that is hit now."""
        if self._anchor is None or hit is None:
            return
        selection = self._editor.selection
        if selection is None or (selection.anchor, selection.head) != (self._anchor, hit.measure):
            self._editor.select(self._anchor, hit.measure)

    def release(self) -> None:
        """Leave selected what is selected."""
        self._anchor = None


def _is_only(editor: Editor, note: NotePlace) -> bool:
    """Whether the note is selected, and of the measures its own alone: then there is nothing to do."""
    return editor.note == note and editor.span is not None and list(editor.span.indices) == [note.measure]


def selects_range(dx: float, dy: float) -> bool:
    """Whether a drag that began on a note goes sideways and so selects measures, instead of moving the note."""
    return abs(dx) > abs(dy)


def select_by_key(editor: Editor, event: QKeyEvent, *, start: int | None = None) -> bool:
    """Do what a key means for the selection; answers whether it means anything.

    ``start`` is the measure to begin with where nothing is selected, as the cursor stands there.
    """
    action = _KEYS.get((Qt.Key(event.key()), event.modifiers() & _KEY_MODIFIERS))
    return editor.document is not None and action is not None and action(editor, start)


def select_note_beside(editor: Editor, steps: int, start: int | None = None) -> bool:
    """Select the next note or rest, or with ``steps`` -1 the one before.

    Without a selected note, begin with the selected measures, or else with measure ``start``.
    """
    melody = editor.shown_melody
    if melody is None or not melody.measures:
        return False
    here = editor.note
    first = editor.span.start if editor.span else start or 0
    place = _first_note(melody, first) if here is None else _beside(melody, here, steps)
    if place is not None:
        editor.select_note(place)
    return True


def _beside(melody: Melody, place: NotePlace, steps: int) -> NotePlace | None:
    return place_after(melody, place) if steps > 0 else place_before(melody, place)


def _first_note(melody: Melody, start: int) -> NotePlace | None:
    filled = (index for index in range(start, len(melody.measures)) if melody.measures[index].notes)
    index = next(filled, None)
    return None if index is None else NotePlace(index, 0)


def _move(measures: int, *, extend: bool = False) -> "_KeyAction":
    def act(editor: Editor, start: int | None) -> bool:
        if editor.selection is None and start is not None:
            editor.select(start)
        else:
            editor.move_selection(measures, extend=extend)
        return True

    return act


def _note(steps: int) -> "_KeyAction":
    return lambda editor, start: select_note_beside(editor, steps, start)


def _part(parts: int) -> "_KeyAction":
    def act(editor: Editor, _start: int | None) -> bool:
        editor.set_part(editor.part + parts)
        return True

    return act


def _let_go(editor: Editor, _start: int | None) -> bool:
    """Select no note any more; if none was selected, no measure. While a take is shown, the key is the gallery's."""
    if editor.preview is not None or (editor.note is None and editor.span is None):
        return False
    if editor.note is not None:
        editor.select_note(None)
    else:
        editor.clear_selection()
    return True


_KeyAction = Callable[[Editor, int | None], bool]
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT, _CONTROL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
_KEYS: Mapping[tuple[Qt.Key, Qt.KeyboardModifier], _KeyAction] = {
    (Qt.Key.Key_Left, _NONE): _move(-1),
    (Qt.Key.Key_Right, _NONE): _move(1),
    (Qt.Key.Key_Left, _SHIFT): _move(-1, extend=True),
    (Qt.Key.Key_Right, _SHIFT): _move(1, extend=True),
    (Qt.Key.Key_Left, _ALT): _note(-1),
    (Qt.Key.Key_Right, _ALT): _note(1),
    (Qt.Key.Key_PageUp, _CONTROL): _part(-1),
    (Qt.Key.Key_PageDown, _CONTROL): _part(1),
    (Qt.Key.Key_Escape, _NONE): _let_go,
}
"""The keys of the focused view. Keys that work in the whole window stand in the table of actions."""
