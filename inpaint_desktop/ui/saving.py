"""Saving from the window: where to, in which format, and what becomes of unsaved changes."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inpaint_desktop.documents.conversion import SUFFIXES, conversion_losses, format_of
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.ui.asking import Answer, ask
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.file_dialogs import FileDialogs, Wanted, file_name, itself
from inpaint_desktop.ui.files import Files, Then, folder_of, is_example
from inpaint_desktop.ui.words import tr

FILTERS = {
    ".abc": "ABC (*.abc)",
    ".musicxml": "MusicXML (*.musicxml)",
    ".mxl": "Compressed MusicXML (*.mxl)",
}


class Saving(QObject):
    """Saves the editor's score and asks what has to be asked. ``then`` is done only when all went well."""

    def __init__(self, window: QWidget, editor: Editor, files: Files, dialogs: FileDialogs) -> None:
        super().__init__(window)
        self._window = window
        self._editor = editor
        self._files = files
        self._dialogs = dialogs
        self._waiting: list[Then] = []
        files.writing_ended.connect(self._on_files_writing_ended)

    def save(self, then: Then | None = None) -> None:
        """Save the score where it was read from, or ask where, as for new tunes and for those of the program."""
        path = self._editor.path
        if path is None or is_example(path):
            self.save_as(then)
        else:
            self._write(path, then, if_changed=partial(self._ask_about_changed, path, then))

    def save_as(self, then: Then | None = None) -> None:
        """Ask where to save the score, and in which format."""
        document = self._editor.document
        if document is None:
            return
        name = self._editor.path.name if self._editor.path else (document.title or tr("Untitled")) + document.suffix
        filters = sorted(FILTERS, key=lambda suffix: suffix != document.suffix)
        wanted = Wanted(
            title=tr("Save the score"),
            name=file_name(name),
            filters={tr(FILTERS[suffix]): suffix for suffix in filters},
            suffixes=SUFFIXES,
            look=itself,
            folder=folder_of(self._editor.path),
        )
        self._dialogs.ask_save(wanted, partial(self._save_as, document, then))

    def _save_as(self, document: ScoreDocument, then: Then | None, path: Path) -> None:
        if document is not self._editor.document:
            self._editor.told.emit(tr("Nothing was saved, as another score was opened meanwhile; save it by itself."))
            return
        suffix = format_of(path.suffix, document)
        if suffix == document.suffix:
            self._write(path, then)
            return
        losses = list(conversion_losses(document, suffix))
        if then is None and self._editor.undo_stack.count():
            losses.append(
                tr("The program goes on with the new file; the steps so far can then not be undone any more.")
            )
        question = ask(
            self._window,
            tr("Save {name} in another format?", name=path.name),
            "\n".join(losses),
            {Answer.Save: partial(self._convert, path, suffix, then), Answer.Cancel: None},
        )
        question.named(Answer.Save, tr("&Save"))

    def _convert(self, path: Path, suffix: str, then: Then | None) -> None:
        self._files.save_converted(path, suffix, partial(self._go_on, self._editor.document, then) if then else None)

    def _go_on(self, document: ScoreDocument | None, then: Then) -> None:
        """Do ``then``; what was edited while the score was written is asked about."""
        if self._editor.document is document:
            then()
        else:
            self.leave(then)

    def leave(self, then: Then) -> None:
        """Do ``then``, but ask first what becomes of unsaved changes; what is just being saved is waited for."""
        if self._files.is_writing:
            self._waiting.append(then)
            return
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

    def _write(self, path: Path, then: Then | None, if_changed: Then | None = None) -> None:
        """Save, and then do ``then``; what is edited meanwhile is asked about."""
        self._files.save_to(path, partial(self.leave, then) if then else None, if_changed=if_changed)

    def _on_files_writing_ended(self) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting[-1:]:  # one can go one way only
            self.leave(then)
