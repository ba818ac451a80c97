"""Requests made up at random over all meters, and what must hold of every take that answers one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.encoding.grid import grid_of
from inpaint_desktop.engine.checking import breaches_of
from inpaint_desktop.engine.properties import share_kept, sounding, sounding_notes
from inpaint_desktop.engine.proposing import DrawingEngine
from inpaint_desktop.engine.request import ContourPoint, FillRequest, Guidance, Take, Variety
from inpaint_desktop.errors import ConstraintError, InpaintDesktopError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.places import NotePlace, places_in
from inpaint_desktop.score.spelling import spell

if TYPE_CHECKING:
    from inpaint_desktop.score.pitch import Pitch

METERS = tuple(Meter(*map(int, name.split("/"))) for name in ("4/4", "2/2", "2/4", "3/4", "3/2", "6/8", "9/8", "12/8"))
_TINY = 1e-9


def made_up_tune(dice: Random, meter: Meter) -> Melody:
    """A tune of a few to many measures, with ties, accidentals, pickups, short measures and notes between ticks."""
    key = KeySignature(dice.randint(-4, 4))
    durations = [meter.ticks] * dice.randint(2, 24)
    if dice.random() < 0.3:
        durations[0] = dice.choice(grid_of(meter).onsets[1:])
    if dice.random() < 0.3 and len(durations) > 4:
        cut = dice.randint(1, len(durations) - 3)
        pickup = dice.choice([TICKS_PER_QUARTER, TICKS_PER_QUARTER // 2])
        durations[cut : cut + 2] = [meter.ticks - pickup, pickup]
    measures = [
        Measure(_notes(dice, meter, key, duration), meter, key, duration, str(number))
        for number, duration in enumerate(durations, 1)
    ]
    return Melody(tuple(_tied(dice, measures)))


def _notes(dice: Random, meter: Meter, key: KeySignature, duration: int) -> tuple[Note, ...]:
    starts = [onset for onset in grid_of(meter).onsets if 0 < onset < duration]
    onsets = [0, *dice.sample(starts, min(dice.randint(0, 8), len(starts)))]
    if dice.random() < 0.01:
        onsets.append(duration * 3 // 7)  # between ticks
    onsets = sorted(set(onsets))
    scale = [midi for midi in range(60, 84) if midi % 12 in key.pitch_classes or dice.random() < 0.05]
    midi = [None if dice.random() < 0.1 else dice.choice(scale) for _ in onsets]
    pitches, ends = spell(midi, key), [*onsets[1:], duration]
    notes = [Note(on, off - on, pitch) for on, off, pitch in zip(onsets, ends, pitches, strict=True)]
    return tuple(_split(dice, notes))


def _split(dice: Random, notes: list[Note]) -> Iterator[Note]:
    """Some long notes are written as two that are tied."""
    for note in notes:
        half = note.duration // 2
        if note.is_rest or note.duration < 2 * TICKS_PER_QUARTER or dice.random() < 0.9:
            yield note
        else:
            yield replace(note, duration=half, ties_on=True)
            yield replace(note, onset=note.onset + half, duration=note.duration - half)


def _tied(dice: Random, measures: list[Measure]) -> Iterator[Measure]:
    """Some of the notes at the end of a measure are tied to the next one."""
    pitch: Pitch | None = None
    for measure in measures:
        notes = list(measure.notes)
        if pitch is not None:
            notes[0] = replace(notes[0], pitch=pitch)
        pitch = notes[-1].pitch if dice.random() < 0.15 and measure is not measures[-1] else None
        notes[-1] = replace(notes[-1], ties_on=pitch is not None)
        yield measure.with_notes(notes)


def made_up_request(dice: Random, meters: tuple[Meter, ...] = METERS) -> FillRequest:
    """A request for takes of measures of a made-up tune, with a few constraints.

    Raises:
        ConstraintError: two constraints contradict each other by themselves.
    """
    melody = made_up_tune(dice, dice.choice(meters))
    start = dice.randrange(len(melody.measures))
    span = Span(start, min(start + dice.randint(1, 8), len(melody.measures)))
    return FillRequest(
        melody,
        span,
        takes=8,
        seed=dice.randrange(10**6),
        variety=Variety(temperature=dice.choice([0.7, 1.0, 1.3])),
        constraints=_constraints(dice, melody, span),
        stay_in_key=dice.random() < 0.8,
        similarity=dice.choice([0.0, 0.0, round(dice.random(), 2)]),
        guidance=_guidance(dice, melody, span),
    )


def _constraints(dice: Random, melody: Melody, span: Span) -> Constraints:
    names = dice.sample(sorted(_MAKERS), dice.choice([0, 1, 1, 2, 2, 3, 4, 5]))
    if {"rhythm", "pitches"} <= set(names):
        names.remove(dice.choice(["rhythm", "pitches"]))
    place = _Place(dice, melody, span, *_range(dice, melody))
    asked: dict[str, Any] = {}
    for name in names:
        asked |= _MAKERS[name](place)
    return Constraints(**asked)


def _range(dice: Random, melody: Melody) -> tuple[int, int]:
    """A range that most of a melody's notes lie in, or all of them."""
    numbers = [midi for _, _, midi in sounding_notes(melody.measures)] or [60]
    lowest, highest = min(numbers), max(numbers)
    return lowest + dice.choice([-3, -3, 0, 2]), highest + dice.choice([-2, 0, 3, 3])


