"""The paper's ablations: a side that is not seen has no say, and the halved network has the published size."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from inpaint_desktop.models.config import ABLATIONS, CONFIGS, OURS, PAPER, SMALL, InpaintNetConfig, ablated
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.latent_rnn import LatentRnn

WHOLE = {config.name: config for config in (PAPER, OURS, SMALL)}


def latent_rnn_of(config: InpaintNetConfig) -> LatentRnn:
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return LatentRnn(replace(config.latent_rnn, hidden_size=8), 6).eval()


def drawn(measures: int, seed: int) -> Tensor:
    return torch.randn(2, measures, 6, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("ablation", ["past", "future", "past-halved", "future-halved"])
def test_only_one_side_has_a_say(name: str, ablation: str) -> None:
    network = latent_rnn_of(ablated(WHOLE[name], ablation))
    with torch.inference_mode():
        expected = network(drawn(3, 1), drawn(4, 2), 2)
        other_past, other_future = network(drawn(3, 9), drawn(4, 2), 2), network(drawn(3, 1), drawn(4, 9), 2)
    assert torch.equal(expected, other_past) is ablation.startswith("future")
    assert torch.equal(expected, other_future) is ablation.startswith("past")


def test_the_halved_network_has_the_size_of_the_published_ablation() -> None:
    network = LatentRnn(ablated(PAPER, "past-halved").latent_rnn, PAPER.vae.latent_size)
    assert sum(parameter.numel() for parameter in network.parameters()) == 20_749_569


def test_a_whole_network_cannot_be_halved() -> None:
    assert replace(PAPER.latent_rnn, halved=True).generation_size == PAPER.latent_rnn.generation_size


def test_over_an_untrained_vae_no_decoder_learns() -> None:
    config = ablated(OURS, "untrained")
    small = replace(config, vae=replace(OURS.vae, hidden_size=4), latent_rnn=replace(OURS.latent_rnn, hidden_size=4))
    assert config.untrained_vae
    assert InpaintNet(small).tuned_decoder is None


def test_every_whole_model_has_all_ablations() -> None:
    assert {f"{name}-{ablation}" for name in WHOLE for ablation in ABLATIONS} <= CONFIGS.keys()
    assert {config.name for config in CONFIGS.values()} == CONFIGS.keys()
