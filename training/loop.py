"""The training loop that every model shares: resumable, logged, best on validation kept.

A run lives in a folder: ``state.pt`` (model, optimiser, counters, random numbers), ``best.pt`` (the weights with
the best validation score), ``log.jsonl`` (one line an evaluation) and TensorBoard's event files. A run
that was stopped goes on from its last evaluation, and ends as it would have ended.
"""

import json
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from training.machine import PLAIN, Machine


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is optimised: Adam, linear warm-up, half a cosine down to ``final_share`` of the peak rate.

    ``patience`` is the number of evaluations without a better score after which training ends. Training also ends
    after ``minutes`` of it, and the cosine follows whichever of steps and minutes is further on. On a processor these
    are minutes of computing: what else the machine does in the meantime takes nothing away from a model.
    """

    steps: int
    batch_size: int
    learning_rate: float
    warmup: int = 200
    final_share: float = 0.01
    gradient_norm: float = 1.0
    evaluate_every: int = 500
    patience: int = 1000
    minutes: float = math.inf
    seed: int = 1

    def changed(self, **asked: Any) -> Self:  # noqa: ANN401 - fields of any type
        """The same with other values in some fields; None leaves a field as it is."""
        return replace(self, **{name: value for name, value in asked.items() if value is not None})


class Objective(Protocol):
    """What is learned: a loss on a fresh batch, and how good the model is by now.

    ``generator`` is where its batches come from, so that a run can go on where it stopped.
    """

    generator: np.random.Generator

    @property
    def model(self) -> nn.Module:
        """What is trained."""

    def loss(self, batch_size: int) -> Tensor:
        """The loss on a batch drawn at random."""

    def evaluate(self) -> dict[str, float]:
        """Figures on the validation split; ``score`` is the one to minimise."""


def rate_share(step: int, recipe: Recipe, minutes: float = 0.0) -> float:
    """The learning rate at ``step``, after so many minutes, as a share of its peak."""
    if step < recipe.warmup:
        return (step + 1) / recipe.warmup
    progress = max((step - recipe.warmup) / max(recipe.steps - recipe.warmup, 1), minutes / recipe.minutes)
    return recipe.final_share + (1 - recipe.final_share) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


class Optimizer(Protocol):
    """What changes the weights; ``torch.optim`` has them."""

    param_groups: list[dict[str, Any]]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients."""

    def step(self) -> object:
        """Change the weights by their gradients."""

    def state_dict(self) -> dict[str, Any]:
        """What it takes to go on."""

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from what ``state_dict`` returned."""


def adam(parameters: list[nn.Parameter], rate: float, machine: Machine) -> Optimizer:
    """Adam, which most models are trained with."""
    return torch.optim.Adam(parameters, lr=rate, fused=machine.device.type in {"cpu", "cuda"})


class Run:
    """One training run, which can stop at any time and go on from its last evaluation."""

    def __init__(
        self,
        objective: Objective,
        recipe: Recipe,
        folder: Path,
        machine: Machine = PLAIN,
        optimizer: Optimizer | None = None,
    ) -> None:
        self.objective = objective
        self.recipe = recipe
        self.folder = folder
        self.machine = machine
        self.step = 0
        self.best = math.inf
        self.stale = 0
        self.seconds = 0.0
        self.parameters = [p for p in objective.model.parameters() if p.requires_grad]
        self.optimizer = optimizer or adam(self.parameters, recipe.learning_rate, machine)
        folder.mkdir(parents=True, exist_ok=True)

    def resume(self) -> None:
        """Go on from the folder's last state, if there is one."""
        path = self.folder / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location="cpu", weights_only=True)
        self.objective.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.best, self.stale = state["step"], state["best"], state["stale"]
        self.seconds = state.get("seconds", 0.0)
        _restore_randomness(state.get("randomness", {}), self.objective.generator)

    @property
    def is_over(self) -> bool:
        """Whether the last step is done, or time or patience has ended."""
        return self.step >= self.recipe.steps or self.stale >= self.recipe.patience or not self._has_time

    def _clock(self) -> float:
        return time.thread_time() if self.machine.device.type == "cpu" else time.monotonic()

    @property
    def _has_time(self) -> bool:
        return self.seconds < 60 * self.recipe.minutes

    def train(self) -> None:
        """Train until the last step, or until patience ends."""
        self.objective.model.train()
        progress = tqdm(initial=self.step, total=self.recipe.steps, desc=self.folder.name, unit="step")
        with SummaryWriter(str(self.folder)) as board, progress:
            while not self.is_over:
                stop = min(self.step + self.recipe.evaluate_every, self.recipe.steps)
                self._keep(self._stretch(stop, progress), board)

    def _stretch(self, stop: int, progress: "tqdm[Any]") -> dict[str, float]:
        """Train to step ``stop``, or as long as there is time; evaluate, and return one line of the log."""
        losses = []
        first, before = self.step, self.seconds
        while self.step < stop and self._has_time:
            started = self._clock()
            losses.append(self._one_step())
            self.step += 1
            self.seconds += self._clock() - started
            progress.update()
        mean = sum(losses) / len(losses)
        figures = self.objective.evaluate()
        self.objective.model.train()
        progress.set_postfix(loss=f"{mean:.4f}", score=f"{figures['score']:.4f}")
        rate = (self.step - first) * self.recipe.batch_size / (self.seconds - before)
        return {"step": self.step, "loss": mean, "examples_per_second": rate, **figures}

    def _one_step(self) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * rate_share(self.step, self.recipe, self.seconds / 60)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self._gradients()
        nn.utils.clip_grad_norm_(self.parameters, self.recipe.gradient_norm)
        self.optimizer.step()
        return loss

    def _gradients(self) -> float:
        """Find the gradients of a loss on a fresh batch, and return the loss."""
        with self.machine.casting():
            loss = self.objective.loss(self.recipe.batch_size)
        loss.backward()
        return loss.item()

    def _keep(self, line: dict[str, float], board: SummaryWriter) -> None:
        """Log an evaluation, keep the best weights, and write the state to go on from."""
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({name: round(value, 5) for name, value in line.items()}) + "\n")
        for name, value in line.items():
            board.add_scalar(name, value, self.step)
        model = self.objective.model.state_dict()
        self.stale = 0 if line["score"] < self.best else self.stale + 1
        if line["score"] <= self.best:  # of equals the later one, which was trained longer
            self.best = line["score"]
            _write({"model": model, "step": self.step, "score": self.best}, self.folder / "best.pt")
        state = {"model": model, "optimizer": self.optimizer.state_dict()}
        counters = {"step": self.step, "best": self.best, "stale": self.stale, "seconds": self.seconds}
        _write({**state, **counters, "randomness": _randomness(self.objective.generator)}, self.folder / "state.pt")


def _randomness(generator: np.random.Generator) -> dict[str, Any]:
    """Where all random numbers stand."""
    state: dict[str, Any] = {"numpy": json.dumps(generator.bit_generator.state), "torch": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def _restore_randomness(state: dict[str, Any], generator: np.random.Generator) -> None:
    if "numpy" in state:
        generator.bit_generator.state = json.loads(state["numpy"])
        torch.set_rng_state(state["torch"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])


def _write(state: dict[str, Any], path: Path) -> None:
    partial = path.with_suffix(".part")
    torch.save(state, partial)
    partial.replace(path)
