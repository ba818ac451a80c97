"""What is heard when: notes and clicks in seconds, and where in the score each moment is.

A timeline is made of the parts that are heard together. Repeats, endings and jumps are played as
written, unless a span of measures is asked for, which is played straight through. Seconds
count from the start of the performance, its count-in included; a score place is a measure
(by its index in the file) and a tick in it.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest

from inpaint_desktop.documents.midi import sounds
from inpaint_desktop.documents.playing_order import played_order
from inpaint_desktop.playback.tempo import seconds_per_tick
from inpaint_desktop.score.form import FormSign
from inpaint_desktop.score.melody import Measure, Melody, Note, Span

MIN_TEMPO_PERCENT = 10.0
MAX_TEMPO_PERCENT = 400.0
_MIDI_NOTES = range(128)


@dataclass(frozen=True, slots=True)
class Line:
    """A part as it is to be heard: its melody, the GM program (from 0) and its loudness (1 to 127).

    A line that is not heard still gives the repeats and the tempo, which a file may name in one part only.
    """

    melody: Melody
    program: int = 0
    velocity: int = 80
    is_heard: bool = True


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is played: the tempo in percent of the written one, with clicks or without."""

    tempo_percent: float = 100.0
    has_metronome: bool = False
    has_count_in: bool = False


@dataclass(frozen=True, slots=True)
class TimedNote:
    """A note in seconds. ``line`` is the index of its line in ``Timeline.lines``."""

    start_s: float
    stop_s: float
    midi: int
    line: int


@dataclass(frozen=True, slots=True)
class Click:
    """A beat of the metronome; the first beat of a measure has an accent."""

    start_s: float
    is_accented: bool


@dataclass(frozen=True, slots=True)
class PlayedMeasure:
    """A measure of the file in the performance: when it starts and how fast it goes."""

    index: int
    start_s: float
    duration: int
    seconds_per_tick: float

    @property
    def stop_s(self) -> float:
        """When the next measure starts."""
        return self.start_s + self.duration * self.seconds_per_tick


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the score: tick ``tick`` of measure ``measure``, counted from 0 in the order of the file."""

    measure: int
    tick: int = 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """A performance. ``count_in_s`` is when its music starts; a loop returns to there."""

    lines: tuple[Line, ...]
    notes: tuple[TimedNote, ...]
    clicks: tuple[Click, ...]
    measures: tuple[PlayedMeasure, ...]
    count_in_s: float = 0.0

    @property
    def length_s(self) -> float:
        """When the last measure ends."""
        return self.measures[-1].stop_s

    def place_at(self, seconds: float) -> Place:
        """Where in the score the performance is: at the first place during the count-in, at the last after the end."""
        position = bisect_right(self.measures, seconds, key=lambda measure: measure.start_s) - 1
        measure = self.measures[max(position, 0)]
        tick = round((seconds - measure.start_s) / measure.seconds_per_tick)
        return Place(measure.index, max(0, min(tick, measure.duration - 1)))

    def seconds_of(self, place: Place) -> float | None:
        """When a place is first played; ``None`` if it never is."""
        for measure in self.measures:
            if measure.index == place.measure:
                return measure.start_s + place.tick * measure.seconds_per_tick
        return None

    def looped(self, seconds: float) -> float:
        """The moment of the first round that sounds like the moment ``seconds`` of an endless loop."""
        round_s = self.length_s - self.count_in_s
        if seconds < self.length_s or round_s <= 0:
            return seconds
        return self.count_in_s + (seconds - self.count_in_s) % round_s


def make_timeline(
    lines: Sequence[Line], *, span: Span | None = None, start: int = 0, manner: Manner | None = None
) -> Timeline:
    """Lay out when everything is heard.

    Args:
        lines: the parts that are heard together; measures of the same index sound together.
        span: the measures to play straight through; without it, the whole tune with its repeats.
        start: the measure in which to begin the whole tune; it has no meaning with a span.
        manner: tempo and clicks; without it, as written and without clicks.

    Raises:
        SelectionError: there are no such measures.
    """
    manner = manner or Manner()
    frame = _frame(lines)
    order = _order(frame, span, start)
    measures = _timed(frame, order, _share(manner.tempo_percent))
    clicks = _clicks(frame, measures) if manner.has_metronome else []
    timeline = Timeline(tuple(lines), tuple(_notes(lines, frame, measures)), tuple(clicks), tuple(measures))
    return _with_count_in(timeline, frame) if manner.has_count_in else timeline


def _share(tempo_percent: float) -> float:
    return min(max(tempo_percent, MIN_TEMPO_PERCENT), MAX_TEMPO_PERCENT) / 100


def _frame(lines: Sequence[Line]) -> tuple[Measure, ...]:
    """The measures that say how long everything lasts: the first line's, with repeats and tempo of all."""
    columns = zip_longest(*(line.melody.measures for line in lines))
    return tuple(_merged([measure for measure in column if measure is not None]) for column in columns)


