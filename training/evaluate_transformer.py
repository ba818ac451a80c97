"""Evaluate the transformer: ``python -m training.evaluate_transformer --model MODEL.safetensors``.

On the gaps that ``training.evaluate`` draws in common time it stands beside InpaintNet (``--beside``) and the trivial
floors; every meter is measured on gaps of its own. Writes a section of ``docs/evaluation.md``.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from inpaint_desktop.encoding.grid import TICKS_PER_BEAT
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig
from inpaint_desktop.models.inpaint_net import InpaintNet, Noise
from inpaint_desktop.models.unrolling import log_likelihoods
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.settings import DEVICES
from training.floors import Place, score_floors, score_unigram
from training.gaps import batches
from training.habits import habits_of
from training.latents import LatentBank
from training.machine import Machine, set_up
from training.meters import load_meters, meter_of
from training.report import lines, made_and_kept
from training.scores import Scores, with_interval
from training.scoring import Mode, Trial, score_model
from training.tokenwise import MeterTrial, free_running, likelihoods
from training.train import load_corpora, weights_in
from training.trials import COUNT, Corpora, Ground, ground_of

PROTOCOLS = ("C", "B")
MISSING = (1, 2, 4, 8)
HEADLINE = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What one predictor scores in common time: its likelihood in nats a token, and what it hits running freely."""

    protocol: str
    missing: int
    predictor: str
    nll: float
    interval: tuple[float, float]
    token_accuracy: float
    onset_accuracy: float


@dataclass(frozen=True, slots=True)
class MeterRow:
    """What the transformer scores in one meter, in protocol C, in nats.

    The gaps lie in ``tunes`` tunes, all settings of a tune counted as one: these are what ``quarter_interval``, that of
    ``nll_per_quarter``, draws again. ``habits_per_note`` is what the unigram by tick scores: how much there is to tell
    in this meter at all.
    """

    meter: str
    train_tunes: int
    tunes: int
    gaps: int
    nll_per_token: float
    nll_per_beat: float
    nll_per_quarter: float
    quarter_interval: tuple[float, float]
    nll_per_note: float
    habits_per_note: float
    token_accuracy: float
    onset_accuracy: float

    @property
    def shown_per_quarter(self) -> str:
        """The nats a quarter, with their interval if there is more than one tune to draw from."""
        if self.tunes < 2:
            return f"{self.nll_per_quarter:.3f}"
        return with_interval(self.nll_per_quarter, self.quarter_interval)


@dataclass(frozen=True, slots=True)
class TransformerReport:
    """All that is measured of a transformer on one split."""

    name: str
    split: str
    rows: tuple[Row, ...]
    meters: tuple[MeterRow, ...]

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return asdict(self)

    def as_markdown(self) -> str:
        """The section of the page."""
        head = ["Protocol", "Missing measures", "Predictor", "Nats a token (95 %)", "Tokens", "Onsets"]
        shown = [
            [row.protocol, str(row.missing), row.predictor, with_interval(row.nll, row.interval)]
            + [f"{share:.3f}" for share in (row.token_accuracy, row.onset_accuracy)]
            for row in self.rows
        ]
        per_meter = ["Meter", "Train tunes", "Tunes", "Gaps", "Nats a token", "a beat", "a quarter (95 %)", "a note"]
        per_meter += ["a note, unigram", "Tokens", "Onsets"]
        meters = [
            [row.meter, *map(str, (row.train_tunes, row.tunes, row.gaps))]
            + [f"{nats:.3f}" for nats in (row.nll_per_token, row.nll_per_beat)]
            + [row.shown_per_quarter]
            + [f"{nats:.3f}" for nats in (row.nll_per_note, row.habits_per_note)]
            + [f"{share:.3f}" for share in (row.token_accuracy, row.onset_accuracy)]
            for row in self.meters
        ]
        return "\n\n".join(
            (
                f"### {self.name}, {self.split} split",
                "Common time. Likelihoods read the true tokens before each; accuracies are of free running:",
                lines(head, shown),
                f"Every meter, protocol C, {HEADLINE} missing measures:",
                lines(per_meter, meters),
            )
        )


@dataclass(frozen=True)
class Bench:
    """The models, what they are tried on, and how."""

    model: GapTransformer
    beside: InpaintNet | None
    split: str
    machine: Machine
    count: int = COUNT


def common_time(bench: Bench, corpora: Corpora, missing: Sequence[int] = MISSING) -> Iterator[Row]:
    """Every predictor on the gaps of ``training.evaluate``."""
    for protocol in PROTOCOLS:
        ground, tuning = (ground_of(protocol, corpora, split, "home") for split in (bench.split, "valid"))
        for length in tqdm(missing, desc=f"protocol {protocol}", unit="length"):
            for predictor, score, free in _scores(bench, corpora, (ground, tuning), length):
                groups = ground.groups[ground.gaps(length, bench.count).tunes]
                interval = score.nll_interval(groups)
                figures = (score.nll_per_token, interval, free.token_accuracy, free.onset_accuracy)
                yield Row(protocol, length, predictor, *figures)


