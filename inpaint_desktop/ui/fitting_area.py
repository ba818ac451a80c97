"""An area that is as high as what it holds where there is room for it, and else scrolled."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

_LOWEST = 96


class FittingArea(QScrollArea):
    """Holds one widget, which is as wide as the area."""

    def __init__(self, held: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = held
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(held)
        self.setWidgetResizable(True)
        held.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Be as high as what it holds is now."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """As large as what it holds."""
        held = self._held.sizeHint()
        if self._held.hasHeightForWidth():
            held.setHeight(max(self._held.heightForWidth(self.width()), 0))
        return held

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as what it holds must be, beside the bar that scrolls it, and high enough to scroll in."""
        held = self._held.minimumSizeHint()
        width = held.width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, min(_LOWEST, self.sizeHint().height()))
