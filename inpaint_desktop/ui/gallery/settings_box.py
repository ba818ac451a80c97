"""How the next takes shall be: the settings beside the gallery."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QRegularExpression, Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QSpinBox, QToolButton, QWidget

from inpaint_desktop.settings import MAX_SEED, MAX_TAKES
from inpaint_desktop.ui.appearance import themed_icon
from inpaint_desktop.ui.choice_box import ChoiceBox
from inpaint_desktop.ui.fill_settings import FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.note_box import RANGES, NoteBox
from inpaint_desktop.ui.gallery.rows import FULL, add_line, add_row, add_scale, button, form, quiet, slider
from inpaint_desktop.ui.request_in_words import percent
from inpaint_desktop.ui.words import tr

_SEED_DIGITS = len(str(MAX_SEED))


class SettingsBox(QWidget):
    """Shows the filler's settings and changes them."""

    def __init__(self, filler: Filler, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._filler = filler
        self.takes = QSpinBox(self)
        self.takes.setRange(1, MAX_TAKES)
        self.takes.setAccessibleName(tr("Number of takes"))
        self.stay_in_key = QCheckBox(tr("Stay in key"), self)
        self.stay_in_key.setToolTip(tr("Use the notes of the key and accidentals that the tune has elsewhere"))
        self.variety = slider(self, tr("Variety: how bold takes are, and how much they differ from each other"))
        self.difference = slider(self, tr("How different takes are from the original, or from a take that was liked"))
        self._what = QLabel(tr("Original"), self)
        self.example = QLabel(self)
        self.example.setWordWrap(True)
        tip = tr("Let takes be like the original again, as much as before")
        self.leave_example = button(self, tr("Original"), tip)
        self.preset = ChoiceBox(self)
        self.lowest = NoteBox(tr("Lowest note"), is_lowest=True, parent=self)
        self.highest = NoteBox(tr("Highest note"), is_lowest=False, parent=self)
        self.seed = QLineEdit(self)
        self.seed.setValidator(QRegularExpressionValidator(QRegularExpression(rf"\d{{1,{_SEED_DIGITS}}}"), self))
        self.lock = QToolButton(self)
        self._fill_preset()
        self._name_seed()
        self._lay_out()
        self._connect()
        self._show(filler.settings)

    # Making

    def _fill_preset(self) -> None:
        self.preset.setAccessibleName(tr("Range of an instrument"))
        for preset in RANGES:
            self.preset.addItem(tr(preset.name), (preset.lowest, preset.highest))
        self.preset.addItem(tr("Own limits"), None)

    def _name_seed(self) -> None:
        self.seed.setAccessibleName(tr("Seed"))
        self.seed.setToolTip(tr("The same seed with the same settings gives the same takes"))
        self.lock.setCheckable(True)
        self.lock.setAccessibleName(tr("Keep the seed"))

    def _lay_out(self) -> None:
        grid = self.grid = form(self)
        add_row(grid, tr("Takes"), self.takes, self.stay_in_key)
        add_scale(grid, QLabel(tr("Variety")), (tr("safe"), self.variety, tr("bold")))
        add_scale(grid, self._what, (tr("similar"), self.difference, tr("free")))
        add_line(grid, self.example, self.leave_example)
        add_row(grid, tr("Range"), self.preset)
        add_row(grid, "", self.lowest, QLabel(tr("to")), self.highest)
        add_row(grid, tr("Seed"), self.seed, self.lock)

    def _connect(self) -> None:
        self.takes.valueChanged.connect(self._changing("takes"))
        self.variety.valueChanged.connect(self._changing("variety", lambda value: value / FULL))
        self.difference.valueChanged.connect(self._changing("similarity", lambda value: (FULL - value) / FULL))
        self.leave_example.clicked.connect(self._on_leave_example_clicked)
        self.stay_in_key.toggled.connect(self._changing("stay_in_key"))
        self.lowest.note_changed.connect(self._on_lowest_note_changed)
        self.highest.note_changed.connect(self._on_highest_note_changed)
        for box in (self.lowest, self.highest):
            box.moved.connect(self._filler.editor.told)
        self.lock.toggled.connect(self._changing("seed_locked"))
        self.seed.editingFinished.connect(self._on_seed_editing_finished)
        self.preset.activated.connect(self._on_preset_activated)
        self._filler.settings_changed.connect(self._show)

    def _changing(self, name: str, value_of: Callable[[Any], object] = lambda value: value) -> Callable[[Any], None]:
        def change(value: object) -> None:
            self._change(**{name: value_of(value)})

        return change

    def _change(self, **values: Any) -> None:  # noqa: ANN401 - the fields have types of their own
        self._filler.set_settings(replace(self._filler.settings, **values))

    # Showing

    def _show(self, settings: FillSettings) -> None:
        with quiet(self.takes, self.variety, self.difference, self.stay_in_key, self.lock):
            self.takes.setValue(settings.takes)
            self.variety.setValue(round(FULL * settings.variety))
            self.difference.setValue(round(FULL * (1 - settings.similarity)))
            self.stay_in_key.setChecked(settings.stay_in_key)
            self.lock.setChecked(settings.seed_locked)
        self._show_example(settings)
        self.lowest.show_note(settings.lowest)
        self.highest.show_note(settings.highest)
        limits = (settings.lowest, settings.highest)
        known = [index for index, preset in enumerate(RANGES) if (preset.lowest, preset.highest) == limits]
        self.preset.setCurrentIndex(known[0] if known else len(RANGES))
        self.seed.setText(str(settings.seed))
        self._show_lock()

    def _show_example(self, settings: FillSettings) -> None:
        """Say that takes shall be like another one where they shall."""
        name = settings.example.name if settings.example else ""
        self._what.setText(tr("Liked") if name else tr("Original"))
        share = percent(settings.similarity)
        self.example.setText(tr("{share} of {take} comes again", share=share, take=name))
        for widget in (self.example, self.leave_example):
            widget.setVisible(bool(name))

    def _show_lock(self) -> None:
        is_locked = self._filler.settings.seed_locked
        self.lock.setIcon(themed_icon("lock" if is_locked else "unlock", self.palette()))
        self.lock.setToolTip(
            tr("The seed is kept; click to draw a new one each time")
            if is_locked
            else tr("A new seed is drawn each time; click to keep this one")
        )

    def changeEvent(self, event: QEvent) -> None:
        """Draw the lock in other colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_lock()

    def _on_lowest_note_changed(self, lowest: int | None) -> None:
        self._filler.set_settings(self._filler.settings.with_limit("lowest", lowest))

    def _on_highest_note_changed(self, highest: int | None) -> None:
        self._filler.set_settings(self._filler.settings.with_limit("highest", highest))

    def _on_seed_editing_finished(self) -> None:
        """A seed that was typed is meant to be used."""
        text = self.seed.text()
        if text and int(text) != self._filler.settings.seed:
            self._change(seed=int(text), seed_locked=True)

    def _on_leave_example_clicked(self) -> None:
        self._filler.set_settings(self._filler.settings.without_example())

    def _on_preset_activated(self, index: int) -> None:
        limits = self.preset.itemData(index)
        if limits is not None:
            self._change(lowest=limits[0], highest=limits[1])
        else:
            self.lowest.setFocus(Qt.FocusReason.OtherFocusReason)
