"""Training of MeasureVAE (paper section 4.2).

Shapes: B batch, T ticks.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from inpaint_desktop.encoding.vocabulary import HOLD
from inpaint_desktop.models.measure_vae import MeasureVae
from inpaint_desktop.models.unrolling import unroll
from training.machine import PLAIN, Machine


@dataclass(frozen=True, slots=True)
class VaeRecipe:
    """What MeasureVAE's loss is made of.

    ``beta`` weighs the KL divergence of a measure against the mean token loss. ``word_dropout`` hides that share
    of the tokens that are fed back. ``teacher_forcing`` is the chance that a batch is decoded from the true
    tokens; the paper's 0.5 decodes every other batch from its own.
    """

    beta: float = 1e-3
    teacher_forcing: float = 1.0
    word_dropout: float = 0.4


class Measures(Protocol):
    """Where batches of measures come from."""

    generator: np.random.Generator

    def batch(self, size: int) -> np.ndarray:
        """Draw ``size`` measures as tokens, (size, T)."""


class VaeObjective:
    """Read a measure and write it again."""

    def __init__(
        self,
        model: MeasureVae,
        measures: Measures,
        check: np.ndarray,
        recipe: VaeRecipe,
        machine: Machine = PLAIN,
    ) -> None:
        self.model = model
        self.measures = measures
        self.check = check
        self.recipe = recipe
        self.machine = machine
        self.generator = measures.generator

    def loss(self, batch_size: int) -> Tensor:
        """The loss on measures drawn at random."""
        return self.loss_of(torch.from_numpy(self.measures.batch(batch_size)).to(self.machine.device))

    def loss_of(self, tokens: Tensor) -> Tensor:
        """Mean token cross-entropy plus ``beta`` times the mean KL divergence of a measure; ``tokens`` (B, T)."""
        latent = self.model.encoder(tokens)
        latents = latent.sample()
        if float(torch.rand(())) < self.recipe.teacher_forcing:
            known = torch.rand(tokens.shape, device=tokens.device) >= self.recipe.word_dropout
            logits = self.model.decoder(latents, tokens, known)
        else:
            logits, _ = unroll(self.model.decoder, latents)
        entropy = nn.functional.cross_entropy(logits.flatten(0, 1), tokens.flatten())
        loss: Tensor = entropy + self.recipe.beta * latent.divergence().mean()
        return loss

    def evaluate(self) -> dict[str, float]:
        """Free-running reconstruction on the validation measures; the score is the share that is not exact."""
        figures = reconstruction(self.model, self.check)
        return {**figures, "score": 1.0 - figures["measure_accuracy"]}


def reconstruction(model: MeasureVae, measures: np.ndarray, seed: int = 0) -> dict[str, float]:
    """Measure free-running reconstruction with sampled latents: shares of tokens, onsets, whole measures."""
    return accuracies(measures, reconstructed(model, measures, seed))


def accuracies(measures: np.ndarray, decoded: np.ndarray) -> dict[str, float]:
    """The shares of tokens, onset tokens and whole measures that are equal; both (B, T)."""
    right, onsets = measures == decoded, measures != HOLD
    return {
        "token_accuracy": float(right.mean()),
        "onset_accuracy": float(right[onsets].mean()),
        "measure_accuracy": float(right.all(1).mean()),
    }


def reconstructed(model: MeasureVae, measures: np.ndarray, seed: int = 0) -> np.ndarray:
    """Measures (B, T) encoded, sampled once and decoded freely, (B, T)."""
    device = next(model.parameters()).device
    generator = torch.Generator(device).manual_seed(seed)
    was_training = model.training
    model.eval()
    decoded = []
    with torch.inference_mode():
        for chunk in torch.from_numpy(measures).split(1024):
            latents = model.encoder(chunk.to(device)).sample(generator=generator)
            decoded.append(unroll(model.decoder, latents)[1].cpu())
    model.train(was_training)
    result: np.ndarray = torch.cat(decoded).numpy()
    return result
