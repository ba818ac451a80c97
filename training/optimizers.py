"""Muon for the inner matrices of a network, Adam for everything else, as one optimiser.

Muon (Keller Jordan and others, 2024) makes the momentum of a matrix orthogonal before it is applied. Its steps are
scaled so that one learning rate serves both.
"""

from typing import Any

import torch
from torch import nn

BETAS = (0.9, 0.98)


class MuonAndAdam:
    """Steps ``matrices`` by Muon and ``others`` by Adam, both at ``rate``."""

    def __init__(self, matrices: list[nn.Parameter], others: list[nn.Parameter], rate: float, decay: float) -> None:
        self._parts: tuple[torch.optim.Optimizer, ...] = (
            torch.optim.Muon(matrices, lr=rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"),
            torch.optim.AdamW(others, lr=rate, betas=BETAS, weight_decay=0.0, fused=True),
        )
        self.param_groups: list[dict[str, Any]] = [group for part in self._parts for group in part.param_groups]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""
        for part in self._parts:
            part.zero_grad(set_to_none=set_to_none)

    def step(self) -> None:
        """Change the weights by their gradients."""
        for part in self._parts:
            part.step()

    def state_dict(self) -> dict[str, Any]:
        """What it takes to go on."""
        return {str(place): part.state_dict() for place, part in enumerate(self._parts)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from what ``state_dict`` returned."""
        for place, part in enumerate(self._parts):
            part.load_state_dict(state_dict[str(place)])
        self.param_groups = [group for part in self._parts for group in part.param_groups]
