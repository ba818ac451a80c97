"""``bench``: what it prints."""

import re
from pathlib import Path

import pytest

from inpaint_desktop.cli import bench, main

pytestmark = pytest.mark.usefixtures("own_folders")


def test_it_prints_times_and_memory(
    weights: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "COLD_RUNS", 1)
    assert main(["bench", "--runs", "2", "--model", str(weights), "--device", "cpu"]) == 0
    written = capsys.readouterr().out
    assert re.search(r"^8 takes of 4 measures, cpu, median of 2 runs$", written, re.MULTILINE)
    assert re.search(r"^  first take +\d+ ms$", written, re.MULTILINE)
    assert re.search(r"^  all takes +\d+ ms$", written, re.MULTILINE)
    assert re.search(r"^  time +\d+\.\d\d s$", written, re.MULTILINE)


def test_no_runs_at_all_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--runs", "0"]) == 2
    assert capsys.readouterr().err == "inpaint-desktop: --runs must be at least 1, not 0.\n"


def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert len(bench._program()) == 1
