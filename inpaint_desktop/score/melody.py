"""A melody as immutable values: notes in measures, measures in a melody.

Onsets are ticks from the start of the measure (see ``meter``). The notes and rests of a
measure follow each other without gaps and fill it exactly; a note that sounds on over a
bar line is written as two notes of which the first ties on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from inpaint_desktop.errors import MeasureLengthError, SelectionError
from inpaint_desktop.score.form import NO_SIGNS, FormSigns
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Note:
    """A note, or a rest where ``pitch`` is ``None``. ``ties_on`` ties it to the note that follows."""

    onset: int
    duration: int
    pitch: Pitch | None
    ties_on: bool = False

    @property
    def is_rest(self) -> bool:
        """Whether nothing sounds."""
        return self.pitch is None

    @property
    def end(self) -> int:
        """The tick after the last one of the note."""
        return self.onset + self.duration


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: what it holds and what governs it.

    ``duration`` differs from the meter's in a pickup and in measures that are irregular.
    ``endings`` are the passes in which a measure under a volta bracket is played. ``transposition`` is how many
    semitones higher than written it sounds, as of a transposing instrument. ``form_signs`` lead elsewhere.
    """

    notes: tuple[Note, ...]
    meter: Meter
    key: KeySignature
    duration: int
    number: str = ""
    tempo_bpm: float | None = None
    repeat_start: bool = False
    repeat_end: bool = False
    endings: tuple[int, ...] = ()
    transposition: int = 0
    form_signs: FormSigns = NO_SIGNS

    def __post_init__(self) -> None:
        """Check that the notes fill the measure.

        Raises:
            MeasureLengthError: there is a gap, an overlap, or the end is missed.
        """
        end = 0
        for note in self.notes:
            if note.onset != end or note.duration <= 0:
                raise MeasureLengthError(self.number, note.onset, end)
            end = note.end
        if end != self.duration:
            raise MeasureLengthError(self.number, end, self.duration)

    @classmethod
    def of_rest(cls, meter: Meter, key: KeySignature, number: str = "") -> Self:
        """Make a full measure of rest."""
        return cls((Note(0, meter.ticks, None),), meter, key, meter.ticks, number)

    @property
    def is_full(self) -> bool:
        """Whether the measure is as long as its meter says."""
        return self.duration == self.meter.ticks

    def with_notes(self, notes: Iterable[Note]) -> Self:
        """Return the same measure with other notes in it."""
        return replace(self, notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class Span:
    """Measures ``start`` to ``stop - 1``, counted from 0 in the order of the file."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def indices(self) -> range:
        """The indices of the measures."""
        return range(self.start, self.stop)


@dataclass(frozen=True, slots=True)
class Melody:
    """The measures of one part, in the order in which they are written."""

    measures: tuple[Measure, ...]
    title: str = field(default="", compare=False)

    def with_measures(self, span: Span, measures: Sequence[Measure]) -> Self:
        """Put ``measures`` in the place of those in ``span``.

        Raises:
            SelectionError: the span is outside the melody or of another length.
        """
        self.check(span)
        if len(measures) != len(span):
            message = f"{len(measures)} measures cannot take the place of {len(span)}."
            raise SelectionError(message)
        return replace(self, measures=(*self.measures[: span.start], *measures, *self.measures[span.stop :]))

    def check(self, span: Span) -> None:
        """Make sure that ``span`` lies within the melody.

        Raises:
            SelectionError: it does not.
        """
        if not 0 <= span.start < span.stop <= len(self.measures):
            message = f"Measures {span.start + 1} to {span.stop} are not in this tune of {len(self.measures)} measures."
            raise SelectionError(message)

    def span_of_numbers(self, first: str, last: str) -> Span:
        """Find the measures from number ``first`` to number ``last``, as printed in the score.

        Raises:
            SelectionError: there are no such measures, or they stand the other way round.
        """
        numbers = [measure.number for measure in self.measures]
        for number in (first, last):
            if number not in numbers:
                raise SelectionError(self._missing(number))
        start = numbers.index(first)
        if last not in numbers[start:]:
            message = f"Measure {first} does not come before measure {last}; name the earlier one first."
            raise SelectionError(message)
        stop = numbers.index(last, start) + 1
        while numbers[stop : stop + 1] == [last]:  # both endings of a repeat may bear the same number
            stop += 1
        return Span(start, stop)

    def _missing(self, number: str) -> str:
        if not self.measures:
            return "There are no measures in this tune."
        numbers = self.measures[0].number, self.measures[-1].number
        return f"There is no measure {number}; this tune has measures {numbers[0]} to {numbers[1]}."
