"""The transformer's training: windows of every meter, and the likelihood of their gaps' tokens.

Shapes: B batch, P past, N missing and F future measures, T ticks, V vocabulary.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from inpaint_desktop.models.gap_transformer import Frame, GapTransformer
from inpaint_desktop.models.writing import Writer
from training.gaps import Gaps, batches
from training.loop import Run
from training.machine import Machine
from training.measures import tokens_in
from training.moving import MovedWindows, moved_bank
from training.scores import Guesses, Scores
from training.trials import Corpora, Ground, ground_of
from training.windows import Bank, Batch, WindowSampler, bind

OWN_TOKENS = 0.7


@dataclass(frozen=True, slots=True)
class Draws:
    """What batches are made of.

    A batch consists of ``parts``, each in a meter and of a shape of its own. Meters are drawn by how many measures
    there are of them to the ``power``. ``notated_share`` of the parts come from tunes in notated order and the others
    from repeats played out, and a ``moved_share`` of all windows is moved along the scale. In an ``own_share`` of the
    parts the model reads its own likeliest tokens in the place of ``OWN_TOKENS`` of the gap's: it learns to go on after
    a mistake.
    """

    parts: int = 4
    power: float = 0.8
    notated_share: float = 0.75
    moved_share: float = 0.5
    gaps: tuple[int, int] = (1, 8)
    short_share: float = 0.3
    own_share: float = 0.0


@dataclass(frozen=True)
class Shelf:
    """The windows of one meter: ``meter`` is its index for the model, ``weight`` how often it is drawn."""

    meter: int
    bank: Bank
    notated: MovedWindows
    played: MovedWindows
    weight: float


def shelf_of(meter: int, corpora: Corpora, generator: np.random.Generator, draws: Draws) -> Shelf:
    """Lay out the train split of a meter's corpora."""
    forms = (corpora.notated, corpora.played)
    bank, books = bind([(corpus, tokens_in("home", corpus)) for corpus in forms])
    notated, played = (
        MovedWindows(
            WindowSampler(bank, book.only(corpus.tunes("train")), generator, draws.gaps, draws.short_share),
            draws.moved_share,
        )
        for corpus, book in zip(forms, books, strict=True)
    )
    weight = len(notated.sampler.book.rows) ** draws.power
    return Shelf(meter, moved_bank(bank), notated, played, weight)


@dataclass(frozen=True)
class Part:
    """Windows of one shape: ``context`` (B, P + F, T) and ``gap`` (B, N, T).

    ``own`` (B, N, T) says where the model reads its own token of the gap; ``None`` is nowhere.
    """

    context: Tensor
    gap: Tensor
    frame: Frame
    own: Tensor | None = None


def part_of(bank: Bank, batch: Batch, meter: int, device: torch.device) -> Part:
    """The tokens of a batch of windows."""
    context = bank.tokens[np.concatenate((batch.past, batch.future), 1)]
    past, missing, future = (rows.shape[1] for rows in (batch.past, batch.gap, batch.future))
    frame = Frame(meter, bank.tokens.shape[1], past, missing, future)
    return Part(_on(device, context), _on(device, bank.tokens[batch.gap]), frame)


def _on(device: torch.device, tokens: np.ndarray) -> Tensor:
    return torch.from_numpy(tokens.astype(np.int64)).to(device)


@dataclass(frozen=True)
class MeterTrial:
    """Gaps of one meter to score a model on."""

    name: str
    ground: Ground
    gaps: Gaps
    meter: int


def meter_trial(
    name: str, corpora: Corpora, split: str, place: tuple[str, int], missing: int, count: int
) -> MeterTrial:
    """Draw gaps of a split; ``place`` is the protocol and the meter's index."""
    protocol, meter = place
    ground = ground_of(protocol, corpora, split, "home")
    return MeterTrial(name, ground, ground.gaps(missing, count), meter)


