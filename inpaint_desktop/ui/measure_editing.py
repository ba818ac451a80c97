"""Cut, copy, paste and transpose: what is done to the selected measures as a whole."""

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score import clipboard
from inpaint_desktop.score.melody import Measure
from inpaint_desktop.score.moving import Move
from inpaint_desktop.score.places import Change
from inpaint_desktop.ui.describing import span_in_words
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.note_editing import transpose_selection
from inpaint_desktop.ui.words import tr


class MeasureEditing(QObject):
    """Edits the selected measures; what cannot be done is told and changes nothing.

    Signals:
        copied_changed: other measures were copied.
    """

    copied_changed = Signal()

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._copied = tuple[Measure, ...]()

    @property
    def has_copied(self) -> bool:
        """Whether there is something to paste."""
        return bool(self._copied)

    def copy(self) -> None:
        """Remember the selected measures."""
        melody, span = self._editor.melody, self._editor.span
        if melody is not None and span is not None:
            self._copied = clipboard.copied(melody, span)
            self.copied_changed.emit()
            self._editor.told.emit(tr("Copied {measures}.", measures=span_in_words(self._editor, span)))

    def cut(self) -> None:
        """Remember the selected measures and leave rests in their place."""
        melody, span = self._editor.melody, self._editor.span
        if melody is not None and span is not None:
            self.copy()
            self._apply(tr("Cut"), clipboard.cut(melody, span))

    def paste(self) -> None:
        """Put the copied measures over those from the selection on, and select them."""
        melody, span = self._editor.melody, self._editor.span
        if melody is None or span is None:
            return
        try:
            change = clipboard.pasted(melody, span.start, self._copied)
        except InpaintDesktopError as error:
            self._editor.told.emit(str(error))
            return
        if self._apply(tr("Paste"), change):
            self._editor.select(span.start, span.start + len(self._copied) - 1)

    def move(self, move: Move) -> None:
        """Move the selected measures up or down."""
        transpose_selection(self._editor, move)

    def _apply(self, text: str, change: Change) -> bool:
        try:
            self._editor.replace_measures(text, change.span, change.measures)
        except InpaintDesktopError as error:
            self._editor.told.emit(str(error))
            return False
        return True
