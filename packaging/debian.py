"""Makes the Debian package: the frozen program, and what tells the desktop of it."""

import gzip
import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from archives import Entry, entries_of, packed, write_tar
from manual import manual_page
from places import ICONS, NOTICES, ROOT, run

NAME = "inpaint-desktop"
HERE = Path(__file__).parent / "linux"
MAINTAINER = "Inpaint Desktop <maintainer@inpaint-desktop.invalid>"
CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: {recommends}
Section: sound
Priority: optional
Description: score editor that proposes new measures for a tune
 Opens tunes in ABC and MusicXML, shows them as staff and as piano roll, plays
 them, and proposes several ways to fill the measures that are chosen.
 Everything else in the file stays as it was, byte for byte.
 .
 It works offline and without a graphics card. Python, Qt, PyTorch and the
 model are in the package.
"""
READ_BY_LIBRARIES = "xkb-data"
"""What libraries of the bundle read, to which nothing links: the layouts of keyboards."""

FONTS = "fonts-dejavu-core, fonts-liberation"
"""Menus and note signs in one, titles and chord symbols in the other."""

PRINTING = "libcupsprintersupport.so"
"""Without CUPS the program prints to files only, so that its library is recommended, not asked for."""

_BUNDLE, _SHARE, _DOCUMENTS = f"./usr/lib/{NAME}", "./usr/share", f"./usr/share/doc/{NAME}"
_PLACED_ELSEWHERE = ("LICENSE.txt", NOTICES, "sbom.cdx.json")


def make_deb(facts: Mapping[str, str], bundle: Path, folder: Path) -> Path:
    """Make the package, and say where it is."""
    entries = list(files_of_package(bundle))
    target = folder / f"{NAME}_{facts['version']}_{_architecture()}.deb"
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        data, control = Path(temporary) / "data.tar", Path(temporary) / "control.tar"
        write_tar(entries, data)
        write_tar(_control(entries, bundle, facts), control)
        members = [packed(control), packed(data)]
        write_ar([("debian-binary", b"2.0\n"), *((path.name, path.read_bytes()) for path in members)], target)
    return target


def files_of_package(bundle: Path) -> Iterator[Entry]:
    """Every file and link of the package; notices and licences have a place of their own in Debian."""
    elsewhere = {f"{_BUNDLE}/{name}" for name in _PLACED_ELSEWHERE}
    yield from (entry for entry in entries_of(bundle, _BUNDLE) if entry.name not in elsewhere)
    yield Entry(f"./usr/bin/{NAME}", link=f"../lib/{NAME}/{NAME}")
    yield Entry(f"{_SHARE}/applications/{NAME}.desktop", HERE / f"{NAME}.desktop")
    yield Entry(f"{_SHARE}/mime/packages/{NAME}.xml", HERE / f"{NAME}.xml")
    yield from _icons()
    yield Entry(f"{_SHARE}/man/man1/{NAME}.1.gz", content=_gzipped(manual_page([bundle / NAME]).encode()))
    yield Entry(f"{_DOCUMENTS}/changelog.gz", content=_gzipped((ROOT / "CHANGELOG.md").read_bytes()))
    yield Entry(f"{_DOCUMENTS}/sbom.cdx.json.gz", content=_gzipped((bundle / "sbom.cdx.json").read_bytes()))
    yield Entry(f"{_DOCUMENTS}/copyright", content=_copyright(bundle))


def write_ar(members: Sequence[tuple[str, bytes]], target: Path) -> None:
    """Write an archive of the kind that a Debian package is."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "0")
    with target.open("wb") as file:
        file.write(b"!<arch>\n")
        for name, content in members:
            file.write(f"{name:<16}{seconds:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode("ascii"))
            file.write(content + b"\n" * (len(content) % 2))


def _icons() -> Iterator[Entry]:
    theme = f"{_SHARE}/icons/hicolor"
    yield Entry(f"{theme}/scalable/apps/{NAME}.svg", ROOT / "resources" / "icons" / f"{NAME}.svg")
    for icon in sorted(ICONS.glob("*.png")):
        yield Entry(f"{theme}/{icon.stem}x{icon.stem}/apps/{NAME}.png", icon)


def _copyright(bundle: Path) -> bytes:
    own, others = (bundle / "LICENSE.txt").read_bytes(), (bundle / NOTICES).read_bytes()
    return b"Inpaint Desktop\n\n" + own + b"\n" + others


def _control(entries: Sequence[Entry], bundle: Path, facts: Mapping[str, str]) -> list[Entry]:
    files = [entry for entry in entries if not entry.link]
    depends, recommends = _dependencies(bundle)
    control = CONTROL.format(
        name=NAME,
        version=facts["version"],
        architecture=_architecture(),
        maintainer=os.environ.get("DEB_MAINTAINER", MAINTAINER),
        size=sum(-(-entry.size // 1024) for entry in files),
        depends=f"{depends}, {READ_BY_LIBRARIES}",
        recommends=", ".join(filter(None, (FONTS, recommends))),
    )
    sums = (f"{hashlib.md5(entry.read()).hexdigest()}  {entry.name.removeprefix('./')}\n" for entry in files)
    return [Entry("./control", content=control.encode()), Entry("./md5sums", content="".join(sums).encode())]


def _dependencies(bundle: Path) -> tuple[str, str]:
    """The packages whose libraries the bundle links to, and those it can do without."""
    with tempfile.TemporaryDirectory() as temporary:
        placed = _placed(bundle, Path(temporary))
        objects = sorted(placed / path.relative_to(bundle) for path in bundle.rglob("*") if _is_object(path))
        recommended = [path for path in objects if path.name == PRINTING]
        folders = sorted({path.parent.relative_to(placed) for path in objects})
        printed = run(
            *("dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"),
            *(f"-l/{_BUNDLE}/{folder}" for folder in folders),
            *("-dDepends", *(f"-e{path}" for path in objects if path not in recommended)),
            *("-dRecommends", *(f"-e{path}" for path in recommended)),
            captured=True,
            folder=Path(temporary),
        )
    found = dict(line.removeprefix("shlibs:").split("=", 1) for line in printed.splitlines())
    return found["Depends"], found.get("Recommends", "")


def _placed(bundle: Path, folder: Path) -> Path:
    """The bundle at its place in a package that is being made: there its own libraries are found, not the system's."""
    package = folder / "debian" / NAME
    placed = package / _BUNDLE
    (package / "DEBIAN").mkdir(parents=True)
    placed.parent.mkdir(parents=True)
    placed.symlink_to(bundle.absolute())
    control = f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n"
    (folder / "debian" / "control").write_text(control, encoding="utf-8")
    return placed


def _is_object(path: Path) -> bool:
    """Whether a file is a program or a library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _architecture() -> str:
    return run("dpkg", "--print-architecture", captured=True).strip()


def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
