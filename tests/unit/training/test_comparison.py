"""All models on the same gaps: what is counted of which kind, how pairs are compared, and what the tables say."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaint_desktop.encoding.vocabulary import END, FIRST_NOTE, HOLD, REST, START
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.anticipation_rnn import REG_ARNN, AnticipationRnn
from inpaint_desktop.models.config import SMALL
from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from training import evaluate
from training.comparison import EVERY, HEADLINE, KINDS, Contest, Outcome, contest, masks_of, train_measures
from training.comparison_report import RANGE, ComparisonReport, papers
from training.gaps import Gaps
from training.machine import PLAIN
from training.pairing import adjusted, difference
from training.predictors import predictor_of, weights_in_folders
from training.scores import Scores
from training.trials import Corpora, Ground
from training.windows import Bank, Book

COUNT = 10
NAMES = ["small", "reg-arnn", "transformer"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tiny models, one of each kind."""
    folder = tmp_path_factory.mktemp("exported")
    torch.manual_seed(1)
    vae = replace(SMALL.vae, embedding_size=4, hidden_size=8, head_size=8, latent_size=4)
    net = InpaintNet(replace(SMALL, vae=vae, latent_rnn=replace(SMALL.latent_rnn, hidden_size=6)))
    arnn = AnticipationRnn(replace(REG_ARNN, hidden_size=8, key="written"))
    shape = TransformerConfig(width=8, heads=2, readers=1, writers=1, embedding_size=4)
    checkpoint.save(net, {}, folder / "small.safetensors")
    checkpoint.save(arnn, {"architecture": "arnn"}, folder / "reg-arnn.safetensors")
    card = {"architecture": "transformer", "meters": ["4/4"]}
    checkpoint.save(GapTransformer(shape), card, folder / "transformer.safetensors")
    return folder


def made(folder: Path, corpora: Corpora, protocols: tuple[str, ...] = ("A", "C")) -> Contest:
    predictors = [predictor_of(folder / f"{name}.safetensors", PLAIN) for name in NAMES]
    return Contest(predictors, corpora, "valid", COUNT, draws=2, protocols=protocols, lengths=(2, 4, 8))


@pytest.fixture(scope="module")
def outcome(folder: Path, corpora: Corpora) -> Outcome:
    torch.set_num_threads(1)
    return contest(made(folder, corpora))


@pytest.fixture(scope="module")
def report(outcome: Outcome) -> ComparisonReport:
    figures = {"measures": 5.0, "token_accuracy": 0.5, "onset_accuracy": 0.25, "measure_accuracy": 0.125}
    return ComparisonReport(outcome, {"small": {"all measures": figures}})


def test_everyone_is_scored_on_the_same_tokens(outcome: Outcome) -> None:
    for protocol in "AC":
        results = outcome.of(protocol, HEADLINE)
        assert set(results) == {*NAMES, "copy previous measure", "copy 8 back", "unigram by tick"}
        for kind in KINDS:
            counted = [one.kinds[kind].tokens for one in results.values()]
            assert all((tokens == counted[0]).all() for tokens in counted)


def test_onsets_and_holds_are_all_tokens_where_nothing_is_padding(outcome: Outcome) -> None:
    kinds = outcome.of("C", HEADLINE)["small"].kinds
    assert kinds["onsets"].count + kinds["holds"].count == kinds[EVERY].count
    assert kinds["seen"].count + kinds["new"].count == kinds[EVERY].count
    assert kinds["onsets"].nll.sum() + kinds["holds"].nll.sum() == pytest.approx(kinds[EVERY].nll.sum())


def test_padding_is_of_no_kind() -> None:
    rows = np.array([[FIRST_NOTE, HOLD], [REST, FIRST_NOTE], [START] * 2, [END] * 2], np.uint8)
    ground = Ground("A", Bank(rows), Book(np.array([2, 0, 1, 3]), np.array([0, 4])), np.array(["one"]))
    gap = Gaps(4, *(np.array([value]) for value in (0, 0, 0, 0)))
    masks = masks_of(ground, gap, rows[:1])
    shown = {kind: mask[0].astype(int).tolist() for kind, mask in masks.items()}
    assert shown == {
        EVERY: [1] * 8,
        "onsets": [0, 0, 1, 0, 1, 1, 0, 0],
        "holds": [0, 0, 0, 1, 0, 0, 0, 0],
        "seen": [0, 0, 1, 1, 0, 0, 0, 0],
        "new": [0, 0, 0, 0, 1, 1, 0, 0],
    }


def test_seen_measures_are_those_of_the_train_split(corpora: Corpora) -> None:
    train = corpora.notated.tunes("train")
    expected = sum(int(np.diff(corpora.notated.starts)[tune]) for tune in train)
    assert len(train_measures(corpora, "C")) == expected


@pytest.mark.parametrize("workers", [1, 3])
def test_the_same_contest_gives_the_same_figures(
    workers: int, folder: Path, corpora: Corpora, outcome: Outcome
) -> None:
    again = contest(replace(made(folder, corpora), workers=workers))
    assert ComparisonReport(again, {}).as_markdown() == ComparisonReport(outcome, {}).as_markdown()


