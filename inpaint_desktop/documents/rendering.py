"""Writes documents as MusicXML for engraving, with the names by which measures and notes are found again."""

from dataclasses import replace

from inpaint_desktop.documents.abc.document import AbcDocument
from inpaint_desktop.documents.abc.printing import abc_edition
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.edition import Edition
from inpaint_desktop.documents.musicxml.marking import with_names
from inpaint_desktop.documents.musicxml.score_writing import PartToWrite, parts_to_musicxml
from inpaint_desktop.score.melody import Melody


def render(document: ScoreDocument, *, with_ids: bool = True) -> str:
    """The MusicXML of a whole document.

    With ids, every ``<measure>`` of part ``p`` is called ``m{p}-{measure}`` and every note of its melody
    ``n{p}-{measure}-{note}``; see ``musicxml.marking`` for the notes that are written as several.

    A MusicXML document is its own text; an ABC document becomes MusicXML with its title, chord symbols,
    lyrics and signs. Without ids, that is what a copy in the other format holds.
    """
    if isinstance(document, MusicXmlDocument):
        return with_names(document.text, document.located, document.melody) if with_ids else document.text
    is_alone = len(document.parts) == 1
    parts = [
        PartToWrite(
            _shown(document, index), "" if is_alone else part.name, _edition(document, index, with_ids=with_ids)
        )
        for index, part in enumerate(document.parts)
    ]
    return parts_to_musicxml(document.title, parts)


def _shown(document: ScoreDocument, part: int) -> Melody:
    """The melody of a part; tempos stand above the first one only, which also says where lines begin."""
    melody = document.melody(part)
    return melody if part == 0 else replace(melody, measures=tuple(replace(m, tempo_bpm=None) for m in melody.measures))


def _edition(document: ScoreDocument, part: int, *, with_ids: bool) -> Edition:
    name = part if with_ids else None
    if not isinstance(document, AbcDocument):
        return Edition(part=name)
    edition = abc_edition(document, name, voice=part)
    if part == 0:
        return edition
    lower = {index: replace(one, tempo=None, begins_line=False) for index, one in edition.measures.items()}
    return replace(edition, measures=lower)
