"""The networks have the sizes of the paper's Table 1 and the published code, weight by weight."""

from dataclasses import replace

import pytest
from torch import nn

from inpaint_desktop.models.config import OURS, PAPER, LatentRnnConfig, VaeConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.latent_rnn import LatentRnn
from inpaint_desktop.models.measure_vae import Decoder, Encoder, MeasureVae

VOCABULARY = 80


def count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_encoder_of_the_paper() -> None:
    assert count(Encoder(VaeConfig(vocabulary_size=VOCABULARY))) == 11_055_616 + 10 * VOCABULARY


def test_the_decoder_of_the_paper() -> None:
    assert count(Decoder(VaeConfig(vocabulary_size=VOCABULARY))) == 6_585_355 + 523 * VOCABULARY


@pytest.mark.parametrize(("vocabulary", "expected"), [(75, 17_680_946), (80, 17_683_611), (100, 17_694_271)])
def test_the_measure_vae_of_the_paper(vocabulary: int, expected: int) -> None:
    assert count(MeasureVae(VaeConfig(vocabulary_size=vocabulary))) == expected


def test_the_latent_rnn_of_the_paper() -> None:
    assert count(LatentRnn(LatentRnnConfig(), 256)) == 39_901_441


def test_the_latent_rnn_as_figure_4_draws_it() -> None:
    assert count(LatentRnn(LatentRnnConfig(bidirectional=False), 256)) == 23_895_297


def test_the_whole_of_the_paper() -> None:
    assert count(InpaintNet(replace(PAPER, vae=VaeConfig(vocabulary_size=VOCABULARY)))) == 57_585_052


def test_ours() -> None:
    model = InpaintNet(OURS)
    counts = {"vae": count(model.vae), "latent_rnn": count(model.latent_rnn), "all": count(model)}
    assert counts == {"vae": 4_511_747, "latent_rnn": 11_947_392, "all": 18_158_662}
