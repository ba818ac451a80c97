"""AnticipationRNN's training: what is masked, what is read, and that it learns."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from inpaint_desktop.encoding.vocabulary import END, START
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.models.anticipation_rnn import ARNN_CONFIGS, BASE_ARNN, REG_ARNN, AnticipationRnn, ArnnConfig
from inpaint_desktop.models.gap_transformer import Frame
from training import export_arnn, recipes, train_arnn
from training.arnn import (
    ArnnObjective,
    SampledTokens,
    TokenWindows,
    TransposedTokens,
    last_unknown,
    mask_of,
    own_tokens,
)
from training.loop import Recipe
from training.machine import PLAIN
from training.recipes import Checks, Draws
from training.tokenwise import Part, free_running, greedy, likelihoods
from training.train_arnn import Job, source_of, train, trials_of
from training.trials import Corpora

TINY = replace(
    REG_ARNN, name="tiny", hidden_size=32, embedding_size=12, measures=5, input_dropout=0.1, layer_dropout=0.0
)
HEARING = replace(TINY, input_dropout=0.0)
DRAWS = Draws(gaps=(1, 2), moved_share=0.0, published_share=0.25)
PLAN = recipes.ArnnPlan(
    Recipe(steps=60, batch_size=16, learning_rate=1e-2, warmup=5, evaluate_every=10),
    DRAWS,
    Checks(gaps=8, missing=2),
)
SHORT = replace(PLAN, recipe=replace(PLAN.recipe, steps=2, evaluate_every=1))
WINDOWS = TokenWindows(np.random.default_rng(1).integers(4, 90, size=(6, 8, 24)), 3, 2)


def made(config: ArnnConfig = TINY) -> AnticipationRnn:
    torch.manual_seed(1)
    model = AnticipationRnn(config).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return model


def tokens() -> Tensor:
    return torch.from_numpy(WINDOWS.tokens).flatten(1)


@pytest.fixture(scope="module")
def trained(corpora: Corpora, tmp_path_factory: pytest.TempPathFactory) -> tuple[AnticipationRnn, Path]:
    """A tiny Reg-ARNN, trained for some seconds."""
    folder = tmp_path_factory.mktemp("arnn")
    torch.set_num_threads(1)
    run = train(Job(TINY, PLAN, corpora, folder, PLAIN))
    model = run.objective.model
    assert isinstance(model, AnticipationRnn)
    return model, folder


def log_of(folder: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_loss_falls_far_and_both_protocols_are_checked(trained: tuple[AnticipationRnn, Path]) -> None:
    first, *_, last = log_of(trained[1])
    assert last["loss"] < 0.6 * first["loss"]
    assert {"C_nll", "C_onset", "B_nll", "B_onset", "score"} <= last.keys()


def test_after_true_tokens_the_next_one_is_likelier_than_after_its_own(
    trained: tuple[AnticipationRnn, Path], corpora: Corpora, tmp_path: Path
) -> None:
    trial = trials_of(Job(TINY, PLAN, corpora, tmp_path, PLAIN))[0]
    true, own = likelihoods(trained[0], trial, PLAIN), free_running(trained[0], trial, PLAIN)
    assert true.nll_per_token < own.nll_per_token < np.log(98)


def test_a_gap_of_whole_measures_is_unknown() -> None:
    known = mask_of(REG_ARNN, WINDOWS).view(6, 8, 24)
    assert known.all(2)[0].tolist() == [True] * 3 + [False] * 2 + [True] * 3
    assert not known[:, 3:5].any()


def test_scattered_ticks_are_each_rows_own_and_up_to_half_are_known() -> None:
    torch.manual_seed(2)
    known = mask_of(BASE_ARNN, WINDOWS)
    shares = known.float().mean(1)
    assert float(shares.max()) < 0.6
    assert len(set(shares.tolist())) == 6
    shared = mask_of(replace(BASE_ARNN, shared_mask=True), WINDOWS)
    assert (shared == shared[0]).all()


def test_own_tokens_stand_where_none_are_known_and_give_the_same_logits_as_writing() -> None:
    model, known = made(), mask_of(REG_ARNN, WINDOWS)
    own = own_tokens(model, tokens(), known)
    assert torch.equal(own[known], tokens()[known])
    grid = torch.from_numpy(WINDOWS.tokens)
    context, gap = torch.cat((grid[:, :3], grid[:, 5:]), 1), grid[:, 3:5]
    written, truths = greedy(model, Part(context, gap, Frame(0, 24, 3, 2, 3)))
    assert torch.equal(own.view(6, 8, 24)[:, 3:5], written)
    with torch.inference_mode():
        logits = model(tokens(), known, own[:, : last_unknown(known) + 1])[:, 3 * 24 :]
    expected = logits.log_softmax(-1).gather(-1, gap.flatten(1)[..., None])[..., 0]
    torch.testing.assert_close(truths.flatten(1), expected, atol=1e-4, rtol=1e-4)


def test_known_ticks_between_unknown_ones_are_read_as_they_are_unless_the_context_is_forgotten() -> None:
    torch.manual_seed(2)
    known = mask_of(BASE_ARNN, WINDOWS)
    own = own_tokens(made(), tokens(), known)
    assert torch.equal(own[known], tokens()[known])
    forgotten = own_tokens(made(replace(TINY, forgets_context=True)), tokens(), known)
    assert not torch.equal(forgotten[known], tokens()[known])


def test_shared_feedback_gives_every_row_the_first_ones_tokens() -> None:
    own = own_tokens(made(replace(TINY, shared_feedback=True)), tokens(), mask_of(REG_ARNN, WINDOWS))
    gap = own.view(6, 8, 24)[:, 3:5]
    assert (gap == gap[0]).all()


class OneWindow:
    """Always the same windows, the second half of whose gaps is padding."""

    def __init__(self) -> None:
        self.generator = np.random.default_rng(1)
        self.windows = replace(WINDOWS, tokens=WINDOWS.tokens.copy())
        self.windows.tokens[3:, 3:] = END

    def draw(self, size: int) -> TokenWindows:
        assert size == 6
        return self.windows


def loss(teacher_forcing: float, config: ArnnConfig = HEARING) -> float:
    objective = ArnnObjective(made(config), OneWindow(), (), teacher_forcing, PLAIN)
    return float(objective.loss(6).detach())


def test_teacher_forcing_reads_the_true_tokens_and_hides_some() -> None:
    hidden = replace(TINY, input_dropout=0.5)
    assert loss(1.0) != loss(0.0)
    assert loss(1.0) != loss(1.0, hidden)
    assert loss(0.0) == loss(0.0, hidden)


def test_padding_counts_where_the_configuration_says_so() -> None:
    without = replace(TINY, input_dropout=0.0, padding_in_loss=False)
    model, windows = made(without), OneWindow().windows
    real = replace(windows, tokens=windows.tokens[:3])
    objective = ArnnObjective(model, OneWindow(), (), 1.0, PLAIN)
    grid = torch.from_numpy(real.tokens)
    with torch.inference_mode():
        alone = objective.loss_of(grid.flatten(1), mask_of(without, real))
    assert loss(1.0, without) == pytest.approx(float(alone), rel=1e-5)
    assert loss(1.0) != loss(1.0, without)


@pytest.mark.parametrize("name", ["reg-arnn", "flawed-reg-arnn"])
def test_the_key_chooses_the_windows_and_the_late_gap_is_a_measure_late(
    corpora: Corpora, tmp_path: Path, name: str
) -> None:
    config = ARNN_CONFIGS[name]
    source = source_of(Job(config, PLAN, corpora, tmp_path, PLAIN), np.random.default_rng(1))
    drawn = [source.draw(2) for _ in range(200)]
    is_home = config.key == "home"
    assert isinstance(source, SampledTokens if is_home else TransposedTokens)
    assert min(one.past for one in drawn) == (1 if is_home else 2)
    padding = [one.tokens[:, one.past : one.past + one.missing, 0] for one in drawn]
    assert any(np.isin(tokens, (START, END)).any() for tokens in padding)


@pytest.mark.parametrize("name", ["base-arnn", "paper-reg-arnn", "flawed-base-arnn"])
def test_every_kind_goes_through_training_and_on(corpora: Corpora, tmp_path: Path, name: str) -> None:
    config = replace(ARNN_CONFIGS[name], hidden_size=8)
    job = Job(config, SHORT, corpora, tmp_path, PLAIN)
    train(replace(job, plan=replace(SHORT, recipe=replace(SHORT.recipe, steps=1))))
    assert train(job).step == 2
    assert len(log_of(tmp_path)) == 2


def saved(corpora: Corpora, folder: Path) -> Path:
    corpora.played.save(folder / "played.npz")
    corpora.notated.save(folder / "notated.npz")
    return folder


def test_the_command_trains_and_its_run_becomes_a_model_of_the_program(
    corpora: Corpora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ARNN_CONFIGS, "reg-arnn", replace(TINY, name="reg-arnn"))
    monkeypatch.setattr(train_arnn, "ARNN", PLAN)
    corpus, run = saved(corpora, tmp_path / "corpus"), tmp_path / "run"
    words = ["reg-arnn", "--corpus", str(corpus), "--out", str(run), "--steps", "1", "--batch", "2", "--every", "1"]
    assert train_arnn.main([*words, "--device", "cpu", "--threads", "1", "--rate", "1e-3"]) == 0
    out = tmp_path / "arnn.safetensors"
    export_arnn.main([str(run), "--corpus", str(corpus), "--out", str(out)])
    engine = open_engine(str(out), "cpu")
    card = engine.checkpoint.card
    assert (engine.name, card["name"], card["architecture"]) == ("arnn", "reg-arnn", "arnn")
    assert card["corpus"]["notated"]["sha256"] == corpora.notated.digest()


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train_arnn.main(["reg-arnn", "--corpus", str(tmp_path), "--device", "cpu"]) == 2
    assert "make one with python -m training.prepare" in capsys.readouterr().err
