"""Choosing files: dialogs that remember the last folder and do not stop the program."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from inpaint_desktop.ui.words import tr

OPEN_FILTERS = (
    "Scores (*.abc *.ABC *.musicxml *.MUSICXML *.xml *.XML *.mxl *.MXL *.txt)",
    "ABC (*.abc *.ABC *.txt)",
    "MusicXML (*.musicxml *.MUSICXML *.xml *.XML *.mxl *.MXL)",
    "All files (*)",
)

_FORBIDDEN = frozenset('<>:"/\\|?*')


class FileDialogs(QObject):
    """Asks for files over the window.

    Signals:
        folder_changed: the folder of the last chosen file; carries it as text.
    """

    folder_changed = Signal(str)

    def __init__(self, window: QWidget, folder: str = "") -> None:
        super().__init__(window)
        self._window = window
        self.folder = folder if Path(folder).is_dir() and folder else QDir.homePath()

    def ask_open(self, then: Callable[[Path], object]) -> QFileDialog:
        """Ask for a score to open."""
        dialog = self._dialog(tr("Open a score"), [tr(text) for text in OPEN_FILTERS])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return self._asked(dialog, then)

    def ask_save(
        self, title: str, name: str, filters: Mapping[str, str], then: Callable[[Path], object]
    ) -> QFileDialog:
        """Ask where to write; ``name`` is proposed. ``filters`` have the suffix that is added where none is given."""
        dialog = self._dialog(title, list(filters))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(next(iter(filters.values())))
        dialog.filterSelected.connect(lambda chosen: _change_suffix(dialog, filters.get(chosen, ""), filters.values()))
        dialog.selectFile(name)
        return self._asked(dialog, then)

    def _dialog(self, title: str, filters: list[str]) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self.folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters(filters)
        return dialog

    def _asked(self, dialog: QFileDialog, then: Callable[[Path], object]) -> QFileDialog:
        def hand_over(chosen: str) -> None:
            path = Path(chosen)
            self.folder = str(path.parent)
            self.folder_changed.emit(self.folder)
            then(path)

        dialog.fileSelected.connect(hand_over)
        dialog.open()
        return dialog


def _change_suffix(dialog: QFileDialog, suffix: str, known: Collection[str]) -> None:
    """Let a name have the chosen suffix, also where another of the known ones was typed."""
    dialog.setDefaultSuffix(suffix)
    for typed in map(Path, dialog.selectedFiles()[:1]):
        if suffix and typed.suffix.lower() in known:
            dialog.selectFile(str(typed.with_suffix(suffix)))


def file_name(name: str) -> str:
    """A name without what file systems do not take."""
    return "".join("-" if sign in _FORBIDDEN or ord(sign) < ord(" ") else sign for sign in name).strip(". ") or "-"
