"""Takes that repeat a known tune are recognised, and no others."""

from dataclasses import replace

import pytest

from inpaint_desktop.encoding.run_index import RunIndex
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.engine import recognising
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.recognising import Recognition, recognised
from inpaint_desktop.engine.request import FillRequest, KnownRun
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span
from tests.unit.score.tunes import measure_of, melody_of
from training.known_tunes import runs_in

SPEAR = melody_of(
    "A4 F5:2 A5 B5 A5 F5 D5 | F5:2 A5 F5 B5 F5 A5 F5 | A4 F5:2 A5 B5 A5 F5 A5 | B4 D5 E5 F5 E5 D5 B4 A4"
    " | A4 F5 D5 F5 B5 A5 F5 D5 | E5 D5 B4 D5 E5 F5 A5 F5 | D5 E5 F5 A5 B5 A5 F5 E5 | D5:2 B4 D5 D5:4"
)
SPADE = Melody((*SPEAR.measures[:3], *SPEAR.measures[5:]), "The Silver Spade")
OTHER = melody_of("G4 A4 B4 C5 D5:4 | " * 7 + "G4 A4 B4 C5 D5:4")


def index_of(**tunes: Melody) -> RunIndex:
    return RunIndex.of((run.hash, title.replace("_", " ")) for title, tune in tunes.items() for run in runs_in(tune))


INDEX = index_of(The_Silver_Spear=SPEAR, The_Silver_Spade=SPADE)


def known_in(melody: Melody, span: Span, measures: tuple[Measure, ...], index: RunIndex = INDEX) -> list[KnownRun]:
    return list(Recognition(index, FillRequest(melody, span)).known_in(measures))


def test_measures_of_another_tune_are_named_with_its_title() -> None:
    taken = (*SPEAR.measures[3:6], OTHER.measures[0])
    assert known_in(OTHER, Span(2, 6), taken) == [KnownRun("The Silver Spear", Span(2, 5))]


def test_they_are_recognised_in_another_key() -> None:
    moved = tuple(map(Transposition(-5, KeySignature(-3)).apply, SPEAR.measures[2:6]))
    assert known_in(OTHER, Span(2, 6), moved) == [KnownRun("The Silver Spear", Span(2, 6))]


def test_two_measures_alone_are_no_run() -> None:
    assert known_in(OTHER, Span(2, 4), SPEAR.measures[3:5]) == []


def test_measures_that_are_new_are_not_recognised() -> None:
    assert known_in(OTHER, Span(2, 6), OTHER.measures[1:5]) == []


def beginning_like_the_spear(count: int) -> Melody:
    return Melody((*SPEAR.measures[:count], *OTHER.measures[count:]))


def test_what_stands_around_counts_but_is_not_named() -> None:
    melody = beginning_like_the_spear(2)
    assert known_in(melody, Span(2, 4), SPEAR.measures[2:4]) == [KnownRun("The Silver Spear", Span(2, 4))]
    assert known_in(melody, Span(2, 4), (SPEAR.measures[2], OTHER.measures[0])) == []


def test_a_single_missing_measure_is_recognised_by_what_stands_around_it() -> None:
    melody = beginning_like_the_spear(2)
    assert known_in(melody, Span(2, 3), SPEAR.measures[2:3], index_of(Spear=SPEAR)) == [KnownRun("Spear", Span(2, 3))]


def test_a_tune_that_stands_around_the_gap_is_the_same_tune() -> None:
    melody = beginning_like_the_spear(5)
    assert known_in(melody, Span(5, 8), SPEAR.measures[5:8]) == [
        KnownRun("The Silver Spear", Span(5, 8), is_same_tune=True)
    ]


def test_a_tune_that_stands_far_away_is_another_one() -> None:
    melody = Melody((*SPEAR.measures, *OTHER.measures * 5))
    for start, is_same in ((9, True), (40, False)):
        (one,) = known_in(melody, Span(start, start + 3), SPEAR.measures[5:8], index_of(Spear=SPEAR))
        assert (one.span, one.is_same_tune) == (Span(start, start + 3), is_same)


def test_a_tune_of_the_same_title_is_the_same_tune() -> None:
    melody = replace(OTHER, title="Silver Spear, The")
    assert known_in(melody, Span(2, 5), SPEAR.measures[2:5]) == [
        KnownRun("The Silver Spear", Span(2, 5), is_same_tune=True)
    ]


def test_of_several_tunes_the_one_with_most_measures_is_named_alone() -> None:
    assert known_in(OTHER, Span(2, 6), SPEAR.measures[:4]) == [KnownRun("The Silver Spear", Span(2, 6))]


def test_of_equal_ones_the_same_tune_is_named_and_of_these_that_of_its_title() -> None:
    index = index_of(A=SPADE, The_Silver_Spade=SPADE, Z=SPADE)
    assert [one.title for one in known_in(replace(OTHER, title=""), Span(2, 5), SPEAR.measures[:3], index)] == ["A"]
    for melody in (SPADE, replace(OTHER, title="Silver Spade")):
        (one,) = known_in(melody, Span(0, 3), SPEAR.measures[:3], index)
        assert (one.title, one.is_same_tune) == ("The Silver Spade", True)


def test_measures_that_are_apart_are_named_apart_in_order() -> None:
    taken = (*SPADE.measures[2:5], OTHER.measures[0], *SPEAR.measures[3:6])
    assert known_in(OTHER, Span(0, 7), taken) == [
        KnownRun("The Silver Spade", Span(0, 3)),
        KnownRun("The Silver Spear", Span(4, 7)),
    ]


def test_half_of_a_measure_that_is_divided_by_a_section_is_named_if_it_was_filled() -> None:
    halves = measure_of("D5:2 B4 D5"), measure_of("D5:4")
    melody = Melody((*OTHER.measures[:5], *halves, OTHER.measures[0]))
    taken = (*SPEAR.measures[5:7], halves[0])
    index = index_of(The_Silver_Spear=SPEAR)
    assert known_in(melody, Span(3, 6), taken, index) == [KnownRun("The Silver Spear", Span(3, 6))]


def test_every_take_is_compared_whichever_way_it_was_made(
    engine: InpaintNetEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = FillRequest(OTHER, Span(2, 5), takes=2)
    takes = list(engine.propose(request))
    spliced = engine.splice(request, takes[0].measures, takes[1].measures)
    assert [take.known for take in (*takes, engine.again(request, takes[0].seed), spliced)] == [()] * 4
    monkeypatch.setattr(
        recognising, "known_tunes", lambda: index_of(Mine=OTHER.with_measures(request.span, takes[0].measures))
    )
    assert [one.title for one in next(iter(engine.propose(request))).known or ()] == ["Mine"]


def test_without_an_index_takes_carry_no_statement(engine: InpaintNetEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "known_tunes", lambda: None)
    assert [take.known for take in engine.propose(FillRequest(OTHER, Span(2, 5), takes=1))] == [None]


def test_of_no_takes_nothing_is_said() -> None:
    assert recognised([]) == []
