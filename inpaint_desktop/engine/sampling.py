"""Drawing tokens under the grammar: one candidate, one stream of random numbers.

Every candidate has a seed of its own, so that a take can be made again whatever others were drawn beside
it. Shapes: C candidates, N measures of the gap, T ticks, V vocabulary.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from inpaint_desktop.encoding.grammar import Grammar, Walk
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT
from inpaint_desktop.encoding.vocabulary import HOLD

FORBIDDEN = -1e9


def noise_of(seeds: Sequence[int], shape: Sequence[int], purpose: str) -> Tensor:
    """Standard normal noise, (C, *shape), each candidate's from its own seed."""
    return torch.from_numpy(np.stack([_random(seed, purpose).standard_normal(shape, np.float32) for seed in seeds]))


def uniforms_of(seeds: Sequence[int], shape: Sequence[int], purpose: str) -> Tensor:
    """Uniform numbers in [0, 1), (C, *shape), each candidate's from its own seed."""
    return torch.from_numpy(np.stack([_random(seed, purpose).random(shape, np.float32) for seed in seeds]))


def _random(seed: int, purpose: str) -> np.random.Generator:
    """A stream of random numbers of its own for every seed and purpose (torch's generator keeps 32 bits of a seed)."""
    return np.random.default_rng([seed, *purpose.encode()])


class GrammarSampler:
    """A ``Choice`` (see ``models.unrolling``) that draws from the logits what the grammar allows.

    ``grammars`` has one entry a row of the batch; ``uniforms`` is (rows, T). Measures may go side by side, as nothing
    in a grammar reaches from one to another.
    """

    def __init__(
        self,
        grammars: Sequence[Grammar],
        uniforms: Tensor,
        *,
        temperature: float,
        top_p: float,
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
        self._state = torch.zeros(len(grammars), dtype=torch.long, device=device)

    def __call__(self, tick: int, logits: Tensor) -> Tensor:
        """Draw one token a row, (rows,)."""
        allowed = self._allowed[self._which, tick, self._state]
        scores = logits.masked_fill(~allowed, FORBIDDEN) / self._temperature
        tokens = _draw(scores.softmax(-1), self._uniforms[:, tick], self._top_p)
        after = self._after[self._which, tick, self._state]
        opened = torch.zeros_like(self._state) if tick % TICKS_PER_BEAT == 0 else self._state
        self._state = torch.where(tokens == HOLD, opened, after)
        return tokens


class Guiding(Protocol):
    """Something that moves logits before a token is drawn, and is told which it was."""

    def guided(self, walk: Walk, logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """The logits (rows, V) of a walk's position, of which those ``allowed`` may be drawn."""

    def tell(self, position: int, tokens: Sequence[int]) -> None:
        """Take the tokens that were drawn at a position."""


class RuledSampler:
    """A ``Choice`` that goes through a whole gap, measure after measure, and draws what its rules allow.

    ``walk`` has one row a candidate; ``uniforms`` is (rows, positions).
    """

    def __init__(self, walk: Walk, guide: Guiding, uniforms: Tensor, *, temperature: float, top_p: float) -> None:
        self._walk = walk
        self._guide = guide
        self._uniforms = uniforms
        self._temperature = temperature
        self._top_p = top_p

    def __call__(self, _tick: int, logits: Tensor) -> Tensor:
        """Draw one token a row for the next position, (rows,)."""
        position = self._walk.position
        allowed = self._walk.allowed()
        guided = self._guide.guided(self._walk, logits.cpu().numpy(), allowed)
        scores = torch.from_numpy(np.where(allowed, guided, FORBIDDEN)) / self._temperature
        tokens = _draw(scores.softmax(-1), self._uniforms[:, position], self._top_p)
        drawn = tokens.numpy()
        self._walk.take(drawn)
        self._guide.tell(position, drawn.tolist())
        return tokens.to(logits.device)


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
