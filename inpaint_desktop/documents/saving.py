"""Saving is all or nothing: a file holds what it held before, or all of the new."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from inpaint_desktop.errors import FileNotSavedError


def save(content: bytes, path: Path) -> None:
    """Write ``content`` to ``path``.

    A link is followed, so that the file that it names is replaced and the link stays.

    Raises:
        FileNotSavedError: it could not be written; what was there before is untouched.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        _write_beside(content, beside, target)
        beside.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"{path.name} could not be saved ({reason}); free some space or save it in another folder."
        raise FileNotSavedError(message) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _write_beside(content: bytes, beside: Path, target: Path) -> None:
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileNotFoundError):
        mode = stat.S_IMODE(target.stat().st_mode)
        beside.chmod(mode)


def _flush_folder(folder: Path) -> None:
    """Make sure that the new name outlives a power cut; systems without this do it on their own."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
