"""Training of the LatentRNN: what each field of the configuration does in it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from inpaint_desktop.encoding.vocabulary import END, FIRST_NOTE, START
from inpaint_desktop.models.config import InpaintNetConfig, LatentRnnConfig, VaeConfig
from inpaint_desktop.models.gru import GRU
from inpaint_desktop.models.inpaint_net import InpaintNet, Noise
from inpaint_desktop.models.measure_vae import Latent
from training.inpainting import InpaintObjective, InpaintRecipe, latent_loss
from training.latents import (
    FreshLatents,
    LatentBank,
    SampledWindows,
    TransposedWindows,
    Windows,
)
from training.machine import PLAIN
from training.measures import home_tokens
from training.published import PublishedWindows
from training.trials import Corpora, ground_of, trial_on
from training.windows import WindowSampler, bind

TINY = InpaintNetConfig(
    "tiny",
    VaeConfig(embedding_size=6, hidden_size=16, head_size=12, latent_size=8, dropout=0.5),
    LatentRnnConfig(hidden_size=12, dropout=0.0),
    key="home",
)


class OneWindow:
    """Always the same windows: two with music in the gap and two with padding."""

    def __init__(self) -> None:
        self.generator = np.random.default_rng(1)
        drawn = torch.Generator().manual_seed(1)
        targets = torch.randint(4, 90, (4, 3, 24), generator=drawn)
        targets[2:, 1:] = END
        context = Latent(torch.randn(4, 5, 8, generator=drawn), torch.zeros(4, 5, 8))
        truth = Latent(torch.randn(4, 3, 8, generator=drawn), torch.zeros(4, 3, 8))
        self.windows = Windows(context, context, targets, lambda: truth)

    def draw(self, size: int) -> Windows:
        assert size == 4
        return self.windows


def objective(config: InpaintNetConfig, recipe: InpaintRecipe | None = None) -> InpaintObjective:
    torch.manual_seed(1)
    return InpaintObjective(InpaintNet(config), OneWindow(), (), recipe or InpaintRecipe(1.0, 0.0, 0.0))


def loss(config: InpaintNetConfig, recipe: InpaintRecipe | None = None, seed: int = 2) -> Tensor:
    made = objective(config, recipe)
    made.model.train()
    torch.manual_seed(seed)
    return made.loss(4)


QUIET = replace(TINY, decoder_dropout=False, latent_rnn=replace(TINY.latent_rnn, sampled_context=False))


def test_only_the_latent_rnn_learns_over_a_frozen_vae() -> None:
    made = objective(QUIET)
    made.loss(4).backward()
    learning = {name.split(".")[0] for name, weight in made.model.named_parameters() if weight.grad is not None}
    assert learning == {"latent_rnn"}


def test_a_tuned_decoder_learns_too_and_the_vae_stays_as_it_was() -> None:
    made = objective(replace(QUIET, tuned_decoder=True))
    made.loss(4).backward()
    learning = {name.split(".")[0] for name, weight in made.model.named_parameters() if weight.grad is not None}
    assert learning == {"latent_rnn", "tuned_decoder"}


def test_sampled_contexts_make_the_loss_random() -> None:
    sampled = replace(QUIET, latent_rnn=replace(QUIET.latent_rnn, sampled_context=True))
    assert loss(QUIET, seed=2) == loss(QUIET, seed=3)
    assert loss(sampled, seed=2) != loss(sampled, seed=3)


def test_the_frozen_decoders_dropout_lives_where_the_configuration_says_so() -> None:
    alive = replace(QUIET, decoder_dropout=True)
    assert loss(alive, seed=2) != loss(alive, seed=3)
    assert loss(QUIET, seed=2) == loss(QUIET, seed=3)


def test_dropout_is_silenced_in_the_vae_and_not_in_the_latent_rnn() -> None:
    made = objective(replace(QUIET, latent_rnn=replace(QUIET.latent_rnn, dropout=0.3), tuned_decoder=True))
    shares = {name.split(".")[0]: part.dropout for name, part in made.model.named_modules() if isinstance(part, GRU)}
    assert shares == {"vae": 0.0, "tuned_decoder": 0.0, "latent_rnn": 0.3}


def test_padding_counts_in_the_loss_where_the_configuration_says_so() -> None:
    made = objective(QUIET)
    windows = OneWindow().windows
    latents = made.model.traverse(windows.past, windows.future, 3, noise=_still())
    real = windows.is_music
    assert real.tolist() == [[True] * 3] * 2 + [[True, False, False]] * 2
    expected = made.token_loss(latents[real], windows.targets[real])
    torch.testing.assert_close(loss(replace(QUIET, padding_in_loss=False)), expected)
    everything = made.token_loss(latents.flatten(0, 1), windows.targets.flatten(0, 1))
    torch.testing.assert_close(loss(QUIET), everything)


def test_latents_can_be_targets_beside_the_tokens() -> None:
    plain, beside = InpaintRecipe(1.0, 0.0, 0.0), InpaintRecipe(1.0, 0.0, 0.0, latent_weight=2.0)
    windows, made = OneWindow().windows, objective(QUIET)
    latents = made.model.traverse(windows.past, windows.future, 3, noise=_still())
    distance = (latents - windows.truth().mean).square().mean() / 2  # the spread is 1 here
    torch.testing.assert_close(loss(QUIET, beside) - loss(QUIET, plain), 2.0 * distance)
    music = replace(QUIET, padding_in_loss=False)
    distance = (latents - windows.truth().mean)[windows.is_music].square().mean() / 2
    torch.testing.assert_close(loss(music, beside) - loss(music, plain), 2.0 * distance)


def test_the_distance_of_latents_is_counted_in_spreads() -> None:
    truth = Latent(torch.zeros(2, 3), torch.full((2, 3), np.log(0.5)))
    assert latent_loss(torch.ones(2, 3), truth).item() == pytest.approx(2.0)


def _still() -> Noise:
    return Noise(context=0.0)


def test_the_paper_feeds_back_the_decoders_own_tokens() -> None:
    recipes = (InpaintRecipe(0.0), InpaintRecipe(1.0, 0.0, 0.0), InpaintRecipe(1.0, 1.0, 0.0))
    assert len({round(loss(QUIET, recipe).item(), 6) for recipe in recipes}) == 3


def test_own_tokens_known_before_give_the_papers_loss() -> None:
    fed_back_as_it_goes, all_at_once = InpaintRecipe(0.0), InpaintRecipe(1.0, 0.0, 0.9, own_share=1.0)
    torch.testing.assert_close(loss(QUIET, all_at_once), loss(QUIET, fed_back_as_it_goes))


def test_a_share_of_the_measures_reads_the_decoders_own_tokens_and_is_never_blind() -> None:
    made = objective(QUIET, InpaintRecipe(1.0, 0.5, 0.0, own_share=0.5))
    latents, targets = torch.randn(400, 8), torch.full((400, 24), FIRST_NOTE)
    tokens, known = made._fed_back(latents, targets)
    is_own, is_blind = (tokens != targets).any(1), ~known.any(1)
    assert 120 < int(is_own.sum()) < 280
    assert not (is_own & is_blind).any()
    assert (is_own | is_blind).all()


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_on_cuda_a_silenced_decoder_still_passes_gradients() -> None:
    made = objective(QUIET)
    made.model.cuda().train()
    latents = torch.randn(4, 8, device="cuda", requires_grad=True)
    made.token_loss(latents, torch.zeros(4, 24, dtype=torch.long, device="cuda")).backward()
    assert latents.grad is not None


def sampler_of(corpora: Corpora) -> WindowSampler:
    corpus = corpora.notated
    bank, (book,) = bind([(corpus, home_tokens(corpus))])
    return WindowSampler(bank, book.only(corpus.tunes("train")), np.random.default_rng(1))


def test_cached_latents_are_those_of_the_encoder(corpora: Corpora) -> None:
    model = InpaintNet(TINY).eval()
    drawn = sampler_of(corpora)
    batch = drawn.batch(8)
    cached, fresh = (
        made.windows(batch) for made in (LatentBank(model.vae, drawn.bank), FreshLatents(model, drawn.bank))
    )
    torch.testing.assert_close(cached.past.mean, fresh.past.mean, atol=2e-3, rtol=2e-3)
    assert torch.equal(cached.targets, fresh.targets)


def test_latents_are_kept_for_other_runs_over_the_same_encoder(corpora: Corpora, tmp_path: Path) -> None:
    model, bank = InpaintNet(TINY).eval(), sampler_of(corpora).bank
    first = LatentBank(model.vae, bank, PLAIN, tmp_path)
    kept = list(tmp_path.iterdir())
    assert torch.equal(LatentBank(model.vae, bank, PLAIN, tmp_path).mean, first.mean)
    assert list(tmp_path.iterdir()) == kept
    other = LatentBank(InpaintNet(TINY).vae, bank, PLAIN, tmp_path)
    assert not torch.equal(other.mean, first.mean)
    assert len(list(tmp_path.iterdir())) == 2


def test_fresh_latents_feel_the_encoders_dropout(corpora: Corpora) -> None:
    model = InpaintNet(TINY).train()
    drawn = sampler_of(corpora)
    batch = drawn.batch(8)
    first, second = (FreshLatents(model, drawn.bank).windows(batch).past.mean for _ in range(2))
    assert not torch.equal(first, second)


@pytest.mark.parametrize("shares", [(1.0, 0.0), (0.0, 1.0)])
def test_samplers_are_drawn_from_by_their_shares(corpora: Corpora, shares: tuple[float, float]) -> None:
    one = sampler_of(corpora)
    samplers = [replace(one, gaps=(missing, missing)) for missing in (1, 2)]
    source = SampledWindows(LatentBank(InpaintNet(TINY).vae, one.bank), list(zip(shares, samplers, strict=True)))
    assert {source.draw(4).targets.shape[1] for _ in range(10)} == {1 if shares[0] else 2}


def test_published_windows_have_the_papers_gaps(corpora: Corpora) -> None:
    model = InpaintNet(replace(TINY, key="written", vae=replace(TINY.vae, hidden_size=4, head_size=4)))
    published = PublishedWindows.of(corpora.played, "train", np.random.default_rng(1))
    source = TransposedWindows(model, published)
    drawn = [source.draw(1) for _ in range(100)]
    shapes = {(one.past.mean.shape[1], one.targets.shape[1], one.future.mean.shape[1]) for one in drawn}
    assert {sum(shape) for shape in shapes} == {16}
    assert {missing for _, missing, _ in shapes} == {2, 3, 4, 5, 6}
    assert min(past for past, _, _ in shapes) == 1
    assert min(future for _, _, future in shapes) == 2


def test_published_windows_hold_padding_in_gaps(corpora: Corpora) -> None:
    published = PublishedWindows.of(corpora.played, "train", np.random.default_rng(1))
    source = TransposedWindows(InpaintNet(replace(TINY, key="written")), published)
    targets = torch.cat([source.draw(16).targets.flatten(0, 1) for _ in range(20)])
    assert (targets == END).all(1).any()
    assert not ((targets == START).any(1) & (targets != START).any(1)).any()


def test_validation_does_not_move_the_random_numbers(corpora: Corpora) -> None:
    made = objective(QUIET)
    made.trials = [trial_on(made.model, ground_of("C", corpora, "valid", "home"), 2, 20)]
    state = torch.get_rng_state()
    figures = made.evaluate()
    assert made.evaluate() == figures
    assert torch.equal(torch.get_rng_state(), state)
    assert figures["score"] == min(figures["C_nll"], figures["C_blind_nll"])
