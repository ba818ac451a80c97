"""The recent files as the window lists them: read, checked and written in the background, as drives may not answer."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.errors import FileNotSavedError
from inpaint_desktop.recent import MAX_RECENT, RecentFiles
from inpaint_desktop.ui.tasks import Report, Task

logger = logging.getLogger(__name__)


class RecentList(QObject):
    """What was opened or saved last, newest first.

    Signals:
        changed: other files are listed.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files = RecentFiles()
        self._listed: tuple[Path, ...] = ()
        self._added: list[Path] = []
        self._task = Task("recent-files", self)
        self._task.succeeded.connect(self._on_task_succeeded)

    @property
    def listed(self) -> tuple[Path, ...]:
        """The files that could be read when they were last looked at."""
        return self._listed

    def look(self) -> None:
        """List the files that can be read now."""
        self._task.start(_updating(self._files, tuple(self._added)))

    def add(self, path: Path) -> None:
        """Put a file first, at once; what the disk says of it follows."""
        path = path.absolute()
        self._added.append(path)
        self._show((path, *(other for other in self._listed if other != path))[:MAX_RECENT])
        self.look()

    def close(self) -> None:
        """End the thread once it has written the list, but do not wait long for it."""
        self._task.close(finishes=True)

    def _show(self, files: tuple[Path, ...]) -> None:
        if files != self._listed:
            self._listed = files
            self.changed.emit()

    def _on_task_succeeded(self, files: tuple[Path, ...]) -> None:
        self._added.clear()  # the last work has them all, as it called off what was before it
        self._show(files)


def _updating(files: RecentFiles, added: tuple[Path, ...]) -> Callable[[Report], tuple[Path, ...]]:
    def update(_report: Report) -> tuple[Path, ...]:
        _add(files, added)
        return files.listed()

    return update


def _add(files: RecentFiles, added: Sequence[Path]) -> None:
    """Put files first, one after the other; a list that cannot be written is no reason to stop."""
    for path in added:
        try:
            files.add(path)
        except FileNotSavedError as error:
            logger.warning("%s", error)
