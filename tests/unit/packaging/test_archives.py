"""The archives that are downloaded: what is in them, and that the same bundle gives the same bytes."""

import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from archives import Entry, write_tar
from debian import files_of_package, make_deb, write_ar
from packing import make_archive

from tests.unit.packaging.conftest import FACTS

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-shlibdeps") is None, reason="made on Debian and its relatives only")


def members(archive: Path) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(archive) as opened:
        return {member.name: member for member in opened.getmembers()}


def test_the_archive_holds_the_bundle_in_one_folder_with_a_page_about_it(bundle: Path, tmp_path: Path) -> None:
    found = members(make_archive(FACTS, bundle, tmp_path))
    assert {name.partition("/")[0] for name in found} == {"inpaint-desktop-1.2.3-linux-x86_64"}
    inside = {name.partition("/")[2]: member for name, member in found.items()}
    assert {"README.txt", "inpaint-desktop", "LICENSE.txt", "THIRD-PARTY-NOTICES.txt", "sbom.cdx.json"} <= set(inside)
    assert inside["_internal/thing.txt"].linkname == "lib/thing.txt"
    assert oct(inside["inpaint-desktop"].mode) == "0o755"
    assert oct(inside["LICENSE.txt"].mode) == "0o644"


def test_the_same_bundle_gives_the_same_archive(bundle: Path, tmp_path: Path) -> None:
    made = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (bundle / "LICENSE.txt").touch()  # at another time
        made.append(make_archive(FACTS, bundle, tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_everything_in_an_archive_belongs_to_root(tmp_path: Path) -> None:
    write_tar([Entry("./usr/share/a", content=b"a"), Entry("./usr/bin/b", link="../share/a")], tmp_path / "a.tar")
    found = members(tmp_path / "a.tar")
    assert list(found) == ["./usr", "./usr/share", "./usr/share/a", "./usr/bin", "./usr/bin/b"]
    assert {(member.uid, member.gid, member.uname, member.gname) for member in found.values()} == {
        (0, 0, "root", "root")
    }


def test_members_of_an_ar_archive_begin_at_even_places(tmp_path: Path) -> None:
    write_ar([("debian-binary", b"2.0\n"), ("odd", b"abc"), ("last", b"z")], tmp_path / "a.ar")
    listed = subprocess.run(["ar", "p", tmp_path / "a.ar", "last"], capture_output=True, check=True)
    assert listed.stdout == b"z"


@needs_dpkg
def test_the_debian_package_says_what_it_is_and_needs(bundle: Path, tmp_path: Path) -> None:
    package = make_deb(FACTS, bundle, tmp_path)
    fields = subprocess.run(["dpkg-deb", "--field", package], capture_output=True, text=True, check=True).stdout
    assert "Package: inpaint-desktop\nVersion: 1.2.3\n" in fields
    assert "Depends: libc6 (>= " in fields
    assert ", xkb-data\nRecommends: fonts-dejavu-core, fonts-liberation" in fields


@needs_dpkg
def test_the_debian_package_does_not_ask_for_libraries_that_are_in_it(bundle: Path, tmp_path: Path) -> None:
    program = Path(shutil.copy(shutil.which("dpkg-deb") or "", bundle / "_internal" / "tool"))
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    shutil.copy(re.findall(r"=> (\S+liblzma\S+)", linked)[0], bundle / "_internal")
    package = make_deb(FACTS, bundle, tmp_path)
    asked = subprocess.run(["dpkg-deb", "--field", package, "Depends"], capture_output=True, text=True, check=True)
    assert "zlib1g" in asked.stdout
    assert "liblzma5" not in asked.stdout


@needs_dpkg
def test_the_debian_package_puts_everything_in_its_place(bundle: Path, tmp_path: Path) -> None:
    package = make_deb(FACTS, bundle, tmp_path)
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--extract", package, root], check=True)
    assert (root / "usr" / "bin" / "inpaint-desktop").resolve() == root / "usr/lib/inpaint-desktop/inpaint-desktop"
    placed = {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}
    assert {
        "usr/lib/inpaint-desktop/_internal/thing.txt",
        "usr/share/applications/inpaint-desktop.desktop",
        "usr/share/mime/packages/inpaint-desktop.xml",
        "usr/share/icons/hicolor/scalable/apps/inpaint-desktop.svg",
        "usr/share/man/man1/inpaint-desktop.1.gz",
        "usr/share/doc/inpaint-desktop/copyright",
    } <= placed
    assert "usr/lib/inpaint-desktop/LICENSE.txt" not in placed
    copyright_file = (root / "usr/share/doc/inpaint-desktop/copyright").read_text(encoding="utf-8")
    assert "This is LICENSE.txt." in copyright_file
    assert "This is THIRD-PARTY-NOTICES.txt." in copyright_file


@needs_dpkg
def test_the_sums_in_the_debian_package_are_those_of_its_files(bundle: Path, tmp_path: Path) -> None:
    package = make_deb(FACTS, bundle, tmp_path)
    subprocess.run(["dpkg-deb", "--raw-extract", package, tmp_path / "root"], check=True)
    checked = subprocess.run(
        ["md5sum", "--check", "DEBIAN/md5sums"], cwd=tmp_path / "root", capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0
    assert checked.stdout.count(": OK") == len([entry for entry in files_of_package(bundle) if not entry.link])
