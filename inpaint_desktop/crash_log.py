"""What is left to read when the program crashes, and the sentence that says so at the next start.

While the program runs, a marker lies in the user's log folder that its orderly end takes away; the lock on
it ends with the process. So a marker without a process is a crash, whatever it came from. Beside it stands
a log that even a fault inside a library writes to. Without a place to write, the program runs without both.
"""

import faulthandler
import logging
import os
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from inpaint_desktop import paths
from inpaint_desktop.file_lock import FileLock

MAX_LOGS = 10

_MARKER, _LOG = "running-", "crash-"

logger = logging.getLogger(__name__)


class CrashLog:
    """Watches over the program as long as its ``with`` block runs.

    An exception that nobody has caught goes into the log, in whichever thread it was raised. One that leaves
    the block is a crash, as is any end of the process inside it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or paths.log_folder()
        self._lock: FileLock | None = None
        self._log: TextIO | None = None
        self._hooks = sys.excepthook, threading.excepthook
        self.last_crash: str | None = None
        """What to tell of a crash of the program when it ran before; said once."""

    def __enter__(self) -> Self:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.last_crash = self._said_of_crashes()
            self._remove_old_logs()
            self._start()
        except OSError as error:
            logger.warning("Crashes cannot be logged in %s: %s", self._folder, error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self._write("The program ended by an error", error)
        self._stop(is_crash=isinstance(error, Exception))

    # The time before

    def _said_of_crashes(self) -> str | None:
        """Look for markers without a process, newest last, and take them away."""
        said = None
        for marker in sorted(self._folder.glob(f"{_MARKER}*")):
            lock = FileLock.take(marker)
            if lock is not None:
                said = _sentence(self._folder / f"{_LOG}{marker.name.removeprefix(_MARKER)}.log")
                lock.release()
        return said

    def _remove_old_logs(self) -> None:
        for log in sorted(self._folder.glob(f"{_LOG}*.log"))[:-MAX_LOGS]:
            with suppress(OSError):
                log.unlink()

    # The time now

    def _start(self) -> None:
        key = f"{datetime.now().astimezone():%Y-%m-%d-%H-%M-%S}-{os.getpid()}"
        self._lock = FileLock.take(self._folder / f"{_MARKER}{key}")
        self._log = (self._folder / f"{_LOG}{key}.log").open("w", encoding="utf-8", errors="backslashreplace")
        self._log.write(f"{paths.APP_NAME}, Python {platform.python_version()}, {platform.platform()}\n")
        self._log.flush()
        faulthandler.enable(self._log)
        self._hooks = sys.excepthook, threading.excepthook
        sys.excepthook = self._logging_hook(sys.excepthook)
        threading.excepthook = self._on_thread_error

    def _stop(self, *, is_crash: bool) -> None:
        sys.excepthook, threading.excepthook = self._hooks
        if self._log is not None:
            faulthandler.disable()
            path = Path(self._log.name)
            with suppress(OSError):  # the disk may be full
                self._log.close()
            if not _has_details(path):
                path.unlink(missing_ok=True)
        if self._lock is not None and not is_crash:
            self._lock.release()

    def _logging_hook(self, before: Callable[..., object]) -> Callable[..., object]:
        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if isinstance(error, Exception):
                self._write("An error that nobody caught", error)
            before(kind, error, trace)

        return hook

    def _on_thread_error(self, raised: threading.ExceptHookArgs) -> None:
        if isinstance(raised.exc_value, Exception):
            name = raised.thread.name if raised.thread else "a thread"
            self._write(f"An error that nobody caught in {name}", raised.exc_value)
        self._hooks[1](raised)

    def _write(self, what: str, error: Exception) -> None:
        logger.critical("%s.", what, exc_info=error)
        if self._log is not None:
            with suppress(OSError, ValueError):  # a full disk must not hide the error itself
                trace = "".join(traceback.format_exception(error))
                self._log.write(f"\n{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {what}:\n{trace}")
                self._log.flush()


def _sentence(log: Path) -> str:
    if _has_details(log):
        return f"The program crashed when it ran last; the details are in {log}."
    return "The program did not end in an orderly way when it ran last; perhaps it was stopped from outside."


def _has_details(log: Path) -> bool:
    """Whether anything stands in the log after its first line."""
    try:
        with log.open("rb") as lines:
            lines.readline()
            return bool(lines.readline())
    except OSError:
        return False
