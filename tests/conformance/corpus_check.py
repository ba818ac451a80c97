"""Checks everything that opening, splicing and engraving promise on thousands of real scores.

Run it with ``make corpus-check``, or ``python -m tests.conformance.corpus_check --help``. What is known already is
kept, so that it can be stopped and goes on where it stood; ``--again`` checks those anew that failed.
"""

import argparse
import dataclasses
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.isolation import ChildProcess
from tests.conformance.checking import SPANS, TIME_LIMIT_S, Checker, Result
from tests.conformance.reporting import failure_lines, summary, write_table
from tests.conformance.samples import Sample, every, melody_samples, music21_samples, test_samples

STATE = Path(tempfile.gettempdir()) / "inpaint-desktop-conformance"
TABLE = Path(__file__).parents[2] / "docs" / "conformance.md"
DRAWN = 10
PROGRESS_S = 20.0


def main() -> int:
    """Check all samples; the exit status says whether any failed."""
    options = _options()
    samples = list(_samples(options))
    state = _State(options.state)
    if options.fresh:
        state.clear()
    known = state.results()
    left = [one for one in samples if one.name not in known or (options.again and known[one.name].failures)]
    _say(f"{len(samples):,} scores, {len(samples) - len(left):,} of them known already.")
    if not options.report:
        _check_all(left, options, state)
    known = state.results()
    results = [known[sample.name] for sample in samples if sample.name in known]
    _say(summary(results))
    if options.table:
        write_table(TABLE, results)
    for file_format in {one.format for one in results} if options.failures else ():
        target = options.failures / f"{file_format}-failures.txt"
        target.write_text(failure_lines(results, file_format), encoding="utf-8")
    return 1 if any(result.failures for result in results) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--melodies", type=Path, help="a melodies.jsonl.xz; written in both formats and checked")
    parser.add_argument("--count", type=int, default=2000, help="how many of these melodies (default: %(default)s)")
    parser.add_argument("--every", type=int, default=1, help="take only every so many-th score")
    parser.add_argument("--only", default="", help="take only scores whose name holds this")
    parser.add_argument(
        "--format", choices=("both", "abc", "musicxml"), default="both", help="take only those of a format"
    )
    parser.add_argument("--spans", type=int, default=SPANS, help="splices a score (default: %(default)s)")
    parser.add_argument(
        "--drawn", type=int, default=DRAWN, help="draw every so many-th, and ask music21 (default: %(default)s)"
    )
    parser.add_argument("--time-limit", type=int, default=TIME_LIMIT_S, help="seconds a score (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes check (default: %(default)s)")
    parser.add_argument("--state", type=Path, default=STATE, help="where results are kept (default: %(default)s)")
    parser.add_argument("--fresh", action="store_true", help="forget what is known")
    parser.add_argument("--again", action="store_true", help="check those again that failed")
    parser.add_argument("--report", action="store_true", help="check nothing, say what is known")
    parser.add_argument("--table", action="store_true", help="write the table of docs/conformance.md")
    parser.add_argument("--failures", type=Path, help="a folder for lists of the failures, one line each")
    return parser.parse_args()


def _samples(options: argparse.Namespace) -> Iterable[Sample]:
    found = [*test_samples(), *every(music21_samples(), options.every)]
    if options.melodies is None:
        _say("No list of melodies was given (--melodies), so none are written and checked.")
    else:
        found += melody_samples(options.melodies, options.count // options.every)
    return (sample for sample in found if options.only in sample.name and options.format in {"both", sample.format})


class _State:
    """What is known of each sample, as lines of JSON; of several lines on one sample the last counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)

    def file(self, job: int) -> Path:
        """Where one process writes."""
        return self._folder / f"results-{time.time_ns()}-{job}.jsonl"

    def clear(self) -> None:
        """Forget everything."""
        for path in self._folder.glob("results-*.jsonl"):
            path.unlink()

    def results(self) -> dict[str, Result]:
        """Everything that is known, by the name of the sample."""
        lines = (line for path in sorted(self._folder.glob("results-*.jsonl")) for line in path.open(encoding="utf-8"))
        return {(result := _read(line)).name: result for line in lines if line.endswith("\n")}


def _read(line: str) -> Result:
    row = json.loads(line)
    return Result(**{**row, "failures": [(name, detail) for name, detail in row["failures"]]})


def _check_all(samples: Sequence[Sample], options: argparse.Namespace, state: _State) -> None:
    """Check the samples, in this process or in several."""
    if options.jobs == 1:
        _check_some(samples, options, state.file(0))
        return
    start = multiprocessing.get_context("spawn").Process
    jobs = [
        start(target=_check_some, args=(samples[n :: options.jobs], options, state.file(n)))
        for n in range(options.jobs)
    ]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()


def _check_some(samples: Sequence[Sample], options: argparse.Namespace, target: Path) -> None:
    """Check samples one after the other, and write each result down at once."""
    with ChildProcess() as reader, ChildProcess() as drawer, target.open("w", encoding="utf-8") as lines:
        checker = Checker(reader, Engraver(drawer), options.spans, options.time_limit)
        progress = _Progress(len(samples))
        for index, sample in enumerate(samples):
            start = time.monotonic()
            result = checker.check(sample, is_drawn=index % options.drawn == 0)
            result.seconds = round(time.monotonic() - start, 2)
            lines.write(json.dumps(dataclasses.asdict(result)) + "\n")
            lines.flush()
            progress.add(result)


class _Progress:
    """Says now and then how far it is."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = self._failed = 0
        self._said = self._began = time.monotonic()

    def add(self, result: Result) -> None:
        """Count one more."""
        self._done += 1
        self._failed += bool(result.failures)
        now = time.monotonic()
        if now - self._said > PROGRESS_S:
            self._said = now
            left = (now - self._began) / self._done * (self._total - self._done)
            how_far = f"{self._done:,} of {self._total:,}, {self._failed} with failures"
            _say(f"{how_far}, {left / 60:.0f} minutes left; {result.name}")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
