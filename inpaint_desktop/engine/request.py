"""What is asked of an engine, and what it answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.errors import SelectionError, SettingsError
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.settings import MAX_TAKES, MAX_TEMPERATURE

MAX_SEED = 10**12 - 1

Progress = Callable[[float], None]
"""Called with the share of the work that is done; may raise ``Cancelled``."""


@dataclass(frozen=True, slots=True)
class Variety:
    """Where takes get their variety from; the defaults were chosen by measurement (docs/evaluation.md).

    ``context_noise`` scales the spread with which the context's latents are sampled (1 is the paper's),
    ``gap_noise`` is the standard deviation of noise added to the gap's latents, ``temperature`` divides the
    decoder's scores and ``top_p`` is the share of likelihood that tokens are drawn from.
    """

    context_noise: float = 1.0
    gap_noise: float = 0.3
    temperature: float = 1.0
    top_p: float = 0.95

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            SettingsError: a value is outside its range.
        """
        _check("context noise", self.context_noise, 0.0, 10.0)
        _check("gap noise", self.gap_noise, 0.0, 10.0)
        _check("temperature", self.temperature, 0.05, MAX_TEMPERATURE)
        _check("top-p", self.top_p, 0.01, 1.0)

    def bolder(self, boldness: float) -> Self:
        """The same with a higher temperature, and less left out as unlikely; 1 changes nothing."""
        temperature = min(self.temperature * boldness, MAX_TEMPERATURE)
        return replace(self, temperature=temperature, top_p=1 - (1 - self.top_p) / boldness**2)


