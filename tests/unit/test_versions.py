"""Which build this is: what ``--version`` and the about box say."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from inpaint_desktop import paths, versions
from inpaint_desktop.cli import main
from inpaint_desktop.settings import DEFAULT_MODEL

Capture = pytest.CaptureFixture[str]
WEIGHTS = paths.resources_folder() / "models" / f"{DEFAULT_MODEL}.safetensors"


def test_the_hash_of_the_model_is_that_of_its_weights() -> None:
    assert versions.model_hash(WEIGHTS) == hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


@pytest.mark.parametrize("card", ["", "[1]", "{", "{}"], ids=["empty", "no object", "broken", "no hash"])
def test_a_model_without_a_hash_is_said_to_be_without_a_card(tmp_path: Path, card: str) -> None:
    (tmp_path / "bad.json").write_text(card, encoding="utf-8")
    assert versions.model_hash(tmp_path / "bad.safetensors") == "without a card"


def test_a_checkout_runs_from_its_source() -> None:
    assert versions.build() == "run from its source"


def test_a_package_says_of_what_and_for_what_it_was_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    facts = {"commit": "1a2b3c4", "date": "2026-11-28", "system": "Linux x86_64"}
    (tmp_path / versions.BUILD_FILE).write_text(json.dumps(facts), encoding="utf-8")
    assert versions.build() == "1a2b3c4 of 2026-11-28, packed for Linux x86_64"


def test_a_package_that_is_not_installed_has_no_version() -> None:
    assert versions.version_of("no-such-package-anywhere") == ""


def test_every_library_that_the_program_depends_on_is_named() -> None:
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert listed is not None
    assert sorted(re.findall(r'"([\w-]+)', listed[1])) == sorted(versions.LIBRARIES)


@pytest.mark.usefixtures("own_folders")
def test_version_says_build_model_and_libraries(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    said = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in others)
    assert first == f"Inpaint Desktop {versions.version_of('inpaint-desktop')}"
    assert said["build"] == "run from its source"
    assert said["model"] == f"{DEFAULT_MODEL}, SHA-256 {versions.model_hash(WEIGHTS)}"
    assert {name: said[name] for name in versions.LIBRARIES} == {
        name: versions.version_of(name) for name in versions.LIBRARIES
    }
