"""The rules of a gap let through exactly what meets the constraints: held against every way there is."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from inpaint_desktop.encoding.grammar import Constraints, Gap, Resemblance, Rules, checked_rules
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.vocabulary import HOLD, REST, token_of
from inpaint_desktop.encoding.window import window_around
from inpaint_desktop.engine.checking import breaches_of
from inpaint_desktop.engine.fitting import fit
from inpaint_desktop.engine.properties import heard, share_kept, sounding, sounding_notes
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace, note_at

SHORT = Meter(1, 8)
"""A meter whose grid has three ticks: at 0, 1/4 and 1/3 of a quarter."""

BEAT = Meter(1, 4)
C, E = (Pitch.parse(name) for name in ("C4", "E4"))
TOKENS = (HOLD, REST, token_of(C), token_of(E))
FREELY = Constraints(60, 64, frozenset({0, 4}))


def measure(meter: Meter, *notes: tuple[int, Pitch | None, bool]) -> Measure:
    """A measure of notes given by onset, pitch and whether they are tied on."""
    ends = [onset for onset, _, _ in notes[1:]] + [meter.ticks]
    written = [Note(onset, end - onset, pitch, tied) for (onset, pitch, tied), end in zip(notes, ends, strict=True)]
    return Measure(tuple(written), meter, KeySignature(0), meter.ticks, "7")


def tune(*gap: Measure) -> Melody:
    meter = gap[0].meter
    return Melody((measure(meter, (0, C, False)), *gap, measure(meter, (0, E, False))))


def request_for(melody: Melody, constraints: Constraints) -> FillRequest:
    span = Span(1, len(melody.measures) - 1)
    return FillRequest(melody, span, constraints=constraints, stay_in_key=False)


def gap_of(request: FillRequest) -> Gap:
    unmoved = Transposition(0, KeySignature(0))
    return Gap.of(request.melody, request.span, window_around(request.melody, request.span, unmoved), unmoved)


def written(request: FillRequest, tokens: tuple[int, ...]) -> tuple[Measure, ...]:
    """What tokens of the whole gap become, before ties are put in."""
    ticks = gap_of(request).ticks
    rows = [tokens[first : first + ticks] for first in range(0, len(tokens), ticks)]
    return fit(rows, request.melody, request.span, semitones=0)


def tied(request: FillRequest, measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """The measures with the ties over bar lines that were to stay, where the pitches let them."""
    result = list(measures)
    asked = request.constraints
    for number, before in enumerate(request.original[:-1]):
        ends = {NotePlace(number + 1, len(before.notes) - 1), NotePlace(number + 2, 0)}
        last, following = result[number].notes[-1], result[number + 1].notes[0]
        stays = asked.keep_rhythm or ends & asked.locked
        if before.notes[-1].ties_on and stays and last.pitch == following.pitch:
            result[number] = measures[number].with_notes([*result[number].notes[:-1], replace(last, ties_on=True)])
    return tuple(result)


def walks(rules: Rules) -> set[tuple[int, ...]]:
    """Every way through the rules, in tokens of one spelling."""
    ways: list[tuple[int, ...]] = [()]
    for _ in range(len(rules.gap)):
        allowed = allowed_after(rules, ways)
        assert allowed.any(1).all(), "a walk got stuck"
        ways = [(*way, token) for way, row in zip(ways, allowed, strict=True) for token in TOKENS if row[token]]
    return set(ways)


def allowed_after(rules: Rules, ways: list[tuple[int, ...]]) -> np.ndarray:
    walk = rules.walk(len(ways))
    for tokens in zip(*ways, strict=True):
        walk.allowed()
        walk.take(np.array(tokens))
    return walk.allowed()


def writable(meter: Meter, tokens: tuple[int, ...], ticks: int) -> bool:
    """Whether every measure begins with something, and no beat is divided in quarters and thirds."""
    rows = [tokens[first : first + ticks] for first in range(0, len(tokens), ticks)]
    places = [{place for place, token in enumerate(row) if token != HOLD} for row in rows]
    return all(row[0] != HOLD for row in rows) and (
        meter.is_compound or not any(here & {1, 3, 5} and here & {2, 4} for here in places)
    )


def every_way(request: FillRequest) -> Iterator[tuple[int, ...]]:
    """Every writable way to fill a gap."""
    gap = gap_of(request)
    for tokens in product(TOKENS, repeat=len(gap)):
        if writable(gap.meter, tokens, gap.ticks):
            yield tokens


pitches = st.sampled_from([None, C, E])


@st.composite
def short_gaps(draw: st.DrawFn) -> Melody:
    """Two measures of one or two notes, some tied over the bar line."""
    first, second = (
        [0, *draw(st.sampled_from([[], [TICKS_PER_QUARTER // 4], [TICKS_PER_QUARTER // 3]]))] for _ in range(2)
    )
    is_tied = draw(st.booleans())
    here = [(onset, draw(pitches), False) for onset in first]
    there = [(onset, draw(pitches), False) for onset in second]
    if is_tied and here[-1][1] is not None:
        here[-1] = (here[-1][0], here[-1][1], True)
        there[0] = (0, here[-1][1], False)
    return tune(measure(SHORT, *here), measure(SHORT, *there))


@st.composite
def beats(draw: st.DrawFn) -> Melody:
    """One measure of a single beat."""
    places = draw(st.sampled_from([[], [3], [1, 3, 5], [2, 4], [5]]))
    onsets = [0, *((0, 3, 4, 6, 8, 9)[place] * TICKS_PER_QUARTER // 12 for place in places)]
    return tune(measure(BEAT, *((onset, draw(pitches), False) for onset in onsets)))


@st.composite
def constraints(draw: st.DrawFn, melody: Melody) -> Constraints:
    """A few constraints at a time."""
    ends, numbers = st.sampled_from([60, 64]), st.integers(0, 4)
    span = range(1, len(melody.measures) - 1)
    there = [NotePlace(index, note) for index in span for note in range(len(melody.measures[index].notes))]
    choices: dict[str, st.SearchStrategy[Any]] = {
        "locked": st.frozensets(st.sampled_from(there), max_size=2),
        "keep_rhythm": st.just(value=True),
        "keep_pitches": st.just(value=True),
        "first_note": ends,
        "last_note": ends,
        "fewest_onsets": numbers,
        "most_onsets": numbers,
        "longest_leap": st.sampled_from([0, 3, 4]),
        "most_kept": st.sampled_from([0.0, 0.4, 0.6, 1.0]),
    }
    names = draw(st.lists(st.sampled_from(sorted(choices)), max_size=4, unique=True))
    chosen: dict[str, Any] = {name: draw(choices[name]) for name in names}
    return replace(FREELY, **chosen)


def asked(data: st.DataObject, melody: Melody) -> FillRequest:
    """A request with constraints that do not contradict each other; of silence there is nothing to keep."""
    assume(sounding_notes(melody.measures[1:-1]))
    try:
        return request_for(melody, data.draw(constraints(melody)))
    except ConstraintError:
        reject()


def rules_if_any(request: FillRequest, resemblance: Resemblance | None = None) -> Rules | None:
    """The rules of a request; ``None`` where they are refused, as nothing can meet them."""
    try:
        return checked_rules(gap_of(request), request.constraints, resemblance)
    except ConstraintError:
        return None


def good_ways(request: FillRequest) -> dict[tuple[int, ...], tuple[Measure, ...]]:
    """Every way to fill a gap that meets the constraints, and what it is in measures."""
    ways = {tokens: tied(request, written(request, tokens)) for tokens in every_way(request)}
    return {tokens: measures for tokens, measures in ways.items() if not breaches_of(request, measures)}


# Rests in a row are heard as one, so ways are compared as they are heard; a locked rest is always written for itself.
@settings(max_examples=15)
@given(st.data())
def test_the_ways_through_the_rules_are_those_that_meet_the_constraints(data: st.DataObject) -> None:
    request = asked(data, data.draw(short_gaps() | beats()))
    rules, good = rules_if_any(request), good_ways(request)
    assert (rules is not None) == bool(good)
    if rules is not None:
        ways = walks(rules)
        assert ways <= set(good)
        if not any(note_at(request.melody, place).is_rest for place in request.constraints.locked):
            assert {heard(good[tokens]) for tokens in ways} == {heard(way) for way in good.values()}


@settings(max_examples=8)
@given(st.data())
def test_as_many_notes_as_wanted_are_kept_or_the_nearest_number_that_can_be(data: st.DataObject) -> None:
    request, share = asked(data, data.draw(short_gaps())), data.draw(st.sampled_from([0.1, 0.3, 0.5, 0.8, 1.0]))
    rules = rules_if_any(request, Resemblance(request.original, share))
    shares = {
        tokens: share_kept(sounding(measures), sounding(request.original))
        for tokens, measures in good_ways(request).items()
    }
    assert (rules is not None) == bool(shares)
    if rules is not None:
        nearest = min(abs(kept - share) for kept in shares.values())
        assert all(abs(shares[tokens] - share) <= nearest + 1e-9 for tokens in walks(rules))


@settings(max_examples=8)
@given(st.data())
def test_where_other_measures_are_resembled_the_original_is_copied_no_more_than_it_may(data: st.DataObject) -> None:
    request, share = asked(data, data.draw(short_gaps())), data.draw(st.sampled_from([0.3, 0.5, 1.0]))
    example = data.draw(short_gaps()).measures[1:3]
    rules = rules_if_any(request, Resemblance(example, share))
    if rules is not None:
        assert walks(rules) <= set(good_ways(request))


def test_a_measure_may_begin_where_the_one_before_it_divided_the_beat_otherwise() -> None:
    """The beat of three in which one measure ends is no rule for the one that begins in the midst of it."""
    quarter = TICKS_PER_QUARTER
    whole = Measure.of_rest(Meter(2, 4), KeySignature(0))
    first = Measure(
        (Note(0, 4 * quarter // 3, C), Note(4 * quarter // 3, quarter // 6, E)),
        whole.meter,
        whole.key,
        3 * quarter // 2,
    )
    second = Measure((Note(0, quarter // 2, C),), whole.meter, whole.key, quarter // 2)
    melody = Melody((whole, first, second, whole))
    request = FillRequest(melody, Span(2, 3), constraints=FREELY)
    assert rules_if_any(request) is not None
    assert rules_if_any(replace(request, span=Span(1, 3))) is not None


def test_where_silence_is_locked_there_is_no_note_to_leap_to() -> None:
    silent = measure(BEAT, (0, None, False))
    asked = replace(FREELY, locked=frozenset({NotePlace(1, 0)}))
    melody = tune(silent)
    assert walks_of(melody, replace(asked, longest_leap=4)) == {(REST, *[HOLD] * 5)}
    assert walks_of(melody, replace(asked, longest_leap=3)) == set()


def walks_of(melody: Melody, constraints: Constraints) -> set[tuple[int, ...]]:
    rules = rules_if_any(request_for(melody, constraints))
    return set() if rules is None else walks(rules)
