"""What the ear hears of the takes of any engine, beside the real measures: ``python -m training.listening``.

Every engine fills the same gaps of held-out tunes in notated order, at the program's default settings. Writes a section
of ``docs/evaluation.md``; ``training.evaluate --model all`` does so too.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.properties import likeness, sounding
from inpaint_desktop.engine.request import Engine, FillRequest, Take
from inpaint_desktop.score.melody import Measure, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.settings import DEFAULT_MODEL, DEVICES
from training.choose import TAKES, grouped_requests
from training.closeness import KINDS, Closeness, Heard, Sums, Weighted, closeness
from training.copying import Lines, corpus_lines, lines_of, longest_runs
from training.corpus import Corpus
from training.discerning import Case, area, area_interval, examples_of, suspicions
from training.hearing import Impression, impression_of
from training.machine import at_once
from training.predictors import FOLDERS, weights_in_folders
from training.report import lines, made_and_kept
from training.scores import by_group, ratio_interval, with_interval
from training.train import load_corpora

MISSING = 4
LONG = 8
COUNT = 600
LONG_COUNT = 100
SEED = 11
REAL = "real measures"
_MEASURE = Meter(4, 4).ticks


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, and the group of its tune."""

    group: str
    request: FillRequest

    @property
    def original(self) -> tuple[Measure, ...]:
        """The real measures."""
        span = self.request.span
        return self.request.melody.measures[span.start : span.stop]


