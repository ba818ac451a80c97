import pytest

from inpaint_desktop.engraving.breaking import (
    MeasureText,
    clef_and_key_width,
    line_starts,
    measure_texts,
)
from inpaint_desktop.engraving.score_text import read_score

CLEF, INDENT, WIDTH = 10.0, 0.0, 100.0


def _texts(count: int, wishes: tuple[int, ...] = (), pickups: tuple[int, ...] = ()) -> tuple[MeasureText, ...]:
    return tuple(MeasureText(f"<note{index}", index in wishes, index in pickups) for index in range(count))


def _starts(
    count: int, room: float, wishes: tuple[int, ...] = (), pickups: tuple[int, ...] = (), hidden: tuple[int, ...] = ()
) -> list[int]:
    widths = [0.0 if index in hidden else WIDTH for index in range(count)]
    return line_starts(_texts(count, wishes, pickups), widths, room, CLEF, INDENT)


def test_without_wishes_lines_are_filled_evenly() -> None:
    assert _starts(12, 450) == [4, 8]
    assert _starts(9, 340) == [3, 6]


def test_what_fits_stands_on_one_line() -> None:
    assert _starts(4, 450) == []


def test_lines_end_where_the_score_asks_for_it() -> None:
    assert _starts(16, 600, wishes=(4, 8, 12)) == [4, 8, 12]


def test_two_wished_lines_become_one_where_there_is_much_room() -> None:
    assert _starts(16, 900, wishes=(4, 8, 12)) == [8]


def test_wished_lines_that_do_not_fit_are_broken() -> None:
    starts = _starts(16, 250, wishes=(4, 8, 12))
    assert starts == [2, 4, 6, 8, 10, 12, 14]


def test_no_line_ends_with_a_pickup() -> None:
    plain, with_pickup = _starts(12, 450), _starts(12, 450, pickups=(3,))
    assert 4 in plain
    assert 4 not in with_pickup


def test_no_line_begins_inside_a_long_rest() -> None:
    assert 4 not in _starts(12, 450, hidden=(4,))


def test_a_measure_that_is_too_wide_has_a_line_of_its_own() -> None:
    assert _starts(3, 50) == [1, 2]


def test_a_score_without_measures_has_no_lines() -> None:
    assert _starts(0, 100) == []


def test_a_later_beginning_of_the_first_line_takes_its_room() -> None:
    texts = _texts(4)
    assert line_starts(texts, [WIDTH] * 4, 460, CLEF, 200.0) != line_starts(texts, [WIDTH] * 4, 460, CLEF, 0.0)


MEASURES = (
    '<part id="P1"><measure id="m0-0" number="0" implicit="yes"><note id="n0-0-0"/></measure>'
    '<measure id="m0-1" number="1"><print new-system="yes" page-number="2"/><note id="n0-1-0"/><note/></measure>'
    '<measure id="m0-2" number="2" implicit="yes"><note/><barline><repeat direction="backward"/></barline></measure>'
    '<measure id="m0-3" number="3" implicit="yes"><note/></measure>'
    '<measure id="m0-4" number="4"><print new-page=\'yes\'/><note/></measure></part>'
    '<part id="P2"><measure id="m1-0"><rest/></measure></part>'
)


def test_measures_are_found_with_their_wishes_and_pickups() -> None:
    texts = measure_texts(read_score(MEASURES))
    assert [text.begins_line for text in texts] == [False, True, False, False, True]
    assert [text.is_pickup for text in texts] == [False, False, False, True, False]
    assert [text.note_count for text in texts] == [1, 2, 1, 1, 1]


def test_measures_that_look_alike_have_the_same_content_whatever_they_are_called() -> None:
    first, second = (
        measure_texts(
            read_score(f'<part id="P1"><measure id="m0-{index}" number="1"><note id="n0-{index}-0"/></measure></part>')
        )[0]
        for index in (3, 4)
    )
    assert first.content == second.content


def test_the_measures_of_all_parts_count() -> None:
    assert "<rest/>" in measure_texts(read_score(MEASURES))[0].content


def test_text_that_is_no_score_has_no_measures() -> None:
    assert measure_texts(read_score("<html/>")) == ()
    assert measure_texts(read_score('<part id="P1"></part><part id="P2"><measure></measure></part>')) == ()


@pytest.mark.parametrize(("fifths", "more"), [("0", 0), ("-3", 3), ("2", 2)])
def test_a_key_with_more_signs_takes_more_room(fifths: str, more: int) -> None:
    none = clef_and_key_width("")
    assert clef_and_key_width(f"<key><fifths>{fifths}</fifths></key>") - none == more * 190
