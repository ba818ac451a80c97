"""Where measures, notes and moments lie on a sheet of two pages, with two parts in three systems."""

import pytest

from inpaint_desktop.engraving.pages import MeasureBox, NoteBox, Page, Rect, SystemBox
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER as QUARTER
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.ui.selecting import Hit
from inpaint_desktop.ui.staff.sheet import Anchor, Sheet, laid_out

STAFF = 40.0
WIDTH = 200.0
CLEF = 50.0


def boxes(measure: int, system: int, x: float, y: float) -> tuple[list[MeasureBox], list[NoteBox]]:
    """A measure of two parts, the lower one 80 below; two notes in each, 20 and 120 after the barline or clef."""
    measures, notes = [], []
    for part in (0, 1):
        music_x = x + CLEF if x == 0 else x  # the first measure of a system
        rect = Rect(x, y + 80 * part, WIDTH, STAFF)
        measures.append(MeasureBox(part, measure, system, rect, music_x))
        for number, right in enumerate((20, 120)):
            notes.append(NoteBox(part, measure, number, Rect(music_x + right, rect.y - 10, 10, 30)))
    return measures, notes


def page(first_measure: int, systems: list[int]) -> Page:
    """A page with two measures in each system, systems being 200 high."""
    measures, notes, lines = [], [], []
    for row, system in enumerate(systems):
        lines.append(SystemBox(system, Rect(0, 200.0 * row + 20, 400, 160)))
        for column in (0, 1):
            made = boxes(first_measure + 2 * row + column, system, 200.0 * column, 200.0 * row + 40)
            measures += made[0]
            notes += made[1]
    return Page(b"", 400, 200.0 * len(systems), tuple(measures), tuple(notes), tuple(lines))


@pytest.fixture
def melody() -> Melody:
    """Six measures, each with a half and another half."""
    notes = tuple(Note(onset * QUARTER, 2 * QUARTER, Pitch("D", 0, 5)) for onset in (0, 2))
    return Melody((Measure(notes, Meter(4, 4), KeySignature(0), 4 * QUARTER),) * 6)


@pytest.fixture
def sheet(melody: Melody) -> Sheet:
    """Measures 0 to 3 on the first page, 4 and 5 on the second."""
    return laid_out((page(0, [0, 1]), page(4, [2])), {0: melody, 1: melody})


def test_pages_stand_below_each_other(sheet: Sheet) -> None:
    assert sheet.width == 400
    assert sheet.height == 600
    assert list(sheet.tops) == [0, 400]
    assert sheet.pages_between(10, 390) == range(1)
    assert sheet.pages_between(390, 410) == range(2)
    assert sheet.pages_between(400, 500) == range(1, 2)
    assert not sheet.pages_between(700, 800)


def test_a_measure_is_found_by_its_part_and_its_page(sheet: Sheet) -> None:
    assert sheet.hit(120, 65) == Hit(0, 0)
    assert sheet.hit(120, 145) == Hit(0, 1)
    assert sheet.hit(295, 465) == Hit(5, 0)


def test_between_two_staves_the_nearer_one_counts(sheet: Sheet) -> None:
    assert sheet.hit(100, 95) == Hit(0, 0)
    assert sheet.hit(100, 105) == Hit(0, 1)


def test_on_a_staff_of_two_voices_the_one_that_is_worked_on_counts_unless_the_other_has_a_note_there() -> None:
    upper, lower = (MeasureBox(part, 0, 0, Rect(0, 40, WIDTH, STAFF), CLEF) for part in (0, 1))
    notes = NoteBox(0, 0, 0, Rect(60, 40, 10, 30)), NoteBox(1, 0, 0, Rect(120, 60, 10, 30))
    system = SystemBox(0, Rect(0, 20, 400, 160))
    shared = laid_out((Page(b"", 400, 200.0, (upper, lower), notes, (system,)),))
    assert shared.hit(180, 50, part=1) == Hit(0, 1)
    assert shared.hit(180, 50) == Hit(0, 0)
    assert shared.hit(65, 50, part=1) == Hit(0, 0, NotePlace(0, 0))
    assert shared.hit(125, 70) == Hit(0, 1, NotePlace(0, 0))


