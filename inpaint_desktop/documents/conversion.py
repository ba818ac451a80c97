"""A score in another format than its own: its bytes there, and sentences about what they do not hold."""

import contextlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from inpaint_desktop.documents.abc.document import AbcDocument
from inpaint_desktop.documents.abc.writing import VoiceToWrite, melodies_to_abc, melody_to_abc
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.words import creators_of, words_of
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.melody import Melody

SUFFIXES: Mapping[str, str] = {
    ".abc": ".abc",
    ".txt": ".abc",
    ".musicxml": ".musicxml",
    ".xml": ".musicxml",
    ".mxl": ".mxl",
}
"""The suffix of each format by those that files of it may have."""

_MEMBER = "score.musicxml"
_CONTAINER = f"""<?xml version="1.0" encoding="UTF-8"?>
<container><rootfiles>
<rootfile full-path="{_MEMBER}" media-type="application/vnd.recordare.musicxml+xml"/>
</rootfiles></container>
"""


def format_of(suffix: str, document: ScoreDocument) -> str:
    """The suffix of the format that a file with ``suffix`` is written in; unknown ones stand for the document's own."""
    return SUFFIXES.get(suffix.lower(), document.suffix)


def converted(document: ScoreDocument, suffix: str, part: int = 0) -> bytes:
    """Write a document in the format of ``suffix``: ``.abc``, ``.musicxml`` or ``.mxl``.

    ABC holds the parts that are melodies, each as a voice.

    Raises:
        FileUnsupportedError: there are none.
    """
    if suffix == document.suffix:
        return document.to_bytes()
    if suffix == ".abc":
        return _as_abc(document, part)
    if isinstance(document, MusicXmlDocument):
        plain = document.codec.encode(document.text)
    else:
        plain = render(document, with_ids=False).encode()
    return _packed(plain) if suffix == ".mxl" else plain


def conversion_losses(document: ScoreDocument, suffix: str) -> tuple[str, ...]:
    """Say what the document has that its copy in the format of ``suffix`` would not have."""
    if suffix == document.suffix:
        return ()
    if suffix == ".abc":
        return tuple(_losses_in_abc(document))
    if isinstance(document, MusicXmlDocument):
        is_unpacked = document.archive is not None and suffix == ".musicxml"
        return ("Pictures and other files that are packed with the score are left out.",) if is_unpacked else ()
    return tuple(_losses_of_abc(document))


def _as_abc(document: ScoreDocument, part: int) -> bytes:
    melodies = _melodies(document)
    if not melodies:
        document.melody(part)  # which says why there are none
    score = ElementTree.fromstring(render(document))
    words, creators = words_of(score), creators_of(score)
    voices = [
        VoiceToWrite(document.parts[index].name, melody, {at: one for (of, at), one in words.items() if of == index})
        for index, melody in melodies.items()
    ]
    if len(voices) == 1:
        only = voices[0]
        return melody_to_abc(only.melody, title=document.title, words=only.words, creators=creators).encode()
    return melodies_to_abc(voices, title=document.title, creators=creators).encode()


def _melodies(document: ScoreDocument) -> dict[int, Melody]:
    """The parts that are melodies."""
    found: dict[int, Melody] = {}
    for index, part in enumerate(document.parts):
        with contextlib.suppress(FileUnsupportedError):
            if part.measures:
                found[index] = document.melody(index)
    return found


def _losses_in_abc(document: ScoreDocument) -> Iterator[str]:
    melodies = _melodies(document)
    for index, part in enumerate(document.parts):
        if index not in melodies:
            yield f"{part.name or f'Part {index + 1}'} is left out, because it is no melody."
    yield (
        "Dynamics, ornaments, slurs, grace notes, the lower notes of chords, words above the staff other than those of"
        " a tempo, other voices of a part, further names and the layout of the page are left out."
    )
    yield (
        "Title, composer, author of the words, notes, rests, ties, key, meter, tempo, transposition, repeats, endings,"
        " D.C., D.S., Fine and coda, double barlines, chord symbols and lyrics are kept."
    )


def _losses_of_abc(document: ScoreDocument) -> Iterator[str]:
    yield "Comments, settings of the page, and other tunes of the file are left out."
    if isinstance(document, AbcDocument):
        measures = [measure for voice in document.scanned.voices for measure in voice.measures]
        if any(measure.has_overlay for measure in measures):
            yield "Second layers (&) are left out."
        if re.search(r"^W:", document.text[document.tune.start : document.tune.stop], re.MULTILINE):
            yield "The words below the tune (W:) are left out."
    yield "Notes, chord symbols, lyrics, ornaments, repeats and endings are kept."


def _packed(score: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (("META-INF/container.xml", _CONTAINER.encode()), (_MEMBER, score)):
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
