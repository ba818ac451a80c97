"""Drawing candidates for a gap: many at a time as one batch, each from a seed of its own.

Shapes: C candidates, P past, F future and N missing measures, T ticks, Z latent size, V vocabulary.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from inpaint_desktop.engine.reading import Reading
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.engine.sampling import GrammarSampler, noise_of, uniforms_of
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.measure_vae import Latent
from inpaint_desktop.models.unrolling import Choice, log_likelihoods, unroll
from inpaint_desktop.score.melody import Measure


class Drawing:
    """A request as InpaintNet reads it: what all of its candidates share."""

    def __init__(self, model: InpaintNet, request: FillRequest, device: torch.device) -> None:
        self._model = model
        self._request = request
        self._device = device
        is_home = model.config.key == "home"
        self.reading = Reading(request, device, in_home_key=is_home, longest=model.config.measures)
        self._window = self.reading.window
        self._past, self._future = self._context()

    def candidates(self, seeds: Sequence[int], boldness: float = 1.0) -> list[Take]:
        """Draw one candidate for each seed; see ``Candidates``."""
        with torch.inference_mode():
            latents = self._latents(seeds)  # (C, N, Z)
            if self._request.is_free:
                tokens = self._side_by_side(latents, seeds)  # (C, N, T)
            else:
                tokens = self._one_by_one(latents, self.reading.sampler(seeds, boldness))
            likelihoods = self._likelihoods(tokens)
        return list(map(self.reading.take, tokens.tolist(), seeds, likelihoods))

    def likelihood_of_original(self) -> float:
        """The log-likelihood a tick of the measures that stand in the gap now, as takes have it."""
        return self.take_of(self._request.original, 0).log_likelihood

    def take_of(self, measures: tuple[Measure, ...], seed: int) -> Take:
        """Make a take of measures that were written otherwise."""
        with torch.inference_mode():
            likelihood = self._likelihoods(self.reading.tokens_of(measures)[None])[0]
        return self.reading.take_of(measures, seed, likelihood)

    def _context(self) -> tuple[Latent, Latent]:
        """The latents of the measures before and after the gap, (1, P, Z) and (1, F, Z)."""
        window = self._window
        rows = torch.tensor([[*window.past, *window.future]], device=self._device)
        with torch.inference_mode():
            latent = self._model.encode(rows)
        past = len(window.past)
        return (
            Latent(latent.mean[:, :past], latent.log_std[:, :past]),
            Latent(latent.mean[:, past:], latent.log_std[:, past:]),
        )

    def _latents(self, seeds: Sequence[int]) -> Tensor:
        """The gap's latents of each candidate, (C, N, Z)."""
        past, future = self._sampled(self._past, seeds, "past"), self._sampled(self._future, seeds, "future")
        latents: Tensor = self._model.latent_rnn(past, future, len(self._window.slots))
        noise = noise_of(seeds, latents.shape[1:], "gap").to(self._device)
        return latents + self._request.variety.gap_noise * noise

    def _sampled(self, latent: Latent, seeds: Sequence[int], purpose: str) -> Tensor:
        """The context's latents sampled once a candidate, (C, measures, Z)."""
        noise = noise_of(seeds, latent.mean.shape[1:], purpose).to(self._device)
        return latent.mean + self._request.variety.context_noise * latent.log_std.exp() * noise

    def _side_by_side(self, latents: Tensor, seeds: Sequence[int]) -> Tensor:
        """Draw all measures of the gap at once, (C, N, T)."""
        variety, shape = self._request.variety, (len(self._window.slots), self._model.config.vae.ticks)
        uniforms = uniforms_of(seeds, shape, "tokens").flatten(0, 1).to(self._device)
        grammars = self.reading.grammars * len(seeds)
        sampler = GrammarSampler(grammars, uniforms, temperature=variety.temperature, top_p=variety.top_p)
        return self._model.decode(latents, sampler)[1]

    def _one_by_one(self, latents: Tensor, sampler: Choice) -> Tensor:
        """Draw one measure of the gap after the other, as each depends on what came before it."""
        measures = [unroll(self._model.decoder, latents[:, place], sampler)[1] for place in range(latents.shape[1])]
        return torch.stack(measures, 1)

    def _likelihoods(self, tokens: Tensor) -> list[float]:
        """The log-likelihood a tick of every candidate, given the context without noise."""
        latents = self._model.latent_rnn(self._past.mean, self._future.mean, tokens.shape[1])
        scores = log_likelihoods(self._model.decoder, latents[0], tokens)  # (C, N, T)
        return [float(value) for value in scores.mean((1, 2))]