class TransformerObjective:
    """What the transformer learns: the true tokens of gaps, given the context and the tokens before them."""

    def __init__(
        self,
        model: GapTransformer,
        shelves: Sequence[Shelf],
        trials: Sequence[MeterTrial],
        draws: Draws,
        machine: Machine,
    ) -> None:
        self.model = model
        self.trials = trials
        self._shelves = shelves
        self._draws = draws
        self._machine = machine
        self.generator = shelves[0].notated.generator
        weights = np.array([shelf.weight for shelf in shelves])
        self._shares = weights / weights.sum()

    def loss(self, batch_size: int) -> Tensor:
        """The mean negative log-likelihood of a token, in nats."""
        return torch.stack([self.part_loss(part) for part in self.draw(batch_size)]).mean()

    def draw(self, batch_size: int) -> list[Part]:
        """Draw a batch, in parts."""
        return [self._draw(batch_size // self._draws.parts) for _ in range(self._draws.parts)]

    def _draw(self, size: int) -> Part:
        shelf = self._shelves[self.generator.choice(len(self._shelves), p=self._shares)]
        is_notated = self.generator.random() < self._draws.notated_share
        batch = (shelf.notated if is_notated else shelf.played).batch(size)
        part = part_of(shelf.bank, batch, shelf.meter, self._machine.device)
        if self.generator.random() >= self._draws.own_share:
            return part
        own = self.generator.random(tuple(part.gap.shape)) < OWN_TOKENS
        return replace(part, own=torch.from_numpy(own).to(part.gap.device))

    def part_loss(self, part: Part) -> Tensor:
        """The mean negative log-likelihood of a token of a part."""
        memories, read = self.model.read(part.context, part.frame), part.gap
        if part.own is not None:
            with torch.no_grad():
                likeliest = self.model.write(memories, part.gap, part.frame).argmax(-1)
            read = torch.where(part.own, likeliest, part.gap)
        logits = self.model.write(memories, read, part.frame)
        return functional.cross_entropy(logits.flatten(0, 2).float(), part.gap.flatten())

    def evaluate(self) -> dict[str, float]:
        """The negative log-likelihood on every trial, and over all of them."""
        scores = {trial.name: likelihoods(self.model, trial, self._machine) for trial in self.trials}
        figures = {name: score.nll_per_token for name, score in scores.items()}
        return {**figures, "score": Scores.joined(list(scores.values())).nll_per_token}


class SharedRun(Run):
    """A run whose batches are shared out to ``workers``, each computing on one thread.

    Threads that meet once a step lose less to whatever else the machine does than threads that share every product.
    """

    def __init__(self, objective: TransformerObjective, run: Run, workers: int) -> None:
        super().__init__(objective, run.recipe, run.folder, run.machine, run.optimizer)
        self._tokenwise = objective
        self._workers = workers
        self._pool = ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,))

    def _gradients(self) -> float:
        parts = sorted(self._tokenwise.draw(self.recipe.batch_size), key=lambda part: part.context.numel())
        shares = [parts[place :: self._workers] for place in range(self._workers)]
        found = [share.result() for share in [self._pool.submit(self._share, share) for share in shares]]
        for parameter, *gradients in zip(self.parameters, *(gradient for _, gradient in found), strict=True):
            parameter.grad = torch.stack(gradients).sum(0) / len(parts)
        return sum(loss for loss, _ in found) / len(parts)

    def _share(self, parts: Sequence[Part]) -> tuple[float, tuple[Tensor, ...]]:
        """The sum of the losses of some parts, and its gradients."""
        with self.machine.casting():
            loss = torch.stack([self._tokenwise.part_loss(part) for part in parts]).sum()
        return loss.item(), torch.autograd.grad(loss, self.parameters)


def likelihoods(model: Writer, trial: MeterTrial, machine: Machine) -> Scores:
    """Score the true tokens of every gap; a guess is the likeliest token after the true ones before it."""
    model.eval()
    width = trial.gaps.missing * trial.ground.bank.tokens.shape[1]
    truth, guesses = (np.zeros((len(trial.gaps), width), np.int64) for _ in range(2))
    nll = np.zeros((len(trial.gaps), width))
    with torch.inference_mode(), machine.casting():
        for places, batch in batches(trial.ground.bank, trial.ground.book, trial.gaps, size=64):
            part = part_of(trial.ground.bank, batch, trial.meter, machine.device)
            logits = model.write(model.read(part.context, part.frame), part.gap, part.frame).float()
            likelihood = logits.log_softmax(-1).gather(-1, part.gap[..., None])
            truth[places] = part.gap.flatten(1).cpu().numpy()
            guesses[places] = logits.argmax(-1).flatten(1).cpu().numpy()
            nll[places] = -likelihood.flatten(1).cpu().numpy()
    return Scores.of(truth, guesses, nll)


def free_running(model: Writer, trial: MeterTrial, machine: Machine) -> Scores:
    """Score what the model writes when it reads its own likeliest tokens."""
    return free_guesses(model, trial, machine).scores()


def free_guesses(model: Writer, trial: MeterTrial, machine: Machine) -> Guesses:
    """What the model says of the true tokens when it reads its own likeliest ones."""
    model.eval()
    width = trial.gaps.missing * trial.ground.bank.tokens.shape[1]
    truth, guesses = (np.zeros((len(trial.gaps), width), np.int64) for _ in range(2))
    nll = np.zeros((len(trial.gaps), width))
    with torch.inference_mode():
        for places, batch in batches(trial.ground.bank, trial.ground.book, trial.gaps, size=256):
            part = part_of(trial.ground.bank, batch, trial.meter, machine.device)
            written, likelihood = greedy(model, part)
            truth[places] = part.gap.flatten(1).cpu().numpy()
            guesses[places] = written.flatten(1).cpu().numpy()
            nll[places] = -likelihood.flatten(1).cpu().numpy()
    return Guesses(truth, guesses, nll)


def greedy(model: Writer, part: Part) -> tuple[Tensor, Tensor]:
    """The likeliest token at every tick, each after those before it, and the true ones' log-likelihoods, (B, N, T)."""
    frame, written = part.frame, torch.zeros_like(part.gap)
    likelihoods = torch.zeros(part.gap.shape, device=part.gap.device)
    pen = model.pen(model.read(part.context, frame), len(part.gap), frame)
    for measure in range(frame.missing):
        for tick in range(frame.ticks):
            logits, truth = pen.logits(tick), part.gap[:, measure, tick, None]
            likelihoods[:, measure, tick] = logits.log_softmax(-1).gather(-1, truth)[:, 0]
            written[:, measure, tick] = logits.argmax(-1)
            pen.tell(tick, written[:, measure, tick])
    return written, likelihoods
