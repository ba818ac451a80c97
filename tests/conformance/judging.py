"""Asks music21 what it reads in a MusicXML file; the program itself reads MusicXML without it. Runs in a child."""

from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from tests.unit.documents.musicxml.oracle import Sounding, parts_of, sounds_in, sounds_of


def disagreement(document: MusicXmlDocument) -> str:
    """The first measure in which music21 reads other notes than the program; empty where there is none."""
    for index, measures in enumerate(parts_of(document)):
        located = document.located.parts[index].measures
        if len(measures) != len(located):
            return f"music21 reads {len(measures)} measures in part {index + 1}, not {len(located)}"
        strands = [strand for strand in document.located.strands if strand.part == index]
        for place, (staves, measure) in enumerate(zip(measures, located, strict=True)):
            ours = sorted(sound for strand in strands for sound in sounds_in(measure, strand).elements())
            theirs = sorted(sounds_of(staves).elements())
            if ours != theirs:
                return f"{_kind(ours, theirs)} (part {index + 1}, measure {place} from 0: {_only(ours, theirs)})"
    return ""


def _kind(ours: list[Sounding], theirs: list[Sounding]) -> str:
    if [sound[:3] for sound in ours] == [sound[:3] for sound in theirs]:
        return "music21 reads other ties"
    if len(ours) != len(theirs):
        return "music21 reads more or fewer notes"
    return "music21 reads other notes"


def _only(ours: list[Sounding], theirs: list[Sounding]) -> str:
    mine = [sound for sound in ours if sound not in theirs]
    other = [sound for sound in theirs if sound not in ours]
    return f"ours {mine[:4]}, music21's {other[:4]}".replace("(", "<").replace(")", ">")
