"""The transformer's training: it learns tunes of several meters, by heart if they are few."""

import copy
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.models.config import OURS, LatentRnnConfig, VaeConfig
from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.spelling import spell
from training import evaluate_transformer, export_transformer, train_transformer
from training.corpus import Tune, build
from training.evaluate_transformer import HEADLINE, Bench, common_time, every_meter, teacher_forced
from training.floors import Place
from training.habits import habits_of
from training.latents import LatentBank
from training.loop import Recipe
from training.machine import PLAIN
from training.meters import folder_name, load_meters
from training.optimizers import MuonAndAdam
from training.scores import is_onset
from training.scoring import Trial
from training.tokenwise import Draws, TransformerObjective, free_running, likelihoods, meter_trial
from training.train_transformer import Job, train
from training.trials import Corpora, ground_of

CONFIG = TransformerConfig("tiny", width=32, heads=4, readers=1, writers=1, embedding_size=16)
RECIPE = Recipe(steps=160, batch_size=16, learning_rate=1e-2, warmup=10, evaluate_every=40)
DRAWS = Draws(parts=2, power=0.0, moved_share=0.0, gaps=(1, 3))


def jig(seed: int, split: str) -> Tune:
    """A tune in 6/8 whose measures all go up the scale."""
    meter, key = Meter(6, 8), KeySignature(1)
    eighth, scale = meter.ticks // 6, (67, 69, 71, 72, 74, 76)
    notes = tuple(Note(place * eighth, eighth, pitch) for place, pitch in enumerate(spell(scale, key)))
    measures = (Measure(notes, meter, key, meter.ticks),) * (10 + seed)
    return Tune(Melody(measures, f"Jig {seed}"), "made up", f"jig {seed}", split, 1)


@pytest.fixture(scope="module")
def meters(corpora: Corpora) -> dict[str, Corpora]:
    jigs = [jig(seed, split) for seed, split in enumerate(("train", "train", "valid"))]
    return {"4/4": corpora, "6/8": Corpora(build(jigs, notated=False), build(jigs, notated=True))}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tiny")


@pytest.fixture(scope="module")
def trained(meters: dict[str, Corpora], folder: Path) -> GapTransformer:
    torch.set_num_threads(1)
    run = train(Job(CONFIG, RECIPE, meters, folder, PLAIN, DRAWS))
    model = run.objective.model
    assert isinstance(model, GapTransformer)
    return model.eval()


