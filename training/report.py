"""The evaluation as tables in Markdown, each model and split in a section between markers of its own."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from inpaint_desktop.errors import InpaintDesktopError
from training.scores import with_interval

_MEASURED: dict[str, Callable[["Cell"], str]] = {
    "Negative log-likelihood, nats a token (95 % interval over tunes)": lambda cell: cell.likelihood,
    "Token accuracy (holds included)": lambda cell: f"{cell.token_accuracy:.3f}",
    "Onset accuracy (notes and rests)": lambda cell: f"{cell.onset_accuracy:.3f}",
}
PROTOCOL_TITLES = {
    "A": "Protocol A: the paper's windows, padding counted, transposed, latents sampled",
    "B": "Protocol B: as played, no padding, latents' means",
    "C": "Protocol C: in notated order, no padding, latents' means",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one predictor scores in one protocol on gaps of one length."""

    protocol: str
    missing: int
    predictor: str
    nll: float
    interval: tuple[float, float]
    token_accuracy: float
    onset_accuracy: float
    gaps: int

    @property
    def likelihood(self) -> str:
        """The negative log-likelihood with its interval."""
        return with_interval(self.nll, self.interval)


@dataclass(frozen=True, slots=True)
class Report:
    """All that is measured of one model on one split."""

    name: str
    split: str
    cells: tuple[Cell, ...]
    reconstruction: dict[str, dict[str, float]]

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""
        return asdict(self)

    def as_markdown(self) -> str:
        """The section of the page."""
        parts = [f"### {self.name}, {self.split} split", self._reconstruction()]
        for protocol in dict.fromkeys(cell.protocol for cell in self.cells):
            cells = [cell for cell in self.cells if cell.protocol == protocol]
            parts.append(f"#### {PROTOCOL_TITLES[protocol]}\n\n{cells[0].gaps} gaps of each length.")
            parts += [f"{title}:\n\n{_table(cells, show)}" for title, show in _MEASURED.items()]
        return "\n\n".join(parts)

    def _reconstruction(self) -> str:
        rows = [
            [kind, f"{figures['measures']:.0f}"]
            + [f"{figures[name]:.4f}" for name in ("token_accuracy", "onset_accuracy", "measure_accuracy")]
            for kind, figures in self.reconstruction.items()
        ]
        head = ["Measures of the split", "Number", "Tokens", "Onsets", "Whole measures"]
        return "MeasureVAE, latent sampled, decoder running freely:\n\n" + lines(head, rows)


def _table(cells: Sequence[Cell], show: Callable[[Cell], str]) -> str:
    """One row a predictor, one column a length of gap."""
    lengths = sorted({cell.missing for cell in cells})
    shown = {(cell.predictor, cell.missing): show(cell) for cell in cells}
    predictors = dict.fromkeys(cell.predictor for cell in cells)
    rows = [[name, *(shown[name, length] for length in lengths)] for name in predictors]
    return lines(["Missing measures", *map(str, lengths)], rows)


def lines(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


class Section(Protocol):
    """A part of the page, between markers that hold its name and split."""

    @property
    def name(self) -> str:
        """Which model it is about."""

    @property
    def split(self) -> str:
        """On which split it was measured."""

    def as_markdown(self) -> str:
        """The text."""


class Figures(Section, Protocol):
    """A part of the page whose figures can be kept beside it."""

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON values."""


def write_section(page: Path, report: Section) -> None:
    """Put the report between its markers, or at the end of the page where it has none yet."""
    begin, end = (f"<!-- {report.name} {report.split}: {mark} -->" for mark in ("begin", "end"))
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    if begin in text and end in text:
        before, rest = text.split(begin, 1)
        after = rest.split(end, 1)[1]
    else:
        before, after = (f"{text.rstrip()}\n\n" if text.strip() else ""), "\n"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"{before}{begin}\n{report.as_markdown()}\n{end}{after}", encoding="utf-8")


def made_and_kept(make: Callable[[], Figures], page: Path, figures: Path | None = None) -> int:
    """Make a report and keep it; return 2, with a sentence on the terminal, where it cannot be made, else 0."""
    try:
        report = make()
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    keep(report, page, figures)
    return 0


def keep(report: Figures, page: Path, figures: Path | None = None) -> None:
    """Put the report into its section of the page, and all its figures into a file of JSON if one is named."""
    write_section(page, report)
    if figures is not None:
        figures.write_text(json.dumps(report.as_dict(), indent=1) + "\n", encoding="utf-8")
