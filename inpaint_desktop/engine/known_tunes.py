"""The index of known tunes that comes with the program. It is opened when takes are first compared with it.

Where it cannot be read, takes are made all the same and carry no statement; ``why_unknown`` says why.
"""

import hashlib
import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays

from inpaint_desktop import paths
from inpaint_desktop.encoding.run_index import VERSION, RunIndex
from inpaint_desktop.errors import FileDamagedError, FileMissingError, InpaintDesktopError

logger = logging.getLogger(__name__)

_REMEDY = "Takes are not compared with known tunes. Install the program again."


def index_path() -> Path:
    """Where the index lies; its card lies beside it."""
    return paths.resources_folder() / "known-tunes" / "tunes.safetensors"


def load_index(path: Path) -> RunIndex:
    """Read an index and check its hash, which its card has.

    Raises:
        FileMissingError: the index or its card is not there, or cannot be read.
        FileDamagedError: it is not what the card describes, or of another version.
    """
    card, content = _card(path.with_suffix(".json")), _read(path)
    if hashlib.sha256(content).hexdigest() != card.get("sha256"):
        message = f"The index of known tunes {path.name} is not the one its card describes: it is damaged. {_REMEDY}"
        raise FileDamagedError(message)
    try:
        return RunIndex.unpacked(load_arrays(content))
    except (SafetensorError, KeyError, ValueError) as error:
        message = f"The index of known tunes {path.name} does not fit this version of the program. {_REMEDY}"
        raise FileDamagedError(message) from error


def known_tunes() -> RunIndex | None:
    """The index that comes with the program; ``None`` where it cannot be read."""
    return _opened(index_path()).index


def why_unknown() -> str:
    """The sentence that says why takes are not compared with known tunes; empty where they are."""
    return _opened(index_path()).why


@dataclass(frozen=True)
class _Opened:
    """An index, or why there is none."""

    index: RunIndex | None = None
    why: str = ""


@lru_cache(maxsize=1)
def _opened(path: Path) -> _Opened:
    try:
        return _Opened(load_index(path))
    except InpaintDesktopError as error:
        logger.warning("%s", error)
        return _Opened(why=str(error))


def _card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(_read(path))
    except (ValueError, RecursionError) as error:
        message = f"The card of the index of known tunes {path.name} cannot be read: it is damaged. {_REMEDY}"
        raise FileDamagedError(message) from error
    if not isinstance(card, dict) or card.get("version") != VERSION:
        message = f"The index of known tunes is not one of this version of the program. {_REMEDY}"
        raise FileDamagedError(message)
    return card


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"The index of known tunes {path.name} cannot be read ({error.strerror}). {_REMEDY}"
        raise FileMissingError(message) from error
