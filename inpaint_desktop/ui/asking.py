"""Questions that do not stop the program while they wait for an answer."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from inpaint_desktop.ui.words import tr

Answer = QMessageBox.StandardButton


class Question(QMessageBox):
    """A question with some answers, each of which does something; Escape answers with Cancel."""

    def __init__(
        self, parent: QWidget, text: str, details: str, answers: Mapping[Answer, Callable[[], object] | None]
    ) -> None:
        super().__init__(parent)
        self._answers = dict(answers)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Inpaint Desktop"))
        self.setIcon(QMessageBox.Icon.Question)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setInformativeText(details)
        for answer in answers:
            self.addButton(answer)
        self.setDefaultButton(next(iter(answers)))
        self.finished.connect(self._on_finished)

    def named(self, answer: Answer, text: str) -> "Question":
        """Give the button of an answer another text."""
        self.button(answer).setText(text)
        return self

    def _on_finished(self, result: int) -> None:
        do = self._answers.get(Answer(result))
        if do is not None:
            do()


def ask(parent: QWidget, text: str, details: str, answers: Mapping[Answer, Callable[[], object] | None]) -> Question:
    """Ask over ``parent`` and return at once; the first answer is the one that Return gives."""
    question = Question(parent, text, details, answers)
    question.open()
    return question
