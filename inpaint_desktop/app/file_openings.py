"""Files that the system asks the running program to open, as the Finder of macOS does."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QFileOpenEvent, QGuiApplication


class FileOpenings(QObject):
    """Listens to the system.

    Signals:
        files_asked: a file is to be opened; carries a tuple with its path.
    """

    files_asked = Signal(object)

    def __init__(self, application: QGuiApplication) -> None:
        super().__init__(application)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take what is about files, and let everything else pass."""
        if isinstance(event, QFileOpenEvent) and (file := event.file()):
            self.files_asked.emit((Path(file),))
            return True
        return super().eventFilter(watched, event)
