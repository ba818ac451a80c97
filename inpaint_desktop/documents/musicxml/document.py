"""A MusicXML file as a document: its text, where its measures lie, and the melodies of its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inpaint_desktop.documents.document import Edit, Part
from inpaint_desktop.documents.encodings import Codec
from inpaint_desktop.documents.musicxml.archive import Archive
from inpaint_desktop.documents.musicxml.editing import edited_part
from inpaint_desktop.documents.musicxml.facts import LocatedScore
from inpaint_desktop.documents.musicxml.locating import locate
from inpaint_desktop.errors import FileUnsupportedError, SelectionError
from inpaint_desktop.score.melody import Measure, Melody, Span


@dataclass(frozen=True, slots=True)
class MusicXmlDocument:
    """See ``ScoreDocument``. A part that is no melody has a sentence that says why in its place."""

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
        """The parts in the order of the file."""
        return tuple(
            Part(part.name, part.voices, tuple(measure.mark for measure in part.measures))
            for part in self.located.parts
        )

    def melody(self, part: int = 0) -> Melody:
        """The melody of a part: its first voice, and the top notes of its chords."""
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
        edited = edited_part(self.text, self.located.parts[part], melody, span, measures)
        melodies = (*self.melodies[:part], edited.melody, *self.melodies[part + 1 :])
        located = locate(edited.text, self.file_name)
        return Edit(replace(self, text=edited.text, located=located, melodies=melodies), edited.dropped)

    def to_bytes(self) -> bytes:
        """The bytes of the file."""
        content = self.codec.encode(self.text)
        return self.archive.with_score(content) if self.archive is not None else content
