"""What controls are met, what they change, and what they cost."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.score.melody import Melody
from training import controls
from training.choose import requests_of
from training.control_kinds import CONTROLS, Control, rank_correlation
from training.controls import asked_of, is_met, report_of, row_of
from training.trials import Corpora

ROWS = {control.name: control for control in CONTROLS}


@pytest.fixture(scope="module")
def request_of_a_tune(corpora: Corpora) -> FillRequest:
    return replace(next(requests_of(corpora.notated, "train", 1, seed=2)), stay_in_key=False)


def effect_of(name: str, request: FillRequest, melody: Melody) -> float:
    effect, span = ROWS[name].effect, request.span
    assert effect is not None
    return effect(request, melody.measures[span.start : span.stop])


@pytest.mark.parametrize("name", list(ROWS))
def test_every_control_asks_for_something_that_can_be_met(name: str, request_of_a_tune: FillRequest) -> None:
    asked = ROWS[name].ask(request_of_a_tune, np.random.default_rng(1))
    assert asked != request_of_a_tune
    assert asked.span == request_of_a_tune.span


@pytest.mark.parametrize("name", list(ROWS))
def test_every_control_is_asked_of_the_engine_and_what_is_exact_is_met(
    name: str, engine: InpaintNetEngine, corpora: Corpora
) -> None:
    asked = asked_of(engine, corpora.notated, "train", 1)
    row = row_of(engine, ROWS[name], asked)
    assert row.takes + row.refused > 0
    assert row.met in {None, 1.0} or name.startswith("similarity") or not row.takes
    assert row.interval[0] <= row.cost <= row.interval[1]


def test_a_breach_is_noticed(request_of_a_tune: FillRequest) -> None:
    asked = replace(request_of_a_tune, constraints=Constraints(most_onsets=7))
    assert is_met(request_of_a_tune, request_of_a_tune.original)
    assert not is_met(asked, asked.original)
    assert not is_met(replace(request_of_a_tune, similarity=0.25), request_of_a_tune.original)


def test_refused_requests_are_counted(engine: InpaintNetEngine, corpora: Corpora) -> None:
    impossible = Control("impossible", lambda request, _: replace(request, constraints=Constraints(lowest=120)))
    row = row_of(engine, impossible, asked_of(engine, corpora.notated, "train", 1))
    assert (row.refused, row.takes, row.cost) == (1, 0, 0.0)


def test_the_effect_of_an_echo_is_full_where_it_stands_again(request_of_a_tune: FillRequest) -> None:
    asked = ROWS["echo, strength 1"].ask(request_of_a_tune, np.random.default_rng(1))
    echo, measures = asked.guidance.echo, asked.melody.measures
    assert echo is not None
    again = asked.melody.with_measures(asked.span, [measures[echo.start + place % 2] for place in range(4)])
    assert effect_of("echo, strength 1", asked, again) == 1.0
    assert effect_of("echo, strength 1", asked, asked.melody) < 1.0


def test_the_effect_of_a_line_is_how_notes_and_line_go_together(request_of_a_tune: FillRequest) -> None:
    asked = ROWS["contour, strength 1"].ask(request_of_a_tune, np.random.default_rng(1))
    heights = [point.midi for point in asked.guidance.contour]
    assert heights[1] - heights[0] == heights[1] - heights[2] == 12
    assert -1.0 <= effect_of("contour, strength 1", asked, asked.melody) <= 1.0


@pytest.mark.parametrize(
    ("values", "others", "correlation"),
    [([1, 5, 9], [0, 1, 100], 1.0), ([3, 2, 1], [1, 2, 3], -1.0), ([1, 1, 1], [1, 2, 3], 0.0), ([], [], 0.0)],
)
def test_ranks_and_not_distances_are_compared(values: list[float], others: list[float], correlation: float) -> None:
    assert rank_correlation(values, others) == pytest.approx(correlation)


def test_equal_values_share_their_rank() -> None:
    assert rank_correlation([1, 1, 2], [1, 2, 3]) == pytest.approx(np.sqrt(3) / 2)


def test_the_report_has_a_row_for_each_control(engine: InpaintNetEngine, corpora: Corpora) -> None:
    chosen = [ROWS["keep the rhythm"], ROWS["contour, strength 1"]]
    report = report_of(engine, asked_of(engine, corpora.notated, "train", 1), chosen, "tiny", "train")
    assert [row.control for row in report.rows] == [control.name for control in chosen]
    table = report.as_markdown().splitlines()[-4:]
    assert len({line.count("|") for line in table}) == 1
    assert json.loads(json.dumps(report.as_dict()))["rows"][1]["what"] == "rank correlation"


def test_the_command_writes_its_section_and_says_what_is_wrong(
    corpora: Corpora, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(controls, "CONTROLS", CONTROLS[:1])
    for name in ("played", "notated"):
        getattr(corpora, name).save(tmp_path / "corpus" / f"{name}.npz")
    out, words = (
        tmp_path / "page.md",
        ["--model", str(weights), "--corpus", str(tmp_path / "corpus"), "--device", "cpu"],
    )
    assert controls.main([*words, "--out", str(out), "--json", str(tmp_path / "all.json"), "--count", "1"]) == 0
    assert "### Controls of tiny, valid split" in out.read_text(encoding="utf-8")
    assert json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))["model"] == "tiny"
    assert controls.main(["--model", "none"]) == 2
    assert "There is no model called 'none'" in capsys.readouterr().err
