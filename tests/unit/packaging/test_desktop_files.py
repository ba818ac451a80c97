"""What the packages tell systems of the program: entries of menus, types of files, icons, the page of the manual."""

import configparser
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from icons import ICNS_KINDS, ICO_SIZES, SIZES, make_icons
from manual import manual_page
from PySide6.QtGui import QImage

from inpaint_desktop.__main__ import LIBRARIES
from inpaint_desktop.cli import main
from inpaint_desktop.documents.conversion import SUFFIXES

ROOT = Path(__file__).parents[3]
PACKAGING = ROOT / "packaging"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"
OWN_SUFFIXES = {suffix for suffix in SUFFIXES if suffix not in (".txt", ".xml")}
"""Those that mean a score and nothing else."""


@pytest.fixture(scope="module")
def icons(tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Path:
    assert qapp is not None
    folder = tmp_path_factory.mktemp("icons")
    make_icons(ROOT / "resources" / "icons" / "inpaint-desktop.svg", folder)
    return folder


def mime_types() -> dict[str, str]:
    """The types of files by their suffix."""
    tree = ElementTree.parse(PACKAGING / "linux" / "inpaint-desktop.xml")
    return {
        glob.attrib["pattern"].removeprefix("*"): kind.attrib["type"]
        for kind in tree.iter(f"{MIME}mime-type")
        for glob in kind.iter(f"{MIME}glob")
    }


def test_each_kind_of_score_has_a_type_that_the_program_opens() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(PACKAGING / "linux" / "inpaint-desktop.desktop", encoding="utf-8")
    opened = entry["Desktop Entry"]["MimeType"].strip(";").split(";")
    assert set(mime_types()) == OWN_SUFFIXES
    assert sorted(opened) == sorted(mime_types().values())


@pytest.mark.parametrize("file", ["windows/inpaint-desktop.iss", "inpaint-desktop.spec"])
def test_each_kind_of_score_is_opened_on_other_systems_too(file: str) -> None:
    text = (PACKAGING / file).read_text(encoding="utf-8")
    assert [suffix for suffix in OWN_SUFFIXES if not re.search(rf'["\\.]{suffix[1:]}["\\]', text)] == []


def test_icons_are_drawn_in_all_sizes(icons: Path) -> None:
    for size in SIZES:
        image = QImage(str(icons / f"{size}.png"))
        assert (image.width(), image.height()) == (size, size)
        assert image.pixelColor(size // 2, size // 2).alpha() == 255
        assert image.pixelColor(0, 0).alpha() == 0


def test_the_icon_of_windows_has_its_pictures_where_its_table_says(icons: Path) -> None:
    content = (icons / "inpaint-desktop.ico").read_bytes()
    assert struct.unpack_from("<HHH", content) == (0, 1, len(ICO_SIZES))
    for index, size in enumerate(ICO_SIZES):
        width, height, *_, length, place = struct.unpack_from("<BBBBHHII", content, 6 + 16 * index)
        image = QImage.fromData(content[place : place + length])
        assert (width or 256, height or 256) == (image.width(), image.height()) == (size, size)


def test_the_icon_of_macos_has_a_picture_of_each_kind(icons: Path) -> None:
    content = (icons / "inpaint-desktop.icns").read_bytes()
    assert struct.unpack_from(">4sI", content) == (b"icns", len(content))
    place, found = 8, {}
    while place < len(content):
        kind, length = struct.unpack_from(">4sI", content, place)
        found[kind] = QImage.fromData(content[place + 8 : place + length]).width()
        place += length
    assert found == ICNS_KINDS


@pytest.mark.usefixtures("own_folders")
def test_the_page_of_the_manual_has_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    page = manual_page([sys.executable, "-m", "inpaint_desktop"]).replace("\\-", "-")
    for command in ((), ("fill",), ("info",), ("bench",)):
        with pytest.raises(SystemExit):
            main([*command, "--help"])
        options = set(re.findall(r"--[a-z][a-z-]+", capsys.readouterr().out))
        assert "--help" in options
        assert [option for option in options if option not in page] == []


@pytest.mark.skipif(shutil.which("groff") is None, reason="checked where pages of the manual are read")
def test_the_page_of_the_manual_has_no_faults(tmp_path: Path) -> None:
    (tmp_path / "page.1").write_text(manual_page([sys.executable, "-m", "inpaint_desktop"]), encoding="utf-8")
    checked = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z", tmp_path / "page.1"], capture_output=True, text=True, check=True
    )
    assert checked.stderr == ""


def test_the_page_in_the_archive_names_the_packages_that_the_program_asks_for() -> None:
    page = (PACKAGING / "linux" / "README.txt").read_text(encoding="utf-8")
    assert [package for package in LIBRARIES.split() if package not in page] == []


def test_what_the_release_runs_is_there() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    named = re.findall(r"packaging/[\w./-]+\.\w+", workflow)
    assert len(named) > 3
    assert [path for path in named if not (ROOT / path).is_file()] == []
