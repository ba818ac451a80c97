"""The controls of playing in a row: play, stop, loop, clicks, tempo, instrument, volume, and where it is."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSlider, QSpinBox, QToolButton, QWidget

from inpaint_desktop.playback.instruments import INSTRUMENTS
from inpaint_desktop.playback.timeline import MAX_TEMPO_PERCENT, MIN_TEMPO_PERCENT
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.ui.actions import PLAY_ACTIONS
from inpaint_desktop.ui.appearance import themed_icon
from inpaint_desktop.ui.choice_box import ChoiceBox
from inpaint_desktop.ui.transport import Transport
from inpaint_desktop.ui.words import tr

_ICON_SIZE = QSize(20, 20)
_SPACING = 6
_SLIDER_PERCENT = (25, 200)
_SLIDER_WIDTH, _VOLUME_WIDTHS, _NARROWEST_INSTRUMENT = 130, (44, 90), 90
_BEATS_PER_MINUTE = (5, 999)
_BEAT_SIGNS = {
    TICKS_PER_QUARTER // 2: "♪ = ",
    TICKS_PER_QUARTER: "♩ = ",
    TICKS_PER_QUARTER * 3 // 2: "♩. = ",
    TICKS_PER_QUARTER * 2: "1/2 = ",  # few fonts have the sign of a half
}
_READOUT_WIDTH_OF = "888 : 88"


class _Button(QToolButton):
    """A flat button that names its key."""

    def __init__(self, icon: str, name: str, *, is_toggle: bool = False) -> None:
        super().__init__()
        self.icon_name = icon
        self.setObjectName(icon)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCheckable(is_toggle)
        self.setAutoRaise(True)
        self.setIconSize(_ICON_SIZE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_key(self, key: str) -> None:
        """Name the key that does the same in the tool tip."""
        self.setToolTip(f"{self.accessibleName()} ({key})" if key else self.accessibleName())


class TransportBar(QWidget):
    """Shows how the transport plays, and changes it."""

    def __init__(self, transport: Transport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transport = transport
        self.play = _Button("play", tr("Play"))
        self.stop = _Button("stop", tr("Stop"))
        self.loop = _Button("loop", tr("Loop the selection"), is_toggle=True)
        self.metronome = _Button("metronome", tr("Metronome"), is_toggle=True)
        self.count_in = _Button("count-in", tr("Count in"), is_toggle=True)
        self.tempo_slider = QSlider(Qt.Orientation.Horizontal)
        self.percent = QSpinBox()
        self.beats = QSpinBox()
        self.instrument = ChoiceBox()
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.position = QLabel()
        self._volume_icon = QLabel()
        self._buttons = {
            "play": self.play,
            "stop": self.stop,
            "loop": self.loop,
            "metronome": self.metronome,
            "count_in": self.count_in,
        }
        self.setAccessibleName(tr("Playback"))
        self._set_up_tempo()
        self._set_up_sound()
        self._lay_out()
        self._connect()
        self._set_icons()
        self.show_keys({})
        self._on_transport_state_changed()

    def show_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Name the keys that do the same in the tool tips; ``keys`` are those that differ from the usual ones."""
        usual = {spec.name: spec.keys for spec in PLAY_ACTIONS}
        for name, button in self._buttons.items():
            first = next(iter(keys.get(name, usual.get(name, ()))), "")
            button.show_key(QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText))

    # Setting up

    def _set_up_tempo(self) -> None:
        self.tempo_slider.setRange(*_SLIDER_PERCENT)
        self.tempo_slider.setPageStep(10)
        self.tempo_slider.setTickInterval(25)
        self.tempo_slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.percent.setRange(round(MIN_TEMPO_PERCENT), round(MAX_TEMPO_PERCENT))
        self.percent.setSingleStep(5)
        self.percent.setSuffix(tr(" %"))
        self.beats.setRange(*_BEATS_PER_MINUTE)
        self.beats.setSuffix(tr(" BPM"))
        for widget, name in (
            (self.tempo_slider, tr("Tempo")),
            (self.percent, tr("Tempo in percent")),
            (self.beats, tr("Beats in a minute")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        for spin in (self.percent, self.beats):
            spin.setKeyboardTracking(False)  # a number that is half typed is no tempo
            spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.tempo_slider.setFixedWidth(_SLIDER_WIDTH)

    def _set_up_sound(self) -> None:
        for instrument in INSTRUMENTS:
            self.instrument.addItem(tr(instrument.name), instrument.program)
        self.instrument.setMaxVisibleItems(len(INSTRUMENTS))
        self.volume.setRange(0, 100)
        self.volume.setPageStep(10)
        self.volume.setMinimumWidth(_VOLUME_WIDTHS[0])
        self.volume.setMaximumWidth(_VOLUME_WIDTHS[1])
        self.instrument.setMinimumWidth(_NARROWEST_INSTRUMENT)
        for widget, name in ((self.instrument, tr("Instrument")), (self.volume, tr("Volume"))):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        self._volume_icon.setToolTip(tr("Volume"))
        self.position.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.position.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.position.setMinimumWidth(self.position.fontMetrics().horizontalAdvance(_READOUT_WIDTH_OF))
        self.position.setContentsMargins(0, 0, 6, 0)
        self.position.setToolTip(tr("Measure and beat"))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # the bar itself says how narrow it may be
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(_SPACING)
        groups = (
            (self.play, self.stop, self.position),
            (self.loop, self.metronome, self.count_in),
            (self.tempo_slider, self.percent, self.beats),
            (self.instrument, self._volume_icon, self.volume),
        )
        for number, group in enumerate(groups):
            if number:
                row.addWidget(_separator())
            for widget in group:
                row.addWidget(widget)
        row.addStretch(1)

    def _connect(self) -> None:
        self._transport.state_changed.connect(self._on_transport_state_changed)
        self._transport.place_changed.connect(self._on_transport_place_changed)
        self.play.clicked.connect(self._transport.play_pause)
        self.stop.clicked.connect(self._transport.stop)
        self.loop.toggled.connect(self._on_loop_toggled)
        self.metronome.toggled.connect(self._on_metronome_toggled)
        self.count_in.toggled.connect(self._on_count_in_toggled)
        self.tempo_slider.valueChanged.connect(self._on_percent_value_changed)
        self.percent.valueChanged.connect(self._on_percent_value_changed)
        self.beats.valueChanged.connect(self._on_beats_value_changed)
        self.instrument.currentIndexChanged.connect(self._on_instrument_current_index_changed)
        self.volume.valueChanged.connect(self._on_volume_value_changed)

    # What the user wants

    def _on_loop_toggled(self, is_on: bool) -> None:
        self._transport.loop = is_on

    def _on_metronome_toggled(self, is_on: bool) -> None:
        self._transport.metronome = is_on

    def _on_count_in_toggled(self, is_on: bool) -> None:
        self._transport.count_in = is_on

    def _on_percent_value_changed(self, percent: int) -> None:
        self._transport.tempo_percent = percent

    def _on_beats_value_changed(self, beats: int) -> None:
        self._transport.tempo_bpm = beats

    def _on_instrument_current_index_changed(self, _index: int) -> None:
        self._transport.instrument = self.instrument.currentData()

    def _on_volume_value_changed(self, percent: int) -> None:
        self._transport.volume = percent / 100

    # What the transport says

    def _on_transport_state_changed(self) -> None:
        transport = self._transport
        for button, is_on in (
            (self.loop, transport.loop),
            (self.metronome, transport.metronome),
            (self.count_in, transport.count_in),
        ):
            button.setChecked(is_on)
        self._show_play()
        for spin, value in ((self.tempo_slider, transport.tempo_percent), (self.percent, transport.tempo_percent)):
            _show_value(spin, round(value))
        _show_value(self.volume, round(transport.volume * 100))
        with QSignalBlocker(self.instrument):
            self.instrument.setCurrentIndex(self.instrument.findData(transport.instrument))
        self._on_transport_place_changed()

    def _show_play(self) -> None:
        is_playing = self._transport.is_playing
        icon, name = ("pause", tr("Pause")) if is_playing else ("play", tr("Play"))
        for button in (self.play, self.stop):
            button.setEnabled(self._transport.can_play)
        if icon != self.play.icon_name:
            key = self.play.toolTip().removeprefix(self.play.accessibleName())
            self.play.icon_name = icon
            self.play.setAccessibleName(name)
            self.play.setToolTip(name + key)
            self.play.setIcon(themed_icon(icon, self.palette()))

    def _on_transport_place_changed(self, _place: object = None) -> None:
        position = self._transport.position
        self.position.setText(f"{position[0]} : {position[1]}" if position else "")
        self.beats.setEnabled(position is not None)
        sign = _BEAT_SIGNS.get(self._transport.beat_ticks, "")
        if sign != self.beats.prefix() and not _is_half_typed(self.beats):
            self.beats.setPrefix(sign)
        _show_value(self.beats, round(self._transport.tempo_bpm))

    # The looks

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for everything but the slider of the tempo, which may also be typed."""
        least = super().minimumSizeHint()
        return least - QSize(self._slider_room, 0) if self.tempo_slider.isVisibleTo(self) else least

    @property
    def _slider_room(self) -> int:
        return _SLIDER_WIDTH + _SPACING

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the slider out where there is no room for it."""
        super().resizeEvent(event)
        self.tempo_slider.setVisible(self.width() >= self.minimumSizeHint().width() + self._slider_room)

    def _set_icons(self) -> None:
        for button in self._buttons.values():
            button.setIcon(themed_icon(button.icon_name, self.palette()))
        pixmap = themed_icon("volume", self.palette()).pixmap(_ICON_SIZE, self.devicePixelRatioF())
        self._volume_icon.setPixmap(pixmap)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons in other colours when the palette is another."""
        if event.type() == QEvent.Type.PaletteChange:
            self._set_icons()
        super().changeEvent(event)


def _separator() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFrameShadow(QFrame.Shadow.Sunken)
    return line


def _is_half_typed(spin: QSpinBox) -> bool:
    """Whether something stands in the field that has not been taken as its value yet."""
    return spin.text() != f"{spin.prefix()}{spin.textFromValue(spin.value())}{spin.suffix()}"


def _show_value(widget: QSpinBox | QSlider, value: int) -> None:
    """Show another value without telling of it; what is half typed stays."""
    if isinstance(widget, QSpinBox) and _is_half_typed(widget):
        return
    with QSignalBlocker(widget):
        widget.setValue(value)
