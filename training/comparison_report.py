"""The comparison of all models as tables in Markdown and as plain rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.comparison import EVERY, HEADLINE, KINDS, Outcome, Result
from training.pairing import Difference
from training.report import PROTOCOL_TITLES, lines
from training.scores import Scores, with_interval

PAPER = {"past": 0.643, "future": 0.481, "untrained": 1.33, "reg-arnn": 0.402, "base-arnn": 0.662}
PAPERS_OWN = ("inpaintnet", "ours", "ours-padded", "small", "paper")
PAPERS_INPAINTNET = 0.300
LEVEL = 0.01
RANGE = f"{HEADLINE[0]} to {HEADLINE[-1]}"

Reconstructions = dict[str, dict[str, dict[str, float]]]
"""Figures of each model's MeasureVAE, by model and kind of measure."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a table: what a predictor scores on tokens of one kind; ``missing`` is a length or a range."""

    protocol: str
    missing: str
    predictor: str
    kind: str
    tokens: int
    nll: float
    interval: tuple[float, float]
    accuracy: float

    @property
    def likelihood(self) -> str:
        """The negative log-likelihood with its interval."""
        return with_interval(self.nll, self.interval)


@dataclass(frozen=True)
class ComparisonReport:
    """All tables of one split."""

    outcome: Outcome
    reconstructions: Reconstructions
    name: str = "all"

    @property
    def split(self) -> str:
        """On which split it was measured."""
        return self.outcome.split

    @property
    def protocols(self) -> list[str]:
        """The protocols that were measured."""
        return list(dict.fromkeys(result.protocol for result in self.outcome.results))

    @property
    def rows(self) -> list[Row]:
        """Every figure: over the headline's lengths together, then for each length."""
        lengths = sorted({result.missing for result in self.outcome.results})
        ranges = [(RANGE, list(HEADLINE)), *((str(length), [length]) for length in lengths)]
        return [
            row
            for protocol in self.protocols
            for label, wanted in ranges
            for result in self.outcome.of(protocol, wanted).values()
            for row in _rows(result, label)
        ]

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return {
            "split": self.split,
            "rows": [asdict(row) for row in self.rows],
            "spreads": [asdict(spread) for spread in self.outcome.spreads],
            "differences": {
                protocol: [asdict(one) for one in found] for protocol, found in self.outcome.differences.items()
            },
            "reconstructions": self.reconstructions,
        }

    def as_markdown(self) -> str:
        """The section of the page."""
        rows = self.rows
        parts = [f"### All models, {self.split} split", *_headline(rows, self.protocols)]
        for protocol in self.protocols:
            own = [row for row in rows if row.protocol == protocol]
            parts += [f"#### {PROTOCOL_TITLES[protocol]}", *_of_protocol(own), *self._pairs(protocol)]
        return "\n\n".join([*parts, *self._spreads(), *self._vaes()])

    def _pairs(self, protocol: str) -> list[str]:
        found = self.outcome.differences.get(protocol, ())
        if not found:
            return []
        title = (
            f"Row less column, nats a token, {RANGE} missing measures; a star where the two differ at the level of "
            f"{LEVEL:g}, tune by tune, after Holm's correction:"
        )
        return [title, _matrix(found)]

    def _spreads(self) -> list[str]:
        rows = [
            [spread.protocol, spread.predictor]
            + [f"{value:.4f}" for value in (spread.of_means, spread.of_draws, spread.deviation)]
            for spread in self.outcome.spreads
        ]
        head = ["Protocol", "Model", "From the latents' means", "From draws, mean", "Deviation over draws"]
        return ["#### What latent draws change", lines(head, rows)] if rows else []

    def _vaes(self) -> list[str]:
        rows = [
            [model, kind, f"{figures['measures']:.0f}"]
            + [f"{figures[name]:.4f}" for name in ("token_accuracy", "onset_accuracy", "measure_accuracy")]
            for model, kinds in self.reconstructions.items()
            for kind, figures in kinds.items()
        ]
        head = ["Model", "Measures of the split", "Number", "Tokens", "Onsets", "Whole measures"]
        return ["#### MeasureVAE: latent sampled, decoder running freely", lines(head, rows)] if rows else []


def _rows(result: Result, label: str) -> Iterator[Row]:
    for kind, scores in result.kinds.items():
        if scores.count:
            yield _row(result, label, kind, scores)


def _row(result: Result, label: str, kind: str, scores: Scores) -> Row:
    place = (result.protocol, label, result.predictor, kind, scores.count)
    return Row(*place, scores.nll_per_token, scores.nll_interval(result.groups), scores.token_accuracy)


def _headline(rows: Sequence[Row], protocols: Sequence[str]) -> list[str]:
    """The paper's Table 2 in every protocol."""
    whole = {(row.predictor, row.protocol): row for row in rows if (row.missing, row.kind) == (RANGE, EVERY)}
    names = dict.fromkeys(name for name, _ in whole)
    table = [[name, papers(name), *(whole[name, protocol].likelihood for protocol in protocols)] for name in names]
    title = f"Negative log-likelihood, nats a token (95 % interval over tunes), {RANGE} missing measures together:"
    return [title, lines(["Predictor", "The paper's Table 2", *(f"Protocol {one}" for one in protocols)], table)]


def papers(name: str) -> str:
    """What the paper's Table 2 (and its section 4.4) has for a model of this name."""
    if name in PAPERS_OWN:
        return f"{PAPERS_INPAINTNET:.3f}"
    known = (f"{nats:.3f}" for kind, nats in PAPER.items() if name.endswith(kind))
    return next(known, "")


def _of_protocol(rows: Sequence[Row]) -> list[str]:
    """The tables of one protocol: by length of the gap, and by kind of token."""
    whole = [row for row in rows if row.kind == EVERY and row.missing != RANGE]
    onsets = [row for row in rows if row.kind == "onsets" and row.missing != RANGE]
    split = [row for row in rows if row.missing == RANGE]
    return [
        "Nats a token by missing measures (the paper's Figure 6):",
        _by(whole, lambda row: row.missing, lambda row: f"{row.nll:.3f}"),
        "Token accuracy, holds included, by missing measures:",
        _by(whole, lambda row: row.missing, lambda row: f"{row.accuracy:.3f}"),
        "Onset accuracy (notes and rests) by missing measures:",
        _by(onsets, lambda row: row.missing, lambda row: f"{row.accuracy:.3f}"),
        f"Nats a token, and accuracy, by kind of token and of measure, {RANGE} missing measures:",
        _by(split, lambda row: row.kind, lambda row: f"{row.nll:.3f}, {row.accuracy:.3f}", KINDS),
    ]


def _by(
    rows: Sequence[Row], column: Callable[[Row], str], show: Callable[[Row], str], columns: Sequence[str] = ()
) -> str:
    """One row a predictor, one column a value of ``column``."""
    heads = columns or list(dict.fromkeys(map(column, rows)))
    shown = {(row.predictor, column(row)): show(row) for row in rows}
    names = dict.fromkeys(row.predictor for row in rows)
    return lines(["", *heads], [[name, *(shown.get((name, head), "") for head in heads)] for name in names])


def _matrix(found: Sequence[Difference]) -> str:
    """All differences, each pair twice."""
    names = list(dict.fromkeys(name for one in found for name in (one.first, one.second)))
    shown = {}
    for one in found:
        star = "*" if one.adjusted < LEVEL else ""
        shown[one.first, one.second] = f"{one.nats:+.3f}{star}"
        shown[one.second, one.first] = f"{-one.nats:+.3f}{star}"
    return lines(["", *names], [[name, *(shown.get((name, other), "") for other in names)] for name in names])
