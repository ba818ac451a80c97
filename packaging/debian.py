"""Makes the Debian package: the frozen program, and what tells the desktop of it."""

import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from places import ICONS, ROOT, run

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
PRINTING = "libcupsprintersupport.so"
"""Without CUPS the program prints to files only, so that its library is recommended, not asked for."""


def make_deb(facts: Mapping[str, str], bundle: Path, folder: Path) -> Path:
    """Make the package, and say where it is."""
    with tempfile.TemporaryDirectory(dir=bundle.parent) as temporary:
        root = Path(temporary) / "root"
        _lay_out(root, bundle)
        _write_control(root, bundle, facts)
        target = folder / f"{NAME}_{facts['version']}_{_architecture()}.deb"
        run("dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", root, target)
    return target


def _lay_out(root: Path, bundle: Path) -> None:
    """Put every file in its place."""
    share = root / "usr" / "share"
    shutil.copytree(bundle, root / "usr" / "lib" / NAME, symlinks=True, copy_function=os.link)
    _link(root / "usr" / "bin" / NAME, f"../lib/{NAME}/{NAME}")
    _put(HERE / f"{NAME}.desktop", share / "applications")
    _put(HERE / f"{NAME}.xml", share / "mime" / "packages")
    _put(ROOT / "resources" / "icons" / f"{NAME}.svg", share / "icons" / "hicolor" / "scalable" / "apps")
    for icon in ICONS.glob("*.png"):
        place = share / "icons" / "hicolor" / f"{icon.stem}x{icon.stem}" / "apps" / f"{NAME}.png"
        _put(icon, place.parent, place.name)
    _write_packed(share / "man" / "man1" / f"{NAME}.1.gz", (HERE / f"{NAME}.1").read_bytes())
    _write_documents(share / "doc" / NAME, root / "usr" / "lib" / NAME)
    _even_modes(root)


def _write_documents(folder: Path, bundle: Path) -> None:
    """Notices and licences have one place in Debian, which is not that of programs."""
    folder.mkdir(parents=True)
    notices = (bundle / "THIRD-PARTY-NOTICES.txt").read_text(encoding="utf-8")
    own = (bundle / "LICENSE.txt").read_text(encoding="utf-8")
    (folder / "copyright").write_text(f"Inpaint Desktop\n\n{own}\n{notices}", encoding="utf-8")
    for name in ("THIRD-PARTY-NOTICES.txt", "LICENSE.txt"):
        (bundle / name).unlink()
    (bundle / "sbom.cdx.json").rename(folder / "sbom.cdx.json")
    _write_packed(folder / "changelog.gz", (ROOT / "CHANGELOG.md").read_bytes())


def _write_control(root: Path, bundle: Path, facts: Mapping[str, str]) -> None:
    depends, recommends = _dependencies(bundle)
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    size = sum(-(-path.stat().st_size // 1024) for path in files)
    control = CONTROL.format(
        name=NAME,
        version=facts["version"],
        architecture=_architecture(),
        maintainer=os.environ.get("DEB_MAINTAINER", MAINTAINER),
        size=size,
        depends=depends,
        recommends=", ".join(filter(None, ("fonts-liberation", recommends))),
    )
    sums = "".join(f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}\n" for path in files)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
    (root / "DEBIAN" / "md5sums").write_text(sums, encoding="utf-8")


def _dependencies(bundle: Path) -> tuple[str, str]:
    """The packages whose libraries the bundle links to, and those it can do without."""
    objects = sorted(path for path in bundle.rglob("*") if _is_object(path))
    folders = sorted({path.parent for path in objects})
    recommended = [path for path in objects if path.name == PRINTING]
    with tempfile.TemporaryDirectory() as temporary:
        (Path(temporary) / "debian").mkdir()
        source = f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n"
        (Path(temporary) / "debian" / "control").write_text(source, encoding="utf-8")
        printed = run(
            "dpkg-shlibdeps",
            "-O",
            "--ignore-missing-info",
            "--warnings=0",
            *(f"-l{folder}" for folder in folders),
            "-dDepends",
            *(f"-e{path}" for path in objects if path not in recommended),
            "-dRecommends",
            *(f"-e{path}" for path in recommended),
            captured=True,
            folder=Path(temporary),
        )
    found = dict(line.removeprefix("shlibs:").split("=", 1) for line in printed.splitlines())
    return found["Depends"], found.get("Recommends", "")


def _is_object(path: Path) -> bool:
    """Whether a file is a program or a library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _architecture() -> str:
    return run("dpkg", "--print-architecture", captured=True).strip()


def _put(source: Path, folder: Path, name: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / (name or source.name))


def _link(place: Path, target: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def _write_packed(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(gzip.compress(content, mtime=0))


def _even_modes(root: Path) -> None:
    """Everybody may read, nobody but the owner may write."""
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
