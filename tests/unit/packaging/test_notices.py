"""Whose work is in a bundle, and what is said of it."""

import json
import sys
from importlib.metadata import version
from pathlib import Path

import mido
import pytest
from bom import bill_of_materials
from contents import OTHERS, Facts, Part, Taken, parts_of, read_contents, read_facts
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from notices import TEXTS, licence_of, notices, source_of, unknown
from sources import addresses_in, archives_of

from inpaint_desktop import paths
from tests.unit.packaging.conftest import FACTS

RESOURCES = paths.resources_folder()


@pytest.fixture
def contents(tmp_path: Path) -> list[Taken]:
    """A package, a library that another brings along, one of Python's modules, and the program's own."""
    library = tmp_path / "pygame.libs" / "libfluidsynth-3137.so.3.1.1"
    library.parent.mkdir()
    library.write_bytes(b"library")
    return [
        Taken("mido", Path(mido.__file__)),
        Taken("pygame.libs/libfluidsynth-3137.so.3.1.1", library, library),
        Taken("json", Path(json.__file__)),
        Taken("inpaint_desktop.paths", Path(paths.__file__)),
    ]


def names(parts: list[Part]) -> list[str]:
    return [part.name for part in parts]


def test_everything_has_an_owner(contents: list[Taken]) -> None:
    parts = parts_of(contents)
    assert names(parts) == ["FluidSynth", "inpaint-desktop", "mido", "Python"]
    assert [part.version for part in parts[1:]] == [version("inpaint-desktop"), version("mido"), sys.version.split()[0]]
    assert unknown(parts) == []


def test_the_licence_is_that_of_the_table_or_of_the_package(contents: list[Taken]) -> None:
    licences = {part.name: licence_of(part) for part in parts_of(contents)}
    assert licences == {"FluidSynth": "LGPL-2.1-or-later", "inpaint-desktop": "MIT", "mido": "MIT", "Python": "PSF-2.0"}


def test_a_library_that_nobody_knows_is_found_out(contents: list[Taken], tmp_path: Path) -> None:
    stranger = tmp_path / "pygame.libs" / "libstranger.so.1"
    stranger.write_bytes(b"stranger")
    parts = parts_of([*contents, Taken("pygame.libs/libstranger.so.1", stranger, stranger)])
    assert OTHERS in names(parts)
    assert unknown(parts) == ["pygame.libs/libstranger.so.1"]


def test_a_part_without_a_licence_is_found_out() -> None:
    assert unknown([Part(Facts("nothing said")), Part(Facts("no text", licence="MIT"))]) == ["nothing said", "no text"]


def test_the_notices_have_the_texts_that_the_licences_ask_for(contents: list[Taken]) -> None:
    text = notices(parts_of(contents))
    assert "Copyright (C) 2000-2022 Peter Hanappe" in text
    assert (TEXTS / "LGPL-2.1.txt").read_text(encoding="utf-8") in text
    assert "Ole Martin Bjørndal" in text  # mido's own file
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text
    assert "https://github.com/FluidSynth/fluidsynth" in text


def test_tables_of_the_spec_are_read_without_links_and_folders(tmp_path: Path) -> None:
    module = tmp_path / "a.py"
    module.touch()
    tables = {
        "files": [["lib/x.so", "/x.so", "BINARY"], ["x.so", "lib/x.so", "SYMLINK"]],
        "modules": [["a", str(module), "PYMODULE"], ["b", str(tmp_path / "-"), "PYMODULE"]],
    }
    (tmp_path / "contents.json").write_text(json.dumps(tables), encoding="utf-8")
    found = read_contents(tmp_path / "contents.json", tmp_path / "bundle")
    assert [(taken.name, taken.place) for taken in found] == [
        ("lib/x.so", tmp_path / "bundle" / "_internal" / "lib" / "x.so"),
        ("a", None),
    ]


# The table


def test_every_text_that_the_table_names_is_there_and_every_text_is_named() -> None:
    packages, libraries = read_facts()
    named = {text for facts in (*packages.values(), *libraries) for text in facts.texts}
    assert named == {path.stem for path in TEXTS.iterdir()}


def test_every_library_of_the_table_has_a_licence_and_a_source() -> None:
    _, libraries = read_facts()
    assert [facts.name for facts in libraries if not (facts.licence and facts.source and facts.files)] == []


def test_what_is_under_the_lgpl_comes_with_its_text() -> None:
    packages, libraries = read_facts()
    facts = [one for one in (*packages.values(), *libraries) if "LGPL" in one.licence]
    assert len(facts) > 10
    assert [one.name for one in facts if not any(text.startswith("LGPL") for text in one.texts)] == []


# The bill of materials


def test_the_bill_of_materials_is_sound_and_always_the_same(contents: list[Taken]) -> None:
    bills = [bill_of_materials(parts_of(contents), FACTS, RESOURCES) for _ in range(2)]
    assert bills[0] == bills[1]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bills[0]) is None


def test_the_bill_of_materials_names_parts_files_and_the_model(contents: list[Taken]) -> None:
    bill = json.loads(bill_of_materials(parts_of(contents), FACTS, RESOURCES))
    found = {component["name"]: component for component in bill["components"]}
    assert {"FluidSynth", "mido", "Python", "inpaintnet.safetensors", "tunes.safetensors", "melody.sf3"} <= set(found)
    assert bill["metadata"]["component"]["name"] == "inpaint-desktop"
    assert found["mido"]["purl"] == f"pkg:pypi/mido@{version('mido')}"
    assert found["FluidSynth"]["licenses"] == [{"license": {"id": "LGPL-2.1-or-later"}}]
    assert found["FluidSynth"]["components"][0]["hashes"][0]["alg"] == "SHA-256"
    assert found["inpaintnet.safetensors"]["type"] == "machine-learning-model"


# Sources


def test_the_archives_of_what_is_under_the_lgpl_are_offered_and_no_others() -> None:
    freed = Part(Facts("a", licence="LGPL-3.0-only", archives=("https://x.org/{minor}/a-{version}.tar",)), "6.11.3")
    other = Part(Facts("b", licence="MIT", archives=("https://x.org/b",)), "1")
    assert archives_of([freed, other]) == ["https://x.org/6.11/a-6.11.3.tar"]


def test_addresses_in_build_scripts_get_the_values_of_their_variables() -> None:
    script = 'set -e\nVERSION="1.2"\nNAME=thing-$VERSION\ncurl -sL https://x.org/v${VERSION}/${NAME}.tar.gz > a\n'
    assert list(addresses_in([script])) == ["https://x.org/v1.2/thing-1.2.tar.gz"]


def test_the_source_of_a_package_is_where_the_table_or_the_package_says(contents: list[Taken]) -> None:
    sources = {part.name: source_of(part) for part in parts_of(contents)}
    assert sources["Python"].endswith(f"/v{sys.version.split()[0]}")
    assert sources["mido"] == "https://github.com/mido/mido"
