"""The fast GRU is the library's GRU: same weights, same outputs, same gradients."""

import pytest
import torch
from torch import Tensor, nn

from inpaint_desktop.models.gru import GRU, column_sums, project

STEPS, BATCH, INPUTS, HIDDEN = 5, 3, 4, 6
SHAPES = [(layers, bidirectional) for layers in (1, 2, 3) for bidirectional in (False, True)]


def twins(layers: int, bidirectional: bool) -> tuple[GRU, nn.GRU]:
    """Ours on its fast path and the library's, with the same weights."""
    torch.manual_seed(3)
    ours = GRU(INPUTS, HIDDEN, layers, bidirectional=bidirectional)
    theirs = nn.GRU(INPUTS, HIDDEN, layers, bidirectional=bidirectional)
    theirs.load_state_dict(ours.state_dict())
    ours.fused = True
    return ours, theirs


def start(layers: int, bidirectional: bool) -> tuple[Tensor, Tensor]:
    directions = 2 if bidirectional else 1
    inputs = torch.randn(STEPS, BATCH, INPUTS, requires_grad=True)
    return inputs, torch.randn(layers * directions, BATCH, HIDDEN, requires_grad=True)


@pytest.mark.parametrize(("layers", "bidirectional"), SHAPES)
def test_outputs_and_states_are_equal(layers: int, bidirectional: bool) -> None:
    ours, theirs = twins(layers, bidirectional)
    inputs, state = start(layers, bidirectional)
    for mine, other in zip(ours(inputs, state), theirs(inputs, state), strict=True):
        torch.testing.assert_close(mine, other, atol=1e-3, rtol=0)


@pytest.mark.parametrize(("layers", "bidirectional"), SHAPES)
def test_gradients_are_equal(layers: int, bidirectional: bool) -> None:
    ours, theirs = twins(layers, bidirectional)
    inputs, state = start(layers, bidirectional)
    weights = torch.randn(STEPS, BATCH, HIDDEN * (2 if bidirectional else 1))
    gradients = []
    for unit in (ours, theirs):
        outputs, last = unit(inputs, state)
        loss = (outputs * weights).sum() + last.pow(2).sum()
        gradients.append(torch.autograd.grad(loss, (inputs, state, *unit.parameters())))
    for mine, other in zip(*gradients, strict=True):
        torch.testing.assert_close(mine, other, atol=6e-3, rtol=2e-3)


def test_without_a_state_it_starts_from_zeros() -> None:
    ours, theirs = twins(2, bidirectional=True)
    inputs, _ = start(2, bidirectional=True)
    torch.testing.assert_close(ours(inputs)[0], theirs(inputs)[0], atol=1e-3, rtol=0)


def test_off_the_fast_path_it_is_the_library_itself() -> None:
    ours, theirs = twins(2, bidirectional=True)
    ours.fused = False
    inputs, state = start(2, bidirectional=True)
    assert torch.equal(ours(inputs, state)[0], theirs(inputs, state)[0])


def test_dropout_acts_between_layers_in_training_only() -> None:
    torch.manual_seed(3)
    unit = GRU(INPUTS, HIDDEN, 2, dropout=0.5)
    unit.fused = True
    inputs, _ = start(2, bidirectional=False)
    assert not torch.equal(unit(inputs)[0], unit(inputs)[0])
    unit.eval()
    assert torch.equal(unit(inputs)[0], unit(inputs)[0])


def test_autocast_computes_in_bfloat16_and_stays_near() -> None:
    ours, theirs = twins(2, bidirectional=False)
    inputs, state = start(2, bidirectional=False)
    with torch.autocast("cpu", torch.bfloat16):
        outputs, _ = ours(inputs, state)
    assert outputs.dtype == torch.bfloat16
    torch.testing.assert_close(outputs.float(), theirs(inputs, state)[0], atol=0.03, rtol=0)


def test_a_projection_is_a_linear_layer() -> None:
    inputs, layer = torch.randn(STEPS, BATCH, INPUTS), nn.Linear(INPUTS, HIDDEN)
    torch.testing.assert_close(project(inputs, layer.weight, layer.bias), layer(inputs))


def test_column_sums_are_sums() -> None:
    rows = torch.randn(STEPS, BATCH, INPUTS)
    torch.testing.assert_close(column_sums(rows), rows.sum((0, 1)))
