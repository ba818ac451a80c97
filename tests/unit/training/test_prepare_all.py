"""Preparing a corpus of every meter: each has its own grid, and what does not fit is counted."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from training import prepare_all
from training.meters import load_meters, meter_of

COMMON = {"source": "one", "fifths": 1, "split": "train", "full_bars": 1, "on_grid": 1, "duplicate": 0}
JIG = "0:12:67 12:12:69 24:12:71 36:36:72"
TRIPLET = "0:8:67 8:8:69 16:8:67 24:12:71 36:36:72"
WALTZ = "0:24:67 24:24:69 48:24:71"


def row(title: str, meter: str, bar: str, **changes: str | int) -> dict[str, Any]:
    return {**COMMON, "title": title, "group": title, "meter": meter, "bars": "|".join([bar] * 8), **changes}


@pytest.fixture
def melodies(tmp_path: Path) -> Path:
    rows = [
        row("Jig", "6/8", JIG),
        row("Triplets", "6/8", TRIPLET),
        row("Waltz", "3/4", WALTZ, split="valid"),
        row("Waltz again", "3/4", WALTZ, duplicate=1),
        row("Rare", "5/4", WALTZ),
        row("Short", "3/4", WALTZ, full_bars=0),
        row("Elsewhere", "3/4", WALTZ, source="two"),
    ]
    path = tmp_path / "melodies.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, rows)).encode()))
    return path


def test_every_meter_gets_its_own_corpus_on_its_own_grid(melodies: Path, tmp_path: Path) -> None:
    assert prepare_all.main(["--melodies", str(melodies), "--sources", "one", "--out", str(tmp_path / "all")]) == 0
    corpora = load_meters(tmp_path / "all")
    assert list(corpora) == ["3/4", "6/8"]
    assert corpora["6/8"].played.ticks[0].tolist() == [67, 0, 69, 0, 71, 0, 72, 0, 0, 0, 0, 0]
    assert [corpora[meter].notated.ticks.shape for meter in corpora] == [(8, 18), (8, 12)]


def test_what_is_left_out_is_counted_by_reason(melodies: Path, tmp_path: Path) -> None:
    stamp = prepare_all.prepare(melodies, tmp_path / "all", ["one"])
    reasons = ["a rare meter", "another source", "irregular measures", "off the grid (6/8)", "stands there already"]
    assert stamp["left_out"] == dict.fromkeys(reasons, 1)
    assert stamp == json.loads((tmp_path / "all" / "corpus.json").read_text(encoding="utf-8"))


def test_what_cannot_be_used_is_said(melodies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "all")]
    assert prepare_all.main(["--melodies", str(tmp_path / "none.jsonl"), *out]) == 2
    assert "cannot be read as melodies" in capsys.readouterr().err
    assert prepare_all.main(["--melodies", str(melodies), "--sources", "three", *out]) == 2
    assert "There are no usable tunes" in capsys.readouterr().err


def test_a_meter_is_known_by_its_name() -> None:
    assert str(meter_of("12/8")) == "12/8"
