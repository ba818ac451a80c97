"""What the scanner finds in an ABC tune: measures, the sounds in them, and where all of it stands.

Places are character offsets in the text of the file; times are ticks from the start of the measure.
"""

from dataclasses import dataclass

from inpaint_desktop.documents.abc.fields import Context
from inpaint_desktop.documents.document import MeasureMark


@dataclass(frozen=True, slots=True)
class Sound:
    """A note, chord or rest as it is written.

    ``written`` is the accidental, letter and octave marks of the (top) note, and empty for a rest.
    """

    onset: int
    duration: int
    written: str
    context: Context
    ties_on: bool = False

    @property
    def is_rest(self) -> bool:
        """Whether nothing sounds."""
        return not self.written


@dataclass(frozen=True, slots=True)
class Item:
    """A token inside a measure, the tick at which it stands, and the context that a field makes."""

    kind: str
    start: int
    stop: int
    onset: int
    context: Context | None = None


@dataclass(frozen=True, slots=True)
class LocatedMeasure:
    """A measure in the text. The measures of one ``Z4`` share their place; ``slot`` counts places.

    ``is_tied_outside`` says that the tie of its last note stands after the barline.
    """

    mark: MeasureMark
    context: Context
    sounds: tuple[Sound, ...]
    items: tuple[Item, ...]
    duration: int
    slot: int
    is_bound_to_next: bool = False
    has_overlay: bool = False
    repeats_previous: bool = False
    is_tied_outside: bool = False


@dataclass(frozen=True, slots=True)
class Lyrics:
    """A ``w:`` or ``s:`` line, and the slot and the measure of each note of the music line above it."""

    start: int
    stop: int
    slots: tuple[int, ...]
    measures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScannedVoice:
    """A voice with its measures found; ``title`` is that of its tune.

    ``stretches`` are the places (start and stop) of the text between which only this voice stands.
    """

    file_name: str
    title: str
    name: str
    measures: tuple[LocatedMeasure, ...]
    lyrics: tuple[Lyrics, ...]
    stretches: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ScannedTune:
    """A tune with the measures of its voices found; there is at least one voice."""

    file_name: str
    title: str
    voices: tuple[ScannedVoice, ...]
