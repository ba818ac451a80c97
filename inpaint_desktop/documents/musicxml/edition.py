"""What a printed tune shows besides the notes of its melody, ready to be written as MusicXML.

Times are ticks from the start of the measure, as in the melody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inpaint_desktop.documents.musicxml.markup import Markup
from inpaint_desktop.score.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that stands before the note at ``onset``: a chord symbol, a direction, a grace note."""

    onset: int
    markup: Markup


@dataclass(frozen=True, slots=True)
class Notation:
    """Something at a note: at the one that begins at ``tick``, or that ends there."""

    tick: int
    markup: Markup
    is_at_end: bool = False


@dataclass(frozen=True, slots=True)
class ChordNote:
    """A lower note of the chord at ``onset``; ``accidental`` is the name of its sign, if it has one."""

    onset: int
    pitch: Pitch
    accidental: str = ""


@dataclass(frozen=True, slots=True)
class MeasureEdition:
    """What one measure shows besides its notes.

    ``time_symbol`` (``cut``) stands for a new meter, ``barline`` is the style of the line after it
    (``light-light``); ``tempo`` takes the place of the metronome
    mark that the melody's tempo would have; ``lyrics`` are syllables at the notes that begin at their ticks.
    """

    begins_line: bool = False
    tempo: Markup | None = None
    time_symbol: str = ""
    barline: str = ""
    signs: tuple[Sign, ...] = ()
    notations: tuple[Notation, ...] = ()
    lyrics: tuple[Sign, ...] = ()
    chord_notes: tuple[ChordNote, ...] = ()


PLAIN = MeasureEdition()


@dataclass(frozen=True, slots=True)
class Edition:
    """What a whole tune shows besides its melody.

    ``creators`` are pairs of a role (``composer``) and a name, ``credits`` of a kind (``subtitle``, ``rhythm``)
    and words for the first page; ``clef`` is the sign and the line of the clef,
    and how many octaves away it is meant. With a ``part``, measures and notes get the names of ``marking``,
    counted from ``first_measure``. Unless it ``ends_tune``, no heavy barline stands at the end.
    """

    creators: tuple[tuple[str, str], ...] = ()
    credits: tuple[tuple[str, str], ...] = ()
    clef: tuple[str, str, int] | None = None
    measures: Mapping[int, MeasureEdition] = field(default_factory=dict)
    part: int | None = None
    first_measure: int = 0
    ends_tune: bool = True

    def measure(self, index: int) -> MeasureEdition:
        """What measure ``index`` shows."""
        return self.measures.get(index, PLAIN)
