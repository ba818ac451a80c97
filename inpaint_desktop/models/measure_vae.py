"""MeasureVAE: one measure of melody as a point in a latent space (paper section 3.3.1).

The encoder reads a measure's tokens in both directions; the decoder unrolls beats from the latent
vector and ticks from each beat. The tick RNN starts afresh at every beat, so with the tokens known
(teacher forcing) all beats are computed at once.

Shapes: B batch, T ticks of a measure, K beats, Q ticks of a beat, H hidden size, L layers, E embedding,
Z latent size, V vocabulary.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from inpaint_desktop.models.config import VaeConfig
from inpaint_desktop.models.gru import GRU, project


@dataclass(frozen=True, slots=True)
class Latent:
    """A Gaussian in latent space: ``mean`` and ``log_std``, both (B, Z)."""

    mean: Tensor
    log_std: Tensor

    def sample(self, scale: float = 1.0, generator: torch.Generator | None = None) -> Tensor:
        """Draw one vector from each; ``scale`` multiplies the standard deviation."""
        noise = torch.randn(self.mean.shape, generator=generator, device=self.mean.device, dtype=self.mean.dtype)
        return self.mean + scale * self.log_std.exp() * noise

    def divergence(self) -> Tensor:
        """The KL divergence from the unit Gaussian, in nats, (B,)."""
        variance = (2.0 * self.log_std).exp()
        return 0.5 * (self.mean**2 + variance - 1.0 - 2.0 * self.log_std).sum(-1)


class Encoder(nn.Module):
    """Tokens (B, T) -> ``Latent``. The summary is the final states of all layers and directions."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.halve = config.spread == "log_variance"
        self.embedding = nn.Embedding(config.vocabulary_size, config.embedding_size)
        self.gru = GRU(
            config.embedding_size, config.hidden_size, config.layers, bidirectional=True, dropout=config.dropout
        )
        summary_size = 2 * config.layers * config.hidden_size
        self.mean = _head(summary_size, config)
        self.spread = _head(summary_size, config)

    def forward(self, tokens: Tensor) -> Latent:
        """Read measures; ``tokens`` is (B, T)."""
        _, states = self.gru(self.embedding(tokens.t()))  # (2L, B, H)
        summary = states.transpose(0, 1).flatten(1).float()
        spread = self.spread(summary)
        return Latent(self.mean(summary).float(), (0.5 * spread if self.halve else spread).float())


def _head(size: int, config: VaeConfig) -> nn.Sequential:
    return nn.Sequential(nn.Linear(size, config.head_size), nn.SELU(), nn.Linear(config.head_size, config.latent_size))


class Decoder(nn.Module):
    """Latent vectors (B, Z) -> logits (B, T, V)."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        hidden, layers = config.hidden_size, config.layers
        self.embedding = nn.Embedding(config.vocabulary_size, config.embedding_size)
        self.latent_to_beat = nn.Linear(config.latent_size, layers * hidden)
        self.beat_gru = GRU(1, hidden, layers, dropout=config.dropout)
        self.beat_to_state = nn.Linear(hidden, layers * hidden)
        self.beat_to_input = nn.Linear(hidden, hidden)
        self.tick_gru = GRU(config.embedding_size + hidden, hidden, layers, dropout=config.dropout)
        self.to_logits = nn.Linear(hidden, config.vocabulary_size)
        self.first_beat_input = nn.Parameter(torch.zeros(1))
        self.first_tick_input = nn.Parameter(torch.zeros(config.embedding_size))

    def forward(self, latents: Tensor, tokens: Tensor, known: Tensor | None = None) -> Tensor:
        """Teacher-forced logits: ``tokens`` (B, T) are fed back, all beats at once.

        Where ``known`` (B, T) is false the token fed back is hidden (word dropout).
        """
        states, inputs = self.beats(latents)  # (L, B, K, H), (B, K, H)
        previous = self.embedding(tokens[:, :-1])
        if known is not None:
            previous = previous * known[:, :-1, None]
        start = self.first_tick_input.expand(len(tokens), 1, -1)
        previous = torch.cat((start, previous), 1)  # (B, T, E)
        beats, ticks = self.config.beats, self.config.ticks_per_beat
        previous = previous.unflatten(1, (beats, ticks)).flatten(0, 1).transpose(0, 1)  # (Q, B * K, E)
        projected = self._from_token(previous) + self._from_beat(inputs.flatten(0, 1))
        outputs = self._run(projected, states.flatten(1, 2))  # (Q, B * K, H)
        logits = self.logits(outputs)
        return logits.transpose(0, 1).reshape(len(tokens), beats * ticks, -1)

    def beats(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Unroll the beats: the tick RNN's first states (L, B, K, H) and its constant inputs (B, K, H)."""
        layers, hidden = self.config.layers, self.config.hidden_size
        state = nn.functional.selu(self.latent_to_beat(latents))
        state = state.unflatten(-1, (layers, hidden)).transpose(0, 1).contiguous()
        steps = self.first_beat_input.expand(self.config.beats, len(latents), 1)
        outputs, _ = self.beat_gru(steps, state)  # (K, B, H)
        outputs = outputs.transpose(0, 1).contiguous()  # else each measure is multiplied by a copy of the weights
        states = nn.functional.selu(self.beat_to_state(outputs)).unflatten(-1, (layers, hidden))
        return states.permute(2, 0, 1, 3), nn.functional.selu(self.beat_to_input(outputs))

    def logits(self, outputs: Tensor) -> Tensor:
        """Linear stack 4: scores of all tokens, rectified where the paper rectifies them."""
        scores: Tensor = self.to_logits(outputs).float()
        return scores.relu() if self.config.relu_logits else scores

    def _run(self, projected: Tensor, states: Tensor) -> Tensor:
        """The tick RNN over projected inputs, on the fast path where it is switched on."""
        outputs, _ = self.tick_gru.run([projected], states.contiguous())
        return outputs

    def _from_token(self, previous: Tensor) -> Tensor:
        weight = self.tick_gru.weight("weight_ih", 0)[:, : self.config.embedding_size]
        return project(previous, weight, self.tick_gru.weight("bias_ih", 0))

    def _from_beat(self, inputs: Tensor) -> Tensor:
        weight = self.tick_gru.weight("weight_ih", 0)[:, self.config.embedding_size :]
        return nn.functional.linear(inputs, weight)


class MeasureVae(nn.Module):
    """The encoder and the decoder."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Initialise every weight matrix by Xavier's normal rule, as the published code does."""
        for name, parameter in self.named_parameters():
            if "weight" in name and parameter.dim() > 1:
                nn.init.xavier_normal_(parameter)

    def forward(self, tokens: Tensor, known: Tensor | None = None) -> tuple[Tensor, Latent]:
        """Teacher-forced reconstruction of ``tokens`` (B, T): logits (B, T, V) and the latent."""
        latent = self.encoder(tokens)
        return self.decoder(latent.sample(), tokens, known), latent


def use_fused(module: nn.Module, fused: bool = True) -> None:
    """Switch the fast training path of every GRU in ``module`` on or off."""
    for part in module.modules():
        if isinstance(part, GRU):
            part.fused = fused
