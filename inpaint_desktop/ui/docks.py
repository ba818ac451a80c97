"""The panels at the side of the window: there while a score is open, as far as they are wanted."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QMainWindow, QToolButton, QWidget

from inpaint_desktop.ui.appearance import themed_icon
from inpaint_desktop.ui.words import tr

_WIDTH = 360


class Docks(QObject):
    """Docks by name. Whether one is wanted is remembered while the welcome page hides all of them.

    Signals:
        wanted_changed: a panel was shown or closed by the user; carries its name and whether it is wanted.
    """

    wanted_changed = Signal(str, bool)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        self._wanted: dict[str, bool] = {}
        self._is_active = True
        self._is_changing = False

    def add(self, name: str, title: str, panel: QWidget, *, is_wanted: bool) -> None:
        """Put a panel into a dock at the right."""
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(panel)
        dock.setTitleBarWidget(DockTitle(title, dock))
        dock.setVisible(is_wanted)
        dock.toggleViewAction().toggled.connect(self._on_dock_toggled)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self._window.resizeDocks([dock], [_WIDTH], Qt.Orientation.Horizontal)
        self._docks[name], self._wanted[name] = dock, is_wanted

    def is_wanted(self, name: str) -> bool:
        """Whether a panel is, or will be, shown beside the score."""
        return self._wanted[name]

    def want(self, name: str, is_wanted: bool) -> None:
        """Show a panel beside the score, or hide it."""
        if is_wanted != self._wanted[name]:
            self._wanted[name] = is_wanted
            self.wanted_changed.emit(name, is_wanted)
        self._show()

    def reveal(self, name: str) -> None:
        """Show a panel in front of those that share its place."""
        self.want(name, is_wanted=True)
        self._docks[name].raise_()

    def set_active(self, is_active: bool) -> None:
        """Show the panels that are wanted, or none."""
        if is_active != self._is_active:
            self._is_active = is_active
            self._show()

    def take_restored(self) -> None:
        """Want what Qt has restored, and no more."""
        for name, dock in self._docks.items():
            self._wanted[name] = not dock.isHidden()
            self.wanted_changed.emit(name, self._wanted[name])
        self._show()

    def prepare_saving(self) -> None:
        """Let the docks be as they are wanted, so that Qt saves them so."""
        self.set_active(is_active=True)

    def _show(self) -> None:
        self._is_changing = True
        for name, dock in self._docks.items():
            dock.setVisible(self._is_active and self._wanted[name])
        self._is_changing = False

    def _on_dock_toggled(self, is_shown: bool) -> None:
        if self._is_changing or not self._is_active:
            return
        for name, dock in self._docks.items():
            if dock.toggleViewAction() is self.sender() and is_shown != self._wanted[name]:
                self._wanted[name] = is_shown
                self.wanted_changed.emit(name, is_shown)


class DockTitle(QWidget):
    """The title of a dock and a button that closes it, in the colours of the window; the rest of it drags the dock."""

    def __init__(self, title: str, dock: QDockWidget) -> None:
        super().__init__(dock)
        self.button = QToolButton(self)
        self.button.setAutoRaise(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setToolTip(tr("Close"))
        self.button.setAccessibleName(tr("Close"))
        self.button.clicked.connect(dock.close)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 2, 4, 2)
        layout.addWidget(QLabel(title, self), 1)
        layout.addWidget(self.button)
        self._set_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the cross in other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._set_icon()

    def _set_icon(self) -> None:
        self.button.setIcon(themed_icon("close", self.palette()))
