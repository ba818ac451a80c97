"""Training of MeasureVAE (paper section 4.2; ``beta`` weighs the KL term against the mean token loss)."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from inpaint_desktop.encoding.vocabulary import HOLD
from inpaint_desktop.models.measure_vae import MeasureVae
from inpaint_desktop.models.unrolling import unroll


@dataclass(frozen=True, slots=True)
class VaeRecipe:
    """How MeasureVAE is trained.

    ``word_dropout`` hides that share of the tokens that are fed back. ``teacher_forcing`` is the chance that
    a batch is decoded from the true tokens; the paper's 0.5 decodes every other batch from its own.
    """

    batch_size: int = 256
    steps: int = 11_000
    learning_rate: float = 1.5e-3
    warmup: int = 200
    final_share: float = 0.01
    beta: float = 1e-3
    teacher_forcing: float = 1.0
    word_dropout: float = 0.4
    gradient_norm: float = 1.0
    seed: int = 1
    checkpoint_every: int = 500
    autocast: bool = True


def learning_rate_share(step: int, recipe: VaeRecipe) -> float:
    """The learning rate at ``step`` as a share of its peak: linear warm-up, then half a cosine."""
    if step < recipe.warmup:
        return (step + 1) / recipe.warmup
    progress = (step - recipe.warmup) / max(recipe.steps - recipe.warmup, 1)
    return recipe.final_share + (1 - recipe.final_share) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


def reconstruction(model: MeasureVae, measures: np.ndarray, seed: int = 0) -> dict[str, float]:
    """Measure free-running reconstruction with sampled latents: shares of tokens, onsets, whole measures."""
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.from_numpy(measures)
    was_training = model.training
    model.eval()
    equal = []
    with torch.no_grad():
        for chunk in tokens.split(1024):
            latents = model.encoder(chunk).sample(generator=generator)
            _, decoded = unroll(model.decoder, latents)
            equal.append(decoded == chunk)
    model.train(was_training)
    right = torch.cat(equal)
    onsets = tokens != HOLD
    return {
        "token_accuracy": right.float().mean().item(),
        "onset_accuracy": right[onsets].float().mean().item(),
        "measure_accuracy": right.all(1).float().mean().item(),
    }


class VaeTraining:
    """A training run that can stop and go on: model, optimiser and step."""

    def __init__(self, model: MeasureVae, recipe: VaeRecipe, folder: Path) -> None:
        self.model = model
        self.recipe = recipe
        self.folder = folder
        self.step = 0
        self.optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate, fused=True)
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def checkpoint(self) -> Path:
        """Where the state of the run is kept."""
        return self.folder / "vae.pt"

    def resume(self) -> None:
        """Go on from the last checkpoint, if there is one."""
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]

    def save(self) -> None:
        """Write the state of the run, all or nothing."""
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step}
        partial = self.checkpoint.with_suffix(".part")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def run(self, draw: Callable[[int], np.ndarray], report: Callable[[int], dict[str, Any]]) -> None:
        """Train to the last step; ``draw`` gives batches, ``report`` measures at every checkpoint."""
        self.model.train()
        started, seen, losses = time.monotonic(), 0, []
        while self.step < self.recipe.steps:
            tokens = torch.from_numpy(draw(self.recipe.batch_size))
            losses.append(self._train_on(tokens))
            seen += len(tokens)
            self.step += 1
            if self.step % self.recipe.checkpoint_every == 0 or self.step == self.recipe.steps:
                self.save()
                line = {
                    "step": self.step,
                    "loss": round(float(np.mean(losses)), 5),
                    "measures_per_second": round(seen / (time.monotonic() - started)),
                    **report(self.step),
                }
                with (self.folder / "vae.jsonl").open("a") as log:
                    log.write(json.dumps(line) + "\n")
                started, seen, losses = time.monotonic(), 0, []

    def _train_on(self, tokens: Tensor) -> float:
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.learning_rate * learning_rate_share(self.step, self.recipe)
        with torch.autocast(tokens.device.type, torch.bfloat16, enabled=self.recipe.autocast):
            loss = self.loss(tokens)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), self.recipe.gradient_norm)
        self.optimizer.step()
        return loss.item()

    def loss(self, tokens: Tensor) -> Tensor:
        """Mean token cross-entropy plus ``beta`` times the mean KL divergence of a measure."""
        latent = self.model.encoder(tokens)
        latents = latent.sample()
        if float(torch.rand(())) < self.recipe.teacher_forcing:
            known = torch.rand(tokens.shape) >= self.recipe.word_dropout
            logits = self.model.decoder(latents, tokens, known)
        else:
            logits, _ = unroll(self.model.decoder, latents)
        entropy = nn.functional.cross_entropy(logits.flatten(0, 1), tokens.flatten())
        return entropy + self.recipe.beta * latent.divergence().mean()
