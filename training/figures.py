"""The figures of the evaluation, each as PNG, SVG and CSV: ``python -m training.figures --figures all.json``.

They are drawn from what ``training.evaluate --model all --json all.json`` wrote, and from the logs of runs. The CSV
files hold the numbers that are drawn.
"""

import argparse
import csv
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import matplotlib.colors
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inpaint_desktop.errors import FileDamagedError, InpaintDesktopError
from training.comparison import EVERY
from training.comparison_report import RANGE

mpl.use("agg")
mpl.rcParams["svg.hashsalt"] = "inpaint-desktop"  # the same figure is the same file
mpl.rcParams["svg.fonttype"] = "none"

SIZE = (7.0, 4.2)
PAPERS_FIGURE_6 = {
    "Base-ARNN (paper)": (0.678, 0.716, 0.736, 0.777, 0.803, 0.829, 0.846),
    "Reg-ARNN (paper)": (0.413, 0.453, 0.471, 0.512, 0.541, 0.585, 0.613),
    "InpaintNet (paper)": (0.247, 0.248, 0.251, 0.292, 0.323, 0.394, 0.501),
}
PAPERS_MODELS = {
    "Base-ARNN (paper)": "base-arnn",
    "Reg-ARNN (paper)": "reg-arnn",
    "InpaintNet (paper)": "inpaintnet",
}
PAPERS_LENGTHS = range(2, 9)
FLOORS = ("copy previous measure", "copy 8 back", "unigram by tick")
HIGHEST = 2.0
"""Where the axes end: a model that was not taught to predict padding is far beyond in protocol A."""

