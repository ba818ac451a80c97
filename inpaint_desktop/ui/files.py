"""The open score's file: reading, saving, and noticing when another program changes it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from inpaint_desktop import paths
from inpaint_desktop.documents.abc.tunes import Tune
from inpaint_desktop.documents.conversion import converted
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import list_tunes, open_document
from inpaint_desktop.documents.watching import FileStamp
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.tasks import Report, Task
from inpaint_desktop.ui.words import tr
from inpaint_desktop.ui.writing import Job, Writer

Then = Callable[[], object]

READER = "inpaint_desktop.documents.abc.reading"
SETTLING_MS = 300
"""How long a changed file is left alone, as other programs write in several steps."""

_UNKNOWN = FileStamp(size=-1, mtime_ns=-1, inode=-1, digest="")
"""What no file is like."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at the file found: which of the watched places are there, and its stamp if it is news."""

    places: tuple[str, ...]
    news: FileStamp | None


@dataclass(frozen=True, slots=True)
class ReadScore:
    """A score that was read, and the stamp that its file had before."""

    document: ScoreDocument
    path: Path
    tune: str | None
    stamp: FileStamp | None


@dataclass(frozen=True, slots=True)
class TuneBook:
    """A file with several tunes, of which one has to be chosen."""

    path: Path
    tunes: tuple[Tune, ...]


