"""The status bar: what is selected, key and meter, the model and its device, and what was last said."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QWidget

from inpaint_desktop.ui.describing import key_and_meter, selected_note_in_words, selection_in_words
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.locking import locks_in_words
from inpaint_desktop.ui.wishes import Wishes
from inpaint_desktop.ui.words import tr

SENTENCE_MS = 12_000
_CHARACTER_MS = 90
_PROGRESS_WIDTH = 120
_FULL = 1000


class StatusBar(QStatusBar):
    """Follows the editor; sentences for the musician appear at the left for a while.

    Several that are said at once stand there together, and a tool tip has all that the bar has no room for.
    """

    def __init__(self, editor: Editor, parent: QWidget | None = None, wishes: Wishes | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._wishes = wishes or Wishes(editor, self)
        self._doing: dict[str, str] = {}
        self._said = ""
        self._said_of: object = None
        self._saying = QTimer(self, singleShot=True, interval=0)  # runs until what is said at once has been said
        self.busy = QProgressBar(self)
        self.busy.setRange(0, 0)
        self.busy.setMaximumWidth(_PROGRESS_WIDTH)
        self.busy.setTextVisible(False)
        self.busy.hide()
        self.selection = self._field(tr("What is selected"))
        self.wished = self._field(tr("What new measures shall heed: locked notes, and a contour"))
        self.key = self._field(tr("Key"))
        self.meter = self._field(tr("Meter"))
        self.model = self._field(tr("The model and where it computes"))
        self.addPermanentWidget(self.busy)
        for label in (self.selection, self.wished, self.key, self.meter, self.model):
            self.addPermanentWidget(label)
        for signal in (editor.selection_changed, editor.note_changed, editor.shown_changed, editor.part_changed):
            signal.connect(self._on_editor_changed)
        self._wishes.changed.connect(self._on_editor_changed)
        for signal in (editor.stepped, editor.document_opened):
            signal.connect(self._unsay_outdated)
        editor.told.connect(self.tell)
        self.messageChanged.connect(self.setToolTip)
        self._on_editor_changed()

    def say(self, sentence: str) -> None:
        """Show a sentence for a while, behind those that were said just before."""
        before = self._said if self._saying.isActive() and self.currentMessage() == self._said else ""
        if sentence not in before:
            self._said = f"{before} {sentence}".strip()
        self._said_of = None
        self._saying.start()
        self.showMessage(self._said, max(SENTENCE_MS, _CHARACTER_MS * len(self._said)))

    def tell(self, sentence: str) -> None:
        """Show a sentence that is about the score as it is: for a while, but no longer than it is so."""
        self._unsay_outdated()
        self.say(sentence)
        self._said_of = self._editor.step

    def unsay(self, sentence: str) -> None:
        """Show a sentence no more that holds no longer."""
        if sentence and self._said == sentence == self.currentMessage():
            self.clearMessage()

    def _unsay_outdated(self) -> None:
        """Show no more what was told of the score as it was before; what was told of its last step stays."""
        if self._said_of is not None and self._said_of is not self._editor.step:
            self.unsay(self._said)
            self._said_of = None

    def set_model(self, model: str, device: str) -> None:
        """Show which model fills measures, and on which device."""
        self.model.setText(f"{model} · {device}")

    def set_busy(self, work: str, doing: str) -> None:
        """Show what a work does, or with empty words that it has ended; how it ended may be said before.

        While several works are under way, the last one that began is named.
        """
        before = self._doing.pop(work, "")
        if doing:
            self._doing[work] = doing
        self.busy.setRange(0, 0)  # how far it is may be told later
        self.busy.setVisible(bool(self._doing))
        if doing or (before and self.currentMessage() == before):
            self.showMessage(next(reversed(self._doing.values()), ""))

    def show_share(self, work: str, share: float) -> None:
        """Show how far a work is, from 0 to 1, if it is the one that is named."""
        if share > 0 and next(reversed(self._doing), "") == work:
            self.busy.setRange(0, _FULL)
            self.busy.setValue(round(_FULL * share))

    def _field(self, tip: str) -> QLabel:
        label = QLabel(self)
        label.setToolTip(tip)
        label.setContentsMargins(6, 0, 6, 0)
        return label

    def _on_editor_changed(self) -> None:
        selected = selected_note_in_words(self._editor, self._wishes), selection_in_words(self._editor)
        self.selection.setText(", ".join(filter(None, selected)))
        self.wished.setText(locks_in_words(self._editor, self._wishes))
        self.wished.setVisible(bool(self.wished.text()))
        for label, words in zip((self.key, self.meter), key_and_meter(self._editor), strict=True):
            label.setText(words)
