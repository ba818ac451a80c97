"""A box that lists choices, as Qt has it but for the wheel."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget


class ChoiceBox(QComboBox):
    """Lets the wheel turn past it unless it has the focus, so that nothing is chosen by scrolling over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel gives it no focus

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Choose what is beside only where keys would do so, too."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
