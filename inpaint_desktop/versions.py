"""Which build this is and what it is made of: for ``--version``, the about box and reports of errors.

Everything is read from what lies beside the program; no library is imported to ask it for its version.
"""

import json
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from inpaint_desktop import paths

PROGRAM = "inpaint-desktop"
PROGRAM_TITLE = "Inpaint Desktop"
LIBRARIES = (
    "PySide6-Essentials",
    "torch",
    "numpy",
    "safetensors",
    "music21",
    "verovio",
    "pygame",
    "mido",
    "platformdirs",
)
BUILD_FILE = "build.json"
"""Written into the resources of a package; where it is missing, the program runs from its source."""


def version_of(package: str) -> str:
    """The installed version of a package; empty where it is not installed as one."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def read_card(weights: Path) -> Mapping[str, object]:
    """The card of a model; empty where there is none."""
    return _read_object(weights.with_suffix(".json"))


def build() -> str:
    """Where this build comes from: its commit and day, and the system that it was packed for."""
    facts = _read_object(paths.resources_folder() / BUILD_FILE)
    if not facts:
        return "run from its source"
    return f"{facts.get('commit', '?')} of {facts.get('date', '?')}, packed for {facts.get('system', '?')}"


def model_hash(weights: Path) -> str:
    """The SHA-256 of a model, as its card has it, which is what the engine holds the weights to."""
    return str(read_card(weights).get("sha256", "")) or "without a card"


def facts(weights: Path) -> tuple[tuple[str, str], ...]:
    """Everything that a report of an error should say of the program, as names and values."""
    libraries = ((library, version_of(library) or "missing") for library in LIBRARIES)
    return (
        ("build", build()),
        ("model", f"{weights.stem}, SHA-256 {model_hash(weights)}"),
        ("system", platform.platform()),
        ("Python", platform.python_version()),
        *libraries,
    )


def _read_object(path: Path) -> Mapping[str, object]:
    """The object in a JSON file; empty where there is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
