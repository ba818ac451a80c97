"""Tells whether a file on disk is still the one that was read or written.

Not by its date alone: a file may be replaced by an older one, and a date may change where nothing else does.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What a file was like at one moment: ``mtime_ns`` and ``inode`` are quick to compare, ``digest`` settles it."""

    size: int
    mtime_ns: int
    inode: int
    digest: str

    @classmethod
    def of(cls, path: Path) -> Self | None:
        """Take the stamp of a file as it is now; ``None`` where it cannot be read."""
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            status = path.stat()
        except (OSError, ValueError):
            return None
        return cls(status.st_size, status.st_mtime_ns, status.st_ino, digest)

    @classmethod
    def of_written(cls, content: bytes, path: Path) -> Self | None:
        """Take the stamp of a file to which ``content`` was written just now, without reading it again."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        return cls(len(content), status.st_mtime_ns, status.st_ino, hashlib.sha256(content).hexdigest())

    def still_holds(self, path: Path) -> bool:
        """Whether the file at ``path`` holds the same bytes as when the stamp was taken."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return False
        if (status.st_size, status.st_mtime_ns, status.st_ino) == (self.size, self.mtime_ns, self.inode):
            return True
        now = FileStamp.of(path) if status.st_size == self.size else None
        return now is not None and now.digest == self.digest
