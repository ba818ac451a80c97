"""Unsaved work that outlives a crash: kept while it is worked on, offered at the next start.

Every running program keeps its work in a file of its own in the user's state folder, never beside the
score. A lock that ends with the process tells which files were left behind. What is damaged costs
itself and nothing else.
"""

import hashlib
import json
import logging
import re
import secrets
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.errors import FileNotSavedError
from inpaint_desktop.file_lock import FileLock

_WORK, _LOCK = ".work", ".lock"
_OWN_FILE = re.compile(r"\.?([0-9a-f]{16})\..+")
_VERSION = 1

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """A score as it would be saved, and where it belongs.

    ``path`` is ``None`` for a tune that was never saved, ``tune`` names the tune of an ABC file, as when it was opened.
    """

    content: bytes
    file_name: str
    suffix: str
    path: Path | None = None
    tune: str | None = None
    title: str = ""

    @classmethod
    def of(cls, document: ScoreDocument, path: Path | None = None, tune: str | None = None) -> Self:
        """Make of a document what is to be kept of it."""
        return cls(document.to_bytes(), document.file_name, document.suffix, path, tune, document.title)


@dataclass(frozen=True, slots=True)
class Recovered:
    """Work that a program left behind, and when it was kept last. ``key`` names it in the store."""

    key: str
    work: Work
    kept_at: datetime


class RecoveryStore:
    """Keeps the work of one running program, and finds that of programs that have crashed.

    Make one for each window. It may be used from several threads, whose calls wait for each other.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or paths.state_folder() / "recovery"
        self._key = secrets.token_hex(8)
        self._locks: dict[str, FileLock] = {}  # its own, and those of work that it offers
        self._mutex = threading.Lock()

    def keep(self, work: Work) -> None:
        """Keep ``work`` in the place of what was kept before.

        Raises:
            FileNotSavedError: it could not be written.
        """
        with self._mutex:
            try:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                if self._key not in self._locks and (lock := self._lock(self._key)):
                    self._locks[self._key] = lock
                paths.replace_file(self._path(self._key), _packed(work))
            except OSError as error:
                reason = error.strerror or type(error).__name__
                message = f"Unsaved work cannot be kept in {self._folder} ({reason}); save the score often."
                raise FileNotSavedError(message) from error

    def forget(self) -> None:
        """Drop what was kept: it has been saved, or given up."""
        with self._mutex:
            self._delete(self._key)

    def left_behind(self) -> tuple[Recovered, ...]:
        """The work of programs that have crashed, the newest first; no other program offers it meanwhile."""
        with self._mutex:
            found = [one for key in sorted(self._keys()) if (one := self._claimed(key))]
        return tuple(sorted(found, key=lambda one: one.kept_at, reverse=True))

    def decline(self, recovered: Recovered) -> None:
        """Delete work that nobody wants back."""
        with self._mutex:
            self._delete(recovered.key)

    def adopt(self, recovered: Recovered) -> None:
        """Go on with work that was left behind: it is what this store keeps, until it keeps or forgets something."""
        with self._mutex:
            if recovered.key != self._key:
                self._delete(self._key)
                self._key = recovered.key

    def close(self) -> None:
        """End as a program does that is closed: what was not forgotten or declined is offered at the next start."""
        with self._mutex:
            for lock in self._locks.values():
                lock.release()
            self._locks.clear()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_WORK}"

    def _lock(self, key: str) -> FileLock | None:
        return FileLock.take(self._folder / f"{key}{_LOCK}")

    def _keys(self) -> set[str]:
        """The names of all work in the folder, and of what a crash has left of some."""
        try:
            names = [path.name for path in self._folder.iterdir()]
        except OSError:
            return set()
        return {match[1] for name in names if (match := _OWN_FILE.fullmatch(name))} - {self._key}

    def _claimed(self, key: str) -> Recovered | None:
        """What was left behind under ``key``, with its lock held; damaged work is removed."""
        try:
            lock = self._locks.get(key) or self._lock(key)
            if lock is None:
                return None
            self._locks[key] = lock
            found = _unpacked(key, self._path(key).read_bytes())
        except FileNotFoundError:
            found = None
        except OSError as error:
            logger.warning("Work that was left behind in %s cannot be read: %s", self._folder, error)
            return None
        if found is None:
            self._delete(key)
        return found

    def _delete(self, key: str) -> None:
        """Remove what is kept under ``key``, and unfinished copies of it; then let go of its lock."""
        for pattern in (f"{key}{_WORK}", f".{key}.*.tmp"):
            for path in self._folder.glob(pattern):
                with suppress(OSError):  # then it is offered again
                    path.unlink()
        if lock := self._locks.pop(key, None):
            lock.release()


# How work is written: a line of JSON that says what it is, then the bytes of the score as they are.


def _packed(work: Work) -> bytes:
    head = {
        "version": _VERSION,
        "kept_at": datetime.now(UTC).isoformat(),
        "sha256": hashlib.sha256(work.content).hexdigest(),
        "file_name": work.file_name,
        "suffix": work.suffix,
        "path": None if work.path is None else str(work.path),
        "tune": work.tune,
        "title": work.title,
    }
    return json.dumps(head).encode("ascii") + b"\n" + work.content


def _unpacked(key: str, packed: bytes) -> Recovered | None:
    line, _, content = packed.partition(b"\n")
    try:
        head = json.loads(line)
        work, kept_at = _work(head, content), datetime.fromisoformat(head["kept_at"]).astimezone(UTC)
        is_whole = head["version"] == _VERSION and head["sha256"] == hashlib.sha256(content).hexdigest()
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        logger.warning("Work that was left behind is damaged (%s); it is removed.", error)
        return None
    if not is_whole:
        logger.warning("Work that was left behind is incomplete or from another version; it is removed.")
        return None
    return Recovered(key, work, kept_at)


def _work(head: Mapping[str, Any], content: bytes) -> Work:
    path, tune = head["path"], head["tune"]
    return Work(
        content=content,
        file_name=str(head["file_name"]),
        suffix=str(head["suffix"]),
        path=None if path is None else Path(path),
        tune=None if tune is None else str(tune),
        title=str(head["title"]),
    )
