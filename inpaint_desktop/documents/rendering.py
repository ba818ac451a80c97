"""Writes documents as MusicXML for engraving, with the names by which measures and notes are found again."""

from inpaint_desktop.documents.abc.document import AbcDocument
from inpaint_desktop.documents.abc.printing import abc_edition
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.edition import Edition
from inpaint_desktop.documents.musicxml.marking import with_names
from inpaint_desktop.documents.musicxml.score_writing import melody_to_musicxml


def render(document: ScoreDocument, *, with_ids: bool = True) -> str:
    """The MusicXML of a whole document.

    With ids, every ``<measure>`` of part ``p`` is called ``m{p}-{measure}`` and every note of its melody
    ``n{p}-{measure}-{note}``; see ``musicxml.marking`` for the notes that are written as several.

    A MusicXML document is its own text; an ABC document becomes MusicXML with its title, chord symbols,
    lyrics and signs. Without ids, that is what a copy in the other format holds.
    """
    if isinstance(document, MusicXmlDocument):
        return with_names(document.text, document.located.parts, document.melody) if with_ids else document.text
    part = 0 if with_ids else None
    edition = abc_edition(document, part) if isinstance(document, AbcDocument) else Edition(part=part)
    return melody_to_musicxml(document.melody(), title=document.title, part_name="", edition=edition)