def _merged(column: Sequence[Measure]) -> Measure:
    return replace(
        column[0],
        tempo_bpm=next((measure.tempo_bpm for measure in column if measure.tempo_bpm is not None), None),
        repeat_start=any(measure.repeat_start for measure in column),
        repeat_end=any(measure.repeat_end for measure in column),
        endings=next((measure.endings for measure in column if measure.endings), ()),
        form_signs=frozenset[FormSign]().union(*(measure.form_signs for measure in column)),
    )


def _order(frame: tuple[Measure, ...], span: Span | None, start: int) -> tuple[int, ...]:
    Melody(frame).check(Span(start, len(frame)) if span is None else span)
    if span is not None:
        return tuple(span.indices)
    order = played_order(frame)
    if start not in order:  # a second ending that no repeat leads to
        return tuple(range(start, len(frame)))
    return order[order.index(start) :]


def _timed(frame: Sequence[Measure], order: Sequence[int], tempo_share: float) -> list[PlayedMeasure]:
    speeds = [seconds_per_tick(frame[index]) / tempo_share for index in order]
    lengths = [frame[index].duration * speed for index, speed in zip(order, speeds, strict=True)]
    starts = accumulate(lengths[:-1], initial=0.0)
    return [
        PlayedMeasure(index, start, frame[index].duration, speed)
        for index, start, speed in zip(order, starts, speeds, strict=True)
    ]


def _notes(lines: Sequence[Line], frame: Sequence[Measure], measures: Sequence[PlayedMeasure]) -> Iterator[TimedNote]:
    """The notes of all lines, in no particular order."""
    order = [measure.index for measure in measures]
    first_ticks = list(accumulate((measure.duration for measure in measures), initial=0))

    def seconds(tick: int) -> float:
        position = min(bisect_right(first_ticks, tick), len(measures)) - 1
        measure = measures[position]
        return measure.start_s + (tick - first_ticks[position]) * measure.seconds_per_tick

    for number, line in enumerate(lines):
        for sound in sounds(_fitted(line.melody, frame), order) if line.is_heard else ():
            if sound.midi in _MIDI_NOTES:
                yield TimedNote(seconds(sound.start), seconds(sound.stop), sound.midi, number)


def _fitted(melody: Melody, frame: Sequence[Measure]) -> list[Measure]:
    """The measures of a melody, cut or filled with rests to last as long as those of the frame."""
    pairs = zip_longest(melody.measures, frame)
    return [_lasting(measure, place) for measure, place in pairs if place is not None]


def _lasting(measure: Measure | None, place: Measure) -> Measure:
    if measure is not None and measure.duration == place.duration:
        return measure
    kept = [] if measure is None else [note for note in measure.notes if note.onset < place.duration]
    notes = [replace(note, duration=min(note.end, place.duration) - note.onset) for note in kept]
    end = notes[-1].end if notes else 0
    if end < place.duration:
        notes.append(Note(end, place.duration - end, None))
    return replace(measure or place, notes=tuple(notes), duration=place.duration)


def _clicks(frame: Sequence[Measure], measures: Sequence[PlayedMeasure]) -> Iterator[Click]:
    for played in measures:
        measure = frame[played.index]
        beat = measure.meter.beat_ticks
        is_pickup = _is_pickup(frame, played.index)
        first = measure.duration % beat if is_pickup else 0
        for tick in range(first, measure.duration, beat):
            yield Click(played.start_s + tick * played.seconds_per_tick, tick == 0 and not is_pickup)


def _is_pickup(frame: Sequence[Measure], index: int) -> bool:
    """Whether a short measure holds the last beats of a measure rather than the first."""
    measure = frame[index]
    if measure.duration >= measure.meter.ticks:
        return False
    before = frame[index - 1] if index else None
    return before is None or before.repeat_end or before.duration < before.meter.ticks


def _with_count_in(timeline: Timeline, frame: Sequence[Measure]) -> Timeline:
    """Put a measure of clicks before the music, and the beats that a pickup lacks."""
    first = timeline.measures[0]
    measure = frame[first.index]
    ticks = measure.meter.ticks
    if _is_pickup(frame, first.index):
        ticks += measure.meter.ticks - measure.duration
    beats = range(0, ticks, measure.meter.beat_ticks)
    counted = [Click(tick * first.seconds_per_tick, tick % measure.meter.ticks == 0) for tick in beats]
    later = _delayed(timeline, ticks * first.seconds_per_tick)
    return replace(later, clicks=(*counted, *later.clicks))


def _delayed(timeline: Timeline, delay_s: float) -> Timeline:
    return replace(
        timeline,
        notes=tuple(
            replace(note, start_s=note.start_s + delay_s, stop_s=note.stop_s + delay_s) for note in timeline.notes
        ),
        clicks=tuple(replace(click, start_s=click.start_s + delay_s) for click in timeline.clicks),
        measures=tuple(replace(measure, start_s=measure.start_s + delay_s) for measure in timeline.measures),
        count_in_s=delay_s,
    )
