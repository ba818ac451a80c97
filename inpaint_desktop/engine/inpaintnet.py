"""The paper's model as an engine."""

from collections.abc import Sequence
from pathlib import Path

import torch

from inpaint_desktop.engine.drawing import Drawing
from inpaint_desktop.engine.proposing import DrawingEngine
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.models.checkpoint import Checkpoint, load
from inpaint_desktop.models.device import device_of
from inpaint_desktop.models.inpaint_net import InpaintNet


class InpaintNetEngine(DrawingEngine):
    """Fills measures with an InpaintNet whose weights are on disk."""

    name = "inpaintnet"

    def __init__(self, checkpoint: Checkpoint[InpaintNet], device: torch.device) -> None:
        self.checkpoint = checkpoint
        self.device = device
        self.model = checkpoint.model

    @classmethod
    def open(cls, weights: Path, device: str = "auto") -> "InpaintNetEngine":
        """Load the weights.

        Raises:
            WeightsError: they are missing or damaged.
            DeviceError: there is no such device.
        """
        chosen = device_of(device)
        return cls(load(weights, chosen), chosen)

    @property
    def meters(self) -> Sequence[str]:
        """The meters that the model has learned, by name."""
        meters: list[str] = self.checkpoint.card.get("meters", ["4/4", "2/2"])
        return meters

    def drawing(self, request: FillRequest) -> Drawing:
        """Read a request."""
        return Drawing(self.model, request, self.device)
