"""The figures: drawn from what the evaluation wrote, with their numbers beside them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from training import figures
from training.figures import draw_all, ear_of, headline_of, lengths_of


def row(protocol: str, missing: str, nll: float, kind: str = "all") -> dict[str, Any]:
    return {
        "protocol": protocol,
        "missing": missing,
        "predictor": "small",
        "kind": kind,
        "nll": nll,
        "interval": [nll - 0.1, nll + 0.1],
    }


FIGURES = {
    "split": "valid",
    "rows": [row("A", "2 to 6", 0.5), row("A", "2", 0.3), row("A", "3", 0.4), row("A", "2", 0.9, "onsets")],
    "listening": {
        "figures": [
            {"engine": "small", "measure": "notes out of key", "value": 0.02, "interval": [0.01, 0.03]},
            {"engine": "small", "measure": "notes a measure", "value": 6.0, "interval": [5.0, 7.0]},
        ]
    },
}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a run with two evaluations."""
    folder = tmp_path / "small" / "vae"
    folder.mkdir(parents=True)
    lines = [{"step": step, "loss": 2.0 / step, "score": 1.0 / step} for step in (10, 20)]
    (folder / "log.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return folder


def test_each_figure_shows_what_it_is_about() -> None:
    assert [(point.place, point.value) for point in lengths_of(FIGURES, "A")] == [("2", 0.3), ("3", 0.4)]
    assert [(point.place, point.value) for point in headline_of(FIGURES)] == [("A", 0.5)]
    assert [(point.place, point.low) for point in ear_of(FIGURES)] == [("notes out of key", 0.01)]


def test_every_figure_comes_as_picture_drawing_and_numbers(run: Path, tmp_path: Path) -> None:
    made = draw_all(FIGURES, [run], tmp_path / "out")
    assert [path.name for path in made] == ["missing-A", "headline", "ear", "curve-small-vae"]
    for path in made:
        assert path.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
        assert "<svg" in path.with_suffix(".svg").read_text(encoding="utf-8")


def test_the_numbers_are_those_that_are_drawn(tmp_path: Path) -> None:
    draw_all(FIGURES, [], tmp_path)
    with (tmp_path / "missing-A.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0] == {"series": "small", "place": "2", "value": "0.3", "low": "0.2", "high": "0.4"}
    assert {one["series"] for one in rows} == {"small", *figures.PAPERS_FIGURE_6}


def test_a_bar_that_leaves_the_picture_says_where_it_ends(tmp_path: Path) -> None:
    rows = [row(protocol, missing, nll) for protocol, nll in (("A", 10.8), ("B", 0.5)) for missing in ("2", "2 to 6")]
    draw_all({"split": "test", "rows": rows}, [], tmp_path)
    drawn = (tmp_path / "headline.svg").read_text(encoding="utf-8")
    assert ("10.8 →" in drawn, "0.5 →" in drawn) == (True, False)


def test_the_same_numbers_give_the_same_files(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        draw_all(FIGURES, [], tmp_path / folder)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_command_says_where_the_figures_are(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "all.json").write_text(json.dumps(FIGURES), encoding="utf-8")
    words = ["--figures", str(tmp_path / "all.json"), "--runs", str(run), "--out", str(tmp_path / "out")]
    assert figures.main(words) == 0
    assert str(tmp_path / "out" / "headline") in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--figures", "no.json"], ["--runs", "nowhere"]])
def test_what_cannot_be_read_is_said(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert figures.main([words[0], str(tmp_path / words[1])]) == 2
    assert "cannot be read" in capsys.readouterr().err
