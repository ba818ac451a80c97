"""Ties in the form that readers and writers of files agree on.

A file may write one long note as several tied ones, and silence as several rests. In a melody
that comes from a file, or that was put into one, a measure holds each sounding note once;
``ties_on`` is left for the bar line, and only where the next measure goes on with the same pitch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from inpaint_desktop.score.melody import Measure, Note


def joined(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Make tied notes inside a measure one note, and rests that follow each other one rest."""
    result: list[Note] = []
    for note in notes:
        last = result[-1] if result else None
        if last is not None and last.pitch == note.pitch and (last.is_rest or last.ties_on):
            ties_on = note.ties_on and not note.is_rest
            result[-1] = replace(last, duration=last.duration + note.duration, ties_on=ties_on)
            continue
        if last is not None and last.ties_on:
            result[-1] = replace(last, ties_on=False)
        result.append(replace(note, ties_on=False) if note.ties_on and note.is_rest else note)
    return tuple(result)


def with_sound_ties(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Join the notes of each measure, and untie those that the next measure does not go on with."""
    notes = [joined(measure.notes) for measure in measures]
    for index, here in enumerate(notes):
        following = notes[index + 1][:1] if index + 1 < len(notes) else ()
        if here and here[-1].ties_on and not (following and following[0].pitch == here[-1].pitch):
            notes[index] = (*here[:-1], replace(here[-1], ties_on=False))
    return tuple(
        measure if measure.notes == new else measure.with_notes(new)
        for measure, new in zip(measures, notes, strict=True)
    )
