"""Compressed MusicXML: a zip archive in which one member is the score.

Sizes are checked while unpacking, not believed; the other members go back into the archive as they were.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.encodings import decode_xml
from inpaint_desktop.documents.musicxml.scanning import scan
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError, FileUnsupportedError

_CONTAINER = "META-INF/container.xml"
_BLOCK = 1 << 16
_FREE_BYTES = 1_000_000  # so small a member may be packed as tightly as it likes
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Archive:
    """The bytes of the archive that was read, and the name of the member that is the score."""

    content: bytes
    member: str

    @property
    def score(self) -> bytes:
        """The bytes of the score."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as packed:
            return packed.read(self.member)

    def with_score(self, score: bytes) -> bytes:
        """The archive with another score in it; the very same bytes if it is the same score."""
        if score == self.score:
            return self.content
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(self.content)) as old, zipfile.ZipFile(target, "w") as new:
            new.comment = old.comment
            for member in old.infolist():
                content = score if member.filename == self.member else old.read(member)
                new.writestr(member, content)
        return target.getvalue()


def open_archive(content: bytes, file_name: str) -> Archive:
    """Look into a compressed MusicXML file, and make sure that it may be unpacked.

    Raises:
        FileDamagedError: the archive is broken.
        FileTooLargeError: it would unpack to more than the limits.
        FileUnsupportedError: there is no score in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            sizes = _unpacked_sizes(packed, file_name)
            return Archive(content, _score_member(packed, sizes, file_name))
    except _BROKEN as error:
        message = f"{file_name} is a damaged zip archive ({error}); export it again from the program that wrote it."
        raise FileDamagedError(message) from error


def _unpacked_sizes(packed: zipfile.ZipFile, file_name: str) -> dict[str, int]:
    """Unpack every member in blocks, and stop at once where there is too much of it."""
    sizes: dict[str, int] = {}
    total = 0
    for member in packed.infolist():
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            message = "a member is packed in another way than MusicXML allows"
            raise zipfile.BadZipFile(message)
        size = 0
        with packed.open(member) as unpacked:
            while block := unpacked.read(_BLOCK):
                size += len(block)
                _check_unpacked(size, total + size, member.compress_size, file_name)
        total += size
        sizes[member.filename] = size
    return sizes


def _check_unpacked(size: int, total: int, packed_size: int, file_name: str) -> None:
    is_bomb = size > _FREE_BYTES and size > limits.MAX_PACKING_RATIO * packed_size
    if is_bomb or total > limits.MAX_UNPACKED_BYTES:
        message = (
            f"{file_name} unpacks to far more than a score, which can fill the memory, so it was not opened; "
            "export it again from the program that wrote it."
        )
        raise FileTooLargeError(message)


def _score_member(packed: zipfile.ZipFile, sizes: dict[str, int], file_name: str) -> str:
    """The root file that the container names, or the only XML file where it names none."""
    named = _root_file(packed, file_name) if _CONTAINER in sizes else ""
    if named in sizes:
        return named
    found = [name for name in sizes if name.lower().endswith((".xml", ".musicxml")) and not name.startswith("META-INF")]
    if len(found) != 1:
        message = f"{file_name} is a zip archive without a MusicXML score in it; export the score as MusicXML."
        raise FileUnsupportedError(message)
    return found[0]


def _root_file(packed: zipfile.ZipFile, file_name: str) -> str:
    text, _ = decode_xml(packed.read(_CONTAINER))
    container = scan(text, f"{file_name}, {_CONTAINER}", lambda *_: None)
    root_files = container.find("rootfiles")
    for root_file in root_files.all("rootfile") if root_files is not None else ():
        if root_file.attributes.get("media-type", "xml").endswith("xml"):
            return root_file.attributes.get("full-path", "")
    return ""
