"""The main job, in a real window with real mouse and key events: only the chosen measures of the file change."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from tests.gui.screen import Screen, missing_program, screen

TUNES = paths.resources_folder() / "tunes"
SCRIPT = Path(__file__).with_name("whole_way.py")
TIMEOUT_S = 240


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    if program := missing_program():
        pytest.fail(f"{program} is missing; install it with: apt-get install xvfb xdotool")
    with screen() as made:
        yield made


def go(display: Screen, score: Path, part: int) -> dict[str, Any]:
    """Go the whole way with a copy of the score, and return what was seen."""
    environment = {**display.environment, "SDL_AUDIODRIVER": "dummy"}
    environment.pop("QT_QPA_PLATFORMTHEME", None)
    command = [sys.executable, *map(str, (SCRIPT, score, part, score.parent))]
    finished = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, cwd=score.parent
    )
    assert finished.returncode == 0, finished.stderr
    seen: dict[str, Any] = json.loads((score.parent / "seen.json").read_text(encoding="utf-8"))
    return seen


@pytest.mark.parametrize(("name", "part"), [("boys-of-bluehill.abc", 0), ("auld-lang-syne.musicxml", 1)])
def test_from_opening_to_saving_only_the_chosen_measures_change(
    display: Screen, tmp_path: Path, own_folders: Path, name: str, part: int
) -> None:
    assert tmp_path in own_folders.parents
    score = Path(shutil.copy(TUNES / name, tmp_path))
    seen = go(display, score, part)
    before, after = open_document(TUNES / name), open_document(score)
    assert seen["part"] == part
    assert seen["selected"] == _indices(before, part)
    assert seen["cards"] == 9
    assert seen["shown_in_place"] == [True, True, True]
    assert seen["heard"] == [1, 2]
    assert seen["untouched"]
    assert seen["is_second_take"]
    assert seen["undone"]
    assert seen["redone"]
    assert seen["title_before_saving"].startswith(f"{name}*")
    _check_saved(before, after, part, range(*seen["selected"]))


def _indices(document: ScoreDocument, part: int) -> list[int]:
    numbers = [mark.number for mark in document.parts[part].measures]
    return [numbers.index("7"), numbers.index("10") + 1]


def _check_saved(before: ScoreDocument, after: ScoreDocument, part: int, chosen: range) -> None:
    """All bytes outside the chosen measures are the same, and the notes in them are others."""
    old, new = before.to_bytes().decode(), after.to_bytes().decode()
    marks, marks_after = (document.parts[part].measures for document in (before, after))
    start, stop = marks[chosen.start].start, marks[chosen.stop - 1].stop
    assert new[:start] == old[:start]
    assert new[marks_after[chosen.stop - 1].stop :] == old[stop:]
    assert old[start:stop] != new[start : marks_after[chosen.stop - 1].stop]
    melodies = (document.melody(part).measures for document in (before, after))
    different = [index for index, pair in enumerate(zip(*melodies, strict=True)) if pair[0].notes != pair[1].notes]
    assert different
    assert set(different) <= set(chosen)
