"""Tunes for the tests of edits: notes and rests as a word each, and melodies made up by hypothesis."""

from collections.abc import Iterable

from hypothesis import strategies as st

from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import Change, NotePlace
from inpaint_desktop.score.spelling import spell

EIGHTH = TICKS_PER_QUARTER // 2
METER = Meter(4, 4)


def measure_of(words: str, *, fifths: int = 0, number: str = "1") -> Measure:
    """Make a measure of words such as ``A4:2`` (two eighths), ``z:8`` and ``A4:2-`` (tied on)."""
    notes: list[Note] = []
    for word in words.split():
        name, _, length = word.partition(":")
        onset = notes[-1].end if notes else 0
        pitch = None if name == "z" else Pitch.parse(name)
        ticks = round(float(length.rstrip("-") or 1) * EIGHTH)
        notes.append(Note(onset, ticks, pitch, ties_on=length.endswith("-")))
    return Measure(tuple(notes), METER, KeySignature(fifths), notes[-1].end, number)


def melody_of(text: str, *, fifths: int = 0) -> Melody:
    """Make a melody of measures divided by ``|``."""
    words = enumerate(text.split("|"), start=1)
    return Melody(tuple(measure_of(measure, fifths=fifths, number=str(number)) for number, measure in words))


def text_of(measures: Iterable[Measure]) -> str:
    """Write measures as ``melody_of`` reads them."""
    return " | ".join(" ".join(_word(note) for note in measure.notes) for measure in measures)


def _word(note: Note) -> str:
    name = note.pitch.name if note.pitch else "z"
    length = note.duration / EIGHTH
    return name + (f":{length:g}" if length != 1 or note.ties_on else "") + "-" * note.ties_on


def after(melody: Melody, change: Change) -> Melody:
    """The melody that a change makes."""
    return melody.with_measures(change.span, change.measures)


@st.composite
def melodies(draw: st.DrawFn, lowest: int = 40, highest: int = 90) -> Melody:
    """Melodies of a few measures, with rests, accidentals, changes of key, and ties over barlines."""
    measures = [_measure(draw, number, lowest, highest) for number in range(draw(st.integers(1, 4)))]
    for index in range(len(measures) - 1):
        if not measures[index].notes[-1].is_rest and draw(st.booleans()):
            measures[index + 1] = _continued(measures[index], measures[index + 1])
            measures[index] = _tied(measures[index])
    return Melody(tuple(measures))


def _measure(draw: st.DrawFn, number: int, lowest: int, highest: int) -> Measure:
    fifths = draw(st.integers(-7, 7))
    lengths = draw(st.lists(st.sampled_from([EIGHTH, 2 * EIGHTH, 3 * EIGHTH, EIGHTH * 2 // 3]), min_size=1, max_size=6))
    numbers = [draw(st.none() | st.integers(lowest, highest)) for _ in lengths]
    notes: list[Note] = []
    for ticks, pitch in zip(lengths, spell(numbers, KeySignature(fifths)), strict=True):
        onset = notes[-1].end if notes else 0
        if notes and notes[-1].is_rest and pitch is None:
            notes[-1] = Note(notes[-1].onset, notes[-1].duration + ticks, None)
        else:
            notes.append(Note(onset, ticks, pitch))
    return Measure(tuple(notes), METER, KeySignature(fifths), notes[-1].end, str(number + 1))


def _continued(before: Measure, measure: Measure) -> Measure:
    first = measure.notes[0]
    return measure.with_notes((Note(0, first.duration, before.notes[-1].pitch), *measure.notes[1:]))


def _tied(measure: Measure) -> Measure:
    last = measure.notes[-1]
    return measure.with_notes((*measure.notes[:-1], Note(last.onset, last.duration, last.pitch, ties_on=True)))


@st.composite
def places(draw: st.DrawFn, melody: Melody) -> NotePlace:
    """A place of a note or rest of ``melody``."""
    measure = draw(st.integers(0, len(melody.measures) - 1))
    return NotePlace(measure, draw(st.integers(0, len(melody.measures[measure].notes) - 1)))
