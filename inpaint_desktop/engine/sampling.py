"""Drawing tokens under the grammar: one candidate, one stream of random numbers.

Every candidate has a seed of its own, so that a take can be made again whatever others were drawn beside
it. Shapes: C candidates, N measures of the gap, T ticks, V vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from inpaint_desktop.encoding.grammar import Grammar
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT
from inpaint_desktop.encoding.vocabulary import HOLD

FORBIDDEN = -1e9
UNLOCKED = -1


def noise_of(seeds: Sequence[int], shape: Sequence[int], purpose: str) -> Tensor:
    """Standard normal noise, (C, *shape), each candidate's from its own seed."""
    return torch.from_numpy(np.stack([_random(seed, purpose).standard_normal(shape, np.float32) for seed in seeds]))


def uniforms_of(seeds: Sequence[int], shape: Sequence[int], purpose: str) -> Tensor:
    """Uniform numbers in [0, 1), (C, *shape), each candidate's from its own seed."""
    return torch.from_numpy(np.stack([_random(seed, purpose).random(shape, np.float32) for seed in seeds]))


def _random(seed: int, purpose: str) -> np.random.Generator:
    """A stream of random numbers of its own for every seed and purpose (torch's generator keeps 32 bits of a seed)."""
    return np.random.default_rng([seed, *purpose.encode()])


@dataclass(frozen=True, slots=True)
class Favour:
    """Tokens (N, T) whose logits gain some ``nats``, in every candidate alike."""

    tokens: Tensor
    nats: float

    def added(self, tick: int, logits: Tensor) -> Tensor:
        """The logits (C * N, V) of a tick with the favour in them."""
        favoured = self.tokens[:, tick].repeat(len(logits) // len(self.tokens))[:, None]
        return logits.scatter_add(1, favoured, torch.full_like(favoured, self.nats, dtype=logits.dtype))


class GrammarSampler:
    """A ``Choice`` (see ``models.unrolling``) that draws from the logits what the grammar allows.

    ``grammars`` has one entry a row of the batch; ``uniforms`` is (rows, T). Where ``locked`` (T,) holds a token and
    not ``UNLOCKED``, that one is taken, whatever the grammar says.
    """

    def __init__(
        self,
        grammars: Sequence[Grammar],
        uniforms: Tensor,
        *,
        temperature: float,
        top_p: float,
        favour: Favour | None = None,
        locked: Tensor | None = None,
    ) -> None:
        device = uniforms.device
        distinct = list({id(grammar): grammar for grammar in grammars}.values())
        places = {id(grammar): place for place, grammar in enumerate(distinct)}
        self._which = torch.tensor([places[id(grammar)] for grammar in grammars], device=device)
        self._allowed = torch.stack([torch.from_numpy(grammar.allowed) for grammar in distinct]).to(device)
        self._after = torch.stack([torch.from_numpy(grammar.after) for grammar in distinct]).to(device)
        self._uniforms = uniforms
        self._temperature = temperature
        self._top_p = top_p
        self._favour = favour
        self._locked = torch.full_like(uniforms[0], UNLOCKED, dtype=torch.long) if locked is None else locked
        self._state = torch.zeros(len(grammars), dtype=torch.long, device=device)

    def __call__(self, tick: int, logits: Tensor) -> Tensor:
        """Draw one token a row, (rows,)."""
        if self._favour is not None:
            logits = self._favour.added(tick, logits)
        allowed = self._allowed[self._which, tick, self._state]
        scores = logits.masked_fill(~allowed, FORBIDDEN) / self._temperature
        drawn = _draw(scores.softmax(-1), self._uniforms[:, tick], self._top_p)
        tokens = torch.where(self._locked[tick] == UNLOCKED, drawn, self._locked[tick])
        after = self._after[self._which, tick, self._state]
        opened = torch.zeros_like(self._state) if tick % TICKS_PER_BEAT == 0 else self._state
        self._state = torch.where(tokens == HOLD, opened, after)
        return tokens


def _draw(probabilities: Tensor, uniforms: Tensor, top_p: float) -> Tensor:
    """Inverse-transform sampling from the smallest set of tokens that holds ``top_p`` of the likelihood."""
    ordered, tokens = torch.sort(probabilities, dim=-1, descending=True, stable=True)
    cumulative = ordered.cumsum(-1)
    ordered = ordered.masked_fill(cumulative - ordered >= top_p, 0.0)
    cumulative = ordered.cumsum(-1)
    targets = (uniforms * cumulative[:, -1])[:, None]
    last = (ordered > 0).sum(-1, keepdim=True) - 1
    places = torch.minimum((cumulative <= targets).sum(-1, keepdim=True), last)
    return tokens.gather(-1, places)[:, 0]
