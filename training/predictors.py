"""Every kind of model as one thing: it says how likely the true tokens of a gap are when it runs freely."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from inpaint_desktop.engine.opening import architecture_of
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.writing import Writer
from training.gaps import Gaps
from training.latents import LatentBank
from training.machine import Machine
from training.scores import Guesses
from training.scoring import Mode, Trial, guess
from training.tokenwise import MeterTrial, free_guesses
from training.trials import Ground, Key

FOLDERS = (Path("resources/models"), Path("training/rivals"))
METER = "4/4"
_FIRST = ("inpaintnet", "transformer", "ours", "paper", "small", "reg-arnn", "base-arnn")


class Predictor(Protocol):
    """A model, by whatever name it has in the tables."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def key(self) -> Key:
        """In which key it reads a tune."""

    @property
    def draws_latents(self) -> bool:
        """Whether what it says depends on a draw."""

    def guess(self, ground: Ground, gaps: Gaps, seed: int | None) -> Guesses:
        """What it says of the gaps, its own likeliest tokens fed back; with a ``seed`` from sampled latents."""


@dataclass
class LatentPredictor:
    """An InpaintNet; the latents of a ground's measures are encoded once."""

    name: str
    model: InpaintNet
    machine: Machine
    draws_latents: bool = True
    _encoded: dict[int, tuple[Ground, LatentBank]] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """In which key it reads a tune."""
        return self.model.config.key

    def guess(self, ground: Ground, gaps: Gaps, seed: int | None) -> Guesses:
        """What it says of the gaps."""
        trial = Trial(ground.protocol, ground.bank, ground.book, gaps, self._latents(ground))
        return guess(self.model, trial, Mode(sampled=seed is not None, blind=False, seed=seed or 0))

    def _latents(self, ground: Ground) -> LatentBank:
        if id(ground) not in self._encoded:
            self._encoded = {id(ground): (ground, LatentBank(self.model.vae, ground.bank, self.machine))}
        return self._encoded[id(ground)][1]


@dataclass
class WritingPredictor:
    """A model that writes token by token."""

    name: str
    model: Writer
    machine: Machine
    draws_latents: bool = False

    @property
    def key(self) -> Key:
        """In which key it reads a tune."""
        return self.model.config.key

    def guess(self, ground: Ground, gaps: Gaps, _seed: int | None) -> Guesses:
        """What it says of the gaps."""
        index = list(self.model.config.meters).index(METER)
        return free_guesses(self.model, MeterTrial(METER, ground, gaps, index), self.machine)


def predictor_of(weights: Path, machine: Machine) -> Predictor:
    """Load an exported model of any kind; it is called as its file is.

    Raises:
        WeightsError: it cannot be read.
    """
    name, kind = weights.stem, architecture_of(weights)
    if kind == "arnn":
        return WritingPredictor(name, checkpoint.load_arnn(weights, machine.device).model, machine)
    if kind == "transformer":
        return WritingPredictor(name, checkpoint.load_transformer(weights, machine.device).model, machine)
    return LatentPredictor(name, checkpoint.load(weights, machine.device).model, machine)


def weights_in_folders(folders: Sequence[Path] = FOLDERS) -> list[Path]:
    """The exported models in some folders, the well-known ones first.

    Raises:
        SettingsError: there is none.
    """
    found = [path for folder in folders for path in sorted(folder.glob("*.safetensors"))]
    if not found:
        message = f"There is no exported model in {', '.join(map(str, folders))}; train and export one first."
        raise SettingsError(message)
    return sorted(found, key=lambda path: (_rank(path.stem), path.stem))


def _rank(name: str) -> int:
    """Where a model or its ablation stands in the tables."""
    ranks = (rank for rank, known in enumerate(_FIRST) if name == known or name.startswith(f"{known}-"))
    return next(ranks, len(_FIRST))
