"""The paper's model as an engine: which candidates are drawn, and which of them become takes."""

from collections.abc import Iterator
from pathlib import Path

import torch

from inpaint_desktop.encoding.window import gap_slots
from inpaint_desktop.engine.drawing import Drawing
from inpaint_desktop.engine.ranking import distinct, ranked
from inpaint_desktop.engine.request import FillRequest, Progress, Take
from inpaint_desktop.errors import SelectionError, UnsuitableModelError
from inpaint_desktop.models.checkpoint import Checkpoint, load
from inpaint_desktop.models.device import device_of, one_thread
from inpaint_desktop.score.melody import Measure

CANDIDATES_PER_TAKE = 2
EXTRA_CANDIDATES = 4
MOST_ROUNDS = 4
SEEDS_PER_REQUEST = 1000
LONGEST_GAP = 8


def ignore_progress(_share: float) -> None:
    """Do nothing with progress."""


class InpaintNetEngine:
    """Fills measures with an InpaintNet whose weights are on disk."""

    name = "inpaintnet"

    def __init__(self, checkpoint: Checkpoint, device: torch.device) -> None:
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

    def propose(self, request: FillRequest, progress: Progress = ignore_progress) -> Iterator[Take]:
        """Propose takes, best first; see ``Engine.propose``."""
        self.check(request)
        yield from ranked(self._candidates(request, progress), request.takes)
        progress(1.0)

    def again(self, request: FillRequest, seed: int) -> Take:
        """Make one take of a request again, from its own seed."""
        self.check(request)
        with one_thread():
            return Drawing(self.model, request, self.device).candidates([seed])[0]

    def check(self, request: FillRequest) -> None:
        """Make sure that the model can fill these measures.

        Raises:
            UnsuitableModelError: the meter is one the model was not trained for, or a measure is irregular.
            SelectionError: the selection is too long.
        """
        missing = len(gap_slots(request.melody, request.span))
        if missing > LONGEST_GAP:
            message = f"{missing} measures are too many at once; choose at most {LONGEST_GAP}."
            raise SelectionError(message)
        for measure in request.melody.measures[request.span.start : request.span.stop]:
            self._check_measure(measure)

    def _candidates(self, request: FillRequest, progress: Progress) -> list[Take]:
        """Draw until there are as many different candidates as takes are wanted, or it leads nowhere."""
        candidates: list[Take] = []
        wanted = CANDIDATES_PER_TAKE * request.takes + EXTRA_CANDIDATES
        seed = request.seed * SEEDS_PER_REQUEST
        progress(0.0)
        with one_thread():
            drawing = Drawing(self.model, request, self.device)
        for turn in range(1, MOST_ROUNDS + 1):
            with one_thread():
                candidates = distinct([*candidates, *drawing.candidates(range(seed, seed + wanted))])
            progress(turn / (MOST_ROUNDS + 1))
            if len(candidates) >= request.takes:
                break
            seed += wanted
        return candidates

    def _check_measure(self, measure: Measure) -> None:
        meters = self.checkpoint.card.get("meters", ["4/4", "2/2"])
        place = f"Measure {measure.number}" if measure.number else "A chosen measure"
        if str(measure.meter) not in meters:
            message = (
                f"{place} is in {measure.meter}, which this model has not learned; choose measures in "
                f"{' or '.join(meters)}."
            )
            raise UnsuitableModelError(message)
        if measure.duration > measure.meter.ticks:
            message = f"{place} is longer than its meter says; correct it or choose other measures."
            raise UnsuitableModelError(message)
