"""A contour is drawn with the mouse in the piano roll: what it becomes, how it is shown, and how one is rid of it."""

from collections.abc import Callable, Iterator
from math import pi, sin

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.playback.outputs import SilentOutput
from inpaint_desktop.score.melody import Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER as QUARTER
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.piano_roll.contour import contour_path, without_idle_points
from inpaint_desktop.ui.piano_roll.geometry import Zoom
from inpaint_desktop.ui.piano_roll.view import PianoRoll
from inpaint_desktop.ui.theme import DARK, LIGHT
from inpaint_desktop.ui.transport import Transport
from inpaint_desktop.ui.wishes import LinePoint, Wishes
from tests.gui.conftest import TUNES, OpenFile

LEFT = Qt.MouseButton.LeftButton
NONE, ALT, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
CHOSEN = Span(1, 3)


@pytest.fixture
def editor() -> Editor:
    made = Editor()
    made.open(open_document(TUNES / "soldiers-joy.abc"))
    return made


@pytest.fixture
def wishes(editor: Editor) -> Wishes:
    return Wishes(editor)


@pytest.fixture
def roll(editor: Editor, wishes: Wishes, qtbot: QtBot) -> Iterator[PianoRoll]:
    """A roll in which two measures are selected."""
    transport = Transport(editor, SilentOutput())
    made = PianoRoll(editor, transport, wishes=wishes)
    qtbot.addWidget(made)
    made.resize(1000, 420)
    made.show()
    qtbot.waitExposed(made)
    editor.select(CHOSEN.start, CHOSEN.stop - 1)
    yield made
    transport.close()


def at(roll: PianoRoll, measure: float, midi: float) -> QPoint:
    """Where a line at a height lies; ``measure`` 1.5 is the middle of the measure with index 1."""
    geometry, index = roll.laid.geometry, int(measure)
    left, right = geometry.edges_of(Span(index, index + 1))
    return (QPointF(left + (measure - index) * (right - left), geometry.y_of_height(midi)) - roll.offset).toPoint()


Shape = Callable[[float], tuple[float, float]]


def straight(start: tuple[float, float], stop: tuple[float, float]) -> Shape:
    """A straight line between two places, each a measure and a pitch."""
    return lambda share: (start[0] + share * (stop[0] - start[0]), start[1] + share * (stop[1] - start[1]))


def draw(roll: PianoRoll, shape: Shape, modifiers: Qt.KeyboardModifier = ALT, *, lets_go: bool = True) -> None:
    """Draw a shape with the left button, in forty steps."""
    viewport = roll.viewport()
    QTest.mousePress(viewport, LEFT, modifiers, at(roll, *shape(0)))
    for step in range(1, 41):
        move(roll, at(roll, *shape(step / 40)), modifiers)
    if lets_go:
        QTest.mouseRelease(viewport, LEFT, modifiers, at(roll, *shape(1)))


def move(roll: PianoRoll, place: QPoint, modifiers: Qt.KeyboardModifier = ALT, *, held: Qt.MouseButton = LEFT) -> None:
    """Move with a button held."""
    on_screen, none = QPointF(roll.viewport().mapToGlobal(place)), Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), on_screen, none, held, modifiers)
    QApplication.sendEvent(roll.viewport(), event)


RISING = straight((1.0, 62.0), (2.99, 78.0))


def test_what_is_drawn_becomes_points_of_the_music(roll: PianoRoll, wishes: Wishes) -> None:
    draw(roll, RISING)
    first, last = wishes.contour[0], wishes.contour[-1]
    assert (first.measure, last.measure) == (1, 2)
    assert first.onset < QUARTER // 4
    assert first.midi == pytest.approx(62, abs=0.8)
    assert last.onset > 3.8 * QUARTER
    assert last.midi == pytest.approx(78, abs=0.8)


def test_a_straight_line_needs_two_points_and_a_hill_few(roll: PianoRoll, wishes: Wishes) -> None:
    counts = []
    for shape in (RISING, lambda share: (1 + 1.99 * share, 62 + 14 * sin(pi * share))):
        draw(roll, shape)
        counts.append(len(wishes.contour))
    assert counts[0] == 2
    assert 3 <= counts[1] <= 9
    highest = max(wishes.contour, key=lambda point: point.midi)
    assert highest.midi == pytest.approx(76, abs=1)


def test_the_tremor_of_a_hand_is_smoothed(roll: PianoRoll, wishes: Wishes) -> None:
    draw(roll, lambda share: (1 + 1.99 * share, 62 + 14 * share + 0.4 * sin(50 * share)))
    assert len(wishes.contour) <= 4


