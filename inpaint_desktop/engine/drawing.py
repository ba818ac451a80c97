"""Drawing candidates for a gap: all of them through the networks as one batch, each from a seed of its own.

Shapes: C candidates, P past, F future and N missing measures, T ticks, Z latent size, V vocabulary.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from inpaint_desktop.encoding.grammar import Constraints, Grammar, grammar_of
from inpaint_desktop.encoding.transposition import Transposition, home_of, key_of
from inpaint_desktop.encoding.window import window_around
from inpaint_desktop.engine.fitting import fit
from inpaint_desktop.engine.properties import properties_of
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.engine.sampling import Favour, GrammarSampler, noise_of, uniforms_of
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.measure_vae import Latent
from inpaint_desktop.models.unrolling import log_likelihoods
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Melody, Span

MOST_FAVOUR = 4.0
"""How many nats the original's tokens gain at full similarity.

With 4, takes have about four of five notes in common with the original and still differ from each other; with 6, too
few that differ are found. Mixing the original's latents into the gap's instead makes takes hardly more like it, as
the decoder was trained on other latents.
"""


class Drawing:
    """A request as the model reads it: what all of its candidates share."""

    def __init__(self, model: InpaintNet, request: FillRequest, device: torch.device) -> None:
        self._model = model
        self._request = request
        self._device = device
        self._around = _around(request.melody, request.span)
        self._key = key_of(self._around)
        self._transposition = self._into_models_key()
        self._window = window_around(request.melody, request.span, self._transposition, longest=model.config.measures)
        self._grammars = self._rules()
        self._past, self._future = self._context()
        self._favour = self._favour_of_original()

    def candidates(self, seeds: Sequence[int]) -> list[Take]:
        """Draw one candidate for each seed."""
        with torch.inference_mode():
            latents = self._latents(seeds)  # (C, N, Z)
            tokens = self._tokens(latents, seeds)  # (C, N, T)
            likelihoods = self._likelihoods(tokens)
        return list(map(self._take, tokens.tolist(), seeds, likelihoods))

    def likelihood_of_original(self) -> float:
        """The log-likelihood a tick of the measures that stand in the gap now, as takes have it."""
        with torch.inference_mode():
            return self._likelihoods(torch.tensor([self._window.gap], device=self._device))[0]

    def _into_models_key(self) -> Transposition:
        melody, span = self._request.melody, self._request.span
        if self._model.config.key == "home":
            return home_of(self._around)
        return Transposition(0, melody.measures[span.start].key)

    def _rules(self) -> list[Grammar]:
        """The rules for each measure of the gap.

        Raises:
            SettingsError: they leave no note that the model has.
        """
        constraints = _with_key(self._request, self._around, self._key)
        measures = self._request.melody.measures
        grammars = [
            grammar_of(measures[slot.start].meter, constraints, self._transposition.semitones)
            for slot in self._window.slots
        ]
        if not all(grammar.has_notes for grammar in grammars):
            message = "The limits leave no note that may be used; widen the range, or allow notes out of key."
            raise SettingsError(message)
        return grammars

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

    def _favour_of_original(self) -> Favour | None:
        """What the measures that stand in the gap now have to say, if they shall have a say."""
        span, similarity = self._request.span, self._request.similarity
        is_silent = all(note.is_rest for index in span.indices for note in self._request.melody.measures[index].notes)
        if not similarity or is_silent:
            return None
        return Favour(torch.tensor(self._window.gap, device=self._device), MOST_FAVOUR * similarity)

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

    def _tokens(self, latents: Tensor, seeds: Sequence[int]) -> Tensor:
        """Draw every candidate's tokens, (C, N, T)."""
        variety, shape = self._request.variety, (len(self._window.slots), self._model.config.vae.ticks)
        uniforms = uniforms_of(seeds, shape, "tokens").flatten(0, 1).to(self._device)
        sampler = GrammarSampler(
            self._grammars * len(seeds),
            uniforms,
            temperature=variety.temperature,
            top_p=variety.top_p,
            favour=self._favour,
        )
        return self._model.decode(latents, sampler)[1]

    def _likelihoods(self, tokens: Tensor) -> list[float]:
        """The log-likelihood a tick of every candidate, given the context without noise."""
        latents = self._model.latent_rnn(self._past.mean, self._future.mean, tokens.shape[1])
        scores = log_likelihoods(self._model.decoder, latents[0], tokens)  # (C, N, T)
        return [float(value) for value in scores.mean((1, 2))]

    def _take(self, rows: Sequence[Sequence[int]], seed: int, likelihood: float) -> Take:
        melody, span = self._request.melody, self._request.span
        measures = fit([tuple(row) for row in rows], melody, span, semitones=self._transposition.semitones)
        original = melody.measures[span.start : span.stop]
        return Take(self._request, measures, seed, likelihood, properties_of(measures, original, self._key))


def _with_key(request: FillRequest, around: Melody, key: KeySignature) -> Constraints:
    """The request's constraints, and the key's pitch classes among them where the takes shall stay in key."""
    constraints = request.constraints
    if not request.stay_in_key:
        return constraints
    allowed = key.pitch_classes | _pitch_classes(around)
    if constraints.pitch_classes is not None:
        allowed &= constraints.pitch_classes
    return Constraints(constraints.lowest, constraints.highest, allowed)


def _around(melody: Melody, gap: Span) -> Melody:
    """The measures around the gap; what stands in it has no say in the key, unless there is nothing else."""
    return Melody((*melody.measures[: gap.start], *melody.measures[gap.stop :]) or melody.measures)


def _pitch_classes(melody: Melody) -> frozenset[int]:
    """The pitch classes that a melody uses, accidentals among them."""
    return frozenset(note.pitch.midi % 12 for measure in melody.measures for note in measure.notes if note.pitch)
