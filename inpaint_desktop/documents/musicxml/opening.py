"""Turns the text of a MusicXML file into a document."""

from inpaint_desktop.documents.encodings import Codec, decode_xml
from inpaint_desktop.documents.musicxml.archive import Archive, open_archive
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.locating import locate
from inpaint_desktop.documents.musicxml.melodies import melodies_of


def open_musicxml(content: bytes, *, file_name: str) -> MusicXmlDocument:
    """Open MusicXML that is not compressed.

    Raises:
        FileError: it is damaged, too large, or no score.
    """
    text, codec = decode_xml(content)
    return _document(text, codec, file_name, None)


def open_mxl(content: bytes, *, file_name: str) -> MusicXmlDocument:
    """Open compressed MusicXML.

    Raises:
        FileError: it is damaged, too large, or no score.
    """
    archive = open_archive(content, file_name)
    text, codec = decode_xml(archive.score)
    return _document(text, codec, file_name, archive)


def _document(text: str, codec: Codec, file_name: str, archive: Archive | None) -> MusicXmlDocument:
    located = locate(text, file_name)
    return MusicXmlDocument(file_name, text, codec, located, melodies_of(located, file_name), archive)