def test_drawing_back_over_the_line_changes_it_there(roll: PianoRoll, wishes: Wishes) -> None:
    draw(roll, straight((1.0, 62.0), (2.9, 62.0)), lets_go=False)
    for measure in (2.5, 2.0, 1.5):
        move(roll, at(roll, measure, 74.0))
    QTest.mouseRelease(roll.viewport(), LEFT, ALT, at(roll, 1.5, 74.0))
    assert wishes.contour[0].midi == pytest.approx(62, abs=0.8)
    assert wishes.contour[-1].midi == pytest.approx(62, abs=2)
    assert max(point.midi for point in wishes.contour) == pytest.approx(74, abs=0.8)


def test_drawing_again_replaces_the_line(roll: PianoRoll, wishes: Wishes) -> None:
    draw(roll, RISING)
    draw(roll, straight((2.0, 70.0), (2.5, 70.0)))
    assert {round(point.midi) for point in wishes.contour} == {70}
    assert {point.measure for point in wishes.contour} == {2}


def test_only_what_lies_over_the_selection_counts(roll: PianoRoll, editor: Editor, wishes: Wishes) -> None:
    draw(roll, straight((0.2, 62.0), (4.0, 70.0)))
    assert editor.span == CHOSEN
    begin, end = wishes.contour[0], wishes.contour[-1]
    assert (begin.measure, begin.onset) == (1, 0)
    assert (end.measure, end.onset) == (2, 4 * QUARTER)


def test_without_a_selection_drawing_selects_the_measures_drawn_over(
    roll: PianoRoll, editor: Editor, wishes: Wishes
) -> None:
    editor.clear_selection()
    draw(roll, straight((2.5, 62.0), (4.5, 70.0)))
    assert editor.span == Span(2, 5)
    assert (wishes.contour[0].measure, wishes.contour[-1].measure) == (2, 4)


def test_drawing_beside_the_selection_selects_the_measures_drawn_over(roll: PianoRoll, editor: Editor) -> None:
    draw(roll, straight((4.2, 62.0), (5.3, 70.0)))
    assert editor.span == Span(4, 6)


def test_a_line_keeps_to_the_keys_of_a_piano(roll: PianoRoll, wishes: Wishes) -> None:
    draw(roll, straight((1.0, 50.0), (2.0, 140.0)))
    assert max(point.midi for point in wishes.contour) == 108.0


def test_escape_calls_off_what_is_being_drawn(roll: PianoRoll, wishes: Wishes) -> None:
    draw(roll, RISING)
    before = wishes.contour
    draw(roll, straight((1.0, 50.0), (2.9, 50.0)), lets_go=False)
    QTest.keyClick(roll, Qt.Key.Key_Escape)
    move(roll, at(roll, 1.5, 40.0))
    QTest.mouseRelease(roll.viewport(), LEFT, ALT, at(roll, 1.5, 40.0))
    assert wishes.contour == before


def test_zooming_calls_off_what_is_being_drawn(roll: PianoRoll, wishes: Wishes) -> None:
    draw(roll, RISING, lets_go=False)
    roll.zoom = Zoom(quarter_width=80.0)
    QTest.mouseRelease(roll.viewport(), LEFT, ALT, at(roll, 1.5, 60.0))
    assert wishes.contour == ()


def test_a_score_that_closes_calls_off_what_is_being_drawn(roll: PianoRoll, editor: Editor, wishes: Wishes) -> None:
    draw(roll, RISING, lets_go=False)
    editor.close()
    QTest.mouseRelease(roll.viewport(), LEFT, ALT, QPoint(300, 100))
    QTest.mousePress(roll.viewport(), LEFT, ALT, QPoint(300, 100))
    assert wishes.contour == ()


def test_delete_takes_the_line_away_unless_a_note_is_selected(roll: PianoRoll, editor: Editor, wishes: Wishes) -> None:
    draw(roll, RISING)
    editor.select_note(NotePlace(1, 0))
    QTest.keyClick(roll, Qt.Key.Key_Delete)
    assert wishes.contour
    note = editor.note_at(NotePlace(1, 0))
    assert note is not None
    assert note.is_rest
    editor.select_note(None)
    QTest.keyClick(roll, Qt.Key.Key_Delete)
    assert wishes.contour == ()