def _check(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        message = f"The {name} must be between {lowest:g} and {highest:g}, not {value:g}."
        raise SettingsError(message)


@dataclass(frozen=True, slots=True, order=True)
class ContourPoint:
    """A point of a line that pitches shall follow.

    It lies ``onset`` ticks after the start of a measure, counted from 0 in the melody, at a MIDI number as it sounds
    that may lie between two keys.
    """

    measure: int
    onset: int
    midi: float


@dataclass(frozen=True, slots=True)
class Guidance:
    """What new measures shall lean towards; unlike a constraint, it is not met exactly.

    ``echo`` are measures whose notes and rhythm become the likelier, the greater the ``echo_strength``; they come once
    after the other from the start of the gap. ``contour`` is a line that pitches follow the more closely, the greater
    the ``contour_strength``; before its first point and after its last one they are free. Strengths go from 0 to 1.
    """

    echo: Span | None = None
    echo_strength: float = 0.5
    contour: tuple[ContourPoint, ...] = ()
    contour_strength: float = 0.5

    def __post_init__(self) -> None:
        """Check the ranges.

        Raises:
            SettingsError: a value is outside its range.
        """
        _check("strength of the echo", self.echo_strength, 0.0, 1.0)
        _check("strength of the contour", self.contour_strength, 0.0, 1.0)

    @property
    def is_given(self) -> bool:
        """Whether there is anything to lean towards."""
        return self.has_echo or self.has_contour

    @property
    def has_echo(self) -> bool:
        """Whether measures shall be echoed."""
        return self.echo is not None and self.echo_strength > 0

    @property
    def has_contour(self) -> bool:
        """Whether a line shall be followed."""
        return bool(self.contour) and self.contour_strength > 0


@dataclass(frozen=True, slots=True)
class FillRequest:
    """Which measures of a melody to fill, how often, and under which conditions.

    ``stay_in_key`` allows the notes of the tune's key and the accidentals that the rest of the tune uses.
    ``similarity`` is the share of the notes that stand in the gap now, from just above 0 to 1, that come again at
    their places in every take, or the nearest share that the constraints allow; 0 leaves it free. Where measures are
    given that takes shall be ``like``, such as those of another take, it is their notes that come again. Measures with
    nothing but rests have no say.
    """

    melody: Melody
    span: Span
    takes: int = 8
    seed: int = 1
    variety: Variety = field(default_factory=Variety)
    constraints: Constraints = field(default_factory=Constraints)
    stay_in_key: bool = True
    similarity: float = 0.0
    like: tuple[Measure, ...] | None = None
    guidance: Guidance = field(default_factory=Guidance)

    def __post_init__(self) -> None:
        """Check what can be checked without a model.

        Raises:
            SelectionError: the span, the measures to be echoed or a point of the contour are not in the melody, or the
                measures that takes shall be like are not as long.
            SettingsError: the number of takes, the seed, the range of notes or the similarity is impossible.
        """
        self.melody.check(self.span)
        if not 1 <= self.takes <= MAX_TAKES:
            message = f"The number of takes must be between 1 and {MAX_TAKES}, not {self.takes}."
            raise SettingsError(message)
        if not 0 <= self.seed <= MAX_SEED:
            message = f"The seed must be a whole number from 0 to {MAX_SEED}, not {self.seed}."
            raise SettingsError(message)
        _check("similarity", self.similarity, 0.0, 1.0)
        if not self.constraints.has_notes:
            message = "The lowest and highest notes leave no note to use; widen the range."
            raise SettingsError(message)
        self._check_examples()

    def _check_examples(self) -> None:
        """Check the measures that takes shall be like, or echo."""
        if self.like is not None and _lengths(self.like) != _lengths(self.original):
            message = "The measures that the takes shall be like are not as long as those that are filled."
            raise SelectionError(message)
        if (echo := self.guidance.echo) is not None:
            self.melody.check(echo)
            for measure in self.melody.measures[echo.start : echo.stop]:
                self._check_grid(measure)
        for point in self.guidance.contour:
            self.melody.check(Span(point.measure, point.measure + 1))

    def _check_grid(self, measure: Measure) -> None:
        here = self.original[0].meter
        if grid_of(measure.meter) != grid_of(here):
            number = f" {measure.number}" if measure.number else ""
            message = f"Measure{number} is in {measure.meter} and cannot be echoed in {here}; choose others to echo."
            raise SelectionError(message)

    @property
    def original(self) -> tuple[Measure, ...]:
        """The measures that stand in the gap now."""
        return self.melody.measures[self.span.start : self.span.stop]

    @property
    def example(self) -> tuple[Measure, ...]:
        """The measures that a similarity is about."""
        return self.original if self.like is None else self.like

    @property
    def is_free(self) -> bool:
        """Whether nothing that is asked for reaches from one measure to another, so that they may go side by side."""
        return self.constraints.are_about_pitches_only and not self.heeds_example and not self.guidance.is_given

    @property
    def heeds_example(self) -> bool:
        """Whether the takes shall be similar to measures that have any notes."""
        is_silent = all(note.is_rest for measure in self.example for note in measure.notes)
        return self.similarity > 0 and not is_silent


def _lengths(measures: tuple[Measure, ...]) -> list[int]:
    return [measure.duration for measure in measures]


@dataclass(frozen=True, slots=True)
class Properties:
    """What was measured of a take.

    ``out_of_key`` is the share of its notes outside the tune's key signature, ``likeness`` the share of notes
    that it has in common with the original (onset and pitch, F1), ``lowest`` and ``highest`` MIDI numbers. ``kept`` is
    the share of the original's notes that come again at their places, ``onsets`` how many notes begin in each measure
    on average, ``longest_leap`` the widest interval in semitones, with the notes right before and after.
    """

    out_of_key: float
    likeness: float
    lowest: int | None
    highest: int | None
    kept: float = 0.0
    onsets: float = 0.0
    longest_leap: int = 0


@dataclass(frozen=True, slots=True)
class KnownRun:
    """Measures of the melody that stand in a tune which is known, in whatever key.

    ``is_same_tune`` says that the melody as it stood is that tune, as far as can be told, so that it is no news.
    """

    title: str
    span: Span
    is_same_tune: bool = False


@dataclass(frozen=True, slots=True)
class Take:
    """One way to fill the gap. ``log_likelihood`` is in nats a tick, under the model without noise.

    A take that was made of two others has their seeds as ``spliced``: of the one whose rhythm it has, and of the one
    whose pitches. ``known`` are its measures that stand in known tunes, ``None`` where it was not compared with them.
    """

    request: FillRequest
    measures: tuple[Measure, ...]
    seed: int
    log_likelihood: float
    properties: Properties
    spliced: tuple[int, int] | None = None
    known: tuple[KnownRun, ...] | None = None


MORE_LIKE = 0.7
"""The share of a take's notes that come again where more like it is asked for."""


def more_like(take: Take, similarity: float = MORE_LIKE) -> FillRequest:
    """Ask for more takes like one that is liked, under the conditions under which it was made."""
    return replace(take.request, like=take.measures, similarity=similarity)


class Engine(Protocol):
    """Anything that can fill measures."""

    @property
    def name(self) -> str:
        """The name by which the engine is chosen."""

    @property
    def device(self) -> object:
        """Where it computes; its text is for people."""

    def propose(self, request: FillRequest, progress: Progress = ...) -> Iterator[Take]:
        """Propose takes: perhaps a good one at once, then the others, each the best of what is left.

        The same request gives the same takes on the same device.

        Raises:
            UnsuitableModelError: the model was not made for this music.
            SelectionError: the selection is too long.
            ConstraintError: what is asked for cannot be met.
        """

    def splice(self, request: FillRequest, rhythm: Sequence[Measure], pitches: Sequence[Measure]) -> Take:
        """Make a take of the rhythm of one take of a request and the pitches of another.

        Raises:
            ConstraintError: the result would not meet what the request asks for, or differ from neither of them.
        """
