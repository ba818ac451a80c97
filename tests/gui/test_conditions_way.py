"""The conditions beside the gallery on their whole way, in a real window with real mouse and key events."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inpaint_desktop.documents.opening import open_document
from tests.gui.conftest import TUNES
from tests.gui.screen import missing_program, screen

SCRIPT = Path(__file__).with_name("conditions_way.py")
TIMEOUT_S = 240


def test_conditions_are_set_met_kept_under_a_name_and_cleared_and_takes_become_others(
    tmp_path: Path, own_folders: Path
) -> None:
    assert tmp_path in own_folders.parents
    if program := missing_program():
        pytest.fail(f"{program} is missing; install it with: apt-get install xvfb xdotool")
    score = Path(shutil.copy(TUNES / "soldiers-joy.abc", tmp_path))
    with screen() as display:
        environment = {**display.environment, "SDL_AUDIODRIVER": "dummy"}
        environment.pop("QT_QPA_PLATFORMTHEME", None)
        command = [sys.executable, *map(str, (SCRIPT, score, tmp_path))]
        finished = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, cwd=tmp_path
        )
    assert finished.returncode == 0, finished.stderr
    seen = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    assert seen["echo"] == [1, 3]
    assert seen["set"] == ["rhythm", 0.3, 74]
    assert seen["wheel_changes_nothing"]
    assert seen["asked"] == [[]] * 8
    assert seen["more"] == [[]] * len(seen["more"])
    assert len(seen["kept_of_liked"]) > 0
    assert all(abs(share - 0.7) < 0.1 for share in seen["kept_of_liked"])
    assert seen["presets"] == ["mine"]
    assert seen["conditions"] == []
    assert seen["rhythm_is_that_of_the_take"]
    assert seen["is_current"]
    before, after = (open_document(path).melody() for path in (TUNES / score.name, score))
    assert after.measures[:6] == before.measures[:6]
    assert after.measures[6:10] != before.measures[6:10]
    assert after.measures[10:] == before.measures[10:]
