"""A lock between processes that ends with the process that holds it, however that ends."""

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


class FileLock:
    """A file that one process at a time can hold. The file itself may stay when the process dies; the lock does not."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """Hold the lock at ``path``, or return ``None`` where another does.

        Raises:
            OSError: the file cannot be made.
        """
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _is_locked(descriptor):
                os.close(descriptor)
                return None
            if _is_at(descriptor, path):
                return cls(path, descriptor)
            os.close(descriptor)  # who held it before has taken the file away in between

    def release(self) -> None:
        """Let others hold the lock, and take its file away."""
        if sys.platform != "win32":  # Windows keeps a file that is open
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        if sys.platform == "win32":
            with suppress(OSError):  # the next one may hold it already
                self.path.unlink(missing_ok=True)


def _is_locked(descriptor: int) -> bool:
    """Try to lock an open file. Where the file system has no locks, everyone may hold one."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _HELD
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one that has this name."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
