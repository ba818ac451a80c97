"""Train a model: ``python -m training.train ours --out runs/ours``.

The first stage trains MeasureVAE, the second the LatentRNN over it. Either can be stopped at any time and goes on
where it stopped when the same command is given again. See ``docs/training.md``.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from inpaint_desktop.errors import InpaintDesktopError, SettingsError, WeightsError
from inpaint_desktop.models.checkpoint import load
from inpaint_desktop.models.config import CONFIGS, WHOLE, InpaintNetConfig
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.measure_vae import MeasureVae, use_fused
from inpaint_desktop.settings import DEVICES
from training.corpus import Corpus
from training.inpainting import InpaintObjective
from training.latents import FreshLatents, LatentBank, SampledWindows, Source, TransposedWindows
from training.loop import Run
from training.machine import Machine, seed_everything, set_up
from training.measures import MeasureSampler, home_ticks, measure_splits, tokens_in
from training.mixing import mixed
from training.moving import TransposedMeasures
from training.published import PublishedWindows
from training.recipes import PLANS, Plan
from training.trials import Corpora, ground_of, trial_on
from training.vae import Measures, VaeObjective

STAGES = ("vae", "latent")


@dataclass(frozen=True)
class Job:
    """One model to train: its configuration, its plan, what it learns from, and where the runs are kept."""

    config: InpaintNetConfig
    plan: Plan
    corpora: Corpora
    folder: Path
    machine: Machine

    def __post_init__(self) -> None:
        """Check that the model reads measures of the corpus.

        Raises:
            SettingsError: its measures have another number of ticks.
        """
        ticks = self.corpora.played.ticks.shape[1]
        if self.config.vae.ticks != ticks:
            message = (
                f"The model '{self.config.name}' reads measures of {self.config.vae.ticks} ticks, but those of the "
                f"corpus have {ticks}; change beats and ticks_per_beat."
            )
            raise SettingsError(message)

    @property
    def is_published(self) -> bool:
        """Whether it learns from the published code's windows alone, as models in the written key do."""
        return self.config.key == "written" and not self.plan.draws.transposed


def train_vae(job: Job, start: MeasureVae | None = None) -> Run:
    """Train MeasureVAE in ``vae`` of the job's folder, from where it stopped; a new run begins with ``start``."""
    recipe = job.plan.vae
    generator = seed_everything(recipe.seed)
    model = (start or MeasureVae(job.config.vae)).to(job.machine.device)
    use_fused(model, job.machine.compiled)  # uncompiled, the library's own units are faster
    check = _check_measures(job)
    objective = VaeObjective(model, _measures(job, generator), check, job.plan.vae_loss, job.machine)
    return _finished(Run(objective, recipe, job.folder / "vae", job.machine))


def train_latent(job: Job, model: InpaintNet) -> Run:
    """Train the LatentRNN over a trained MeasureVAE in ``latent`` of the job's folder, from where it stopped."""
    recipe = job.plan.latent
    generator = seed_everything(recipe.seed)
    model.to(job.machine.device)
    use_fused(model, job.machine.compiled)  # uncompiled, the library's own units are faster
    objective = InpaintObjective(model, _source(job, model, generator), (), job.plan.latent_loss)
    objective.trials = [
        trial_on(model, ground_of(name, job.corpora, "valid", job.config.key, count=job.plan.checks.gaps), *_check(job))
        for name in (("A", "C") if job.is_published else ("C", "B"))
    ]
    return _finished(Run(objective, recipe, job.folder / "latent", job.machine))


def over_vae(config: InpaintNetConfig, weights: Path, seed: int) -> InpaintNet:
    """A new LatentRNN over the MeasureVAE whose weights a run of the first stage wrote, or over an untrained one.

    Raises:
        WeightsError: there is no such file, or it holds something else.
    """
    seed_everything(seed)
    model = InpaintNet(config)
    if not config.untrained_vae:
        model.vae.load_state_dict(weights_in(weights))
    model.start_tuning()
    return model


def exported(config: InpaintNetConfig, path: Path) -> InpaintNet:
    """A model that was exported, to be trained further as ``config``, which may see one side of the context only.

    Raises:
        WeightsError: it cannot be read, or has another network than ``config``.
    """
    start = load(path, torch.device("cpu")).model
    shown = replace(start.config.latent_rnn, context=config.latent_rnn.context)
    if replace(start.config, name=config.name, padding_in_loss=config.padding_in_loss, latent_rnn=shown) != config:
        message = f"{path} is another model than '{config.name}'; name its configuration, or start from another file."
        raise WeightsError(message)
    model = InpaintNet(config)
    model.load_state_dict(start.state_dict())
    return model


def exported_vae(config: InpaintNetConfig, path: Path) -> MeasureVae:
    """The MeasureVAE of a model that was exported, to be trained further.

    Raises:
        WeightsError: it cannot be read, or is another network than that of ``config``.
    """
    vae = load(path, torch.device("cpu")).model.vae
    if vae.config != config.vae:
        message = f"{path} has another MeasureVAE than '{config.name}'; start from another file."
        raise WeightsError(message)
    return vae


