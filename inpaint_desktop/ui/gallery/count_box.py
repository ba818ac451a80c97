"""A box for a number that may also be left open."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSpinBox, QWidget

from inpaint_desktop.ui.words import tr


class CountBox(QSpinBox):
    """A whole number from 1, or any.

    Signals:
        count_changed: another number was chosen; carries it or ``None``.
    """

    count_changed = Signal(object)

    def __init__(self, name: str, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(0, most)
        self.setSpecialValueText(tr("any"))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setKeyboardTracking(False)
        self.valueChanged.connect(self._on_value_changed)

    @property
    def count(self) -> int | None:
        """The number; ``None`` is any."""
        return self.value() or None

    def show_count(self, count: int | None) -> None:
        """Show another number without telling of it."""
        is_blocked = self.blockSignals(True)
        self.setValue(count or 0)
        self.blockSignals(is_blocked)

    def _on_value_changed(self, _value: int) -> None:
        self.count_changed.emit(self.count)