def _guidance(dice: Random, melody: Melody, span: Span) -> Guidance:
    guidance = Guidance()
    if dice.random() < 0.1:
        first = dice.randrange(len(melody.measures))
        guidance = replace(guidance, echo=Span(first, min(first + 2, len(melody.measures))))
    if dice.random() < 0.1:
        points = [ContourPoint(index, 0, dice.uniform(60, 84)) for index in span.indices]
        guidance = replace(guidance, contour=tuple(points), contour_strength=dice.random())
    return guidance


@dataclass(frozen=True, slots=True)
class _Place:
    """What a constraint is made up for."""

    dice: Random
    melody: Melody
    span: Span
    lowest: int
    highest: int

    def note(self) -> int:
        """A note of the range."""
        return self.dice.randint(self.lowest, max(self.lowest, self.highest))

    def locks(self) -> frozenset[NotePlace]:
        """A few notes and rests of the chosen measures."""
        places = list(places_in(self.melody, self.span))
        return frozenset(self.dice.sample(places, min(self.dice.randint(1, 6), len(places))))

    def onsets(self) -> dict[str, Any]:
        """How many notes there shall be in each measure."""
        fewest = self.dice.randint(0, 8)
        both = {"fewest_onsets": fewest, "most_onsets": fewest + 2}
        return self.dice.choice([{"fewest_onsets": fewest}, {"most_onsets": fewest}, both])


_MAKERS: dict[str, Callable[[_Place], dict[str, Any]]] = {
    "range": lambda place: {"lowest": place.lowest, "highest": place.highest},
    "pitch classes": lambda place: {"pitch_classes": frozenset(place.dice.sample(range(12), 8))},
    "locks": lambda place: {"locked": place.locks()},
    "rhythm": lambda _: {"keep_rhythm": True},
    "pitches": lambda _: {"keep_pitches": True},
    "first": lambda place: {"first_note": place.note()},
    "last": lambda place: {"last_note": place.note()},
    "onsets": _Place.onsets,
    "leap": lambda place: {"longest_leap": place.dice.randint(2, 16)},
    "copy": lambda place: {"most_kept": round(place.dice.random(), 2)},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request. ``faults`` is empty where all that was promised holds."""

    request: FillRequest | None
    takes: int = 0
    refused: str = ""
    faults: tuple[str, ...] = ()
    is_short: bool = False


def outcome_of(engine: DrawingEngine, seed: int, meters: tuple[Meter, ...] = METERS) -> Outcome:
    """Ask for takes with the request that a seed makes up, and look at every one of them."""
    request = None
    try:
        request = made_up_request(Random(seed), meters)
        takes = list(engine.propose(request))
    except ConstraintError as error:
        return Outcome(request, refused=str(error))
    except InpaintDesktopError as error:
        return Outcome(request, refused=f"{type(error).__name__}: {error}")
    except Exception as error:  # noqa: BLE001 - that there is none is what is checked
        return Outcome(request, refused="not in a sentence", faults=(f"{type(error).__name__}: {error}",))
    faults = tuple(sorted({fault for take in takes for fault in faults_of(take)}))
    twins = sum(sounding(one.measures) == sounding(other.measures) for one, other in combinations(takes, 2))
    return Outcome(
        request,
        len(takes),
        faults=(*faults, *(["twins"] if twins else [])),
        is_short=len(takes) < request.takes and _has_room(engine, request),
    )


def faults_of(take: Take) -> Iterator[str]:
    """What a take does not keep of what was promised."""
    yield from breaches_of(take.request, take.measures)
    for measure in take.measures:
        if sum(note.duration for note in measure.notes) != measure.duration:
            yield "a measure is not full"
    if take.request.heeds_example and not _is_similar(take):
        yield "similarity"


def _is_similar(take: Take) -> bool:
    """Whether as many notes are kept as were asked for, where nothing else was."""
    request = take.request
    everything = replace(request.constraints, locked=frozenset())
    if everything != Constraints() or request.stay_in_key or not _is_plain(request):
        return True
    total = len(sounding_notes(request.example))
    kept = share_kept(sounding(take.measures), sounding(request.example))
    return abs(kept - request.similarity) * total <= 0.5 + _TINY


def _is_plain(request: FillRequest) -> bool:
    """Whether nothing but the similarity decides how many notes are kept: no lock, and a rhythm that can be written."""
    grid = grid_of(request.original[0].meter)
    rhythms = [[note.onset for note in measure.notes] for measure in request.original]
    return (
        not request.constraints.locked
        and all(measure.is_full for measure in request.original)
        and all(grid.holds(onset) for onsets in rhythms for onset in onsets)
        and (request.original[0].meter.is_compound or not any(map(_mixes, rhythms)))
    )


def _mixes(onsets: list[int]) -> bool:
    """Whether a beat is divided in quarters and in thirds."""
    places = {divmod(onset, TICKS_PER_QUARTER) for onset in onsets}
    quarters = {beat for beat, place in places if place * 4 % TICKS_PER_QUARTER == 0 and place}
    return bool(quarters & {beat for beat, place in places if place * 3 % TICKS_PER_QUARTER == 0 and place})


def _has_room(engine: DrawingEngine, request: FillRequest, tries: int = 400) -> bool:
    """Whether there are as many takes as were asked for, as far as trying without any model can tell."""
    reading = engine.drawing(request).reading
    walk, dice = reading.rules.walk(tries), np.random.default_rng(1)
    columns = []
    for _ in range(len(reading.gap)):
        allowed = walk.allowed()
        columns.append((allowed * dice.random(allowed.shape)).argmax(1))
        walk.take(columns[-1])
    rows = np.stack(columns, 1).reshape(tries, len(reading.gap.slots), -1)
    takes = [reading.take(row, 0, 0.0) for row in rows.tolist()]
    return len({sounding(take.measures) for take in takes} - {sounding(request.original)}) >= request.takes
