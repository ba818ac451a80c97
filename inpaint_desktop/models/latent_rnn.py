"""LatentRNN: from the latent vectors of the context to those of the gap (paper section 3.3.2).

Two context RNNs read the past and the future; their final states, side by side, start the
generation RNN, which is unrolled once for each missing measure. The mode is the published one: not
autoregressive, the generation RNN's input knows nothing of earlier outputs.

Shapes: B batch, P past measures, F future measures, N missing measures, Z latent size, H hidden
size, L layers, A attention heads, K size of one head.
"""

import torch
from torch import Tensor, nn

from inpaint_desktop.models.config import LatentRnnConfig
from inpaint_desktop.models.gru import GRU

LONGEST_WINDOW = 32
POSITION_SIZE = 32
CONTEXT_SIZE = 128
HEAD_SIZE = 32

_SHOWN = {"both": slice(0, 2), "past": slice(0, 1), "future": slice(1, 2)}


def step_parts(config: LatentRnnConfig) -> dict[str, int]:
    """The widths of what a step of the generation RNN knows, in the order in which they lie beside each other."""
    return {
        "positions" if config.positions else "scalar": POSITION_SIZE if config.positions else 1,
        "context": CONTEXT_SIZE * config.context_at_every_step,
        "attention": HEAD_SIZE * config.attention_heads,
    }


class ContextAttention(nn.Module):
    """Lets every missing measure look at the measures of the context, by content and by distance.

    The query knows the step's place and the context's summary; the key of a context measure is made of what
    its context RNN says there and of its signed distance from the missing measure.
    """

    def __init__(self, heads: int, *, query_size: int, output_size: int, latent_size: int) -> None:
        super().__init__()
        self.heads = heads
        width = heads * HEAD_SIZE
        self.to_query = nn.Linear(query_size, width)
        self.to_key = nn.Linear(output_size + latent_size, width)
        self.to_value = nn.Linear(output_size + latent_size, width)
        self.distance = nn.Embedding(2 * LONGEST_WINDOW + 1, width)

    def forward(self, queries: Tensor, context: Tensor, distances: Tensor) -> Tensor:
        """Look: queries (N, B, Q), context (P + F, B, C), distances (N, P + F) -> (N, B, A * K)."""
        query = self._split(self.to_query(queries))  # (N, B, A, K)
        key, value = self._split(self.to_key(context)), self._split(self.to_value(context))
        places = self._split(self.distance(distances.clamp(-LONGEST_WINDOW, LONGEST_WINDOW) + LONGEST_WINDOW))
        scores = torch.einsum("nbak,mbak->nbam", query, key) + torch.einsum("nbak,nmak->nbam", query, places)
        weights = (scores * HEAD_SIZE**-0.5).softmax(-1)
        return torch.einsum("nbam,mbak->nbak", weights, value).flatten(2)

    def _split(self, vectors: Tensor) -> Tensor:
        split: Tensor = vectors.unflatten(-1, (self.heads, HEAD_SIZE))
        return split


