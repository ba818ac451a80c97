"""How notes are locked in both views: by Ctrl and the mouse, and by the key L; and what is said of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.ui.describing import note_in_words
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.wishes import Wishes
from inpaint_desktop.ui.words import tr

LOCK_KEY = "L"
_OTHER_KEYS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def locks(modifiers: Qt.KeyboardModifier) -> bool:
    """Whether a click locks what is clicked on: Ctrl alone is held."""
    return modifiers & _OTHER_KEYS == Qt.KeyboardModifier.ControlModifier


def lock_by_key(editor: Editor, wishes: Wishes, event: QKeyEvent) -> bool:
    """Lock the selected note, or unlock it, if the key means that; answers whether it does."""
    is_meant = event.text().upper() == LOCK_KEY and not event.modifiers() & _OTHER_KEYS
    if editor.note is None or not is_meant:
        return False
    toggle_lock(editor, wishes, editor.note)
    return True


def toggle_lock(editor: Editor, wishes: Wishes, place: NotePlace | None) -> None:
    """Lock the note or rest at a place of what is shown, or unlock it, and say so."""
    if place is None or editor.note_at(place) is None:
        return
    was_locked = wishes.is_locked(place)
    if not was_locked and not wishes.can_lock(place):
        editor.told.emit(tr("This take is only shown for trial; keep it first, then lock its notes."))
        return
    wishes.toggle_lock(place)
    editor.told.emit(_what_was_done(editor, place, is_locked=not was_locked))


def _what_was_done(editor: Editor, place: NotePlace, *, is_locked: bool) -> str:
    words = note_in_words(editor, place)
    if not is_locked:
        return tr("Unlocked: {note}.", note=words)
    if editor.span is not None and place.measure in editor.span.indices:
        return tr("Locked: {note}. It stays as it is in every take.", note=words)
    return tr("Locked: {note}. It stays as it is once its measure is among those to be filled.", note=words)


def locked_note_in_words(editor: Editor, wishes: Wishes, place: NotePlace | None) -> str:
    """What a tool tip says of a locked note; empty words if it is not locked."""
    if place is None or not wishes.is_locked(place):
        return ""
    words = note_in_words(editor, place)
    return tr("Locked: {note}. It stays as it is in every take; Ctrl+click unlocks it.", note=words)


def locks_in_words(editor: Editor, wishes: Wishes) -> str:
    """Say how many notes are locked, and whether there is a contour; empty words if there is neither."""
    count, inside = wishes.lock_count(), wishes.lock_count(editor.span) if editor.span else 0
    words = []
    if count:
        words.append(tr("1 locked") if count == 1 else tr("{count} locked", count=count))
    if count > inside:
        words[-1] += tr(" ({count} outside the selection)", count=count - inside)
    if wishes.contour:
        words.append(tr("contour"))
    return ", ".join(words)
