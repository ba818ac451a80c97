"""Prints the Debian packages that the window (and, with ``--tests``, its tests) needs and this Linux system lacks.

Qt's wheels bring Qt, but not the libraries of the system that it draws with. Elsewhere than on Linux none is missing.
"""

import ctypes
import shutil
import sys
from pathlib import Path

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
PROGRAMS_OF_TESTS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
FONTS = ("fonts-liberation", "fonts-dejavu-core")


def main() -> None:
    """Print the names, one line, separated by spaces."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if "--tests" in sys.argv:
        missing += [package for program, package in PROGRAMS_OF_TESTS.items() if shutil.which(program) is None]
    if not any(Path("/usr/share/fonts").rglob("*.[ot]tf")):
        missing += FONTS
    sys.stdout.write(" ".join(missing))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
