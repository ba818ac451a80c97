"""Fill measures of many tunes and check that every promise is kept.

``python -m training.roundtrip --melodies melodies.jsonl.xz --count 200`` writes tunes of the validation split, in
notated order and every third with a pickup, as ABC and as MusicXML, and asks for takes of a random span of 1 to 8
measures in each. It checks for every take: what stands outside the span is the same to the byte, music21 and
Verovio read it, every measure keeps its length, the notes are those proposed; and for every request: the same one
gives the same bytes, and all takes differ. It prints how often each holds and every failure, and ends with 1 if
there is one.
"""

import argparse
import lzma
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.export import EXPORT_SUFFIXES, export
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.properties import sounding
from inpaint_desktop.engine.proposing import LONGEST_GAP
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.paths import resources_folder
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from training.corpus import collapse_repeats, is_in_range, read_melodies
from training.readers import MUSIC21, VEROVIO, Reader

FORMATS = ("abc", "musicxml")
TAKES = 8
PART = 0
DISTINCT = "8 of 8 takes distinct"
CHECKS = (
    "outside equal to the byte",
    "lengths exact",
    "notes as proposed",
    "music21 reads the notes",
    "Verovio draws all measures",
    "same request, same bytes",
    DISTINCT,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not hold, where."""

    check: str
    place: str
    details: str

    def __str__(self) -> str:
        return f"{self.check}: {self.place}: {self.details}"


@dataclass(frozen=True, slots=True)
class Tools:
    """What a tune is filled and read with."""

    engine: InpaintNetEngine
    child: ChildProcess
    music21: Reader
    verovio: Reader

    def open(self, path: Path) -> ScoreDocument:
        """Open a file as the program does."""
        return open_document(path, child=self.child)


@dataclass(frozen=True, slots=True)
class Filled:
    """One take on disk, and what it was made from."""

    original: ScoreDocument
    take: Take
    path: Path

    @property
    def span(self) -> Span:
        """The measures that were filled."""
        return self.take.request.span

    @property
    def expected(self) -> Melody:
        """The whole melody with the take in it."""
        return self.take.request.melody.with_measures(self.span, self.take.measures)


def fill(document: ScoreDocument, request: FillRequest, engine: InpaintNetEngine, folder: Path) -> list[Filled]:
    """Answer a request with takes on disk."""
    filled = []
    for number, take in enumerate(engine.propose(request), 1):
        path = folder / f"{Path(document.file_name).stem}-{number}{document.suffix}"
        path.write_bytes(document.with_measures(PART, request.span, take.measures).document.to_bytes())
        filled.append(Filled(document, take, path))
    return filled


def check_tune(path: Path, span: Span, seed: int, tools: Tools) -> list[Failure]:
    """Fill a span of a tune and return what did not hold."""
    document = tools.open(path)
    request = FillRequest(document.melody(PART), span, takes=TAKES, seed=seed)
    filled = fill(document, request, tools.engine, path.parent)
    contents = [one.path.read_bytes() for one in filled]
    again = [one.path.read_bytes() for one in fill(document, request, tools.engine, path.parent)]
    place = f"{path.name}, measures {span.start + 1} to {span.stop}"
    failures = [Failure(check, one.path.name, words) for one in filled for check, words in check_take(one, tools)]
    if contents != again:
        failures.append(Failure("same request, same bytes", place, "other bytes"))
    heard = {sounding(one.take.measures) for one in filled}
    heard.discard(sounding(request.melody.measures[span.start : span.stop]))
    if len(heard) < TAKES:
        failures.append(Failure(DISTINCT, place, f"{len(heard)} takes"))
    return failures


def check_take(filled: Filled, tools: Tools) -> Iterator[tuple[str, str]]:
    """Name the checks that a take does not pass, each with details."""
    try:
        document = tools.open(filled.path)
    except InpaintDesktopError as error:
        yield "notes as proposed", str(error)
        return
    if words := _outside(filled, document):
        yield "outside equal to the byte", words
    melody = document.melody(PART)
    if [one.duration for one in melody.measures] != [one.duration for one in filled.expected.measures]:
        yield "lengths exact", "other durations"
    if sounding(melody.measures) != sounding(filled.expected.measures):
        yield "notes as proposed", "other notes"
    yield from _foreign(filled, tools)


def _outside(filled: Filled, reopened: ScoreDocument) -> str:
    """Compare what stands before, between and after the filled measures; a sentence if it differs."""
    old, content = _around(filled.original, filled.span), filled.path.read_bytes()
    if not (content.startswith(old[0]) and content.endswith(old[-1])):
        return "what stands before or after is not the same"
    return "" if _around(reopened, filled.span) == old else "what stands between the measures is not the same"


def _around(document: ScoreDocument, span: Span) -> list[bytes]:
    """The bytes before the first measure of the span, between its measures, and after the last."""
    text = document.to_bytes().decode("utf-8")
    marks = document.parts[PART].measures[span.start : span.stop]
    edges = [0, *(edge for mark in marks for edge in (mark.start, mark.stop)), len(text)]
    return [text[start:stop].encode() for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def _foreign(filled: Filled, tools: Tools) -> Iterator[tuple[str, str]]:
    expected = _struck(filled.expected, as_position=filled.path.suffix == ".abc")
    found = tools.music21.read(filled.path)
    if found != expected:
        words = found if isinstance(found, str) else f"{len(found)} notes for {len(expected)}, or other ones"
        yield "music21 reads the notes", words
    drawn = tools.verovio.read(filled.path)
    count = len(filled.expected.measures)
    if isinstance(drawn, str) or sum(drawn) != count:
        yield "Verovio draws all measures", drawn if isinstance(drawn, str) else f"{sum(drawn)} of {count}"


def _struck(melody: Melody, *, as_position: bool) -> list[int]:
    """The notes that do not go on from a tie, as MIDI numbers or as places on the staff."""
    struck: list[int] = []
    tied = None
    for note in (note for measure in melody.measures for note in measure.notes):
        if note.pitch and note.pitch != tied:
            struck.append(note.pitch.staff_position if as_position else note.pitch.midi)
        tied = note.pitch if note.ties_on else None
    return struck


def tunes(path: Path, count: int, dice: random.Random) -> list[Melody]:
    """Tunes of the validation split, repeats written once, of at least two measures."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        valid = [tune.melody for tune in read_melodies(line for line in lines if '"split": "valid"' in line)]
    notated = [_notated(melody) for melody in valid if is_in_range(melody)]
    usable = [melody for melody in notated if len(melody.measures) > 1]
    chosen = dice.sample(usable, min(count, len(usable)))
    return [melody if number % 3 else with_pickup(melody) for number, melody in enumerate(chosen)]


def _notated(melody: Melody) -> Melody:
    kept = collapse_repeats([measure.notes for measure in melody.measures])
    return Melody(tuple(melody.measures[index] for index in kept), melody.title)


def with_pickup(melody: Melody) -> Melody:
    """The same tune, begun with what stood on the last quarter of its last measure."""
    last = melody.measures[-1]
    place = last.duration - TICKS_PER_QUARTER
    pickup = _part(last, place, last.duration)
    return Melody((pickup, *melody.measures[:-1], _part(last, 0, place)), melody.title)


def _part(measure: Measure, first: int, last: int) -> Measure:
    notes = tuple(
        Note(max(note.onset, first) - first, min(note.end, last) - max(note.onset, first), note.pitch)
        for note in measure.notes
        if note.onset < last and note.end > first
    )
    return replace(measure, notes=notes, duration=last - first)


def _span(melody: Melody, dice: random.Random) -> Span:
    length = dice.randint(1, min(LONGEST_GAP, len(melody.measures)))
    start = dice.randint(0, len(melody.measures) - length)
    return Span(start, start + length)


def check_all(melodies: Sequence[Melody], dice: random.Random, tools: Tools, folder: Path) -> dict[str, list[Failure]]:
    """Check every tune in both formats; the failures of each format."""
    failures: dict[str, list[Failure]] = {name: [] for name in FORMATS}
    for number, melody in enumerate(tqdm(melodies, unit="tune")):
        span, seed = _span(melody, dice), dice.randrange(10**6)
        for name in FORMATS:
            path = folder / f"tune-{number:03}{EXPORT_SUFFIXES[name]}"
            path.write_bytes(export(melody, name))
            failures[name] += check_tune(path, span, seed, tools)
    return failures


def report(failures: dict[str, list[Failure]], count: int, say: Callable[[str], object]) -> None:
    """Print how many tunes pass each check in each format, and every failure."""
    say("| check | " + " | ".join(f"{name}, of {count}" for name in FORMATS) + " |")
    say("|---|" + "---|" * len(FORMATS))
    for check in CHECKS:
        failed = [Counter(one.place[:8] for one in failures[name] if one.check == check) for name in FORMATS]
        say(f"| {check} | " + " | ".join(str(count - len(places)) for places in failed) + " |")
    for name in FORMATS:
        for failure in failures[name]:
            say(str(failure))


def main() -> int:
    """Run the checks; 1 if one fails."""
    options = _parse()
    dice = random.Random(options.seed)
    melodies = tunes(options.melodies, options.count, dice)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tools = Tools(
            InpaintNetEngine.open(options.model, options.device),
            stack.enter_context(ChildProcess()),
            stack.enter_context(Reader(MUSIC21)),
            stack.enter_context(Reader(VEROVIO)),
        )
        failures = check_all(melodies, dice, tools, folder)
    report(failures, len(melodies), lambda line: sys.stdout.write(line + "\n"))
    return int(any(failures.values()))


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--melodies", type=Path, required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", type=Path, default=resources_folder() / "models" / "inpaintnet.safetensors")
    parser.add_argument("--device", default="auto")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