def test_a_click_with_the_tool_selects_as_ever(roll: PianoRoll, editor: Editor, wishes: Wishes) -> None:
    roll.draws_contours = True
    QTest.mouseClick(roll.viewport(), LEFT, NONE, at(roll, 4.5, 100.0))
    assert editor.span == Span(4, 5)
    QTest.mouseClick(roll.viewport(), LEFT, SHIFT, at(roll, 5.5, 100.0))
    assert editor.span == Span(4, 6)
    assert wishes.contour == ()


def test_with_the_tool_the_mouse_draws_and_notes_stay_as_they_are(
    roll: PianoRoll, editor: Editor, wishes: Wishes
) -> None:
    before = editor.document
    bar = next(bar for bar in roll.laid.bars if bar.place == NotePlace(1, 0))
    roll.draws_contours = True
    draw(roll, straight((1.01, float(bar.midi)), (2.5, 70.0)), NONE)
    assert wishes.contour
    assert editor.document is before


def test_without_tool_or_key_a_drag_selects(roll: PianoRoll, editor: Editor, wishes: Wishes) -> None:
    draw(roll, straight((3.2, 100.0), (4.4, 100.0)), NONE)
    assert editor.span == Span(3, 5)
    assert wishes.contour == ()


def test_the_pointer_is_a_cross_where_it_draws(roll: PianoRoll) -> None:
    shapes: list[Qt.CursorShape] = []
    for is_on, modifiers in ((False, NONE), (True, NONE), (True, SHIFT), (False, NONE), (False, ALT)):
        roll.draws_contours = is_on
        move(roll, at(roll, 1.5, 100.0), modifiers, held=Qt.MouseButton.NoButton)
        shapes.append(roll.viewport().cursor().shape())
    arrow, cross = Qt.CursorShape.ArrowCursor, Qt.CursorShape.CrossCursor
    assert shapes == [arrow, cross, arrow, arrow, cross]


def test_a_line_that_is_drawn_beyond_the_edge_scrolls_on(
    roll: PianoRoll, editor: Editor, wishes: Wishes, qtbot: QtBot
) -> None:
    editor.select_all()
    roll.horizontalScrollBar().setValue(0)
    draw(roll, straight((1.0, 62.0), (2.0, 66.0)), lets_go=False)
    beyond = QPoint(roll.viewport().width() + 200, at(roll, 1.0, 70.0).y())
    move(roll, beyond)
    qtbot.waitUntil(lambda: roll.horizontalScrollBar().value() > 400)
    QTest.mouseRelease(roll.viewport(), LEFT, ALT, beyond)
    assert wishes.contour[-1].measure > roll.laid.geometry.measure_at(400.0 + roll.viewport().width()) - 1


def colors_on_the_line(roll: PianoRoll, measure: float, midi: float) -> set[str]:
    """The colours around a place of the line."""
    image = roll.viewport().grab().toImage()
    middle, ratio = at(roll, measure, midi), image.devicePixelRatio()
    return {image.pixelColor(round(middle.x() * ratio), round((middle.y() + dy) * ratio)).name() for dy in range(-6, 7)}


def test_the_line_is_seen_while_it_is_drawn_and_after(roll: PianoRoll) -> None:
    assert LIGHT.contour not in colors_on_the_line(roll, 2.0, 70.0)
    draw(roll, RISING, lets_go=False)
    assert LIGHT.contour in colors_on_the_line(roll, 2.0, 70.0)
    QTest.mouseRelease(roll.viewport(), LEFT, ALT, at(roll, *RISING(1)))
    assert LIGHT.contour in colors_on_the_line(roll, 2.0, 70.0)


def test_the_line_is_faint_where_nothing_is_to_be_filled(roll: PianoRoll, editor: Editor) -> None:
    draw(roll, RISING)
    editor.select(5)
    roll.horizontalScrollBar().setValue(0)
    assert LIGHT.contour not in colors_on_the_line(roll, 2.0, 70.0)


def test_the_line_has_another_colour_in_the_dark(roll: PianoRoll) -> None:
    draw(roll, RISING)
    roll.setPalette(dark_palette())
    assert DARK.contour in colors_on_the_line(roll, 2.0, 70.0)


def test_the_line_as_painted_goes_through_its_points_and_not_beyond_them(roll: PianoRoll) -> None:
    contour = (LinePoint(1, 0, 60.0), LinePoint(1, QUARTER, 72.0), LinePoint(1, 2 * QUARTER, 71.0))
    geometry = roll.laid.geometry
    box = contour_path(contour, geometry).boundingRect()
    assert box.top() == pytest.approx(geometry.y_of_height(72.0))
    assert box.bottom() == pytest.approx(geometry.y_of_height(60.0))


