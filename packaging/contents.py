"""What is in the bundle, and whose it is.

PyInstaller's tables say from where each file and module was taken. Packages own what their records list; libraries that
packages bring along, and those of the system, are parts of their own, which ``licences.toml`` names.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

OWN_NAME = "inpaint-desktop"
CONTENTS = "_internal"
"""The folder beside the program in which PyInstaller puts everything else."""

PYTHON, OTHERS = "Python", "other libraries"

_HERE = Path(__file__).parent
_FOLDERS_OF_LIBRARIES = ("*.libs", "*.dylibs")


@dataclass(frozen=True, slots=True)
class Taken:
    """A file or module of the bundle: what it is called there, from where it was taken, and where a file lies now."""

    name: str
    source: Path
    place: Path | None = None

    @property
    def size(self) -> int:
        """Bytes; of a module, those of its source."""
        return (self.place or self.source).stat().st_size


@dataclass(frozen=True, slots=True)
class Facts:
    """What ``licences.toml`` says of a part."""

    name: str
    licence: str = ""
    copyright: str = ""
    source: str = ""
    texts: tuple[str, ...] = ()
    archives: tuple[str, ...] = ()
    remark: str = ""
    files: tuple[str, ...] = ()

    def owns(self, name: str) -> bool:
        """Whether a file of this name is part of it."""
        return any(fnmatch(name.lower(), pattern) for pattern in self.files)


@dataclass(slots=True)
class Part:
    """Something in the bundle that somebody made: a package, a library, Python."""

    facts: Facts
    version: str = ""
    package: Distribution | None = None
    brought_by: set[str] = field(default_factory=set)
    taken: list[Taken] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called."""
        return self.facts.name

    @property
    def size(self) -> int:
        """Bytes of all its files and modules."""
        return sum(taken.size for taken in self.taken)


def read_contents(tables: Path, bundle: Path) -> list[Taken]:
    """Read the tables that the spec wrote; links, which own nothing, are left out."""
    read = json.loads(tables.read_text(encoding="utf-8"))
    files = ((name, Path(source)) for name, source, kind in read["files"] if kind != "SYMLINK")
    modules = ((name, Path(source)) for name, source, _ in read["modules"])
    return [
        *(Taken(name, source, bundle / CONTENTS / name) for name, source in files),
        *(Taken(name, source) for name, source in modules if source.is_file()),  # packages without code have no file
    ]


def read_facts() -> tuple[Mapping[str, Facts], Sequence[Facts]]:
    """The facts about packages, by name, and about libraries."""
    table = tomllib.loads((_HERE / "licences.toml").read_text(encoding="utf-8"))
    packages = {name: _facts(name, row) for name, row in table["packages"].items()}
    return packages, [_facts(row["name"], row) for row in table["libraries"]]


def parts_of(contents: Sequence[Taken]) -> list[Part]:
    """Share out everything; what nobody is known for goes to the part called ``OTHERS``."""
    parts: dict[str, Part] = {}
    for taken, part in _Owners().share_out(contents):
        known = parts.setdefault(part.name, part)
        known.brought_by |= part.brought_by
        known.taken.append(taken)
    return sorted(parts.values(), key=lambda part: part.name.lower())


def _facts(name: str, row: Mapping[str, object]) -> Facts:
    lists = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Facts(**{**lists, "name": name})  # type: ignore[arg-type]


class _Owners:
    """Knows who owns what."""

    def __init__(self) -> None:
        self._packages, self._libraries = read_facts()
        self._by_file = dict(_files_of_packages())

    def share_out(self, contents: Sequence[Taken]) -> Iterator[tuple[Taken, Part]]:
        """Each file and module with a part that it belongs to."""
        for taken in contents:
            yield taken, self._owner(taken)

    def _owner(self, taken: Taken) -> Part:
        package = self._by_file.get(taken.source.absolute())
        library = self._library(taken)
        if library is not None:
            return Part(library, brought_by={package.name if package else "the system"})
        if package is not None and not _is_library_of_others(taken):
            return self._part_of_package(package)
        if taken.source.is_relative_to(_HERE.parent) and not taken.source.is_relative_to(sys.prefix):
            return self._part_of_package(distribution(OWN_NAME))
        if _is_of_python(taken):
            return Part(self._packages[PYTHON], version=sys.version.split()[0])
        return Part(Facts(OTHERS))

    def _library(self, taken: Taken) -> Facts | None:
        if taken.place is None:
            return None
        return next((facts for facts in self._libraries if facts.owns(taken.source.name)), None)

    def _part_of_package(self, package: Distribution) -> Part:
        facts = self._packages.get(package.name) or Facts(package.name)
        return Part(facts, package.version, package)


def _is_library_of_others(taken: Taken) -> bool:
    """Whether it lies in a folder into which packages put what is not their own."""
    return any(fnmatch(taken.source.parent.name, pattern) for pattern in _FOLDERS_OF_LIBRARIES)


def _files_of_packages() -> Iterator[tuple[Path, Distribution]]:
    for package in distributions():
        for file in package.files or ():
            yield Path(str(package.locate_file(file))).absolute(), package


def _is_of_python(taken: Taken) -> bool:
    places = (sys.base_prefix, sys.exec_prefix, Path(sys.base_prefix).resolve())
    return any(taken.source.is_relative_to(place) for place in places) or taken.source.name == "base_library.zip"
