"""Training of the LatentRNN over a trained MeasureVAE (paper sections 3.4 and 4.2).

Shapes: B batch, N missing measures, T ticks, Z latent size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from inpaint_desktop.models.gru import GRU
from inpaint_desktop.models.inpaint_net import InpaintNet, Noise
from inpaint_desktop.models.measure_vae import Latent
from inpaint_desktop.models.unrolling import unroll
from training.latents import Source
from training.scoring import Mode, Trial, score_model


@dataclass(frozen=True, slots=True)
class InpaintRecipe:
    """How the token loss is formed.

    ``teacher_forcing`` is the share of batches whose fed-back tokens are known before, so that all beats are decoded
    at once; the paper has none (the decoder reads its own argmax as it goes). Of those measures, ``blind_share`` see
    no earlier token at all, ``own_share`` the decoder's own likeliest tokens, as in the paper, and the others the
    true tokens less ``word_dropout`` of them. ``latent_weight`` is that of the distance of the gap's latents from those
    that the encoder makes of the true measures, which the paper does not have.
    """

    teacher_forcing: float = 1.0
    blind_share: float = 0.5
    word_dropout: float = 0.3
    own_share: float = 0.0
    latent_weight: float = 0.0


class InpaintObjective:
    """Fill gaps: the token loss of the LatentRNN's latents through the decoder.

    ``trials`` are validated on; the first one gives the score.
    """

    def __init__(self, model: InpaintNet, source: Source, trials: Sequence[Trial], recipe: InpaintRecipe) -> None:
        self.model = model
        self.source = source
        self.trials = trials
        self.recipe = recipe
        self.generator = source.generator
        freeze(model)

    def loss(self, batch_size: int) -> Tensor:
        """The loss on windows drawn at random."""
        windows = self.source.draw(batch_size)
        noise = Noise(context=float(self.model.config.latent_rnn.sampled_context))
        latents = self.model.traverse(windows.past, windows.future, windows.targets.shape[1], noise=noise)
        counts = windows.is_music | self.model.config.padding_in_loss  # (B, N)
        loss = self.token_loss(latents[counts], windows.targets[counts])
        if self.recipe.latent_weight:
            with torch.no_grad():
                truth = windows.truth()
            real = Latent(truth.mean[counts], truth.log_std[counts])
            loss = loss + self.recipe.latent_weight * latent_loss(latents[counts], real)
        return loss

    def token_loss(self, latents: Tensor, targets: Tensor) -> Tensor:
        """Mean cross-entropy of measures; ``latents`` (B * N, Z), ``targets`` (B * N, T)."""
        if float(torch.rand(())) < self.recipe.teacher_forcing:
            logits = self.model.decoder(latents, *self._fed_back(latents, targets))
        else:
            logits, _ = unroll(self.model.decoder, latents)
        return nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def _fed_back(self, latents: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """What the decoder reads before each tick, and which of it is known, both (B * N, T)."""
        draw = torch.rand(len(targets), device=targets.device)
        is_blind, is_own = draw < self.recipe.blind_share, draw >= 1.0 - self.recipe.own_share
        tokens = targets
        if self.recipe.own_share:
            with torch.no_grad():
                own = unroll(self.model.decoder, latents[is_own])[1]
            tokens = targets.masked_scatter(is_own[:, None], own)
        is_kept = torch.rand(targets.shape, device=targets.device) >= self.recipe.word_dropout
        return tokens, (is_kept | is_own[:, None]) & ~is_blind[:, None]

    def evaluate(self) -> dict[str, float]:
        """Free-running figures on the fixed validation windows of each trial."""
        figures: dict[str, float] = {}
        for trial in self.trials:
            for blind in (False, True):
                scores = score_model(self.model, trial, Mode(trial.sampled, blind=blind))
                mark = f"{trial.name}_blind" if blind else trial.name
                figures[f"{mark}_nll"] = scores.nll_per_token
                figures[f"{mark}_onset"] = scores.onset_accuracy
        first = self.trials[0].name
        figures["score"] = min(figures[f"{first}_nll"], figures[f"{first}_blind_nll"])
        return figures


def latent_loss(latents: Tensor, truth: Latent) -> Tensor:
    """Half the mean squared distance from the true measures' latents, in units of their spread; all (M, Z)."""
    return ((latents - truth.mean) / truth.log_std.exp()).square().mean() / 2


def freeze(model: InpaintNet) -> None:
    """Fix the trained VAE; what is left to learn is the LatentRNN, and the second decoder if there is one.

    Without ``decoder_dropout`` the decoder and the encoder lose their dropout for good; they are not put
    into evaluation mode for it, in which cuDNN refuses to compute gradients.
    """
    for parameter in model.vae.parameters():
        parameter.requires_grad_(False)
    if model.config.decoder_dropout:
        return
    for part in (*model.vae.modules(), *model.decoder.modules()):
        if isinstance(part, GRU):
            part.dropout = 0.0