def test_a_piece_of_the_line_is_painted_as_it_is_in_the_whole(roll: PianoRoll) -> None:
    geometry = roll.laid.geometry
    contour = tuple(LinePoint(1 + index // 4, index % 4 * QUARTER, 60.0 + index**2 % 7) for index in range(32))
    left, right = geometry.edges_of(Span(3, 5))
    whole, piece = contour_path(contour, geometry), contour_path(contour, geometry, left, right)
    assert piece.elementCount() < whole.elementCount() / 2
    assert piece.boundingRect().left() < left
    assert piece.boundingRect().right() > right
    assert {place for place in corners(piece) if left < place[0] < right} <= corners(whole)


def corners(path: QPainterPath) -> set[tuple[float, float]]:
    """The points that a path is made from, those that round it among them."""
    elements = map(path.elementAt, range(path.elementCount()))
    return {(round(element.x, 6), round(element.y, 6)) for element in elements}


def test_points_at_the_same_moment_are_painted_one_over_the_other(roll: PianoRoll) -> None:
    contour = (LinePoint(1, 4 * QUARTER, 60.0), LinePoint(2, 0, 72.0))
    assert contour_path(contour, roll.laid.geometry).boundingRect().width() == 0


def test_points_that_say_nothing_are_left_out() -> None:
    line = [(0.0, 60.0), (1.0, 61.0), (2.0, 62.1), (3.0, 66.0), (4.0, 66.0)]
    assert without_idle_points(line) == [(0.0, 60.0), (2.0, 62.1), (3.0, 66.0), (4.0, 66.0)]
    assert without_idle_points(line[:1]) == line[:1]


# In the window


@pytest.fixture
def reel(window: MainWindow, open_file: OpenFile) -> MainWindow:
    open_file(window, TUNES / "soldiers-joy.abc")
    window.editor.select(CHOSEN.start, CHOSEN.stop - 1)
    return window


def test_the_tool_is_switched_on_by_its_action_which_shows_the_roll(reel: MainWindow) -> None:
    reel.workspace.show_views("staff")
    reel.actions_["draw_contour"].trigger()
    assert reel.roll.isVisible()
    assert reel.roll.hasFocus()
    draw(reel.roll, RISING, NONE)
    assert reel.session.wishes.contour
    assert reel.status.wished.text() == "contour"


def test_escape_puts_the_tool_away_and_the_selection_stays(reel: MainWindow) -> None:
    action = reel.actions_["draw_contour"]
    QTest.keyClick(reel, Qt.Key.Key_D, CONTROL)
    assert action.isChecked()
    QTest.keyClick(reel.roll, Qt.Key.Key_Escape)
    assert not action.isChecked()
    assert not reel.roll.draws_contours
    assert reel.editor.span == CHOSEN
    QTest.keyClick(reel.roll, Qt.Key.Key_Escape)
    assert reel.editor.span is None


def test_escape_is_for_the_line_that_is_drawn_though_something_else_could_be_called_off(
    reel: MainWindow, qtbot: QtBot
) -> None:
    cancel = reel.actions_["cancel"]
    draw(reel.roll, RISING, lets_go=False)
    cancel.setEnabled(True)  # as while takes are made
    reel.roll.setFocus()
    with qtbot.assertNotEmitted(cancel.triggered):
        QTest.keyClick(reel.roll, Qt.Key.Key_Escape)
    QTest.mouseRelease(reel.roll.viewport(), LEFT, ALT, at(reel.roll, 2.9, 60.0))
    assert not reel.session.wishes.contour
    with qtbot.waitSignal(cancel.triggered):
        QTest.keyClick(reel.roll, Qt.Key.Key_Escape)


def test_a_contour_is_made_of_the_notes_and_cleared_with_the_keyboard_alone(reel: MainWindow) -> None:
    clear = reel.actions_["clear_contour"]
    assert not clear.isEnabled()
    reel.actions_["contour_of_notes"].trigger()
    first = reel.editor.note_at(NotePlace(1, 0))
    assert first is not None
    assert first.pitch is not None
    assert reel.session.wishes.contour[0] == LinePoint(1, 0, float(first.pitch.midi))
    assert clear.isEnabled()
    QTest.keyClick(reel, Qt.Key.Key_D, CONTROL | SHIFT)
    assert reel.session.wishes.contour == ()