class Files(QObject):
    """Opens and saves the editor's score. A file that cannot be read leaves the open score as it is.

    Signals:
        opening_started: a file is being read; carries its name.
        opening_ended: the file was read, or it failed.
        book_opened: the file holds several tunes; carries a ``TuneBook``.
        edited_meanwhile: a file was read, but the open score was edited while it was; carries the ``ReadScore``.
        writing_slow: a file is being written, and it takes a while; carries its name.
        writing_ended: nothing is being written any more.
        used: a file that is not one of the program was opened or saved; carries its path.
        failed: what was asked for did not work; carries a sentence.
        changed_outside: another program has changed the file of the open score.
    """

    opening_started = Signal(str)
    opening_ended = Signal()
    book_opened = Signal(object)
    edited_meanwhile = Signal(object)
    writing_slow = Signal(str)
    writing_ended = Signal()
    used = Signal(object)
    failed = Signal(str)
    changed_outside = Signal()

    def __init__(self, editor: Editor, child: ChildProcess, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._child = child
        self._task = Task("opening", self)
        self._task.succeeded.connect(self._on_task_succeeded)
        self._task.failed.connect(self._on_task_failed)
        self._task.ended.connect(self.opening_ended)
        self._warming = Task("warming-reader", self)
        self._checking = Task("checking-file", self)
        self._checking.succeeded.connect(self._on_checking_succeeded)
        self._stamp: FileStamp | None = None
        self._told: FileStamp | None = None
        self._before: ScoreDocument | None = None
        self._is_settled = False
        self._opened = object()
        self._writer = Writer(self)
        self._writer.slow.connect(self.writing_slow)
        self._writer.failed.connect(self._on_task_failed)
        self._writer.ended.connect(self._on_writer_ended)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._on_watcher_changed)
        self._watcher.directoryChanged.connect(self._on_watcher_changed)
        self._settling = QTimer(self, interval=SETTLING_MS, singleShot=True)
        self._settling.timeout.connect(self.check_outside)
        editor.document_opened.connect(self._on_editor_document_opened)

    @property
    def is_opening(self) -> bool:
        """Whether a file is being read."""
        return self._task.is_running

    def warm_up(self) -> None:
        """Let the reading process start, so that the first file need not wait for it."""
        self._warming.start(self._warm_up)

    def _warm_up(self, _report: Report) -> None:
        self._child.warm_up(READER)

    def open(self, path: Path, tune: str | None = None) -> None:
        """Read a file in the background and show its score."""
        path = path.absolute()
        self._before = self._editor.document
        if self.is_opening:
            self._child.close()  # nobody waits for what it reads
        self._task.start(_reading(path, tune, self._child))
        self.opening_started.emit(path.name)

    def show(self, found: ReadScore) -> None:
        """Show a score that was read in the place of the open one, or as the open one has become."""
        if self._editor.document is not None and (self._editor.path, self._editor.tune) == (found.path, found.tune):
            self._editor.reopen(found.document)
        else:
            self._editor.open(found.document, found.path, tune=found.tune)
        self._remember(found.stamp)
        self._tell_used(found.path)

    def reload(self) -> None:
        """Read the open score's file again."""
        if self._editor.path is not None:
            self.open(self._editor.path, self._editor.tune)

    def cancel_opening(self) -> None:
        """Give up the file that is being read, and the process that reads it."""
        if self.is_opening:
            self._task.cancel()
            self._child.close()

    @property
    def is_writing(self) -> bool:
        """Whether a score is being written."""
        return self._writer.is_running

    def save_to(self, path: Path, then: Then | None = None, *, if_changed: Then | None = None) -> None:
        """Write the score as it is to ``path`` in the background, and then do ``then``.

        With ``if_changed`` that is done instead if another program has changed the file since it was read or saved.
        """
        document = self._editor.document
        if document is not None:
            job = Job(path, document.to_bytes, partial(self._on_saved, self._opened, document, path, then))
            if if_changed is not None:
                job = replace(job, expected=lambda: self._stamp, refused=if_changed)
            self._writer.put(job)

    def save_converted(self, path: Path, suffix: str, then: Then | None = None) -> None:
        """Write the score, or what another format holds of it, to ``path``; then do ``then``, or else open that file.

        The open score stays unsaved, as the file may hold less than it.
        """
        document, part = self._editor.document, self._editor.part
        if document is not None:
            done = partial(self._on_converted, document, path, then)
            self._writer.put(Job(path, lambda: converted(document, suffix, part), done))

    def save_copy(self, document: ScoreDocument, path: Path) -> None:
        """Write another score to ``path``; the open one stays the open one."""
        self._writer.put(Job(path, document.to_bytes, lambda _stamp: self._say_saved(path)))

    def cancel_writing(self) -> None:
        """Give up what is being written."""
        self._writer.cancel()

    def adopt(self, stamp: FileStamp | None) -> None:
        """Take the open score's file as one that is like ``stamp``, though the score differs from it."""
        self._remember(stamp)

    def accept_outside(self) -> None:
        """Let the score stay as it is, though the file is another now; saving will replace it."""
        if self._editor.path is not None:
            self._remember(self._told or self._stamp)
            self._editor.set_unsaved()

    def check_outside(self) -> None:
        """Look in the background whether another program has changed the file, and say so once for each change.

        While this one writes, that has to wait.
        """
        self._look(is_settled=True)

    def _look(self, *, is_settled: bool) -> None:
        """Look at the file; where it ``is_settled``, no other program can be in the middle of writing it."""
        if self._editor.path is not None and not self.is_writing:
            self._is_settled = is_settled
            self._checking.start(_looking(self._editor.path, self._stamp, self._told))

    def close(self) -> None:
        """End the threads; the reading process belongs to whoever made it."""
        self._task.close()
        self._warming.close()
        self._checking.close()
        self._writer.close()

    def _on_task_succeeded(self, found: object) -> None:
        if isinstance(found, TuneBook):
            self.book_opened.emit(found)
        elif isinstance(found, ReadScore):
            if self._editor.is_modified and self._editor.document is not self._before:
                self.edited_meanwhile.emit(found)
            else:
                self.show(found)

    def _on_task_failed(self, error: Exception) -> None:
        self.failed.emit(sentence_of(error))

    def _on_saved(
        self, opened: object, document: ScoreDocument, path: Path, then: Then | None, stamp: FileStamp | None
    ) -> None:
        self._tell_used(path)
        if opened is not self._opened:
            return  # another score is open now
        self._editor.saved(path, document)
        self._remember(stamp)
        self._say_saved(path)
        if then is not None:
            then()

    def _on_converted(self, document: ScoreDocument, path: Path, then: Then | None, _stamp: FileStamp | None) -> None:
        self._tell_used(path)
        if then is not None:
            then()
        elif document is self._editor.document:
            self.open(path)
        else:
            self._say_saved(path)  # and stay with what was edited, or opened, meanwhile

    def _tell_used(self, path: Path) -> None:
        if not is_example(path):
            self.used.emit(path)

    def _say_saved(self, path: Path) -> None:
        self._editor.told.emit(tr("Saved as {name}.", name=path.name))

    def _on_writer_ended(self) -> None:
        self._look(is_settled=False)
        self.writing_ended.emit()

    def _on_checking_succeeded(self, found: _Look) -> None:
        self._watch(found.places)
        if found.news is None or self.is_writing:
            return
        if self._is_settled:
            self._told = found.news
            self.changed_outside.emit()
        else:
            self._settling.start()

    def _on_watcher_changed(self, _path: str) -> None:
        self._settling.start()

    def _on_editor_document_opened(self) -> None:
        self._opened = object()
        if self._editor.path is None:
            self._forget()

    def _remember(self, stamp: FileStamp | None) -> None:
        self._forget()
        self._stamp = stamp
        self._look(is_settled=False)  # it may have changed since, and is watched after that

    def _watch(self, places: tuple[str, ...]) -> None:
        watched = {*self._watcher.files(), *self._watcher.directories()}
        if missing := [place for place in places if place not in watched]:
            self._watcher.addPaths(missing)
            self._settling.start()  # it may have changed between the look and the watch

    def _forget(self) -> None:
        self._checking.cancel()  # it compares with a stamp that is no longer the right one
        self._stamp = self._told = None
        if watched := self._watcher.files() + self._watcher.directories():
            self._watcher.removePaths(watched)


