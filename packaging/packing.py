"""Packs the frozen program as each system wants it."""

import os
import shutil
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from debian import make_deb
from places import BUILD, BUNDLE, DIST, ICONS, ROOT, file_name, run

HERE = Path(__file__).parent


def packages_for_this_system(facts: Mapping[str, str]) -> list[Path]:
    """Make the packages, and say where they are."""
    DIST.mkdir(exist_ok=True)
    if sys.platform == "win32":
        return [make_installer(facts)]
    if sys.platform == "darwin":
        return [make_disk_image(facts)]
    made = [make_archive(facts)]
    if shutil.which("dpkg-deb"):
        made.append(make_deb(facts, BUNDLE, DIST))
    else:
        sys.stdout.write("There is no dpkg-deb here, so no Debian package is made.\n")
    return made


def make_archive(facts: Mapping[str, str]) -> Path:
    """The program as a folder that runs from anywhere, packed as ``.tar.xz``."""
    target = DIST / file_name(facts, ".tar.xz")
    folder = target.name.removesuffix(".tar.xz")
    unpacked = BUILD / "archive.tar"
    with tarfile.open(unpacked, "w", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, HERE / "linux" / "README.txt", f"{folder}/README.txt")
        for path in sorted(BUNDLE.rglob("*")):
            _add(archive, path, f"{folder}/{path.relative_to(BUNDLE).as_posix()}")
    run("xz", "--force", "--threads=0", "-6", unpacked)
    unpacked.with_name("archive.tar.xz").replace(target)
    return target


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """Add a file or folder without what differs from one build to the next."""

    def evened(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = int(os.environ["SOURCE_DATE_EPOCH"])
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    archive.add(path, name, recursive=False, filter=evened)


def make_installer(facts: Mapping[str, str]) -> Path:
    """The installer for Windows, by Inno Setup."""
    target = DIST / file_name(facts, "-setup.exe")
    definitions = {
        "AppVersion": facts["version"],
        "Bundle": BUNDLE,
        "Icon": ICONS / "inpaint-desktop.ico",
        "OutputFolder": DIST,
        "OutputName": target.stem,
    }
    given = [f"/D{name}={value}" for name, value in definitions.items()]
    run("iscc", "/Qp", *given, HERE / "windows" / "inpaint-desktop.iss")
    return target


def make_disk_image(facts: Mapping[str, str]) -> Path:
    """The disk image for macOS, signed if there is a name to sign with."""
    target = DIST / file_name(facts, ".dmg")
    run("sh", HERE / "macos" / "make_dmg.sh", BUNDLE.parent / "Inpaint Desktop.app", target, folder=ROOT)
    return target
