"""Packs the frozen program as each system wants it."""

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from archives import Entry, entries_of, packed, write_tar
from debian import make_deb
from places import APP, BUNDLE, DIST, ICONS, IS_MACOS, file_name, run

HERE = Path(__file__).parent


def packages_for_this_system(facts: Mapping[str, str]) -> list[Path]:
    """Make the packages, and say where they are."""
    if sys.platform == "win32":
        return [make_installer(facts)]
    if IS_MACOS:
        return [make_disk_image(facts)]
    made = [make_archive(facts, BUNDLE, DIST)]
    if shutil.which("dpkg-shlibdeps"):
        made.append(make_deb(facts, BUNDLE, DIST))
    else:
        sys.stdout.write("There is no dpkg-shlibdeps here (of the package dpkg-dev), so no Debian package is made.\n")
    return made


def make_archive(facts: Mapping[str, str], bundle: Path, folder: Path) -> Path:
    """The program as a folder that runs from anywhere, packed as ``.tar.xz``."""
    target = folder / file_name(facts, ".tar.xz")
    inside = target.name.removesuffix(".tar.xz")
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        unpacked = Path(temporary) / "archive.tar"
        readme = Entry(f"{inside}/README.txt", HERE / "linux" / "README.txt")
        write_tar([readme, *entries_of(bundle, inside)], unpacked)
        packed(unpacked).replace(target)
    return target


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
    run("sh", HERE / "macos" / "make_dmg.sh", APP, target)
    return target