def is_example(path: Path) -> bool:
    """Whether a file came with the program: it is to be looked at, and not to be written."""
    return path.is_relative_to(paths.resources_folder())


def folder_of(path: Path | None) -> str:
    """Where a score lies; nowhere if it has no file, or one of the program."""
    return "" if path is None or is_example(path) else str(path.parent)


def sentence_of(error: object) -> str:
    """What to tell a person of an error."""
    if isinstance(error, InpaintDesktopError):
        return str(error)
    return tr("Something went wrong that the program did not expect ({error}); the log has the details.", error=error)


def stamp_before(path: Path, when: datetime) -> FileStamp | None:
    """Take the stamp of a file that was not written after ``when``; another has one that it never holds."""
    try:
        is_newer = path.stat().st_mtime > when.timestamp()
    except (OSError, ValueError):
        return None
    return _UNKNOWN if is_newer else FileStamp.of(path)


def _existing(path: Path) -> tuple[str, ...]:
    """The file, and its folder as well: many programs put a new file in the place of the old one."""
    return tuple(str(place) for place in (path, path.parent) if place.exists())


def _looking(path: Path, stamp: FileStamp | None, told: FileStamp | None) -> Callable[[Report], _Look]:
    def look(_report: Report) -> _Look:
        is_known = stamp is None or any(known.still_holds(path) for known in (stamp, told) if known)
        return _Look(_existing(path), None if is_known else FileStamp.of(path))

    return look


def _reading(path: Path, tune: str | None, child: ChildProcess) -> Callable[[Report], object]:
    def read(_report: Report) -> ReadScore | TuneBook:
        stamp = FileStamp.of(path)
        if tune is None and len(tunes := list_tunes(path)) > 1:
            return TuneBook(path, tunes)
        return ReadScore(open_document(path, tune=tune, child=child), path, tune, stamp)

    return read
