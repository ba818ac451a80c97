"""Splicing: the rhythm of one take with the pitches of another.

Measure by measure, the notes of the rhythm get pitches in the order in which those were played, each from a note that
sounds while it begins, or soon before or after. Where there are more pitches than notes some are left out, where there
are fewer some come twice. Locked notes, which both takes have, stay.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from inpaint_desktop.engine.checking import breaches_of
from inpaint_desktop.engine.properties import sounding
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.score.melody import Measure, Note
from inpaint_desktop.score.pitch import Pitch


def spliced(request: FillRequest, rhythm: Sequence[Measure], pitches: Sequence[Measure]) -> tuple[Measure, ...]:
    """Lay the pitches of some measures on the rhythm of others.

    Raises:
        ConstraintError: the result would not meet what the request asks for, or differ from neither of them.
    """
    measures = _laid(rhythm, pitches, _locked_onsets(request))
    if sounding(measures) in {sounding(rhythm), sounding(pitches)}:
        message = "The two takes have the same rhythm, or the same pitches; choose two that differ in both."
        raise ConstraintError(message)
    breaches = breaches_of(request, measures)
    if breaches:
        message = f"These two takes cannot be spliced: the result would not keep to {_listed(breaches)}; choose others."
        raise ConstraintError(message)
    return measures


def _locked_onsets(request: FillRequest) -> set[tuple[int, int]]:
    """Where locked notes begin, by the place of their measure in the gap and their onset."""
    return {
        (place.measure - request.span.start, request.melody.measures[place.measure].notes[place.note].onset)
        for place in request.constraints.locked
    }


def _laid(rhythm: Sequence[Measure], pitches: Sequence[Measure], locked: set[tuple[int, int]]) -> tuple[Measure, ...]:
    """The notes of the rhythm with the other pitches; one that is tied to the note before has that one's pitch."""
    before = next((note.pitch for measure in pitches for note in _notes(measure)), None)
    result: list[Measure] = []
    goes_on = False
    for number, (measure, other) in enumerate(zip(rhythm, pitches, strict=True)):
        anchors = {onset for place, onset in locked if place == number}
        tied = _notes(measure)[: int(goes_on)]
        chosen = [before] * len(tied) + _chosen(_notes(measure)[len(tied) :], _notes(other), anchors, before)
        result.append(_with_pitches(measure, chosen))
        before = chosen[-1] if chosen else before
        goes_on = bool(measure.notes) and measure.notes[-1].ties_on
    return tuple(result)


def _notes(measure: Measure) -> list[Note]:
    return [note for note in measure.notes if not note.is_rest]


def _with_pitches(measure: Measure, pitches: Sequence[Pitch | None]) -> Measure:
    left = iter(pitches)
    return measure.with_notes(note if note.is_rest else replace(note, pitch=next(left)) for note in measure.notes)


def _chosen(
    notes: Sequence[Note], others: Sequence[Note], anchors: set[int], before: Pitch | None
) -> list[Pitch | None]:
    """A pitch for each of ``notes`` from ``others``, or the one ``before`` where those are silent.

    Between the notes that both have at an anchor, the two lines are laid on each other by themselves.
    """
    shared = sorted(anchors & {note.onset for note in notes} & {note.onset for note in others})
    chosen: list[Pitch | None] = []
    for start, stop in pairwise([-inf, *shared, inf]):
        here, there = ([note for note in line if start <= note.onset < stop] for line in (notes, others))
        chosen += _aligned(here, there) if there else [chosen[-1] if chosen else before] * len(here)
    return chosen


_Ways = dict[int, tuple[int, list[int]]]
"""For each place of the other line that was reached: the least shift in time until there, and the places on the way."""


def _shift(note: Note, other: Note) -> int:
    """How far a note begins from the time while the other one sounds."""
    return max(other.onset - note.onset, note.onset - other.end + 1, 0)


def _aligned(notes: Sequence[Note], others: Sequence[Note]) -> list[Pitch | None]:
    """A pitch for each of ``notes``, in the order of ``others`` and with as little shift in time as there can be.

    Where there are more notes than others some share a pitch, else some of the others are left out.
    """
    if not notes:
        return []
    shares = len(notes) > len(others)
    starts = others[:1] if shares else others
    ways: _Ways = {place: (_shift(notes[0], other), [place]) for place, other in enumerate(starts)}
    for note in notes[1:]:
        ways = _extended(ways, note, others, shares=shares)
    ends = [ways[len(others) - 1]] if shares else list(ways.values())
    return [others[place].pitch for place in min(ends)[1]]


def _extended(ways: _Ways, note: Note, others: Sequence[Note], *, shares: bool) -> _Ways:
    """The ways with one note more."""
    result: _Ways = {}
    for place, other in enumerate(others):
        reached = range(place - 1, place + 1) if shares else range(place)
        if before := [ways[earlier] for earlier in reached if earlier in ways]:
            shift, way = min(before)
            result[place] = (shift + _shift(note, other), [*way, place])
    return result


_WORDS = {
    "span": "the length of the measures",
    "lowest or highest": "the lowest and highest note",
    "stay_in_key or pitch_classes": "the key",
    "locked": "the locked notes",
    "keep_rhythm": "the kept rhythm",
    "keep_pitches": "the kept pitches",
    "first_note": "the first note",
    "last_note": "the last note",
    "fewest_onsets": "the fewest notes of a measure",
    "most_onsets": "the most notes of a measure",
    "longest_leap": "the longest leap",
    "most_kept": "how much of the original may be kept",
}


def _listed(breaches: Sequence[str]) -> str:
    """What is not met, in words: a, b and c."""
    words = [_WORDS[name] for name in breaches]
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
