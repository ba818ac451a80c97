"""``inpaint-desktop bench``: how fast takes are made on this machine."""

import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from inpaint_desktop import paths
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.opening import OpenedEngine, open_engine
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.melody import Span

if TYPE_CHECKING:
    from inpaint_desktop.engine.request import FillRequest

TUNE = "soldiers-joy.abc"
COLD_RUNS = 3


def run(options: Namespace) -> None:
    """Print the median time of each thing, and the memory it took."""
    if options.runs < 1:
        message = f"--runs must be at least 1, not {options.runs}."
        raise SettingsError(message)
    engine = open_engine(options.model, options.device)
    request = _request()
    _say(f"{request.takes} takes of {len(request.span)} measures, {engine.device}, median of {options.runs} runs")
    _say(f"  first take        {_median_ms(lambda: _first(engine, request), options.runs):7.0f} ms")
    _say(f"  all takes         {_median_ms(lambda: list(engine.propose(request)), options.runs):7.0f} ms")
    seconds, memory = zip(*(_cold_fill(options) for _ in range(COLD_RUNS)), strict=True)
    _say(f"the whole command line, median of {COLD_RUNS} runs")
    _say(f"  time              {statistics.median(seconds):7.2f} s")
    if any(memory):
        _say(f"  largest process   {statistics.median(memory) / 2**20:7.0f} MB at its peak")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _request() -> "FillRequest":
    from inpaint_desktop.engine.request import FillRequest

    melody = open_document(_tune()).melody()
    return FillRequest(melody, Span(6, 10), takes=8)


def _first(engine: OpenedEngine, request: "FillRequest") -> None:
    next(iter(engine.propose(request)))


def _median_ms(work: Callable[[], object], runs: int) -> float:
    """The median time of ``work`` in milliseconds, after one run that warms up."""
    work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return 1000 * statistics.median(times)


def _cold_fill(options: Namespace) -> tuple[float, int]:
    """Seconds that one whole command takes, and the peak memory of its processes in bytes, where known."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["fill", str(_tune()), "--measures", "7-10", "--out", folder]
        model = ["--model", options.model, "--device", options.device]
        started = time.perf_counter()
        subprocess.run([*_program(), *arguments, *model], check=True, capture_output=True)
        seconds = time.perf_counter() - started
    return seconds, _children_memory()


def _program() -> list[str]:
    """The command that starts this program: a frozen one is its own interpreter."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "inpaint_desktop"]


def _tune() -> Path:
    return paths.resources_folder() / "tunes" / TUNE


def _children_memory() -> int:
    """The largest resident size of any process started so far, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
