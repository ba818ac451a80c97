"""Choosing files: dialogs that remember the last folder and do not stop the program."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from inpaint_desktop.ui.asking import Answer, ask
from inpaint_desktop.ui.tasks import Task
from inpaint_desktop.ui.words import tr

OPEN_FILTERS = (
    "Scores (*.abc *.ABC *.musicxml *.MUSICXML *.xml *.XML *.mxl *.MXL *.txt)",
    "ABC (*.abc *.ABC *.txt)",
    "MusicXML (*.musicxml *.MUSICXML *.xml *.XML *.mxl *.MXL)",
    "All files (*)",
)

_FORBIDDEN = frozenset('<>:"/\\|?*')


Look = Callable[[Path], Sequence[str]]
"""Finds the names of the files that writing to a path may replace."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written: a proposed name, and the suffixes of the filters that one chooses from.

    A name that is typed gets the suffix of the chosen filter, unless it has one of ``suffixes``. ``folder`` is where
    one begins to look, if it is another than the last one.
    """

    title: str
    name: str
    filters: Mapping[str, str]
    suffixes: Collection[str]
    look: Look
    folder: str = ""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Where to write, and the names of files there that nobody has asked about."""

    wanted: Wanted
    path: Path
    then: Callable[[Path], object]
    unseen: tuple[str, ...] = ()


class FileDialogs(QObject):
    """Asks for files over the window.

    Signals:
        folder_changed: the folder of the last chosen file; carries it as text.
    """

    folder_changed = Signal(str)

    def __init__(self, window: QWidget, folder: str = "") -> None:
        super().__init__(window)
        self._window = window
        self.folder = folder
        self._looking = Task("looking-for-files", self)
        self._looking.succeeded.connect(self._on_looking_succeeded)

    @property
    def is_looking(self) -> bool:
        """Whether it is being looked for files in the way."""
        return self._looking.is_running

    def ask_open(self, then: Callable[[Path], object]) -> QFileDialog:
        """Ask for a score to open."""
        dialog = self._dialog(tr("Open a score"), [tr(text) for text in OPEN_FILTERS])
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return self._asked(dialog, then)

    def ask_save(self, wanted: Wanted, then: Callable[[Path], object]) -> QFileDialog:
        """Ask where to write; files in the way that the dialog itself has not asked about are asked about after it."""
        dialog = self._dialog(wanted.title, list(wanted.filters), wanted.folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.filterSelected.connect(lambda chosen: _change_suffix(dialog, wanted, chosen))
        dialog.selectFile(wanted.name)
        return self._asked(dialog, lambda path: self._look(wanted, path, dialog.selectedNameFilter(), then))

    def close(self) -> None:
        """End the thread."""
        self._looking.close()

    def _look(self, wanted: Wanted, typed: Path, chosen: str, then: Callable[[Path], object]) -> None:
        path = _with_suffix(typed, wanted, chosen)
        self._looking.start(lambda _report: _Chosen(wanted, path, then, _unseen(wanted.look(path), typed)))

    def _on_looking_succeeded(self, chosen: _Chosen) -> None:
        if not chosen.unseen:
            chosen.then(chosen.path)
            return
        question = ask(
            self._window,
            tr("Replace what is there?"),
            "\n".join(chosen.unseen),
            {
                Answer.Cancel: None,
                Answer.Save: partial(chosen.then, chosen.path),
                Answer.Open: lambda: self.ask_save(
                    replace(chosen.wanted, name=chosen.path.name, folder=str(chosen.path.parent)), chosen.then
                ),
            },
        )
        question.named(Answer.Save, tr("&Replace")).named(Answer.Open, tr("&Another name..."))

    def _dialog(self, title: str, filters: list[str], folder: str = "") -> QFileDialog:
        folders = (one for one in (folder, self.folder) if one and Path(one).is_dir())
        dialog = QFileDialog(self._window, title, next(folders, QDir.homePath()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)  # every ending in small and capital letters
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


def _with_suffix(typed: Path, wanted: Wanted, chosen: str) -> Path:
    """The path with the suffix of the filter that was chosen, unless it has one that will do."""
    suffix = wanted.filters.get(chosen, next(iter(wanted.filters.values())))
    return typed if typed.suffix.lower() in wanted.suffixes else typed.with_name(typed.name + suffix)


def _change_suffix(dialog: QFileDialog, wanted: Wanted, chosen: str) -> None:
    """Let a name that has one of the known suffixes have that of another filter."""
    for typed in map(Path, dialog.selectedFiles()[:1]):
        if typed.suffix.lower() in wanted.suffixes and chosen in wanted.filters:
            dialog.selectFile(str(typed.with_suffix(wanted.filters[chosen])))


def _unseen(names: Sequence[str], typed: Path) -> tuple[str, ...]:
    """Those names that the dialog did not ask about: it knows what was typed."""
    return tuple(name for name in names if name != typed.name)


def itself(path: Path) -> list[str]:
    """The file of that name, if there is one: what writing a single file replaces."""
    try:
        return [path.name] if path.exists() else []
    except OSError:
        return []  # writing there will say why


def numbered_pages(path: Path) -> list[str]:
    """The files that writing pages to ``path`` may replace: the one of that name, and those with a number."""
    pattern = re.compile(rf"{re.escape(path.stem)}(-\d+)?{re.escape(path.suffix)}")
    try:
        return sorted(found.name for found in path.parent.iterdir() if pattern.fullmatch(found.name))
    except OSError:
        return []  # writing there will say why


def file_name(name: str) -> str:
    """A name without what file systems do not take."""
    return "".join("-" if sign in _FORBIDDEN or ord(sign) < ord(" ") else sign for sign in name).strip(". ") or "-"
