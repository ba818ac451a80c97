"""Presets: settings of takes that are kept under a name, with the preferences."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.settings import PRESET_SETTINGS, Settings
from inpaint_desktop.ui.fill_settings import FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.preferences import Preferences

Values = Mapping[str, Any]


class Presets(QObject):
    """Keeps the filler's settings under names, and brings them back.

    What hangs on one tune (echoed measures, a take that others shall be like) is not kept, nor are seed, model and
    device.

    Signals:
        changed: there are other presets, or some have other names.
    """

    changed = Signal()

    def __init__(self, preferences: Preferences, filler: Filler, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._filler = filler
        self._known = preferences.settings.presets
        preferences.changed.connect(self._on_preferences_changed)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all presets, in the order of the alphabet."""
        return tuple(sorted(self._known, key=str.casefold))

    @property
    def current(self) -> str:
        """The name of a preset that is as takes shall be now; empty if none is."""
        now = _kept(self._filler.settings)
        return next((name for name in self.names if _whole(self._known[name]) == now), "")

    @property
    def is_as_at_first(self) -> bool:
        """Whether takes shall be as they are before anything is set."""
        return _kept(self._filler.settings) == _whole({})

    def save(self, name: str) -> None:
        """Keep how takes shall be now under a name, in the place of what was kept under it before."""
        self._set({**self._known, name: _kept(self._filler.settings)})

    def use(self, name: str) -> None:
        """Let takes be as it is kept under a name."""
        if name in self._known:
            self._use(_whole(self._known[name]))

    def use_none(self) -> None:
        """Let takes be as they are before anything is set."""
        self._use(_whole({}))

    def rename(self, name: str, new: str) -> None:
        """Give a preset another name, which none has."""
        if name in self._known and new not in self._known:
            self._set({new if known == name else known: values for known, values in self._known.items()})

    def delete(self, name: str) -> None:
        """Forget what is kept under a name."""
        self._set({known: values for known, values in self._known.items() if known != name})

    def _use(self, values: Values) -> None:
        self._filler.set_settings(replace(self._filler.settings.without_example(), **values))

    def _set(self, presets: dict[str, Any]) -> None:
        self._preferences.change(presets=presets)

    def _on_preferences_changed(self, settings: Settings) -> None:
        if settings.presets != self._known:
            self._known = settings.presets
            self.changed.emit()


def _kept(settings: FillSettings) -> Values:
    """What a preset has of the settings."""
    free = settings.without_example()
    return {name: getattr(free, name) for name in PRESET_SETTINGS}


def _whole(values: Values) -> Values:
    """A preset with all that it might lack, such as a setting that was damaged in its file."""
    return {**_kept(FillSettings()), **values}
