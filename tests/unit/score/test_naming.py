"""Measures by the numbers that are printed in the score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.naming import name_of, span_named

METER, KEY = Meter(4, 4), KeySignature(2)
TUNE = Melody(tuple(Measure.of_rest(METER, KEY, str(number)) for number in range(12)))


@given(st.integers(0, 11), st.integers(1, 12))
def test_what_measures_are_called_names_them(start: int, length: int) -> None:
    span = Span(start, min(start + length, 12))
    assert span_named(TUNE, name_of(TUNE, span)) == span


@pytest.mark.parametrize("text", ["3-5", " 3 - 5 ", "3\N{EN DASH}5"])
def test_measures_are_written_with_any_dash(text: str) -> None:
    assert span_named(TUNE, text) == Span(3, 6)


def test_a_measure_without_a_number_has_a_mark_for_one() -> None:
    assert name_of(Melody((Measure.of_rest(METER, KEY),)), Span(0, 1)) == "?"


@pytest.mark.parametrize("text", ["", "3-", "3-5-7", "all of it"])
def test_what_names_no_measures_says_how_to_write_them(text: str) -> None:
    with pytest.raises(SelectionError, match="does not name measures; write 7-10"):
        span_named(TUNE, text)


def test_measures_that_are_not_there_are_refused() -> None:
    with pytest.raises(SelectionError, match="There is no measure 12; this tune has measures 0 to 11"):
        span_named(TUNE, "10-12")
