"""LatentRNN: from the latent vectors of the context to those of the gap (paper section 3.3.2).

Two context RNNs read the past and the future; their final states, side by side, start the
generation RNN, which is unrolled once for each missing measure. The mode is the published one: not
autoregressive, the generation RNN's input knows nothing of earlier outputs.

Shapes: B batch, P past measures, F future measures, N missing measures, Z latent size, H hidden
size, L layers.
"""

import torch
from torch import Tensor, nn

from inpaint_desktop.models.config import LatentRnnConfig
from inpaint_desktop.models.gru import GRU

LONGEST_GAP = 16
POSITION_SIZE = 32
CONTEXT_SIZE = 128


class LatentRnn(nn.Module):
    """Past (B, P, Z) and future (B, F, Z) latents -> the gap's latents (B, N, Z)."""

    def __init__(self, config: LatentRnnConfig, latent_size: int) -> None:
        super().__init__()
        self.config = config
        hidden, layers = config.hidden_size, config.layers
        self.past_gru = GRU(latent_size, hidden, layers, bidirectional=True, dropout=config.dropout)
        self.future_gru = GRU(latent_size, hidden, layers, bidirectional=True, dropout=config.dropout)
        directions = 2 if config.bidirectional else 1
        self.generation_gru = GRU(
            _step_size(config), 2 * hidden, layers, bidirectional=config.bidirectional, dropout=config.dropout
        )
        self.to_latent = nn.Linear(2 * hidden * directions, latent_size)
        if config.positions:
            self.from_start = nn.Embedding(LONGEST_GAP, POSITION_SIZE)
            self.to_end = nn.Embedding(LONGEST_GAP, POSITION_SIZE)
        else:
            self.step_input = nn.Parameter(torch.randn(1))
        if config.context_at_every_step:
            self.context = nn.Linear(4 * layers * hidden, CONTEXT_SIZE)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Initialise the GRUs and linear layers by Xavier's normal rule, as the published code does."""
        for name, parameter in self.named_parameters():
            if "weight" in name and parameter.dim() > 1:
                nn.init.xavier_normal_(parameter)

    def forward(self, past: Tensor, future: Tensor, missing: int) -> Tensor:
        """Traverse the latent space from the past to the future in ``missing`` steps, (B, N, Z)."""
        _, past_states = self.past_gru(past.transpose(0, 1))  # (2L, B, H)
        _, future_states = self.future_gru(future.transpose(0, 1))
        states = torch.cat((past_states, future_states), -1)  # (2L, B, 2H)
        first = states if self.config.bidirectional else states[: self.config.layers]
        outputs, _ = self.generation_gru(self._steps(states, missing), first.contiguous())
        latents: Tensor = self.to_latent(outputs).transpose(0, 1)
        return latents

    def _steps(self, states: Tensor, missing: int) -> Tensor:
        """The generation RNN's inputs, (N, B, I)."""
        batch = states.shape[1]
        if self.config.positions:
            places = torch.arange(missing, device=states.device)
            steps = self.from_start(places) + self.to_end(missing - 1 - places)  # (N, 32)
        else:
            steps = self.step_input.expand(missing, 1)
        steps = steps[:, None].expand(-1, batch, -1)
        if not self.config.context_at_every_step:
            return steps
        summary = self.context(states.transpose(0, 1).flatten(1))  # (B, C)
        return torch.cat((steps.to(summary.dtype), summary.expand(missing, -1, -1)), -1)


def _step_size(config: LatentRnnConfig) -> int:
    size = POSITION_SIZE if config.positions else 1
    return size + (CONTEXT_SIZE if config.context_at_every_step else 0)