def test_a_note_is_found_with_a_little_reach(sheet: Sheet) -> None:
    assert sheet.hit(81, 35) == Hit(0, 0, NotePlace(0, 0))
    assert sheet.hit(170, 28.5) == Hit(0, 0, NotePlace(0, 1))
    assert sheet.hit(170, 27) == Hit(0, 0)


def test_beside_the_music_there_is_nothing_but_a_nearest_measure(sheet: Sheet) -> None:
    assert sheet.hit(120, 5) is None
    assert sheet.hit(500, 60) is None
    assert sheet.hit(500, 60, is_nearest=True) == Hit(1, 0)
    assert sheet.hit(-30, 900, is_nearest=True) == Hit(4, 1)


def test_a_selection_is_a_box_in_each_system_with_all_that_belongs_to_it(sheet: Sheet) -> None:
    assert sheet.span_rects(0, range(1, 4)) == [Rect(200, 20, 200, 94), Rect(-10, 220, 410, 94)]
    assert sheet.span_rects(1, [5]) == [Rect(200, 510, 200, 70)]


def test_the_staff_of_a_part_has_a_box_in_each_system(sheet: Sheet) -> None:
    assert sheet.staff_rects(1, range(3)) == [Rect(0, y, 400, STAFF) for y in (120, 320, 520)]


def test_a_note_written_as_two_has_two_boxes(melody: Melody) -> None:
    one = page(0, [0])
    piece = NoteBox(0, 0, 1, Rect(190, 30, 5, 30))
    doubled = Page(b"", one.width, one.height, one.measures, (*one.notes, piece), one.systems)
    sheet = laid_out((doubled,), {0: melody})
    assert [rect.x for rect in sheet.note_rects((0, 0, 1))] == [170, 190]


def test_the_cursor_moves_evenly_from_note_to_note_and_to_the_barline(sheet: Sheet) -> None:
    places = [sheet.cursor(0, 2, tick * QUARTER) for tick in (0, 1, 2, 3, 4)]
    assert [place.x for place in places if place] == [70, 120, 170, 185, 200]
    assert {place.system.system for place in places if place} == {1}


def test_a_lone_rest_begins_with_its_measure_wherever_it_is_drawn() -> None:
    measure = Measure.of_rest(Meter(4, 4), KeySignature(0))
    sheet = laid_out((page(0, [0]),), {0: Melody((measure,) * 2)})
    cursor = sheet.cursor(0, 1, 2 * QUARTER)
    assert cursor is not None
    assert cursor.x == 300


def test_without_a_melody_the_cursor_stands_at_the_beginning_of_the_measure() -> None:
    cursor = laid_out((page(0, [0]),)).cursor(0, 0, QUARTER)
    assert cursor is not None
    assert cursor.x == CLEF


def test_there_is_no_cursor_where_there_is_no_measure(sheet: Sheet) -> None:
    assert sheet.cursor(0, 9, 0) is None


def test_a_point_is_found_again_when_the_systems_lie_elsewhere(sheet: Sheet) -> None:
    anchor = sheet.anchor_at(235)
    assert anchor == Anchor(2, 15)
    narrow = laid_out(tuple(page(2 * index, [index]) for index in range(3)))
    assert narrow.height_of(Anchor(4, 5)) == 425
    assert narrow.height_of(Anchor(9, 5)) == 0


def test_an_empty_sheet_has_nothing_anywhere() -> None:
    sheet = laid_out(())
    assert (sheet.width, sheet.height) == (0, 0)
    assert sheet.hit(0, 0, is_nearest=True) is None
    assert sheet.anchor_at(0) is None
