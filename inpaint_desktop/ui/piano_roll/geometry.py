"""Where things lie in the piano roll: ticks and x, pitches and y, and what is at a point. Nothing here knows of Qt.

Lengths are logical pixels. The origin is the start of the tune at the top of the highest row; scrolling is not known
here. Ticks are counted from the start of the tune as it is written, repeats not played out.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate

from inpaint_desktop.score.edits import LENGTHS
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.places import NotePlace

PIANO_LOWEST, PIANO_HIGHEST = 21, 108
BLACK_KEYS = frozenset({1, 3, 6, 8, 10})

_EDGE_WIDTH = 6.0
_EDGE_SHARE = 1 / 3  # of a note, at most: the rest of it can still be taken by its middle
_NUMBER_WIDTH = 36.0
_ROWS_AROUND = 3


class Part(Enum):
    """Which part of a note is taken with the mouse."""

    BODY = auto()
    RIGHT_EDGE = auto()


@dataclass(frozen=True, slots=True)
class Bar:
    """A note as it lies in the roll. ``joins_before`` and ``joins_after`` say where a tie joins it to its neighbour.

    Rests have no bars, but a selected one is shown like a note.
    """

    place: NotePlace
    start: int
    stop: int
    midi: int
    joins_before: bool = False
    joins_after: bool = False
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class BarHit:
    """A note under the mouse."""

    bar: Bar
    part: Part


@dataclass(frozen=True, slots=True)
class Zoom:
    """How wide a quarter note and how high a semitone is."""

    quarter_width: float = 44.0
    row_height: float = 12.0

    def stretched(self, width_factor: float = 1.0, height_factor: float = 1.0) -> "Zoom":
        """Zoom in (factors above 1) or out, as far as it goes."""
        return Zoom(
            min(max(self.quarter_width * width_factor, 4.0), 400.0),
            min(max(self.row_height * height_factor, 4.0), 40.0),
        )


@dataclass(frozen=True, slots=True)
class Geometry:
    """The layout of a tune: which rows there are, and the ticks at which its measures start and the last one ends."""

    starts: tuple[int, ...] = (0,)
    zoom: Zoom = Zoom()
    lowest: int = PIANO_LOWEST
    highest: int = PIANO_HIGHEST

    @classmethod
    def of(cls, melody: Melody, zoom: Zoom) -> "Geometry":
        """Lay out a melody; the rows are those of a piano, and more where the melody needs them."""
        pitches = [note.pitch.midi for measure in melody.measures for note in measure.notes if note.pitch]
        return cls(
            tuple(accumulate((measure.duration for measure in melody.measures), initial=0)),
            zoom,
            min([PIANO_LOWEST, *pitches]),
            max([PIANO_HIGHEST, *pitches]),
        )

    @property
    def measure_count(self) -> int:
        """How many measures there are."""
        return len(self.starts) - 1

    @property
    def width(self) -> float:
        """How wide the tune is."""
        return self.x_of(self.starts[-1])

    @property
    def height(self) -> float:
        """How high all rows are."""
        return (self.highest - self.lowest + 1) * self.zoom.row_height

    def x_of(self, tick: float) -> float:
        """Where a tick lies."""
        return tick * self.zoom.quarter_width / TICKS_PER_QUARTER

    def tick_at(self, x: float) -> int:
        """The tick that lies at ``x``; it may be outside of the tune."""
        return round(x * TICKS_PER_QUARTER / self.zoom.quarter_width)

    def exact_tick_at(self, x: float) -> float:
        """What lies at ``x``, between two ticks if need be; it may be outside of the tune."""
        return x * TICKS_PER_QUARTER / self.zoom.quarter_width

    def y_of(self, midi: int) -> float:
        """The upper edge of a pitch's row."""
        return (self.highest - midi) * self.zoom.row_height

    def midi_at(self, y: float) -> int:
        """The pitch whose row lies at ``y``; the nearest one outside of all rows."""
        midi = self.highest - int(y // self.zoom.row_height)
        return min(max(midi, self.lowest), self.highest)

    def y_of_height(self, midi: float) -> float:
        """Where a line through a pitch, or between two, lies: in the middle of the pitch's row."""
        return (self.highest - midi + 0.5) * self.zoom.row_height

    def height_at(self, y: float) -> float:
        """The pitch, or what lies between two, of a line at ``y``, no further than the middle of the outermost rows."""
        midi = self.highest + 0.5 - y / self.zoom.row_height
        return min(max(midi, float(self.lowest)), float(self.highest))

    def measure_at(self, x: float) -> int:
        """The measure that lies at ``x``; the nearest one outside of the tune, and -1 if there is none."""
        return min(max(bisect_right(self.starts, self.tick_at(x)) - 1, 0), self.measure_count - 1)

    def place_at(self, x: float) -> tuple[int, int]:
        """The measure at ``x`` and the tick in it."""
        measure = self.measure_at(x)
        tick = self.tick_at(x) - self.starts[measure]
        return measure, min(max(tick, 0), self.starts[measure + 1] - self.starts[measure] - 1)

    def edges_of(self, span: Span) -> tuple[float, float]:
        """The left and right edge of some measures."""
        return self.x_of(self.starts[span.start]), self.x_of(self.starts[span.stop])

    def measures_between(self, left: float, right: float) -> range:
        """The measures that can be seen between two edges."""
        if not self.measure_count:
            return range(0)
        return range(self.measure_at(left), self.measure_at(right) + 1)

    def number_stride(self) -> int:
        """Every how many measures there is room for a number."""
        if not self.measure_count or not self.width:
            return 1
        stride, usual = 1, self.width / self.measure_count
        while usual * stride < _NUMBER_WIDTH and stride < self.measure_count:
            stride *= 2
        return stride


@dataclass(frozen=True, slots=True)
class Bars:
    """A melody that is laid out already, and its bars."""

    melody: Melody
    bars: tuple[Bar, ...]


_NO_BARS = Bars(Melody(()), ())


def bars_of(melody: Melody, before: Bars = _NO_BARS) -> tuple[Bar, ...]:
    """Lay out the notes of a melody in order, without its rests; what is as ``before`` is not laid out again."""
    changed = _changed(before.melody.measures, melody.measures)
    begin, end = (bisect_left(before.bars, measure, key=_measure) for measure in (changed.start, changed.stop))
    joins_on = begin > 0 and before.bars[begin - 1].joins_after
    new = _bars_in(melody, changed, joins_on=joins_on)
    return (*before.bars[:begin], *new, *before.bars[end:])


def _changed(before: Sequence[Measure], after: Sequence[Measure]) -> range:
    """The measures that have to be laid out: the new ones, and those beside them, to which they may be tied."""
    if len(before) != len(after):
        return range(max(len(before), len(after)))
    new = [index for index, (one, other) in enumerate(zip(before, after, strict=True)) if one is not other]
    if any(before[index].duration != after[index].duration for index in new):
        return range(len(after))  # all that follows lies elsewhere
    return range(max(new[0] - 1, 0), min(new[-1] + 2, len(after))) if new else range(0)


def _bars_in(melody: Melody, measures: range, *, joins_on: bool) -> list[Bar]:
    """The bars of some measures; ``joins_on`` says whether the one before them is tied to the first of them."""
    bars: list[Bar] = []
    placed = _placed_notes(melody, range(measures.start, measures.stop + 1))  # a tie may lead to the measure behind
    for (place, start, note), following in zip(placed, [*placed[1:], None], strict=True):
        if place.measure < measures.stop and note.pitch is not None:
            joins_before, joins_on = joins_on, _joins(note, following)
            bars.append(Bar(place, start, start + note.duration, note.pitch.midi, joins_before, joins_on))
    return bars


def _joins(note: Note, following: "_Placed | None") -> bool:
    return note.ties_on and following is not None and following[2].pitch == note.pitch


_Placed = tuple[NotePlace, int, Note]


def _placed_notes(melody: Melody, measures: range) -> list[_Placed]:
    """The notes and rests of some measures: their places, when they begin in the tune, and they themselves."""
    start, placed = sum(measure.duration for measure in melody.measures[: measures.start]), []
    for index, measure in list(enumerate(melody.measures))[measures.start : measures.stop]:
        placed += [(NotePlace(index, number), start + note.onset, note) for number, note in enumerate(measure.notes)]
        start += measure.duration
    return placed


def bars_between(bars: Sequence[Bar], first: int, last: int) -> Sequence[Bar]:
    """Those of ``bars`` that sound between two ticks."""
    begin = bisect_right(bars, first, key=_stop)
    end = bisect_right(bars, last, key=_start)
    return bars[begin:end]


def hit_at(geometry: Geometry, bars: Sequence[Bar], x: float, y: float) -> BarHit | None:
    """The note at a point, and whether it is taken by its right edge."""
    position = bisect_right(bars, geometry.tick_at(x), key=_start) - 1
    if position < 0:
        return None
    bar = bars[position]
    top = geometry.y_of(bar.midi)
    left, right = geometry.x_of(bar.start), geometry.x_of(bar.stop)
    if not (left <= x < right and top <= y < top + geometry.zoom.row_height):
        return None
    edge = min(_EDGE_WIDTH, (right - left) * _EDGE_SHARE)
    return BarHit(bar, Part.RIGHT_EDGE if x >= right - edge else Part.BODY)


def snapped_length(measure: Measure, note: Note, wanted: int) -> int:
    """The length nearest to ``wanted`` that a note may be given by hand: a note value, or the rest of the measure."""
    room = measure.duration - note.onset
    lengths = [length.ticks for length in LENGTHS if not length.is_triplet or _is_in_triplet(note)]
    return min([room, *(ticks for ticks in lengths if ticks < room)], key=lambda ticks: abs(ticks - wanted))


def _is_in_triplet(note: Note) -> bool:
    return any(tick % (TICKS_PER_QUARTER // 32) for tick in (note.onset, note.duration))


def beats_of(measure: Measure, *, is_pickup: bool = False) -> range:
    """The ticks of a measure on which a beat falls; a pickup has the last beats of its meter."""
    beat = measure.meter.beat_ticks
    return range(measure.duration % beat if is_pickup else 0, measure.duration, beat)


def fitted_rows(bars: Sequence[Bar], height: float, usual: float) -> tuple[float, int]:
    """How high rows are that hold all notes within ``height``, and the pitch in their middle.

    Rows are whole pixels high, so that all are alike, and at most as high as ``usual``.
    """
    pitches = [bar.midi for bar in bars] or [60, 72]
    rows = max(pitches) - min(pitches) + 1 + 2 * _ROWS_AROUND
    return min(usual, float(height // rows)), (max(pitches) + min(pitches)) // 2


def _start(bar: Bar) -> int:
    return bar.start


def _stop(bar: Bar) -> int:
    return bar.stop


def _measure(bar: Bar) -> int:
    return bar.place.measure
