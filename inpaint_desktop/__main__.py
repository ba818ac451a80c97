"""Starts the program: the window, or a command of the command line."""

import multiprocessing
import os
import sys
from pathlib import Path

COMMANDS = ("fill", "info", "bench")
FAILED = 2
LIBRARIES = "libegl1 libgl1 libfontconfig1 libglib2.0-0 libdbus-1-3 libgssapi-krb5-2 libx11-xcb1"
"""The packages of Debian and Ubuntu that Qt draws with."""


def main() -> int:
    """Run the program, or the part of a child process when the frozen program is started as one."""
    try:
        multiprocessing.freeze_support()
    except EOFError:
        return FAILED  # the program was ended while this child of it started; nobody is there to be told
    _give_streams()
    arguments = sys.argv[1:]
    if names_command(arguments):
        from inpaint_desktop.cli import main as run_command  # only what is run is loaded

        return run_command(arguments)
    return _open_window(arguments)


def _open_window(arguments: list[str]) -> int:
    """Open the window, or say which library of the system it lacks."""
    try:
        from inpaint_desktop.app import main as open_window
    except ImportError as error:
        sys.stderr.write(
            f"inpaint-desktop: The window cannot be opened, as something is missing ({error}). On Debian and Ubuntu,"
            f" 'apt-get install {LIBRARIES}' installs what Qt needs; otherwise install the program again.\n"
        )
        return FAILED
    return open_window(arguments)


def _give_streams() -> None:
    """Let what is printed go nowhere where there is no console, as in a program for the window on Windows."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end


def names_command(arguments: list[str]) -> bool:
    """Whether the command line is meant; anything else is a file for the window (``./fill`` is one, too)."""
    return bool(arguments) and (arguments[0] in COMMANDS or arguments[0].startswith("-"))


if __name__ == "__main__":
    sys.exit(main())
