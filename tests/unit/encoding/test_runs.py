"""Runs of measures: which have a hash, and which are alike."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding.runs import Run, figures_of, run_length, runs_of
from inpaint_desktop.encoding.slots import slots_of
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody
from inpaint_desktop.score.meter import Meter
from tests.unit.score.tunes import measure_of, melody_of

MakeTune = Callable[..., Melody]

TUNE = melody_of(
    "D5:2 F5 A5 B5:2 A5 F5 | E5 D5 C5 B4 A4:4 | D5:2 F5 A5 B5:2 A5:2 | G5 F5 E5 G5 F5:2 D5:2 | B4:2 D5:2 E5:4", fifths=2
)


def runs(melody: Melody) -> list[Run]:
    figures = figures_of(melody, slots_of(melody))
    return list(runs_of(figures, range(len(figures))))


def hashes(melody: Melody) -> list[int]:
    return [run.hash for run in runs(melody)]


def with_measure(index: int, words: str) -> Melody:
    measures = list(TUNE.measures)
    measures[index] = measure_of(words)
    return Melody(tuple(measures))


def test_a_run_is_whole_measures_and_every_one_has_another_hash() -> None:
    assert [(run.start, run.stop) for run in runs(TUNE)] == [(0, 3), (1, 4), (2, 5)]
    assert len(set(hashes(TUNE))) == 3


@pytest.mark.parametrize(
    ("meter", "length"), [("4/4", 3), ("2/2", 3), ("12/8", 3), ("9/8", 3), ("6/8", 4), ("3/4", 4), ("2/4", 4)]
)
def test_short_measures_make_longer_runs(meter: str, length: int) -> None:
    assert run_length(Meter(*map(int, meter.split("/")))) == length


@given(st.integers(-12, 12))
def test_runs_are_alike_in_every_key(semitones: int) -> None:
    moved = Transposition(semitones, KeySignature(-3))
    assert hashes(Melody(tuple(map(moved.apply, TUNE.measures)))) == hashes(TUNE)


@pytest.mark.parametrize(
    "words",
    ["E5 D5 C5 B4 G4:4", "E5 D5 C5 B4:2 A4:3", "E4 D4 C4 B3 A3:4", "E5 D5 C5 B4 A4:2 z:2"],
    ids=["another note", "another rhythm", "an octave below the rest", "a rest"],
)
def test_runs_with_a_difference_are_not(words: str) -> None:
    changed = with_measure(1, words)
    assert not set(hashes(changed)[:2]) & set(hashes(TUNE)[:2])
    assert hashes(changed)[2] == hashes(TUNE)[2]


def test_how_notes_and_rests_are_written_makes_no_difference() -> None:
    rests = with_measure(1, "E5 D5 C5 B4 z:4"), with_measure(1, "E5 D5 C5 B4 z:2 z:2")
    assert hashes(rests[0]) == hashes(rests[1])
    assert hashes(with_measure(1, "E5 D5 C5 B4 A4:2- A4:2")) == hashes(TUNE)
    assert hashes(with_measure(1, "E5 D5 C5 B4 A4:4-")) == hashes(TUNE)


def test_a_repeated_note_is_not_a_long_one() -> None:
    assert hashes(with_measure(1, "E5 D5 C5 B4 A4:2 A4:2"))[0] != hashes(TUNE)[0]


def test_runs_of_few_notes_have_no_hash() -> None:
    assert hashes(melody_of("D5:8 | z:8 | E5:4 F5:4 | D5 E5 F5 G5 A5:4")) == []


def test_silent_measures_belong_to_runs() -> None:
    full, silent = measure_of("D5 E5 F5 G5 A5 G5 F5 E5"), measure_of("z:8")
    assert [(run.start, run.stop) for run in runs(Melody((silent, full, silent, full)))] == [(1, 4)]


def test_the_end_of_a_section_and_the_pickup_of_the_next_are_one_measure() -> None:
    divided = [*TUNE.measures]
    halves = measure_of("B4:2 D5:2"), measure_of("E5:4")
    assert hashes(Melody((*divided[:4], *halves))) == hashes(TUNE)


def test_a_pickup_stands_at_the_end_of_a_measure() -> None:
    pickup, last = measure_of("A4:2"), measure_of("D5:6")
    whole = Melody((measure_of("z:6 A4:2"), *TUNE.measures, measure_of("D5:6 z:2")))
    assert hashes(Melody((pickup, *TUNE.measures, last))) == hashes(whole)


def test_a_measure_of_nothing_is_silent() -> None:
    full = measure_of("D5 E5 F5 G5 A5 G5 F5 E5")
    empty, rest = replace(full, notes=(), duration=0), Measure.of_rest(Meter(4, 4), KeySignature(2))
    (with_nothing,), (with_rest,) = (hashes(Melody((full, one, full))) for one in (empty, rest))
    assert with_nothing == with_rest


@given(st.integers(1, 20), st.integers(0, 3))
def test_any_tune_has_at_most_a_run_a_slot(make_tune: MakeTune, measures: int, pickup: int) -> None:
    tune = make_tune(measures, pickup=pickup)
    assert len(runs(tune)) <= len(slots_of(tune))
