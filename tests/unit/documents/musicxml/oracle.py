"""What music21 makes of MusicXML, to compare with: it knows nothing of how measures are located and edited here."""

import warnings
from fractions import Fraction

from music21 import chord, converter, note, stream

from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.partwise import partwise
from inpaint_desktop.score.meter import TICKS_PER_QUARTER

Sounding = tuple[int, int, tuple[str, ...], bool]
"""Onset and end in ticks, the names of the pitches, and whether the top one ties on."""


def parts_of(document: MusicXmlDocument) -> list[list[list[stream.Measure]]]:
    """The measures of each part as music21 reads them; staves of one part are put together."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of layout that it does not understand, which changes no note
        score = converter.parseData(partwise(document.text, document.located), format="musicxml")
    assert isinstance(score, stream.Score), "MusicXML is always read as a score"
    found: dict[str, list[list[stream.Measure]]] = {}
    for part in score.parts:
        found.setdefault(str(part.id).split("-Staff")[0], []).append(list(part.getElementsByClass(stream.Measure)))
    return [[list(staves) for staves in zip(*parts, strict=True)] for parts in found.values()]


def voices_in(staves: list[stream.Measure]) -> dict[tuple[int, str], list[Sounding]]:
    """What sounds in each voice of a measure, by staff and name; a measure with one voice has no name for it."""
    return {
        (staff, str(voice.id) if voice is not read else ""): _sounding(voice)
        for staff, read in enumerate(staves, 1)
        for voice in (list(read.voices) or [read])
    }


def _sounding(voice: stream.Measure | stream.Voice) -> list[Sounding]:
    return sorted(_facts(one) for one in voice.notes if not one.duration.isGrace)


def _facts(one: note.GeneralNote) -> Sounding:
    notes = one.notes if isinstance(one, chord.Chord) else [one]
    pitched = [each for each in notes if isinstance(each, note.Note)]
    top = max(pitched, key=lambda each: each.pitch.ps) if pitched else one
    tie = top.tie or one.tie
    onset, end = one.offset, Fraction(one.offset) + Fraction(one.quarterLength)
    names = tuple(sorted(each.nameWithOctave for each in pitched))
    return _ticks(onset), _ticks(end), names, tie is not None and tie.type in {"start", "continue"}


def _ticks(quarters: float | Fraction) -> int:
    return round(Fraction(quarters) * TICKS_PER_QUARTER)
