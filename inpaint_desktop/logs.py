"""The log: what a person need not read, and whoever helps them wants to."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from inpaint_desktop import paths

LOG_NAME = "inpaint-desktop.log"
MAX_BYTES = 1_000_000


@contextmanager
def logging_to_file() -> Iterator[Path | None]:
    """Write warnings and errors into the user's log while the block runs; nothing of it reaches the screen.

    Gives the file, or ``None`` where none can be written; the program then runs without a log.
    """
    path, handler = _open()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False  # a full disk must not put a traceback on the screen
    try:
        yield path
    finally:
        logging.raiseExceptions = True
        logging.captureWarnings(capture=False)
        root.removeHandler(handler)
        with suppress(OSError):  # closing writes what is left, and the disk may be full
            handler.close()


def _open() -> tuple[Path | None, logging.Handler]:
    path = paths.log_folder() / LOG_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_long = path.exists() and path.stat().st_size > MAX_BYTES
        return path, logging.FileHandler(path, mode="w" if is_long else "a", encoding="utf-8")
    except OSError:
        return None, logging.NullHandler()
