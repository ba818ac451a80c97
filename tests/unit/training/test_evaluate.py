"""The evaluation: the same gaps for everyone, protocols that keep what they promise, tables on a page."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaint_desktop.encoding.vocabulary import END, START
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.config import CONFIGS, OURS, PAPER, InpaintNetConfig, LatentRnnConfig, VaeConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from training import evaluate
from training.gaps import targets
from training.machine import PLAIN
from training.report import Report, write_section
from training.scoring import Mode, score_model
from training.trials import Corpora, ground_of, trial_on

TINY = replace(
    OURS,
    name="tiny",
    vae=VaeConfig(embedding_size=4, hidden_size=8, head_size=8, latent_size=4, dropout=0.0),
    latent_rnn=LatentRnnConfig(hidden_size=6, dropout=0.0),
)


def model_of(config: InpaintNetConfig = TINY) -> InpaintNet:
    torch.manual_seed(1)
    return InpaintNet(config).eval()


@pytest.fixture(scope="module")
def report(corpora: Corpora) -> Report:
    return evaluate.evaluate(evaluate.Evaluation(model_of(), corpora, "valid", PLAIN, count=12))


@pytest.mark.parametrize("protocol", ["B", "C"])
@pytest.mark.parametrize("split", ["valid", "test"])
def test_b_and_c_count_no_padding(corpora: Corpora, protocol: str, split: str) -> None:
    ground = ground_of(protocol, corpora, split, "home")
    rows = targets(ground.book, ground.gaps(4, 50))
    assert (rows < ground.bank.start).all()


def test_a_counts_padding(corpora: Corpora) -> None:
    ground = ground_of("A", corpora, "valid", "written", count=60)
    tokens = ground.bank.tokens[targets(ground.book, ground.gaps(4))]
    assert ((tokens == START) | (tokens == END)).all(-1).any()


def test_a_leaves_one_measure_past_and_two_future(corpora: Corpora) -> None:
    gaps = ground_of("A", corpora, "valid", "written", count=200).gaps(4)
    assert (gaps.pasts.min(), gaps.futures.min()) == (1, 2)
    assert set((gaps.pasts + gaps.missing + gaps.futures).tolist()) == {16}


def test_a_model_in_the_home_key_undoes_transpositions(corpora: Corpora) -> None:
    written, home = (ground_of("A", corpora, "valid", key, count=60) for key in ("written", "home"))
    assert len(home.bank.tokens) < len(written.bank.tokens)


def test_only_tunes_of_the_split_are_used(corpora: Corpora) -> None:
    for protocol in "ABC":
        assert set(ground_of(protocol, corpora, "test", "home", count=5).groups.tolist()) == {"group 5"}


def test_every_model_and_floor_is_scored_for_every_length(report: Report) -> None:
    places = {(cell.protocol, cell.missing, cell.predictor) for cell in report.cells}
    predictors = {"tiny, own tokens fed back", "tiny, blind", "copy previous measure", "copy 8 back", "unigram by tick"}
    assert places == {(protocol, n, name) for protocol in "ABC" for n in range(2, 9) for name in predictors}


def test_intervals_hold_their_likelihoods(report: Report) -> None:
    for cell in report.cells:
        low, high = cell.interval
        assert low - 1e-9 <= cell.nll <= high + 1e-9


def test_measures_that_training_has_seen_are_told_apart(report: Report) -> None:
    figures = report.reconstruction
    assert figures["all measures"]["measures"] == sum(
        figures[name]["measures"] for name in ("also in the train split", "new") if name in figures
    )


def test_the_same_evaluation_gives_the_same_figures(corpora: Corpora, report: Report) -> None:
    again = evaluate.evaluate(evaluate.Evaluation(model_of(), corpora, "valid", PLAIN, count=12))
    assert again.as_markdown() == report.as_markdown()


def test_scores_do_not_depend_on_how_gaps_are_batched(corpora: Corpora) -> None:
    model = model_of()
    trial = trial_on(model, ground_of("C", corpora, "valid", "home"), 3, 20)
    whole = score_model(model, trial, Mode(sampled=False, blind=False))
    places = np.arange(5, 9)
    part = replace(trial, gaps=trial.gaps.only(places))
    np.testing.assert_allclose(
        score_model(model, part, Mode(sampled=False, blind=False)).nll, whole.nll[places], rtol=1e-4
    )


def test_a_section_is_replaced_and_the_rest_of_the_page_stays(report: Report, tmp_path: Path) -> None:
    page = tmp_path / "docs" / "evaluation.md"
    write_section(page, report)
    write_section(page, replace(report, split="test"))
    page.write_text(f"Before.\n\n{page.read_text(encoding='utf-8')}\nAfter.\n", encoding="utf-8")
    before = page.read_text(encoding="utf-8")
    write_section(page, replace(report, cells=()))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("Before.")
    assert text.endswith("After.\n")
    assert text.count("begin -->") == 2
    assert len(text) < len(before)
    write_section(page, report)
    assert page.read_text(encoding="utf-8") == before


def saved(corpora: Corpora, folder: Path) -> Path:
    corpora.played.save(folder / "played.npz")
    corpora.notated.save(folder / "notated.npz")
    return folder


def test_the_command_evaluates_an_exported_model(corpora: Corpora, tmp_path: Path) -> None:
    folder = saved(corpora, tmp_path)
    checkpoint.save(model_of(), {}, folder / "tiny.safetensors")
    words = ["--model", str(folder / "tiny.safetensors"), "--corpus", str(folder), "--gaps", "6", "--device", "cpu"]
    out = ["--out", str(folder / "page.md"), "--json", str(folder / "all.json"), "--protocols", "C", "--name", "mine"]
    assert evaluate.main([*words, *out]) == 0
    assert "mine, blind" in (folder / "page.md").read_text(encoding="utf-8")
    assert len(json.loads((folder / "all.json").read_text(encoding="utf-8"))["cells"]) == 7 * 5


def test_the_command_evaluates_the_weights_of_a_run(
    corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved(corpora, tmp_path)
    config = replace(TINY, key="written", tuned_decoder=False, name=PAPER.name)
    monkeypatch.setitem(CONFIGS, "paper", config)
    torch.save({"model": model_of(config).state_dict()}, folder / "best.pt")
    words = ["--weights", str(folder / "best.pt"), "--config", "paper", "--corpus", str(folder), "--gaps", "6"]
    assert evaluate.main([*words, "--out", str(folder / "page.md"), "--protocols", "A", "--device", "cpu"]) == 0
    assert "### paper, valid split" in (folder / "page.md").read_text(encoding="utf-8")


def test_the_command_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate.main(["--model", str(tmp_path / "no.safetensors"), "--device", "cpu"]) == 2
    assert "no.json cannot be read" in capsys.readouterr().err
