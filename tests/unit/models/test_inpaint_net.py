"""InpaintNet: from the measures on both sides of a gap to the measures in it."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from inpaint_desktop.encoding.vocabulary import SIZE
from inpaint_desktop.models.config import OURS, PAPER, InpaintNetConfig, LatentRnnConfig, VaeConfig
from inpaint_desktop.models.inpaint_net import InpaintNet, Noise
from inpaint_desktop.models.measure_vae import Latent

TINY_VAE = VaeConfig(embedding_size=6, hidden_size=16, head_size=12, latent_size=8, dropout=0.0)
TINY_RNN = LatentRnnConfig(hidden_size=12, dropout=0.0)
TINY = InpaintNetConfig("tiny", TINY_VAE, TINY_RNN)
STILL = Noise(context=0.0)


def model_of(config: InpaintNetConfig = TINY) -> InpaintNet:
    torch.manual_seed(1)
    return InpaintNet(config).eval()


def contexts(past: int = 5, future: int = 3) -> tuple[Latent, Latent]:
    generator = torch.Generator().manual_seed(2)
    means = [torch.randn(2, length, 8, generator=generator) for length in (past, future)]
    return Latent(means[0], torch.zeros_like(means[0])), Latent(means[1], torch.zeros_like(means[1]))


def filled(model: InpaintNet, missing: int = 4) -> Tensor:
    return model.traverse(*contexts(), missing, noise=STILL)


@pytest.mark.parametrize("missing", [1, 4, 8])
def test_every_missing_measure_gets_a_latent_and_tokens(missing: int) -> None:
    model = model_of()
    latents = filled(model, missing)
    logits, tokens = model.decode(latents)
    assert latents.shape == (2, missing, 8)
    assert (logits.shape, tokens.shape) == ((2, missing, 24, SIZE), (2, missing, 24))


def test_measures_of_any_shape_are_encoded() -> None:
    tokens = torch.randint(SIZE, (2, 5, 24))
    model = model_of()
    torch.testing.assert_close(model.encode(tokens).mean[1, 3], model.vae.encoder(tokens[1, 3:4]).mean[0])


def test_without_noise_the_answer_is_always_the_same() -> None:
    model = model_of()
    assert torch.equal(filled(model), filled(model))


@pytest.mark.parametrize("noise", [Noise(context=1.0), Noise(context=0.0, gap=1.0)])
def test_noise_is_drawn_from_the_generator(noise: Noise) -> None:
    model = model_of()

    def drawn(seed: int) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        return model.traverse(*contexts(), 4, noise=noise, generator=generator)

    assert torch.equal(drawn(1), drawn(1))
    assert not torch.equal(drawn(1), drawn(2))


def test_both_sides_of_the_gap_are_heard() -> None:
    model, (past, future) = model_of(), contexts()
    other = Latent(future.mean + 1.0, future.log_std)
    before, after = (model.traverse(past, side, 4, noise=STILL) for side in (future, other))
    assert not torch.allclose(before, after)
    other = Latent(past.mean + 1.0, past.log_std)
    assert not torch.allclose(before, model.traverse(other, future, 4, noise=STILL))


def test_as_published_every_step_gets_the_same_scalar() -> None:
    steps = model_of().latent_rnn._steps(torch.zeros(4, 2, 24), 3)
    assert steps.shape == (3, 2, 1)
    assert steps.unique().numel() == 1


def test_with_positions_a_step_knows_how_far_both_ends_are() -> None:
    model = model_of(replace(TINY, latent_rnn=replace(TINY_RNN, positions=True)))
    steps = model.latent_rnn._steps(torch.zeros(4, 2, 24), 3)
    assert len({tuple(step.tolist()) for step in steps[:, 0].detach()}) == 3


def test_with_context_at_every_step_the_inputs_know_the_context() -> None:
    model = model_of(replace(TINY, latent_rnn=replace(TINY_RNN, context_at_every_step=True)))
    steps = [model.latent_rnn._steps(torch.full((4, 2, 24), level), 3) for level in (0.0, 1.0)]
    assert not torch.allclose(steps[0], steps[1])


def test_read_both_ways_the_first_measure_depends_on_how_many_follow() -> None:
    published, figure_4 = model_of(), model_of(replace(TINY, latent_rnn=replace(TINY_RNN, bidirectional=False)))
    assert not torch.allclose(filled(published, 2)[:, 0], filled(published, 5)[:, 0])
    torch.testing.assert_close(filled(figure_4, 2)[:, 0], filled(figure_4, 5)[:, 0])


def test_the_decoder_is_the_vaes_own_unless_it_is_tuned() -> None:
    model = model_of()
    assert model.decoder is model.vae.decoder
    tuned = model_of(replace(TINY, tuned_decoder=True))
    assert tuned.decoder is tuned.tuned_decoder


def test_tuning_starts_from_the_trained_decoder() -> None:
    model = model_of(replace(TINY, tuned_decoder=True))
    torch.nn.init.ones_(model.vae.decoder.to_logits.weight)
    model.start_tuning()
    assert torch.equal(model.decoder.to_logits.weight, model.vae.decoder.to_logits.weight)
    assert model.decoder is not model.vae.decoder


def test_there_is_nothing_to_start_where_no_decoder_is_tuned() -> None:
    model = model_of()
    model.start_tuning()
    assert model.tuned_decoder is None


@pytest.mark.parametrize("config", [PAPER, OURS, TINY])
def test_a_configuration_comes_back_from_json_values(config: InpaintNetConfig) -> None:
    assert InpaintNetConfig.from_dict(config.as_dict()) == config


def test_a_field_of_another_version_is_refused() -> None:
    with pytest.raises(TypeError, match="tempo"):
        InpaintNetConfig.from_dict({**PAPER.as_dict(), "tempo": 1})
