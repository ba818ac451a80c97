"""The scores that conformance is checked on, each with a name that stays the same from one run to the next."""

import json
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

from inpaint_desktop.documents.abc.tunes import Tune, even_lines, split_tunes
from inpaint_desktop.documents.abc.writing import melody_to_abc
from inpaint_desktop.documents.encodings import decode
from inpaint_desktop.documents.musicxml.score_writing import melody_to_musicxml
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.spelling import spell

MUSICXML_SUFFIXES = (".xml", ".musicxml", ".mxl")
ABC_SUFFIX = ".abc"
TEST_FILES = Path(__file__).parents[1] / "data"
ROWS_TICKS_PER_QUARTER = 24


@dataclass(frozen=True, slots=True)
class Sample:
    """A score: a whole file, one tune of a file, or (``melody``) one that our writers write."""

    name: str
    path: Path | None = None
    tune: int | None = None
    melody: Melody | None = None

    @property
    def source(self) -> str:
        """The collection that it is from."""
        return self.name.partition("/")[0]

    @property
    def format(self) -> str:
        """``abc`` or ``musicxml``."""
        return "abc" if self.file_name.endswith(ABC_SUFFIX) else "musicxml"

    @property
    def file_name(self) -> str:
        """The name that the program is told."""
        return self.path.name if self.path is not None else self.name.rpartition("/")[2]

    def content(self) -> tuple[bytes, str | None]:
        """The bytes of the file, and the number of the tune where the file has several.

        A tune that shares its number with another is taken out of its file.
        """
        if self.melody is not None:
            write = melody_to_abc if self.format == "abc" else melody_to_musicxml
            return write(self.melody).encode(), None
        assert self.path is not None, "a sample is a file or a melody"
        content = self.path.read_bytes()
        if self.tune is None:
            return content, None
        text, tunes = _tunes(self.path)
        tune = tunes[self.tune]
        if sum(one.number == tune.number for one in tunes) == 1:
            return content, tune.number
        return text[tune.start : tune.stop].encode(), None


def music21_samples() -> Iterator[Sample]:
    """All that music21 installs with its corpus in our formats, in an order that mixes collections.

    So what is known when a check is stopped is known of all of them.
    """
    found = find_spec("music21")
    origin = found.origin if found is not None else None
    assert origin is not None, "music21 is installed with the program"
    folder = Path(origin).parent / "corpus"
    return iter(sorted(_samples_in(folder, "music21"), key=lambda sample: zlib.crc32(sample.name.encode())))


def test_samples() -> Iterator[Sample]:
    """The files of our own tests; those that are meant to be refused are told by their folder, ``bad``."""
    return _samples_in(TEST_FILES, "tests")


def melody_samples(path: Path, count: int) -> Iterator[Sample]:
    """``count`` melodies of a list, spread over all of it, each in both formats."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for line in lines if (row := json.loads(line))["full_bars"] and row["on_grid"]]
    for index in range(0, len(rows), max(1, len(rows) // count))[:count]:
        melody = _melody(rows[index])
        yield Sample(f"melodies/{index}.abc", melody=melody)
        yield Sample(f"melodies/{index}.musicxml", melody=melody)


def every(samples: Iterator[Sample], step: int) -> list[Sample]:
    """Every ``step``-th of the samples."""
    return list(islice(samples, step // 2, None, step))


def _samples_in(folder: Path, source: str) -> Iterator[Sample]:
    for path in sorted(folder.rglob("*")):
        name = f"{source}/{path.relative_to(folder).as_posix()}"
        if path.suffix in MUSICXML_SUFFIXES:
            yield Sample(name, path)
        elif path.suffix == ABC_SUFFIX:
            count = len(_tunes(path)[1])
            if count < 2:
                yield Sample(name, path)
            else:
                yield from (Sample(f"{name}#{index + 1}", path, index) for index in range(count))


@lru_cache(maxsize=4)
def _tunes(path: Path) -> tuple[str, tuple[Tune, ...]]:
    text = decode(path.read_bytes())[0]
    return text, split_tunes(even_lines(text))


def _melody(row: dict[str, str]) -> Melody:
    beats, beat_type = row["meter"].split("/")
    meter, key = Meter(int(beats), int(beat_type)), KeySignature(int(row["fifths"] or 0))
    measures = tuple(_measure(text, meter, key) for text in row["bars"].split("|"))
    return Melody(with_sound_ties(measures), row["title"])


def _measure(text: str, meter: Meter, key: KeySignature) -> Measure:
    notes: list[Note] = []
    end = 0
    for word in text.split():
        onset, duration, pitch = word.rstrip("~").split(":")
        start, length = (int(count) * TICKS_PER_QUARTER // ROWS_TICKS_PER_QUARTER for count in (onset, duration))
        if start > end:
            notes.append(Note(end, start - end, None))
        end = start + length
        written = None if pitch == "r" else spell((int(pitch),), key)[0]
        notes.append(Note(start, length, written, ties_on=word.endswith("~")))
    if end < meter.ticks:
        notes.append(Note(end, meter.ticks - end, None))
    return Measure(tuple(notes), meter, key, meter.ticks)
