"""What can be measured of a take."""

from collections.abc import Sequence

from inpaint_desktop.engine.request import Properties
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure

Sounding = tuple[int, int, int]
"""A note as it sounds: index of its measure, onset in it, MIDI number (-1 for a rest)."""


def sounding(measures: Sequence[Measure]) -> tuple[Sounding, ...]:
    """The notes as they are heard: ties joined, rests after rests joined."""
    notes: list[Sounding] = []
    is_tied, before = False, None
    for index, measure in enumerate(measures):
        for note in measure.notes:
            midi = -1 if note.pitch is None else note.pitch.midi
            continues = (is_tied and midi == before) or (midi == -1 == before)
            if not continues:
                notes.append((index, note.onset, midi))
            is_tied, before = note.ties_on, midi
    return tuple(notes)


def properties_of(measures: Sequence[Measure], original: Sequence[Measure], key: KeySignature) -> Properties:
    """Measure a take against the ``original`` measures and the tune's ``key``."""
    notes = sounding(measures)
    numbers = [midi for _, _, midi in notes if midi >= 0]
    return Properties(
        out_of_key=share_out_of_key(numbers, key),
        likeness=likeness(notes, sounding(original)),
        lowest=min(numbers, default=None),
        highest=max(numbers, default=None),
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