def weights_in(path: Path) -> dict[str, torch.Tensor]:
    """The weights in a file that a run wrote.

    Raises:
        WeightsError: there is no such file, or it holds something else.
    """
    try:
        weights: dict[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)["model"]
    except (OSError, RuntimeError, KeyError) as error:
        message = f"{path} cannot be read as weights of a run; train the stage before it first."
        raise WeightsError(message) from error
    return weights


def _finished(run: Run) -> Run:
    run.resume()
    run.train()
    return run


def _check(job: Job) -> tuple[int, int, Machine]:
    return job.plan.checks.missing, job.plan.checks.gaps, job.machine


def _check_measures(job: Job) -> np.ndarray:
    """Some validation measures as tokens, (B, T)."""
    corpus = job.corpora.notated
    tokens = tokens_in(job.config.key, corpus)[measure_splits(corpus) == 1]
    chosen: np.ndarray = np.random.default_rng(0).permutation(tokens)[: job.plan.checks.measures]
    return chosen


def _measures(job: Job, generator: np.random.Generator) -> Measures:
    draws, notated = job.plan.draws, job.corpora.notated
    if job.is_published:
        return PublishedWindows.of(job.corpora.played, "train", generator, job.config.measures)
    ticks = home_ticks(notated)[measure_splits(notated) == 0]
    sampler = MeasureSampler.of_distinct(ticks, generator, draws.power)
    sampler = replace(sampler, crossover=draws.crossover, shifted=draws.shifted, padding=draws.padding)
    return TransposedMeasures(sampler) if draws.transposed else sampler


def _source(job: Job, model: InpaintNet, generator: np.random.Generator) -> Source:
    draws, config = job.plan.draws, job.config
    if job.is_published:
        windows = PublishedWindows.of(job.corpora.played, "train", generator, config.measures)
        return TransposedWindows(model, windows, draws.gaps)
    bank, samplers = mixed(job.corpora, draws, generator, config.measures)
    if config.decoder_dropout and config.vae.dropout > 0:
        return SampledWindows(FreshLatents(model, bank, job.machine), samplers)
    return SampledWindows(LatentBank(model.vae, bank, job.machine, job.folder.parent / "latents"), samplers)


def load_corpora(folder: Path) -> Corpora:
    """Read what ``training.prepare`` wrote.

    Raises:
        SettingsError: there is no corpus in the folder.
    """
    try:
        return Corpora(*(Corpus.load(folder / f"{name}.npz") for name in ("played", "notated")))
    except OSError as error:
        message = f"There is no corpus in {folder}; make one with python -m training.prepare."
        raise SettingsError(message) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.train", description="Train a model, from where it stopped.")
    parser.add_argument("config", choices=sorted(CONFIGS), metavar="MODEL", help=f"one of {', '.join(CONFIGS)}")
    parser.add_argument("--stage", choices=STAGES, help="only this stage; without it, both")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--out", type=Path, help="the folder of the runs (runs/CONFIG)")
    parser.add_argument("--vae", type=Path, help="weights of MeasureVAE for the second stage (OUT/vae/best.pt)")
    parser.add_argument(
        "--start", type=Path, help="an exported model (.safetensors) that goes on learning: its LatentRNN, or the stage"
    )
    parser.add_argument("--steps", type=int, help="another number of steps, for each stage")
    parser.add_argument("--batch", type=int, help="another number of examples a step")
    parser.add_argument("--rate", type=float, help="another peak of the learning rate, for each stage")
    parser.add_argument(
        "--minutes", type=float, default=math.inf, help="end each stage after so many minutes of computing"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--threads", type=int, default=0, help="threads to compute with (PyTorch's own choice)")
    parser.add_argument("--compile", action="store_true", help="compile the step functions; needs a C++ compiler")
    return parser


def _start(job: Job, arguments: argparse.Namespace) -> InpaintNet:
    """What the second stage starts from; an ablation reads with the MeasureVAE of the whole model."""
    if arguments.start:
        return exported(job.config, arguments.start)
    name, _, is_ablation = job.config.name.partition("-")
    whole = job.folder.with_name(name) if is_ablation else job.folder
    return over_vae(job.config, arguments.vae or whole / "vae" / "best.pt", arguments.seed)


def _has_first_stage(arguments: argparse.Namespace) -> bool:
    """Whether a MeasureVAE is trained; an ablation has that of the whole model, or none that is trained."""
    if arguments.stage:
        return bool(arguments.stage == "vae")
    return not arguments.start and arguments.config in {config.name for config in WHOLE}


def _job(arguments: argparse.Namespace) -> Job:
    plan = PLANS[arguments.config].changed(
        steps=arguments.steps,
        batch_size=arguments.batch,
        learning_rate=arguments.rate,
        minutes=arguments.minutes,
        seed=arguments.seed,
    )
    machine = set_up(arguments.device, threads=arguments.threads, compiled=arguments.compile)
    folder = arguments.out or Path("runs") / arguments.config
    return Job(CONFIGS[arguments.config], plan, load_corpora(arguments.corpus), folder, machine)


def main(words: Sequence[str] | None = None) -> int:
    """Train what the command line asks for; 2 means that something was wrong with it."""
    arguments = _parser().parse_args(words)
    try:
        job = _job(arguments)
        if _has_first_stage(arguments):
            train_vae(job, exported_vae(job.config, arguments.start) if arguments.start else None)
        if arguments.stage != "vae":
            train_latent(job, _start(job, arguments))
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
