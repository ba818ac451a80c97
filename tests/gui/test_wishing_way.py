"""Locks and a contour on their whole way, in a real window with real mouse and key events and real takes."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inpaint_desktop.documents.opening import open_document
from tests.gui.conftest import TUNES
from tests.gui.screen import Screen, missing_program, screen

SCRIPT = Path(__file__).with_name("wishing_way.py")
TIMEOUT_S = 240
WALTZ = """X:1
T:Waltz
M:3/4
L:1/8
K:G
D2|G3 A B2|c2 B2 A2|B4 G2|A4 D2|G3 A B2|c2 e2 d2|A2 c2 F2|G4 D2|
G3 A B2|c2 B2 A2|B2 d2 B2|A4 Bc|d2 B2 G2|e2 c2 A2|F2 A2 c2|G4|]
"""


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    if program := missing_program():
        pytest.fail(f"{program} is missing; install it with: apt-get install xvfb xdotool")
    with screen() as made:
        yield made


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """A folder with a hornpipe, a jig and a waltz."""
    (tmp_path / "waltz.abc").write_text(WALTZ, encoding="ascii")
    for name in ("boys-of-bluehill.abc", "irish-washerwoman.abc"):
        shutil.copy(TUNES / name, tmp_path)
    return tmp_path


def go(display: Screen, score: Path, model: str, first: int) -> dict[str, Any]:
    """Go the whole way with a score, and return what was seen."""
    environment = {**display.environment, "SDL_AUDIODRIVER": "dummy"}
    environment.pop("QT_QPA_PLATFORMTHEME", None)
    command = [sys.executable, *map(str, (SCRIPT, score, model, first, score.parent))]
    finished = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False, cwd=score.parent
    )
    assert finished.returncode == 0, finished.stderr
    seen: dict[str, Any] = json.loads((score.parent / "seen.json").read_text(encoding="utf-8"))
    return seen


@pytest.mark.parametrize(
    ("name", "model", "first"),
    [
        ("boys-of-bluehill.abc", "inpaintnet", 5),
        ("irish-washerwoman.abc", "tiny", 3),  # 6/8 and 3/4 want a model for all meters, which may be untrained here
        ("waltz.abc", "tiny", 5),
    ],
)
def test_locked_notes_stand_in_every_take_and_in_the_file_and_pitches_follow_the_line(
    display: Screen, scores: Path, transformer_weights: Path, name: str, model: str, first: int
) -> None:
    score = scores / name
    before = open_document(score).melody(0)
    seen = go(display, score, str(transformer_weights) if model == "tiny" else model, first)
    assert seen["selected"]
    assert seen["locked"]
    for asked in ("without", "with"):
        assert seen[asked]["takes"] == 8
        assert seen[asked]["locks_stand"]
        assert seen[asked]["rhythm_is_kept"]
    assert seen["tool_is_put_away"]
    assert seen["locks_are_shown_in_takes"] == [True, True, True]
    assert seen["changed"]
    assert seen["still_locked"]
    after = open_document(score).melody(0)
    assert after.measures[first].notes[0] == before.measures[first].notes[0]
    assert after.measures[first + 3].notes[1] == before.measures[first + 3].notes[1]
    assert after != before
    assert correlation(seen, "with") > correlation(seen, "without") + 0.2


def correlation(seen: dict[str, Any], asked: str) -> float:
    """How well the order of all pitches is that of the line at their onsets: Spearman's rank correlation."""
    starts, contour = seen["starts"], seen["contour"]
    times, heights = [starts[index] + onset for index, onset, _ in contour], [midi for _, _, midi in contour]
    notes = [note for take in seen[asked]["pitches"] for note in take]
    line = np.interp([starts[index] + onset for index, onset, _ in notes], times, heights)
    return float(np.corrcoef(ranks(line), ranks([midi for _, _, midi in notes]))[0, 1])


def ranks(values: Sequence[float]) -> np.ndarray:
    """The rank of each value; equal ones share the middle of theirs."""
    _, places, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    middles: np.ndarray = np.cumsum(counts) - (counts + 1) / 2
    return middles[places]
