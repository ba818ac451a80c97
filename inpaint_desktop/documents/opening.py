"""Opens a score file, whatever it is called, or says in a sentence why not."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.abc.document import open_abc
from inpaint_desktop.documents.abc.tunes import Tune, even_lines, split_tunes
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.encodings import decode
from inpaint_desktop.documents.musicxml.opening import open_musicxml, open_mxl
from inpaint_desktop.errors import (
    ChildDiedError,
    ChildTimeoutError,
    FileDamagedError,
    FileMissingError,
    FileUnsupportedError,
    SelectionError,
)
from inpaint_desktop.isolation import ChildProcess

if TYPE_CHECKING:
    from inpaint_desktop.documents.abc.located import ScannedVoice
    from inpaint_desktop.score.melody import Melody

READ_TIME_LIMIT_S = 15.0

_ABC_READER = "inpaint_desktop.documents.abc.reading:read_melody"
_MUSICXML_SUFFIXES = frozenset({".musicxml", ".xml", ".mxl"})
_ABC_SUFFIXES = frozenset({".abc", ".txt"})
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OTHER_KINDS = {
    b"MThd": "a MIDI file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}


def open_document(path: Path, *, tune: str | None = None, child: ChildProcess | None = None) -> ScoreDocument:
    """Open a score file of any known format.

    Args:
        path: the file; what it holds counts for more than its suffix.
        tune: which tune of an ABC file is meant, by number or title.
        child: where the music of an ABC file is read; without it, in this process.

    Raises:
        FileError: the file is missing, damaged, too large or of another kind.
        SelectionError: ``tune`` names no tune, or a tune has to be named.
    """
    return open_content(_content(path), path.name, tune=tune, child=child)


def open_content(
    content: bytes, file_name: str, *, tune: str | None = None, child: ChildProcess | None = None
) -> ScoreDocument:
    """Open what a score file holds, or held before a crash, as ``open_document`` does.

    Raises:
        FileError: the content is damaged, or no score.
        SelectionError: ``tune`` names no tune, or a tune has to be named.
    """
    path = Path(file_name)
    try:
        return _document(content, path, tune, child)
    except ChildTimeoutError as error:
        message = f"{path.name} takes longer than {READ_TIME_LIMIT_S:g} seconds to read; open a shorter file."
        raise FileUnsupportedError(message) from error
    except ChildDiedError as error:
        message = f"{path.name} cannot be read: the reader crashed on it. Export the file again from another program."
        raise FileUnsupportedError(message) from error


def list_tunes(path: Path) -> tuple[Tune, ...]:
    """Find the tunes of an ABC file; a file of another kind has none.

    Raises:
        FileError: the file is missing, damaged, too large or no score.
    """
    content = _content(path)
    return split_tunes(even_lines(decode(content)[0])) if _kind(content, path) == "abc" else ()


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            message = f"{path.resolve().name or path} is a folder; choose a file in it."
            raise FileMissingError(message)
        if path.exists() and not path.is_file():
            message = f"{path.name} is not a file that can be read; choose one in ABC or MusicXML."
            raise FileMissingError(message)
        limits.check_file_size(path.stat().st_size, path.name)
        with path.open("rb") as file:
            content = file.read(limits.MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"{path.name} cannot be read ({reason}); check that it is there and that you may open it."
        raise FileMissingError(message) from error
    limits.check_file_size(len(content), path.name)
    if not content.strip():
        message = f"{path.name} is empty; choose a file with music in it."
        raise FileDamagedError(message)
    return content


def _document(content: bytes, path: Path, tune: str | None, child: ChildProcess | None) -> ScoreDocument:
    kind = _kind(content, path)
    if kind == "abc":
        text, codec = decode(content)
        read_abc = cast("Callable[[ScannedVoice], Melody]", _reader(_ABC_READER, child))
        return open_abc(text, file_name=path.name, codec=codec, tune=tune, read=read_abc)
    if tune is not None:
        message = f"{path.name} holds one score; tunes are chosen in ABC files only."
        raise SelectionError(message)
    open_kind = open_mxl if kind == "mxl" else open_musicxml
    return open_kind(content, file_name=path.name)


def _reader(name: str, child: ChildProcess | None) -> Callable[[object], object]:
    """The function called ``name``, as it is or in the child; music21 is imported when it is called."""
    if child is not None:
        return lambda request: child.call(name, request, time_limit_s=READ_TIME_LIMIT_S)
    module, function = name.split(":")

    def call(request: object) -> object:
        return getattr(importlib.import_module(module), function)(request)

    return call


def _kind(content: bytes, path: Path) -> str:
    """Say whether the content is ABC, MusicXML or compressed MusicXML.

    Raises:
        FileUnsupportedError: it is something else.
    """
    start = content[:200]
    other = next((kind for mark, kind in _OTHER_KINDS.items() if start.startswith(mark)), None)
    if other is not None:
        message = f"{path.name} is {other}; open a score in ABC or MusicXML instead."
        raise FileUnsupportedError(message)
    if start.startswith(b"PK\x03\x04"):
        return "mxl"
    if start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return "musicxml"
    return _kind_of_text(content, path)


def _kind_of_text(content: bytes, path: Path) -> str:
    is_binary = b"\0" in content and not content.startswith(_UTF_16_MARKS)
    if path.suffix.lower() in _MUSICXML_SUFFIXES:
        message = (
            f"{path.name} is not MusicXML, whatever its name says; export it again from the program that wrote it."
        )
        raise FileDamagedError(message)
    if is_binary or not (path.suffix.lower() in _ABC_SUFFIXES or re.search(rb"(^|[\r\n])X:\s*\d", content)):
        message = f"{path.name} is not a score that can be opened; choose an ABC or a MusicXML file."
        raise FileUnsupportedError(message)
    return "abc"
