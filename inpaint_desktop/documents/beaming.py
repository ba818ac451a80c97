"""Beams: which notes share one, by the felt beat of the meter (Gould, *Behind Bars*, pp. 153-164)."""

from collections.abc import Sequence
from itertools import groupby

from inpaint_desktop.documents.rhythm import KINDS, Written, first_tick
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

_HALF = TICKS_PER_QUARTER * 2

Beams = tuple[str, ...]  # what each beam of a note does, the outermost first


def beams(notes: Sequence[Written], meter: Meter, *, is_pickup: bool = False) -> tuple[Beams, ...]:
    """The beams of each note of a measure."""
    groups = _groups(notes, group_beats(notes, meter, is_pickup=is_pickup))
    result: list[Beams] = []
    for _, members in groupby(range(len(notes)), key=lambda index: groups[index]):
        flags = [_flags(notes[index]) for index in members]
        result += [_beams_of(flags, index) if len(flags) > 1 else () for index in range(len(flags))]
    return tuple(result)


def _flags(note: Written) -> int:
    """How many flags the note has when it stands alone; rests have none."""
    return max(0, KINDS.index(note.kind) - KINDS.index("quarter")) if note.pitch is not None and note.kind else 0


def _groups(notes: Sequence[Written], beats: Sequence[int]) -> list[tuple[int, int]]:
    """A name for each note's group; a note that takes no beam is a group of its own."""
    groups: list[tuple[int, int]] = []
    breaks = 0
    for index, beat in enumerate(beats):
        breaks += 1 if _flags(notes[index]) == 0 or (index > 0 and _flags(notes[index - 1]) == 0) else 0
        groups.append((beat, breaks))
    return groups


def group_beats(notes: Sequence[Written], meter: Meter, *, is_pickup: bool = False) -> list[int]:
    """For each note, when the beats begin whose notes may share a beam with it; a tuplet is not divided."""
    shift = first_tick(notes[-1].end, meter, is_pickup=is_pickup)
    onsets = [note.tuplet.start if note.tuplet else note.onset for note in notes]
    return [_beat(onset + shift, notes, meter, shift) for onset in onsets]


def _beat(time: int, notes: Sequence[Written], meter: Meter, shift: int) -> int:
    """When the group begins that a note at ``time`` is in."""
    if meter.is_compound:
        return time - time % meter.beat_ticks
    if meter.beat_type >= 8:
        return _irregular_beat(time, meter)
    half = time - time % _HALF
    if meter.ticks % _HALF == 0 and _has_only_eighths(notes, half - shift):
        return half
    return time - time % TICKS_PER_QUARTER


def _has_only_eighths(notes: Sequence[Written], start: int) -> bool:
    inside = [note for note in notes if start <= note.onset < start + _HALF]
    return all(_flags(note) <= 1 and note.tuplet is None for note in inside)


def _irregular_beat(time: int, meter: Meter) -> int:
    """Groups of three and two: 3+2 in 5/8, 2+2+3 in 7/8, twos elsewhere."""
    unit = TICKS_PER_QUARTER * 4 // meter.beat_type
    sizes = {5: (3, 2), 7: (2, 2, 3)}.get(meter.beats, (2,) * meter.beats)
    start = 0
    for size in sizes:
        if time < start + size * unit:
            break
        start += size * unit
    return start


def _beams_of(flags: Sequence[int], index: int) -> Beams:
    return tuple(_beam_at(flags, index, level) for level in range(1, flags[index] + 1))


def _beam_at(flags: Sequence[int], index: int, level: int) -> str:
    """What the beam of this level does at a note: it goes on where the neighbours have it too."""
    from_left = index > 0 and flags[index - 1] >= level
    to_right = index + 1 < len(flags) and flags[index + 1] >= level
    if from_left and to_right:
        return "continue"
    if from_left:
        return "end"
    if to_right:
        return "begin"
    return "backward hook" if index > 0 else "forward hook"
