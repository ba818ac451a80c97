"""The window around a gap: how far it reaches, and what stands where the tune has ended."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.tokens import encode
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.window import LONGEST_WINDOW, Window, window_around
from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.meter import Meter

UNMOVED = Transposition(0, KeySignature(1))
MakeTune = Callable[..., Melody]

lengths = st.integers(1, 40)
spans = st.tuples(lengths, st.integers(0, 39), st.integers(1, 8)).map(
    lambda ends: (ends[0], Span(min(ends[1], ends[0] - 1), min(ends[1] + ends[2], ends[0])))
)


def is_padding(row: tuple[int, ...]) -> bool:
    return set(row) <= {vocabulary.START, vocabulary.END}


def rows(window: Window) -> tuple[tuple[int, ...], ...]:
    return (*window.past, *window.gap, *window.future)


@given(spans)
def test_it_has_at_most_sixteen_measures_and_something_on_both_sides(
    make_tune: MakeTune, case: tuple[int, Span]
) -> None:
    length, span = case
    window = window_around(make_tune(length), span, UNMOVED)
    assert len(rows(window)) == min(LONGEST_WINDOW, length + 2)
    assert len(window.gap) == len(span)
    assert window.past
    assert window.future


@given(spans)
def test_it_reaches_one_padding_measure_beyond_the_tune_and_no_further(
    make_tune: MakeTune, case: tuple[int, Span]
) -> None:
    length, span = case
    window = window_around(make_tune(length), span, UNMOVED)
    padding = [row for row in rows(window) if is_padding(row)]
    assert padding == [row for row in (window.past[0], window.future[-1]) if is_padding(row)]
    assert not is_padding(window.past[0]) or set(window.past[0]) == {vocabulary.START}
    assert not is_padding(window.future[-1]) or set(window.future[-1]) == {vocabulary.END}


@given(spans)
def test_both_sides_get_about_the_same_unless_one_needs_less(make_tune: MakeTune, case: tuple[int, Span]) -> None:
    length, span = case
    window = window_around(make_tune(length), span, UNMOVED)
    before, after = span.start + 1, length - span.stop + 1
    shorter, longer = sorted((len(window.past), len(window.future)))
    assert longer - shorter <= 1 or shorter == min(before, after)


@given(spans)
def test_its_real_measures_are_those_of_the_tune(make_tune: MakeTune, case: tuple[int, Span]) -> None:
    length, span = case
    tune = make_tune(length)
    window = window_around(tune, span, UNMOVED)
    first = span.start - len(window.past)
    expected = [
        encode(UNMOVED.apply(tune.measures[first + place])).tokens if 0 <= first + place < length else row
        for place, row in enumerate(rows(window))
    ]
    assert list(rows(window)) == expected


def test_measures_are_moved_into_the_models_key(make_tune: MakeTune) -> None:
    tune = make_tune(3, fifths=0)
    up_a_fifth = Transposition(7, KeySignature(1))
    window = window_around(tune, Span(1, 2), up_a_fifth)
    assert window.gap[0] == encode(up_a_fifth.apply(tune.measures[1])).tokens
    assert window.gap[0] != encode(tune.measures[1]).tokens


@pytest.mark.parametrize("other", [Meter(3, 4), Meter(12, 8), Meter(6, 8)], ids=str)
def test_where_the_meter_changes_the_tune_ends_for_the_window(make_tune: MakeTune, other: Meter) -> None:
    waltz = Measure.of_rest(other, KeySignature(1))
    tune = Melody((waltz, waltz, *make_tune(3).measures, waltz, waltz))
    window = window_around(tune, Span(3, 4), UNMOVED)
    assert window.past == ((vocabulary.START,) * 24, encode(UNMOVED.apply(tune.measures[2])).tokens)
    assert window.future == (encode(UNMOVED.apply(tune.measures[4])).tokens, (vocabulary.END,) * 24)


def test_cut_time_and_common_time_share_a_window(make_tune: MakeTune) -> None:
    tune = Melody((*make_tune(2).measures, *make_tune(2, meter=Meter(2, 2)).measures))
    assert not any(is_padding(row) for row in window_around(tune, Span(1, 3), UNMOVED, longest=4).past)


def test_a_gap_across_a_change_of_meter_is_refused(make_tune: MakeTune) -> None:
    tune = Melody((*make_tune(2).measures, *make_tune(2, meter=Meter(3, 4)).measures))
    with pytest.raises(SelectionError, match="The meter changes within these measures"):
        window_around(tune, Span(1, 3), UNMOVED)


def test_a_gap_that_leaves_no_room_for_context_is_refused(make_tune: MakeTune) -> None:
    with pytest.raises(SelectionError, match="15 measures are too many to fill at once; choose at most 14"):
        window_around(make_tune(20), Span(0, 15), UNMOVED)


def test_a_gap_outside_the_tune_is_refused(make_tune: MakeTune) -> None:
    with pytest.raises(SelectionError, match="not in this tune"):
        window_around(make_tune(4), Span(3, 5), UNMOVED)


def test_a_gap_that_touches_half_a_slot_takes_the_whole(make_tune: MakeTune) -> None:
    tune = make_tune(10, section=4)
    window = window_around(tune, Span(4, 5), UNMOVED)
    assert [slot.indices for slot in window.slots] == [range(4, 6)]
    assert len(window.gap) == 1


def test_a_pickup_is_completed_with_rest_before_it(make_tune: MakeTune) -> None:
    tune = make_tune(3, pickup=1)
    tokens = window_around(tune, Span(1, 2), UNMOVED).past[-1]
    assert tokens[0] == vocabulary.REST
    assert set(tokens[1:18]) == {vocabulary.HOLD}
    assert tokens[18] == vocabulary.token_of(UNMOVED.apply(tune.measures[0]).notes[0].pitch)
