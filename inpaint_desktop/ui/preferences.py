"""The preferences while the program runs: one value that is replaced, and written a little later."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from inpaint_desktop.errors import FileNotSavedError
from inpaint_desktop.playback.instruments import INSTRUMENTS
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.files import sentence_of
from inpaint_desktop.ui.tasks import Task
from inpaint_desktop.ui.transport import Transport

SAVING_DELAY_MS = 500


class Preferences(QObject):
    """Holds the settings and saves them after changes.

    Signals:
        changed: some setting is another; carries the new ``Settings``.
        failed: they cannot be saved, said once; carries a sentence.
    """

    changed = Signal(object)
    failed = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._has_failed = False
        self._timer = QTimer(self, interval=SAVING_DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._saving = Task("saving-preferences", self)
        self._saving.failed.connect(self._tell)

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._settings

    def change(self, **values: object) -> None:
        """Give some settings other values, by name.

        Raises:
            SettingsError: one cannot have that value; nothing has changed then.
        """
        self.set(_replaced(self._settings, values))

    def set(self, settings: Settings) -> None:
        """Use other settings."""
        if settings != self._settings:
            self._settings = settings
            self._timer.start()
            self.changed.emit(settings)

    def close(self) -> None:
        """Write the settings at once; where that is not possible, it is said once. None are written after it."""
        self._timer.stop()
        self._saving.close()
        try:
            self._settings.save()
        except FileNotSavedError as error:
            self._tell(error)

    def _on_timer_timeout(self) -> None:
        """Write the settings in the background, as a busy disk takes its time."""
        settings = self._settings
        self._saving.start(lambda _report: settings.save())

    def _tell(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(sentence_of(error))


def _replaced(settings: Settings, values: dict[str, object]) -> Settings:
    unchecked: dict[str, Any] = values  # the settings check them
    return replace(settings, **unchecked)


def apply_to(transport: Transport, settings: Settings) -> None:
    """Let the transport play as the settings say."""
    transport.instrument = program_of(settings)
    transport.volume = settings.volume
    transport.tempo_percent = settings.tempo_percent
    transport.metronome = settings.metronome
    transport.count_in = settings.count_in
    transport.loop = settings.loop


def program_of(settings: Settings) -> int:
    """The program of the instrument that the settings name; of the first one where they name none that there is."""
    programs = {instrument.name: instrument.program for instrument in INSTRUMENTS}
    return programs.get(settings.instrument, INSTRUMENTS[0].program)


def playing_settings(transport: Transport) -> dict[str, object]:
    """The settings that say how the transport plays now."""
    names = {instrument.program: instrument.name for instrument in INSTRUMENTS}
    return {
        "instrument": names.get(transport.instrument, INSTRUMENTS[0].name),
        "volume": transport.volume,
        "tempo_percent": transport.tempo_percent,
        "metronome": transport.metronome,
        "count_in": transport.count_in,
        "loop": transport.loop,
    }
