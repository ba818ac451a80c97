"""The lyrics of notes that are replaced, for the new notes that are sung in their place."""

import re

from inpaint_desktop.documents.musicxml.facts import NoteFacts, Strand, Ticks
from inpaint_desktop.documents.musicxml.measure_text import MeasureText
from inpaint_desktop.documents.musicxml.writing import MeasureNotes

_LYRIC = re.compile(r"<lyric\b(?:[^>]*/>|.*?</lyric\s*>)", re.DOTALL)


def lyrics_for(old: MeasureText, strand: Strand, new: MeasureNotes) -> dict[int, tuple[str, ...]]:
    """The ``<lyric>`` elements of the new notes, by their index.

    The new notes are sung like the old ones where they begin at the same times, or some of either do, as after a note
    was divided or became a rest; else in the order of the old ones where there are as many. Otherwise nobody can tell.
    """
    before = {
        item.onset: tuple(_LYRIC.findall(old.of(item))) for item, note in old.located.notes_of(strand) if _is_sung(note)
    }
    begun = {note.onset: index for index, note in enumerate(new.notes) if note.pitch is not None and not note.tie_in}
    if begun.keys() <= before.keys() or before.keys() <= begun.keys():
        pairs: dict[int, Ticks] = {index: onset for onset, index in begun.items() if onset in before}
    elif len(begun) == len(before):
        pairs = dict(zip(begun.values(), before, strict=True))
    else:
        pairs = {}
    return {index: before[onset] for index, onset in pairs.items()}


def _is_sung(note: NoteFacts) -> bool:
    return note.pitch is not None and not (note.is_chord or note.is_grace or "stop" in note.ties)
