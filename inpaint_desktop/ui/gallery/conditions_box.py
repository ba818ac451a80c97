"""Further conditions for the next takes: what every one of them has to meet, and what they shall lean towards."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.naming import name_of, span_named
from inpaint_desktop.ui.choice_box import ChoiceBox
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.count_box import CountBox
from inpaint_desktop.ui.gallery.note_box import NoteBox
from inpaint_desktop.ui.gallery.rows import FULL, add_line, add_row, add_scale, button, form, quiet, slider
from inpaint_desktop.ui.intervals import INTERVALS, interval_name
from inpaint_desktop.ui.request_in_words import KEEPING, percent
from inpaint_desktop.ui.theme import theme_of
from inpaint_desktop.ui.words import tr

MOST_NOTES_A_MEASURE = 48
_LEAPS = tuple(semitones for semitones in INTERVALS if semitones)
_SHARES = tuple(tenths / 10 for tenths in range(10))


class ConditionsBox(QWidget):
    """Shows the filler's conditions and changes them.

    Signals:
        count_changed: another number of conditions is set; carries it.
    """

    count_changed = Signal(int)

    def __init__(self, filler: Filler, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filler = filler
        self._editor = filler.editor
        self._wishes = filler.wishes
        self._make_boxes()
        self._make_echo()
        self._make_wishes()
        self._lay_out()
        self._connect()
        self._show(filler.settings)
        self._show_wishes()

    @property
    def count(self) -> int:
        """How many conditions are set, locked notes and a line among them."""
        return len(self._filler.settings.conditions) + bool(self._wishes.locked) + bool(self._wishes.contour)

    def clear(self) -> None:
        """Set no conditions, and let no note be locked and no line drawn."""
        self._filler.set_settings(self._filler.settings.without_conditions())
        self._wishes.clear_locks()
        self._wishes.clear_contour()
        self._fill_echo(self._filler.settings)

    def echo_selection(self) -> None:
        """Let the next takes lean towards the selected measures."""
        if self._editor.span is not None:
            self._change(echo=self._editor.span)

    # Making

    def _make_boxes(self) -> None:
        self.keep = _choices(self, tr("What of the measures stays"), ((name, tr(KEEPING[name])) for name in KEEPING))
        first, last = (partial(_note_there, self._editor, place) for place in (0, -1))
        self.first_note = NoteBox(tr("First note"), none=tr("any"), usual=first, parent=self)
        self.last_note = NoteBox(tr("Last note"), none=tr("any"), usual=last, parent=self)
        self.fewest = CountBox(tr("Fewest notes in a measure"), MOST_NOTES_A_MEASURE, self)
        self.most = CountBox(tr("Most notes in a measure"), MOST_NOTES_A_MEASURE, self)
        leaps = ((semitones, _up_to(semitones)) for semitones in _LEAPS)
        self.leap = _choices(self, tr("Longest leap between two notes"), ((None, tr("any")), *leaps))
        shares = ((share, _at_most(share)) for share in _SHARES)
        tip = tr("How many of the notes that stand there now may come again at their places")
        self.most_kept = _choices(self, tip, ((None, tr("any share")), *shares))

    def _make_echo(self) -> None:
        self.echo = QLineEdit(self)
        self.echo.setPlaceholderText(tr("such as 1-2"))
        self.echo.setClearButtonEnabled(True)
        self.echo.setAccessibleName(tr("Measures to echo"))
        self.echo.setToolTip(tr("Make the rhythm and the notes of these measures likelier, also moved up or down"))
        self.echo_selected = button(self, tr("Selected"), tr("Echo the measures that are selected now"))
        self.echo_strength = slider(self, tr("How much takes lean towards the echoed measures"))
        self.echo_strength.setMinimum(1)
        self.complaint = QLabel(self)
        self.complaint.setWordWrap(True)

    def _make_wishes(self) -> None:
        self.locks = QLabel(self)
        self.unlock = button(self, tr("Unlock"), tr("Let no note be locked any more"))
        self.contour = QLabel(tr("A contour is drawn"), self)
        self.clear_contour = button(self, tr("Clear"), tr("Let pitches follow no line any more"))
        self.contour_strength = slider(self, tr("How closely pitches follow the contour"))
        self.contour_strength.setMinimum(1)

    def _lay_out(self) -> None:
        self.grid = form(self)
        add_row(self.grid, tr("Keep"), self.keep)
        add_row(self.grid, tr("First note"), self.first_note, QLabel(tr("last")), self.last_note)
        add_row(self.grid, tr("Notes"), self.fewest, QLabel(tr("to")), self.most, QLabel(tr("a measure")))
        add_row(self.grid, tr("Leaps"), self.leap)
        add_row(self.grid, tr("Copied"), self.most_kept)
        add_row(self.grid, tr("Echo"), self.echo, self.echo_selected)
        self._echo_row = add_scale(self.grid, QLabel(), (tr("weak"), self.echo_strength, tr("strong")))
        add_line(self.grid, self.complaint)
        self._add_wishes(self.grid)

    def _add_wishes(self, grid: QGridLayout) -> None:
        add_line(grid, self.locks, self.unlock)
        add_line(grid, self.contour, self.clear_contour)
        self._contour_row = add_scale(grid, QLabel(), (tr("loose"), self.contour_strength, tr("close")))

    def _connect(self) -> None:
        self.keep.activated.connect(lambda _index: self._change(keep=self.keep.currentData()))
        self.first_note.note_changed.connect(lambda midi: self._change(first_note=midi))
        self.last_note.note_changed.connect(lambda midi: self._change(last_note=midi))
        for box in (self.first_note, self.last_note):
            box.moved.connect(self._editor.told)
        self.fewest.count_changed.connect(self._on_fewest_count_changed)
        self.most.count_changed.connect(self._on_most_count_changed)
        self.leap.activated.connect(lambda _index: self._change(longest_leap=self.leap.currentData()))
        self.most_kept.activated.connect(lambda _index: self._change(most_kept=self.most_kept.currentData()))
        self.echo.editingFinished.connect(self._on_echo_editing_finished)
        self.echo.textChanged.connect(self._on_echo_text_changed)
        self.echo_selected.clicked.connect(self.echo_selection)
        self.echo_strength.valueChanged.connect(lambda value: self._change(echo_strength=value / FULL))
        self.unlock.clicked.connect(self._wishes.clear_locks)
        self.clear_contour.clicked.connect(self._wishes.clear_contour)
        self.contour_strength.valueChanged.connect(lambda value: self._wishes.set_contour_strength(value / FULL))
        self._filler.settings_changed.connect(self._show)
        self._wishes.changed.connect(self._show_wishes)
        self._editor.selection_changed.connect(self._show_wishes)

    def _change(self, **values: Any) -> None:  # noqa: ANN401 - the fields have types of their own
        self._filler.set_settings(replace(self._filler.settings, **values))

    # Showing

    def _show(self, settings: FillSettings) -> None:
        _choose(self.keep, settings.keep, "")
        self.first_note.show_note(settings.first_note)
        self.last_note.show_note(settings.last_note)
        self.fewest.show_count(settings.fewest_notes)
        self.most.show_count(settings.most_notes)
        leap, share = settings.longest_leap, settings.most_kept
        _choose(self.leap, leap, "" if leap is None else _up_to(leap))
        _choose(self.most_kept, share, "" if share is None else _at_most(share))
        self._show_echo(settings)
        self.count_changed.emit(self.count)

    def _show_echo(self, settings: FillSettings) -> None:
        """Show the echoed measures; what is being typed stays, and what named none, as it may be corrected."""
        with quiet(self.echo_strength):
            self.echo_strength.setValue(round(FULL * settings.echo_strength))
        for widget in self._echo_row:
            widget.setVisible(settings.echo is not None)
        is_wrong = settings.echo is None and bool(self.complaint.text())
        if not is_wrong and not self.echo.isModified():
            self._fill_echo(settings)

    def _fill_echo(self, settings: FillSettings) -> None:
        melody, echo = self._editor.melody, settings.echo
        is_there = melody is not None and echo is not None and echo.stop <= len(melody.measures)
        with quiet(self.echo):
            self.echo.setText(name_of(melody, echo) if is_there and melody and echo else "")
        self._complain("")

    def _complain(self, sentence: str) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme_of(palette).out_of_key))
        self.complaint.setPalette(palette)
        self.complaint.setText(sentence)
        self.complaint.setVisible(bool(sentence))

    def _show_wishes(self) -> None:
        count = self._wishes.lock_count()
        self.echo_selected.setEnabled(self._editor.span is not None)
        self.locks.setText(_locks_in_words(count, self._locked_inside))
        self.locks.setVisible(count > 0)
        self.unlock.setVisible(count > 0)
        with quiet(self.contour_strength):
            self.contour_strength.setValue(round(FULL * self._wishes.contour_strength))
        for widget in (self.contour, self.clear_contour, *self._contour_row):
            widget.setVisible(bool(self._wishes.contour))
        self.count_changed.emit(self.count)

    def changeEvent(self, event: QEvent) -> None:
        """Complain in the colour that goes with the others."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._complain(self.complaint.text())

    @property
    def _locked_inside(self) -> int | None:
        """How many of the selected measures' notes are locked; nothing where none are selected."""
        span = self._editor.span
        return None if span is None else self._wishes.lock_count(span)

    # What was chosen

    def _on_fewest_count_changed(self, fewest: int | None) -> None:
        self._filler.set_settings(self._filler.settings.with_limit("fewest_notes", fewest))

    def _on_most_count_changed(self, most: int | None) -> None:
        self._filler.set_settings(self._filler.settings.with_limit("most_notes", most))

    def _on_echo_editing_finished(self) -> None:
        """Echo the measures that were typed; where there are none of that name, say so and echo nothing."""
        if not self.echo.isModified():
            return
        self.echo.setModified(False)
        try:
            echo = self._typed_echo()
        except SelectionError as error:
            self._complain(tr("{sentence} Nothing is echoed.", sentence=error))
            self._change(echo=None)
            return
        self._complain("")
        self._change(echo=echo)

    def _on_echo_text_changed(self, text: str) -> None:
        """Echo nothing any more as soon as the field is emptied, which its button does."""
        if not text:
            self._complain("")
            self._change(echo=None)

    def _typed_echo(self) -> Span | None:
        text, melody = self.echo.text().strip(), self._editor.melody
        if not text:
            return None
        if melody is None:
            raise SelectionError(tr("No melody is open."))
        return span_named(melody, text)


