"""The paper's model as an engine: all candidates of a request go through the networks as one batch.

Shapes: C candidates, P past, F future and N missing measures, T ticks, Z latent size, V vocabulary.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor

from inpaint_desktop.encoding.grammar import Constraints, Grammar, grammar_of
from inpaint_desktop.encoding.transposition import Transposition, home_of, key_of
from inpaint_desktop.encoding.window import Tokens, window_around
from inpaint_desktop.engine.fitting import fit
from inpaint_desktop.engine.properties import properties_of
from inpaint_desktop.engine.ranking import distinct, ranked
from inpaint_desktop.engine.request import FillRequest, Progress, Take
from inpaint_desktop.engine.sampling import GrammarSampler, noise_of, uniforms_of
from inpaint_desktop.errors import SelectionError, UnsuitableModelError
from inpaint_desktop.models.checkpoint import Checkpoint, load
from inpaint_desktop.models.device import device_of
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.measure_vae import Latent
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody

CANDIDATES_PER_TAKE = 2
EXTRA_CANDIDATES = 4
MOST_ROUNDS = 4
LONGEST_GAP = 8


def ignore_progress(_share: float) -> None:
    """Do nothing with progress."""


class InpaintNetEngine:
    """Fills measures with an InpaintNet whose weights are on disk."""

    name = "inpaintnet"

    def __init__(self, checkpoint: Checkpoint, device: torch.device) -> None:
        self.checkpoint = checkpoint
        self.device = device
        self.model: InpaintNet = checkpoint.model
        self.ticks = self.model.config.vae.ticks

    @classmethod
    def open(cls, weights: Path, device: str = "auto") -> "InpaintNetEngine":
        """Load the weights.

        Raises:
            WeightsError: they are missing or damaged.
            DeviceError: there is no such device.
        """
        chosen = device_of(device)
        return cls(load(weights, chosen), chosen)

    def propose(self, request: FillRequest, progress: Progress = ignore_progress) -> Iterator[Take]:
        """Propose takes, best first; see ``Engine.propose``."""
        self.check(request)
        candidates: list[Take] = []
        seed, wanted = request.seed, CANDIDATES_PER_TAKE * request.takes + EXTRA_CANDIDATES
        work = _Work(self, request)
        for turn in range(MOST_ROUNDS):
            candidates = distinct([*candidates, *work.candidates(range(seed, seed + wanted))])
            seed += wanted
            progress(0.9 if len(candidates) >= request.takes else (turn + 1) / (MOST_ROUNDS + 1))
            if len(candidates) >= request.takes:
                break
        yield from ranked(candidates, request.takes)
        progress(1.0)

    def check(self, request: FillRequest) -> None:
        """Make sure that the model can fill these measures.

        Raises:
            UnsuitableModelError: the meter is one the model was not trained for, or a measure is irregular.
            SelectionError: the selection is too long.
        """
        if len(request.span) > LONGEST_GAP:
            message = f"{len(request.span)} measures are too many at once; choose at most {LONGEST_GAP}."
            raise SelectionError(message)
        for index in request.span.indices:
            self._check_measure(request.melody.measures[index])

    def _check_measure(self, measure: Measure) -> None:
        meters = self.checkpoint.card.get("meters", ["4/4", "2/2"])
        if str(measure.meter) not in meters:
            message = (
                f"Measure {measure.number} is in {measure.meter}, but this model was trained for "
                f"{' and '.join(meters)} only; choose measures in one of these."
            )
            raise UnsuitableModelError(message)
        if measure.duration > measure.meter.ticks:
            message = f"Measure {measure.number} is longer than its meter says; correct it or choose other measures."
            raise UnsuitableModelError(message)


class _Work:
    """What all candidates of one request share."""

    def __init__(self, engine: InpaintNetEngine, request: FillRequest) -> None:
        self.engine = engine
        self.request = request
        self.model = engine.model
        self.key = key_of(request.melody)
        self.written_key = request.melody.measures[request.span.start].key
        self.transposition = self._transposition()
        self.window = window_around(
            request.melody, request.span, self.transposition, longest=self.model.config.measures
        )
        self.grammars = self._grammars()
        with torch.inference_mode():
            self.past = self._encode(self.window.past)
            self.future = self._encode(self.window.future)

    def candidates(self, seeds: Sequence[int]) -> list[Take]:
        """Draw one candidate for each seed."""
        with torch.inference_mode():
            latents = self._latents(seeds)  # (C, N, Z)
            tokens = self._tokens(latents, seeds)  # (C, N, T)
            likelihoods = self._likelihoods(tokens)
        return [
            self._take(rows, seed, likelihood)
            for rows, seed, likelihood in zip(tokens.tolist(), seeds, likelihoods, strict=True)
        ]

    def _transposition(self) -> Transposition:
        if self.model.config.key == "home":
            return home_of(self.request.melody)
        return Transposition(0, self.written_key)

    def _grammars(self) -> list[Grammar]:
        """The rules for each measure of the gap."""
        constraints = self.request.constraints
        if self.request.stay_in_key and constraints.pitch_classes is None:
            allowed = _pitch_classes(self.request.melody, self.request.span.indices, self.key)
            constraints = Constraints(constraints.lowest, constraints.highest, allowed)
        measures = self.request.melody.measures
        return [
            grammar_of(measures[index].meter, constraints, self.transposition.semitones)
            for index in self.request.span.indices
        ]

    def _encode(self, rows: Sequence[Tokens]) -> Latent:
        """The latents of context measures, (1, measures, Z)."""
        return self.model.encode(torch.tensor([rows], device=self.engine.device))

    def _latents(self, seeds: Sequence[int]) -> Tensor:
        """The gap's latents of each candidate, (C, N, Z)."""
        variety, missing = self.request.variety, len(self.request.span)
        past = self._sampled(self.past, seeds, 0)
        future = self._sampled(self.future, seeds, 1)
        latents: Tensor = self.model.latent_rnn(past, future, missing)
        noise = noise_of(seeds, tuple(latents.shape[1:]), 2).to(latents.device)
        return latents + variety.gap_noise * noise

    def _sampled(self, latent: Latent, seeds: Sequence[int], stream: int) -> Tensor:
        """The context's latents sampled once a candidate, (C, measures, Z)."""
        noise = noise_of(seeds, tuple(latent.mean.shape[1:]), stream).to(latent.mean.device)
        return latent.mean + self.request.variety.context_noise * latent.log_std.exp() * noise

    def _tokens(self, latents: Tensor, seeds: Sequence[int]) -> Tensor:
        """Draw every candidate's tokens, (C, N, T)."""
        variety, missing = self.request.variety, len(self.request.span)
        uniforms = uniforms_of(seeds, (missing, self.engine.ticks), 3).flatten(0, 1).to(latents.device)
        sampler = GrammarSampler(
            self.grammars * len(seeds), uniforms, temperature=variety.temperature, top_p=variety.top_p
        )
        return self.model.decode(latents, sampler)[1]

    def _likelihoods(self, tokens: Tensor) -> list[float]:
        """The log-likelihood a tick of every candidate, given the context without noise."""
        count = len(tokens)
        latents = self.model.latent_rnn(self.past.mean, self.future.mean, tokens.shape[1])
        latents = latents.expand(count, -1, -1).flatten(0, 1)
        rows = tokens.flatten(0, 1)
        scores = self.model.decoder(latents, rows).log_softmax(-1).gather(-1, rows[..., None])
        return [float(value) for value in scores.view(count, -1).mean(-1)]

    def _take(self, rows: Sequence[Sequence[int]], seed: int, likelihood: float) -> Take:
        melody, span = self.request.melody, self.request.span
        tokens = [tuple(row) for row in rows]
        semitones = self.transposition.semitones
        measures = fit(tokens, melody, span, semitones=semitones, key=self.written_key)
        original = melody.measures[span.start : span.stop]
        return Take(self.request, measures, seed, likelihood, properties_of(measures, original, self.key))


def _pitch_classes(melody: Melody, gap: range, key: KeySignature) -> frozenset[int]:
    """The key's pitch classes, and the accidentals that the tune uses outside the gap."""
    used = {
        note.pitch.midi % 12
        for index, measure in enumerate(melody.measures)
        if index not in gap
        for note in measure.notes
        if note.pitch is not None
    }
    return key.pitch_classes | frozenset(used)