def test_latent_draws_are_told_of_models_that_have_them(outcome: Outcome) -> None:
    assert [(spread.protocol, spread.predictor) for spread in outcome.spreads] == [("C", "small")]
    assert outcome.spreads[0].deviation > 0


def levels(nats: float, spread: float, groups: int = 40) -> tuple[float, float, float]:
    """The level and the interval for two predictors whose difference is ``nats`` a token, more or less."""
    generator = np.random.default_rng(1)
    zeros, nll = np.zeros((groups, 24), np.int64), np.ones((groups, 24))
    worse = Scores.of(zeros, zeros, nll + nats + spread * generator.standard_normal((groups, 1)))
    found = difference(("a", "b"), (worse, Scores.of(zeros, zeros, nll)), np.arange(groups))
    return found.p, *found.interval


def test_a_difference_in_every_tune_is_told_from_one_by_chance() -> None:
    p, low, high = levels(0.1, 0.05)
    assert p < 0.001
    assert 0 < low < 0.1 < high
    p, low, high = levels(0.0, 0.5)
    assert p > 0.05
    assert low < 0 < high


def test_levels_are_corrected_from_the_smallest_up() -> None:
    assert adjusted([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert adjusted([0.5, 0.9]) == [1.0, 1.0]


def test_every_pair_is_compared_in_every_protocol(outcome: Outcome) -> None:
    for protocol in "AC":
        pairs = [(one.first, one.second) for one in outcome.differences[protocol]]
        assert pairs == [("small", "reg-arnn"), ("small", "transformer"), ("reg-arnn", "transformer")]
        joined = outcome.of(protocol, HEADLINE)
        one = outcome.differences[protocol][0]
        expected = joined["small"].kinds[EVERY].nll_per_token - joined["reg-arnn"].kinds[EVERY].nll_per_token
        assert one.nats == pytest.approx(expected)


def test_the_tables_hold_every_predictor(report: ComparisonReport) -> None:
    text = report.as_markdown()
    assert "| reg-arnn | 0.402 |" in text
    assert "| small | 0.300 |" in text
    assert "| small | all measures | 5 | 0.5000 | 0.2500 | 0.1250 |" in text
    assert text.count("#### Protocol") == 2


def test_rows_are_plain_values_with_intervals_around_them(report: ComparisonReport) -> None:
    figures = json.loads(json.dumps(report.as_dict()))
    assert {row["missing"] for row in figures["rows"]} == {RANGE, "2", "4", "8"}
    for row in figures["rows"]:
        assert row["interval"][0] - 1e-9 <= row["nll"] <= row["interval"][1] + 1e-9


@pytest.mark.parametrize(
    ("name", "nats"),
    [("inpaintnet", "0.300"), ("small-past", "0.643"), ("paper-untrained", "1.330"), ("transformer", "")],
)
def test_the_papers_figures_stand_beside_the_models_they_are_of(name: str, nats: str) -> None:
    assert papers(name) == nats


def test_models_come_in_a_fixed_order_with_their_ablations(tmp_path: Path) -> None:
    for name in ("reg-arnn", "small-untrained", "small", "zebra", "inpaintnet", "small-past"):
        (tmp_path / f"{name}.safetensors").touch()
    found = [path.stem for path in weights_in_folders([tmp_path])]
    assert found == ["inpaintnet", "small", "small-past", "small-untrained", "reg-arnn", "zebra"]


def test_one_command_compares_all(folder: Path, corpora: Corpora, tmp_path: Path) -> None:
    corpora.played.save(tmp_path / "played.npz")
    corpora.notated.save(tmp_path / "notated.npz")
    page, figures = tmp_path / "page.md", tmp_path / "all.json"
    (rivals := tmp_path / "rivals").mkdir()
    shutil.copy(folder / "small.safetensors", rivals / "small-past.safetensors")
    shutil.copy(folder / "small.json", rivals / "small-past.json")
    folders = [str(folder), str(rivals)]
    words = ["--model", "all", "--folders", *folders, "--corpus", str(tmp_path), "--gaps", "3", "--draws", "1"]
    words += ["--protocols", "C", "--out", str(page), "--json", str(figures), "--device", "cpu", "--listen", "2"]
    assert evaluate.main(words) == 0
    text, found = page.read_text(encoding="utf-8"), json.loads(figures.read_text(encoding="utf-8"))
    assert "<!-- all valid: begin -->" in text
    assert "<!-- listening valid: begin -->" in text
    assert {row["missing"] for row in found["rows"]} >= {"2", "8"}
    assert {row["predictor"] for row in found["rows"]} >= {*NAMES, "small-past"}
    assert {one["engine"] for one in found["listening"]["figures"]} == {"real measures", *NAMES}


def test_without_models_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--model", "all", "--folders", str(tmp_path), "--device", "cpu"]) == 2
    assert "There is no exported model in" in capsys.readouterr().err
