"""What a score file is to the rest of the program: its text, and where its measures lie.

A document is immutable. Replacing measures makes a new document whose text differs in those
measures only; every other character, and so every other byte, is the one that was read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from inpaint_desktop.score.form import NO_SIGNS, FormSigns
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import Meter


@dataclass(frozen=True, slots=True)
class MeasureMark:
    """Where one measure lies in the text (character offsets) and what governs it."""

    number: str
    start: int
    stop: int
    meter: Meter
    key: KeySignature
    clef: str = "treble"
    tempo_bpm: float | None = None
    is_pickup: bool = False
    repeat_start: bool = False
    repeat_end: bool = False
    endings: tuple[int, ...] = ()
    form_signs: FormSigns = NO_SIGNS

    def measure(self, notes: tuple[Note, ...], duration: int, *, transposition: int = 0) -> Measure:
        """Make the measure that stands here, of its notes.

        Raises:
            MeasureLengthError: they do not last ``duration`` ticks.
        """
        return Measure(
            notes=notes,
            meter=self.meter,
            key=self.key,
            duration=duration,
            number=self.number,
            tempo_bpm=self.tempo_bpm,
            repeat_start=self.repeat_start,
            repeat_end=self.repeat_end,
            endings=self.endings,
            transposition=transposition,
            form_signs=self.form_signs,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the score that can be worked on: an instrument, or one of its voices where it has several.

    Voices of one instrument share their measures.
    """

    name: str
    voices: tuple[str, ...]
    measures: tuple[MeasureMark, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A new document, and sentences about what could not be kept (lyrics, dangling slurs)."""

    document: "ScoreDocument"
    dropped: tuple[str, ...] = ()


class ScoreDocument(Protocol):
    """A score file in memory. Implementations are frozen dataclasses."""

    @property
    def file_name(self) -> str:
        """The name to use in messages."""

    @property
    def suffix(self) -> str:
        """The suffix that this format is saved with: ``.abc``, ``.musicxml`` or ``.mxl``."""

    @property
    def title(self) -> str:
        """The title of the tune, or an empty string."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts in the order of the file; there is at least one."""

    def melody(self, part: int = 0) -> Melody:
        """The melody of a part; measure ``i`` of it is measure ``i`` of ``parts[part]``.

        Raises:
            FileUnsupportedError: the part is not a single melodic line.
        """

    def with_measures(self, part: int, span: Span, measures: Sequence[Measure]) -> Edit:
        """Put other notes into the measures of ``span``; nothing outside them changes.

        Only the notes of ``measures`` are used. Key, meter, barlines, repeats, endings, chord symbols,
        directions and other voices stay as the file has them. A sign for a long rest that begins before the
        measures and reaches into them is shortened where it stands, and the edit says so.

        Raises:
            SelectionError: the span is not in the part.
            MeasureLengthError: a measure does not last as long as the one it replaces.
            FileUnsupportedError: these measures cannot be replaced without touching something else.
        """

    def to_bytes(self) -> bytes:
        """The bytes of the file; those that were read, as long as nothing was replaced."""
