"""Sentences about what went with the notes that were replaced."""

from collections.abc import Callable, Iterator, Sequence

from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart
from inpaint_desktop.documents.musicxml.spanners import lines
from inpaint_desktop.documents.wording import gone, measure_names


def losses(part: LocatedPart, replaced: Sequence[int]) -> Iterator[str]:
    """Say what is gone from the ``replaced`` measures."""
    for what, claim in _HANGING:
        if concerned := [index for index in replaced if claim(part.measures[index])]:
            yield gone(what, part.numbers, concerned)
    if concerned := [index for index in replaced if _has_chords(part.measures[index])]:
        yield f"The chords of {measure_names(part.numbers, concerned)} gave way to single notes."
    inner = [line for line in lines(part) if line.starts_in(replaced) and line.stops_in(replaced)]
    for what, is_slur in (("The slurs", True), ("The glissandi and trill lines", False)):
        if concerned := sorted({line.start for line in inner if (line.spanner.kind == "slur") == is_slur}):
            yield gone(what, part.numbers, concerned)


def _has_lyrics(measure: LocatedMeasure) -> bool:
    return any("lyric" in note.attachments for note in measure.front_notes)


def _has_marks(measure: LocatedMeasure) -> bool:
    return any(note.attachments - {"lyric"} for note in measure.front_notes)


def _has_grace_notes(measure: LocatedMeasure) -> bool:
    return any(note.is_grace for note in measure.front_notes)


def _has_chords(measure: LocatedMeasure) -> bool:
    return any(note.is_chord and not note.is_grace for note in measure.front_notes)


_HANGING: Sequence[tuple[str, Callable[[LocatedMeasure], bool]]] = (
    ("The lyrics", _has_lyrics),
    ("Ornaments, articulations and other marks on the notes", _has_marks),
    ("The grace notes", _has_grace_notes),
)
