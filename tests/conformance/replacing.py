"""Other notes for measures: what a conformance check asks a document to hold."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.spelling import spell

SIXTEENTH = TICKS_PER_QUARTER // 4
LOWEST, HIGHEST = 55, 86
MOST_CUTS = 9
LONGEST_SPAN = 8


def random_span(dice: random.Random, melody: Melody) -> Span:
    """Up to eight measures anywhere in the melody."""
    start = dice.randrange(len(melody.measures))
    return Span(start, min(len(melody.measures), start + dice.randint(1, LONGEST_SPAN)))


def other_measures(dice: random.Random, melody: Melody, span: Span) -> tuple[Measure, ...]:
    """Measures as long as those in ``span``, with other notes; here and there one is tied to the next."""
    measures = [_other_measure(dice, melody, index) for index in span.indices]
    return tuple(
        _tied(measure, following) if dice.random() < 0.5 else measure
        for measure, following in zip(measures, [*measures[1:], None], strict=True)
    )


def _tied(measure: Measure, following: Measure | None) -> Measure:
    last = measure.notes[-1]
    if following is None or last.is_rest or following.notes[0].pitch != last.pitch:
        return measure
    return measure.with_notes((*measure.notes[:-1], replace(last, ties_on=True)))


def _other_measure(dice: random.Random, melody: Melody, index: int) -> Measure:
    old = melody.measures[index]
    kind = dice.choice(["moved", "cut", "pitches", "some"])
    if kind == "moved":
        alike = [measure for measure in melody.measures if measure.duration == old.duration]
        return old.with_notes(_untied(dice.choice(alike).notes))
    if kind == "cut" and old.duration % SIXTEENTH == 0:
        return old.with_notes(_notes(dice, old, _cut(dice, old.duration)))
    new = _notes(dice, old, [note.duration for note in old.notes])
    if kind == "some":
        kept = zip(_untied(old.notes), new, strict=True)
        return old.with_notes([was if dice.random() < 0.5 else is_now for was, is_now in kept])
    return old.with_notes(new)


def _untied(notes: Sequence[Note]) -> tuple[Note, ...]:
    return tuple(replace(note, ties_on=False) for note in notes)


def _cut(dice: random.Random, duration: int) -> list[int]:
    """The lengths of a few notes that fill a measure, in sixteenths."""
    places = range(SIXTEENTH, duration, SIXTEENTH)
    cuts = sorted(dice.sample(places, min(len(places), dice.randint(0, MOST_CUTS))))
    return [stop - start for start, stop in zip([0, *cuts], [*cuts, duration], strict=True)]


def _notes(dice: random.Random, measure: Measure, lengths: Sequence[int]) -> tuple[Note, ...]:
    midi = [None if dice.random() < 0.1 else dice.randint(LOWEST, HIGHEST) for _ in lengths]
    onsets = [0, *accumulate(lengths)]
    return tuple(
        Note(onset, length, pitch)
        for onset, length, pitch in zip(onsets, lengths, spell(midi, measure.key), strict=False)
    )
