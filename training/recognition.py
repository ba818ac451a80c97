"""How often known tunes are recognised in measures that copy nothing: ``python -m training.recognition``.

Held-out tunes have nothing to do with the tunes of the index, so what is recognised in their own measures are phrases
that many tunes share, or real borrowings. Writes a section of ``docs/evaluation.md``: for every meter the share of gaps
of four measures, in notated order and as they stand, for which a tune would be named; how many hashes are taken for
another run's; and what the comparison costs.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inpaint_desktop.encoding.run_index import RunIndex
from inpaint_desktop.encoding.runs import HASH_BITS, figures_of, run_length, runs_of
from inpaint_desktop.encoding.slots import slots_of
from inpaint_desktop.engine.known_tunes import index_path, load_index
from inpaint_desktop.engine.recognising import Recognition
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score.melody import Melody, Span
from training.corpus import Tune, collapse_repeats
from training.meters import meter_of
from training.prepare_all import MeterReader, read_into
from training.report import lines, write_section

MISSING = 4
TAKES = 8
GAPS_A_TUNE = 3
SEED = 23
WIDE_BITS = 128
DRAWN_HASHES = 10_000_000


@dataclass(frozen=True, slots=True)
class MeterRow:
    """What was seen in one meter: gaps, those with a tune named, runs, and runs that the index has."""

    meter: str
    tunes: int
    gaps: int
    named: int
    runs: int
    known: int


@dataclass(frozen=True)
class RecognitionReport:
    """All that was measured on one split.

    ``false`` are runs whose hash the index has and whose notes it has not; ``drawn`` counts random hashes that it has.
    """

    split: str
    rows: tuple[MeterRow, ...]
    false: int
    drawn: int
    milliseconds: float
    name: str = "recognition"

    def as_markdown(self) -> str:
        """The section of the page."""
        total = MeterRow("all", *(sum(getattr(row, name) for row in self.rows) for name in _COUNTS))
        head = ["meter", "measures in a run", "tunes", "gaps", "of these a tune is named", "runs", "of these known"]
        table = lines(head, [_cells(row) for row in (*self.rows, total)])
        return (
            f"### Known tunes recognised in real measures, {self.split} split\n\n{table}\n\n"
            f"Of the {total.known:,} runs that were found, {self.false} have other notes than the run of the index "
            f"with the same hash; of {DRAWN_HASHES:,} hashes drawn at random, the index has {self.drawn}. To compare "
            f"{TAKES} takes of {MISSING} measures took {self.milliseconds:.1f} ms (median over the gaps)."
        )


_COUNTS = ("tunes", "gaps", "named", "runs", "known")


def _cells(row: MeterRow) -> list[str]:
    length = "" if row.meter == "all" else str(run_length(meter_of(row.meter)))
    named, known = (f"{part / max(whole, 1):.2%}" for part, whole in ((row.named, row.gaps), (row.known, row.runs)))
    return [row.meter, length, f"{row.tunes:,}", f"{row.gaps:,}", named, f"{row.runs:,}", known]


def notated(melody: Melody) -> Melody:
    """The tune with played-out repeats written once, and without its title."""
    kept = collapse_repeats([measure.notes for measure in melody.measures])
    return Melody(tuple(melody.measures[place] for place in kept))


def measure(
    index: RunIndex, tunes: dict[str, list[Tune]], split: str, generator: np.random.Generator
) -> RecognitionReport:
    """Look at the tunes of a split, by meter."""
    rows, times = [], []
    held_out = {
        meter: [notated(tune.melody) for tune in of_meter if tune.split == split] for meter, of_meter in tunes.items()
    }
    for meter, melodies in held_out.items():
        requests = [request for melody in melodies for request in _requests(melody, generator)]
        answers = [_named(index, request) for request in requests]
        times += [spent for _, spent in answers]
        found = [bool(index.titles_of(number)) for melody in melodies for number, _ in _hashes(melody)]
        rows.append(
            MeterRow(
                meter, len(melodies), len(requests), sum(is_named for is_named, _ in answers), len(found), sum(found)
            )
        )
    drawn = generator.integers(2**HASH_BITS, size=DRAWN_HASHES, dtype=np.uint64)
    return RecognitionReport(
        split,
        tuple(rows),
        _false(index, tunes, [melody for melodies in held_out.values() for melody in melodies]),
        int(np.isin(drawn, index.hashes).sum()),
        statistics.median(times),
    )


def _requests(melody: Melody, generator: np.random.Generator) -> Iterator[FillRequest]:
    """Requests for gaps of a tune that is long enough."""
    last = len(melody.measures) - MISSING
    if last >= 2 * MISSING:
        for start in generator.integers(1, last, size=GAPS_A_TUNE):
            yield FillRequest(melody, Span(int(start), int(start) + MISSING))


def _named(index: RunIndex, request: FillRequest) -> tuple[bool, float]:
    """Whether a tune is named for the real measures, and how many milliseconds as many takes take as are usual."""
    began = time.perf_counter()
    recognition = Recognition(index, request)
    known = [recognition.known_in(request.original) for _ in range(TAKES)]
    return bool(known[0]), 1000 * (time.perf_counter() - began)


def _hashes(melody: Melody) -> Iterator[tuple[int, int]]:
    """The hash of every run, and one so wide that it stands for the notes themselves."""
    figures = figures_of(melody, slots_of(melody))
    starts = range(len(figures))
    for run, wide in zip(runs_of(figures, starts), runs_of(figures, starts, bits=WIDE_BITS), strict=True):
        yield run.hash, wide.hash


def _false(index: RunIndex, tunes: dict[str, list[Tune]], held_out: Sequence[Melody]) -> int:
    """How many runs have a hash of the index by chance."""
    found = {wide for melody in held_out for number, wide in _hashes(melody) if index.titles_of(number)}
    learned = (tune.melody for of_meter in tunes.values() for tune in of_meter if tune.split == "train")
    return len(found - {wide for melody in learned for _, wide in _hashes(melody)})


def main(words: Sequence[str] | None = None) -> int:
    """Measure what the command line names; 2 means that something was wrong with it."""
    parser = argparse.ArgumentParser("training.recognition", description="How often known tunes are recognised.")
    parser.add_argument("--melodies", type=Path, required=True, help="what training.known_tunes read")
    parser.add_argument("--index", type=Path, default=index_path(), help="what training.known_tunes wrote")
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--out", type=Path, default=Path("docs/evaluation.md"), help="the page to write into")
    options = parser.parse_args(words)
    try:
        index = load_index(options.index)
        reader = MeterReader()
        read_into(reader, options.melodies)
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    write_section(options.out, measure(index, reader.tunes, options.split, np.random.default_rng(SEED)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
