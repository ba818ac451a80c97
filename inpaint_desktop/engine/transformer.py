"""The transformer as an engine: it fills measures of any meter, token by token.

Shapes: C candidates, N missing measures, T ticks, V vocabulary.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.engine.proposing import DrawingEngine
from inpaint_desktop.engine.reading import Reading
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.models.checkpoint import Checkpoint, load_transformer
from inpaint_desktop.models.device import device_of
from inpaint_desktop.models.gap_transformer import Frame, GapTransformer
from inpaint_desktop.models.writing import Writer
from inpaint_desktop.score.melody import Measure


class TransformerEngine(DrawingEngine):
    """Fills measures with a transformer whose weights are on disk."""

    name = "transformer"

    def __init__(self, checkpoint: Checkpoint[GapTransformer], device: torch.device) -> None:
        self.checkpoint = checkpoint
        self.device = device
        self.model = checkpoint.model

    @classmethod
    def open(cls, weights: Path, device: str = "auto") -> "TransformerEngine":
        """Load the weights.

        Raises:
            WeightsError: they are missing or damaged.
            DeviceError: there is no such device.
        """
        chosen = device_of(device)
        return cls(load_transformer(weights, chosen), chosen)

    @property
    def meters(self) -> Sequence[str]:
        """The meters that the model has learned, by name."""
        meters: list[str] = self.checkpoint.card["meters"]
        return meters

    def drawing(self, request: FillRequest) -> "TransformerDrawing":
        """Read a request."""
        return TransformerDrawing(self.model, request, self.device)


class TransformerDrawing:
    """A request as a model reads it that writes token by token: the context is read once for all candidates.

    ``frame`` is the window's shape, ``memories`` what the layers see of the context.
    """

    def __init__(self, model: Writer, request: FillRequest, device: torch.device) -> None:
        self._model = model
        self._request = request
        self._device = device
        config = model.config
        self.reading = Reading(request, device, in_home_key=config.key == "home", longest=config.measures)
        self.frame = self._framed()
        window = self.reading.window
        context = torch.tensor([[*window.past, *window.future]], device=device)
        with torch.inference_mode():
            self.memories = model.read(context, self.frame)

    def candidates(self, seeds: Sequence[int], boldness: float = 1.0) -> list[Take]:
        """Draw one candidate for each seed; see ``Candidates``."""
        with torch.inference_mode():
            tokens, likelihoods = self.drawn(seeds, boldness)
        return list(map(self.reading.take, tokens.tolist(), seeds, likelihoods.tolist()))

    def likelihood_of_original(self) -> float:
        """The log-likelihood a tick of the measures that stand in the gap now, as takes have it."""
        return self.take_of(self._request.original, 0).log_likelihood

    def take_of(self, measures: tuple[Measure, ...], seed: int) -> Take:
        """Make a take of measures that were written otherwise."""
        tokens = self.reading.tokens_of(measures)  # (N, T)
        with torch.inference_mode():
            logits = self._model.write(self.memories, tokens[None], self.frame)[0]  # (N, T, V)
        likelihood = logits.log_softmax(-1).gather(-1, tokens[..., None]).mean()
        return self.reading.take_of(measures, seed, float(likelihood))

    def _framed(self) -> Frame:
        window, measures = self.reading.window, self._request.melody.measures
        meter = measures[window.slots[0].start].meter
        index = self._model.config.meters.index(str(meter))
        return Frame(index, len(grid_of(meter)), len(window.past), len(window.gap), len(window.future))

    def drawn(self, seeds: Sequence[int], boldness: float = 1.0) -> tuple[Tensor, Tensor]:
        """Every candidate's tokens (C, N, T) and their log-likelihood a tick (C,)."""
        frame = self.frame
        choose = self.reading.sampler(seeds, boldness)
        pen = self._model.pen(self.memories, len(seeds), frame)
        tokens = torch.zeros((len(seeds), frame.missing, frame.ticks), dtype=torch.long, device=self._device)
        likelihoods = torch.zeros(tokens.shape, device=self._device)
        for measure in range(frame.missing):
            for tick in range(frame.ticks):
                logits = pen.logits(tick)  # (C, V)
                chosen = choose(tick, logits)
                pen.tell(tick, chosen)
                tokens[:, measure, tick] = chosen
                likelihoods[:, measure, tick] = logits.log_softmax(-1).gather(-1, chosen[:, None])[:, 0]
        return tokens, likelihoods.mean((1, 2))
