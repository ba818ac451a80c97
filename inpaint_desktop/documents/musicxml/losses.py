"""Sentences about what went with the notes that were replaced."""

from collections import Counter
from collections.abc import Iterator, Mapping

from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart, NoteFacts, Strand
from inpaint_desktop.documents.musicxml.hanging import hung
from inpaint_desktop.documents.musicxml.spanners import lines
from inpaint_desktop.documents.musicxml.strands import has_hidden_notes
from inpaint_desktop.documents.staying import Exchange
from inpaint_desktop.documents.wording import gone, measure_names, to_single_notes


def losses(
    part: LocatedPart, strand: Strand, written: Mapping[int, LocatedMeasure], exchanges: Mapping[int, Exchange]
) -> Iterator[str]:
    """Say what is gone from the measures of a strand that were ``written`` anew."""
    replaced = sorted(written)
    lost = {index: {kind for kind, _ in _lost(part.measures[index], written[index], strand)} for index in replaced}
    yield from _lost_lyrics(part, strand, written)
    for kind, what in _HANGING.items():
        if concerned := [index for index in replaced if kind in lost[index]]:
            yield gone(what, part.numbers, concerned)
    if concerned := [index for index in replaced if "chord" in lost[index]]:
        yield to_single_notes(part.numbers, concerned)
    if concerned := [index for index in replaced if has_hidden_notes(part.measures[index], strand)]:
        yield f"Notes of {measure_names(part.numbers, concerned)} that sounded beside the melody in its voice are gone."
    inner = [
        line
        for line in lines(part, strand)
        if line.starts_in(replaced) and line.stops_in(replaced) and not line.stays(exchanges)
    ]
    for what, is_slur in (("The slurs", True), ("The glissandi and trill lines", False)):
        if concerned := sorted({line.start for line in inner if (line.spanner.kind == "slur") == is_slur}):
            yield gone(what, part.numbers, concerned)


def _lost(before: LocatedMeasure, after: LocatedMeasure, strand: Strand) -> Counter[tuple[str, object]]:
    """What hung on the notes of a measure and does so no longer."""
    return Counter(hung(before, strand)) - Counter(hung(after, strand))


def _lost_lyrics(part: LocatedPart, strand: Strand, written: Mapping[int, LocatedMeasure]) -> Iterator[str]:
    """Tell measures that have lost all of their lyrics from those that have lost some."""
    found = {
        index: [sum(_has_lyrics(note) for _, note in one.notes_of(strand)) for one in (part.measures[index], now)]
        for index, now in sorted(written.items())
    }
    for what, is_some in (("The lyrics", False), ("Some of the lyrics", True)):
        if concerned := [
            index for index, (before, after) in found.items() if after < before and bool(after) is is_some
        ]:
            yield gone(what, part.numbers, concerned)


def _has_lyrics(note: NoteFacts) -> bool:
    return "lyric" in note.attachments


_HANGING = {
    "mark": "Ornaments, articulations and other marks on the notes",
    "grace": "The grace notes",
}