def _scores(
    bench: Bench, corpora: Corpora, grounds: tuple[Ground, Ground], missing: int
) -> Iterator[tuple[str, Scores, Scores]]:
    """Each predictor's likelihoods, and its hits when it runs freely."""
    ground, tuning = grounds
    gaps, index = ground.gaps(missing, bench.count), bench.model.config.meters.index("4/4")
    trial = MeterTrial("4/4", ground, gaps, index)
    free = free_running(bench.model, trial, bench.machine)
    yield bench.model.config.name, likelihoods(bench.model, trial, bench.machine), free
    if bench.beside is not None:
        beside = Trial(ground.protocol, ground.bank, ground.book, gaps, LatentBank(bench.beside.vae, ground.bank))
        free = score_model(bench.beside, beside, Mode(sampled=False, blind=False))
        yield "inpaintnet", teacher_forced(bench.beside, beside), free
    tuned = Place(tuning.bank, tuning.book, tuning.gaps(missing, bench.count))
    habits = habits_of(corpora, ground.protocol, "home")
    for name, score in score_floors(tuned, Place(ground.bank, ground.book, gaps), habits).items():
        yield name, score, score


def teacher_forced(model: InpaintNet, trial: Trial) -> Scores:
    """Score the true tokens under an InpaintNet whose decoder reads the true ones before each."""
    width = trial.gaps.missing * trial.bank.tokens.shape[1]
    truth, nll = np.zeros((len(trial.gaps), width), np.int64), np.zeros((len(trial.gaps), width))
    with torch.inference_mode():
        for places, batch in batches(trial.bank, trial.book, trial.gaps):
            windows = trial.latents.windows(batch)
            latents = model.traverse(windows.past, windows.future, trial.gaps.missing, noise=Noise(context=0.0))
            found = log_likelihoods(model.decoder, latents.flatten(0, 1), windows.targets.flatten(0, 1)[None])
            truth[places] = windows.targets.flatten(1).numpy()
            nll[places] = -found[0].view(len(places), -1).numpy()
    return Scores.of(truth, truth, nll)


def every_meter(bench: Bench, corpora: dict[str, Corpora]) -> Iterator[MeterRow]:
    """The transformer in each meter that has gaps in the split."""
    for meter, pair in corpora.items():
        if not len(pair.notated.tunes(bench.split)):
            continue
        ground = ground_of("C", pair, bench.split, "home")
        gaps = ground.gaps(HEADLINE, bench.count)
        trial = MeterTrial(meter, ground, gaps, bench.model.config.meters.index(meter))
        score = likelihoods(bench.model, trial, bench.machine)
        free = free_running(bench.model, trial, bench.machine)
        tokens_a_quarter = ground.bank.tokens.shape[1] * TICKS_PER_QUARTER / meter_of(meter).ticks
        groups = ground.groups[gaps.tunes]
        low, high = score.nll_interval(groups)
        yield MeterRow(
            meter,
            len(pair.notated.tunes("train")),
            len(np.unique(groups)),
            len(gaps),
            score.nll_per_token,
            score.nll_per_token * TICKS_PER_BEAT,
            score.nll_per_token * tokens_a_quarter,
            (low * tokens_a_quarter, high * tokens_a_quarter),
            score.nll_per_onset,
            score_unigram(Place(ground.bank, ground.book, gaps).truth(), habits_of(pair, "C", "home")).nll_per_onset,
            free.token_accuracy,
            free.onset_accuracy,
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.evaluate_transformer", description="Evaluate a transformer.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--model", type=Path, help="an exported model (.safetensors)")
    what.add_argument("--weights", type=Path, help="best.pt of a run")
    parser.add_argument("--beside", type=Path, help="an exported InpaintNet to compare with (.safetensors)")
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--common", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--corpus", type=Path, default=Path("runs/all"), help="what training.prepare_all wrote")
    parser.add_argument("--gaps", type=int, default=COUNT, help="how many gaps of each length")
    parser.add_argument("--missing", type=int, nargs="+", default=MISSING, help="lengths of gaps in common time")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page to write into")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--threads", type=int, default=0)
    return parser


def _model(options: argparse.Namespace, device: torch.device) -> GapTransformer:
    if options.model:
        return checkpoint.load_transformer(options.model, device).model
    model = GapTransformer(TransformerConfig())
    model.load_state_dict(weights_in(options.weights))
    return model.to(device).eval()


def _report(options: argparse.Namespace) -> TransformerReport:
    machine = replace(set_up(options.device, threads=options.threads), autocast=False)
    model = _model(options, machine.device)
    beside = checkpoint.load(options.beside, machine.device).model if options.beside else None
    bench = Bench(model, beside, options.split, machine, options.gaps)
    rows = tuple(common_time(bench, load_corpora(options.common), options.missing))
    meters = tuple(every_meter(bench, load_meters(options.corpus)))
    return TransformerReport(model.config.name, options.split, rows, meters)


def main(words: Sequence[str] | None = None) -> int:
    """Evaluate what the command line names; 2 means that something was wrong with it."""
    options = _parser().parse_args(words)
    return made_and_kept(lambda: _report(options), options.out, options.json)


if __name__ == "__main__":
    sys.exit(main())
