"""``--self-test``: what a whole program prints, and what one prints in which something is broken."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.cli import main
from inpaint_desktop.settings import DEFAULT_MODEL
from tests.integration.program import unmeasured

pytestmark = pytest.mark.usefixtures("own_folders")
Capture = pytest.CaptureFixture[str]
LINE = re.compile(r"(ok|FAILED) +\d+\.\d\d s  ([^:]+): (.*)")
RESOURCES = paths.resources_folder()


def steps_of(printed: str) -> dict[str, tuple[str, str]]:
    """The steps by name: how each ended, and what was said of it."""
    found = (LINE.fullmatch(line) for line in printed.splitlines())
    return {match[2]: (match[1], match[3]) for match in found if match}


@pytest.fixture
def resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The resources of a program of which something can be broken: two tunes, and no weights yet."""
    folder = tmp_path / "resources"
    (folder / "tunes").mkdir(parents=True)
    for name in ("ode-to-joy.abc", "irish-washerwoman.abc"):
        shutil.copy(RESOURCES / "tunes" / name, folder / "tunes")
    for name in ("soundfont", "known-tunes"):
        shutil.copytree(RESOURCES / name, folder / name)
    (folder / "models").mkdir()
    monkeypatch.setattr(paths, "resources_folder", lambda: folder)
    return folder


def put_model(folder: Path, weights: Path) -> Path:
    """Let a tiny model be the one that comes with the program."""
    shutil.copy(weights.with_suffix(".json"), folder / "models" / f"{DEFAULT_MODEL}.json")
    return Path(shutil.copy(weights, folder / "models" / f"{DEFAULT_MODEL}.safetensors"))


def test_a_whole_program_goes_every_step_with_every_tune_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "inpaint_desktop", "--self-test"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")
    steps = steps_of(finished.stdout)
    tunes = [path.name for path in (RESOURCES / "tunes").iterdir() if path.suffix != ".md"]
    expected = {f"{verb} {tune}" for verb in ("open", "fill", "engrave", "draw", "save", "compare") for tune in tunes}
    assert expected <= set(steps)
    assert {result for result, _ in steps.values()} == {"ok"}
    assert steps["load the window"][1].startswith("reaches screens by q")
    assert {steps[f"fill {tune}"][1] for tune in tunes} == {"3 takes of 2 measures"}
    assert "s of sound" in steps["play soldiers-joy.abc"][1]
    assert finished.stdout.endswith(f"All {len(steps)} steps went well.\n")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_model_that_is_damaged_is_told_and_the_other_steps_are_tried(
    resources: Path, weights: Path, capsys: Capture
) -> None:
    put_model(resources, weights).write_bytes(b"broken")
    assert main(["--self-test"]) == 2
    printed = capsys.readouterr()
    steps = steps_of(printed.out)
    assert [name for name, (result, _) in steps.items() if result == "FAILED"] == [
        "load the model",
        "fill irish-washerwoman.abc",
        "fill ode-to-joy.abc",
    ]
    assert "the file is damaged" in steps["load the model"][1]
    assert steps["open ode-to-joy.abc"][0] == steps["play ode-to-joy.abc"][0] == "ok"
    assert f"3 of {len(steps)} steps failed." in printed.err


def test_an_index_of_known_tunes_that_is_damaged_is_told(resources: Path, weights: Path, capsys: Capture) -> None:
    put_model(resources, weights)
    (resources / "known-tunes" / "tunes.safetensors").write_bytes(b"broken")
    assert main(["--self-test"]) == 2
    steps = steps_of(capsys.readouterr().out)
    assert [name for name, (result, _) in steps.items() if result == "FAILED"] == ["read the index of known tunes"]
    assert steps["fill irish-washerwoman.abc"][1].startswith("refused, as it should be: Measure 5 is in 6/8")
    assert "it is damaged" in steps["read the index of known tunes"][1]
    assert steps["fill ode-to-joy.abc"][0] == "ok"


def test_a_soundfont_that_is_missing_is_told(tmp_path: Path) -> None:
    program = tmp_path / "program"  # a whole one, as the child process that plays finds its files for itself
    shutil.copytree(Path(paths.__file__).parent, program / "inpaint_desktop")
    shutil.copytree(RESOURCES, program / "resources", ignore=shutil.ignore_patterns("melody.sf3"))
    command = [sys.executable, "-m", "inpaint_desktop", "--self-test"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=program, env=unmeasured())
    steps = steps_of(finished.stdout)
    assert finished.returncode == 2
    assert [name for name, (result, _) in steps.items() if result == "FAILED"] == ["play soldiers-joy.abc"]
    assert "missing or damaged" in steps["play soldiers-joy.abc"][1]


def test_a_tune_that_cannot_be_read_is_told_and_the_others_are_tried(
    resources: Path, weights: Path, capsys: Capture
) -> None:
    put_model(resources, weights)
    (resources / "tunes" / "irish-washerwoman.abc").write_bytes(b"")
    assert main(["--self-test"]) == 2
    steps = steps_of(capsys.readouterr().out)
    assert steps["open irish-washerwoman.abc"] == (
        "FAILED",
        "irish-washerwoman.abc is empty; choose a file with music in it.",
    )
    assert "fill irish-washerwoman.abc" not in steps
    assert steps["compare ode-to-joy.abc"][0] == "ok"


def test_a_program_without_tunes_says_so(resources: Path, weights: Path, capsys: Capture) -> None:
    put_model(resources, weights)
    shutil.rmtree(resources / "tunes")
    assert main(["--self-test"]) == 2
    assert steps_of(capsys.readouterr().out)["find the tunes"][0] == "FAILED"
