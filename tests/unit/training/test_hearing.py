"""What the ear hears of measures in their place, on measures that were written for it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.spelling import spell
from training.hearing import Impression, groove, impression_of, overlap

KEY = KeySignature(1)
UP = (67, 69, 71, 72, 74, 76, 78, 79)


def measure(*numbers: int | None) -> Measure:
    """Equal notes that fill a measure; ``None`` is a rest."""
    length = 4 * TICKS_PER_QUARTER // len(numbers)
    pitches = spell(numbers, KEY)
    notes = tuple(Note(place * length, length, pitch) for place, pitch in enumerate(pitches))
    return Measure(notes, Meter(4, 4), KEY, 4 * TICKS_PER_QUARTER)


def heard(*measures: Measure, tune: Melody | None = None) -> Impression:
    """What is heard of measures in the place of the third one and those after it."""
    around = tune or Melody((measure(*UP),) * 6)
    return impression_of(around, Span(2, 2 + len(measures)), measures)


def test_the_same_measures_as_around_fit_in_every_respect() -> None:
    like = heard(measure(*UP), measure(*UP))
    assert (like.notes, like.out_of_key, like.groove, like.repeated, like.same_rhythm) == (16, 0.0, 1.0, 1.0, 1.0)
    assert (like.pitch_classes, like.durations) == pytest.approx((1.0, 1.0))


def test_notes_outside_the_key_of_what_stands_around_are_counted() -> None:
    assert heard(measure(67, 68, 69, 70)).out_of_key == 0.5


def test_leaps_are_measured_at_both_seams() -> None:
    jump = heard(measure(79, 67))
    assert (jump.leap, jump.wide) == (0.0, 0.0)
    high = heard(measure(94, 67))
    assert (high.leap, high.wide) == (7.5, 0.5)


def test_a_seam_at_a_rest_or_at_the_end_of_the_tune_is_none() -> None:
    assert heard(measure(None)).leap is None
    tune = Melody((measure(*UP),) * 3)
    last = impression_of(tune, Span(2, 3), [measure(79, 67)])
    assert last.leap == 0.0


def test_a_known_rhythm_with_other_notes_repeats_no_measure() -> None:
    other = heard(measure(*reversed(UP)))
    assert (other.repeated, other.same_rhythm, other.groove) == (0.0, 1.0, 1.0)


def test_other_rhythms_are_less_alike() -> None:
    assert groove(measure(*UP), measure(67, 69, 71, 72)) == pytest.approx(1 - 4 / 24)
    assert heard(measure(67, 69, 71, 72)).durations == 0.0


def test_a_tune_that_is_nothing_but_the_gap_is_listened_to_as_well() -> None:
    alone = Melody((measure(*UP),))
    found = impression_of(alone, Span(0, 1), alone.measures)
    assert (found.leap, found.groove, found.pitch_classes, found.repeated) == (None, 0.0, 0.0, 0.0)


histograms = st.dictionaries(st.integers(0, 11), st.integers(1, 9), min_size=1).map(Counter)


@given(histograms, histograms)
def test_the_overlap_of_two_histograms_is_a_share_whichever_comes_first(one: Counter[int], other: Counter[int]) -> None:
    assert 0.0 <= overlap(one, other) <= 1.0 + 1e-9
    assert overlap(one, other) == pytest.approx(overlap(other, one))
    assert overlap(one, one) == pytest.approx(1.0)


def test_two_empty_histograms_are_alike() -> None:
    assert overlap(Counter(), Counter()) == 1.0
    assert overlap(Counter({1: 2}), Counter()) == 0.0
