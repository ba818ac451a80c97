"""Tunes from files: folders of ABC, MusicXML and MIDI, and the folk collections that come with music21.

Only tunes in common time (4/4 and 2/2) whose notes lie on the grid are taken. Repeats are played out, a pickup
is joined to the short measure before it. What is left out is counted by reason.
"""

import hashlib
import importlib.util
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from inpaint_desktop.documents.abc.document import open_abc
from inpaint_desktop.documents.abc.reading import read_melody
from inpaint_desktop.documents.abc.tunes import even_lines, split_tunes
from inpaint_desktop.documents.encodings import decode
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.documents.playing_order import played_order
from inpaint_desktop.encoding.tokens import is_on_grid
from inpaint_desktop.errors import InpaintDesktopError, SettingsError
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import Meter
from training.midi import read_midi

ABC_SUFFIXES = frozenset({".abc", ".txt"})
MUSICXML_SUFFIXES = frozenset({".musicxml", ".xml", ".mxl"})
MIDI_SUFFIXES = frozenset({".mid", ".midi"})
SUFFIXES = ABC_SUFFIXES | MUSICXML_SUFFIXES | MIDI_SUFFIXES
MUSIC21_COLLECTIONS = ("airdsAirs", "miscFolk", "oneills1850", "ryansMammoth")
COMMON_TIME = frozenset({Meter(4, 4), Meter(2, 2)})
FEWEST_MEASURES = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A tune of a collection, repeats played out; ``source`` names the collection."""

    melody: Melody
    source: str


@dataclass
class Reader:
    """Reads files into tunes and counts in ``left_out`` why others were not taken."""

    left_out: Counter[str] = field(default_factory=Counter)

    def read(self, path: Path, source: str) -> Iterator[Found]:
        """Read every tune of a file that can be used."""
        for melody in self._opened(path):
            played = self.usable(melody)
            if played is not None:
                yield Found(played, source)

    def _opened(self, path: Path) -> Iterator[Melody]:
        if path.suffix.lower() in ABC_SUFFIXES:
            yield from self._tunes_of(path)
            return
        try:
            is_midi = path.suffix.lower() in MIDI_SUFFIXES
            yield read_midi(path) if is_midi else open_document(path).melody()
        except InpaintDesktopError:
            self.left_out["not readable"] += 1

    def _tunes_of(self, path: Path) -> Iterator[Melody]:
        """The tunes of an ABC file, each with the lines that stand before the first one."""
        text, codec = decode(path.read_bytes())
        text = even_lines(text)
        tunes = split_tunes(text)
        for tune in tunes:
            alone = text[: tunes[0].start] + text[tune.start : tune.stop]
            try:
                yield open_abc(alone, file_name=path.name, codec=codec, read=read_melody).melody()
            except InpaintDesktopError:
                self.left_out["not readable"] += 1

    def usable(self, melody: Melody) -> Melody | None:
        """The melody as played, or ``None`` where it cannot be used."""
        if any(measure.meter not in COMMON_TIME for measure in melody.measures):
            self.left_out["another meter"] += 1
            return None
        played = played_out(melody)
        if played is None or len(played.measures) < FEWEST_MEASURES:
            self.left_out["irregular or very short"] += 1
            return None
        if not all(is_on_grid(measure) for measure in played.measures):
            self.left_out["off the grid"] += 1
            return None
        return played


def played_out(melody: Melody) -> Melody | None:
    """Play the repeats, and join short measures that follow each other; ``None`` where one stays short.

    D.C. and D.S. are not played. The first measure may be a pickup and the last may be short: they are filled up with
    rest.
    """
    measures: list[Measure] = []
    for index in played_order(melody.measures, with_jumps=False):
        measure = melody.measures[index]
        if measures and not measures[-1].is_full and measures[-1].duration + measure.duration <= measure.meter.ticks:
            measures[-1] = _joined(measures[-1], measure)
        else:
            measures.append(measure)
    if not measures:
        return None
    measures[0] = _filled(measures[0], at_start=True)
    measures[-1] = _filled(measures[-1], at_start=False)
    return replace(melody, measures=tuple(measures)) if all(measure.is_full for measure in measures) else None


def _joined(first: Measure, second: Measure) -> Measure:
    moved = tuple(replace(note, onset=note.onset + first.duration) for note in second.notes)
    return replace(first, notes=first.notes + moved, duration=first.duration + second.duration)


def _filled(measure: Measure, *, at_start: bool) -> Measure:
    missing = measure.meter.ticks - measure.duration
    if missing <= 0:
        return measure
    if not at_start:
        notes = (*measure.notes, Note(measure.duration, missing, None))
    else:
        moved = (replace(note, onset=note.onset + missing) for note in measure.notes)
        notes = (Note(0, missing, None), *moved)
    return replace(measure, notes=notes, duration=measure.meter.ticks)


def files_in(folder: Path) -> list[Path]:
    """All score files in a folder and below, in a fixed order.

    Raises:
        SettingsError: there is no such folder.
    """
    if not folder.is_dir():
        message = f"{folder} is not a folder; give one with ABC, MusicXML or MIDI files in it."
        raise SettingsError(message)
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def music21_folder() -> Path:
    """Where music21 keeps its corpus; music21 itself is not imported.

    Raises:
        SettingsError: music21 is not installed.
    """
    spec = importlib.util.find_spec("music21")
    if spec is None or not spec.submodule_search_locations:
        message = "music21 is not installed; install it with pip install music21."
        raise SettingsError(message)
    return Path(spec.submodule_search_locations[0]) / "corpus"


def hash_of(paths: Iterable[Path]) -> str:
    """The SHA-256 of the contents of files, in their order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
