"""Evaluate a model beside the trivial floors: ``python -m training.evaluate --model MODEL.safetensors``.

Writes the tables into ``docs/evaluation.md``, each model and split in a section of its own between markers. With
``--model all`` every exported model is measured on the same gaps, and one section compares them. The test split is for
reports, never for tuning. See that page for what is measured.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.config import CONFIGS
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.settings import DEVICES
from training.comparison import Contest, contest
from training.comparison_report import ComparisonReport
from training.floors import Place, score_floors
from training.habits import habits_of
from training.latents import LatentBank
from training.listening import COUNT as LISTENED
from training.listening import ListeningReport, listen, panel_of
from training.machine import Machine, set_up
from training.measures import measure_splits, rows_in, tokens_in
from training.predictors import FOLDERS, LatentPredictor, predictor_of, weights_in_folders
from training.report import Cell, Report, write_section
from training.scores import Scores
from training.scoring import Mode, Trial, score_model
from training.train import load_corpora, weights_in
from training.trials import COUNT, PROTOCOLS, Corpora, Ground, Key, ground_of
from training.vae import accuracies, reconstructed

MISSING = range(2, 9)
FED_BACK = "own tokens fed back"
BLIND = "blind"
ALL = "all"


@dataclass(frozen=True)
class Evaluation:
    """What is evaluated: a model, on a split of the corpora, with ``count`` gaps for each length."""

    model: InpaintNet
    corpora: Corpora
    split: str
    machine: Machine
    count: int = COUNT

    @property
    def key(self) -> Key:
        """In which key the model reads a tune."""
        return self.model.config.key


def evaluate(evaluation: Evaluation, protocols: Sequence[str] = PROTOCOLS) -> Report:
    """Measure everything that stands in the report."""
    name = evaluation.model.config.name
    cells = [cell for protocol in protocols for cell in _cells(evaluation, protocol)]
    return Report(name, evaluation.split, tuple(cells), reconstruction_by_novelty(evaluation))


def _cells(evaluation: Evaluation, protocol: str) -> Iterator[Cell]:
    """The scores of every predictor for every length of gap."""
    ground, tuning = (_ground(evaluation, protocol, split) for split in (evaluation.split, "valid"))
    habits = habits_of(evaluation.corpora, protocol, evaluation.key)
    latents = LatentBank(evaluation.model.vae, ground.bank, evaluation.machine)
    for missing in tqdm(MISSING, desc=f"protocol {protocol}", unit="length"):
        gaps = ground.gaps(missing, evaluation.count)
        place = Place(ground.bank, ground.book, gaps)
        tuned = Place(tuning.bank, tuning.book, tuning.gaps(missing, evaluation.count))
        trial = Trial(protocol, ground.bank, ground.book, gaps, latents, sampled=protocol == "A")
        scores = {**_model_scores(evaluation.model, trial), **score_floors(tuned, place, habits)}
        for predictor, score in scores.items():
            yield cell_of((protocol, missing, predictor), score, ground.groups[gaps.tunes])


def _model_scores(model: InpaintNet, trial: Trial) -> dict[str, Scores]:
    name = model.config.name
    modes = {FED_BACK: Mode(trial.sampled, blind=False), BLIND: Mode(trial.sampled, blind=True)}
    return {f"{name}, {label}": score_model(model, trial, mode) for label, mode in modes.items()}


def cell_of(place: tuple[str, int, str], score: Scores, groups: np.ndarray) -> Cell:
    """One entry of the tables, with its bootstrap interval over ``groups`` of tunes."""
    interval = score.nll_interval(groups)
    return Cell(*place, score.nll_per_token, interval, score.token_accuracy, score.onset_accuracy, len(groups))


def _ground(evaluation: Evaluation, protocol: str, split: str) -> Ground:
    return ground_of(protocol, evaluation.corpora, split, evaluation.key, count=evaluation.count)


def reconstruction_by_novelty(evaluation: Evaluation) -> dict[str, dict[str, float]]:
    """MeasureVAE's reconstruction of all measures of the split, and of those seen and unseen in training apart."""
    corpus = evaluation.corpora.notated
    tokens, splits = tokens_in(evaluation.key, corpus), measure_splits(corpus)
    chosen = tokens[splits == ("train", "valid", "test").index(evaluation.split)]
    seen = rows_in(chosen, tokens[splits == 0])
    decoded = reconstructed(evaluation.model.vae, chosen)
    kinds = {"all measures": np.ones_like(seen), "also in the train split": seen, "new": ~seen}
    return {
        name: {"measures": float(kind.sum()), **accuracies(chosen[kind], decoded[kind])}
        for name, kind in kinds.items()
        if kind.any()
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.evaluate", description="Evaluate a model beside the trivial floors.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--model", type=Path, help="an exported model (.safetensors), or all")
    what.add_argument("--weights", type=Path, help="best.pt of a run of the second stage; needs --config")
    parser.add_argument("--config", choices=sorted(CONFIGS), default="ours", help="of what model the weights are")
    parser.add_argument("--folders", type=Path, nargs="+", default=FOLDERS, help="where all models are")
    parser.add_argument("--draws", type=int, default=3, help="how many latent draws, for all models")
    parser.add_argument("--listen", type=int, default=LISTENED, help="how many gaps to listen to, for all models")
    parser.add_argument("--name", help="what the model is called in the tables")
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--gaps", type=int, default=COUNT, help="how many gaps of each length")
    parser.add_argument("--protocols", nargs="+", choices=PROTOCOLS, default=PROTOCOLS)
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page to write into")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    parser.add_argument("--threads", type=int, default=0, help="to compute with; of all models, so many at a time")
    return parser


def _model(arguments: argparse.Namespace, device: torch.device) -> InpaintNet:
    if arguments.model:
        model = checkpoint.load(arguments.model, device).model
    else:
        model = InpaintNet(CONFIGS[arguments.config])
        model.load_state_dict(weights_in(arguments.weights))
    if arguments.name:
        model.config = replace(model.config, name=arguments.name)
    return model.to(device).eval()


def compare(options: argparse.Namespace) -> ComparisonReport:
    """Measure every exported model, several at a time.

    Raises:
        InpaintDesktopError: there is no model or no corpus, or one is damaged.
    """
    machine = replace(set_up(options.device, threads=1), autocast=False)
    predictors = [predictor_of(path, machine) for path in weights_in_folders(options.folders)]
    corpora = load_corpora(options.corpus)
    made = Contest(
        predictors,
        corpora,
        options.split,
        options.gaps,
        options.draws,
        protocols=options.protocols,
        workers=_workers(options),
    )
    outcome = contest(made)
    nets = {one.name: one.model for one in predictors if isinstance(one, LatentPredictor)}
    found = {name: Evaluation(net, corpora, options.split, machine) for name, net in nets.items()}
    return ComparisonReport(outcome, {name: reconstruction_by_novelty(one) for name, one in found.items()})


def listened(options: argparse.Namespace) -> ListeningReport:
    """Listen to the models in the first of the folders, which are the program's engines."""
    panel = panel_of(load_corpora(options.corpus).notated, options.split, options.listen)
    weights = weights_in_folders(options.folders[:1])
    return listen(weights, panel, options.split, options.device, workers=_workers(options))


def _workers(options: argparse.Namespace) -> int:
    return int(options.threads) or os.cpu_count() or 1


def _report(options: argparse.Namespace) -> Report | ComparisonReport:
    """What the command line asks for."""
    if options.model == Path(ALL):
        return compare(options)
    machine = replace(set_up(options.device, threads=options.threads), autocast=False)
    model = _model(options, machine.device)
    corpora = load_corpora(options.corpus)
    return evaluate(Evaluation(model, corpora, options.split, machine, options.gaps), options.protocols)


def main(words: Sequence[str] | None = None) -> int:
    """Evaluate what the command line names; 2 means that something was wrong with it."""
    arguments = _parser().parse_args(words)
    figures: dict[str, Any] = {}
    try:
        report = _report(arguments)
        write_section(arguments.out, report)
        figures = report.as_dict()
        if arguments.model == Path(ALL) and arguments.listen:
            heard = listened(arguments)
            write_section(arguments.out, heard)
            figures["listening"] = heard.as_dict()
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
