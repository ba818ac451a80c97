"""A measure of ABC while it is collected from tokens, and what becomes of it.

Durations are exact fractions of a whole note until a measure is complete, and ticks from then on.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate

from inpaint_desktop.documents.abc.fields import Context
from inpaint_desktop.documents.abc.located import Item, LocatedMeasure, Sound
from inpaint_desktop.documents.abc.tokens import Token
from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.score.form import FormSign
from inpaint_desktop.score.meter import TICKS_PER_QUARTER

TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER

# What the text of a measure may begin and end with; everything else stays outside it.
_MUSIC = frozenset(
    {"note", "chord", "rest", "long_rest", "repeat_measure", "grace", "tuplet"}
    | {"slur_start", "slur_stop", "tie", "broken", "ornament"}
)
CLOSING = frozenset({"note", "chord", "rest", "long_rest", "repeat_measure", "slur_stop", "tie"})


@dataclass(slots=True)
class OpenSound:
    """A sound whose length may still change."""

    token: Token
    written: str
    length: Fraction
    context: Context
    ties_on: bool = False


@dataclass(slots=True)
class OpenMeasure:
    """A measure that is being collected; each item has the number of sounds before it."""

    sounds: list[OpenSound] = field(default_factory=list)
    items: list[tuple[Token, int, Context | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    starts_section: bool = False
    repeat_start: bool = False
    repeat_end: bool = False
    endings: tuple[int, ...] = ()
    long_rest: int = 0
    is_bound_to_next: bool = False
    has_overlay: bool = False
    repeats_previous: bool = False
    is_tied_outside: bool = False
    ends: tuple[int, ...] = ()
    form_signs: set[FormSign] = field(default_factory=set)

    def complete(self) -> None:
        """Fix when each sound ends, in ticks; no length changes from now on."""
        self.ends = _ends(tuple(sound.length for sound in self.sounds))

    @property
    def is_short(self) -> bool:
        """Whether it lasts less than its meter asks for."""
        context = self.sounds[0].context
        return not context.is_free and self.ticks < context.meter.ticks

    @property
    def ticks(self) -> int:
        """How long it lasts; of a rest of several measures, how long each of them does."""
        if self.long_rest:
            return self.sounds[0].context.meter.ticks
        return (self.ends or _ends(tuple(sound.length for sound in self.sounds)))[-1]


@lru_cache(maxsize=4096)  # tunes have few rhythms, and fractions take their time
def _ends(lengths: tuple[Fraction, ...]) -> tuple[int, ...]:
    """Turn lengths into ticks; ends are rounded, so that nothing adds up."""
    return tuple(round(end * TICKS_PER_WHOLE) for end in accumulate(lengths))


def located(measure: OpenMeasure, slot: int, number: str) -> LocatedMeasure:
    """What a complete measure is."""
    context = measure.sounds[0].context
    sounds = _timed(measure)
    if measure.long_rest:
        sounds = (Sound(0, context.meter.ticks, "", context),)
    duration = sounds[-1].onset + sounds[-1].duration
    items = _inner_items(measure, (*(sound.onset for sound in sounds), duration))
    mark = MeasureMark(
        number=number,
        start=items[0].start,
        stop=items[-1].stop,
        meter=context.meter,
        key=context.key,
        clef=context.clef,
        tempo_bpm=context.tempo_bpm,
        is_pickup=measure.is_short and measure.starts_section and not measure.endings,
        repeat_start=measure.repeat_start,
        repeat_end=measure.repeat_end,
        endings=measure.endings,
        form_signs=frozenset(measure.form_signs),
    )
    return LocatedMeasure(
        mark,
        context,
        sounds,
        items,
        duration,
        slot,
        is_bound_to_next=measure.is_bound_to_next,
        has_overlay=measure.has_overlay,
        repeats_previous=measure.repeats_previous,
        is_tied_outside=measure.is_tied_outside,
    )


def _timed(measure: OpenMeasure) -> tuple[Sound, ...]:
    ends = measure.ends
    return tuple(
        Sound(onset, end - onset, sound.written, sound.context, sound.ties_on)
        for sound, onset, end in zip(measure.sounds, (0, *ends), ends, strict=False)
    )


def _inner_items(measure: OpenMeasure, onsets: tuple[int, ...]) -> tuple[Item, ...]:
    """The tokens from the first that belongs to a note to the last one."""
    items = measure.items
    if measure.long_rest:
        items = [item for item in items if item[0].kind == "long_rest"]
    first = next(index for index, (token, _, _) in enumerate(items) if token.kind in _MUSIC)
    last = max(index for index, (token, _, _) in enumerate(items) if token.kind in CLOSING)
    return tuple(
        Item(token.kind, token.start, token.stop, onsets[min(index, len(onsets) - 1)], context)
        for token, index, context in items[first : last + 1]
    )
