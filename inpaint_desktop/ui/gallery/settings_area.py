"""All that is set for the next takes: the settings, and further conditions that can be folded away."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.fitting_area import FittingArea
from inpaint_desktop.ui.gallery.conditions_box import ConditionsBox
from inpaint_desktop.ui.gallery.rows import WheelGuard, align, button
from inpaint_desktop.ui.gallery.settings_box import SettingsBox
from inpaint_desktop.ui.words import tr


class SettingsArea(FittingArea):
    """Shows all of it, as far as there is room."""

    def __init__(self, filler: Filler, parent: QWidget | None = None) -> None:
        super().__init__(QWidget(), parent)
        self.box = SettingsBox(filler)
        self.conditions = ConditionsBox(filler)
        self.fold = QToolButton()
        self.clear = button(None, tr("Clear"), tr("Set none of these conditions, unlock all notes, draw no contour"))
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
        self.unfold(is_wanted=True)
        self._scrolling.start()

    def unfold(self, *, is_wanted: bool) -> None:
        """Show the conditions, or fold them away."""
        self.conditions.setVisible(is_wanted)
        self._show_fold()

    def _lay_out(self) -> None:
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.setAutoRaise(True)
        self.fold.setToolTip(tr("Show or hide what every take has to meet, and what takes lean towards"))
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

    def _show_fold(self) -> None:
        count = self.conditions.count
        self.fold.setText(tr("More conditions ({count})", count=count) if count else tr("More conditions"))
        self.fold.setArrowType(Qt.ArrowType.RightArrow if self.conditions.isHidden() else Qt.ArrowType.DownArrow)
        self.clear.setVisible(count > 0)

    def _on_scrolling_timeout(self) -> None:
        self.ensureWidgetVisible(self.conditions)

    def _on_fold_clicked(self) -> None:
        if self.conditions.isHidden():
            self.show_conditions()
        else:
            self.unfold(is_wanted=False)

    def _on_clear_clicked(self) -> None:
        self.conditions.clear()
