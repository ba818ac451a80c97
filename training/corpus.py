"""The corpus: melodies as matrices of MIDI ticks, one row a measure.

A prepared corpus is one ``.npz`` file. ``ticks`` (measures, 24) holds a MIDI number where a note
starts, 1 where a rest starts, 0 for a hold. ``starts`` (tunes + 1) says where each tune's rows begin;
``split``, ``fifths``, ``semitones`` and ``group`` have one entry a tune. ``semitones`` moves the tune
into the home key (see ``inpaint_desktop.encoding.transposition``).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inpaint_desktop.encoding.tokens import encode
from inpaint_desktop.encoding.transposition import home_of_notes
from inpaint_desktop.encoding.vocabulary import HIGHEST_MIDI, HOLD, LOWEST_MIDI, REST, is_note, pitch_of
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.spelling import spell

SPLITS = ("train", "valid", "test")
CORPUS_TICKS_PER_QUARTER = 24
SHORTEST_SECTION = 8


@dataclass(frozen=True, slots=True)
class Tune:
    """One melody of the corpus, and where it belongs."""

    melody: Melody
    source: str
    group: str
    split: str
    fifths: int | None


@dataclass(frozen=True)
class Corpus:
    """A prepared corpus; see the module's text for the shapes."""

    ticks: np.ndarray
    starts: np.ndarray
    split: np.ndarray
    fifths: np.ndarray
    semitones: np.ndarray
    group: np.ndarray

    def tunes(self, split: str) -> np.ndarray:
        """The indices of the tunes in ``split``."""
        return np.flatnonzero(self.split == SPLITS.index(split))

    def rows(self, tune: int) -> slice:
        """Where the measures of a tune lie in ``ticks``."""
        return slice(int(self.starts[tune]), int(self.starts[tune + 1]))

    def save(self, path: Path) -> str:
        """Write the corpus and return its SHA-256."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, **self.__dict__)
        return self.digest()

    def digest(self) -> str:
        """The SHA-256 of what the corpus holds, whatever the compression."""
        digest = hashlib.sha256()
        for array in self.__dict__.values():
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    @classmethod
    def load(cls, path: Path) -> "Corpus":
        """Read a corpus that ``save`` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in cls.__dataclass_fields__})


def read_melodies(lines: Iterable[str], sources: Sequence[str] = ()) -> Iterator[Tune]:
    """Read the melodies in common time of a JSON-lines file; ``sources`` limits where they come from."""
    for line in lines:
        row = json.loads(line)
        if row["meter"] not in {"4/4", "2/2"} or row["duplicate"] or not (row["full_bars"] and row["on_grid"]):
            continue
        if not sources or row["source"] in sources:
            melody = melody_of(row, Meter(4, 4))
            yield Tune(melody, row["source"], row["group"], row["split"], row["fifths"])


def melody_of(row: dict[str, str], meter: Meter) -> Melody:
    """The melody that a line of the file holds, its measures in ``meter``."""
    key = KeySignature(int(row["fifths"] or 0))
    measures = tuple(_measure(text, meter, key) for text in row["bars"].split("|"))
    return Melody(measures, row["title"])


def _measure(text: str, meter: Meter, key: KeySignature) -> Measure:
    scale = TICKS_PER_QUARTER // CORPUS_TICKS_PER_QUARTER
    notes: list[Note] = []
    end = 0
    for word in text.split():
        onset, duration, pitch = word.rstrip("~").split(":")
        start = int(onset) * scale
        if start > end:
            notes.append(Note(end, start - end, None))
        end = start + int(duration) * scale
        written = None if pitch == "r" else spell((int(pitch),), key)[0]
        notes.append(Note(start, end - start, written, word.endswith("~")))
    if end < meter.ticks:
        notes.append(Note(end, meter.ticks - end, None))
    return Measure(tuple(notes), meter, key, meter.ticks)


def is_in_range(melody: Melody) -> bool:
    """Whether the vocabulary has every pitch of the melody in its home key."""
    numbers = [note.pitch.midi for measure in melody.measures for note in measure.notes if note.pitch]
    if not numbers:
        return False
    shift = _home_semitones(melody, None)
    return min(numbers) + shift >= LOWEST_MIDI and max(numbers) + shift <= HIGHEST_MIDI


def collapse_repeats(keys: Sequence[object]) -> list[int]:
    """Name the measures that remain when played-out repeats are written once.

    A section of at least eight measures that follows itself at once is dropped; it may differ in its
    last measure (first and second ending).
    """
    kept: list[int] = []
    index = 0
    while index < len(keys):
        length = _repeated_length(keys, index)
        kept.extend(range(index, index + max(length, 1)))
        index += 2 * length if length else 1
    return kept


def _repeated_length(keys: Sequence[object], index: int) -> int:
    """The length of the section that starts at ``index`` and follows itself, or 0."""
    for length in range((len(keys) - index) // 2, SHORTEST_SECTION - 1, -1):
        middle = index + length
        if keys[index : middle - 1] == keys[middle : middle + length - 1]:
            return length
    return 0


def build(tunes: Iterable[Tune], *, notated: bool) -> Corpus:
    """Encode tunes; ``notated`` collapses played-out repeats, else they stay as played."""
    rows: list[np.ndarray] = []
    starts, split, fifths, semitones, group = [0], [], [], [], []
    for tune in tunes:
        if not is_in_range(tune.melody):
            continue
        matrix = _ticks(tune.melody)
        if notated:
            matrix = matrix[collapse_repeats([row.tobytes() for row in matrix])]
        rows.append(matrix)
        starts.append(starts[-1] + len(matrix))
        split.append(SPLITS.index(tune.split))
        fifths.append(127 if tune.fifths is None else tune.fifths)
        semitones.append(_home_semitones(tune.melody, tune.fifths))
        group.append(tune.group)
    return Corpus(
        np.concatenate(rows),
        np.array(starts, np.int64),
        np.array(split, np.int8),
        np.array(fifths, np.int8),
        np.array(semitones, np.int8),
        np.array(group),
    )


def _home_semitones(melody: Melody, signature: int | None) -> int:
    notes = ((note.pitch.midi, note.duration) for measure in melody.measures for note in measure.notes if note.pitch)
    return home_of_notes(notes, signature).semitones


def _ticks(melody: Melody) -> np.ndarray:
    """The melody as MIDI ticks, (measures, 24)."""
    return np.array([[_as_midi(token) for token in encode(measure).tokens] for measure in melody.measures], np.int8)


def _as_midi(token: int) -> int:
    return pitch_of(token).midi if is_note(token) else {HOLD: 0, REST: 1}[token]
