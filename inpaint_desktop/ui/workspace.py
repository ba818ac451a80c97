"""The middle of the window: messages, then the welcome page or the views of the score, then the transport."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from inpaint_desktop.ui.messages import Messages
from inpaint_desktop.ui.welcome import WelcomePage

SHOWN_VIEWS = {"staff": (True, False), "roll": (False, True), "both": (True, True)}
_STAFF_SHARE, _ROLL_SHARE = 3, 2


class Workspace(QWidget):
    """Stacks the welcome page and the views, and shows one of them."""

    def __init__(self, welcome: WelcomePage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.messages = Messages(self)
        self.welcome = welcome
        self._views: tuple[QWidget, ...] = ()
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

    def add_views(self, *views: QWidget) -> None:
        """Put the staff view and then the piano roll into the splitter."""
        self._views = views
        for view, share in zip(views, (_STAFF_SHARE, _ROLL_SHARE), strict=False):
            self.splitter.addWidget(view)
            self.splitter.setStretchFactor(self.splitter.indexOf(view), share)

    def add_transport_bar(self, bar: QWidget) -> None:
        """Put the transport bar at the bottom."""
        self._layout.addWidget(bar)

    def show_views(self, which: str) -> None:
        """Show the ``staff``, the ``roll`` or ``both``."""
        for view, is_shown in zip(self._views, SHOWN_VIEWS[which], strict=False):
            view.setVisible(is_shown)

    def show_welcome(self, is_shown: bool) -> None:
        """Show the welcome page, or the score."""
        self._stack.setCurrentWidget(self.welcome if is_shown else self.splitter)