def log_of(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.usefixtures("trained")
def test_the_loss_falls_far_and_every_meter_is_checked(folder: Path) -> None:
    first, *_, last = log_of(folder)
    assert last["loss"] < 0.6 * first["loss"]
    assert {"C 4/4", "B 4/4", "C 6/8", "score"} <= last.keys()


def test_a_regular_tune_is_written_without_a_fault(trained: GapTransformer, meters: dict[str, Corpora]) -> None:
    trial = meter_trial("6/8", meters["6/8"], "valid", ("C", 5), missing=2, count=8)
    scores = free_running(trained, trial, PLAIN)
    assert scores.token_accuracy > 0.95
    assert likelihoods(trained, trial, PLAIN).nll_per_token < 0.2


def test_a_run_that_was_stopped_goes_on(meters: dict[str, Corpora], tmp_path: Path) -> None:
    short = replace(RECIPE, steps=4, evaluate_every=2)
    train(Job(CONFIG, replace(short, steps=2), meters, tmp_path / "stopped", PLAIN, DRAWS))
    run = train(Job(CONFIG, short, meters, tmp_path / "stopped", PLAIN, DRAWS))
    whole = train(Job(CONFIG, short, meters, tmp_path / "whole", PLAIN, DRAWS))
    assert (run.step, len(log_of(tmp_path / "stopped"))) == (whole.step, 2)


def test_a_model_that_reads_its_own_tokens_learns_as_well(meters: dict[str, Corpora], tmp_path: Path) -> None:
    short, draws = replace(RECIPE, steps=10, evaluate_every=10), replace(DRAWS, own_share=1.0)
    run = train(Job(CONFIG, short, meters, tmp_path, PLAIN, draws))
    assert run.best < 4.0
    objective = run.objective
    assert isinstance(objective, TransformerObjective)
    part = objective.draw(16)[0]
    assert part.own is not None
    assert 0.6 < part.own.float().mean() < 0.8
    assert not torch.equal(objective.part_loss(part), objective.part_loss(replace(part, own=None)))


def test_workers_find_the_same_gradients_as_one(meters: dict[str, Corpora], tmp_path: Path) -> None:
    short = replace(RECIPE, steps=2, evaluate_every=2)
    runs = [train(Job(CONFIG, short, meters, tmp_path / str(n), PLAIN, DRAWS, workers=n)) for n in (1, 2)]
    one, two = (run.objective.model.state_dict() for run in runs)
    torch.testing.assert_close(one, two, atol=1e-4, rtol=1e-4)


def test_muon_and_adam_go_on_from_their_state() -> None:
    def optimizer() -> tuple[torch.nn.Linear, MuonAndAdam]:
        torch.manual_seed(2)
        layer = torch.nn.Linear(4, 4)
        matrices, others = ([one for one in layer.parameters() if one.dim() == size] for size in (2, 1))
        return layer, MuonAndAdam(matrices, others, 0.1, decay=0.0)

    def step(layer: torch.nn.Linear, steps: MuonAndAdam) -> None:
        steps.zero_grad()
        layer(torch.arange(4.0)).square().sum().backward()
        steps.step()

    (first, steps), (second, later) = optimizer(), optimizer()
    step(first, steps)
    second.load_state_dict(first.state_dict())
    later.load_state_dict(copy.deepcopy(steps.state_dict()))
    step(first, steps)
    step(second, later)
    torch.testing.assert_close(first.state_dict(), second.state_dict())
    assert len(later.param_groups) == 2


def test_the_command_trains_and_evaluates(
    meters: dict[str, Corpora], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for meter, pair in meters.items():
        for form in ("played", "notated"):
            getattr(pair, form).save(tmp_path / "all" / folder_name(meter) / f"{form}.npz")
    assert list(load_meters(tmp_path / "all")) == ["4/4", "6/8"]
    words = ["--corpus", str(tmp_path / "all"), "--out", str(tmp_path / "run"), "--steps", "2", "--every", "2"]
    shape = ["--width", "16", "--heads", "2", "--readers", "1", "--writers", "1", "--batch", "8", "--threads", "1"]
    assert train_transformer.main([*words, *shape]) == 0
    tiny = TransformerConfig("t", width=16, heads=2, readers=1, writers=1)
    monkeypatch.setattr(evaluate_transformer, "TransformerConfig", lambda: tiny)
    page, figures = tmp_path / "page.md", tmp_path / "figures.json"
    words = ["--weights", str(tmp_path / "run" / "best.pt"), "--common", str(tmp_path / "all" / "4-4")]
    words += ["--corpus", str(tmp_path / "all"), "--gaps", "3", "--missing", "2", "--out", str(page)]
    assert evaluate_transformer.main([*words, "--json", str(figures)]) == 0
    assert {row["meter"] for row in json.loads(figures.read_text(encoding="utf-8"))["meters"]} == {"4/4", "6/8"}
    assert "| C | 2 | copy 8 back |" in page.read_text(encoding="utf-8")


@pytest.mark.usefixtures("trained")
def test_an_exported_run_is_opened_by_its_card(meters: dict[str, Corpora], folder: Path, tmp_path: Path) -> None:
    for meter, pair in meters.items():
        for form in ("played", "notated"):
            getattr(pair, form).save(tmp_path / "all" / folder_name(meter) / f"{form}.npz")
    out = tmp_path / "jigs.safetensors"
    words = [str(folder), "--corpus", str(tmp_path / "all"), "--out", str(out), "--width", "32", "--heads", "4"]
    shape = ["--readers", "1", "--writers", "1", "--embedding_size", "16"]
    export_transformer.main([*words, *shape])
    engine = open_engine(str(out), "cpu")
    assert (engine.name, engine.checkpoint.card["meters"]) == ("transformer", ["4/4", "6/8"])
    melody = jig(3, "test").melody
    held = melody.measures[4].with_notes([Note(0, melody.measures[4].duration, spell([67], KeySignature(1))[0])])
    tune = replace(melody, measures=(*melody.measures[:4], held, held, *melody.measures[6:]))
    take = next(engine.propose(FillRequest(tune, Span(4, 6), takes=1)))
    assert [str(measure.meter) for measure in take.measures] == ["6/8", "6/8"]


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train_transformer.main(["--corpus", str(tmp_path)]) == 2
    assert "There is no corpus of meters" in capsys.readouterr().err
    assert evaluate_transformer.main(["--model", str(tmp_path / "no.safetensors")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_inpaintnet_stands_beside_it_on_the_same_gaps(trained: GapTransformer, corpora: Corpora) -> None:
    vae = VaeConfig(embedding_size=4, hidden_size=8, head_size=8, latent_size=4, dropout=0.0)
    torch.manual_seed(1)
    net = InpaintNet(replace(OURS, vae=vae, latent_rnn=LatentRnnConfig(hidden_size=6, dropout=0.0))).eval()
    rows = list(common_time(Bench(trained, net, "valid", PLAIN, count=6), corpora, [2]))
    names = ["tiny", "inpaintnet", "copy previous measure", "copy 8 back", "unigram by tick"]
    assert [row.predictor for row in rows] == names * 2
    assert [row.protocol for row in rows] == ["C"] * 5 + ["B"] * 5
    ground = ground_of("C", corpora, "valid", "home")
    trial = Trial("C", ground.bank, ground.book, ground.gaps(2, 6), LatentBank(net.vae, ground.bank))
    assert teacher_forced(net, trial).nll_per_token == pytest.approx(rows[1].nll)


def test_a_meters_beat_is_six_ticks_and_a_quarter_is_a_quarter(
    trained: GapTransformer, meters: dict[str, Corpora]
) -> None:
    rows = {row.meter: row for row in every_meter(Bench(trained, None, "valid", PLAIN, count=4), meters)}
    assert rows["4/4"].nll_per_quarter == pytest.approx(rows["4/4"].nll_per_beat)
    assert rows["6/8"].nll_per_quarter == pytest.approx(rows["6/8"].nll_per_beat / 1.5)


def test_the_interval_of_a_meter_draws_its_tunes_again(trained: GapTransformer, meters: dict[str, Corpora]) -> None:
    for row in every_meter(Bench(trained, None, "train", PLAIN, count=12), meters):
        place = "C", trained.config.meters.index(row.meter)
        trial = meter_trial(row.meter, meters[row.meter], "train", place, HEADLINE, 12)
        groups = trial.ground.groups[trial.gaps.tunes]
        low, high = likelihoods(trained, trial, PLAIN).nll_interval(groups)
        quarter = row.nll_per_quarter / row.nll_per_token
        assert row.quarter_interval == pytest.approx((low * quarter, high * quarter))
        assert row.tunes == len(set(groups.tolist())) > 1
        assert "to" in row.shown_per_quarter


def test_a_single_tune_has_no_interval(trained: GapTransformer, meters: dict[str, Corpora]) -> None:
    for row in every_meter(Bench(trained, None, "valid", PLAIN, count=4), meters):
        assert row.tunes == 1
        assert float(row.shown_per_quarter) == pytest.approx(row.nll_per_quarter, abs=5e-4)


def test_what_is_told_of_a_note_is_all_that_is_told_divided_by_the_notes(
    trained: GapTransformer, meters: dict[str, Corpora]
) -> None:
    bench = Bench(trained, None, "valid", PLAIN, count=4)
    row = {row.meter: row for row in every_meter(bench, meters)}["6/8"]
    ground = ground_of("C", meters["6/8"], "valid", "home")
    truth = Place(ground.bank, ground.book, ground.gaps(HEADLINE, 4)).truth()
    notes = is_onset(truth).sum()
    assert row.nll_per_note == pytest.approx(row.nll_per_token * truth.size / notes)
    habits = habits_of(meters["6/8"], "C", "home")
    expected = -np.log(habits[np.arange(truth.shape[-1]), truth]).sum() / notes
    assert row.habits_per_note == pytest.approx(expected)
