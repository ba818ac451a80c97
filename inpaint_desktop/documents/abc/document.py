"""An ABC tune as a document: the text of its file, its measures and its melodies.

A file may hold many tunes; the document is one of them, and all others are text that stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from inpaint_desktop.documents.abc.editing import EditedVoice
from inpaint_desktop.documents.abc.located import ScannedTune, ScannedVoice
from inpaint_desktop.documents.abc.scanner import scan_tune
from inpaint_desktop.documents.abc.tunes import Tune, choose_tune, even_lines, split_tunes
from inpaint_desktop.documents.document import Edit, Part
from inpaint_desktop.documents.encodings import Codec
from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.melody import Measure, Melody, Span


@dataclass(frozen=True)
class AbcDocument:
    """One tune of an ABC file; each voice is a part. Implements ``ScoreDocument``."""

    file_name: str
    text: str
    codec: Codec
    tune: Tune
    scanned: ScannedTune
    melodies: tuple[Melody, ...]

    @property
    def suffix(self) -> str:
        """The suffix that this format is saved with."""
        return ".abc"

    @property
    def title(self) -> str:
        """The first title of the tune, or an empty string."""
        return self.tune.title

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The voices of the tune."""
        return tuple(
            Part(voice.name or "Melody", ("1",), tuple(measure.mark for measure in voice.measures))
            for voice in self.scanned.voices
        )

    def melody(self, part: int = 0) -> Melody:
        """The melody of a voice; of a chord it holds the top note.

        Raises:
            SelectionError: there is no such part.
        """
        self._check_part(part)
        return self.melodies[part]

    def with_measures(self, part: int, span: Span, measures: Sequence[Measure]) -> Edit:
        """Put other notes into the measures of ``span``; nothing outside them changes.

        Measures that hold the very notes that stand there keep their text.

        Raises:
            SelectionError: the span is not in the tune.
            MeasureLengthError: a measure does not last as long as the one it replaces.
            FileUnsupportedError: these measures cannot be replaced without touching something else.
        """
        self._check_part(part)
        before = EditedVoice(self.file_name, self.text, self.tune, self.scanned, part, self.melodies[part])
        after, dropped = before.with_measures(span, measures)
        melodies = (*self.melodies[:part], after.melody, *self.melodies[part + 1 :])
        return Edit(replace(self, text=after.text, tune=after.tune, scanned=after.scanned, melodies=melodies), dropped)

    def to_bytes(self) -> bytes:
        """The bytes of the file; those that were read, as long as nothing was replaced."""
        return self.codec.encode(self.text)

    def _check_part(self, part: int) -> None:
        count = len(self.melodies)
        if not 0 <= part < count:
            has = "one part" if count == 1 else f"{count} parts"
            message = f"There is no part {part + 1} in {self.file_name}; the tune has {has}."
            raise SelectionError(message)


def open_abc(
    text: str,
    *,
    file_name: str,
    codec: Codec,
    tune: str | None = None,
    read: Callable[[ScannedVoice], Melody],
) -> AbcDocument:
    """Open one tune of an ABC file.

    ``read`` is ``reading.read_melody``, called where a crash or a hang of music21 does no harm.
    ``tune`` is an ``X:`` number or a title; a file with a single tune needs none.

    Raises:
        FileError: the file is not ABC, damaged or too large.
        SelectionError: no tune is meant, or more than one.
    """
    even = even_lines(text)
    chosen = choose_tune(split_tunes(even), tune, file_name)
    scanned = scan_tune(even, chosen, file_name)
    melodies = tuple(read(voice) for voice in scanned.voices)
    return AbcDocument(file_name, text, codec, chosen, scanned, melodies)
