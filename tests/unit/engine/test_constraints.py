"""What is asked for holds in every take of every engine, whatever the weights and the music are."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.checking import breaches_of
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.properties import sounding, sounding_notes
from inpaint_desktop.engine.proposing import DrawingEngine
from inpaint_desktop.engine.request import FillRequest, Take, Variety, more_like
from inpaint_desktop.engine.transformer import TransformerEngine
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace, note_at
from tests.conformance.asking import METERS, faults_of, outcome_of

MakeTune = Callable[..., Melody]
Q = TICKS_PER_QUARTER
COMMON = (Meter(4, 4), Meter(2, 2))
SPAN = Span(6, 10)


@settings(max_examples=30)
@given(st.integers(0, 10**9))
def test_every_take_in_any_meter_meets_every_constraint(transformer: TransformerEngine, seed: int) -> None:
    outcome = outcome_of(transformer, seed, METERS)
    assert not outcome.faults
    assert not outcome.is_short


@settings(max_examples=20)
@given(st.integers(0, 10**9))
def test_every_take_of_the_papers_model_meets_every_constraint(engine: InpaintNetEngine, seed: int) -> None:
    outcome = outcome_of(engine, seed, COMMON)
    assert not outcome.faults
    assert not outcome.is_short


@pytest.fixture(params=["engine", "transformer"])
def either(request: pytest.FixtureRequest) -> DrawingEngine:
    """The tiny models in turn."""
    chosen: DrawingEngine = request.getfixturevalue(request.param)
    return chosen


def asked(melody: Melody, **constraints: object) -> FillRequest:
    return FillRequest(melody, SPAN, constraints=replace(Constraints(), **constraints))  # type: ignore[arg-type]


def takes_of(engine: DrawingEngine, request: FillRequest) -> list[Take]:
    takes = list(engine.propose(request))
    assert len(takes) == request.takes
    assert not [fault for take in takes for fault in faults_of(take)]
    return takes


def test_locked_notes_stand_with_their_spelling_and_all_else_is_new(either: DrawingEngine, make_tune: MakeTune) -> None:
    tune = make_tune(16)
    places = frozenset({NotePlace(6, 0), NotePlace(8, 1)})
    locked = {(place.measure - 6, note_at(tune, place)) for place in places}
    for take in takes_of(either, asked(tune, locked=places)):
        assert locked <= {(number, note) for number, measure in enumerate(take.measures) for note in measure.notes}


def test_a_kept_rhythm_keeps_its_ties(either: DrawingEngine, make_tune: MakeTune) -> None:
    tune = tied_over_the_bar(make_tune(16), 7)
    for take in takes_of(either, asked(tune, keep_rhythm=True)):
        assert [(n.onset, n.duration, n.is_rest) for m in take.measures for n in m.notes] == [
            (n.onset, n.duration, n.is_rest) for m in tune.measures[6:10] for n in m.notes
        ]
        assert take.measures[1].notes[-1].ties_on
        assert take.measures[1].notes[-1].pitch == take.measures[2].notes[0].pitch


def test_a_locked_note_that_is_tied_over_the_bar_line_stays_tied(either: DrawingEngine, make_tune: MakeTune) -> None:
    tune = tied_over_the_bar(make_tune(16), 7)
    last = NotePlace(7, len(tune.measures[7].notes) - 1)
    for take in takes_of(either, asked(tune, locked=frozenset({last}), keep_pitches=True)):
        assert take.measures[1].notes[-1] == note_at(tune, last)
        assert take.measures[2].notes[0].pitch == note_at(tune, last).pitch


def test_a_tie_within_a_measure_is_one_long_note(either: DrawingEngine, make_tune: MakeTune) -> None:
    pitch = Pitch.parse("A4")
    halves = [Note(0, Q, pitch, ties_on=True), Note(Q, Q, pitch), Note(2 * Q, 2 * Q, Pitch.parse("D5"))]
    tune = make_tune(16)
    tune = tune.with_measures(Span(7, 8), [tune.measures[7].with_notes(halves)])
    for one in (asked(tune, keep_rhythm=True), asked(tune, locked=frozenset({NotePlace(7, 1)}))):
        for take in takes_of(either, one):
            assert take.measures[1].notes[0].duration == 2 * Q


def tied_over_the_bar(tune: Melody, index: int) -> Melody:
    """The tune with the last note of a measure tied to the first one of the next."""
    before, after = tune.measures[index : index + 2]
    pitch = Pitch.parse("A4")
    last, first = replace(before.notes[-1], pitch=pitch, ties_on=True), replace(after.notes[0], pitch=pitch)
    joined = [before.with_notes([*before.notes[:-1], last]), after.with_notes([first, *after.notes[1:]])]
    return tune.with_measures(Span(index, index + 2), joined)


def test_a_locked_note_that_is_tied_out_of_the_gap_stays_so_and_a_tie_to_another_pitch_is_none(
    either: DrawingEngine, make_tune: MakeTune
) -> None:
    tune = tied_over_the_bar(make_tune(16), 9)
    astray = replace(tune.measures[6].notes[0], pitch=Pitch.parse("C#4"), ties_on=True)
    tune = tune.with_measures(Span(6, 7), [tune.measures[6].with_notes([astray, *tune.measures[6].notes[1:]])])
    last = NotePlace(9, len(tune.measures[9].notes) - 1)
    for take in takes_of(either, asked(tune, locked=frozenset({NotePlace(6, 0), last}))):
        assert take.measures[3].notes[-1].ties_on
        assert not take.measures[0].notes[0].ties_on


def test_kept_pitches_keep_their_spelling(either: DrawingEngine, make_tune: MakeTune) -> None:
    spelled = [Pitch.parse(name) for name in ("Gb4", "A4", "Cb5", "D5")]
    odd = Measure(
        tuple(Note(place * Q, Q, pitch) for place, pitch in enumerate(spelled)), Meter(4, 4), KeySignature(1), 4 * Q
    )
    tune = make_tune(16).with_measures(Span(6, 10), [odd] * 4)
    for take in takes_of(either, asked(tune, keep_pitches=True)):
        assert [note.pitch for one in take.measures for note in one.notes if note.pitch] == spelled * 4


def scale() -> Measure:
    """A measure of eight notes."""
    pitches = map(Pitch.parse, ("G4", "A4", "B4", "C5", "D5", "E5", "F#5", "G5"))
    notes = [Note(place * Q // 2, Q // 2, pitch) for place, pitch in enumerate(pitches)]
    return Measure(tuple(notes), Meter(4, 4), KeySignature(1), 4 * Q)


def test_the_same_share_of_notes_is_kept_in_every_take(either: DrawingEngine, make_tune: MakeTune) -> None:
    tune = make_tune(16).with_measures(SPAN, [scale()] * 4)
    count = len(sounding_notes(tune.measures[6:10]))
    for similarity in (0.1, 0.4, 0.75, 1.0):
        kept = {take.properties.kept for take in takes_of(either, replace(asked(tune), similarity=similarity))}
        assert {round(share * count) for share in kept} == {round(similarity * count)}


def test_more_like_a_take_keeps_its_notes_and_not_the_originals(either: DrawingEngine, make_tune: MakeTune) -> None:
    request = asked(make_tune(16), most_kept=0.3)
    liked = next(iter(either.propose(request)))
    count = len(sounding_notes(liked.measures))
    for take in takes_of(either, more_like(liked, 0.8)):
        common = set(sounding_notes(take.measures)) & set(sounding_notes(liked.measures))
        assert abs(len(common) - 0.8 * count) <= 0.5
        assert sounding(take.measures) != sounding(liked.measures)


def test_a_note_out_of_key_may_come_where_it_is_asked_for(either: DrawingEngine, make_tune: MakeTune) -> None:
    tune = make_tune(16, fifths=0)
    for take in takes_of(either, asked(tune, first_note=66, last_note=70)):
        midi = [number for _, _, number in sounding_notes(take.measures)]
        assert (midi[0], midi[-1]) == (66, 70)
        assert {number % 12 for number in midi} <= KeySignature(0).pitch_classes | {6, 10}


def test_what_cannot_be_met_is_said_before_anything_is_drawn(either: DrawingEngine, make_tune: MakeTune) -> None:
    shares: list[float] = []
    with pytest.raises(ConstraintError, match="Measure 7 cannot be filled with at least 40 notes a measure"):
        next(either.propose(asked(make_tune(16), fewest_onsets=40), shares.append))
    assert shares == [0.0]


def test_narrow_constraints_are_drawn_the_more_boldly_the_longer_it_takes(
    either: DrawingEngine, make_tune: MakeTune
) -> None:
    tune = make_tune(16)
    places = [NotePlace(index, note) for index in range(6, 10) for note in range(len(tune.measures[index].notes))]
    timid = Variety(temperature=0.05, top_p=0.9)
    request = replace(asked(tune, locked=frozenset(places[1:])), variety=timid)
    takes = takes_of(either, request)
    assert all(either.again(request, take.seed).measures == take.measures for take in takes)


def test_checking_finds_each_breach(make_tune: MakeTune) -> None:
    tune = make_tune(16, fifths=0)
    silent = [Measure.of_rest(one.meter, one.key) for one in tune.measures[6:10]]
    everything = asked(
        tune, locked=frozenset({NotePlace(6, 0)}), keep_rhythm=True, first_note=60, last_note=60, fewest_onsets=1
    )
    assert breaches_of(everything, silent) == ("locked", "keep_rhythm", "first_note", "last_note", "fewest_onsets")
    narrow = asked(tune, lowest=60, highest=61, keep_pitches=True, most_onsets=0, longest_leap=0, most_kept=0.0)
    loud = [
        one.with_notes([Note(0, one.duration, Pitch.parse(name))]) for one, name in zip(silent, _NAMES, strict=True)
    ]
    loud[0] = tune.measures[6]
    assert breaches_of(narrow, loud) == (
        "lowest or highest",
        "stay_in_key or pitch_classes",
        "keep_pitches",
        "most_onsets",
        "longest_leap",
        "most_kept",
    )
    assert breaches_of(narrow, silent[:3])[0] == "span"
    assert breaches_of(asked(tune), tune.measures[6:10]) == ()


_NAMES = ("C4", "F#4", "B4", "C5")


def test_measures_without_any_time_break_nothing() -> None:
    empty = Measure((), Meter(4, 4), KeySignature(0), 0)
    assert breaches_of(FillRequest(Melody((empty,)), Span(0, 1)), [empty]) == ()


def test_a_locked_rest_may_be_part_of_a_longer_one(make_tune: MakeTune) -> None:
    tune = make_tune(16)
    rest = tune.measures[7].with_notes([Note(0, Q, Pitch.parse("A4")), Note(Q, 3 * Q, None)])
    tune = tune.with_measures(Span(7, 8), [rest])
    request = asked(tune, locked=frozenset({NotePlace(7, 1)}))
    silent = Measure.of_rest(rest.meter, rest.key)
    assert breaches_of(request, [*tune.measures[6:7], silent, *tune.measures[8:10]]) == ()
    assert breaches_of(request, [*tune.measures[6:7], tune.measures[6], *tune.measures[8:10]]) == ("locked",)
