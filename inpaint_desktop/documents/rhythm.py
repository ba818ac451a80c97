"""Which written notes show a duration: values, dots, ties and tuplets, as the meter asks for.

A note that is no single note value, or that hides a beat, is written as several tied ones
(Gould, *Behind Bars*, pp. 166-171). Times that divide no plain value belong to tuplets, which
are looked for in windows of the size of a beat, a half or a multiple of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from inpaint_desktop.score.melody import Measure, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

KINDS = ("long", "breve", "whole", "half", "quarter", "eighth", "16th", "32nd", "64th", "128th")

_LONGEST = TICKS_PER_QUARTER * 16
_FINEST = TICKS_PER_QUARTER // 32  # a 128th note
_KIND_OF = {_LONGEST >> power: kind for power, kind in enumerate(KINDS)}
_HALF, _WHOLE = TICKS_PER_QUARTER * 2, TICKS_PER_QUARTER * 4

# Sizes of tuplet windows in the order of preference; the second number says into how small
# pieces (halves of halves) the tuplet's unit may be divided.
_NEAT_WINDOWS = (
    (_WHOLE, 0),
    (_HALF, 0),
    (TICKS_PER_QUARTER, 0),
    (TICKS_PER_QUARTER // 2, 0),
    (TICKS_PER_QUARTER, 1),
    (TICKS_PER_QUARTER // 4, 0),
    (TICKS_PER_QUARTER // 2, 1),
    (TICKS_PER_QUARTER, 2),
)
_WINDOWS_WITH_TIES = (*_NEAT_WINDOWS[2:], (TICKS_PER_QUARTER // 8, 0))


@dataclass(frozen=True, slots=True)
class Tuplet:
    """``actual`` notes in the time of ``normal``, from ``start`` to ``stop``."""

    actual: int
    normal: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Written:
    """A note or a rest as it is written. ``kind`` is empty where no note value has its length."""

    onset: int
    duration: int
    pitch: Pitch | None
    kind: str = ""
    dots: int = 0
    tie_in: bool = False
    tie_out: bool = False
    tuplet: Tuplet | None = None

    @property
    def end(self) -> int:
        """The tick after the last one of the note."""
        return self.onset + self.duration


def begins_section(measure: Measure, before: Measure | None) -> bool:
    """Whether ``measure`` is a pickup: the short beginning of a tune or of a section of it.

    A short measure under an ending is the end of one, which a pickup completes.
    """
    follows_end = before is None or before.repeat_end or not before.is_full
    return measure.duration < measure.meter.ticks and follows_end and not measure.endings


def first_tick(duration: int, meter: Meter, *, is_pickup: bool) -> int:
    """Where in a full measure a measure begins that lasts ``duration`` ticks."""
    return max(0, meter.ticks - duration) if is_pickup else 0


def written_notes(notes: Sequence[Note], meter: Meter, *, is_pickup: bool = False) -> tuple[Written, ...]:
    """Write the notes of a measure; a pickup counts its beats from its end."""
    shift = first_tick(notes[-1].end if notes else 0, meter, is_pickup=is_pickup)
    moved = [replace(note, onset=note.onset + shift) for note in notes]
    tuplets = list(_tuplets(moved, meter))
    written = [piece for note in moved for piece in _pieces(note, tuplets, meter)]
    return tuple(
        replace(
            piece,
            onset=piece.onset - shift,
            tuplet=piece.tuplet
            and replace(piece.tuplet, start=piece.tuplet.start - shift, stop=piece.tuplet.stop - shift),
        )
        for piece in written
    )


def kind_and_dots(ticks: int) -> tuple[str, int] | None:
    """The note value that lasts so long, plain or with one dot."""
    if ticks in _KIND_OF:
        return _KIND_OF[ticks], 0
    plain = ticks * 2 // 3
    return (_KIND_OF[plain], 1) if ticks % 3 == 0 and plain in _KIND_OF else None


def _tuplets(notes: Sequence[Note], meter: Meter) -> Iterator[Tuplet]:
    if all(note.onset % _FINEST == 0 and note.end % _FINEST == 0 for note in notes):
        return
    time = notes[0].onset - notes[0].onset % _FINEST
    while time < notes[-1].end:
        found = _tuplet_at(time, notes, meter)
        if found is None:
            time += TICKS_PER_QUARTER // 8
        else:
            yield found
            time = found.stop


def _tuplet_at(time: int, notes: Sequence[Note], meter: Meter) -> Tuplet | None:
    """The tuplet that begins at ``time``, without splitting notes at its edges if that can be."""
    for windows, may_split in ((_NEAT_WINDOWS, False), (_WINDOWS_WITH_TIES, True)):
        for size, halvings in windows:
            stop = time + size
            if stop > notes[-1].end or not _is_place_for(time, size, meter):
                continue
            if not may_split and any(_crosses(note, time, stop) for note in notes):
                continue
            actual = _actual_notes(time, stop, notes, halvings)
            if actual:
                return Tuplet(actual, 2 if actual == 3 else 4, time, stop)
    return None


def _is_place_for(time: int, size: int, meter: Meter) -> bool:
    """Whether a tuplet of this size may begin at ``time``."""
    if meter.is_compound:
        eighth = meter.beat_ticks // 3
        return time % min(size, eighth) == 0 and time % meter.beat_ticks + size <= meter.beat_ticks
    if size == _HALF and meter.ticks % _HALF:
        return time % TICKS_PER_QUARTER == 0
    return time % size == 0


def _crosses(note: Note, start: int, stop: int) -> bool:
    """Whether one end of the note needs a tuplet inside the window, and the other lies outside."""
    enters = note.onset < start < note.end < stop and note.end % _FINEST != 0
    leaves = start < note.onset < stop < note.end and note.onset % _FINEST != 0
    return enters or leaves


def _actual_notes(start: int, stop: int, notes: Sequence[Note], halvings: int) -> int:
    """How many notes the tuplet has that all times inside the window fall on, or 0."""
    times = [note.onset - start for note in notes if start < note.onset < stop]
    if all((time + start) % _FINEST == 0 for time in times):
        return 0
    for actual in (3, 5, 7):
        step, rest = divmod(stop - start, actual << halvings)
        if rest == 0 and all(time % step == 0 for time in times):
            return actual
    return 0


def _pieces(note: Note, tuplets: Sequence[Tuplet], meter: Meter) -> list[Written]:
    """The written notes, tied to each other, that make up ``note``."""
    edges = {edge for tuplet in tuplets for edge in (tuplet.start, tuplet.stop) if note.onset < edge < note.end}
    times = sorted({note.onset, note.end} | edges)
    pieces: list[Written] = []
    for start, stop in pairwise(times):
        tuplet = next((tuplet for tuplet in tuplets if tuplet.start <= start < tuplet.stop), None)
        pieces += _in_tuplet(note, start, stop, tuplet) if tuplet else _plain(note, start, stop, meter)
    if note.is_rest:
        return pieces
    last = len(pieces) - 1
    return [
        replace(piece, tie_in=index > 0, tie_out=index < last or note.ties_on) for index, piece in enumerate(pieces)
    ]


def _in_tuplet(note: Note, start: int, stop: int, tuplet: Tuplet) -> list[Written]:
    """Write a part of a note inside a tuplet, with as few notes as its unit allows."""
    value = kind_and_dots((stop - start) * tuplet.actual // tuplet.normal)
    if value is not None:
        return [Written(start, stop - start, note.pitch, *value, tuplet=tuplet)]
    step = (tuplet.stop - tuplet.start) // tuplet.actual
    cut = next(size for size in (step * 4, step * 2, step, step // 2, step // 4) if size < stop - start)
    return [*_in_tuplet(note, start, start + cut, tuplet), *_in_tuplet(note, start + cut, stop, tuplet)]


def _plain(note: Note, start: int, stop: int, meter: Meter) -> list[Written]:
    if start % _FINEST or stop % _FINEST:
        return [Written(start, stop - start, note.pitch)]
    return [
        Written(left, right - left, note.pitch, *(kind_and_dots(right - left) or ("", 0)))
        for left, right in _split(start, stop, note.is_rest, meter)
    ]


def _split(start: int, stop: int, is_rest: bool, meter: Meter) -> list[tuple[int, int]]:
    """Cut at the strongest place of the measure that one written note would hide."""
    for grid, companion in _levels(meter):
        first = start - start % grid + grid
        if first >= stop:
            continue
        is_clear = kind_and_dots(stop - start) is not None and start % companion == 0 and stop % companion == 0
        if is_clear and (not is_rest or _is_clear_rest(start, stop, meter)):
            return [(start, stop)]
        cut = (stop - 1) // grid * grid if start % grid == 0 else first
        return [*_split(start, cut, is_rest, meter), *_split(cut, stop, is_rest, meter)]
    return [(start, stop)]


def _levels(meter: Meter) -> Iterator[tuple[int, int]]:
    """Pairs of a grid and the grid on which a note that crosses it must begin and end."""
    grid = meter.beat_ticks
    if meter.is_compound:
        yield grid, grid
        grid //= 3
    elif meter.beats % 4 == 0:
        yield 2 * grid, grid
    while grid % _FINEST == 0:
        yield grid, max(grid // 2, _FINEST)
        if grid % 2:
            return
        grid //= 2


def _is_clear_rest(start: int, stop: int, meter: Meter) -> bool:
    """Whether one rest may stand here: rests show the beats more strictly than notes."""
    length = stop - start
    if meter.is_compound:
        is_in_beat = length in _KIND_OF and length < meter.beat_ticks and start % meter.beat_ticks % length == 0
        return length % meter.beat_ticks == 0 or is_in_beat
    fits_measure = length <= meter.beat_ticks or meter.ticks % length == 0
    return length == meter.ticks or (length in _KIND_OF and start % length == 0 and fits_measure)
