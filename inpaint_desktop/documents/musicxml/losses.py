"""Sentences about what went with the notes that were replaced."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart
from inpaint_desktop.documents.musicxml.spanners import lines


def losses(part: LocatedPart, replaced: Sequence[int]) -> tuple[str, ...]:
    """Say what is gone from the ``replaced`` measures."""
    sentences = [
        (f"The lyrics of {{}} {_WENT}.", _has_lyrics),
        (f"Ornaments, articulations and other marks on the notes of {{}} {_WENT}.", _has_marks),
        (f"The grace notes of {{}} {_WENT}.", _has_grace_notes),
        ("The chords of {} gave way to single notes.", _has_chords),
    ]
    slurred = sorted({line.start for line in lines(part) if line.start in replaced and line.stop in replaced})
    return (
        *_said(part, replaced, sentences),
        *([f"The slurs of {measure_names(part, slurred)} {_WENT}."] if slurred else []),
    )


_WENT = "went with the notes that were replaced"
_Claim = Callable[[LocatedMeasure], bool]


def _said(part: LocatedPart, replaced: Sequence[int], sentences: Sequence[tuple[str, _Claim]]) -> Iterator[str]:
    for sentence, claim in sentences:
        concerned = [index for index in replaced if claim(part.measures[index])]
        if concerned:
            yield sentence.format(measure_names(part, concerned))


def _has_lyrics(measure: LocatedMeasure) -> bool:
    return any("lyric" in note.attachments for note in measure.notes)


def _has_marks(measure: LocatedMeasure) -> bool:
    return any(note.attachments - {"lyric"} for note in measure.notes)


def _has_grace_notes(measure: LocatedMeasure) -> bool:
    return any(note.is_grace for note in measure.notes)


def _has_chords(measure: LocatedMeasure) -> bool:
    return any(note.is_chord and not note.is_grace for note in measure.notes)


def measure_names(part: LocatedPart, indices: Sequence[int]) -> str:
    """Name measures as the score does: ``measure 7``, ``measures 7 to 9``, ``measures 7 and 9 to 11``."""
    numbers = [part.measures[index].mark.number or "?" for index in indices]
    runs = [
        [numbers[place] for place, _ in run]
        for _, run in groupby(enumerate(indices), key=lambda numbered: numbered[1] - numbered[0])
    ]
    names = [run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return f"{'measure' if len(indices) == 1 else 'measures'} {listed}"
