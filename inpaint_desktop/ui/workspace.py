"""The middle of the window: messages, then the welcome page or the views of the score, then the transport."""

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from inpaint_desktop.ui.messages import Messages
from inpaint_desktop.ui.welcome import WelcomePage


class ScoreView(Protocol):
    """What both views can do."""

    follows_playback: bool

    def zoom_in(self) -> None:
        """Show everything larger."""

    def zoom_out(self) -> None:
        """Show everything smaller."""

    def zoom_reset(self) -> None:
        """Show everything in its usual size."""

    def setVisible(self, visible: bool, /) -> None:  # noqa: N802 - Qt's name
        """Show or hide the view."""

    def setFocus(self) -> None:  # noqa: N802 - Qt's name
        """Let keys go to the view."""

    def hasFocus(self) -> bool:  # noqa: N802 - Qt's name
        """Whether keys go to the view."""


BOTH = "both"
_SHARES: Mapping[str, int] = {"staff": 3, "piano_roll": 2}


class Workspace(QWidget):
    """Stacks the welcome page and the views, and shows one of them.

    Signals:
        views_changed: other views are shown; carries ``staff``, ``piano_roll`` or ``both``.
    """

    views_changed = Signal(str)

    def __init__(self, welcome: WelcomePage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = Messages(self)
        self.welcome = welcome
        self._views: dict[str, ScoreView] = {}
        self._shown = BOTH
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setChildrenCollapsible(False)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(welcome)
        self._stack.addWidget(self.splitter)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.messages)
        self._layout.addWidget(self._stack, 1)

    @property
    def is_welcoming(self) -> bool:
        """Whether the welcome page is shown."""
        return self._stack.currentWidget() is self.welcome

    def add_view(self, name: str, view: ScoreView, widget: QWidget) -> None:
        """Put a view below those that are there; its name is ``staff`` or ``piano_roll``."""
        self._views[name] = view
        self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(self.splitter.indexOf(widget), _SHARES[name])

    def add_transport_bar(self, bar: QWidget) -> None:
        """Put the transport bar at the bottom."""
        self._layout.addWidget(bar)

    @property
    def shown_views(self) -> str:
        """Which views are shown: ``staff``, ``piano_roll`` or ``both``."""
        return self._shown

    def show_views(self, which: str) -> None:
        """Show the ``staff``, the ``piano_roll`` or ``both``."""
        self._shown = which
        for name, view in self._views.items():
            view.setVisible(which in (name, BOTH))
        self.views_changed.emit(which)

    def reset_sizes(self) -> None:
        """Give the views their usual shares of the height."""
        self.splitter.setSizes([share * self.height() for share in _SHARES.values()])

    def show_welcome(self, is_shown: bool = True) -> None:
        """Show the welcome page, or the score."""
        self._stack.setCurrentWidget(self.welcome if is_shown else self.splitter)

    def focus_view(self) -> None:
        """Let keys go to the first view that is shown."""
        for name, view in self._views.items():
            if self._shown in (name, BOTH):
                view.setFocus()
                return

    def zoom_in(self) -> None:
        """Show everything larger in the focused view, or in both."""
        for view in self._zoomed():
            view.zoom_in()

    def zoom_out(self) -> None:
        """Show everything smaller in the focused view, or in both."""
        for view in self._zoomed():
            view.zoom_out()

    def zoom_reset(self) -> None:
        """Show everything in its usual size in the focused view, or in both."""
        for view in self._zoomed():
            view.zoom_reset()

    def set_follows_playback(self, is_on: bool) -> None:
        """Keep what is heard in sight, or let the page stay."""
        for view in self._views.values():
            view.follows_playback = is_on

    def _zoomed(self) -> list[ScoreView]:
        views = list(self._views.values())
        return [view for view in views if view.hasFocus()] or views
