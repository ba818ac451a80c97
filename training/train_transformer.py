"""Train the transformer: ``python -m training.train_transformer --corpus runs/all --out runs/transformer``.

It can be stopped at any time and goes on where it stopped when the same command is given again.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.models.gap_transformer import GapTransformer, TransformerConfig
from inpaint_desktop.settings import DEVICES
from training.loop import Recipe, Run
from training.machine import Machine, seed_everything, set_up
from training.meters import load_meters
from training.optimizers import MuonAndAdam
from training.tokenwise import Draws, MeterTrial, SharedRun, TransformerObjective, meter_trial, shelf_of
from training.trials import Corpora

RECIPE = Recipe(steps=20_000, batch_size=96, learning_rate=2e-3, evaluate_every=200, final_share=0.0)
DECAY = 0.05
CHECKED = {"4/4": 320, "6/8": 160}
CHECKED_ELSE = 64
MISSING = 4
SHAPE = ("width", "heads", "readers", "writers", "embedding_size")


@dataclass(frozen=True)
class Job:
    """What is trained, on what, how, and where the run is kept."""

    config: TransformerConfig
    recipe: Recipe
    corpora: dict[str, Corpora]
    folder: Path
    machine: Machine
    draws: Draws
    workers: int = 1


def train(job: Job) -> Run:
    """Train from where the job's folder stands."""
    generator = seed_everything(job.recipe.seed)
    model = GapTransformer(job.config).to(job.machine.device)
    shelves = [shelf_of(index, corpora, generator, job.draws) for index, corpora in _meters(job)]
    objective = TransformerObjective(model, shelves, list(_trials(job)), job.draws, job.machine)
    run = Run(objective, job.recipe, job.folder, job.machine, optimizer_of(model, job.recipe.learning_rate))
    run = SharedRun(objective, run, job.workers) if job.workers > 1 else run
    run.resume()
    run.train()
    return run


def optimizer_of(model: GapTransformer, rate: float) -> MuonAndAdam:
    """Muon for the layers' matrices, Adam for embeddings, norms and biases."""
    layers = {*model.readers.parameters(), *model.writers.parameters()}
    inner = {parameter for name, parameter in model.named_parameters() if parameter in layers and "weight" in name}
    matrices = [parameter for parameter in model.parameters() if parameter in inner and parameter.dim() == 2]
    others = [parameter for parameter in model.parameters() if parameter not in set(matrices)]
    return MuonAndAdam(matrices, others, rate, DECAY)


def _meters(job: Job) -> Iterator[tuple[int, Corpora]]:
    for index, meter in enumerate(job.config.meters):
        if meter in job.corpora:
            yield index, job.corpora[meter]


def _trials(job: Job) -> Iterator[MeterTrial]:
    for index, corpora in _meters(job):
        name = job.config.meters[index]
        count = CHECKED.get(name, CHECKED_ELSE)
        if len(corpora.notated.tunes("valid")):
            yield meter_trial(f"C {name}", corpora, "valid", ("C", index), MISSING, count)
            if name == "4/4":
                yield meter_trial(f"B {name}", corpora, "valid", ("B", index), MISSING, count)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.train_transformer", description="Train the transformer.")
    parser.add_argument("--corpus", type=Path, default=Path("runs/all"), help="what training.prepare_all wrote")
    parser.add_argument("--out", type=Path, default=Path("runs/transformer"))
    parser.add_argument("--steps", type=int, default=RECIPE.steps)
    parser.add_argument("--batch", type=int, default=RECIPE.batch_size, help="windows a step")
    parser.add_argument("--rate", type=float, default=RECIPE.learning_rate, help="peak of the learning rate")
    parser.add_argument("--minutes", type=float, default=math.inf, help="end after so many minutes of computing")
    parser.add_argument("--every", type=int, default=RECIPE.evaluate_every, help="steps from check to check")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--threads", type=int, default=0, help="threads to compute with (PyTorch's own choice)")
    parser.add_argument("--own", type=float, default=Draws().own_share, help="share of parts with own tokens read")
    parser.add_argument("--workers", type=int, default=1, help="compute parts of each batch side by side")
    for name in SHAPE:
        parser.add_argument(f"--{name}", type=int, default=getattr(TransformerConfig(), name))
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Train what the command line asks for; 2 means that something was wrong with it."""
    options = _parser().parse_args(words)
    recipe = replace(
        RECIPE,
        steps=options.steps,
        batch_size=options.batch,
        learning_rate=options.rate,
        minutes=options.minutes,
        evaluate_every=options.every,
        seed=options.seed,
    )
    shape = {name: getattr(options, name) for name in SHAPE}
    try:
        machine = set_up(options.device, threads=options.threads)
        draws = Draws(own_share=options.own)
        train(
            Job(
                TransformerConfig(**shape),
                recipe,
                load_meters(options.corpus),
                options.out,
                machine,
                draws,
                options.workers,
            )
        )
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
