"""What can be measured of a take."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from inpaint_desktop.engine.request import Properties, Take
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span

Sounding = tuple[int, int, int]
"""A note as it sounds: index of its measure, onset in it, MIDI number (-1 for a rest)."""

SILENT = -1

MUCH_KEPT = 0.7
"""From this share of the original's notes on, a take is much like it."""


@dataclass(frozen=True, slots=True)
class HeardNote:
    """A note or a rest as it is heard: ties joined, rests after rests joined. ``midi`` is -1 for a rest."""

    measure: int
    onset: int
    midi: int
    duration: int

    @property
    def sounding(self) -> Sounding:
        """Where it begins and how it sounds."""
        return self.measure, self.onset, self.midi


def heard(measures: Sequence[Measure]) -> tuple[HeardNote, ...]:
    """The notes and rests as they are heard, and how long."""
    lengths = [measure.duration for measure in measures]
    starts = [sum(lengths[:index]) for index in range(len(lengths) + 1)]
    notes = sounding(measures)
    times = [starts[index] + onset for index, onset, _ in notes]
    ends = [*times, starts[-1]][1:]
    return tuple(HeardNote(*note, end - time) for note, time, end in zip(notes, times, ends, strict=True))


def sounding(measures: Sequence[Measure]) -> tuple[Sounding, ...]:
    """The notes as they are heard: ties joined, rests after rests joined."""
    notes: list[Sounding] = []
    is_tied, before = False, None
    for index, measure in enumerate(measures):
        for note in measure.notes:
            midi = SILENT if note.pitch is None else note.pitch.midi
            continues = midi == before and (is_tied or midi == SILENT)
            if not continues:
                notes.append((index, note.onset, midi))
            is_tied, before = note.ties_on, midi
    return tuple(notes)


def sounding_notes(measures: Sequence[Measure]) -> tuple[Sounding, ...]:
    """The notes alone, as they are heard."""
    return tuple(note for note in sounding(measures) if note[2] != SILENT)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What takes are measured against: the original as it is heard, the tune's key, and the notes on both sides.

    ``before`` and ``after`` are the MIDI numbers right before and after the gap, empty where there are none.
    """

    original: tuple[Sounding, ...]
    key: KeySignature
    before: tuple[int, ...] = ()
    after: tuple[int, ...] = ()

    @classmethod
    def of(cls, melody: Melody, span: Span, key: KeySignature) -> "Surroundings":
        """What surrounds the measures of a melody. Only the measures next to them are heard as their neighbours."""
        before = sounding_notes(melody.measures[max(span.start - 1, 0) : span.start])[-1:]
        after = sounding_notes(melody.measures[span.stop : span.stop + 1])[:1]
        original = sounding(melody.measures[span.start : span.stop])
        return cls(original, key, tuple(note[2] for note in before), tuple(note[2] for note in after))


def properties_of(measures: Sequence[Measure], original: Sequence[Measure], key: KeySignature) -> Properties:
    """Measure a take against the ``original`` measures and the tune's ``key``, by itself."""
    return properties_in(measures, Surroundings(sounding(original), key))


def properties_in(measures: Sequence[Measure], surroundings: Surroundings) -> Properties:
    """Measure a take in its place."""
    notes = sounding(measures)
    numbers = [midi for _, _, midi in notes if midi != SILENT]
    return Properties(
        out_of_key=share_out_of_key(numbers, surroundings.key),
        likeness=likeness(notes, surroundings.original),
        lowest=min(numbers, default=None),
        highest=max(numbers, default=None),
        kept=share_kept(notes, surroundings.original),
        onsets=len(numbers) / len(measures),
        longest_leap=longest_leap([*surroundings.before, *numbers, *surroundings.after]),
    )


def share_out_of_key(numbers: Sequence[int], key: KeySignature) -> float:
    """The share of MIDI numbers whose pitch class the signature does not have; 0 for none."""
    outside = sum(number % 12 not in key.pitch_classes for number in numbers)
    return outside / len(numbers) if numbers else 0.0


def likeness(notes: Sequence[Sounding], others: Sequence[Sounding]) -> float:
    """How much two takes have in common: F1 of equal notes at equal places, from 0 to 1."""
    common = len(set(notes) & set(others))
    total = len(notes) + len(others)
    return 2 * common / total if total else 1.0


def share_kept(notes: Sequence[Sounding], others: Sequence[Sounding]) -> float:
    """The share of the others' notes that begin again at their places with their pitches; 0 where they have none."""
    there = {note for note in others if note[2] != SILENT}
    return len(there.intersection(notes)) / len(there) if there else 0.0


def longest_leap(numbers: Sequence[int]) -> int:
    """The widest interval between MIDI numbers that follow each other, in semitones; 0 for none."""
    return max((abs(after - before) for before, after in pairwise(numbers)), default=0)


def are_much_the_same(takes: Sequence[Take]) -> bool:
    """Whether most takes of a request keep most of the original, though nothing that was asked for leads there."""
    request = takes[0].request
    asked = request.constraints
    is_led = request.heeds_example or asked.locked or asked.keep_rhythm or asked.keep_pitches
    if is_led or asked.most_kept is not None:
        return False
    return median(take.properties.kept for take in takes) >= MUCH_KEPT
