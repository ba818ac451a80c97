"""What the text of an ABC tune shows besides its melody."""

from inpaint_desktop.documents.abc.document import AbcDocument
from inpaint_desktop.documents.musicxml.edition import Edition


def abc_edition(document: AbcDocument, part: int | None) -> Edition:
    """Find what a printed copy of the tune shows besides the notes of its melody."""
    return Edition(part=part)
