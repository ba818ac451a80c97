"""Saving from the window: where to, in which format, and what becomes of unsaved changes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inpaint_desktop.documents.conversion import conversion_losses, format_of
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.ui.asking import Answer, ask
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.file_dialogs import FileDialogs, file_name
from inpaint_desktop.ui.files import Files
from inpaint_desktop.ui.words import tr

FILTERS = {
    ".abc": "ABC (*.abc)",
    ".musicxml": "MusicXML (*.musicxml)",
    ".mxl": "Compressed MusicXML (*.mxl)",
}

Then = Callable[[], object]


class Saving(QObject):
    """Saves the editor's score and asks what has to be asked. ``then`` is done only when all went well."""

    def __init__(self, window: QWidget, editor: Editor, files: Files, dialogs: FileDialogs) -> None:
        super().__init__(window)
        self._window = window
        self._editor = editor
        self._files = files
        self._dialogs = dialogs

    def save(self, then: Then | None = None) -> None:
        """Save the score where it was read from, or ask where."""
        path = self._editor.path
        if path is None:
            self.save_as(then)
        elif self._files.is_changed_outside():
            self._ask_about_changed(path, then)
        else:
            self._write(path, then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask where to save the score, and in which format."""
        document = self._editor.document
        if document is None:
            return
        name = self._editor.path.name if self._editor.path else (document.title or tr("Untitled")) + document.suffix
        filters = sorted(FILTERS, key=lambda suffix: suffix != document.suffix)
        self._dialogs.ask_save(
            tr("Save the score"),
            file_name(name),
            {tr(FILTERS[suffix]): suffix for suffix in filters},
            partial(self._save_as, document, then),
        )

    def _save_as(self, document: ScoreDocument, then: Then | None, path: Path) -> None:
        if document is not self._editor.document:
            self._editor.told.emit(tr("Nothing was saved, as another score was opened meanwhile; save it by itself."))
            return
        suffix = format_of(path.suffix, document)
        if suffix == document.suffix:
            self._write(path, then)
            return
        question = ask(
            self._window,
            tr("Save {name} in another format?", name=path.name),
            "\n".join(conversion_losses(document, suffix)),
            {Answer.Save: partial(self._convert, path, suffix, then), Answer.Cancel: None},
        )
        question.named(Answer.Save, tr("&Save"))

    def _convert(self, path: Path, suffix: str, then: Then | None) -> None:
        if self._files.save_converted(path, suffix):
            (then or partial(self._files.open, path))()

    def leave(self, then: Then) -> None:
        """Do ``then``, but ask first what becomes of unsaved changes."""
        if not self._editor.is_modified:
            then()
            return
        name = self._editor.path.name if self._editor.path else tr("this tune")
        ask(
            self._window,
            tr("Save the changes in {name}?", name=name),
            tr("Without saving, the changes are lost."),
            {Answer.Save: lambda: self.save(then), Answer.Discard: then, Answer.Cancel: None},
        )

    def _ask_about_changed(self, path: Path, then: Then | None) -> None:
        question = ask(
            self._window,
            tr("{name} was changed by another program.", name=path.name),
            tr("Saving replaces what that program wrote."),
            {
                Answer.Cancel: None,
                Answer.Save: lambda: self._write(path, then),
                Answer.Open: lambda: self.save_as(then),
            },
        )
        question.named(Answer.Save, tr("&Replace")).named(Answer.Open, tr("Save &as..."))

    def _write(self, path: Path, then: Then | None) -> None:
        if self._files.save_to(path) and then is not None:
            then()
