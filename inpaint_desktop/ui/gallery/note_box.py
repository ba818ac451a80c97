"""A box for the lowest or the highest note, and the ranges of instruments."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QSpinBox, QWidget

from inpaint_desktop.encoding.vocabulary import HIGHEST_MIDI, LOWEST_MIDI
from inpaint_desktop.errors import ScoreError
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.describing import note_name
from inpaint_desktop.ui.words import tr


@dataclass(frozen=True, slots=True)
class NoteRange:
    """What an instrument can play, as it is written, in MIDI numbers; ``None`` is no limit."""

    name: str
    lowest: int | None
    highest: int | None


RANGES = (
    NoteRange("No limits", None, None),
    NoteRange("Fiddle, first position", 55, 83),
    NoteRange("Tin whistle in D", 62, 83),
    NoteRange("Flute", 60, 93),
    NoteRange("Concertina", 55, 96),
    NoteRange("Voice", 57, 76),
)


class NoteBox(QSpinBox):
    """A note by its name, or none, which is no limit unless it is called otherwise.

    ``usual`` gives the note to step to from none; without it, that is the lowest or the highest there is.

    Signals:
        note_changed: another note was chosen; carries its MIDI number or ``None``.
        moved: a note was typed that no take can have; carries a sentence with what it became.
    """

    note_changed = Signal(object)
    moved = Signal(str)

    def __init__(
        self,
        name: str,
        *,
        is_lowest: bool = True,
        none: str = "",
        usual: Callable[[], int | None] = lambda: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._none = none or tr("no limit")
        self._usual = usual
        self._no_limit = LOWEST_MIDI - 1 if is_lowest else HIGHEST_MIDI + 1
        self.setRange(min(LOWEST_MIDI, self._no_limit), max(HIGHEST_MIDI, self._no_limit))
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setKeyboardTracking(False)
        self.show_note(None)
        self.valueChanged.connect(self._on_value_changed)

    @property
    def note(self) -> int | None:
        """The MIDI number; ``None`` is no limit."""
        return None if self.value() == self._no_limit else self.value()

    def show_note(self, midi: int | None) -> None:
        """Show another note without telling of it."""
        is_blocked = self.blockSignals(True)
        self.setValue(self._no_limit if midi is None else midi)
        self.blockSignals(is_blocked)

    def textFromValue(self, value: int) -> str:  # noqa: N802 - Qt's name
        """The note's name."""
        return self._none if value == self._no_limit else note_name(value)

    def valueFromText(self, text: str) -> int:  # noqa: N802 - Qt's name
        """The note that was typed, or the nearest there is; what is no note leaves the limit as it was."""
        if not text.strip() or text.strip() == self._none:
            return self._no_limit
        midi = _midi(text)
        if midi is None:
            return self.value()
        nearest = min(max(midi, self.minimum()), self.maximum())
        if nearest != midi:
            self.moved.emit(self._moved_in_words(text.strip(), nearest))
        return nearest

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Let anything be typed; it is read when the box is left."""
        is_known = not text.strip() or text.strip() == self._none or _midi(text) is not None
        state = QValidator.State.Acceptable if is_known else QValidator.State.Intermediate
        return state, text, position

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go some notes up or down; from nothing to the usual note first."""
        usual = self._usual() if self.note is None else None
        if usual is None:
            super().stepBy(steps)
        else:
            self.setValue(usual)

    def _moved_in_words(self, typed: str, midi: int) -> str:
        return tr(
            "Takes have notes from {lowest} to {highest}, so instead of {typed} it is {note} now.",
            lowest=note_name(LOWEST_MIDI),
            highest=note_name(HIGHEST_MIDI),
            typed=typed[:1].upper() + typed[1:],
            note=self.textFromValue(midi),
        )

    def _on_value_changed(self, _value: int) -> None:
        self.note_changed.emit(self.note)


def _midi(text: str) -> int | None:
    name = text.strip().replace("♯", "#").replace("♭", "b")
    try:
        return Pitch.parse(name[:1].upper() + name[1:]).midi
    except ScoreError:
        return None
