"""How exactly what is asked of takes is met, and what it costs in likelihood: ``python -m training.controls``.

An engine fills the same gaps of four measures, in notated order, one a tune: once with nothing asked for, and once with
each control alone (see ``training.control_kinds``). Whether takes meet it is measured on their notes. What it costs is
by how much less likely they are, in nats a token, under the model itself, which knows of no control (see
``Take.log_likelihood``). Writes a section of ``docs/evaluation.md``.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from inpaint_desktop.engine.checking import breaches_of
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.properties import sounding_notes
from inpaint_desktop.engine.proposing import DrawingEngine
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.models.device import one_thread
from inpaint_desktop.score.melody import Measure
from inpaint_desktop.settings import DEVICES
from training.choose import TAKES, grouped_requests
from training.control_kinds import CONTROLS, Control, kept
from training.corpus import Corpus
from training.report import lines, made_and_kept
from training.scores import ratio_interval, with_interval
from training.train import load_corpora

COUNT = 40
SEED = 31
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with nothing asked for, the group of its tune, and what came of it."""

    group: str
    request: FillRequest
    takes: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A request with a control, what came of it, and the same without."""

    request: FillRequest
    takes: tuple[Take, ...]
    free: Asked

    @property
    def cost(self) -> float:
        """By how much less likely the takes are, in nats a token."""
        return _likelihood(self.free.takes) - _likelihood(self.takes)


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one control.

    ``complete`` is the share of requests with all takes, ``met`` a share of takes; ``effect`` is a mean over takes, and
    ``free_effect`` over those with nothing asked for.
    """

    control: str
    refused: int
    takes: int
    complete: float
    met: float | None
    what: str
    effect: float | None
    free_effect: float | None
    cost: float
    interval: tuple[float, float]


def asked_of(engine: DrawingEngine, corpus: Corpus, split: str, count: int) -> list[Asked]:
    """Requests of a split, and the engine's takes with nothing asked for."""
    requests = [
        (group, replace(request, stay_in_key=False)) for group, request in grouped_requests(corpus, split, count, SEED)
    ]
    shown = tqdm(requests, desc="nothing asked for", unit="request")
    return [Asked(group, request, tuple(engine.propose(request))) for group, request in shown]


def row_of(engine: DrawingEngine, control: Control, asked: Sequence[Asked]) -> Row:
    """Ask for one control in every request."""
    answers = list(_answers(engine, control, tqdm(asked, desc=control.name, unit="request")))
    takes = [(answer.request, take.measures) for answer in answers for take in answer.takes]
    free = [(answer.request, take.measures) for answer in answers for take in answer.free.takes]
    effect = control.effect
    return Row(
        control.name,
        refused=len(asked) - len(answers),
        takes=len(takes),
        complete=_mean(len(answer.takes) == answer.request.takes for answer in answers),
        met=_mean(is_met(*pair) for pair in takes) if control.is_exact else None,
        what=control.what,
        effect=_mean(effect(*pair) for pair in takes) if effect else None,
        free_effect=_mean(effect(*pair) for pair in free) if effect else None,
        cost=_mean(answer.cost for answer in answers if answer.takes),
        interval=_interval(answers),
    )


def _answers(engine: DrawingEngine, control: Control, asked: Iterable[Asked]) -> Iterator[Answer]:
    """What comes where it is asked for; nothing for requests that are refused."""
    for place, one in enumerate(asked):
        request = control.ask(one.request, np.random.default_rng([SEED, place]))
        try:
            yield Answer(request, tuple(engine.propose(request)), one)
        except ConstraintError:
            continue


def is_met(request: FillRequest, measures: Sequence[Measure]) -> bool:
    """Whether measures are what a request asks for.

    As many notes are kept as a similarity asks for if no other number of notes is nearer to it.
    """
    if breaches_of(request, measures):
        return False
    total = len(sounding_notes(request.original))
    return not request.heeds_example or abs(kept(request, measures) - request.similarity) * total <= 0.5 + _TINY


def _likelihood(takes: Sequence[Take]) -> float:
    return _mean(take.log_likelihood for take in takes)


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return float(np.mean(numbers)) if numbers else 0.0


def _interval(answers: Sequence[Answer]) -> tuple[float, float]:
    """A 95 % bootstrap interval over tunes of what a control costs."""
    costs: dict[str, list[float]] = defaultdict(list)
    for answer in answers:
        if answer.takes:
            costs[answer.free.group].append(answer.cost)
    sums, counts = np.array([[sum(of_group), len(of_group)] for of_group in costs.values()]).reshape(-1, 2).T
    return ratio_interval(sums, counts)


@dataclass(frozen=True)
class ControlReport:
    """All that was measured of one engine.

    ``free`` is the likelihood of takes with nothing asked for, ``real`` the real measures', in nats a token.
    """

    model: str
    split: str
    requests: int
    free: float
    real: float
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The name of the section."""
        return f"controls of {self.model}"

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return asdict(self)

    def as_markdown(self) -> str:
        """The section of the page."""
        head = [
            "asked for",
            "refused",
            "takes",
            f"all {TAKES} found",
            "met",
            "effect (free takes)",
            "cost, nats a token",
        ]
        title = f"### Controls of {self.model}, {self.split} split"
        about = (
            f"{self.requests} gaps of 4 measures, {TAKES} takes each. With nothing asked for, takes have "
            f"{self.free:.3f} nats a token, and the real measures {self.real:.3f}."
        )
        return f"{title}\n\n{about}\n\n{lines(head, [_cells(row) for row in self.rows])}"


def _cells(row: Row) -> list[str]:
    return [
        row.control,
        str(row.refused),
        str(row.takes),
        f"{row.complete:.3f}",
        "" if row.met is None else f"{row.met:.4f}",
        "" if row.effect is None else f"{row.what} {row.effect:.3f} ({row.free_effect:.3f})",
        with_interval(row.cost, row.interval),
    ]


def report_of(
    engine: DrawingEngine, asked: Sequence[Asked], controls: Sequence[Control], model: str, split: str
) -> ControlReport:
    """Measure controls."""
    with one_thread():
        real = [engine.drawing(one.request).take_of(one.request.original, 0) for one in asked]
    return ControlReport(
        model,
        split,
        len(asked),
        free=_mean(_likelihood(one.takes) for one in asked),
        real=_mean(take.log_likelihood for take in real),
        rows=tuple(row_of(engine, control, asked) for control in controls),
    )


def _report(options: argparse.Namespace) -> ControlReport:
    engine, corpus = open_engine(options.model, options.device), load_corpora(options.corpus).notated
    asked = asked_of(engine, corpus, options.split, options.count)
    return report_of(engine, asked, CONTROLS, Path(options.model).stem, options.split)


def main(words: Sequence[str] | None = None) -> int:
    """Measure what the command line names; 2 means that something was wrong with it."""
    parser = argparse.ArgumentParser("training.controls", description="How exactly controls are met, and their cost.")
    parser.add_argument("--model", default="inpaintnet", help="a model's name, or its weight file")
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--count", type=int, default=COUNT, help="how many gaps")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page to write into")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    options = parser.parse_args(words)
    return made_and_kept(lambda: _report(options), options.out, options.json)


if __name__ == "__main__":
    sys.exit(main())
