"""What stands in the window while no score is open: ways to begin."""

import re
from collections.abc import Sequence
from html import unescape
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inpaint_desktop.ui.appearance import application_icon
from inpaint_desktop.ui.words import tr

SUFFIXES = (".abc", ".musicxml", ".mxl", ".xml")
_TITLE = re.compile(r"^T:([^%\n]+)|<(?:work|movement)-title>([^<]+)<", re.MULTILINE)
_HEAD_CHARACTERS = 4000
_ICON_SIZE = 64
_WIDEST = 860
_LIST_HEIGHTS = 160, 340
_TITLE_SCALE, _HEADING_SCALE = 1.8, 1.15


def example_tunes(folder: Path) -> tuple[Path, ...]:
    """The scores in a folder, by name."""
    return tuple(sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES))


def title_of(path: Path) -> str:
    """The title that stands in a score's first lines; its file's name where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = _TITLE.search(file.read(_HEAD_CHARACTERS))
    except OSError:
        found = None
    return unescape(next(filter(None, found.groups()), "")).strip() if found else path.stem


def place_of(path: Path) -> str:
    """A file's name and its folder, as short as it can be said."""
    folder = path.parent
    if folder.is_relative_to(Path.home()):
        folder = Path("~") / folder.relative_to(Path.home())
    return f"{path.name}  ·  {folder}"


class WelcomePage(QScrollArea):
    """Recent files, example tunes, and buttons for a new tune and for any file.

    Signals:
        file_chosen: a file is to be opened; carries its path.
    """

    file_chosen = Signal(object)

    def __init__(self, actions: Sequence[QAction], examples: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.recent = _FileList(tr("Recent files"), self)
        self.examples = _FileList(tr("Example tunes"), self)
        self.examples.show_files([(title_of(path), path) for path in examples])
        for files in (self.recent, self.examples):
            files.chosen.connect(self.file_chosen)
        self._headings: list[tuple[QLabel, float]] = []
        self.setWidget(self._page(actions))
        self.set_recent(())

    def set_recent(self, paths: Sequence[Path]) -> None:
        """List the files that were opened last, newest first."""
        self.recent.show_files([(place_of(path), path) for path in paths])
        self._no_recent.setVisible(not paths)
        self.recent.setVisible(bool(paths))

    def changeEvent(self, event: QEvent) -> None:
        """Keep the headings larger than the text when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._scale_headings()

    def _page(self, actions: Sequence[QAction]) -> QWidget:
        column = QWidget()
        column.setMaximumWidth(_WIDEST)
        layout = QVBoxLayout(column)
        layout.setSpacing(18)
        layout.addLayout(self._title())
        layout.addLayout(self._buttons(actions))
        lists = QHBoxLayout()
        lists.setSpacing(24)
        self._no_recent = QLabel(tr("The files that you open will be listed here."))
        self._no_recent.setWordWrap(True)
        self._no_recent.setAlignment(Qt.AlignmentFlag.AlignTop)
        lists.addLayout(self._listed(tr("Recent files"), self.recent, self._no_recent), 1)
        lists.addLayout(self._listed(tr("Example tunes"), self.examples), 1)
        layout.addLayout(lists)
        layout.addWidget(_wrapped(tr("You can also drop an ABC or MusicXML file anywhere on this window.")))
        layout.addStretch(1)
        page = QWidget()
        outer = QHBoxLayout(page)
        outer.setContentsMargins(32, 32, 32, 24)
        outer.addStretch(1)
        outer.addWidget(column, 20)
        outer.addStretch(1)
        self._scale_headings()
        return page

    def _title(self) -> QHBoxLayout:
        icon = QLabel()
        icon.setPixmap(application_icon().pixmap(_ICON_SIZE, _ICON_SIZE))
        words = QVBoxLayout()
        words.addWidget(self._heading(tr("Inpaint Desktop"), _TITLE_SCALE))
        words.addWidget(_wrapped(tr("Open a tune, select some measures, and hear new ways to play them.")))
        layout = QHBoxLayout()
        layout.setSpacing(16)
        layout.addWidget(icon)
        layout.addLayout(words, 1)
        return layout

    def _buttons(self, actions: Sequence[QAction]) -> QHBoxLayout:
        layout = QHBoxLayout()
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setMinimumHeight(36)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            layout.addWidget(button)
        layout.addStretch(1)
        return layout

    def _listed(self, heading: str, *widgets: QWidget) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.addWidget(self._heading(heading, _HEADING_SCALE))
        for widget in widgets:
            layout.addWidget(widget, 1)
        layout.setSpacing(6)
        return layout

    def _heading(self, text: str, scale: float) -> QLabel:
        label = QLabel(text)
        self._headings.append((label, scale))
        return label

    def _scale_headings(self) -> None:
        for label, scale in self._headings:
            font = self.font()
            font.setPointSizeF(font.pointSizeF() * scale)
            font.setBold(True)
            label.setFont(font)


class _FileList(QListWidget):
    """Names that stand for files. One click chooses, and Return; what a double click adds chooses nothing again.

    Signals:
        chosen: carries the path of the chosen file.
    """

    chosen = Signal(object)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(_LIST_HEIGHTS[0])
        self.setMaximumHeight(_LIST_HEIGHTS[1])
        self.setSpacing(3)
        self.setUniformItemSizes(True)
        self.itemClicked.connect(self._choose)

    def show_files(self, files: Sequence[tuple[str, Path]]) -> None:
        """List files under the given names."""
        self.clear()
        for name, path in files:
            item = QListWidgetItem(name, self)
            item.setData(Qt.ItemDataRole.UserRole, path)
            item.setToolTip(str(path))
            item.setStatusTip(str(path))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the marked file with Return."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._choose(item)
        else:
            super().keyPressEvent(event)

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _wrapped(text: str) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    return label
