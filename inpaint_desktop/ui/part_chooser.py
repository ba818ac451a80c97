"""Which part of the score is worked on."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from inpaint_desktop.ui.choice_box import ChoiceBox
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.words import tr

_PADDING, _WIDEST = 2, 220


class PartChooser(ChoiceBox):
    """Lists the parts of the open score, as wide as their names need it; it hides where there is only one.

    The middle of a name that is very long is left out, and stands in a tool tip.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setAccessibleName(tr("Part"))
        self.setMaximumWidth(_WIDEST)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.activated.connect(editor.set_part)
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.part_changed.connect(self._on_editor_part_changed)
        self._on_editor_document_opened()

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to choose."""
        return self.count() > 1

    @property
    def shown_name(self) -> str:
        """The name of the part, as far as there is room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        return self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room - 2 * _PADDING)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the box with the name as far as there is room for it."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_name
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _on_editor_document_opened(self) -> None:
        self.clear()
        parts = self._editor.document.parts if self._editor.document else ()
        for index, part in enumerate(parts):
            self.addItem(part.name or tr("Part {number}", number=index + 1))
            self.setItemData(index, self.itemText(index), Qt.ItemDataRole.ToolTipRole)
        self._on_editor_part_changed()

    def _on_editor_part_changed(self) -> None:
        self.setCurrentIndex(self._editor.part)
        tip = tr("The part that is selected, filled and heard in front")
        self.setToolTip(f"{self.currentText()}\n{tip}" if self.currentText() else tip)
