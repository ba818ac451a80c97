"""How often known tunes are recognised in measures that copy nothing."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inpaint_desktop.encoding.run_index import RunIndex
from tests.unit.training.conftest import tune_of
from training import known_tunes, recognition
from training.corpus import Tune
from training.recognition import GAPS_A_TUNE, SEED, measure

JIGS = ["0:12:67 12:12:69 24:12:71 36:12:72 48:12:74 60:12:76", "0:12:67 12:12:66 24:12:64 36:12:62 48:24:60"]


def report_on(index: RunIndex, tunes: list[Tune]) -> recognition.RecognitionReport:
    return measure(index, {"4/4": tunes}, "valid", np.random.default_rng(SEED))


def test_a_held_out_tune_that_is_not_in_the_index_is_not_recognised() -> None:
    tunes = [tune_of(1, 16, "train"), tune_of(2, 16, "valid")]
    (row,) = report_on(RunIndex.of([]), tunes).rows
    assert (row.tunes, row.gaps, row.named, row.known) == (1, GAPS_A_TUNE, 0, 0)
    assert row.runs > 0


def test_a_tune_that_is_in_both_is_recognised_everywhere() -> None:
    tune = tune_of(1, 16, "valid")
    both = [tune, replace(tune, split="train")]
    report = report_on(known_tunes.index_of(both), both)
    assert (report.rows[0].named, report.rows[0].known) == (GAPS_A_TUNE, report.rows[0].runs)
    assert report.false == 0


def test_a_hash_that_other_notes_have_is_false() -> None:
    tune = tune_of(1, 16, "valid")
    index = RunIndex.of((run.hash, "by chance") for run in known_tunes.runs_in(tune.melody))
    assert report_on(index, [tune]).false == len({run.hash for run in known_tunes.runs_in(tune.melody)})


def test_the_command_writes_its_section_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    about = {"source": "one", "fifths": 1, "meter": "6/8", "full_bars": 1, "on_grid": 1, "duplicate": 0}
    rows = [
        {**about, "title": split, "group": split, "split": split, "bars": "|".join(bars * 7)}
        for split, bars in (("train", JIGS), ("valid", JIGS[::-1]))
    ]
    melodies, index, page = tmp_path / "melodies.jsonl", tmp_path / "tunes.safetensors", tmp_path / "page.md"
    melodies.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    words = ["--melodies", str(melodies), "--index", str(index), "--out", str(page)]
    assert recognition.main(words) == 2
    assert "cannot be read" in capsys.readouterr().err
    known_tunes.make(melodies, index)
    assert recognition.main(words) == 0
    table = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| 6/8")]
    assert table == ["| 6/8 | 4 | 1 | 3 | 100.00% | 11 | 100.00% |"]
