"""A model's scores on gaps: all batched, the decoder running freely.

Shapes: B batch, G gaps, N missing measures, T ticks, V vocabulary.
"""

from dataclasses import dataclass

import numpy as np
import torch

from inpaint_desktop.models.inpaint_net import InpaintNet, Noise
from training.gaps import Gaps, batches
from training.latents import LatentBank
from training.scores import Guesses, Scores
from training.windows import Bank, Book


@dataclass(frozen=True)
class Trial:
    """What a model is tried on; ``sampled`` draws the contexts' latents instead of taking their means."""

    name: str
    bank: Bank
    book: Book
    gaps: Gaps
    latents: LatentBank
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Mode:
    """How a model is tried: ``sampled`` contexts or their means, own tokens fed back or ``blind``."""

    sampled: bool
    blind: bool
    seed: int = 0


def score_model(model: InpaintNet, trial: Trial, mode: Mode) -> Scores:
    """Fill every gap and score the true tokens; the model is left in evaluation mode."""
    return guess(model, trial, mode).scores()


def guess(model: InpaintNet, trial: Trial, mode: Mode) -> Guesses:
    """Fill every gap; the model is left in evaluation mode."""
    model.eval()
    width = trial.gaps.missing * trial.bank.tokens.shape[1]
    truth, guesses = (np.zeros((len(trial.gaps), width), np.int64) for _ in range(2))
    nll = np.zeros((len(trial.gaps), width))
    generator = torch.Generator(trial.latents.device).manual_seed(mode.seed)
    noise = Noise(context=float(mode.sampled))
    with torch.inference_mode():
        for places, batch in batches(trial.bank, trial.book, trial.gaps):
            windows = trial.latents.windows(batch)
            latents = model.traverse(windows.past, windows.future, trial.gaps.missing, noise=noise, generator=generator)
            logits, tokens = model.decode(latents, blind=mode.blind)
            likelihood = logits.log_softmax(-1).gather(-1, windows.targets[..., None])
            truth[places] = windows.targets.flatten(1).cpu().numpy()
            guesses[places] = tokens.flatten(1).cpu().numpy()
            nll[places] = -likelihood.flatten(1).cpu().numpy()
    return Guesses(truth, guesses, nll)
