"""How the musician wants takes to be, as values: the settings of a request, and what it may be made from."""

from dataclasses import dataclass, fields, replace
from typing import Any

from inpaint_desktop.score.melody import Measure, Span
from inpaint_desktop.settings import DEFAULT_MODEL, RANGES, is_empty_range
from inpaint_desktop.ui.words import tr

USUAL_VARIETY = 0.5
USUAL_ECHO_STRENGTH = 0.5


@dataclass(frozen=True, slots=True)
class Example:
    """A take that others shall be like, in the place of the original: its measures, and what it was called.

    ``similarity_before`` is how like the original takes should be before, which counts again without the example.
    """

    part: int
    span: Span
    measures: tuple[Measure, ...]
    name: str
    similarity_before: float = 0.0


@dataclass(frozen=True, slots=True)
class FillSettings:
    """How the musician wants takes to be; ``None`` leaves free.

    ``variety`` goes from 0 (safe) to 1 (bold). ``similarity`` is the share of the original's notes, or of those of
    the ``example``, that come again; 0 leaves it free. ``lowest``, ``highest``, ``first_note`` and ``last_note`` are
    MIDI numbers, ``keep`` is ``rhythm``, ``pitches`` or empty, ``fewest_notes`` and ``most_notes`` are of a measure,
    ``longest_leap`` is in semitones, ``most_kept`` the share of the original's notes that may come again. ``echo``
    are measures to lean towards. An unlocked ``seed`` is drawn anew for each request.
    """

    takes: int = 8
    variety: float = USUAL_VARIETY
    similarity: float = 0.0
    stay_in_key: bool = True
    lowest: int | None = None
    highest: int | None = None
    keep: str = ""
    first_note: int | None = None
    last_note: int | None = None
    fewest_notes: int | None = None
    most_notes: int | None = None
    longest_leap: int | None = None
    most_kept: float | None = None
    echo: Span | None = None
    echo_strength: float = USUAL_ECHO_STRENGTH
    example: Example | None = None
    seed: int = 1
    seed_locked: bool = False
    model: str = DEFAULT_MODEL
    device: str = "auto"

    @property
    def conditions(self) -> tuple[str, ...]:
        """The names of the conditions that are set, those that are usually out of sight."""
        return tuple(name for name in CONDITIONS if getattr(self, name) != getattr(_USUAL, name))

    def without_conditions(self) -> "FillSettings":
        """The same with none of these conditions."""
        return replace(self, **{name: getattr(_USUAL, name) for name in CONDITIONS})

    def with_limit(self, name: str, value: int | None) -> "FillSettings":
        """The same with another limit; the opposite one is taken along where it would be crossed."""
        low, high = next(pair for pair in RANGES if name in pair)
        limits: dict[str, Any] = {low: getattr(self, low), high: getattr(self, high), name: value}
        if is_empty_range(limits[low], limits[high]):
            limits = {low: value, high: value}
        return replace(self, **limits)

    def without_example(self) -> "FillSettings":
        """The same for takes that are like the original again, as much as before."""
        if self.example is None:
            return self
        return replace(self, example=None, similarity=self.example.similarity_before)

    def for_another_tune(self) -> "FillSettings":
        """What of it does not hang on the notes of one tune."""
        return replace(self.without_example(), first_note=None, last_note=None, echo=None)


CONDITIONS = (
    "keep",
    "first_note",
    "last_note",
    "fewest_notes",
    "most_notes",
    "longest_leap",
    "most_kept",
    "echo",
)
_USUAL = FillSettings()

OF_ONE_TUNE = ("first_note", "last_note", "echo", "example")
"""Settings that hang on the notes of a tune, and are not remembered for another."""

REMEMBERED = tuple(item.name for item in fields(FillSettings) if item.name not in OF_ONE_TUNE)
"""Settings that are remembered when the program ends."""


@dataclass(frozen=True, slots=True)
class Source:
    """Measures that a splice takes something from, and what they are called.

    If they are a take, ``seed`` is its own and ``asked_seed`` the one that was asked with, which people see.
    """

    measures: tuple[Measure, ...]
    name: str
    seed: int | None = None
    asked_seed: int | None = None

    @property
    def title(self) -> str:
        """The name, and the seed if there is one: cards change their numbers, but no take its seed."""
        return (
            self.name if self.asked_seed is None else tr("{take} (seed {seed})", take=self.name, seed=self.asked_seed)
        )


@dataclass(frozen=True, slots=True)
class Splice:
    """Two ways to fill the same measures: one has the ``rhythm``, the other the ``pitches``."""

    rhythm: Source
    pitches: Source

    @property
    def seeds(self) -> tuple[int, int] | None:
        """The seeds of both takes; nothing where one of the ways is the original."""
        rhythm, pitches = self.rhythm.seed, self.pitches.seed
        return None if rhythm is None or pitches is None else (rhythm, pitches)
