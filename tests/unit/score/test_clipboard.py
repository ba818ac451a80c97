"""Cut, copy and paste of measures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.clipboard import copied, cut, pasted
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Span
from tests.unit.score.tunes import METER, after, melodies, melody_of, text_of


def test_copied_measures_are_those_that_stand_there() -> None:
    melody = melody_of("A4:8 | B4:8 | C5:8")
    assert copied(melody, Span(1, 3)) == melody.measures[1:3]


def test_cut_measures_are_full_rests() -> None:
    change = cut(melody_of("A4:2 | B4:8- | B4:8"), Span(0, 2))
    assert (change.span, text_of(change.measures)) == (Span(0, 2), "z:2 | z:8")


def test_a_measure_without_any_length_stays_empty() -> None:
    empty = Measure((), METER, KeySignature(0), 0)
    assert cut(Melody((empty,)), Span(0, 1)).measures == (empty,)


@pytest.mark.parametrize("action", [copied, cut])
def test_measures_that_are_not_there_are_neither_copied_nor_cut(action: object) -> None:
    assert callable(action)
    with pytest.raises(SelectionError, match="not in this tune"):
        action(melody_of("A4"), Span(0, 2))


def test_pasted_notes_stand_in_measures_that_keep_their_numbers_and_keys() -> None:
    melody = melody_of("A4:8 | B4:8 | C5:8 | D5:8", fifths=1)
    change = pasted(melody, 2, melody_of("F#4:8 | G4:8").measures)
    assert (change.span, text_of(change.measures)) == (Span(2, 4), "F#4:8 | G4:8")
    assert [(measure.number, measure.key.fifths) for measure in change.measures] == [("3", 1), ("4", 1)]


def test_a_copied_tie_is_kept_only_where_it_leads_to_the_same_pitch() -> None:
    melody = melody_of("A4:8- | A4:8- | A4:8 | C5:8 | B4:8 | A4:8")
    assert text_of(pasted(melody, 2, melody.measures[:2]).measures) == "A4:8- | A4:8"
    assert text_of(pasted(melody, 4, melody.measures[:1]).measures) == "A4:8-"


def test_a_measure_of_another_length_is_refused_by_its_number() -> None:
    melody = melody_of("A4:2 | B4:8 | C5:8")
    with pytest.raises(SelectionError) as caught:
        pasted(melody, 1, melody.measures[:1])
    assert str(caught.value) == (
        "Measure 2 has another length than the copied measure 1; paste where the measures are as long."
    )


def test_measures_do_not_reach_beyond_the_end() -> None:
    melody = melody_of("A4:8 | B4:8 | C5:8")
    with pytest.raises(SelectionError, match=r"^2 copied measures do not fit before the end of the tune, 1 from here"):
        pasted(melody, 2, melody.measures[:2])


@pytest.mark.parametrize("start", [-1, 4])
def test_measures_are_pasted_inside_the_tune(start: int) -> None:
    melody = melody_of("A4:8 | B4:8 | C5:8")
    with pytest.raises(SelectionError, match="not in this tune"):
        pasted(melody, start, melody.measures[:1])


def test_nothing_cannot_be_pasted() -> None:
    with pytest.raises(SelectionError, match="Nothing has been copied yet"):
        pasted(melody_of("A4:8"), 0, ())


@given(st.data())
def test_what_is_copied_cut_and_pasted_again_is_the_same_tune(data: st.DataObject) -> None:
    melody = data.draw(melodies())
    start = data.draw(st.integers(0, len(melody.measures) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(melody.measures))))
    there = after(melody, cut(melody, span))
    assert after(there, pasted(there, start, copied(melody, span))) == melody
