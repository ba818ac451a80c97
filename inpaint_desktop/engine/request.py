"""What is asked of an engine, and what it answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.errors import SettingsError
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


def _check(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        message = f"The {name} must be between {lowest:g} and {highest:g}, not {value:g}."
        raise SettingsError(message)


@dataclass(frozen=True, slots=True)
class FillRequest:
    """Which measures of a melody to fill, how often, and under which conditions.

    ``stay_in_key`` allows the notes of the tune's key and the accidentals that the rest of the tune uses.
    ``similarity`` says how much the measures that stand in the gap now have a say in the new ones: 0 none,
    1 as much as the model can follow. A gap with nothing but rests has no say.
    """

    melody: Melody
    span: Span
    takes: int = 8
    seed: int = 1
    variety: Variety = field(default_factory=Variety)
    constraints: Constraints = field(default_factory=Constraints)
    stay_in_key: bool = True
    similarity: float = 0.0

    def __post_init__(self) -> None:
        """Check what can be checked without a model.

        Raises:
            SelectionError: the span is not in the melody.
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


@dataclass(frozen=True, slots=True)
class Properties:
    """What was measured of a take.

    ``out_of_key`` is the share of its notes outside the tune's key signature, ``likeness`` the share of notes
    that it has in common with the original (onset and pitch, F1), ``lowest`` and ``highest`` MIDI numbers.
    """

    out_of_key: float
    likeness: float
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class Take:
    """One way to fill the gap. ``log_likelihood`` is in nats a tick, under the model without noise."""

    request: FillRequest
    measures: tuple[Measure, ...]
    seed: int
    log_likelihood: float
    properties: Properties


class Engine(Protocol):
    """Anything that can fill measures."""

    @property
    def name(self) -> str:
        """The name by which the engine is chosen."""

    @property
    def device(self) -> object:
        """Where it computes; its text is for people."""

    def propose(self, request: FillRequest, progress: Progress = ...) -> Iterator[Take]:
        """Propose takes, best first. The same request gives the same takes on the same device.

        Raises:
            UnsuitableModelError: the model was not made for this music.
            SelectionError: the selection is too long.
        """
