"""Starts the program: the window, or a command of the command line."""

import multiprocessing
import sys

COMMANDS = ("fill", "info", "bench")


def main() -> int:
    """Run the program, or the part of a child process when the frozen program is started as one."""
    multiprocessing.freeze_support()
    arguments = sys.argv[1:]
    if names_command(arguments):
        from inpaint_desktop.cli import main as run_command  # only what is run is loaded

        return run_command(arguments)
    from inpaint_desktop.app import main as open_window

    return open_window(arguments)


def names_command(arguments: list[str]) -> bool:
    """Whether the command line is meant; anything else is a file for the window (``./fill`` is one, too)."""
    return bool(arguments) and (arguments[0] in COMMANDS or arguments[0].startswith("-"))


if __name__ == "__main__":
    sys.exit(main())
