"""Train an AnticipationRNN: ``python -m training.train_arnn reg-arnn --out runs/reg-arnn``.

It can be stopped at any time and goes on where it stopped when the same command is given again.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.models.anticipation_rnn import ARNN_CONFIGS, AnticipationRnn, ArnnConfig
from inpaint_desktop.settings import DEVICES
from training.arnn import ArnnObjective, SampledTokens, TokenSource, TransposedTokens
from training.loop import Run
from training.machine import Machine, seed_everything, set_up
from training.mixing import mixed
from training.published import PublishedWindows
from training.recipes import ARNN, PAPER_ARNN, ArnnPlan
from training.tokenwise import MeterTrial
from training.train import load_corpora
from training.trials import Corpora, ground_of


@dataclass(frozen=True)
class Job:
    """What is trained, how, on what, and where the run is kept."""

    config: ArnnConfig
    plan: ArnnPlan
    corpora: Corpora
    folder: Path
    machine: Machine


def train(job: Job) -> Run:
    """Train from where the job's folder stands."""
    generator = seed_everything(job.plan.recipe.seed)
    model = AnticipationRnn(job.config).to(job.machine.device)
    source, trials = source_of(job, generator), trials_of(job)
    objective = ArnnObjective(model, source, trials, job.plan.teacher_forcing, job.machine)
    run = Run(objective, job.plan.recipe, job.folder, job.machine)
    run.resume()
    run.train()
    return run


def source_of(job: Job, generator: np.random.Generator) -> TokenSource:
    """Where the windows come from."""
    config, draws = job.config, job.plan.draws
    if config.key == "home":
        return SampledTokens(*mixed(job.corpora, draws, generator, config.measures))
    windows = PublishedWindows.of(job.corpora.played, "train", generator, config.measures)
    return TransposedTokens(windows, draws.gaps, late=config.late_gap)


def trials_of(job: Job) -> list[MeterTrial]:
    """What the model is validated on."""
    checks, key = job.plan.checks, job.config.key
    names = ("C", "B") if key == "home" else ("A", "C")
    grounds = [ground_of(name, job.corpora, "valid", key, count=checks.gaps) for name in names]
    return [MeterTrial(one.protocol, one, one.gaps(checks.missing, checks.gaps), 0) for one in grounds]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.train_arnn", description="Train an AnticipationRNN.")
    parser.add_argument(
        "config", choices=sorted(ARNN_CONFIGS), metavar="MODEL", help=f"one of {', '.join(ARNN_CONFIGS)}"
    )
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--out", type=Path, help="the folder of the run (runs/MODEL)")
    parser.add_argument("--steps", type=int, help="another number of steps")
    parser.add_argument("--batch", type=int, help="another number of windows a step")
    parser.add_argument("--rate", type=float, help="another peak of the learning rate")
    parser.add_argument("--every", type=int, help="another number of steps from check to check")
    parser.add_argument("--minutes", type=float, default=math.inf, help="end after so many minutes of computing")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--threads", type=int, default=0, help="threads to compute with (PyTorch's own choice)")
    return parser


def _plan(options: argparse.Namespace) -> ArnnPlan:
    plan = ARNN if ARNN_CONFIGS[options.config].key == "home" else PAPER_ARNN
    recipe = plan.recipe.changed(
        steps=options.steps,
        batch_size=options.batch,
        learning_rate=options.rate,
        evaluate_every=options.every,
        minutes=options.minutes,
        seed=options.seed,
    )
    return replace(plan, recipe=recipe)


def main(words: Sequence[str] | None = None) -> int:
    """Train what the command line asks for; 2 means that something was wrong with it."""
    options = _parser().parse_args(words)
    try:
        machine = set_up(options.device, threads=options.threads)
        folder = options.out or Path("runs") / options.config
        config = ARNN_CONFIGS[options.config]
        train(Job(config, _plan(options), load_corpora(options.corpus), folder, machine))
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