def _choices(parent: QWidget, name: str, items: Iterable[tuple[object, str]]) -> ChoiceBox:
    box = ChoiceBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(name)
    for value, text in items:
        box.addItem(text, value)
    return box


def _choose(box: ChoiceBox, value: object, text: str) -> None:
    """Show a choice without telling of it; one that is not listed yet is added with its text."""
    with quiet(box):
        index = next((index for index in range(box.count()) if box.itemData(index) == value), -1)
        if index < 0:
            box.addItem(text, value)
            index = box.count() - 1
        box.setCurrentIndex(index)


def _up_to(semitones: int) -> str:
    return tr("at most: {interval}", interval=interval_name(semitones))


def _at_most(share: float) -> str:
    return tr("at most {share} of the original", share=percent(share)) if share else tr("none of the original")


def _locks_in_words(count: int, inside: int | None) -> str:
    words = tr("1 note is locked") if count == 1 else tr("{count} notes are locked", count=count)
    if inside is None or inside == count:
        return words
    return tr("{words}, {inside} in the selection", words=words, inside=inside or tr("none"))


def _note_there(editor: Editor, place: int) -> int | None:
    """The first (0) or the last (-1) note of the selected measures as they are, as a MIDI number."""
    melody, span = editor.melody, editor.span
    if melody is None or span is None:
        return None
    notes: list[Note] = [note for index in span.indices for note in melody.measures[index].notes]
    numbers = [note.pitch.midi for note in notes if note.pitch is not None]
    return numbers[place] if numbers else None
