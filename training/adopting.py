"""A network that goes on from the weights of one of another shape."""

from itertools import accumulate

from torch import Tensor

from inpaint_desktop.models.config import InpaintNetConfig, LatentRnnConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.latent_rnn import step_parts

_READS_STEPS = ("generation_gru.weight_ih_l0", "generation_gru.weight_ih_l0_reverse", "attention.to_query.weight")
"""The matrices of a LatentRNN whose columns are what a step knows."""


def adopted(config: InpaintNetConfig, start: InpaintNet) -> InpaintNet:
    """A new model with the weights of ``start`` wherever they have a place in it.

    Matrices that read what a step of the LatentRNN knows keep the columns of what both steps know. What ``start`` lacks
    is as it was initialised.
    """
    model = InpaintNet(config)
    old, new = start.state_dict(), model.state_dict()  # these are the model's weights themselves
    places = [_columns(one.latent_rnn) for one in (start.config, config)]
    for name, weight in new.items():
        if name in old and old[name].shape == weight.shape:
            weight.copy_(old[name])
        elif name in old and name.removeprefix("latent_rnn.") in _READS_STEPS:
            _copy_columns(old[name], weight, places)
    return model


def _columns(config: LatentRnnConfig) -> dict[str, slice]:
    """Where each part stands among the columns of what a step knows."""
    sizes = step_parts(config)
    ends = accumulate(sizes.values())
    return {part: slice(end - size, end) for (part, size), end in zip(sizes.items(), ends, strict=True)}


def _copy_columns(old: Tensor, new: Tensor, places: list[dict[str, slice]]) -> None:
    there, here = places
    for part in there.keys() & here.keys():
        source, target = old[:, there[part]], new[:, here[part]]
        if source.shape == target.shape:
            target.copy_(source)
