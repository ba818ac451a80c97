"""Fetches the source code that has to be offered beside a release: ``python packaging/sources.py FOLDER``.

That is of everything in the bundle under the LGPL. It needs the bundle's tables in ``build``, and the network.
"""

import re
import sys
import tarfile
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from contents import Part, parts_of, read_contents
from notices import licence_of
from places import BUILD, BUNDLE

BUILT_BY_PYGAME = ("alsa", "fluidsynth", "mpg123", "pulseaudio", "sndfile")
"""The folders of those of pygame's build scripts that build libraries under the LGPL."""

_ASSIGNMENT = re.compile(r"^(\w+)=[\"']?([^\"'\n]*)", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s\"'>]+")
_SCRIPT = re.compile(r"buildconfig/manylinux-build/docker_base/(\w+)/build-\w+\.sh$")


def main() -> None:
    """Fetch everything into the folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    parts = parts_of(read_contents(BUILD / "contents.json", BUNDLE))
    fetched = [_fetched(address, folder) for address in archives_of(parts)]
    for archive in fetched:
        if archive.name.startswith("pygame"):
            for address in addresses_in(scripts_in(archive)):
                _fetched(address, folder)


def archives_of(parts: Sequence[Part]) -> list[str]:
    """The addresses of the archives that have to be offered."""
    found = []
    for part in parts:
        if "LGPL" in licence_of(part):
            minor = ".".join(part.version.split(".")[:2])
            found += [address.format(version=part.version, minor=minor) for address in part.facts.archives]
    return found


def addresses_in(scripts: Iterable[str]) -> Iterator[str]:
    """What build scripts download: their addresses, with the values of the variables in them."""
    for script in scripts:
        values = dict(_ASSIGNMENT.findall(script))
        for address in _ADDRESS.findall(script):
            yield _filled_in(address, values)


def scripts_in(archive: Path) -> Iterator[str]:
    """The scripts that build libraries under the LGPL."""
    with tarfile.open(archive) as packed:
        for member in packed.getmembers():
            match = _SCRIPT.search(member.name)
            content = packed.extractfile(member) if match and match[1] in BUILT_BY_PYGAME else None
            if content is not None:
                yield content.read().decode()


def _filled_in(text: str, values: dict[str, str]) -> str:
    for _ in range(len(values) + 1):  # a value may itself name a variable
        text = re.sub(r"\$\{?(\w+)\}?", lambda match: values.get(match[1], match[0]), text)
    return text


def _fetched(address: str, folder: Path) -> Path:
    """Download a file, unless it is there, and give bare numbers of versions the name of the project."""
    parts = address.rstrip("/").split("/")
    project = parts[4] if "github.com" in address else ""
    target = folder / (parts[-1] if project in parts[-1] else f"{project}-{parts[-1]}")
    if not target.exists():
        sys.stdout.write(f"{address}\n")
        with urllib.request.urlopen(address) as reply:
            target.write_bytes(reply.read())
    return target


if __name__ == "__main__":
    main()
