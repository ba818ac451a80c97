"""The paper's baseline as an engine: AnticipationRNN writes measures tick by tick."""

from collections.abc import Sequence
from pathlib import Path

import torch

from inpaint_desktop.engine.proposing import DrawingEngine
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.engine.transformer import TransformerDrawing
from inpaint_desktop.models.anticipation_rnn import AnticipationRnn
from inpaint_desktop.models.checkpoint import Checkpoint, load_arnn
from inpaint_desktop.models.device import device_of


class ArnnEngine(DrawingEngine):
    """Fills measures with an AnticipationRNN whose weights are on disk."""

    name = "arnn"

    def __init__(self, checkpoint: Checkpoint[AnticipationRnn], device: torch.device) -> None:
        self.checkpoint = checkpoint
        self.device = device
        self.model = checkpoint.model

    @classmethod
    def open(cls, weights: Path, device: str = "auto") -> "ArnnEngine":
        """Load the weights.

        Raises:
            WeightsError: they are missing or damaged.
            DeviceError: there is no such device.
        """
        chosen = device_of(device)
        return cls(load_arnn(weights, chosen), chosen)

    @property
    def meters(self) -> Sequence[str]:
        """The meters that the model has learned, by name."""
        return self.model.config.meters

    def drawing(self, request: FillRequest) -> TransformerDrawing:
        """Read a request."""
        return TransformerDrawing(self.model, request, self.device)
