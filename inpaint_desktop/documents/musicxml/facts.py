"""What is known of every measure of a MusicXML file, as values.

Onsets and lengths are exact ticks, since a file's own unit of time, its *divisions*, need not divide
a tick. Places inside a measure are characters from its beginning, so that what is known of a measure stays
true wherever it lies in the text; only its ``MeasureMark`` says where that is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.score.pitch import Pitch

Ticks = int | Fraction
"""An exact time."""

Kind = Literal["pitch", "rest", "unpitched", "quarter tone"]


@dataclass(frozen=True, slots=True)
class Spanner:
    """One end of a line from note to note: a slur, a glissando, a slide or a trill's wavy line."""

    kind: str
    number: str
    end: str


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What a ``<note>`` says. ``attachments`` are the names of what hangs on it (lyric, fermata ...).

    The notes of a chord have the voice and the staff of its first one. ``layer`` counts how often the
    cursor went back in the measure before the note.
    """

    kind: Kind
    pitch: Pitch | None
    voice: str
    staff: str
    layer: int
    instrument: str
    is_chord: bool
    is_grace: bool
    ties: frozenset[str]
    spanners: tuple[Spanner, ...]
    attachments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of the text of a measure."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Item:
    """A child of a measure: an element, a comment or an instruction, at its time in the measure.

    ``end`` is where a note ends; ``cursor`` is where the cursor stands after the item.
    """

    tag: str
    place: Place
    onset: Ticks
    end: Ticks
    cursor: Ticks
    note: NoteFacts | None = None
    divisions: int | None = None  # what an <attributes> sets
    sets_only_divisions: bool = False  # anew: the first to set them is not meant
    is_final: bool = False  # a barline on the right


@dataclass(frozen=True, slots=True)
class Strand:
    """One line of music in a part: a voice, or the notes of a voice on one staff; ``None`` stands for any.

    ``voice`` and ``staff`` are what is written into a note where no other note says it.
    """

    part: int
    name: str = ""
    voice: str = "1"
    staff: str = ""
    voices: frozenset[str] | None = None
    only_staff: str | None = None
    layer: int | None = None

    def holds(self, note: NoteFacts) -> bool:
        """Whether a note belongs to the strand."""
        return (
            (self.voices is None or note.voice in self.voices)
            and (self.only_staff is None or note.staff == self.only_staff)
            and (self.layer is None or note.layer == self.layer)
        )


@dataclass(frozen=True, slots=True)
class LocatedMeasure:
    """A measure, its children, its length, and the divisions before its first child, if there are any yet.

    ``long_rest`` is how many measures are drawn as one long rest from here on. ``signs`` are the styles that
    begin or end here and draw something else than the notes: pairs of a kind (``slash``) and ``start`` or ``stop``.
    ``transpositions`` are how many semitones higher than written each staff sounds; no number stands for all others.
    """

    items: tuple[Item, ...]
    length: Ticks
    divisions: int | None
    long_rest: int = 0
    signs: tuple[tuple[str, str], ...] = ()
    transpositions: tuple[tuple[str, int], ...] = ()

    @property
    def divisions_before(self) -> int:
        """The divisions before the first child."""
        return self.divisions or 1

    @property
    def divisions_after(self) -> int:
        """The divisions after the last child."""
        return last_divisions(self.items, self.divisions_before)

    def transposition_of(self, strand: Strand) -> int:
        """How many semitones higher than written a strand sounds."""
        semitones = dict(self.transpositions)
        return semitones.get(strand.staff or "1", semitones.get("", 0))

    def notes_of(self, strand: Strand) -> Iterator[tuple[Item, NoteFacts]]:
        """The notes of a strand in the order of the file, grace and chord notes among them."""
        for item in self.items:
            if item.note is not None and strand.holds(item.note):
                yield item, item.note

    def pitches_tied_on(self, strand: Strand) -> set[Pitch | None]:
        """The pitches that the last note or chord of a strand ties into the next measure."""
        last = max((item.onset for item, _ in self.notes_of(strand)), default=None)
        return self._tied_pitches("start", last, strand)

    def pitches_tied_to(self, strand: Strand) -> set[Pitch | None]:
        """The pitches that the first note or chord of a strand has tied from the measure before."""
        return self._tied_pitches("stop", 0, strand)

    def _tied_pitches(self, end: str, onset: Ticks | None, strand: Strand) -> set[Pitch | None]:
        return {note.pitch for item, note in self.notes_of(strand) if item.onset == onset and end in note.ties}


def last_divisions(items: Sequence[Item], before: int) -> int:
    """The divisions that are in force after ``items``."""
    return next((item.divisions for item in reversed(items) if item.divisions), before)


@dataclass(frozen=True, slots=True)
class LocatedPart:
    """A part: its measures, and where each of them lies in the text."""

    part_id: str
    name: str
    measures: tuple[LocatedMeasure, ...]
    marks: tuple[MeasureMark, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the measures, as printed in the score."""
        return tuple(mark.number for mark in self.marks)


@dataclass(frozen=True, slots=True)
class LocatedScore:
    """All that is known of a file.

    ``strands`` are the lines of music in the order of the parts, at least one for each. ``columns`` are the
    start tags of the measures of a timewise score, in which every measure holds all parts.
    """

    title: str
    parts: tuple[LocatedPart, ...]
    strands: tuple[Strand, ...]
    columns: tuple[str, ...] = ()
