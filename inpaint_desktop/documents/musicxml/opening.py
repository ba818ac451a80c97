"""Turns the text of a MusicXML file into a document."""

from collections.abc import Callable
from xml.sax.saxutils import quoteattr

from inpaint_desktop.documents.encodings import Codec, decode_xml
from inpaint_desktop.documents.musicxml.archive import Archive, open_archive
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.facts import LocatedPart, LocatedScore
from inpaint_desktop.documents.musicxml.locating import locate
from inpaint_desktop.documents.musicxml.requests import PartRequest, ReadRequest
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.melody import Melody

Reader = Callable[[ReadRequest], tuple[Melody | str, ...]]
"""``reading.read_melodies``, called where a crash or a hang of music21 does no harm."""


def open_musicxml(content: bytes, *, file_name: str, read: Reader) -> MusicXmlDocument:
    """Open MusicXML that is not compressed.

    Raises:
        FileError: it is damaged, too large, or nothing that can be worked on.
    """
    text, codec = decode_xml(content)
    return _document(text, codec, file_name, read, None)


def open_mxl(content: bytes, *, file_name: str, read: Reader) -> MusicXmlDocument:
    """Open compressed MusicXML.

    Raises:
        FileError: it is damaged, too large, or nothing that can be worked on.
    """
    archive = open_archive(content, file_name)
    text, codec = decode_xml(archive.score)
    return _document(text, codec, file_name, read, archive)


def _document(text: str, codec: Codec, file_name: str, read: Reader, archive: Archive | None) -> MusicXmlDocument:
    located = locate(text, file_name)
    melodies = read(_request(text, located, file_name))
    reasons = [melody for melody in melodies if isinstance(melody, str)]
    if len(reasons) == len(melodies):
        raise FileUnsupportedError(reasons[0])
    return MusicXmlDocument(file_name, text, codec, located, melodies, archive)


def _request(text: str, located: LocatedScore, file_name: str) -> ReadRequest:
    return ReadRequest(
        file_name, located.title, tuple(_part_request(part, text, located.root_tag) for part in located.parts)
    )


def _part_request(part: LocatedPart, text: str, root_tag: str) -> PartRequest:
    """Ask for one part, as a score of its own: the head of a file has much in it that music21 can stumble over."""
    part_id = quoteattr(part.part_id)
    text = (
        f"{root_tag}<part-list><score-part id={part_id}><part-name/></score-part></part-list>"
        f"{text[part.place.start : part.place.stop]}</score-partwise>"
    )
    marks = tuple(measure.mark for measure in part.measures)
    return PartRequest(
        part.name, text, part.voices[0], marks, tuple(round(measure.length) for measure in part.measures)
    )
