"""How the defaults of variety were chosen: likelihood against distinctness, on the validation split.

``python -m training.choose`` fills gaps of validation tunes, in notated order, with several settings and prints, for
each: the takes' mean log-likelihood (nats a tick, under the model without noise) beside the real measures', how
unlike each other the takes of a request are (one less their mean pairwise likeness), how alike the original, the share
of notes out of key beside the real measures', and the share of requests in which all takes differ. Models other than
InpaintNet have no noise to be set.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, cycle, islice, product
from pathlib import Path

import numpy as np

from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.encoding.transposition import key_of
from inpaint_desktop.engine.opening import OpenedEngine, open_engine
from inpaint_desktop.engine.properties import likeness, share_out_of_key, sounding
from inpaint_desktop.engine.request import FillRequest, Take, Variety
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.spelling import spell
from training.corpus import Corpus

MISSING = 4
TAKES = 8


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one setting."""

    variety: Variety
    log_likelihood: float
    real_log_likelihood: float
    variety_of_takes: float
    likeness: float
    out_of_key: float
    real_out_of_key: float
    all_distinct: float

    def __str__(self) -> str:
        variety = self.variety
        return (
            f"| {variety.context_noise:g} | {variety.gap_noise:g} | {variety.temperature:g} | {variety.top_p:g} "
            f"| {self.log_likelihood:.3f} | {self.real_log_likelihood:.3f} | {self.variety_of_takes:.3f} "
            f"| {self.likeness:.3f} | {self.out_of_key:.4f} | {self.real_out_of_key:.4f} | {self.all_distinct:.3f} |"
        )


HEADER = (
    "| context noise | gap noise | temperature | top-p | log-likelihood | of the real | variety | likeness "
    "| out of key | real out of key | all distinct |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


def melody_of(corpus: Corpus, tune: int) -> Melody:
    """A tune of the corpus as a melody, in its own key."""
    fifths = int(corpus.fifths[tune])
    key = KeySignature(0 if fifths == 127 else fifths)
    return Melody(tuple(_measure(row, key, str(i + 1)) for i, row in enumerate(corpus.ticks[corpus.rows(tune)])))


def _measure(ticks: np.ndarray, key: KeySignature, number: str) -> Measure:
    meter = Meter(4, 4)
    grid = grid_of(meter)
    starts = [index for index, value in enumerate(ticks) if value or index == 0]
    midi = [int(ticks[index]) if ticks[index] > 1 else None for index in starts]
    ends = [grid.onsets[index] for index in starts[1:]] + [grid.duration]
    notes = tuple(
        Note(grid.onsets[index], end - grid.onsets[index], pitch)
        for index, end, pitch in zip(starts, ends, spell(midi, key), strict=True)
    )
    return Measure(notes, meter, key, meter.ticks, number)


def requests_of(corpus: Corpus, split: str, count: int, seed: int, missing: int = MISSING) -> Iterator[FillRequest]:
    """Requests for gaps in tunes of at least 12 measures (or three times the gap).

    One a tune; where the split has fewer tunes than ``count``, another one of each, and so on. No gap comes twice
    before the tune has no other.
    """
    for _, request in grouped_requests(corpus, split, count, seed, missing):
        yield request


def grouped_requests(
    corpus: Corpus, split: str, count: int, seed: int, missing: int = MISSING
) -> Iterator[tuple[str, FillRequest]]:
    """The requests of ``requests_of``, each with the group of its tune."""
    generator = np.random.default_rng(seed)
    tunes = [tune for tune in corpus.tunes(split) if corpus.starts[tune + 1] - corpus.starts[tune] >= 3 * missing]
    unasked: dict[int, list[int]] = {tune: [] for tune in tunes}
    for tune in islice(cycle(generator.permutation(tunes).tolist()), count):
        melody, starts = melody_of(corpus, tune), unasked[tune]
        if not starts:
            starts.extend(range(1, len(melody.measures) - missing))
        start = starts.pop(generator.integers(len(starts)))
        request = FillRequest(melody, Span(start, start + missing), takes=TAKES, seed=int(generator.integers(2**31)))
        yield str(corpus.group[tune]), request


def measure(engine: OpenedEngine, requests: Sequence[FillRequest], variety: Variety) -> Row:
    """Fill all requests with one setting."""
    answers = [list(engine.propose(replace(request, variety=variety))) for request in requests]
    takes = [take for answer in answers for take in answer]
    return Row(
        variety,
        _mean(take.log_likelihood for take in takes),
        _mean(engine.drawing(request).likelihood_of_original() for request in requests),
        _mean(_variety(answer) for answer in answers),
        _mean(take.properties.likeness for take in takes),
        _share_out(takes),
        _real_share_out(requests),
        _mean(float(len(answer) == TAKES) for answer in answers),
    )


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))


def _variety(takes: Sequence[Take]) -> float:
    notes = [sounding(take.measures) for take in takes]
    return 1.0 - _mean(likeness(a, b) for a, b in combinations(notes, 2)) if len(notes) > 1 else 0.0


def _numbers(measures: Sequence[Measure]) -> list[int]:
    return [midi for _, _, midi in sounding(measures) if midi >= 0]


def _share_out(takes: Sequence[Take]) -> float:
    shares = [
        (share_out_of_key(n, key_of(take.request.melody)), len(n)) for take in takes for n in [_numbers(take.measures)]
    ]
    return sum(share * count for share, count in shares) / max(sum(count for _, count in shares), 1)


def _real_share_out(requests: Sequence[FillRequest]) -> float:
    total = outside = 0.0
    for request in requests:
        numbers = _numbers(request.melody.measures[request.span.start : request.span.stop])
        outside += share_out_of_key(numbers, key_of(request.melody)) * len(numbers)
        total += len(numbers)
    return outside / max(total, 1)


def table(engine: OpenedEngine, requests: Sequence[FillRequest], settings: Iterable[Variety]) -> Iterator[str]:
    """The table in Markdown, line by line as it is measured."""
    yield HEADER
    for variety in settings:
        yield str(measure(engine, requests, variety))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser("training.choose", description="Print what settings of variety do to takes.")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus/notated.npz"))
    parser.add_argument("--weights", type=Path, default=Path("resources/models/inpaintnet.safetensors"))
    parser.add_argument("--split", default="valid")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--context-noise", type=float, nargs="+", default=[0.0, 1.0, 2.0])
    parser.add_argument("--gap-noise", type=float, nargs="+", default=[0.0, 0.3])
    parser.add_argument("--temperature", type=float, nargs="+", default=[0.8, 1.0])
    parser.add_argument("--top-p", type=float, nargs="+", default=[0.9, 0.95])
    options = parser.parse_args()
    engine = open_engine(str(options.weights), "cpu")
    requests = list(requests_of(Corpus.load(options.corpus), options.split, options.count, seed=7))
    settings = product(options.context_noise, options.gap_noise, options.temperature, options.top_p)
    for line in table(engine, requests, (Variety(*setting) for setting in settings)):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
