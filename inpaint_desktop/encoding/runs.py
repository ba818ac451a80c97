"""Runs of measures as hashes, by which a take that repeats a tune is recognised in whatever key it stands.

A run are slots in a row (see ``slots``): four where a measure lasts no longer than three quarter notes, else three.
Two runs are alike if their notes begin at the same places and lie at the same distances from each other. A note
begins anew at every barline, tied or not, as it does for the models. A run of few notes is a figure that many tunes
have, and no hash is given for it. How often unrelated tunes have runs in common all the same is written down in
``docs/evaluation.md``; the lengths were chosen by it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from struct import pack

from inpaint_desktop.encoding.slots import Slot
from inpaint_desktop.score.melody import Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

FEWEST_NOTES = 12
LONGEST_RUN = 4
_SHORT_MEASURE = 3 * TICKS_PER_QUARTER

HASH_BITS = 48
"""So many that a run of half a million known ones is taken for one of them once in 500 million times."""

SILENT = -1
_NO_INTERVAL = 999
"""What stands for the interval to a rest."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A slot as it is compared: a hash of rhythm and intervals, its first MIDI number, and how many notes it has.

    ``first`` is -1 where nothing sounds. ``run`` is how many slots a run has that begins here.
    """

    shape: bytes
    first: int
    notes: int
    run: int


@dataclass(frozen=True, slots=True)
class Run:
    """Slots ``start`` to ``stop - 1`` and their hash."""

    start: int
    stop: int
    hash: int


def run_length(meter: Meter) -> int:
    """How many slots a run has in a meter."""
    return LONGEST_RUN if meter.ticks <= _SHORT_MEASURE else LONGEST_RUN - 1


def figures_of(melody: Melody, slots: Iterable[Slot]) -> list[Figure]:
    """Slots of a melody as they are compared."""
    return [_figure(melody, slot) for slot in slots]


def runs_of(figures: Sequence[Figure], starts: Iterable[int], *, bits: int = HASH_BITS) -> Iterator[Run]:
    """The runs that begin at ``starts``, as far as there are as many figures and notes."""
    for start in starts:
        stop = start + figures[start].run
        run = figures[start:stop]
        if stop <= len(figures) and sum(figure.notes for figure in run) >= FEWEST_NOTES:
            yield Run(start, stop, _hash(run, bits))


def _figure(melody: Melody, slot: Slot) -> Figure:
    begun = _beginnings(melody, slot)
    pitches = [midi for _, midi in begun if midi != SILENT]
    first = pitches[0] if pitches else SILENT
    numbers = [number for onset, midi in begun for number in (onset, _interval(first, midi))]
    shape = blake2b(pack(f"<{len(numbers)}i", *numbers), digest_size=8).digest()
    return Figure(shape, first, len(pitches), run_length(melody.measures[slot.start].meter))


def _beginnings(melody: Melody, slot: Slot) -> list[tuple[int, int]]:
    """Where a note (its MIDI number) or a rest (-1) begins in the full measure; ties and rests are joined."""
    begun: list[tuple[int, int]] = [(0, SILENT)] if slot.onset else []
    is_tied = False
    for onset, note in _notes(melody, slot):
        midi = note.pitch.midi if note.pitch else SILENT
        goes_on = bool(begun) and midi == begun[-1][1] and (is_tied or midi == SILENT)
        if not goes_on:
            begun.append((onset, midi))
        is_tied = note.ties_on
    end = slot.onset_of(melody, slot.stop)
    is_silent = bool(begun) and begun[-1][1] == SILENT
    if end < melody.measures[slot.start].meter.ticks and not is_silent:
        begun.append((end, SILENT))
    return begun


def _notes(melody: Melody, slot: Slot) -> Iterator[tuple[int, Note]]:
    """The notes of a slot, each with its onset in the full measure."""
    for index in slot.indices:
        start = slot.onset_of(melody, index)
        for note in melody.measures[index].notes:
            yield start + note.onset, note


def _hash(run: Sequence[Figure], bits: int) -> int:
    """A hash of figures in a row."""
    base = next(figure.first for figure in run if figure.first != SILENT)
    steps = pack(f"<{len(run)}i", *(_interval(base, figure.first) for figure in run))
    shapes = b"".join(figure.shape for figure in run)
    return int.from_bytes(blake2b(shapes + steps, digest_size=bits // 8).digest(), "little")


def _interval(base: int, midi: int) -> int:
    return _NO_INTERVAL if midi == SILENT else midi - base
