"""Sentences above the score that stay until they are dealt with: what failed, and what the program asks."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from inpaint_desktop.ui.appearance import themed_icon
from inpaint_desktop.ui.words import tr

MOST_SHOWN = 4
_SIGN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be done about a message: the text of its button, and the function behind it.

    With ``stays`` the message is there until that function, or what follows from it, puts it away.
    """

    text: str
    do: Callable[[], object]
    stays: bool = False


class MessageBar(QFrame):
    """One sentence, with buttons; each of them also puts it away, unless its choice stays."""

    def __init__(self, sentence: str, choices: tuple[Choice, ...], topic: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.sentence = sentence
        self.topic = topic
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setAccessibleName(sentence)
        self._sign = QLabel(self)
        self._close = self._close_button()
        self._show_icons()
        self._buttons = {choice.text: self._button(choice) for choice in choices}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 6, 6, 6)
        layout.setSpacing(8)
        layout.addWidget(self._sign)
        layout.addWidget(self._label(sentence), 1)
        for button in self._buttons.values():
            layout.addWidget(button)
        layout.addWidget(self._close)

    @property
    def is_question(self) -> bool:
        """Whether there is something to choose."""
        return bool(self._buttons)

    def choose(self, text: str) -> None:
        """Press the button with this text."""
        self._buttons[text].click()

    def _label(self, sentence: str) -> QLabel:
        label = QLabel(sentence, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        label.setWordWrap(True)  # after the policy, as it adds to it that the height depends on the width
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _button(self, choice: Choice) -> QPushButton:
        button = QPushButton(choice.text, self)
        if not choice.stays:
            button.clicked.connect(self.put_away)
        button.clicked.connect(choice.do)
        return button

    def _close_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setToolTip(tr("Put this message away"))
        button.setAccessibleName(tr("Put this message away"))
        button.clicked.connect(self.put_away)
        return button

    def _show_icons(self) -> None:
        self._sign.setPixmap(themed_icon("notice", self.palette()).pixmap(_SIGN))
        self._close.setIcon(themed_icon("close", self.palette()))

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in other colours when the palette is another."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_icons()

    def put_away(self) -> None:
        """Remove the message."""
        self.hide()
        self.deleteLater()


class Messages(QWidget):
    """The messages, newest last; there is at most one about each topic."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)

    @property
    def bars(self) -> tuple[MessageBar, ...]:
        """The messages that are there to see."""
        found = self.findChildren(MessageBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return tuple(bar for bar in found if not bar.isHidden())

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the messages say."""
        return tuple(bar.sentence for bar in self.bars)

    def say(self, sentence: str, *choices: Choice, topic: str = "") -> None:
        """Show a sentence; an earlier one of the same topic, or the same words, gives way."""
        for bar in self.bars:
            if bar.sentence == sentence or (topic and bar.topic == topic):
                bar.put_away()
        self._make_room()
        bar = MessageBar(sentence, choices, topic, self)
        self._layout.addWidget(bar)
        bar.show()

    def _make_room(self) -> None:
        """Put the oldest messages away where there are too many; those that ask for something are the last to go."""
        bars = sorted(self.bars, key=lambda bar: bar.is_question)
        for bar in bars[: max(len(bars) - MOST_SHOWN + 1, 0)]:
            bar.put_away()

    def put_away(self, topic: str) -> None:
        """Remove what was said about a topic."""
        for bar in self.bars:
            if bar.topic == topic:
                bar.put_away()
