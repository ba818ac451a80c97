"""The script that made the soundfont, and the soundfont that it made."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from inpaint_desktop.playback.libraries import soundfont

_SCRIPT = Path(__file__).parents[3] / "packaging" / "make_soundfont.py"


def script() -> ModuleType:
    """The script as a module; its folder is no package."""
    if "make_soundfont" not in sys.modules:
        spec = importlib.util.spec_from_file_location("make_soundfont", _SCRIPT)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["make_soundfont"] = module
        spec.loader.exec_module(module)
    return sys.modules["make_soundfont"]


def committed() -> Any:  # noqa: ANN401 - a class of the script
    """The soundfont in ``resources``, taken apart."""
    return script().read(soundfont().read_bytes())
