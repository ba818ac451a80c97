import pytest

from inpaint_desktop.engraving.drawing import Drawing
from inpaint_desktop.engraving.remembering import RememberedDrawings


def _drawing(size: int) -> Drawing:
    return Drawing(body="x" * (size - 1), glyphs={"E050": "y"})


def test_a_remembered_drawing_is_the_very_same() -> None:
    remembered, drawing = RememberedDrawings(100), _drawing(10)
    remembered.add(b"a", drawing)
    assert b"a" in remembered
    assert remembered.get(b"a") is drawing


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    remembered = RememberedDrawings(30)
    for key in (b"a", b"b", b"c"):
        remembered.add(key, _drawing(10))
    remembered.get(b"a")
    remembered.add(b"d", _drawing(10))
    assert [key in remembered for key in (b"a", b"b", b"c", b"d")] == [True, False, True, True]


@pytest.mark.parametrize(("size", "count"), [(10, 3), (16, 1), (40, 0)])
def test_there_are_never_more_than_there_is_room_for(size: int, count: int) -> None:
    remembered = RememberedDrawings(31)
    for key in range(5):
        remembered.add(bytes([key]), _drawing(size))
    assert len(remembered) == count
