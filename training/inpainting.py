"""Training of the LatentRNN over a trained MeasureVAE (paper sections 3.4 and 4.2).

Shapes: B batch, P past, F future and N missing measures, T ticks, Z latent size, V vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from inpaint_desktop.models.inpaint_net import InpaintNet, Noise
from inpaint_desktop.models.measure_vae import Latent
from inpaint_desktop.models.unrolling import unroll
from training.windows import Bank, Batch, Book, WindowSampler, window


@dataclass(frozen=True, slots=True)
class InpaintRecipe:
    """How the token loss is formed.

    ``teacher_forcing`` is the share of batches decoded from the true tokens with all beats at once; the paper
    has none (the decoder reads its own argmax). Of those measures, ``blind_share`` see no earlier token at all
    and the others lose ``word_dropout`` of them.
    """

    teacher_forcing: float = 1.0
    blind_share: float = 0.5
    word_dropout: float = 0.3


class LatentBank:
    """The latents of every row of a bank, encoded once: the encoder is frozen."""

    def __init__(self, model: InpaintNet, bank: Bank) -> None:
        self.tokens = torch.from_numpy(bank.tokens)  # (rows, T) uint8
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            parts = [model.vae.encoder(chunk.long()) for chunk in self.tokens.split(512)]
        self.mean = torch.cat([part.mean.half() for part in parts])
        self.log_std = torch.cat([part.log_std.half() for part in parts])

    def latent(self, rows: np.ndarray) -> Latent:
        """The latents of rows of any shape, (..., Z)."""
        index = torch.from_numpy(rows)
        return Latent(self.mean[index].float(), self.log_std[index].float())

    def measures(self, rows: np.ndarray) -> Tensor:
        """The tokens of rows of any shape, (..., T)."""
        return self.tokens[torch.from_numpy(rows)].long()


class InpaintObjective:
    """Fill gaps: the token loss of the LatentRNN's latents through the decoder."""

    def __init__(
        self,
        model: InpaintNet,
        samplers: Sequence[tuple[float, WindowSampler]],
        checks: dict[str, list[Batch]],
        recipe: InpaintRecipe,
    ) -> None:
        self.model = model
        self.samplers = samplers
        self.checks = checks
        self.recipe = recipe
        self.bank = samplers[0][1].bank
        for parameter in model.vae.parameters():
            parameter.requires_grad_(False)
        model.start_tuning()
        model.eval()
        self.latents = LatentBank(model, self.bank)

    def loss(self, batch_size: int) -> Tensor:
        """The token loss on windows drawn at random."""
        if not self.model.config.decoder_dropout:
            self.model.decoder.eval()
        share = float(torch.rand(()))
        for weight, sampler in self.samplers:
            share -= weight
            if share < 0:
                break
        batch = sampler.batch(batch_size)
        config = self.model.config.latent_rnn
        noise = Noise(context=1.0 if config.sampled_context else 0.0)
        latents = self.model.traverse(
            self.latents.latent(batch.past), self.latents.latent(batch.future), batch.gap.shape[1], noise=noise
        )
        return self._token_loss(latents.flatten(0, 1), batch.gap.reshape(-1))

    def _token_loss(self, latents: Tensor, rows: np.ndarray) -> Tensor:
        """Mean cross-entropy; ``latents`` (B * N, Z), ``rows`` (B * N,)."""
        if not self.model.config.padding_in_loss:
            real = rows < self.bank.start
            rows, latents = rows[real], latents[torch.from_numpy(real)]
        targets = self.latents.measures(rows)
        if float(torch.rand(())) < self.recipe.teacher_forcing:
            logits = self.model.decoder(latents, targets, self._known(targets))
        else:
            logits, _ = unroll(self.model.decoder, latents)
        return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def _known(self, targets: Tensor) -> Tensor:
        """Which tokens the decoder sees: none in blind measures, most in the others."""
        blind = torch.rand(len(targets), 1) < self.recipe.blind_share
        return (torch.rand(targets.shape) >= self.recipe.word_dropout) & ~blind

    def evaluate(self) -> dict[str, float]:
        """Free-running figures on the fixed validation windows of each protocol."""
        figures: dict[str, float] = {}
        for name, batches in self.checks.items():
            for blind in (False, True):
                scores = [self._score(batch, blind=blind) for batch in batches]
                tokens, onsets = sum(score[1] for score in scores), sum(score[3] for score in scores)
                mark = f"{name}_blind" if blind else name
                figures[f"{mark}_nll"] = sum(score[0] for score in scores) / tokens
                figures[f"{mark}_onset"] = sum(score[2] for score in scores) / onsets
        first = next(iter(self.checks))
        figures["score"] = min(figures[f"{first}_nll"], figures[f"{first}_blind_nll"])
        return figures

    def _score(self, batch: Batch, *, blind: bool) -> tuple[float, int, int, int]:
        """Summed NLL, tokens, onsets hit and onsets of one batch."""
        self.model.eval()
        with torch.no_grad():
            noise = Noise(context=0.0)
            past, future = self.latents.latent(batch.past), self.latents.latent(batch.future)
            latents = self.model.traverse(past, future, batch.gap.shape[1], noise=noise)
            logits, tokens = self.model.decode(latents, blind=blind)
            targets = self.latents.measures(batch.gap)
            nll = nn.functional.cross_entropy(logits.flatten(0, 2), targets.flatten(), reduction="sum")
        onsets = targets != 0
        return nll.item(), targets.numel(), int((tokens[onsets] == targets[onsets]).sum()), int(onsets.sum())


def fixed_windows(bank: Bank, book: Book, *, missing: int, count: int, seed: int) -> list[Batch]:
    """A fixed list of windows for validation: gaps drawn once, the past between 4 and 12 - N + 4 measures."""
    generator = np.random.default_rng(seed)
    sampler = WindowSampler(bank, book, generator, gaps=(missing, missing), short_share=0.0)
    return [sampler.batch(64) for _ in range(count // 64)]


__all__ = ["InpaintObjective", "InpaintRecipe", "LatentBank", "fixed_windows", "window"]
