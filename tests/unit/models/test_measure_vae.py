"""MeasureVAE: a Gaussian for each measure, and a decoder that says the same in both of its ways."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from inpaint_desktop.encoding.vocabulary import SIZE
from inpaint_desktop.models.config import VaeConfig
from inpaint_desktop.models.gru import GRU
from inpaint_desktop.models.measure_vae import Latent, MeasureVae, use_fused
from inpaint_desktop.models.unrolling import likeliest, log_likelihoods, unroll

TINY = VaeConfig(embedding_size=6, hidden_size=16, head_size=12, latent_size=8, dropout=0.0)


def vae_of(config: VaeConfig = TINY, seed: int = 1) -> MeasureVae:
    torch.manual_seed(seed)
    return MeasureVae(config).eval()


def measures(count: int = 4, seed: int = 2) -> Tensor:
    return torch.randint(SIZE, (count, TINY.ticks), generator=torch.Generator().manual_seed(seed))


def latent() -> Latent:
    generator = torch.Generator().manual_seed(5)
    mean, log_std = (torch.randn(3, 8, generator=generator) for _ in range(2))
    return Latent(mean, 0.3 * log_std)


def test_the_divergence_is_that_of_two_gaussians() -> None:
    normal, unit = Normal(latent().mean, latent().log_std.exp()), Normal(torch.zeros(8), torch.ones(8))
    torch.testing.assert_close(latent().divergence(), kl_divergence(normal, unit).sum(-1))


def test_samples_have_the_mean_and_the_spread() -> None:
    one = Latent(torch.full((20_000, 1), 3.0), torch.full((20_000, 1), -1.0))
    drawn = one.sample(generator=torch.Generator().manual_seed(1))
    assert drawn.mean().item() == pytest.approx(3.0, abs=0.02)
    assert drawn.std().item() == pytest.approx(torch.tensor(-1.0).exp().item(), abs=0.02)


def test_without_spread_a_sample_is_the_mean() -> None:
    assert torch.equal(latent().sample(0.0), latent().mean)


def test_a_measure_has_logits_for_every_tick_and_token() -> None:
    logits, found = vae_of()(measures())
    assert logits.shape == (4, 24, SIZE)
    assert found.mean.shape == found.log_std.shape == (4, TINY.latent_size)


@pytest.mark.parametrize("fused", [False, True])
def test_teacher_forcing_equals_unrolling_with_the_same_tokens(fused: bool) -> None:
    model, tokens = vae_of(), measures()
    use_fused(model, fused)
    latents = torch.randn(4, TINY.latent_size)
    logits, chosen = unroll(model.decoder, latents, lambda tick, _: tokens[:, tick])
    assert torch.equal(chosen, tokens)
    torch.testing.assert_close(model.decoder(latents, tokens), logits, atol=2e-3, rtol=0)


def test_a_blind_decoder_equals_one_with_every_token_hidden() -> None:
    model, tokens = vae_of(), measures()
    latents = torch.randn(4, TINY.latent_size)
    logits, _ = unroll(model.decoder, latents, blind=True)
    hidden = model.decoder(latents, tokens, torch.zeros(tokens.shape, dtype=torch.bool))
    torch.testing.assert_close(hidden, logits, atol=2e-3, rtol=0)


def test_several_readings_of_a_latent_are_as_likely_as_teacher_forcing_says() -> None:
    model, latents = vae_of(), torch.randn(3, TINY.latent_size)
    readings = torch.stack([measures(3, seed) for seed in (4, 5)])
    found = log_likelihoods(model.decoder, latents, readings)
    for reading, likelihood in zip(readings, found, strict=True):
        expected = model.decoder(latents, reading).log_softmax(-1).gather(-1, reading[..., None])[..., 0]
        torch.testing.assert_close(likelihood, expected, atol=2e-3, rtol=0)


def test_a_free_decoder_feeds_back_its_likeliest_tokens() -> None:
    model = vae_of()
    logits, tokens = unroll(model.decoder, torch.randn(4, TINY.latent_size), likeliest)
    assert torch.equal(tokens, logits.argmax(-1))


def test_a_tick_does_not_see_later_tokens() -> None:
    model, tokens = vae_of(), measures()
    changed = tokens.clone()
    changed[:, 9:] = (changed[:, 9:] + 1) % SIZE
    latents = torch.randn(4, TINY.latent_size)
    before, after = model.decoder(latents, tokens), model.decoder(latents, changed)
    assert torch.equal(before[:, :10], after[:, :10])
    assert not torch.equal(before[:, 10:], after[:, 10:])


def test_the_tick_state_starts_afresh_at_every_beat() -> None:
    model, tokens = vae_of(), measures()
    changed = tokens.clone()
    changed[:, :5] = (changed[:, :5] + 1) % SIZE  # the sixth token is carried over, the state is not
    latents = torch.randn(4, TINY.latent_size)
    assert torch.equal(model.decoder(latents, tokens)[:, 6:], model.decoder(latents, changed)[:, 6:])


def test_measures_are_encoded_each_by_itself() -> None:
    model, tokens = vae_of(), measures()
    torch.testing.assert_close(model.encoder(tokens).mean[2:3], model.encoder(tokens[2:3]).mean)


def test_the_second_head_gives_the_log_of_variance_or_deviation() -> None:
    deviation, variance = vae_of(), vae_of(replace(TINY, spread="log_variance"))
    torch.testing.assert_close(variance.encoder(measures()).log_std, 0.5 * deviation.encoder(measures()).log_std)


def test_rectified_logits_are_plain_ones_without_what_is_below_zero() -> None:
    rectified, plain = vae_of(), vae_of(replace(TINY, relu_logits=False))
    latents = torch.randn(4, TINY.latent_size)
    outputs = [model.decoder(latents, measures()) for model in (rectified, plain)]
    assert outputs[1].min() < 0
    assert torch.equal(outputs[0], outputs[1].relu())


def test_dropout_is_the_configured_one_in_every_unit() -> None:
    units = [part for part in vae_of(replace(TINY, dropout=0.25)).modules() if isinstance(part, GRU)]
    assert [unit.dropout for unit in units] == [0.25] * 3


def test_other_grids_have_other_lengths() -> None:
    model = vae_of(replace(TINY, beats=3))
    logits, tokens = unroll(model.decoder, torch.randn(2, TINY.latent_size))
    assert (logits.shape[1], tokens.shape[1]) == (18, 18)
