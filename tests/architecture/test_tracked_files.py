"""What must not stand in any file of the project."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH_OF_A_MACHINE = re.compile(r"(?<![\w.}])/(?:home|root|Users|work|tmp|opt)/[\w.]+")


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("This is not a checkout.")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="replace")
        found += [f"{path}: {match[0]}" for match in PATH_OF_A_MACHINE.finditer(text)]
    assert found == []


def test_only_weights_are_larger_than_15_megabytes() -> None:
    large = [path for path in tracked_files() if path.stat().st_size > 15_000_000]
    assert [path for path in large if path.suffix != ".safetensors"] == []


def test_all_files_together_are_smaller_than_150_megabytes() -> None:
    assert sum(path.stat().st_size for path in tracked_files()) < 150_000_000
