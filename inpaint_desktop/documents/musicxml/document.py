"""A MusicXML file as a document: its text, where its measures lie, and the melodies of its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inpaint_desktop.documents.document import Edit, Part
from inpaint_desktop.documents.encodings import Codec
from inpaint_desktop.documents.musicxml.archive import Archive
from inpaint_desktop.documents.musicxml.editing import StrandToEdit, edited_strand
from inpaint_desktop.documents.musicxml.facts import LocatedScore
from inpaint_desktop.documents.musicxml.relocating import with_changes
from inpaint_desktop.errors import FileUnsupportedError, SelectionError
from inpaint_desktop.score.melody import Measure, Melody, Span


@dataclass(frozen=True, slots=True)
class MusicXmlDocument:
    """See ``ScoreDocument``. Each voice of a part is a part of the document, so that it can be worked on.

    Where it is no melody, ``melodies`` has a sentence that says why in its place.
    """

    file_name: str
    text: str
    codec: Codec
    located: LocatedScore
    melodies: tuple[Melody | str, ...]
    archive: Archive | None = None

    @property
    def suffix(self) -> str:
        """The suffix that the document is saved with."""
        return ".mxl" if self.archive is not None else ".musicxml"

    @property
    def title(self) -> str:
        """The title of the score, or an empty string."""
        return self.located.title

    @property
    def parts(self) -> tuple[Part, ...]:
        """The voices of the parts in the order of the file; those of one part share their measures."""
        parts = self.located.parts
        return tuple(Part(one.name, (one.voice,), parts[one.part].marks) for one in self.located.strands)

    def melody(self, part: int = 0) -> Melody:
        """The melody of a part: one voice, and the top notes of its chords."""
        if not 0 <= part < len(self.melodies):
            message = f"{self.file_name} has no part {part + 1}; it has {len(self.melodies)}."
            raise SelectionError(message)
        melody = self.melodies[part]
        if isinstance(melody, str):
            raise FileUnsupportedError(melody)
        return melody

    def with_measures(self, part: int, span: Span, measures: Sequence[Measure]) -> Edit:
        """Put other notes into the measures of ``span``; a measure whose notes stay keeps all that hangs on them."""
        melody = self.melody(part)
        strand = self.located.strands[part]
        old = StrandToEdit(self.text, self.located.parts[strand.part], strand, melody)
        edited = edited_strand(old, span, measures)
        text, located = with_changes(self.text, self.located, strand.part, edited.changes)
        melodies = (*self.melodies[:part], edited.melody, *self.melodies[part + 1 :])
        return Edit(replace(self, text=text, located=located, melodies=melodies), edited.dropped)

    def to_bytes(self) -> bytes:
        """The bytes of the file."""
        content = self.codec.encode(self.text)
        return self.archive.with_score(content) if self.archive is not None else content
