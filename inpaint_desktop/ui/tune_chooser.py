"""Choosing one tune of a book: a list that gets shorter while one types."""

from collections import Counter

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inpaint_desktop.documents.abc.tunes import Tune
from inpaint_desktop.ui.files import TuneBook
from inpaint_desktop.ui.words import tr

_WIDTH, _HEIGHT = 460, 520
_LIST_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def matches(tune: Tune, words: str) -> bool:
    """Whether a tune is meant by what was typed: its number begins with it, or a title has all the words."""
    number = words.strip().casefold().removeprefix("x:").strip()
    if number.isdecimal() and tune.number.startswith(number):
        return True
    titles = " ".join(tune.titles).casefold()
    return all(word in titles for word in words.casefold().split())


class TuneChooser(QDialog):
    """Lists the tunes of a book.

    Signals:
        tune_chosen: carries the path of the book and what the tune is chosen by, a number or a title.
    """

    tune_chosen = Signal(object, str)

    def __init__(self, book: TuneBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book = book
        self._counts = Counter(tune.number for tune in book.tunes)
        self.setWindowTitle(tr("Choose a tune"))
        self.resize(_WIDTH, _HEIGHT)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Number or words of the title"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search_text_changed)
        self.search.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Tunes"))
        self.list.setUniformItemSizes(True)
        self.list.itemActivated.connect(self.accept)
        self._fill()
        self._lay_out()
        self._on_search_text_changed("")

    def accept(self) -> None:
        """Choose the marked tune."""
        item = self.list.currentItem()
        if self.list.currentRow() < 0 or item.isHidden():
            return
        super().accept()
        self.tune_chosen.emit(self._book.path, self._choice(item.data(Qt.ItemDataRole.UserRole)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Let the arrows move in the list while the words are typed."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.key() in _LIST_KEYS:
            if event.type() == QEvent.Type.KeyPress:
                self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        for tune in self._book.tunes:
            item = QListWidgetItem(tune.label, self.list)
            item.setData(Qt.ItemDataRole.UserRole, tune)

    def _lay_out(self) -> None:
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        heading = QLabel(tr("{name} holds {count} tunes.", name=self._book.path.name, count=len(self._book.tunes)))
        heading.setWordWrap(True)
        layout.addWidget(heading)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._buttons)

    def _on_search_text_changed(self, words: str) -> None:
        items = [self.list.item(row) for row in range(self.list.count())]
        for item in items:
            item.setHidden(not matches(item.data(Qt.ItemDataRole.UserRole), words))
        shown = next((item for item in items if not item.isHidden()), None)
        if shown is not None:
            self.list.setCurrentItem(shown)
        self._buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(shown is not None)

    def _choice(self, tune: Tune) -> str:
        """The number, or the title where other tunes have the same number."""
        is_clear = bool(tune.number) and self._counts[tune.number] == 1
        return tune.number if is_clear or not tune.title else tune.title
