"""The notices about work by others, as their licences ask for them, of what is really in the bundle."""

import re
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution
from pathlib import Path

from contents import OTHERS, OWN_NAME, PYTHON, Part

TEXTS = Path(__file__).parent / "licences"
RULE = "=" * 100
HEAD = """\
Inpaint Desktop is built on the work of others. Below stands what is in this package, under which licence, and where its
source code is; after that the notices and licences themselves.

Libraries under the GNU Lesser General Public License lie beside the program as files of their own, unchanged but for
tables of symbols that were removed, and may be replaced by other versions of them. Their source code is offered in the
same place as this package; it is also to be had where the table says.

The model, the index of known tunes, the soundfont and the example tunes lie in inpaint_desktop/_resources; what they
were made from, and under which licences they are, stands in the README.md beside each.
"""

_LICENCE_FILE = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*$|/licenses/", re.IGNORECASE)


def unknown(parts: Sequence[Part]) -> list[str]:
    """What nobody is known for, or what has no licence or no text of it."""
    files = [taken.name for part in parts if part.name == OTHERS for taken in part.taken]
    others = [part for part in parts if part.name not in (OTHERS, OWN_NAME)]
    bare = [part.name for part in others if not licence_of(part) or not (_texts(part) or part.facts.remark)]
    return files + bare


def licence_of(part: Part) -> str:
    """The licence in the words of SPDX: from the table, else from the package."""
    if part.facts.licence or part.package is None:
        return part.facts.licence
    metadata = part.package.metadata
    stated = next((metadata[field] for field in ("License-Expression", "License") if field in metadata), "")
    return stated if len(stated.splitlines()) == 1 else ""


def source_of(part: Part) -> str:
    """Where the source code is: from the table, else as the package says."""
    if part.facts.source:
        return part.facts.source.format(version=part.version.partition("+")[0])
    return "" if part.package is None else _link_of(part.package)


def notices(parts: Sequence[Part]) -> str:
    """All notices as one text: a table, a section for each part, and the licences that several share."""
    others = [part for part in parts if part.name != OWN_NAME]
    shared = sorted({name for part in others for name in part.facts.texts})
    sections = [HEAD, "\n".join(_table(others)), *map(_section, others), *map(_shared_text, shared)]
    return f"\n{RULE}\n".join(sections)


def _table(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        yield f"{part.name} {part.version}".rstrip()
        yield f"    licence: {licence_of(part)}"
        yield f"    source: {source_of(part)}"
        if part.brought_by:
            yield f"    comes with: {', '.join(sorted(part.brought_by))}"


def _section(part: Part) -> str:
    lines = [f"{part.name} {part.version}".rstrip(), f"Licence: {licence_of(part)}"]
    lines += [line for line in (part.facts.copyright, part.facts.remark) if line]
    if part.facts.texts:
        lines.append(f"The text stands below: {', '.join(part.facts.texts)}.")
    return "\n".join([*lines, *(f"\n{text}" for text in _own_texts(part))])


def _shared_text(name: str) -> str:
    return f"{name}\n\n{(TEXTS / f'{name}.txt').read_text(encoding='utf-8')}"


def _texts(part: Part) -> list[str]:
    return [*part.facts.texts, *_own_texts(part)]


def _own_texts(part: Part) -> list[str]:
    """The licence files that a package brings along."""
    if part.name == PYTHON:
        return [path.read_text(encoding="utf-8") for path in _licences_of_python()]
    if part.package is None:
        return []
    files = [file for file in part.package.files or () if ".dist-info" in str(file) and _LICENCE_FILE.search(str(file))]
    return [Path(str(file.locate())).read_text(encoding="utf-8", errors="replace") for file in sorted(files, key=str)]


def _licences_of_python() -> list[Path]:
    folders = (
        Path(sys.base_prefix),
        Path(sys.base_prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}",
    )
    return [path for folder in folders for path in sorted(folder.glob("LICENSE*"))][:1]


def _link_of(package: Distribution) -> str:
    links = [entry.partition(", ") for entry in package.metadata.get_all("Project-URL") or ()]
    named = {name.lower(): link for name, _, link in links}
    named.setdefault("homepage", "".join(package.metadata.get_all("Home-page") or ()))
    found = (named.get(name) for name in ("source", "source code", "repository", "github", "code", "homepage"))
    return next(filter(None, found), "")
