"""A real training run, small enough for a test: it must learn, and know a tune by heart."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from inpaint_desktop.errors import SettingsError, WeightsError
from inpaint_desktop.models.checkpoint import save
from inpaint_desktop.models.config import CONFIGS, OURS, PAPER, InpaintNetConfig, LatentRnnConfig, VaeConfig, ablated
from inpaint_desktop.models.inpaint_net import InpaintNet
from training import train
from training.corpus import Tune, build
from training.gaps import Gaps
from training.latents import FreshLatents, LatentBank, SampledWindows, TransposedWindows
from training.loop import Recipe
from training.machine import PLAIN
from training.measures import MeasureSampler, home_tokens, measure_splits
from training.moving import MovedWindows
from training.published import PublishedWindows
from training.recipes import PLANS, Checks, Draws, Plan
from training.scoring import Mode, Trial, score_model
from training.train import Job, exported, over_vae, train_latent, train_vae, weights_in
from training.trials import Corpora
from training.vae import VaeRecipe, reconstruction
from training.windows import WindowSampler, bind

TINY = replace(
    OURS,
    name="tiny",
    vae=VaeConfig(embedding_size=16, hidden_size=64, head_size=64, latent_size=24, dropout=0.0, relu_logits=False),
    latent_rnn=LatentRnnConfig(
        hidden_size=48, dropout=0.0, positions=True, context_at_every_step=True, sampled_context=False
    ),
)
PLAN = Plan(
    vae=Recipe(steps=240, batch_size=48, learning_rate=6e-3, warmup=20, evaluate_every=40),
    latent=Recipe(steps=280, batch_size=24, learning_rate=5e-3, warmup=20, evaluate_every=40, gradient_norm=0.5),
    vae_loss=VaeRecipe(word_dropout=0.2),
    draws=Draws(gaps=(2, 3), short_share=0.0, crossover=0.0, shifted=0.0),
    checks=Checks(measures=40, gaps=8, missing=2),
)


@pytest.fixture(scope="module")
def few(tunes: list[Tune]) -> Corpora:
    """Two tunes to learn by heart, and one to validate on."""
    chosen = [tunes[0], tunes[1], tunes[4]]
    return Corpora(build(chosen, notated=False), build(chosen, notated=True))


def job(corpora: Corpora, folder: Path, config: InpaintNetConfig = TINY, plan: Plan = PLAN) -> Job:
    return Job(config, plan, corpora, folder, PLAIN)


@pytest.fixture(scope="module")
def trained(few: Corpora, tmp_path_factory: pytest.TempPathFactory) -> tuple[InpaintNet, Path]:
    """Both stages, trained for some seconds on two tunes."""
    folder = tmp_path_factory.mktemp("tiny")
    torch.set_num_threads(1)
    train_vae(job(few, folder))
    run = train_latent(job(few, folder), over_vae(TINY, folder / "vae" / "best.pt", seed=1))
    model = InpaintNet(TINY)
    model.load_state_dict(run.objective.model.state_dict())
    return model, folder


def losses(folder: Path) -> list[float]:
    return [json.loads(line)["loss"] for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("stage", ["vae", "latent"])
def test_the_loss_falls_far(trained: tuple[InpaintNet, Path], stage: str) -> None:
    values = losses(trained[1] / stage)
    assert values[-1] < 0.2 * values[0]


def test_measures_are_known_by_heart(trained: tuple[InpaintNet, Path], few: Corpora) -> None:
    learned = home_tokens(few.notated)[measure_splits(few.notated) == 0]
    figures = reconstruction(trained[0].vae, learned)
    assert figures["measure_accuracy"] == 1.0


def test_a_gap_of_a_memorised_tune_is_filled_from_memory(trained: tuple[InpaintNet, Path], few: Corpora) -> None:
    model, corpus = trained[0], few.notated
    bank, (book,) = bind([(corpus, home_tokens(corpus))])
    gaps = Gaps(3, *(np.array([value]) for value in (1, 4, 5, 4)))
    scores = score_model(model, Trial("C", bank, book, gaps, LatentBank(model.vae, bank)), Mode(False, blind=False))
    assert scores.token_accuracy > 0.95  # processors round differently, and a short training feels it
    assert scores.nll_per_token < 0.2


def test_the_first_stage_is_not_changed_by_the_second(trained: tuple[InpaintNet, Path]) -> None:
    before = weights_in(trained[1] / "vae" / "best.pt")
    after = trained[0].vae.state_dict()
    assert all(torch.equal(after[name], weight) for name, weight in before.items())


def few_steps(plan: Plan) -> Plan:
    short = {"steps": 2, "batch_size": 16, "evaluate_every": 1}
    return replace(plan, vae=replace(plan.vae, **short), latent=replace(plan.latent, **short), checks=Checks(8, 8, 2))


@pytest.mark.parametrize("base", [PAPER, OURS])
def test_both_configurations_go_through_both_stages(base: InpaintNetConfig, corpora: Corpora, tmp_path: Path) -> None:
    small = replace(base, vae=replace(base.vae, hidden_size=8), latent_rnn=replace(base.latent_rnn, hidden_size=8))
    made = job(corpora, tmp_path, small, few_steps(PLANS[base.name]))
    train_vae(made)
    assert train_latent(made, over_vae(made.config, tmp_path / "vae" / "best.pt", seed=1)).step == 2


def test_the_key_and_the_dropout_choose_where_windows_come_from(corpora: Corpora, tmp_path: Path) -> None:
    def source(config: InpaintNetConfig) -> object:
        return train._source(job(corpora, tmp_path, config), InpaintNet(config), np.random.default_rng(1))

    alive = replace(TINY, decoder_dropout=True, vae=replace(TINY.vae, dropout=0.5))
    assert isinstance(source(replace(TINY, key="written")), TransposedWindows)
    cached, fresh = source(TINY), source(alive)
    assert isinstance(cached, SampledWindows)
    assert isinstance(cached.latents, LatentBank)
    assert isinstance(fresh, SampledWindows)
    assert isinstance(fresh.latents, FreshLatents)


@pytest.mark.parametrize("measures", [8, 12])
def test_windows_are_as_long_as_the_configuration_says(corpora: Corpora, tmp_path: Path, measures: int) -> None:
    config = replace(TINY, measures=measures)
    source = train._source(job(corpora, tmp_path, config), InpaintNet(config), np.random.default_rng(1))
    assert isinstance(source, SampledWindows)
    samplers = [moved.sampler for _, moved in source.samplers if isinstance(moved, MovedWindows)]
    assert {sampler.longest for sampler in samplers if isinstance(sampler, WindowSampler)} == {measures}


@pytest.mark.parametrize(("key", "kind"), [("home", MeasureSampler), ("written", PublishedWindows)])
def test_the_key_chooses_the_measures(corpora: Corpora, tmp_path: Path, key: str, kind: type) -> None:
    config = InpaintNetConfig.from_dict({**TINY.as_dict(), "key": key})
    assert isinstance(train._measures(job(corpora, tmp_path, config), np.random.default_rng(1)), kind)


def test_a_model_of_another_grid_is_refused(corpora: Corpora, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="reads measures of 18 ticks, but those of the corpus have 24"):
        job(corpora, tmp_path, replace(TINY, vae=replace(TINY.vae, beats=3)))


def test_the_second_stage_asks_for_the_first(corpora: Corpora, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="train the stage before it first"):
        train_latent(job(corpora, tmp_path), over_vae(TINY, tmp_path / "vae" / "best.pt", seed=1))


def test_the_command_line_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["ours", "--corpus", str(tmp_path), "--device", "cpu"]) == 2
    assert capsys.readouterr().err.startswith(f"There is no corpus in {tmp_path}; make one with python -m")


def test_the_second_stage_takes_a_vae_from_elsewhere(
    trained: tuple[InpaintNet, Path], few: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONFIGS, "ours", TINY)
    monkeypatch.setitem(PLANS, "ours", few_steps(PLAN))
    few.played.save(tmp_path / "played.npz")
    few.notated.save(tmp_path / "notated.npz")
    vae = trained[1] / "vae" / "best.pt"
    words = ["ours", "--corpus", str(tmp_path), "--out", str(tmp_path / "run"), "--stage", "latent", "--vae", str(vae)]
    assert train.main([*words, "--device", "cpu"]) == 0
    assert weights_in(tmp_path / "run" / "latent" / "best.pt").keys() == trained[0].state_dict().keys()


def test_the_second_stage_goes_on_from_an_exported_model(
    trained: tuple[InpaintNet, Path], few: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CONFIGS, "ours", TINY)
    monkeypatch.setitem(PLANS, "ours", few_steps(PLAN))
    few.played.save(tmp_path / "played.npz")
    few.notated.save(tmp_path / "notated.npz")
    save(trained[0], {}, tmp_path / "tiny.safetensors")
    words = ["ours", "--corpus", str(tmp_path), "--out", str(tmp_path / "run"), "--rate", "1e-9", "--device", "cpu"]
    assert train.main([*words, "--start", str(tmp_path / "tiny.safetensors")]) == 0
    after = weights_in(tmp_path / "run" / "latent" / "best.pt")
    for name, weight in trained[0].state_dict().items():
        torch.testing.assert_close(after[name], weight, rtol=1e-3, atol=1e-6)  # 16-bit floats on disk
    assert not (tmp_path / "run" / "vae").exists()


def test_an_exported_model_of_another_configuration_is_refused(weights: Path) -> None:
    with pytest.raises(WeightsError, match=r"tiny\.safetensors is another model than 'paper'"):
        exported(PAPER, weights)


@pytest.mark.parametrize("side", ["past", "future"])
def test_an_ablation_goes_on_from_the_whole_model(trained: tuple[InpaintNet, Path], tmp_path: Path, side: str) -> None:
    config = ablated(TINY, side)
    save(trained[0], {}, tmp_path / "tiny.safetensors")
    model = exported(config, tmp_path / "tiny.safetensors")
    assert model.config == config
    assert model.latent_rnn.config.context == side
    past, future = (torch.randn(2, 3, TINY.vae.latent_size) for _ in range(2))
    with torch.inference_mode():
        whole, one_sided = (net.eval().latent_rnn(past, future, 2) for net in (trained[0], model))
    assert not torch.allclose(whole, one_sided)


def test_the_command_line_trains_one_stage(corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONFIGS, "ours", TINY)
    monkeypatch.setitem(PLANS, "ours", few_steps(PLANS["ours"]))
    corpora.played.save(tmp_path / "played.npz")
    corpora.notated.save(tmp_path / "notated.npz")
    out = tmp_path / "run"
    words = ["ours", "--corpus", str(tmp_path), "--out", str(out), "--stage", "vae", "--steps", "3", "--seed", "5"]
    assert train.main([*words, "--device", "cpu", "--threads", "1"]) == 0
    assert torch.load(out / "vae" / "state.pt", weights_only=True)["step"] == 3
    assert not (out / "latent").exists()
