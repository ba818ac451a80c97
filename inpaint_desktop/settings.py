"""The user's preferences: one table of what each may be, kept as JSON.

A value that cannot be never reaches the program: setting one raises an error, and one that
stands in the file is passed over with a sentence in the log, so a damaged file costs its
preferences and nothing else.
"""

import base64
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import NoneType
from typing import Any, Self

from inpaint_desktop import paths
from inpaint_desktop.errors import FileNotSavedError, SettingsError

DEFAULT_MODEL = "transformer"
DEVICES = ("auto", "cpu", "cuda", "mps")
KEPT = ("", "rhythm", "pitches")
VIEWS = ("staff", "piano_roll", "both")
THEMES = ("system", "light", "dark")
MAX_TAKES = 32
MAX_TEMPERATURE = 3.0
MAX_SEED = 10**12 - 1
MAX_NOTES = 96
MAX_LEAP = 127
MAX_PRESET_NAME = 60
TEMPO_PERCENTS = (10.0, 400.0)
ZOOMS = (0.25, 8.0)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a setting may be, for the program and as the end of a sentence."""

    kinds: tuple[type, ...]
    is_allowed: Callable[..., bool]
    description: str

    def admits(self, value: object) -> bool:
        """Whether a setting may have ``value``. ``True`` is not a number here."""
        return type(value) in self.kinds and self.is_allowed(value)


def _name_of(what: str) -> _Rule:
    return _Rule((str,), bool, f"the name of {what}")


def _one_of(names: tuple[str, ...]) -> _Rule:
    return _Rule((str,), names.__contains__, f"one of {', '.join(names)}")


def _whole(lowest: int, highest: int) -> _Rule:
    return _Rule((int,), lambda value: lowest <= value <= highest, f"a whole number from {lowest} to {highest}")


def _number(lowest: float, highest: float) -> _Rule:
    return _Rule((int, float), lambda value: lowest <= value <= highest, f"a number from {lowest:g} to {highest:g}")


def _is_any(_value: object) -> bool:
    return True


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        return False
    return True


def _are_keys(shortcuts: Mapping[Any, Any]) -> bool:
    """Whether names of actions stand beside sequences of keys, as in the program or as in JSON."""
    return all(
        isinstance(name, str) and isinstance(keys, (list, tuple)) and all(isinstance(key, str) for key in keys)
        for name, keys in shortcuts.items()
    )


def _or_nothing(rule: _Rule) -> _Rule:
    """A rule that lets ``None`` be, too."""
    return _Rule(
        (*rule.kinds, NoneType),
        lambda value: value is None or rule.is_allowed(value),
        f"{rule.description}, or nothing",
    )


def _are_presets(presets: Mapping[Any, Any]) -> bool:
    """Whether names stand beside tables of settings of takes that can be."""
    return all(is_preset_name(name) and usable_preset(values) == values for name, values in presets.items())


def is_preset_name(name: object) -> bool:
    """Whether a preset may be called so."""
    return isinstance(name, str) and 0 < len(name) <= MAX_PRESET_NAME and name == name.strip() and name.isprintable()


_CHOICE = _Rule((bool,), _is_any, "true or false")
_TEXT = _Rule((str,), _is_any, "a text")
_BYTES = _Rule((str,), _is_base64, "bytes in base64")
_MIDI_NUMBER = _or_nothing(_Rule((int,), lambda number: 0 <= number <= 127, "a MIDI number from 0 to 127"))
_COUNT = _or_nothing(_whole(1, MAX_NOTES))

_TAKING_RULES = {
    "takes": _whole(1, MAX_TAKES),
    "variety": _number(0, 1),
    "similarity": _number(0, 1),
    "stay_in_key": _CHOICE,
    "lowest": _MIDI_NUMBER,
    "highest": _MIDI_NUMBER,
    "keep": _one_of(KEPT),
    "fewest_notes": _COUNT,
    "most_notes": _COUNT,
    "longest_leap": _or_nothing(_whole(0, MAX_LEAP)),
    "most_kept": _or_nothing(_number(0, 1)),
    "echo_strength": _number(0, 1),
}
"""How takes shall be, whatever the tune."""

_PRESET_RULES = {**_TAKING_RULES, "first_note": _MIDI_NUMBER, "last_note": _MIDI_NUMBER}

PRESET_SETTINGS = tuple(_PRESET_RULES)
"""What a preset may have."""

_RULES = {
    # taking
    "model": _name_of("a model"),
    "device": _one_of(DEVICES),
    "temperature": _Rule(
        (int, float), lambda heat: 0 < heat <= MAX_TEMPERATURE, f"a number above 0 and up to {MAX_TEMPERATURE:g}"
    ),
    **_TAKING_RULES,
    "seed": _whole(0, MAX_SEED),
    "seed_locked": _CHOICE,
    "presets": _Rule((dict,), _are_presets, "a table of names and settings of takes"),
    # playing
    "instrument": _name_of("an instrument"),
    "volume": _number(0, 1),
    "tempo_percent": _number(*TEMPO_PERCENTS),
    "metronome": _CHOICE,
    "count_in": _CHOICE,
    "loop": _CHOICE,
    "midi_port": _TEXT,
    # seeing
    "view": _one_of(VIEWS),
    "theme": _one_of(THEMES),
    "zoom": _number(*ZOOMS),
    "follow_playback": _CHOICE,
    "colour_take_notes": _CHOICE,
    "settings_shown": _CHOICE,
    "conditions_shown": _CHOICE,
    # the window
    "last_folder": _TEXT,
    "shortcuts": _Rule((dict,), _are_keys, "a table of actions and their keys"),
    "window_geometry": _BYTES,
    "window_state": _BYTES,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The preferences; without arguments, as they are at first. Change them with ``dataclasses.replace``.

    ``variety`` goes from 0 (safe takes) to 1 (bold ones) in the window, ``temperature`` is the command line's.
    ``similarity`` is 0 for takes that need not be like the original, 1 for the likest. ``lowest`` and ``highest``
    are MIDI numbers, ``None`` leaves free. ``keep`` is one of ``KEPT``, ``fewest_notes`` and ``most_notes`` are of a
    measure, ``longest_leap`` is in semitones, ``most_kept`` a share of the original's notes. ``presets`` has some of
    these by the names that they were kept under; ``settings_shown`` and ``conditions_shown`` say what of all of them
    is unfolded beside the gallery. ``volume`` goes from 0 to 1. An empty ``midi_port`` is the program's
    own synthesiser. ``shortcuts`` has the actions whose keys were chosen, each with its keys as portable text.
    ``window_geometry`` and ``window_state`` are what Qt saves of the window, in base64.
    """

    model: str = DEFAULT_MODEL
    device: str = "auto"
    takes: int = 8
    temperature: float = 1.0
    variety: float = 0.5
    similarity: float = 0.0
    stay_in_key: bool = True
    lowest: int | None = None
    highest: int | None = None
    keep: str = ""
    fewest_notes: int | None = None
    most_notes: int | None = None
    longest_leap: int | None = None
    most_kept: float | None = None
    echo_strength: float = 0.5
    seed: int = 1
    seed_locked: bool = False
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, hash=False)
    instrument: str = "Fiddle"
    volume: float = 0.8
    tempo_percent: float = 100.0
    metronome: bool = False
    count_in: bool = False
    loop: bool = False
    midi_port: str = ""
    view: str = "both"
    theme: str = "system"
    zoom: float = 1.0
    follow_playback: bool = True
    colour_take_notes: bool = True
    settings_shown: bool = True
    conditions_shown: bool = False
    last_folder: str = ""
    shortcuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    window_geometry: str = ""
    window_state: str = ""

    def __post_init__(self) -> None:
        """Check every value.

        Raises:
            SettingsError: one cannot be.
        """
        for name, rule in _RULES.items():
            value = getattr(self, name)
            if not rule.admits(value):
                message = f"The setting '{name}' must be {rule.description}, not {value!r}."
                raise SettingsError(message)
        for low, high in RANGES:
            least, most = getattr(self, low), getattr(self, high)
            if is_empty_range(least, most):
                message = f"The setting '{low}' must not be above '{high}', but {least} is above {most}."
                raise SettingsError(message)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the preferences; what the file lacks or has wrong is as it is at first."""
        path = path or _default_path()
        written = _read(path)
        if "presets" in written:
            written["presets"] = _usable_presets(written["presets"], path)
        usable = _usable(written, _RULES)
        for name in written.keys() - usable.keys():
            logger.warning("The setting '%s' in %s cannot be %r; it is left out.", name, path, written[name])
        if "shortcuts" in usable:
            usable["shortcuts"] = {name: tuple(keys) for name, keys in usable["shortcuts"].items()}
        return cls(**usable)

    def save(self, path: Path | None = None) -> None:
        """Write the preferences.

        Raises:
            FileNotSavedError: they could not be written.
        """
        path = path or _default_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            written = {one.name: getattr(self, one.name) for one in fields(self)}
            paths.replace_file(path, (json.dumps(written, indent=2) + "\n").encode())
        except OSError as error:
            message = f"The settings could not be saved as {path}: {error.strerror}."
            raise FileNotSavedError(message) from error


RANGES = (("lowest", "highest"), ("fewest_notes", "most_notes"))
"""Settings of which the first must not be above the second."""


def _usable(values: Mapping[Any, Any], rules: Mapping[str, _Rule]) -> dict[str, Any]:
    """The values that can be."""
    usable = {name: value for name, value in values.items() if name in rules and rules[name].admits(value)}
    for low, high in RANGES:
        if is_empty_range(usable.get(low), usable.get(high)):
            del usable[low], usable[high]
    return usable


def usable_preset(values: object) -> dict[str, Any]:
    """Those settings of a preset that can be."""
    return _usable(values, _PRESET_RULES) if isinstance(values, Mapping) else {}


def _usable_presets(presets: object, path: Path) -> object:
    """The presets of a file, each with what of it can be; what can't is left out with a sentence in the log."""
    if not isinstance(presets, dict):
        return presets
    usable = {}
    for name, values in presets.items():
        if not is_preset_name(name) or not isinstance(values, dict):
            logger.warning("The preset %r in %s cannot be; it is left out.", name, path)
            continue
        usable[name] = usable_preset(values)
        for setting in values.keys() - usable[name].keys():
            message = "The setting '%s' of the preset '%s' in %s cannot be %r; it is left out."
            logger.warning(message, setting, name, path, values[setting])
    return usable


def is_empty_range(lowest: int | None, highest: int | None) -> bool:
    """Whether nothing lies between two limits; ``None`` is no limit."""
    return lowest is not None and highest is not None and lowest > highest


def _default_path() -> Path:
    return paths.config_folder() / "settings.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        logger.warning("The settings in %s cannot be read (%s); all are as they were at first.", path, error)
        return {}
    if isinstance(written, dict):
        return written
    logger.warning("The settings in %s are not a table; all are as they were at first.", path)
    return {}
