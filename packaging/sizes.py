"""How much room each part of the bundle takes: ``build/venv/bin/python packaging/sizes.py`` prints it as a table.

It needs what ``build.py`` left in ``build``. A module is counted with what it takes in the program file, where modules
lie compressed. What a part takes in a package is what is left of it when it is packed alone.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archives import packed
from contents import OWN_NAME, Part, Taken, parts_of, read_contents
from places import BUILD, BUNDLE, PROGRAM

LEAST_SHARE = 0.005
"""Parts that take less than this share of the bundle stand in one line."""

OWN_FOLDERS = {"models": "the models", "soundfont": "the soundfont", "known-tunes": "the index of known tunes"}
MODULES = "PYZ.pyz"


@dataclass(slots=True)
class Row:
    """Files, which are packed, and bytes of modules, which cannot be packed any further."""

    name: str
    files: list[Path] = field(default_factory=list)
    modules: int = 0

    @property
    def installed(self) -> int:
        """Bytes on the disk."""
        return self.modules + sum(file.stat().st_size for file in self.files)

    def packed(self) -> int:
        """Bytes in a package."""
        with tempfile.TemporaryDirectory() as folder:
            together = Path(folder) / "together"
            together.write_bytes(b"".join(file.read_bytes() for file in self.files))
            return self.modules + packed(together).stat().st_size


def main() -> None:
    """Print the table."""
    modules = sizes_of_modules(PROGRAM)
    rows = rows_of(parts_of(read_contents(BUILD / "contents.json", BUNDLE)), modules)
    named = {file for row in rows for file in row.files}
    rest = [path for path in BUNDLE.rglob("*") if path.is_file() and not path.is_symlink() and path not in named]
    documents = Row("notices, licences, bill of materials", [path for path in rest if path != PROGRAM])
    sys.stdout.write("".join(f"{line}\n" for line in table([*rows, documents])))


def sizes_of_modules(program: Path) -> Mapping[str, int]:
    """What each module takes in the frozen program."""
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(program)).open_embedded_archive(MODULES)
    return {name: length for name, (_, _, length) in archive.toc.items()}


def rows_of(parts: Sequence[Part], modules: Mapping[str, int]) -> list[Row]:
    """One row for each part; of the program's own files, one for each kind that is large."""
    rows: dict[str, Row] = {}
    for part in parts:
        for taken in part.taken:
            row = rows.setdefault(_name_of(part, taken), Row(_name_of(part, taken)))
            if taken.place is None:
                row.modules += modules.get(taken.name, 0)
            else:
                row.files.append(taken.place)
    return list(rows.values())


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows in Markdown, the largest first, and their sum."""
    sizes = [(row.name, row.installed, row.packed()) for row in _summed_up(rows)]
    sizes.append(("**together**", sum(installed for _, installed, _ in sizes), sum(packed for *_, packed in sizes)))
    yield "| part | installed, MB | packed, MB |"
    yield "|---|---|---|"
    for name, installed, packed_ in sizes:
        yield f"| {name} | {installed / 1e6:.1f} | {packed_ / 1e6:.1f} |"


def _name_of(part: Part, taken: Taken) -> str:
    if part.name != OWN_NAME:
        return f"{part.name} {part.version}".strip()
    return OWN_FOLDERS.get(taken.place.parent.name if taken.place else "", "the program itself")


def _summed_up(rows: Sequence[Row]) -> Iterator[Row]:
    """The large rows, then the small ones as one."""
    least = LEAST_SHARE * sum(row.installed for row in rows)
    small = [row for row in rows if row.installed < least]
    yield from sorted((row for row in rows if row.installed >= least), key=lambda row: row.installed, reverse=True)
    files = [file for row in small for file in row.files]
    yield Row(f"{len(small)} others", files, sum(row.modules for row in small))


if __name__ == "__main__":
    main()
