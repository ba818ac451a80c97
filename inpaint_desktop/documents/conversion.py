"""A score in another format than its own: its bytes there, and sentences about what they do not hold."""

import io
import zipfile
from collections.abc import Iterator, Mapping

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.export import export
from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.rendering import render

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
    """Write a document in the format of ``suffix``: ``.abc``, ``.musicxml`` or ``.mxl``; ABC holds one part of it.

    Raises:
        FileUnsupportedError: the part is not a melody.
    """
    if suffix == document.suffix:
        return document.to_bytes()
    if suffix == ".abc":
        return export(document, "abc", part=part)
    if isinstance(document, MusicXmlDocument):
        plain = document.codec.encode(document.text)
    else:
        plain = render(document, with_ids=False).encode()
    return _packed(plain) if suffix == ".mxl" else plain


def conversion_losses(document: ScoreDocument, suffix: str, part: int = 0) -> tuple[str, ...]:
    """Say what the document has that its copy in the format of ``suffix`` would not have."""
    if suffix == document.suffix:
        return ()
    if suffix == ".abc":
        return tuple(_losses_in_abc(document, part))
    if isinstance(document, MusicXmlDocument):
        is_unpacked = document.archive is not None and suffix == ".musicxml"
        return ("Pictures and other files that are packed with the score are left out.",) if is_unpacked else ()
    return (
        "Comments, settings of the page, and other tunes of the file are left out.",
        "Notes, chord symbols, lyrics, ornaments, repeats and endings are kept.",
    )


def _losses_in_abc(document: ScoreDocument, part: int) -> Iterator[str]:
    if len(document.parts) > 1:
        name = document.parts[part].name or f"part {part + 1}"
        yield f"Only {name} is kept, the part that is worked on; the other parts are left out."
    yield "Lyrics, chord symbols, dynamics, slurs, other voices and the layout of the page are left out."
    yield "Notes, rests, ties, key, meter, tempo, repeats and endings are kept."


def _packed(score: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (("META-INF/container.xml", _CONTAINER.encode()), (_MEMBER, score)):
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
