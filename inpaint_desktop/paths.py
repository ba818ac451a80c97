"""Where the program's own files lie, and how a file is written whole or not at all.

Folders of the user are not made here; whoever writes into one makes it.
"""

import contextlib
import os
import secrets
import stat
from pathlib import Path

import platformdirs

APP_NAME = "inpaint-desktop"
_PACKAGE = Path(__file__).parent


def config_folder() -> Path:
    """Return the folder of the user's preferences."""
    return platformdirs.user_config_path(APP_NAME, appauthor=False)


def state_folder() -> Path:
    """Return the folder of what should outlive a crash, such as unsaved work."""
    return platformdirs.user_state_path(APP_NAME, appauthor=False)


def cache_folder() -> Path:
    """Return the folder of what can be made again."""
    return platformdirs.user_cache_path(APP_NAME, appauthor=False)


def log_folder() -> Path:
    """Return the folder of the logs."""
    return platformdirs.user_log_path(APP_NAME, appauthor=False)


def resources_folder() -> Path:
    """Return the folder of what comes with the program: model weights, example tunes.

    An installed or frozen program carries it inside the package, a checkout beside it.
    """
    carried = _PACKAGE / "_resources"
    return carried if carried.is_dir() else _PACKAGE.parent / "resources"


def replace_file(path: Path, content: bytes) -> None:
    """Give ``path`` a new content at one stroke: after a crash it has the old one or the new one.

    A file that was there keeps its permissions; a link stays, and what it points to is replaced.

    Raises:
        OSError: it could not be written; what was there before is untouched.
    """
    target = Path(os.path.realpath(path))  # unlike ``resolve``, it leaves links in a circle to the writing
    temporary = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    finally:
        with contextlib.suppress(OSError):  # it is no longer there if all went well
            temporary.unlink()
    _flush_folder(target.parent)


def _flush_folder(folder: Path) -> None:
    """Let a new name outlive a power cut. Windows cannot open a folder, and does it by itself."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
