"""Slots: the measures of a melody as a model counts them.

A section that begins with a pickup ends with a measure that lacks it; written down they are two
measures, for the ear and for a model they are one. A slot is one measure or such a pair. A single short measure
is completed with rest: at its start if it is a pickup, else at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from inpaint_desktop.encoding.tokens import EncodedMeasure, encode
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.score.melody import Measure, Melody


@dataclass(frozen=True, slots=True)
class Slot:
    """Measures ``start`` to ``stop - 1`` of a melody; the first begins at tick ``onset`` of the full measure."""

    start: int
    stop: int
    onset: int = 0

    @property
    def indices(self) -> range:
        """The indices of its measures."""
        return range(self.start, self.stop)

    def onset_of(self, melody: Melody, index: int) -> int:
        """Where measure ``index`` of the melody begins in the full measure, in ticks."""
        return self.onset + sum(measure.duration for measure in melody.measures[self.start : index])


def slots_of(melody: Melody) -> tuple[Slot, ...]:
    """Divide a melody into slots."""
    return tuple(_slots(melody))


def _slots(melody: Melody) -> Iterator[Slot]:
    measures, index = melody.measures, 0
    pairs = {place for place, two in enumerate(pairwise(measures)) if _make_one(*two)}
    while index < len(measures):
        stop = index + (2 if index in pairs else 1)
        yield Slot(index, stop, _missing_before(measures, index) if stop == index + 1 else 0)
        index = stop


def _make_one(first: Measure, second: Measure) -> bool:
    """Whether two short measures are the halves of a full one."""
    full = first.meter.ticks
    halves = 0 < first.duration < full and 0 < second.duration < full
    return halves and first.meter == second.meter and first.duration + second.duration == full


def _missing_before(measures: tuple[Measure, ...], index: int) -> int:
    """How much a pickup lacks at its start: the first measure, or one that follows a short one."""
    measure = measures[index]
    missing = measure.meter.ticks - measure.duration
    if missing <= 0:
        return 0
    before = measures[index - 1] if index else None
    return missing if before is None or before.duration < before.meter.ticks else 0


def encode_slot(melody: Melody, slot: Slot, transposition: Transposition) -> EncodedMeasure:
    """Encode the measures of a slot as the one measure that a model sees."""
    whole = _joined(melody.measures[slot.start : slot.stop])
    return encode(transposition.apply(whole), starts_late=slot.onset > 0)


def _joined(measures: tuple[Measure, ...]) -> Measure:
    first = measures[0]
    if len(measures) == 1:
        return first
    second = measures[1]
    later = (replace(note, onset=note.onset + first.duration) for note in second.notes)
    return replace(first, notes=(*first.notes, *later), duration=first.duration + second.duration)
