"""A gated recurrent unit that trains fast on a processor without a graphics card.

``GRU`` has the weights, names and arithmetic of ``torch.nn.GRU``. With ``fused`` set it computes
its own backward pass: the weight gradients of all steps are one product at the end instead of one
a step, nothing is copied between steps, and products run in bfloat16 under autocast. The gates
come from Lambert's continued fraction of tanh, cut after seven terms (error below 2e-4, a tenth of
what bfloat16 rounds off), which vectorises where ``torch.tanh`` does not.

Shapes: T steps, R directions, L layers, B batch, H hidden size, I input size.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

_TANH_IS_ONE = 4.97


def _tanh(x: Tensor) -> Tensor:
    x = x.clamp(-_TANH_IS_ONE, _TANH_IS_ONE)
    square = x * x
    above = x * (135135.0 + square * (17325.0 + square * (378.0 + square)))
    below = 135135.0 + square * (62370.0 + square * (3150.0 + square * 28.0))
    return above / below


def _sigmoid(x: Tensor) -> Tensor:
    return 0.5 * _tanh(0.5 * x) + 0.5


def _gates(from_input: Tensor, from_state: Tensor, state: Tensor) -> tuple[Tensor, ...]:
    """One step: the new state, and what the backward pass needs, each (B, H)."""
    kind = from_input.dtype
    reset_in, update_in, new_in = from_input.float().chunk(3, -1)
    reset_state, update_state, new_state = from_state.float().chunk(3, -1)
    reset = _sigmoid(reset_in + reset_state)
    update = _sigmoid(update_in + update_state)
    new = _tanh(new_in + reset * new_state)
    after = new + update * (state.float() - new)
    return after.to(kind), reset.to(kind), update.to(kind), new.to(kind), new_state.to(kind)


def _gates_backward(
    output: Tensor, carried: Tensor, kept: tuple[Tensor, ...], state: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """One step back: the gates' gradients (B, 3H) for input and state, and the state's direct share (B, H)."""
    kind = state.dtype
    gradient, before = output.float() + carried.float(), state.float()
    reset, update, new, new_state = (tensor.float() for tensor in kept)
    to_new = gradient * (1.0 - update) * (1.0 - new * new)
    to_update = gradient * (before - new) * update * (1.0 - update)
    to_reset = to_new * new_state * reset * (1.0 - reset)
    for_input = torch.cat((to_reset, to_update, to_new), -1).to(kind)
    for_state = torch.cat((to_reset, to_update, to_new * reset), -1).to(kind)
    return for_input, for_state, (gradient * update).to(kind)


class _Kernels:
    """The two step functions; ``compile_kernels`` puts compiled ones in their place."""

    forward: Callable[..., tuple[Tensor, ...]] = staticmethod(_gates)
    backward: Callable[..., tuple[Tensor, Tensor, Tensor]] = staticmethod(_gates_backward)


def compile_kernels() -> None:
    """Fuse the step functions with torch.compile; needs a C++ compiler."""
    _Kernels.forward = staticmethod(torch.compile(_gates))
    _Kernels.backward = staticmethod(torch.compile(_gates_backward))


class _Recurrence(torch.autograd.Function):
    """All steps of one direction of a layer: projected inputs (T, B, 3H), state (B, H) -> outputs (T, B, H)."""

    @staticmethod
    def forward(ctx: Any, projected: Tensor, state: Tensor, weight: Tensor, bias: Tensor, reverse: bool) -> Tensor:  # noqa: ANN401 - torch has no type for it
        steps, batch, width = projected.shape
        kind, hidden = projected.dtype, width // 3
        recurrent, offset = weight.to(kind).t().contiguous(), bias.to(kind)
        outputs = projected.new_empty(steps, batch, hidden)
        kept = []
        first = before = state.to(kind)
        for index in _order(steps, reverse):
            from_state = torch.addmm(offset, before, recurrent)
            before, *rest = _Kernels.forward(projected[index], from_state, before)
            outputs[index] = before
            kept.append(tuple(rest))
        ctx.kept = kept
        ctx.save_for_backward(weight, first, outputs)
        ctx.reverse = reverse
        return outputs

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401 - torch has no type for it
        weight, first, outputs = ctx.saved_tensors
        steps, batch, hidden = outputs.shape
        kind = outputs.dtype
        recurrent = weight.to(kind)
        for_input = outputs.new_empty(steps, batch, 3 * hidden)
        for_state = torch.empty_like(for_input)
        carried = torch.zeros_like(first)
        order = _order(steps, ctx.reverse)
        for place in range(steps - 1, -1, -1):
            index = order[place]
            before = outputs[order[place - 1]] if place else first
            for_input[index], states, direct = _Kernels.backward(
                gradients[0][index].to(kind), carried, ctx.kept[place], before
            )
            carried = torch.addmm(direct, states, recurrent)
            for_state[index] = states
        for_weight = _weight_gradient(for_state, outputs, first, ctx.reverse)
        return for_input, carried, for_weight.to(weight.dtype), column_sums(for_state).to(weight.dtype), None


def _order(steps: int, reverse: bool) -> range:
    return range(steps - 1, -1, -1) if reverse else range(steps)


def _weight_gradient(for_state: Tensor, outputs: Tensor, first: Tensor, reverse: bool) -> Tensor:
    """One product over all steps; the state before a step is the output of its neighbour."""
    steps = outputs.shape[0]
    later, earlier = (slice(0, steps - 1), slice(1, steps)) if reverse else (slice(1, steps), slice(0, steps - 1))
    start = steps - 1 if reverse else 0
    result = torch.mm(for_state[later].flatten(0, 1).t(), outputs[earlier].flatten(0, 1))
    return result + torch.mm(for_state[start].t(), first)


def column_sums(rows: Tensor) -> Tensor:
    """The sum over all but the last axis, as a product: far faster than ``sum`` in bfloat16."""
    flat = rows.flatten(0, -2)
    return torch.mm(flat.new_ones(1, flat.shape[0]), flat)[0]


class _Projection(torch.autograd.Function):
    """``linear`` whose bias gradient is a product (see ``column_sums``)."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weight: Tensor, bias: Tensor) -> Tensor:  # noqa: ANN401 - torch has no type for it
        ctx.save_for_backward(inputs, weight)
        return nn.functional.linear(inputs, weight.to(inputs.dtype), bias.to(inputs.dtype))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, ...]:  # noqa: ANN401 - torch has no type for it
        inputs, weight = ctx.saved_tensors
        gradient = gradients[0].to(inputs.dtype)
        for_inputs = torch.matmul(gradient, weight.to(inputs.dtype))
        for_weight = torch.mm(gradient.flatten(0, -2).t(), inputs.flatten(0, -2))
        return for_inputs, for_weight.to(weight.dtype), column_sums(gradient).to(weight.dtype)


