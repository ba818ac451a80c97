"""The training loop that every model shares: resumable, logged, best on validation kept.

A run lives in a folder: ``state.pt`` (model, optimiser, step, best score), ``best.pt`` (the weights with the
best validation score), ``log.jsonl`` (one line an evaluation) and TensorBoard's event files.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is optimised: Adam, linear warm-up, half a cosine down to ``final_share`` of the peak rate.

    ``patience`` is the number of evaluations without a better score after which training ends.
    """

    steps: int
    batch_size: int
    learning_rate: float
    warmup: int = 200
    final_share: float = 0.01
    gradient_norm: float = 1.0
    evaluate_every: int = 500
    patience: int = 1000
    seed: int = 1
    autocast: bool = True


class Objective(Protocol):
    """What is learned: a loss on a fresh batch, and how good the model is by now."""

    model: nn.Module

    def loss(self, batch_size: int) -> Tensor:
        """The loss on a batch drawn at random."""

    def evaluate(self) -> dict[str, float]:
        """Figures on the validation split; ``score`` is the one to minimise."""


def rate_share(step: int, recipe: Recipe) -> float:
    """The learning rate at ``step`` as a share of its peak."""
    if step < recipe.warmup:
        return (step + 1) / recipe.warmup
    progress = (step - recipe.warmup) / max(recipe.steps - recipe.warmup, 1)
    return recipe.final_share + (1 - recipe.final_share) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


class Run:
    """One training run, which can stop at any time and go on from its last evaluation."""

    def __init__(self, objective: Objective, recipe: Recipe, folder: Path) -> None:
        self.objective = objective
        self.recipe = recipe
        self.folder = folder
        self.step = 0
        self.best = math.inf
        self.stale = 0
        self.parameters = [p for p in objective.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.Adam(self.parameters, lr=recipe.learning_rate)
        folder.mkdir(parents=True, exist_ok=True)

    def resume(self) -> None:
        """Go on from the folder's last state, if there is one."""
        path = self.folder / "state.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        self.objective.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.best, self.stale = state["step"], state["best"], state["stale"]

    def train(self, progress: Callable[[str], None] | None = None) -> None:
        """Train until the last step, or until patience ends."""
        self.objective.model.train()
        with SummaryWriter(str(self.folder)) as board:
            bar = tqdm(initial=self.step, total=self.recipe.steps, desc=self.folder.name, unit="step")
            while self.step < self.recipe.steps and self.stale < self.recipe.patience:
                stop = min(self.step + self.recipe.evaluate_every, self.recipe.steps)
                line = self._stretch(stop, bar)
                self._keep(line, board)
                if progress:
                    progress(json.dumps(line))
            bar.close()

    def _stretch(self, stop: int, bar: "tqdm[Any]") -> dict[str, float]:
        """Train to step ``stop``, evaluate, and return one line of the log."""
        started, losses = time.monotonic(), []
        first = self.step
        while self.step < stop:
            losses.append(self._one_step())
            self.step += 1
            bar.update()
        seconds = time.monotonic() - started
        figures = self.objective.evaluate()
        self.objective.model.train()
        return {
            "step": self.step,
            "loss": sum(losses) / len(losses),
            "examples_per_second": (stop - first) * self.recipe.batch_size / seconds,
            **figures,
        }

    def _one_step(self) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * rate_share(self.step, self.recipe)
        device = self.parameters[0].device.type
        with torch.autocast(device, torch.bfloat16, enabled=self.recipe.autocast):
            loss = self.objective.loss(self.recipe.batch_size)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.parameters, self.recipe.gradient_norm)
        self.optimizer.step()
        return loss.item()

    def _keep(self, line: dict[str, float], board: SummaryWriter) -> None:
        """Log an evaluation, keep the best weights, and write the state to go on from."""
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps({name: round(value, 5) for name, value in line.items()}) + "\n")
        for name, value in line.items():
            board.add_scalar(name, value, self.step)
        self.stale = 0 if line["score"] < self.best else self.stale + 1
        model = self.objective.model.state_dict()
        if line["score"] < self.best:
            self.best = line["score"]
            _write({"model": model, "step": self.step}, self.folder / "best.pt")
        state = {"model": model, "optimizer": self.optimizer.state_dict()}
        counters = {"step": self.step, "best": self.best, "stale": self.stale}
        _write({**state, **counters}, self.folder / "state.pt")


def _write(state: dict[str, Any], path: Path) -> None:
    partial = path.with_suffix(".part")
    torch.save(state, partial)
    partial.replace(path)
