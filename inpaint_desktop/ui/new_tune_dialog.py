"""Asks what a new tune is to be: title, meter, key, tempo and number of measures."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from inpaint_desktop.documents.new_tune import new_tune
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.ui.describing import key_in_words
from inpaint_desktop.ui.words import tr

METERS = tuple(Meter(*pair) for pair in ((4, 4), (2, 2), (3, 4), (2, 4), (6, 8), (9, 8), (12, 8), (3, 8)))
MODES = ("major", "minor", "dorian", "mixolydian")
MOST_MEASURES = 400
_USUAL_MEASURES = 16
_MOST_SHARPS = 6
_WIDTH = 340


def usual_keys() -> tuple[KeySignature, ...]:
    """The keys that are offered: by mode, then from flats to sharps, the simple ones first."""
    fifths = sorted(range(-_MOST_SHARPS, _MOST_SHARPS + 1), key=lambda count: (abs(count), count < 0))
    return tuple(KeySignature(count, mode) for mode in MODES for count in fifths)


def upbeats(meter: Meter) -> Mapping[str, int]:
    """The pickups that are offered in a meter: their names, and their lengths in ticks."""
    beat = Meter(1, meter.beat_type).ticks
    return {tr("none"): 0} | {f"{beats}/{meter.beat_type}": beats * beat for beats in range(1, meter.beats)}


class NewTuneDialog(QDialog):
    """Makes a tune of rests.

    Signals:
        tune_made: carries the new ``ScoreDocument``.
    """

    tune_made = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("New tune"))
        self.setMinimumWidth(_WIDTH)
        self.title = QLineEdit(self)
        self.title.setPlaceholderText(tr("Untitled"))
        self.meter = QComboBox(self)
        for meter in METERS:
            self.meter.addItem(str(meter), meter)
        self.key = QComboBox(self)
        for key in usual_keys():
            self.key.addItem(key_in_words(key), key)
        self.pickup = QComboBox(self)
        self.measures = QSpinBox(self)
        self.measures.setRange(1, MOST_MEASURES)
        self.measures.setValue(_USUAL_MEASURES)
        self.meter.currentIndexChanged.connect(self._on_meter_changed)
        self._on_meter_changed()
        self._lay_out()

    def accept(self) -> None:
        """Make the tune."""
        document = new_tune(
            self.title.text().strip() or tr("Untitled"),
            self.meter.currentData(),
            self.key.currentData(),
            measures=self.measures.value(),
            pickup=self.pickup.currentData(),
        )
        super().accept()
        self.tune_made.emit(document)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("&Title"), self.title)
        form.addRow(tr("&Meter"), self.meter)
        form.addRow(tr("&Key"), self.key)
        form.addRow(tr("&Pickup"), self.pickup)
        form.addRow(tr("M&easures"), self.measures)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)

    def _on_meter_changed(self) -> None:
        self.pickup.clear()
        for name, ticks in upbeats(self.meter.currentData()).items():
            self.pickup.addItem(name, ticks)