@dataclass(frozen=True, slots=True)
class Answer:
    """The takes for a request, as measures."""

    asked: Asked
    takes: tuple[tuple[Measure, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one engine (or of the real measures), with its 95 % bootstrap interval over tunes."""

    engine: str
    measure: str
    value: float
    interval: tuple[float, float]

    @property
    def shown(self) -> str:
        """The value with its interval."""
        return with_interval(self.value, self.interval)


@dataclass(frozen=True)
class Panel:
    """What engines are asked for: gaps of four measures, longer ones to look for copies, and the tunes learned."""

    asked: Sequence[Asked]
    long: Sequence[Asked]
    known: Lines


def panel_of(corpus: Corpus, split: str, count: int = COUNT, long_count: int = LONG_COUNT) -> Panel:
    """Lay out the requests of a split of a corpus in notated order."""
    asked, long = (
        [Asked(group, request) for group, request in grouped_requests(corpus, split, number, SEED, missing)]
        for number, missing in ((count, MISSING), (long_count, LONG))
    )
    return Panel(asked, long, corpus_lines(corpus))


def answers_of(engine: Engine, asked: Sequence[Asked], name: str) -> list[Answer]:
    """Let an engine fill every gap."""
    answers = []
    for one in tqdm(asked, desc=name, unit="request"):
        takes: list[Take] = list(engine.propose(one.request))
        answers.append(Answer(one, tuple(take.measures for take in takes)))
    return answers


def real_answers(asked: Sequence[Asked]) -> list[Answer]:
    """The real measures as the only take of every request."""
    return [Answer(one, (one.original,)) for one in asked]


def heard_of(engine: str, answers: Sequence[Answer]) -> Heard:
    """What is heard of an engine's takes, or of the real measures, in their place."""
    impressions = [[_impression(answer, take) for take in answer.takes] for answer in answers]
    return Heard(engine, values_of(impressions), [answer.asked.group for answer in answers])


def figures_of(heard: Heard, answers: Sequence[Answer], long: Sequence[Answer], known: Lines) -> Iterator[Figure]:
    """Everything that is measured of an engine, or of the real measures."""
    engine = heard.engine
    for name in heard.values:
        yield _figure(engine, name, heard.sums(name), heard.groups)
    if engine != REAL:
        for name, sums in _variety_sums(answers).items():
            yield _figure(engine, name, sums, heard.groups)
    yield from _copies(engine, answers, known, f"longest run in common with a tune learned, gaps of {MISSING}")
    yield from _copies(engine, long, known, f"longest run in common with a tune learned, gaps of {LONG}")


def _impression(answer: Answer, take: Sequence[Measure]) -> Impression:
    return impression_of(answer.asked.request.melody, answer.asked.request.span, take)


def values_of(impressions: Sequence[Sequence[Impression]]) -> dict[str, Sequence[Weighted]]:
    """Every measure of every request's takes, as far as they have it; a share of notes weighs as many as there are."""

    def of(name: str, weight: str = "") -> list[Weighted]:
        return [
            [
                (value, float(getattr(one, weight) if weight else 1))
                for one in takes
                if (value := getattr(one, name)) is not None
            ]
            for takes in impressions
        ]

    return {
        "notes out of key": of("out_of_key", "notes"),
        "interval at a seam, semitones": of("leap"),
        "seams over an octave": of("wide"),
        "pitch classes as in the context": of("pitch_classes"),
        "durations as in the context": of("durations"),
        "groove as in the context": of("groove"),
        "measures that stand elsewhere in the tune": of("repeated"),
        "measures whose rhythm does": of("same_rhythm"),
        "notes a measure": [[(one.notes / MISSING, 1.0) for one in takes] for takes in impressions],
    }


def _variety_sums(answers: Sequence[Answer]) -> dict[str, Sums]:
    heard = [[sounding(take) for take in answer.takes] for answer in answers]
    originals = [sounding(answer.asked.original) for answer in answers]
    pairs = [[likeness(one, other) for one, other in combinations(notes, 2)] for notes in heard]
    likenesses = [[likeness(notes, real) for notes in takes] for takes, real in zip(heard, originals, strict=True)]
    all_differ = [
        float(len(set(notes)) == answer.asked.request.takes) for notes, answer in zip(heard, answers, strict=True)
    ]
    return {
        "likeness of two takes": [(sum(each), float(len(each))) for each in pairs],
        "likeness to the original": [(sum(each), float(len(each))) for each in likenesses],
        "requests whose takes all differ": [(one, 1.0) for one in all_differ],
    }


def _copies(engine: str, answers: Sequence[Answer], known: Lines, name: str) -> Iterator[Figure]:
    takes = [take for answer in answers for take in answer.takes]
    groups = [answer.asked.group for answer in answers for _ in answer.takes]
    if takes:
        runs = longest_runs(lines_of(takes), known, len(takes)) / _MEASURE
        yield _figure(engine, name, [(float(run), 1.0) for run in runs], groups)
        whole = len(takes[0])
        copied = [(float(run >= whole), 1.0) for run in runs]
        yield _figure(engine, f"takes of {whole} measures that are copied whole", copied, groups)


def _figure(engine: str, name: str, sums: Sums, groups: Sequence[str]) -> Figure:
    values, weights = by_group(groups, *zip(*sums, strict=True))
    return Figure(engine, name, float(values.sum() / max(weights.sum(), 1e-9)), ratio_interval(values, weights))


def discernment(engine: str, answers: Sequence[Answer]) -> Figure:
    """How well a classifier tells an engine's takes from real measures of the same tunes."""
    generator = np.random.default_rng(SEED)
    examples = examples_of([case for answer in answers for case in _cases(answer, generator)])
    scores = suspicions(examples)
    name = "area under the curve of real against filled"
    return Figure(engine, name, area(scores, examples.filled), area_interval(examples, scores))


def _cases(answer: Answer, generator: np.random.Generator) -> Iterator[Case]:
    """The takes, and as many real gaps of the same tune, the one that was filled among them."""
    melody, span, group = answer.asked.request.melody, answer.asked.request.span, answer.asked.group
    starts = generator.integers(1, len(melody.measures) - len(span), size=len(answer.takes))
    for place, take in enumerate(answer.takes):
        yield Case(melody, span, take, True, group)
        start = int(starts[place]) if place else span.start
        yield Case(melody, Span(start, start + len(span)), melody.measures[start : start + len(span)], False, group)


@dataclass(frozen=True)
class ListeningReport:
    """All figures of one split, by engine."""

    split: str
    figures: tuple[Figure, ...]
    requests: int
    closeness: tuple[Closeness, ...] = ()
    name: str = "listening"

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        figures, closeness = ([asdict(one) for one in kind] for kind in (self.figures, self.closeness))
        return {"split": self.split, "requests": self.requests, "figures": figures, "closeness": closeness}

    def as_markdown(self) -> str:
        """The section of the page."""
        engines = list(dict.fromkeys(one.engine for one in self.figures))
        shown = {(one.engine, one.measure): one.shown for one in self.figures}
        names = dict.fromkeys(one.measure for one in self.figures)
        rows = [[name, *(shown.get((engine, name), "") for engine in engines)] for name in names]
        title = f"### What the ear hears, {self.split} split"
        about = f"{self.requests} gaps of {MISSING} measures, {TAKES} takes each (95 % interval over tunes)."
        parts = [title, about, lines(["", *engines], rows)]
        return "\n\n".join([*parts, *self._closer()])

    def _closer(self) -> Iterator[str]:
        """By how much the usual model is closer to the real measures than each other one."""
        for other in dict.fromkeys(one.other for one in self.closeness):
            compared = [one for one in self.closeness if one.other == other]
            yield f"By how much {compared[0].engine} is closer to the real measures than {other}, tune by tune:"
            head = [title for kind in KINDS for title in (f"{kind} closer by", "")]
            rows = [
                [measure, *(cell for one in compared if one.measure == measure for cell in (one.shown, one.verdict))]
                for measure in dict.fromkeys(one.measure for one in compared)
            ]
            yield lines(["", *head], rows)


def listen(weights: Sequence[Path], panel: Panel, split: str, device: str, *, workers: int = 1) -> ListeningReport:
    """Let every engine fill the gaps, ``workers`` at a time, and measure its takes and the real measures."""
    answers, long = real_answers(panel.asked), real_answers(panel.long)
    real = heard_of(REAL, answers)
    figures, heard = [*figures_of(real, answers, long, panel.known)], []
    asked = [partial(_answered, path, panel, device) for path in weights]
    for path, (answers, long) in zip(weights, at_once(asked, workers), strict=True):
        heard.append(heard_of(path.stem, answers))
        figures += [*figures_of(heard[-1], answers, long, panel.known), discernment(path.stem, answers)]
    return ListeningReport(split, tuple(figures), len(panel.asked), tuple(compared_of(heard, real)))


def _answered(path: Path, panel: Panel, device: str) -> tuple[list[Answer], list[Answer]]:
    """What an engine answers to the panel, gaps of four measures and longer ones."""
    engine = open_engine(str(path), device)
    return answers_of(engine, panel.asked, path.stem), answers_of(engine, panel.long, path.stem)


def compared_of(heard: Sequence[Heard], real: Heard) -> Iterator[Closeness]:
    """The usual model beside each other one."""
    usual = [one for one in heard if one.engine == DEFAULT_MODEL]
    for one, other in product(usual, heard):
        if one is not other:
            yield from closeness(one, other, real)


def _report(options: argparse.Namespace) -> ListeningReport:
    corpus = load_corpora(options.corpus).notated
    panel = panel_of(corpus, options.split, options.count, options.long)
    return listen(options.models or weights_in_folders(options.folders), panel, options.split, options.device)


def main(words: Sequence[str] | None = None) -> int:
    """Listen to what the command line names; 2 means that something was wrong with it."""
    parser = argparse.ArgumentParser("training.listening", description="What the ear hears of takes.")
    parser.add_argument("--models", type=Path, nargs="+", help="exported models (all in --folders)")
    parser.add_argument("--folders", type=Path, nargs="+", default=FOLDERS, help="where all models are")
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--count", type=int, default=COUNT, help="how many gaps of four measures")
    parser.add_argument("--long", type=int, default=LONG_COUNT, help="how many gaps of eight measures")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page to write into")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    parser.add_argument("--device", choices=DEVICES, default="auto")
    options = parser.parse_args(words)
    return made_and_kept(lambda: _report(options), options.out, options.json)


if __name__ == "__main__":
    sys.exit(main())
