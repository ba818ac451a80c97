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

DEVICES = ("auto", "cpu", "cuda", "mps")
VIEWS = ("staff", "piano_roll", "both")
THEMES = ("system", "light", "dark")
MAX_TAKES = 32
MAX_TEMPERATURE = 3.0
MAX_SEED = 10**12 - 1
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


_CHOICE = _Rule((bool,), _is_any, "true or false")
_TEXT = _Rule((str,), _is_any, "a text")
_BYTES = _Rule((str,), _is_base64, "bytes in base64")
_MIDI_NUMBER = _Rule(
    (int, NoneType), lambda number: number is None or 0 <= number <= 127, "a MIDI number from 0 to 127, or nothing"
)

_RULES = {
    # taking
    "model": _name_of("a model"),
    "device": _one_of(DEVICES),
    "takes": _whole(1, MAX_TAKES),
    "temperature": _Rule(
        (int, float), lambda heat: 0 < heat <= MAX_TEMPERATURE, f"a number above 0 and up to {MAX_TEMPERATURE:g}"
    ),
    "variety": _number(0, 1),
    "similarity": _number(0, 1),
    "stay_in_key": _CHOICE,
    "lowest": _MIDI_NUMBER,
    "highest": _MIDI_NUMBER,
    "seed": _whole(0, MAX_SEED),
    "seed_locked": _CHOICE,
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
    are MIDI numbers, ``None`` leaves free. ``volume`` goes from 0 to 1. An empty ``midi_port`` is the program's own
    synthesiser. ``shortcuts`` has the actions whose keys were chosen, each with its keys as portable text.
    ``window_geometry`` and ``window_state`` are what Qt saves of the window, in base64.
    """

    model: str = "inpaintnet"
    device: str = "auto"
    takes: int = 8
    temperature: float = 1.0
    variety: float = 0.5
    similarity: float = 0.0
    stay_in_key: bool = True
    lowest: int | None = None
    highest: int | None = None
    seed: int = 1
    seed_locked: bool = False
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
        if _is_empty_range(self.lowest, self.highest):
            message = f"The setting 'lowest' must not be above 'highest', but {self.lowest} is above {self.highest}."
            raise SettingsError(message)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the preferences; what the file lacks or has wrong is as it is at first."""
        path = path or _default_path()
        written = _read(path)
        usable = {name: value for name, value in written.items() if name in _RULES and _RULES[name].admits(value)}
        if _is_empty_range(usable.get("lowest"), usable.get("highest")):
            del usable["lowest"], usable["highest"]
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


def _is_empty_range(lowest: int | None, highest: int | None) -> bool:
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
