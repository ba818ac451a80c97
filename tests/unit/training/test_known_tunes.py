"""Making the index of known tunes."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from inpaint_desktop.engine.known_tunes import load_index
from training import known_tunes
from training.corpus import melody_of
from training.meters import meter_of

JIGS = ["0:12:67 12:12:69 24:12:71 36:36:72", "0:12:67 12:12:66 24:12:64 36:12:62 48:24:60"]


def row(title: str, bars: list[str], **changes: str | int) -> dict[str, Any]:
    about = {"source": "one", "fifths": 1, "split": "train", "full_bars": 1, "on_grid": 1, "duplicate": 0}
    return {**about, "title": title, "group": title, "meter": "6/8", "bars": "|".join(bars), **changes}


ROWS = [row("Learned", JIGS * 3), row("Held out", JIGS[::-1] * 3, split="test"), row("Waltz", JIGS, source="two")]


@pytest.fixture
def melodies(tmp_path: Path) -> Path:
    path = tmp_path / "melodies.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, ROWS)).encode()))
    return path


def titles_in(row: dict[str, Any], out: Path) -> set[str]:
    index = load_index(out)
    runs = known_tunes.runs_in(melody_of(row, meter_of("6/8")))
    return {title for run in runs for title in index.titles_of(run.hash)}


def test_the_index_has_the_train_split_and_its_card_says_what_from(melodies: Path, tmp_path: Path) -> None:
    out = tmp_path / "index" / "tunes.safetensors"
    assert known_tunes.main(["--melodies", str(melodies), "--out", str(out)]) == 0
    assert titles_in(ROWS[0], out) == {"Learned"}
    assert titles_in(row("", [JIGS[1]] * 5), out) == set()
    card = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert (card["corpus"]["tunes"], card["titles"], card["licence"]) == (2, 1, "ODbL-1.0")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Silver Spear, The", "The Silver Spear"),
        ("Irish Washerwoman, The.", "The Irish Washerwoman"),
        ("Paddy, Pat And Mike", "Paddy, Pat And Mike"),
        ("The Athole Brose.", "The Athole Brose"),
    ],
)
def test_titles_are_shown_as_they_are_spoken(title: str, shown: str) -> None:
    assert known_tunes.shown_title(title) == shown


def test_the_same_melodies_give_the_same_files(melodies: Path, tmp_path: Path) -> None:
    places = [tmp_path / "one.safetensors", tmp_path / "two.safetensors"]
    for place in places:
        known_tunes.make(melodies, place, ["one"])
    assert places[0].read_bytes() == places[1].read_bytes()
    assert places[0].with_suffix(".json").read_bytes() == places[1].with_suffix(".json").read_bytes()


def test_what_cannot_be_used_is_said(melodies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert known_tunes.main(["--melodies", str(tmp_path / "none.jsonl")]) == 2
    assert "cannot be read as melodies" in capsys.readouterr().err
    assert known_tunes.main(["--melodies", str(melodies), "--sources", "three"]) == 2
    assert "no tunes of the train split" in capsys.readouterr().err
