"""Where things are built, what they are called, and how other programs are run for that."""

import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
DIST = ROOT / "dist"
FROZEN = BUILD / "frozen"
BUNDLE = FROZEN / "inpaint-desktop"
ICONS = BUILD / "icons"
APP = FROZEN / "Inpaint Desktop.app"
"""What macOS has in the place of the bundle; PyInstaller makes it of that."""

IS_MACOS = sys.platform == "darwin"
PROGRAM = APP / "Contents" / "MacOS" / "inpaint-desktop" if IS_MACOS else BUNDLE / "inpaint-desktop"
DOCUMENTS = APP / "Contents" / "Resources" if IS_MACOS else BUNDLE
"""Where licences and notices lie."""

NOTICES = "THIRD-PARTY-NOTICES.txt"

_SYSTEMS = {"Darwin": "macos"}
_MACHINES = {"amd64": "x86_64"}


def file_name(facts: Mapping[str, str], ending: str) -> str:
    """The name of something that is downloaded, with the version and the system that it is for."""
    system = _SYSTEMS.get(platform.system(), platform.system().lower())
    machine = platform.machine().lower()
    return f"inpaint-desktop-{facts['version']}-{system}-{_MACHINES.get(machine, machine)}{ending}"


def run(*command: str | Path, captured: bool = False, folder: Path = ROOT) -> str:
    """Run a program, and end with a sentence if it fails; what it printed is returned if asked for."""
    words = [str(word) for word in command]
    output = subprocess.PIPE if captured else None
    try:
        return subprocess.run(words, check=True, cwd=folder, stdout=output, text=True).stdout or ""
    except FileNotFoundError:
        sys.exit(f"The program {words[0]} is missing; install it and build again.")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{words[0]} failed with exit code {error.returncode}; what it printed says why.")
