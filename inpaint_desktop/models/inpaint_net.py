"""InpaintNet: MeasureVAE and LatentRNN joined (paper section 3.2).

Shapes: B batch, P past, F future and N missing measures, T ticks, Z latent size, V vocabulary.
"""

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from inpaint_desktop.models.config import InpaintNetConfig
from inpaint_desktop.models.latent_rnn import LatentRnn
from inpaint_desktop.models.measure_vae import Decoder, Latent, MeasureVae
from inpaint_desktop.models.unrolling import Choice, likeliest, unroll


@dataclass(frozen=True, slots=True)
class Noise:
    """Where takes get their variety from.

    ``context`` multiplies the spread with which context latents are sampled (1 is the paper's, 0 takes
    their means); ``gap`` is the standard deviation of noise added to the gap's latents.
    """

    context: float = 1.0
    gap: float = 0.0


class InpaintNet(nn.Module):
    """The whole model. ``decoder`` is the VAE's own unless the configuration tunes a second one."""

    def __init__(self, config: InpaintNetConfig) -> None:
        super().__init__()
        self.config = config
        self.vae = MeasureVae(config.vae)
        self.latent_rnn = LatentRnn(config.latent_rnn, config.vae.latent_size)
        self.tuned_decoder = copy.deepcopy(self.vae.decoder) if config.tuned_decoder else None

    @property
    def decoder(self) -> Decoder:
        """The decoder that turns the gap's latents into tokens."""
        return self.vae.decoder if self.tuned_decoder is None else self.tuned_decoder

    def start_tuning(self) -> None:
        """Let the second decoder start from the trained one."""
        if self.tuned_decoder is not None:
            self.tuned_decoder.load_state_dict(self.vae.decoder.state_dict())

    def encode(self, measures: Tensor) -> Latent:
        """Encode measures (..., T) into latents (..., Z), each measure by itself."""
        latent = self.vae.encoder(measures.flatten(0, -2))
        shape = (*measures.shape[:-1], -1)
        return Latent(latent.mean.view(shape), latent.log_std.view(shape))

    def traverse(
        self,
        past: Latent,
        future: Latent,
        missing: int,
        *,
        noise: Noise,
        generator: torch.Generator | None = None,
    ) -> Tensor:
        """Latents for the gap, (B, N, Z), from the context's."""
        latents: Tensor = self.latent_rnn(
            past.sample(noise.context, generator), future.sample(noise.context, generator), missing
        )
        if not noise.gap:
            return latents
        drawn = torch.randn(latents.shape, generator=generator, device=latents.device, dtype=latents.dtype)
        return latents + noise.gap * drawn

    def decode(self, latents: Tensor, choose: Choice = likeliest, *, blind: bool = False) -> tuple[Tensor, Tensor]:
        """Decode latents (B, N, Z) freely (see ``unroll``): logits (B, N, T, V) and tokens (B, N, T)."""
        logits, tokens = unroll(self.decoder, latents.flatten(0, 1), choose, blind=blind)
        shape = latents.shape[:2]
        return logits.unflatten(0, shape), tokens.unflatten(0, shape)
