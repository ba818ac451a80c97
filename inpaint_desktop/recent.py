"""The files that were opened or saved last, newest first.

The list is JSON in the user's state folder. A damaged list costs the list and nothing else.
"""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from inpaint_desktop import paths
from inpaint_desktop.errors import FileNotSavedError

MAX_RECENT = 10

logger = logging.getLogger(__name__)


class RecentFiles:
    """The list on disk. Every call reads it anew, as another window may have changed it."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or paths.state_folder() / "recent.json"

    def listed(self) -> tuple[Path, ...]:
        """The files that can be read now, newest first; the others stay in the list, as a drive may come back."""
        return tuple(path for path in self._read() if path.is_file() and os.access(path, os.R_OK))

    def add(self, path: Path) -> None:
        """Put a file first, once, whatever link or letter case leads to it.

        Raises:
            FileNotSavedError: the list could not be written.
        """
        path = path.absolute()
        self._write([path, *(other for other in self._read() if not _is_same(other, path))][:MAX_RECENT])

    def remove(self, path: Path) -> None:
        """Take a file out of the list.

        Raises:
            FileNotSavedError: the list could not be written.
        """
        self._write([other for other in self._read() if not _is_same(other, path)])

    def clear(self) -> None:
        """Empty the list.

        Raises:
            FileNotSavedError: it could not be written.
        """
        self._write([])

    def _read(self) -> list[Path]:
        try:
            written = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError) as error:
            logger.warning("The list of recent files in %s cannot be read: %s", self._path, error)
            return []
        names = written if isinstance(written, list) else []
        return [Path(name) for name in names if isinstance(name, str) and name and "\0" not in name]

    def _write(self, files: Sequence[Path]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            paths.replace_file(self._path, json.dumps([str(path) for path in files], indent=2).encode("ascii"))
        except OSError as error:
            message = f"The list of recent files could not be saved as {self._path}: {error.strerror}."
            raise FileNotSavedError(message) from error


def _is_same(one: Path, other: Path) -> bool:
    """Whether both names lead to the same file; those of files that are gone are compared as they are."""
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))