def project(inputs: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A linear layer, in the autocast type of the inputs' device where autocast is on."""
    device = inputs.device.type
    if torch.is_autocast_enabled(device):
        inputs = inputs.to(torch.get_autocast_dtype(device))
    result: Tensor = _Projection.apply(inputs, weight, bias)  # type: ignore[no-untyped-call]
    return result


class GRU(nn.GRU):
    """``torch.nn.GRU``, time first, with a fast path for training (see the module's text)."""

    fused = False

    def forward(  # type: ignore[override]
        self, inputs: Tensor, state: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Run all layers. Inputs (T, B, I), state (L * R, B, H) -> outputs (T, B, R * H), state."""
        if not self.fused:
            return super().forward(inputs, state)
        if state is None:
            state = inputs.new_zeros(self.num_layers * self.directions, inputs.shape[1], self.hidden_size)
        return self.run([self.projected(inputs, 0, suffix) for suffix in self.suffixes], state)

    @property
    def directions(self) -> int:
        """2 where the unit reads both ways, else 1."""
        return 2 if self.bidirectional else 1

    @property
    def suffixes(self) -> tuple[str, ...]:
        """What the names of the weights of each direction end in."""
        return ("", "_reverse")[: self.directions]

    def weight(self, kind: str, layer: int, suffix: str = "") -> Tensor:
        """One weight by its kind (``weight_ih``, ``bias_hh``, ...), layer and direction."""
        result: Tensor = getattr(self, f"{kind}_l{layer}{suffix}")
        return result

    def projected(self, inputs: Tensor, layer: int, suffix: str = "") -> Tensor:
        """The inputs' share of the gates of one direction of a layer, (T, B, 3H)."""
        return project(inputs, self.weight("weight_ih", layer, suffix), self.weight("bias_ih", layer, suffix))

    def run(self, projected: list[Tensor], state: Tensor) -> tuple[Tensor, Tensor]:
        """Run all layers from the projected inputs of the first one, one tensor a direction."""
        finals: list[Tensor] = []
        outputs = projected[0]
        for layer in range(self.num_layers):
            if layer:
                outputs = nn.functional.dropout(outputs, self.dropout, self.training)
                projected = [self.projected(outputs, layer, suffix) for suffix in self.suffixes]
            states = state[layer * self.directions : (layer + 1) * self.directions]
            sides = [self._side(projected[side], states[side], layer, side) for side in range(self.directions)]
            finals += [sides[0][-1], *(side[0] for side in sides[1:])]
            outputs = torch.cat(sides, -1) if self.bidirectional else sides[0]
        return outputs, torch.stack(finals)

    def _side(self, projected: Tensor, state: Tensor, layer: int, side: int) -> Tensor:
        suffix = self.suffixes[side]
        weight, bias = self.weight("weight_hh", layer, suffix), self.weight("bias_hh", layer, suffix)
        result: Tensor = _Recurrence.apply(projected, state, weight, bias, side == 1)  # type: ignore[no-untyped-call]
        return result
