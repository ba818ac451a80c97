"""What a musician may ask of takes, one control each, as it is measured by ``training.controls``.

Every control asks for something that fits the tune, and where it does not ask exactly, says what it should change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.properties import likeness, share_kept, sounding, sounding_notes
from inpaint_desktop.engine.request import ContourPoint, FillRequest, Guidance
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.places import NotePlace, places_in

_TINY = 1e-9

Dice = np.random.Generator
Ask = Callable[[FillRequest, Dice], FillRequest]
Effect = Callable[[FillRequest, Sequence[Measure]], float]
"""Measures something of measures that answer a request."""


@dataclass(frozen=True, slots=True)
class Control:
    """Something to ask for. ``effect`` is what it should change, ``what`` says so in the table.

    One that is not ``is_exact`` is leant towards and not met.
    """

    name: str
    ask: Ask
    effect: Effect | None = None
    what: str = ""
    is_exact: bool = True


def _pitches(measures: Sequence[Measure]) -> list[int]:
    return [midi for _, _, midi in sounding_notes(measures)]


def _around(request: FillRequest) -> list[int]:
    """The MIDI numbers around the gap."""
    measures, span = request.melody.measures, request.span
    return _pitches(measures[: span.start]) + _pitches(measures[span.stop :])


def _middle(request: FillRequest) -> int:
    return int(np.median(_around(request)))


def _constrained(**asked: Any) -> Ask:  # noqa: ANN401 - a field of Constraints each
    return lambda request, _dice: replace(request, constraints=Constraints(**asked))


def _locked(request: FillRequest, dice: Dice) -> FillRequest:
    """A note of every measure is locked."""
    chosen = [_one_of(request.melody, index, dice) for index in request.span.indices]
    return replace(request, constraints=Constraints(locked=frozenset(place for place in chosen if place)))


def _one_of(melody: Melody, index: int, dice: Dice) -> NotePlace | None:
    notes = melody.measures[index].notes
    places = [place for place in places_in(melody, Span(index, index + 1)) if notes[place.note].pitch]
    return places[int(dice.integers(len(places)))] if places else None


def _in_range(request: FillRequest, _dice: Dice) -> FillRequest:
    """An octave around the middle of the notes around."""
    middle = _middle(request)
    return replace(request, constraints=Constraints(lowest=middle - 6, highest=middle + 6))


def _with_ends(request: FillRequest, dice: Dice) -> FillRequest:
    """The first and the last note are notes of the tune, drawn at random."""
    first, last = (int(note) for note in dice.choice(_around(request), 2))
    return replace(request, constraints=Constraints(first_note=first, last_note=last))


def _similar(share: float) -> Ask:
    return lambda request, _dice: replace(request, similarity=share)


def kept(request: FillRequest, measures: Sequence[Measure]) -> float:
    """The share of the notes that stand in the gap now that measures keep."""
    return share_kept(sounding(measures), sounding(request.original))


def _echoing(strength: float) -> Ask:
    def ask(request: FillRequest, _dice: Dice) -> FillRequest:
        """The two measures at the beginning or, where they are missing, those right after the gap."""
        span = request.span
        echo = Span(0, 2) if span.start >= 2 else Span(span.stop, min(span.stop + 2, len(request.melody.measures)))
        return replace(request, guidance=Guidance(echo=echo, echo_strength=strength))

    return ask


def _like_the_echo(request: FillRequest, measures: Sequence[Measure]) -> float:
    """F1 of equal notes at equal places with the echoed measures, one after the other."""
    echo = request.guidance.echo
    assert echo is not None
    echoed = [request.melody.measures[echo.start + place % len(echo)] for place in range(len(measures))]
    return likeness(sounding(measures), sounding(echoed))


def _along_a_line(strength: float) -> Ask:
    def ask(request: FillRequest, _dice: Dice) -> FillRequest:
        """Up an octave to the middle of the gap, and down again."""
        span, low = request.span, _middle(request) - 5
        peak = (span.start + span.stop) // 2
        last = request.melody.measures[span.stop - 1].duration - 1
        ends = ContourPoint(span.start, 0, low), ContourPoint(span.stop - 1, last, low)
        line = (ends[0], ContourPoint(peak, 0, low + 12), ends[1])
        return replace(request, guidance=Guidance(contour=line, contour_strength=strength))

    return ask


def _along_it(request: FillRequest, measures: Sequence[Measure]) -> float:
    """The rank correlation of the notes with the line; 0 where all are alike."""
    starts = np.cumsum([0, *(measure.duration for measure in request.melody.measures)])
    points = request.guidance.contour
    line = [starts[point.measure] + point.onset for point in points], [point.midi for point in points]
    notes = sounding_notes(measures)
    times = [starts[request.span.start + measure] + onset for measure, onset, _ in notes]
    return rank_correlation([midi for *_, midi in notes], np.interp(times, *line))


def rank_correlation(values: Sequence[float], others: Sequence[float]) -> float:
    """Spearman's; 0 where either has nothing but one value."""
    ranks = [_ranks(np.asarray(one, float)) for one in (values, others)]
    spreads = [float(rank.std()) if len(rank) else 0.0 for rank in ranks]
    if min(spreads) < _TINY:
        return 0.0
    return float(np.mean((ranks[0] - ranks[0].mean()) * (ranks[1] - ranks[1].mean())) / (spreads[0] * spreads[1]))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Where each value stands, equal ones at the mean of their places."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    means: np.ndarray = np.cumsum(counts) - (counts - 1) / 2
    return means[inverse]


CONTROLS = (
    Control("stay in key", lambda request, _: replace(request, stay_in_key=True)),
    Control("a note of each measure locked", _locked),
    Control("keep the rhythm", _constrained(keep_rhythm=True)),
    Control("keep the pitches", _constrained(keep_pitches=True)),
    Control("an octave of range", _in_range),
    Control("first and last note", _with_ends),
    Control("at most 4 notes a measure", _constrained(most_onsets=4)),
    Control("at least 8 notes a measure", _constrained(fewest_onsets=8)),
    Control("no leap over 4 semitones", _constrained(longest_leap=4)),
    Control("at most 0.25 kept", _constrained(most_kept=0.25), kept, "kept"),
    Control("nothing kept", _constrained(most_kept=0.0), kept, "kept"),
    *(Control(f"similarity {share:g}", _similar(share), kept, "kept") for share in (0.25, 0.5, 0.75, 1.0)),
    *(
        Control(f"echo, strength {strength:g}", _echoing(strength), _like_the_echo, "like the echo", is_exact=False)
        for strength in (0.5, 1.0)
    ),
    *(
        Control(
            f"contour, strength {strength:g}", _along_a_line(strength), _along_it, "rank correlation", is_exact=False
        )
        for strength in (0.5, 1.0)
    ),
)
