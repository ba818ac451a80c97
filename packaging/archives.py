"""Archives that depend on nothing but what is in them: the same files give the same bytes."""

import io
import os
import platform
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from places import run

COMPRESSION = "--lzma2=preset=6,dict=64MiB"
"""Whoever unpacks needs the dictionary's room in memory, whoever packs ten times as much for each processor."""

BLOCKS = "--block-size=160MiB"
"""Each block is one processor's work; the bundle has nearly four of these, which keeps two busy to the end."""

_FOLDER_MODE, _PROGRAM_MODE, _FILE_MODE = 0o755, 0o755, 0o644


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in an archive: the file ``source``, a link to ``link``, or else a file that holds ``content``."""

    name: str
    source: Path | None = None
    link: str = ""
    content: bytes = b""

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.content) if self.source is None else self.source.stat().st_size

    def read(self) -> bytes:
        """The content of the file."""
        return self.content if self.source is None else self.source.read_bytes()


def entries_of(folder: Path, prefix: str) -> Iterator[Entry]:
    """Everything in a folder, under ``prefix``; links stay links."""
    for path in sorted(folder.rglob("*")):
        name = f"{prefix}/{path.relative_to(folder).as_posix()}"
        if path.is_symlink():
            yield Entry(name, link=path.readlink().as_posix())
        elif path.is_file():
            yield Entry(name, source=path)


def write_tar(entries: Iterable[Entry], target: Path) -> None:
    """Write a tar archive of entries and the folders that they are in; everything belongs to root."""
    known: set[str] = set()
    with tarfile.open(target, "w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            for folder in _folders_of(entry.name):
                if folder not in known:
                    archive.addfile(_evened(tarfile.TarInfo(folder), tarfile.DIRTYPE, _FOLDER_MODE))
                    known.add(folder)
            _add(archive, entry)


def packed(path: Path) -> Path:
    """Compress a file, which is replaced by the result, and say where that is.

    For the processors of Intel and AMD, calls in machine code are made comparable before, which saves a tenth.
    """
    filters = ("--x86",) if platform.machine().lower() in ("x86_64", "amd64") else ()
    run("xz", "--force", "--threads=0", BLOCKS, *filters, COMPRESSION, path)
    return path.with_name(f"{path.name}.xz")


def _folders_of(name: str) -> list[str]:
    """The folders above a name, outermost first."""
    folders = [str(folder) for folder in PurePosixPath(name).parents if str(folder) != "."]
    prefix = "./" if name.startswith("./") else ""
    return [f"{prefix}{folder}" for folder in reversed(folders)]


def _add(archive: tarfile.TarFile, entry: Entry) -> None:
    info = tarfile.TarInfo(entry.name)
    if entry.link:
        info.linkname = entry.link
        archive.addfile(_evened(info, tarfile.SYMTYPE, 0o777))
        return
    is_program = entry.source is not None and entry.source.stat().st_mode & 0o100
    info.size = entry.size
    evened = _evened(info, tarfile.REGTYPE, _PROGRAM_MODE if is_program else _FILE_MODE)
    if entry.source is None:
        archive.addfile(evened, io.BytesIO(entry.content))
        return
    with entry.source.open("rb") as file:
        archive.addfile(evened, file)


def _evened(info: tarfile.TarInfo, kind: bytes, mode: int) -> tarfile.TarInfo:
    info.type, info.mode = kind, mode
    info.uname = info.gname = "root"
    info.mtime = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    return info
