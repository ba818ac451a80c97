"""Sentences about what went with the notes that were replaced."""

from collections.abc import Callable, Iterator, Sequence

from inpaint_desktop.documents.musicxml.facts import LocatedPart, NoteFacts, Strand
from inpaint_desktop.documents.musicxml.spanners import lines
from inpaint_desktop.documents.musicxml.strands import has_hidden_notes
from inpaint_desktop.documents.wording import gone, measure_names


def losses(part: LocatedPart, strand: Strand, replaced: Sequence[int]) -> Iterator[str]:
    """Say what is gone from the ``replaced`` measures of a strand."""
    notes = {index: [note for _, note in part.measures[index].notes_of(strand)] for index in replaced}
    for what, claim in _HANGING:
        if concerned := [index for index in replaced if any(map(claim, notes[index]))]:
            yield gone(what, part.numbers, concerned)
    if concerned := [index for index in replaced if any(map(_is_in_chord, notes[index]))]:
        yield f"The chords of {measure_names(part.numbers, concerned)} gave way to single notes."
    if concerned := [index for index in replaced if has_hidden_notes(part.measures[index], strand)]:
        yield f"Notes of {measure_names(part.numbers, concerned)} that sounded beside the melody in its voice are gone."
    inner = [line for line in lines(part, strand) if line.starts_in(replaced) and line.stops_in(replaced)]
    for what, is_slur in (("The slurs", True), ("The glissandi and trill lines", False)):
        if concerned := sorted({line.start for line in inner if (line.spanner.kind == "slur") == is_slur}):
            yield gone(what, part.numbers, concerned)


def _has_lyrics(note: NoteFacts) -> bool:
    return "lyric" in note.attachments


def _has_marks(note: NoteFacts) -> bool:
    return bool(note.attachments - {"lyric"})


def _is_grace(note: NoteFacts) -> bool:
    return note.is_grace


def _is_in_chord(note: NoteFacts) -> bool:
    return note.is_chord and not note.is_grace


_HANGING: Sequence[tuple[str, Callable[[NoteFacts], bool]]] = (
    ("The lyrics", _has_lyrics),
    ("Ornaments, articulations and other marks on the notes", _has_marks),
    ("The grace notes", _is_grace),
)
