"""What can be measured of a take."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from inpaint_desktop.engine.request import Properties
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span

Sounding = tuple[int, int, int]
"""A note as it sounds: index of its measure, onset in it, MIDI number (-1 for a rest)."""

SILENT = -1


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
    notes: list[HeardNote] = []
    is_tied = False
    for index, measure in enumerate(measures):
        for note in measure.notes:
            midi = SILENT if note.pitch is None else note.pitch.midi
            before = notes[-1] if notes else None
            if before is not None and midi == before.midi and (is_tied or midi == SILENT):
                notes[-1] = HeardNote(*before.sounding, before.duration + note.duration)
            else:
                notes.append(HeardNote(index, note.onset, midi, note.duration))
            is_tied = note.ties_on
    return tuple(notes)


def sounding(measures: Sequence[Measure]) -> tuple[Sounding, ...]:
    """The notes and rests as they are heard, by where they begin."""
    return tuple(note.sounding for note in heard(measures))


def sounding_notes(measures: Sequence[Measure]) -> tuple[Sounding, ...]:
    """The notes alone, as they are heard."""
    return tuple(note for note in sounding(measures) if note[2] != SILENT)


def properties_of(
    measures: Sequence[Measure], original: Sequence[Measure], key: KeySignature, line: Sequence[int] = ()
) -> Properties:
    """Measure a take against the ``original`` measures and the tune's ``key``.

    ``line`` are its MIDI numbers with those right before and after it, if there are any.
    """
    notes = sounding(measures)
    numbers = [midi for _, _, midi in notes if midi != SILENT]
    return Properties(
        out_of_key=share_out_of_key(numbers, key),
        likeness=likeness(notes, sounding(original)),
        lowest=min(numbers, default=None),
        highest=max(numbers, default=None),
        kept=share_kept(measures, original),
        onsets=len(numbers) / len(measures),
        longest_leap=longest_leap(line or numbers),
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


def share_kept(measures: Sequence[Measure], original: Sequence[Measure]) -> float:
    """The share of the original's notes that begin again at their places with their pitches; 0 where it has none."""
    there = set(sounding_notes(original))
    return len(there & set(sounding_notes(measures))) / len(there) if there else 0.0


def line_through(melody: Melody, span: Span, measures: Sequence[Measure]) -> list[int]:
    """The MIDI numbers of measures that stand in a melody, with the note right before them and the one right after.

    Only the measures next to them are looked at: what lies further away is not heard as a neighbour.
    """
    before = sounding_notes(melody.measures[max(span.start - 1, 0) : span.start])[-1:]
    after = sounding_notes(melody.measures[span.stop : span.stop + 1])[:1]
    return [midi for _, _, midi in (*before, *sounding_notes(measures), *after)]


def longest_leap(numbers: Sequence[int]) -> int:
    """The widest interval between MIDI numbers that follow each other, in semitones; 0 for none."""
    return max((abs(after - before) for before, after in pairwise(numbers)), default=0)
