"""What is known of every measure of a MusicXML file, as values.

Onsets and lengths are exact ticks (``Fraction``), since a file's own unit of time, its
*divisions*, need not divide a tick. Places are character offsets into the text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.score.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Spanner:
    """One end of a line from note to note: a slur, a glissando, a slide or a trill's wavy line."""

    kind: str
    number: str
    end: str


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What a ``<note>`` says. ``attachments`` are the names of what hangs on it (lyric, fermata ...)."""

    pitch: Pitch | None
    duration: int
    voice: str
    staff: str
    instrument: str
    is_chord: bool
    is_grace: bool
    ties: frozenset[str]
    spanners: tuple[Spanner, ...]
    attachments: frozenset[str]


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of the text."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Item:
    """A child of a measure: an element, a comment or an instruction, at its time in the measure."""

    tag: str
    place: Place
    onset: Fraction
    note: NoteFacts | None = None
    divisions: int | None = None  # what an <attributes> sets
    sets_only_divisions: bool = False  # anew: the first to set them is not meant
    is_final: bool = False  # a barline on the right


@dataclass(frozen=True, slots=True)
class LocatedMeasure:
    """A measure, its children, its length, and the divisions before its first child.

    The melody is the voice that comes first in the file.
    """

    mark: MeasureMark
    items: tuple[Item, ...]
    length: Fraction
    divisions: int
    is_hidden: bool = False  # its notes do not show: it is drawn as part of a long rest, or as a repeat sign

    @property
    def notes(self) -> tuple[NoteFacts, ...]:
        """The notes in the order of the file, grace and chord notes among them."""
        return tuple(item.note for item in self.items if item.note is not None)

    @property
    def front(self) -> tuple[Item, ...]:
        """The children before the cursor first goes back, where the melody stands; all of them if it never does."""
        backs = (index for index, item in enumerate(self.items) if item.tag == "backup")
        return self.items[: next(backs, len(self.items))]

    @property
    def behind(self) -> tuple[Item, ...]:
        """The children after ``front``: the other voices."""
        return self.items[len(self.front) :]

    @property
    def front_notes(self) -> tuple[NoteFacts, ...]:
        """The notes of ``front``, which are those that can be replaced."""
        return tuple(item.note for item in self.front if item.note is not None)

    @property
    def divisions_after(self) -> int:
        """The divisions after the last child."""
        return _last_divisions(self.items, self.divisions)

    @property
    def divisions_behind(self) -> int:
        """The divisions in which the other voices count at first."""
        return _last_divisions(self.front, self.divisions)

    def is_filled_by(self, melody_voice: str) -> bool:
        """Whether one voice alone fills the front, so that the voices behind it can stay as they are."""
        voices = {note.voice for note in self.front_notes if note.voice}
        if not self.behind:
            return len(voices) <= 1
        has_more_of_it = any(item.note is not None and item.note.voice == melody_voice for item in self.behind)
        return voices == {melody_voice} and self.behind[0].onset == self.length and not has_more_of_it

    def pitches_tied_on(self, voice: str) -> set[Pitch | None]:
        """The pitches that the last note or chord of a voice ties into the next measure."""
        return self._tied_pitches("start", max(self._onsets(voice), default=None), voice)

    def pitches_tied_to(self, voice: str) -> set[Pitch | None]:
        """The pitches that the first note or chord of a voice has tied from the measure before."""
        return self._tied_pitches("stop", Fraction(0), voice)

    def _onsets(self, voice: str) -> list[Fraction]:
        return [item.onset for item in self.items if item.note is not None and item.note.voice == voice]

    def _tied_pitches(self, end: str, onset: Fraction | None, voice: str) -> set[Pitch | None]:
        return {
            item.note.pitch
            for item in self.items
            if item.note is not None and item.note.voice == voice and item.onset == onset and end in item.note.ties
        }


def _last_divisions(items: Sequence[Item], before: int) -> int:
    return next((item.divisions for item in reversed(items) if item.divisions), before)


@dataclass(frozen=True, slots=True)
class LocatedPart:
    """A part and where it lies."""

    part_id: str
    name: str
    place: Place
    voices: tuple[str, ...]
    measures: tuple[LocatedMeasure, ...]

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the measures, as printed in the score."""
        return tuple(measure.mark.number for measure in self.measures)


@dataclass(frozen=True, slots=True)
class LocatedScore:
    """All that is known of a file without reading its music."""

    title: str
    root_tag: str
    parts: tuple[LocatedPart, ...]