class LatentRnn(nn.Module):
    """Past (B, P, Z) and future (B, F, Z) latents -> the gap's latents (B, N, Z)."""

    def __init__(self, config: LatentRnnConfig, latent_size: int) -> None:
        super().__init__()
        self.config = config
        hidden, layers = config.hidden_size, config.layers
        self.past_gru = GRU(latent_size, hidden, layers, bidirectional=True, dropout=config.dropout)
        self.future_gru = GRU(latent_size, hidden, layers, bidirectional=True, dropout=config.dropout)
        *asking, looking = step_parts(config).values()
        if config.positions:
            self.from_start = nn.Embedding(LONGEST_WINDOW, POSITION_SIZE)
            self.to_end = nn.Embedding(LONGEST_WINDOW, POSITION_SIZE)
        else:
            self.step_input = nn.Parameter(torch.randn(1))
        if config.context_at_every_step:
            self.context = nn.Linear(2 * layers * config.generation_size, CONTEXT_SIZE)
        self.attention: ContextAttention | None = None
        if config.attention_heads:
            self.attention = ContextAttention(
                config.attention_heads, query_size=sum(asking), output_size=2 * hidden, latent_size=latent_size
            )
            self.from_attention = nn.Linear(looking, latent_size)
        size, directions = config.generation_size, 2 if config.bidirectional else 1
        step_size = sum(asking) + looking
        self.generation_gru = GRU(step_size, size, layers, bidirectional=config.bidirectional, dropout=config.dropout)
        self.to_latent = nn.Linear(size * directions, latent_size)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Initialise the GRUs and linear layers by Xavier's normal rule, as the published code does."""
        for name, parameter in self.named_parameters():
            if "weight" in name and parameter.dim() > 1:
                nn.init.xavier_normal_(parameter)

    def forward(self, past: Tensor, future: Tensor, missing: int) -> Tensor:
        """Traverse the latent space from the past to the future in ``missing`` steps, (B, N, Z)."""
        past, future = past.transpose(0, 1), future.transpose(0, 1)
        past_outputs, past_states = self.past_gru(past)  # (P, B, 2H), (2L, B, H)
        future_outputs, future_states = self.future_gru(future)
        states = self._summary(past_states, future_states)  # (2L, B, 2H)
        steps = self._steps(states, missing)
        seen = self._seen(steps, (past, future), (past_outputs, future_outputs))
        first = states if self.config.bidirectional else states[: self.config.layers]
        inputs = steps if seen is None else torch.cat((steps, seen.to(steps.dtype)), -1)
        outputs, _ = self.generation_gru(inputs, first.contiguous())
        latents: Tensor = self.to_latent(outputs)
        if seen is not None:
            latents = latents + self.from_attention(seen)
        return latents.transpose(0, 1)

    def _summary(self, past: Tensor, future: Tensor) -> Tensor:
        """The states (2L, B, H) of both sides beside each other, (2L, B, 2H); a side that is not seen is zero."""
        sides, shown = (past, future), _SHOWN[self.config.context]
        if self.config.halved:
            return torch.cat([*sides[shown]], -1)
        places = range(len(sides))
        return torch.cat([sides[i] if i in places[shown] else torch.zeros_like(sides[i]) for i in places], -1)

    def _seen(self, steps: Tensor, latents: tuple[Tensor, Tensor], outputs: tuple[Tensor, Tensor]) -> Tensor | None:
        """What each missing measure sees of the context, (N, B, A * K)."""
        if self.attention is None:
            return None
        sides = [torch.cat((side.to(out.dtype), out), -1) for side, out in zip(latents, outputs, strict=True)]
        past, missing, future = len(latents[0]), len(steps), len(latents[1])
        places = torch.arange(past + missing + future, device=steps.device)
        known = [places[:past], places[past + missing :]]
        shown = _SHOWN[self.config.context]
        distances = torch.cat(known[shown])[None] - places[past : past + missing, None]  # (N, P + F)
        seen: Tensor = self.attention(steps, torch.cat(sides[shown]), distances)
        return seen

    def _steps(self, states: Tensor, missing: int) -> Tensor:
        """What every step knows: its place, and perhaps the context's summary; (N, B, I)."""
        batch = states.shape[1]
        if self.config.positions:
            places = torch.arange(missing, device=states.device)
            steps: Tensor = self.from_start(places) + self.to_end(missing - 1 - places)  # (N, 32)
        else:
            steps = self.step_input.expand(missing, 1)
        steps = steps[:, None].expand(-1, batch, -1)
        if not self.config.context_at_every_step:
            return steps
        summary = self.context(states.transpose(0, 1).flatten(1))  # (B, C)
        return torch.cat((steps.to(summary.dtype), summary.expand(missing, -1, -1)), -1)
