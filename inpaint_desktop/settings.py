"""The user's preferences: one table of what each may be, kept as JSON.

A value that cannot be never reaches the program: setting one raises an error, and one that
stands in the file is passed over with a sentence in the log, so a damaged file costs its
preferences and nothing else.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from inpaint_desktop import paths
from inpaint_desktop.errors import FileNotSavedError, SettingsError

DEVICES = ("auto", "cpu", "cuda", "mps")
MAX_TAKES = 32
MAX_TEMPERATURE = 3.0

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


_RULES = {
    "model": _Rule((str,), bool, "the name of a model"),
    "device": _Rule((str,), DEVICES.__contains__, f"one of {', '.join(DEVICES)}"),
    "takes": _Rule((int,), lambda takes: 1 <= takes <= MAX_TAKES, f"a whole number from 1 to {MAX_TAKES}"),
    "temperature": _Rule(
        (int, float), lambda heat: 0 < heat <= MAX_TEMPERATURE, f"a number above 0 and up to {MAX_TEMPERATURE:g}"
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The preferences; without arguments, as they are at first."""

    model: str = "inpaintnet"
    device: str = "auto"
    takes: int = 8
    temperature: float = 1.0

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

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """Read the preferences; what the file lacks or has wrong is as it is at first."""
        path = path or _default_path()
        written = _read(path)
        usable = {name: value for name, value in written.items() if name in _RULES and _RULES[name].admits(value)}
        for name in written.keys() - usable.keys():
            logger.warning("The setting '%s' in %s cannot be %r; it is left out.", name, path, written[name])
        return cls(**usable)

    def save(self, path: Path | None = None) -> None:
        """Write the preferences.

        Raises:
            FileNotSavedError: they could not be written.
        """
        path = path or _default_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            paths.replace_file(path, (json.dumps(asdict(self), indent=2) + "\n").encode())
        except OSError as error:
            message = f"The settings could not be saved as {path}: {error.strerror}."
            raise FileNotSavedError(message) from error


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
