"""The steps that led to the score as it is; for a take, how it was made and its seed."""

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from inpaint_desktop.ui.editor import Details, Editor, ReplaceState
from inpaint_desktop.ui.fitting_area import FittingArea
from inpaint_desktop.ui.theme import theme_of
from inpaint_desktop.ui.words import tr


class HistoryPanel(QWidget):
    """Lists the steps; a click on one goes there, as undo and redo would.

    Signals:
        settings_wanted: takes are to be asked for as the one in the current row was; carries its ``Details``.
    """

    settings_wanted = Signal(object)

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.steps = QListWidget(self)
        self.steps.setAccessibleName(tr("Steps"))
        self.steps.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.details = QLabel(self)
        self.details.setTextFormat(Qt.TextFormat.PlainText)
        self.details.setWordWrap(True)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.details.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._told = FittingArea(self.details, self)
        self._told.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # so that keys scroll it
        self._told.setAccessibleName(tr("How the step came to be"))
        self.copy = QPushButton(tr("Copy seed"), self)
        self.use = QPushButton(tr("Use its settings again"), self)
        self.use.setToolTip(tr("Ask next as for this take: its measures, settings, locked notes, contour and seed"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.steps, 1)
        layout.addWidget(self._told)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addWidget(self.use)
        buttons.addStretch(1)
        layout.addLayout(buttons)
        self._connect()
        self._show_steps()

    def _connect(self) -> None:
        stack = self._editor.undo_stack
        stack.indexChanged.connect(self._show_steps)
        stack.cleanChanged.connect(self._show_steps)
        self._editor.document_opened.connect(self._show_steps)
        self.steps.currentRowChanged.connect(self._on_steps_current_row_changed)
        self.steps.customContextMenuRequested.connect(self._on_steps_menu_requested)
        self.copy.clicked.connect(self.copy_seed)
        self.use.clicked.connect(self.use_settings)

    def details_of(self, row: int) -> Details:
        """What is known of the step in a row; the first row is the score as it was opened."""
        command = self._editor.undo_stack.command(row - 1) if row > 0 else None
        return command.details if isinstance(command, ReplaceState) else ()

    @property
    def seed(self) -> str:
        """The seed of the take in the current row; empty if that is no take."""
        return dict(self.details_of(self.steps.currentRow())).get(tr("Seed"), "")

    def copy_seed(self) -> None:
        """Put the seed on the clipboard."""
        if self.seed:
            QGuiApplication.clipboard().setText(self.seed)

    def use_settings(self) -> None:
        """Ask that takes be asked for as the one in the current row was."""
        if self.seed:
            self.settings_wanted.emit(self.details_of(self.steps.currentRow()))

    def _show_steps(self) -> None:
        """List all steps; those that were undone are faint, the saved state is marked."""
        stack = self._editor.undo_stack
        if not isValid(stack):
            return  # a stack says that it is empty while it is destroyed, when the program ends
        is_blocked = self.steps.blockSignals(True)
        self.steps.clear()
        if self._editor.document is not None:
            texts = [tr("Score as opened"), *(stack.text(index) for index in range(stack.count()))]
            for row, text in enumerate(texts):
                self.steps.addItem(self._item(row, text))
            self.steps.setCurrentRow(stack.index())
        self.steps.blockSignals(is_blocked)
        self._show_details()

    def _item(self, row: int, text: str) -> QListWidgetItem:
        stack = self._editor.undo_stack
        item = QListWidgetItem(tr("{step} (saved)", step=text) if row == stack.cleanIndex() and row else text)
        item.setToolTip("\n".join(f"{name}: {value}" for name, value in self.details_of(row)))
        if row > stack.index():
            item.setForeground(QColor(theme_of(self.palette()).faint))
        return item

    def _show_details(self) -> None:
        details = self.details_of(self.steps.currentRow())
        self.details.setText("\n".join(f"{name}: {value}" for name, value in details))
        self._told.setVisible(bool(details))
        self._told.updateGeometry()
        self.copy.setVisible(bool(self.seed))
        self.use.setVisible(bool(self.seed))

    def changeEvent(self, event: QEvent) -> None:
        """Use other colours when the palette is another."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_steps()

    def _on_steps_current_row_changed(self, row: int) -> None:
        if row >= 0:
            self._editor.undo_stack.setIndex(row)

    def _on_steps_menu_requested(self, place: QPoint) -> None:
        if self.seed:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(tr("&Copy the seed")).triggered.connect(self.copy_seed)
            menu.addAction(tr("Use its settings and s&eed again")).triggered.connect(self.use_settings)
            menu.popup(self.steps.viewport().mapToGlobal(place))
