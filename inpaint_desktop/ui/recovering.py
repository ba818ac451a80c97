"""Keeps unsaved work while it is worked on, and brings back what a crash has left behind."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_content
from inpaint_desktop.documents.recovery import Recovered, RecoveryStore, Work
from inpaint_desktop.documents.watching import FileStamp
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.files import sentence_of, stamp_before
from inpaint_desktop.ui.tasks import Report, Task

DELAY_MS = 1000
"""How long after an edit it is kept, so that edits in a row are kept once."""


@dataclass(frozen=True, slots=True)
class _Restored:
    """Work that was left behind, the score that it holds, and the stamp of the file that it belongs to."""

    recovered: Recovered
    document: ScoreDocument
    stamp: FileStamp | None


class Recovering(QObject):
    """Keeps the editor's unsaved score in the store, one second after each edit.

    Signals:
        found: work was left behind, or could not be restored; carries a tuple of ``Recovered``, the newest first.
        restored: carries the ``Recovered`` that is open now, and the stamp that its file had when it was kept.
        failed: carries a sentence.
    """

    found = Signal(object)
    restored = Signal(object, object)
    failed = Signal(str)

    def __init__(self, editor: Editor, child: ChildProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._child = child
        self._store = RecoveryStore()
        self._kept: ScoreDocument | None = None
        self._wanted: Recovered | None = None
        self._before: ScoreDocument | None = None
        self._timer = QTimer(self, interval=DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self.keep_now)
        self._keeping = Task("keeping", self)
        self._keeping.failed.connect(self._on_keeping_failed)
        self._declined: tuple[Recovered, ...] = ()
        self._declining = Task("declining", self)
        self._looking = Task("recovering", self)
        self._looking.succeeded.connect(self._on_looking_succeeded)
        self._looking.failed.connect(self._on_looking_failed)
        editor.shown_changed.connect(self._on_editor_changed)
        editor.modified_changed.connect(self._on_editor_changed)

    def look(self) -> None:
        """Look for work that was left behind."""
        self._looking.start(lambda _report: self._store.left_behind())

    def restore(self, recovered: Recovered) -> None:
        """Read work that was left behind and show it, as unsaved as it was.

        It is offered again if it cannot be read, or if the open score is edited meanwhile.
        """
        self._wanted, self._before = recovered, self._editor.document
        self._looking.start(_reading(recovered, self._child))

    def decline(self, recovered: Recovered) -> None:
        """Delete work that nobody wants back."""
        self._declined += (recovered,)
        self._declining.start(_declining(self._store, self._declined))

    def keep_now(self) -> None:
        """Keep the score as it is, if it is not saved."""
        document = self._editor.document
        if document is None or not self._editor.is_modified or document is self._kept:
            return
        self._kept = document
        path, tune = self._editor.path, self._editor.tune
        self._keeping.start(lambda _report: self._store.keep(Work.of(document, path, tune)))

    def close(self) -> None:
        """End; unsaved work that is still kept is not wanted any more."""
        self._timer.stop()
        self._editor.shown_changed.disconnect(self._on_editor_changed)
        self._editor.modified_changed.disconnect(self._on_editor_changed)
        self._keeping.close()
        self._declining.close(finishes=True)
        self._looking.close()
        self._store.forget()
        self._store.close()

    def _on_editor_changed(self) -> None:
        if self._editor.is_modified:
            if self._editor.document is not self._kept:
                self._timer.start()
            return
        self._timer.stop()
        if self._kept is not None:
            self._kept = None
            self._keeping.start(lambda _report: self._store.forget())

    def _on_looking_succeeded(self, result: object) -> None:
        if isinstance(result, _Restored):
            if self._editor.is_modified and self._editor.document is not self._before:
                self.found.emit((result.recovered,))
            else:
                self._show(result)
        elif result:
            self.found.emit(result)

    def _show(self, restored: "_Restored") -> None:
        work, self._wanted = restored.recovered.work, None
        self._store.adopt(restored.recovered)
        self._kept = None
        self._editor.open(restored.document, work.path, tune=work.tune)
        self._kept = restored.document  # as it was adopted; once it is saved or given up, it is forgotten
        self._editor.set_unsaved()
        self.restored.emit(restored.recovered, restored.stamp)

    def _on_looking_failed(self, error: Exception) -> None:
        self.failed.emit(sentence_of(error))
        if self._wanted is not None:
            self.found.emit((self._wanted,))

    def _on_keeping_failed(self, error: Exception) -> None:
        self.failed.emit(sentence_of(error))


def _declining(store: RecoveryStore, declined: tuple[Recovered, ...]) -> Callable[[Report], None]:
    def decline(_report: Report) -> None:
        for one in declined:
            store.decline(one)

    return decline


def _reading(recovered: Recovered, child: ChildProcess) -> Callable[[Report], object]:
    work = recovered.work

    def read(_report: Report) -> _Restored:
        document = open_content(work.content, work.file_name, tune=work.tune, child=child)
        stamp = stamp_before(work.path, recovered.kept_at) if work.path is not None else None
        return _Restored(recovered, document, stamp)

    return read
