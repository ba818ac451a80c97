"""What music21 makes of MusicXML, to compare with: it knows nothing of how measures are located and edited here."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from music21 import chord, converter, dynamics, expressions, harmony, note, stream

from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.facts import Item, LocatedMeasure, NoteFacts, Strand
from inpaint_desktop.documents.musicxml.partwise import partwise
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch

Sounding = tuple[int, int, tuple[str, ...], bool]
"""Onset and end in ticks, the names of the pitches, and whether the top one ties on."""

_LOWER_STAFF = re.compile(r"-Staff(?!1$)\d+$")
_SIGNS = (harmony.Harmony, dynamics.Dynamic, expressions.TextExpression)


def parts_of(document: MusicXmlDocument) -> list[list[list[stream.Measure]]]:
    """The measures of each part as music21 reads them, each a list of the staves in it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of layout that it does not understand, which changes no note
        score = converter.parseData(partwise(document.text, document.located), format="musicxml")
    assert isinstance(score, stream.Score), "MusicXML is always read as a score"
    found: list[list[list[stream.Measure]]] = []
    for part in score.parts:
        if not _LOWER_STAFF.search(str(part.id)):
            found.append([])  # two parts may have the same name, and then the same id
        found[-1].append(list(part.getElementsByClass(stream.Measure)))
    return [[list(staves) for staves in zip(*parts, strict=True)] for parts in found]


def sounds_of(staves: list[stream.Measure]) -> Counter[Sounding]:
    """All that sounds in a measure."""
    return Counter(
        _sounding(one, measure)
        for measure in staves
        for one in measure.recurse().notes
        if not one.duration.isGrace and not isinstance(one, harmony.Harmony)
    )


def _sounding(one: note.GeneralNote, measure: stream.Measure) -> Sounding:
    notes = list(one.notes) if isinstance(one, chord.Chord) else [one]
    pitched = [each for each in notes if isinstance(each, note.Note)]
    top = max(pitched, key=lambda each: each.pitch.ps) if pitched else one
    tie = top.tie
    onset = Fraction(one.getOffsetInHierarchy(measure))
    names = tuple(sorted(each.nameWithOctave for each in pitched))
    is_tied = tie is not None and tie.type in {"start", "continue"}
    return _ticks(onset), _ticks(onset + Fraction(one.quarterLength)), names, is_tied


def signs_of(staves: list[stream.Measure]) -> Counter[tuple[str, int]]:
    """The chord symbols, dynamics and words of a measure, and when they stand."""
    return Counter(
        (str(one), _ticks(one.getOffsetInHierarchy(measure)))
        for measure in staves
        for one in measure.recurse().getElementsByClass(_SIGNS)
    )


def _ticks(quarters: float | Fraction) -> int:
    return round(Fraction(quarters) * TICKS_PER_QUARTER)


def sounds_in(measure: LocatedMeasure, strand: Strand) -> Counter[Sounding]:
    """What the program says that a strand sounds."""
    return Counter(_chord(notes) for notes in _chords(measure, strand))


def _chords(measure: LocatedMeasure, strand: Strand) -> Iterator[list[tuple[Item, NoteFacts]]]:
    notes = [one for one in measure.notes_of(strand) if not one[1].is_grace and one[1].kind != "rest"]
    for index, (item, facts) in enumerate(notes):
        if not facts.is_chord:
            lower = [one for one in notes[index + 1 :] if one[1].is_chord and one[0].onset == item.onset]
            yield [(item, facts), *lower]


def _chord(notes: list[tuple[Item, NoteFacts]]) -> Sounding:
    pitched = [(item, facts.pitch) for item, facts in notes if facts.pitch is not None]
    names = tuple(sorted(_name(pitch) for _, pitch in pitched))
    top = max(notes, key=lambda one: one[1].pitch.midi if one[1].pitch is not None else 0)
    return round(notes[0][0].onset), round(notes[0][0].end), names, "start" in top[1].ties


def _name(pitch: Pitch) -> str:
    return f"{pitch.step}{'#' * pitch.alter}{'-' * -pitch.alter}{pitch.octave}"
