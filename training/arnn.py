"""What an AnticipationRNN learns: the tokens that its constraints leave open (paper sections 3.4 and 4.1).

Shapes: B batch, S ticks of a window, M its measures, T ticks of a measure, V vocabulary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from inpaint_desktop.encoding.vocabulary import END, START
from inpaint_desktop.models.anticipation_rnn import AnticipationRnn, ArnnConfig
from training.latents import drawn_from
from training.machine import Machine
from training.mixing import Shares
from training.published import PublishedWindows
from training.tokenwise import MeterTrial, free_running
from training.windows import Bank

MOST_SCATTERED = 0.5
"""The largest share of ticks that is known where they are scattered."""


@dataclass(frozen=True)
class TokenWindows:
    """Windows as ``tokens`` (B, M, T), of which measures ``past`` to ``past + missing - 1`` are the gap."""

    tokens: np.ndarray
    past: int
    missing: int


class TokenSource(Protocol):
    """Draws windows to learn from."""

    generator: np.random.Generator

    def draw(self, size: int) -> TokenWindows:
        """Draw ``size`` windows."""


class SampledTokens:
    """Windows of several samplers of one bank, each with its share."""

    def __init__(self, bank: Bank, samplers: Shares) -> None:
        self.bank = bank
        self.samplers = samplers
        self.generator = samplers[0][1].generator

    def draw(self, size: int) -> TokenWindows:
        """Draw ``size`` windows from one of the samplers."""
        batch = drawn_from(self.samplers, self.generator).batch(size)
        rows = np.concatenate((batch.past, batch.gap, batch.future), 1)
        return TokenWindows(self.bank.tokens[rows], batch.past.shape[1], batch.gap.shape[1])


class TransposedTokens:
    """Windows of the published code, transposed; ``late`` puts the gap one measure later than drawn."""

    def __init__(self, windows: PublishedWindows, gaps: tuple[int, int], *, late: bool) -> None:
        self.published = windows
        self.gaps = gaps
        self.late = late
        self.generator = windows.generator

    def draw(self, size: int) -> TokenWindows:
        """Draw ``size`` windows; at least one measure is past and two are future."""
        missing, past = self.published.gap(self.gaps)
        return TokenWindows(self.published.draw(size), past + self.late, missing)


class ArnnObjective:
    """Write what is unknown: in some batches after the true tokens, in the others after the model's own.

    ``trials`` are validated on; the first one gives the score.
    """

    def __init__(
        self,
        model: AnticipationRnn,
        source: TokenSource,
        trials: Sequence[MeterTrial],
        teacher_forcing: float,
        machine: Machine,
    ) -> None:
        self.model = model
        self.source = source
        self.trials = trials
        self.teacher_forcing = teacher_forcing
        self.machine = machine
        self.generator = source.generator

    def loss(self, batch_size: int) -> Tensor:
        """The mean negative log-likelihood of an unknown token, in nats."""
        windows = self.source.draw(batch_size)
        tokens = torch.from_numpy(windows.tokens.astype(np.int64)).to(self.machine.device)
        known = mask_of(self.model.config, windows).to(self.machine.device)
        return self.loss_of(tokens.flatten(1), known)

    def loss_of(self, tokens: Tensor, known: Tensor) -> Tensor:
        """The loss on windows (B, S) of which some ticks are ``known`` (B, S)."""
        stop = last_unknown(known) + 1
        read, heard = tokens[:, :stop], None
        if float(torch.rand(())) < self.teacher_forcing:
            heard = torch.rand(read.shape, device=read.device) >= self.model.config.input_dropout
        else:
            read = own_tokens(self.model, tokens, known)[:, :stop]
        logits = self.model(tokens, known, read, heard)
        counted, targets = ~known[:, :stop], tokens[:, :stop]
        if not self.model.config.padding_in_loss:
            counted = counted & (targets != START) & (targets != END)
        return functional.cross_entropy(logits[counted], targets[counted])

    def evaluate(self) -> dict[str, float]:
        """Free-running figures on the fixed validation gaps of each trial."""
        figures: dict[str, float] = {}
        for trial in self.trials:
            scores = free_running(self.model, trial, self.machine)
            figures[f"{trial.name}_nll"] = scores.nll_per_token
            figures[f"{trial.name}_onset"] = scores.onset_accuracy
        return {**figures, "score": figures[f"{self.trials[0].name}_nll"]}


def mask_of(config: ArnnConfig, windows: TokenWindows) -> Tensor:
    """Which ticks are known, (B, S)."""
    batch, measures, ticks = windows.tokens.shape
    if config.mask == "gap":
        known = torch.ones(batch, measures, ticks, dtype=torch.bool)
        known[:, windows.past : windows.past + windows.missing] = False
        return known.flatten(1)
    rows = 1 if config.shared_mask else batch
    shares = MOST_SCATTERED * torch.rand(rows, 1)
    return (torch.rand(rows, measures * ticks) < shares).expand(batch, -1)


def last_unknown(known: Tensor) -> int:
    """The last tick that any window (B, S) does not know."""
    return int((~known).any(0).nonzero().max())


@torch.no_grad()
def own_tokens(model: AnticipationRnn, tokens: Tensor, known: Tensor) -> Tensor:
    """Windows (B, S) with the model's own likeliest tokens, each after its own, where they are not known."""
    forgets = model.config.forgets_context
    first = 0 if forgets else int((~known).any(0).nonzero().min())
    stop, written = last_unknown(known) + 1, tokens.clone()
    pen = model.pen(model.anticipation(tokens, known, first, stop), len(tokens))
    for tick in range(first, stop):
        own = model.fed_back(pen.logits(tick).argmax(-1))
        written[:, tick] = own if forgets else torch.where(known[:, tick], tokens[:, tick], own)
        pen.hear(written[:, tick])
    return written
