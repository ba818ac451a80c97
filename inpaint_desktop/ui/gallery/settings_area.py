"""All that is set for the next takes: the settings, and further conditions that can be folded away."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.conditions_box import ConditionsBox
from inpaint_desktop.ui.gallery.rows import WheelGuard, align
from inpaint_desktop.ui.gallery.settings_box import SettingsBox
from inpaint_desktop.ui.words import tr

_LOWEST = 96


class SettingsArea(QScrollArea):
    """As high as what it holds where there is room for it, and else scrolled."""

    def __init__(self, filler: Filler, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = SettingsBox(filler)
        self.conditions = ConditionsBox(filler)
        self.fold = QToolButton()
        self.clear = QToolButton()
        self._held = QWidget()
        self._lay_out()
        self.conditions.hide()
        self.conditions.count_changed.connect(self._show_fold)
        self.fold.clicked.connect(self._on_fold_clicked)
        self.clear.clicked.connect(self._on_clear_clicked)
        self._scrolling = QTimer(self, singleShot=True, interval=0)  # once they have their places
        self._scrolling.timeout.connect(self._on_scrolling_timeout)
        self._guard = WheelGuard(self)
        self._guard.watch_all_in(self._held)
        self._show_fold()

    def show_conditions(self) -> None:
        """Unfold the conditions, and scroll to them."""
        self.conditions.show()
        self._show_fold()
        self._scrolling.start()

    def _lay_out(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setAutoRaise(True)
        self.fold.setToolTip(tr("Show or hide what every take has to meet, and what takes lean towards"))
        self.clear.setText(tr("Clear"))
        self.clear.setToolTip(tr("Set none of these conditions"))
        head = QHBoxLayout()
        head.addWidget(self.fold)
        head.addStretch(1)
        head.addWidget(self.clear)
        layout = QVBoxLayout(self._held)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addLayout(head)
        layout.addWidget(self.conditions)
        align((self.box.grid, self.conditions.grid))
        self.setWidget(self._held)
        self.setWidgetResizable(True)
        self._held.installEventFilter(self)

    def _show_fold(self) -> None:
        count, settings = self.conditions.count, self.conditions.settings
        self.fold.setText(tr("More conditions ({count})", count=count) if count else tr("More conditions"))
        self.fold.setArrowType(Qt.ArrowType.RightArrow if self.conditions.isHidden() else Qt.ArrowType.DownArrow)
        self.clear.setVisible(bool(settings.conditions))

    def _on_scrolling_timeout(self) -> None:
        self.ensureWidgetVisible(self.conditions)

    def _on_fold_clicked(self) -> None:
        if self.conditions.isHidden():
            self.show_conditions()
        else:
            self.conditions.hide()
            self._show_fold()

    def _on_clear_clicked(self) -> None:
        self.conditions.clear()

    # How high it is

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Be as high as what it holds is now."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        """As large as what it holds."""
        return self._held.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as what it holds must be, beside the bar that scrolls it, and high enough to scroll in."""
        held = self._held.minimumSizeHint()
        return QSize(held.width() + self.verticalScrollBar().sizeHint().width(), min(_LOWEST, held.height()))
