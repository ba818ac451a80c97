"""Runs the command line: ``python -m inpaint_desktop``, and the start of a frozen program."""

import multiprocessing
import sys


def main() -> int:
    """Run the program, or the part of a child process when the frozen program is started as one."""
    multiprocessing.freeze_support()
    from inpaint_desktop.cli import main as run_command  # after the line above, so that a child does not load it

    return run_command()


if __name__ == "__main__":
    sys.exit(main())
