"""Saving a score: all of the new file or all of the old one, and a sentence where it fails."""

from pathlib import Path

from inpaint_desktop.errors import FileNotSavedError
from inpaint_desktop.paths import replace_file


def save(content: bytes, path: Path) -> None:
    """Write ``content`` to ``path``.

    Raises:
        FileNotSavedError: it could not be written; what was there before is untouched.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = f"{path.name} could not be saved ({reason}); free some space or save it in another folder."
        raise FileNotSavedError(message) from error