EAR = (
    "notes out of key",
    "seams over an octave",
    "pitch classes as in the context",
    "durations as in the context",
    "groove as in the context",
    "measures that stand elsewhere in the tune",
    "area under the curve of real against filled",
)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a line or one bar, with its interval."""

    series: str
    place: str
    value: float
    low: float
    high: float


def lengths_of(figures: dict[str, Any], protocol: str, kind: str = EVERY) -> list[Point]:
    """Nats a token by length of the gap (the paper's Figure 6)."""
    return [
        Point(row["predictor"], row["missing"], row["nll"], *row["interval"])
        for row in figures["rows"]
        if row["protocol"] == protocol and row["kind"] == kind and row["missing"] != RANGE
    ]


def headline_of(figures: dict[str, Any]) -> list[Point]:
    """Nats a token over the lengths of the paper's Table 2, by protocol."""
    return [
        Point(row["predictor"], row["protocol"], row["nll"], *row["interval"])
        for row in figures["rows"]
        if row["kind"] == EVERY and row["missing"] == RANGE
    ]


def ear_of(figures: dict[str, Any]) -> list[Point]:
    """What the ear hears, by measure."""
    found = figures.get("listening", {"figures": []})["figures"]
    return [
        Point(one["engine"], one["measure"], one["value"], *one["interval"]) for one in found if one["measure"] in EAR
    ]


def curve_of(run: Path) -> list[Point]:
    """The losses and scores of a run, by step.

    Raises:
        FileDamagedError: the log cannot be read.
    """
    path = run / "log.jsonl"
    try:
        logged = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [
            Point(name, str(line["step"]), *3 * (float(line[name]),)) for name in ("loss", "score") for line in logged
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path} cannot be read as the log of a run; name a folder in which training has been."
        raise FileDamagedError(message) from error


def draw_lines(points: Sequence[Point], title: str, labels: tuple[str, str], highest: float = HIGHEST) -> Figure:
    """One line a series, its interval as a band; floors are dotted, the paper's lines dashed."""
    figure, axes = _empty(title, labels)
    looks = _looks([point.series for point in points])
    for name, (color, stroke) in looks.items():
        own = [point for point in points if point.series == name]
        places = [float(point.place) for point in own]
        axes.plot(places, [point.value for point in own], stroke, color=color, label=name, linewidth=1.2, markersize=3)
        axes.fill_between(places, [p.low for p in own], [p.high for p in own], alpha=0.15, color=color)
    axes.set_ylim(0.0, min(1.05 * max(point.high for point in points), highest))
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def draw_bars(points: Sequence[Point], title: str, label: str) -> Figure:
    """One group of lying bars a place, from the top, one bar a series."""
    figure, axes = _empty(title, (label, ""), grid="x")
    places = list(dict.fromkeys(point.place for point in points))
    looks = _looks([point.series for point in points])
    width = 0.85 / len(looks)
    for rank, (name, (color, _)) in enumerate(looks.items()):
        own = {point.place: point for point in points if point.series == name}
        shown = [(index, own[place]) for index, place in enumerate(places) if place in own]
        errors = [[p.value - p.low for _, p in shown], [p.high - p.value for _, p in shown]]
        y = [index + (rank - (len(looks) - 1) / 2) * width for index, _ in shown]
        lengths, thin = [p.value for _, p in shown], {"linewidth": 0.8}
        axes.barh(y, lengths, width, xerr=errors, label=name, color=color, error_kw=thin)
        for place, length in zip(y, lengths, strict=True):
            if length > HIGHEST:  # the bar does not end in the picture, so it says where it would
                written: dict[str, Any] = {"fontsize": 6, "ha": "right", "va": "center_baseline"}
                axes.text(0.99 * HIGHEST, place, f"{length:.1f} →", color="white", **written)
    axes.set_yticks(range(len(places)), places, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0.0, min(1.05 * max(point.high for point in points), HIGHEST))
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    return figure


def _looks(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """A colour and a stroke for each series; a line of the paper has the colour of the model that it is of."""
    found = list(dict.fromkeys(names))
    models = [name for name in found if name not in FLOORS and name not in PAPERS_FIGURE_6]
    palette = mpl.color_sequences["tab20" if len(models) > len(mpl.color_sequences["tab10"]) else "tab10"]
    colors = {name: mpl.colors.to_hex(palette[rank % len(palette)]) for rank, name in enumerate(models)}
    greys = {name: f"{0.35 + 0.2 * rank:.2f}" for rank, name in enumerate(FLOORS)}
    papers = {name: colors.get(PAPERS_MODELS[name], "black") for name in PAPERS_FIGURE_6}
    looks = {name: (color, "o-") for name, color in colors.items()}
    looks |= {name: (color, ":") for name, color in greys.items()}
    looks |= {name: (color, "--") for name, color in papers.items()}
    return {name: looks[name] for name in found}


def _empty(title: str, labels: tuple[str, str], grid: Literal["x", "y"] = "y") -> tuple[Figure, Axes]:
    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, linewidth=0.4, alpha=0.5)
    return figure, axes


def write(figure: Figure, points: Sequence[Point], path: Path) -> None:
    """Write a figure as PNG and SVG, and its numbers as CSV; ``path`` has no suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path.with_suffix(".png"), dpi=150, metadata={"Software": None})
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["series", "place", "value", "low", "high"])
        rows.writerows([p.series, p.place, f"{p.value:.6g}", f"{p.low:.6g}", f"{p.high:.6g}"] for p in points)


def draw_all(figures: dict[str, Any], runs: Sequence[Path], out: Path) -> list[Path]:
    """Draw everything; the paths without suffix."""
    made: list[tuple[str, Figure, list[Point]]] = []
    for protocol in dict.fromkeys(row["protocol"] for row in figures.get("rows", [])):
        points = [*lengths_of(figures, protocol), *_papers(protocol)]
        title = f"By missing measures, protocol {protocol}, {figures['split']} split"
        made.append((f"missing-{protocol}", draw_lines(points, title, ("missing measures", "nats a token")), points))
    headline, ear = (headline_of(figures), ear_of(figures)) if figures else ([], [])
    if headline:
        title = f"{RANGE} missing measures, {figures['split']} split"
        made.append(("headline", draw_bars(headline, title, "nats a token"), headline))
    if ear:
        title = f"What the ear hears, {figures['split']} split"
        made.append(("ear", draw_bars(ear, title, ""), ear))
    for run in runs:
        points = curve_of(run)
        name = "-".join(run.parts[-2:]) if run.name in {"vae", "latent"} else run.name
        made.append((f"curve-{name}", draw_lines(points, f"Training of {name}", ("step", ""), math.inf), points))
    for name, figure, points in made:
        write(figure, points, out / name)
    return [out / name for name, _, _ in made]


def _papers(protocol: str) -> list[Point]:
    """The paper's own figure, beside its own protocol."""
    if protocol != "A":
        return []
    return [
        Point(name, str(length), nats, nats, nats)
        for name, values in PAPERS_FIGURE_6.items()
        for length, nats in zip(PAPERS_LENGTHS, values, strict=True)
    ]


def read_figures(path: Path | None) -> dict[str, Any]:
    """What the evaluation wrote.

    Raises:
        FileDamagedError: it cannot be read.
    """
    if path is None:
        return {}
    try:
        figures: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"{path} cannot be read; write it with python -m training.evaluate --model all --json {path}."
        raise FileDamagedError(message) from error
    return figures


def main(words: Sequence[str] | None = None) -> int:
    """Draw what the command line names; 2 means that something was wrong with it."""
    parser = argparse.ArgumentParser("training.figures", description="Draw the figures of the evaluation.")
    parser.add_argument("--figures", type=Path, help="what training.evaluate --model all --json wrote")
    parser.add_argument("--runs", type=Path, nargs="+", default=[], help="folders of runs whose curves are drawn")
    parser.add_argument("--out", type=Path, default=Path("docs/figures"))
    options = parser.parse_args(words)
    try:
        made = draw_all(read_figures(options.figures), options.runs, options.out)
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for path in made:
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
