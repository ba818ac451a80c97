"""The staff view on real pages, with real events: what is selected, edited, zoomed, followed, in which colours."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import Rect
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.playback.outputs import SilentOutput
from inpaint_desktop.score.melody import Measure, Span
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor, NotePlace, Selection
from inpaint_desktop.ui.staff.area import ZOOMS
from inpaint_desktop.ui.staff.view import StaffView
from inpaint_desktop.ui.theme import DARK, LIGHT
from inpaint_desktop.ui.transport import Transport

TUNES = paths.resources_folder() / "tunes"
WAIT_MS = 20_000
LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
NO_KEY = Qt.KeyboardModifier.NoModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def engraver() -> Iterator[Engraver]:
    with ChildProcess() as child:
        yield Engraver(child)


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture(scope="module")
def song() -> ScoreDocument:
    return open_document(TUNES / "auld-lang-syne.musicxml")


@pytest.fixture
def editor(qapp: QApplication) -> Editor:
    return Editor(qapp)


@pytest.fixture
def transport(editor: Editor) -> Iterator[Transport]:
    made = Transport(editor, SilentOutput())
    yield made
    made.close()


@pytest.fixture
def view(editor: Editor, engraver: Engraver, transport: Transport, qtbot: QtBot) -> Iterator[StaffView]:
    """A view of 900 by 500 pixels, with no score yet."""
    made = StaffView(editor, engraver, transport)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    made.setFocus()
    qtbot.waitExposed(made)
    yield made
    made.shut_down()


@pytest.fixture
def show(view: StaffView, editor: Editor, qtbot: QtBot) -> "Show":
    return Show(view, editor, qtbot)


class Show:
    """Opens scores in the view, and finds the places of the viewport where things lie."""

    def __init__(self, view: StaffView, editor: Editor, qtbot: QtBot) -> None:
        self._view = view
        self._editor = editor
        self._qtbot = qtbot

    def __call__(self, document: ScoreDocument) -> None:
        self._editor.open(document)
        self.wait()

    def wait(self) -> None:
        """Wait until the view shows the pages of the shown score."""
        self._qtbot.waitUntil(lambda: self._view.is_up_to_date, timeout=WAIT_MS)

    def measure(self, index: int, part: int = 0, *, share: float = 0.999) -> QPoint:
        """A place in a measure where no note is: under its barline, or further left."""
        box = self._view.sheet.measures[part, index]
        return self._point(box.music_x + (box.rect.right - box.music_x) * share - 1, box.rect.bottom - 1)

    def note(self, measure: int, note: int, part: int = 0) -> QPoint:
        """The middle of a note."""
        return self.middle(self._view.sheet.note_rects((part, measure, note))[0])

    def middle(self, rect: Rect) -> QPoint:
        return self._point(rect.x + rect.width / 2, rect.y + rect.height / 2)

    def _point(self, x: float, y: float) -> QPoint:
        return self._view.to_viewport(x, y).toPoint()


def drag(view: StaffView, *places: QPoint, button: Qt.MouseButton = LEFT) -> None:
    """Press at the first place, move to the others by way of places between, release at the last."""
    port = view.viewport()
    QTest.mousePress(port, button, pos=places[0])
    for start, stop in pairwise(places):
        for step in (1, 2, 3, 4):
            QTest.mouseMove(port, start + (stop - start) * step / 4)
    QTest.mouseRelease(port, button, pos=places[-1])


def pitch(editor: Editor, place: NotePlace) -> str:
    note = editor.note_at(place)
    assert note is not None
    return note.pitch.name if note.pitch else "rest"


# Measures


def test_dragging_over_measures_7_to_10_selects_them(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    drag(view, show.measure(7), show.measure(8), show.measure(10))
    assert editor.selection == Selection(7, 10)


def test_dragging_to_the_left_and_across_systems_selects_back_to_there(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    systems = {view.sheet.measures[0, measure].system for measure in (2, 9)}
    assert len(systems) == 2
    drag(view, show.measure(9), show.measure(8), show.measure(2))
    assert editor.selection == Selection(9, 2)
    assert view.accessibleDescription() == "measures 2 to 9 of 17, D major, 4/4"


def test_a_drag_that_begins_on_a_note_and_goes_sideways_selects_measures(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    drag(view, show.note(1, 2), show.note(3, 2))
    assert editor.span == Span(1, 4)
    assert editor.document is reel


def test_a_click_selects_a_measure_shift_extends_and_a_click_beside_the_music_clears(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    QTest.mouseClick(view.viewport(), LEFT, pos=show.measure(3))
    assert editor.span == Span(3, 4)
    QTest.mouseClick(view.viewport(), LEFT, SHIFT, show.measure(6))
    assert editor.span == Span(3, 7)
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(10, 10))
    assert editor.span is None


def test_arrow_keys_select_and_bring_the_selection_into_sight(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    view.resize(700, 200)
    show(reel)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert editor.span == Span(0, 1)
    assert view.verticalScrollBar().value() < 30
    editor.select(16)
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert editor.span == Span(16, 18)
    assert view.viewport().rect().contains(show.measure(17))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert editor.span is None


def test_a_click_on_another_staff_works_on_that_part(
    view: StaffView, editor: Editor, show: Show, song: ScoreDocument
) -> None:
    show(song)
    QTest.mouseClick(view.viewport(), LEFT, pos=show.measure(2, 1))
    assert (editor.part, editor.span) == (1, Span(2, 3))


def test_the_other_button_selects_what_is_not_selected_and_asks_for_a_menu(
    view: StaffView, editor: Editor, show: Show, song: ScoreDocument, qtbot: QtBot
) -> None:
    show(song)
    editor.select(1, 3)
    for place, selection in ((show.measure(2), Selection(1, 3)), (show.measure(5), Selection(5, 5))):
        with qtbot.waitSignal(view.context_menu_requested) as asked:
            ask_for_menu(view, place, QContextMenuEvent.Reason.Mouse)
        assert asked.args == [view.viewport().mapToGlobal(place)]
        assert editor.selection == selection


def test_the_menu_key_asks_for_a_menu_at_the_selection(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument, qtbot: QtBot
) -> None:
    show(reel)
    editor.select(3)
    with qtbot.waitSignal(view.context_menu_requested) as asked:
        ask_for_menu(view, QPoint(0, 0), QContextMenuEvent.Reason.Keyboard)
    assert asked.args is not None
    place = view.viewport().mapFromGlobal(asked.args[0])
    hit = view.sheet.hit(place.x(), place.y())
    assert hit is not None
    assert hit.measure == 3


def ask_for_menu(view: StaffView, place: QPoint, reason: QContextMenuEvent.Reason) -> None:
    port = view.viewport()
    QApplication.sendEvent(port, QContextMenuEvent(reason, place, port.mapToGlobal(place)))


def test_holding_a_drag_below_the_view_scrolls_on_and_selects_what_comes(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument, qtbot: QtBot
) -> None:
    view.resize(700, 200)
    show(reel)
    QTest.mousePress(view.viewport(), LEFT, pos=show.measure(1))
    outside = QPoint(400, view.viewport().height() + 120)
    view.cursor().setPos(view.viewport().mapToGlobal(outside))
    move_held(view, QPointF(outside), NO_KEY)
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())
    selection = editor.selection
    assert selection is not None
    assert selection.anchor == 1
    assert view.sheet.measures[0, selection.head].system == len(view.sheet.systems) - 1
    QTest.mouseRelease(view.viewport(), LEFT, pos=outside)
    assert editor.selection == selection


def test_a_score_that_is_read_again_is_shown_at_the_same_place(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    view.resize(700, 200)
    show(reel)
    editor.select(0)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    editor.reopen(open_document(TUNES / "soldiers-joy.abc"))
    show.wait()
    assert bar.value() == before > 0
    show(reel)
    assert bar.value() == 0


def test_a_press_does_not_move_the_music_under_the_pointer(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    view.resize(700, 200)
    show(reel)
    view.verticalScrollBar().setValue(round(view.sheet.measures[0, 5].rect.y + 5))
    place = show.measure(5)
    scrolled = view.verticalScrollBar().value()
    QTest.mousePress(view.viewport(), LEFT, pos=place)
    assert editor.span == Span(5, 6)
    assert view.verticalScrollBar().value() == scrolled
    QTest.mouseRelease(view.viewport(), LEFT, pos=place)


def test_a_menu_beside_the_music_leaves_the_selection(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument, qtbot: QtBot
) -> None:
    show(reel)
    editor.select(1, 3)
    with qtbot.waitSignal(view.context_menu_requested):
        ask_for_menu(view, QPoint(5, 5), QContextMenuEvent.Reason.Mouse)
    assert editor.selection == Selection(1, 3)


# Notes


def test_a_click_on_a_note_selects_it_and_keys_move_it(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    QTest.mouseClick(view.viewport(), LEFT, pos=show.note(2, 1))
    assert (editor.note, editor.span) == (NotePlace(2, 1), Span(2, 3))
    assert pitch(editor, NotePlace(2, 1)) == "D5"
    before = view.sheet.note_rects((0, 2, 1))[0]
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert pitch(editor, NotePlace(2, 1)) == "E5"
    show.wait()
    assert view.sheet.note_rects((0, 2, 1))[0].y < before.y


def test_alt_and_right_select_a_note_without_a_mouse(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    QTest.keyClick(view, Qt.Key.Key_Right, ALT)
    QTest.keyClick(view, Qt.Key.Key_Right, ALT)
    assert editor.note == NotePlace(0, 1)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert pitch(editor, NotePlace(0, 1)) == "rest"


@pytest.mark.parametrize(("steps", "keys", "moved"), [(2, NO_KEY, "F#5"), (-3, NO_KEY, "A4"), (2, SHIFT, "E5")])
def test_dragging_a_note_moves_it_by_steps_or_with_shift_by_semitones(  # noqa: PLR0913 - fixtures
    view: StaffView,
    editor: Editor,
    show: Show,
    reel: ScoreDocument,
    steps: int,
    keys: Qt.KeyboardModifier,
    moved: str,
) -> None:
    show(reel)
    start, port = show.note(2, 1), view.viewport()
    height = view.sheet.measures[0, 2].rect.height / 8
    QTest.mousePress(port, LEFT, pos=start)
    for step in range(abs(steps) + 1):
        place = QPointF(start.x(), start.y() - height * step * (1 if steps > 0 else -1))
        move_held(view, place, keys)
    QTest.mouseRelease(port, LEFT)
    assert pitch(editor, NotePlace(2, 1)) == moved
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert editor.document is reel


def move_held(view: StaffView, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
    """Move the pointer with the left button held, and keys too."""
    port = view.viewport()
    kind = QEvent.Type.MouseMove
    event = QMouseEvent(kind, place, port.mapToGlobal(place), Qt.MouseButton.NoButton, LEFT, modifiers)
    QApplication.sendEvent(port, event)


def test_a_selected_note_can_be_dragged_with_shift_held_from_the_beginning(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    editor.select_note(NotePlace(2, 1))
    start = show.note(2, 1)
    height = view.sheet.measures[0, 2].rect.height / 8
    QTest.mousePress(view.viewport(), LEFT, SHIFT, start)
    move_held(view, QPointF(start.x(), start.y() - 2 * height), SHIFT)
    QTest.mouseRelease(view.viewport(), LEFT, SHIFT, start)
    assert pitch(editor, NotePlace(2, 1)) == "E5"


def test_escape_calls_a_drag_off_and_the_note_is_where_it_was(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    start, height = show.note(2, 1), view.sheet.measures[0, 2].rect.height / 8
    QTest.mousePress(view.viewport(), LEFT, pos=start)
    move_held(view, QPointF(start.x(), start.y() - 2 * height), NO_KEY)
    assert editor.document is not reel
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert editor.document is reel
    move_held(view, QPointF(start.x(), start.y() - 3 * height), NO_KEY)
    QTest.mouseRelease(view.viewport(), LEFT)
    assert editor.document is reel
    assert editor.undo_stack.count() == 0
    assert editor.note == NotePlace(2, 1)


def test_the_selected_note_is_named_for_those_who_do_not_see_it(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    editor.select_note(NotePlace(1, 1))
    assert view.accessibleDescription() == "measure 1 of 17, D major, 4/4, note F♯4, eighth"


def test_a_slight_pull_on_a_note_moves_nothing(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    drag(view, show.note(2, 1), show.note(2, 1) + QPoint(0, 3))
    assert editor.document is reel
    assert editor.note == NotePlace(2, 1)


# Size and place


def turn_wheel(view: StaffView, place: QPoint, turned: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    port, phase = view.viewport(), Qt.ScrollPhase.NoScrollPhase
    on_screen = QPointF(port.mapToGlobal(place))
    button = Qt.MouseButton.NoButton
    QApplication.sendEvent(
        port, QWheelEvent(QPointF(place), on_screen, QPoint(), turned, button, modifiers, phase, False)
    )


def test_ctrl_and_wheel_zoom_and_keep_the_system_under_the_pointer(
    view: StaffView, show: Show, reel: ScoreDocument, qtbot: QtBot
) -> None:
    show(reel)
    place = show.measure(12)
    with qtbot.waitSignal(view.zoom_changed):
        turn_wheel(view, place, QPoint(0, 240), CONTROL)
    assert 1.3 < view.zoom < 1.6
    show.wait()
    hit = view.sheet.hit((place.x()) / view.zoom, (place.y() + view.verticalScrollBar().value()) / view.zoom)
    assert hit is not None
    assert view.sheet.measures[0, hit.measure].system == view.sheet.measures[0, 12].system


def test_zoom_goes_in_steps_to_its_ends_and_back_to_the_usual_size(
    view: StaffView, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    view.zoom_in()
    assert view.zoom == 1.1
    view.zoom_out()
    view.zoom_out()
    assert view.zoom == 0.9
    for _ in ZOOMS:
        view.zoom_in()
    assert view.zoom == ZOOMS[-1]
    show.wait()
    assert view.horizontalScrollBar().maximum() > 0
    view.zoom_reset()
    show.wait()
    assert view.zoom == 1
    assert view.horizontalScrollBar().maximum() == 0


def test_music_is_laid_out_anew_in_another_width(view: StaffView, show: Show, reel: ScoreDocument) -> None:
    show(reel)
    wide = len(view.sheet.systems)
    view.resize(500, 500)
    show.wait()
    assert len(view.sheet.systems) > wide
    assert view.sheet.width <= 500


def test_shift_and_wheel_scroll_sideways_and_the_wheel_alone_down(
    view: StaffView, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    view.set_zoom(4.0)
    show.wait()
    across, down = view.horizontalScrollBar(), view.verticalScrollBar()
    across.setValue(0)
    down.setValue(0)
    turn_wheel(view, QPoint(50, 50), QPoint(0, -120), SHIFT)
    assert (across.value(), down.value()) == (120, 0)
    turn_wheel(view, QPoint(50, 50), QPoint(0, -120), Qt.KeyboardModifier.NoModifier)
    assert down.value() > 0


def test_dragging_with_the_middle_button_pans(view: StaffView, editor: Editor, show: Show, reel: ScoreDocument) -> None:
    show(reel)
    view.set_zoom(4.0)
    show.wait()
    across, down = view.horizontalScrollBar(), view.verticalScrollBar()
    across.setValue(200)
    down.setValue(300)
    drag(view, QPoint(200, 200), QPoint(150, 260), button=MIDDLE)
    assert (across.value(), down.value()) == (250, 240)
    assert editor.span is None


def test_an_edit_leaves_the_view_where_it_is(view: StaffView, editor: Editor, show: Show, reel: ScoreDocument) -> None:
    view.resize(700, 200)
    show(reel)
    editor.select(12)
    scrolled = view.verticalScrollBar().value()
    assert scrolled > 0
    editor.replace_measures("Edit", Span(12, 13), higher(editor, Span(12, 13)))
    show.wait()
    assert abs(view.verticalScrollBar().value() - scrolled) <= 1


def higher(editor: Editor, span: Span) -> list[Measure]:
    """The measures of a span, an octave up with a G sharp at the beginning of each."""
    assert editor.melody is not None
    measures = []
    for measure in editor.melody.measures[span.start : span.stop]:
        first = replace(measure.notes[0], pitch=Pitch.parse("G#5"))
        measures.append(measure.with_notes([first, *measure.notes[1:]]))
    return measures


# Playing


def test_a_double_click_beside_the_music_plays_nothing(
    view: StaffView, transport: Transport, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    QTest.mouseDClick(view.viewport(), LEFT, pos=QPoint(5, 5))
    assert not transport.is_playing


def test_a_double_click_plays_from_there(
    view: StaffView, transport: Transport, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    QTest.mouseClick(view.viewport(), LEFT, pos=show.note(5, 0))
    QTest.mouseDClick(view.viewport(), LEFT, pos=show.note(5, 0))
    assert transport.is_playing
    assert transport.place is not None
    assert transport.place.measure == 5


def test_the_view_follows_the_cursor_unless_it_is_told_not_to(
    view: StaffView, transport: Transport, show: Show, reel: ScoreDocument
) -> None:
    view.resize(700, 200)
    show(reel)
    view.follows_playback = False
    transport.play_from(16)
    assert view.verticalScrollBar().value() == 0
    transport.stop()
    view.follows_playback = True
    transport.play_from(16)
    assert view.viewport().rect().contains(show.measure(16))
    transport.stop()


def test_the_view_shows_where_the_cursor_is_put_and_arrows_begin_there(
    view: StaffView, editor: Editor, transport: Transport, show: Show, reel: ScoreDocument
) -> None:
    view.resize(700, 200)
    show(reel)
    view.follows_playback = False  # which is about playing
    transport.set_place(16)
    assert view.viewport().rect().contains(show.measure(16))
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert editor.span == Span(16, 17)


# Colours


def colors_in(view: StaffView, rect: Rect) -> set[str]:
    """The colours of the pixels in a rectangle of the sheet."""
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    start, stop = view.to_viewport(rect.x, rect.y).toPoint(), view.to_viewport(rect.right, rect.bottom).toPoint()
    return {image.pixelColor(x, y).name() for x in range(start.x(), stop.x()) for y in range(start.y(), stop.y())}


def test_notes_of_a_take_have_their_colour_while_it_is_on_trial_and_when_it_is_kept(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument, qtbot: QtBot
) -> None:
    show(reel)
    take = higher(editor, Span(2, 3))
    editor.show_preview(Span(2, 3), take)
    show.wait()
    assert LIGHT.brought in colors_in(view, view.sheet.note_rects((0, 2, 0))[0])
    editor.show_preview(None)
    show.wait()
    assert LIGHT.brought not in colors_in(view, view.sheet.note_rects((0, 2, 0))[0])
    editor.commit_take("Take", Span(2, 3), take, ())
    show.wait()
    assert LIGHT.brought in colors_in(view, view.sheet.note_rects((0, 2, 0))[0])
    view.colors_takes = False
    qtbot.waitUntil(lambda: LIGHT.brought not in colors_in(view, view.sheet.note_rects((0, 2, 0))[0]))


def test_notes_out_of_key_are_marked_above_them(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    editor.replace_measures("Edit", Span(2, 3), higher(editor, Span(2, 3)))
    show.wait()
    marked, other = (view.sheet.note_rects((0, 2, note))[0] for note in (0, 1))
    assert LIGHT.out_of_key in colors_in(view, replace(marked, y=marked.y - 12, height=12))
    assert LIGHT.out_of_key not in colors_in(view, replace(other, y=other.y - 12, height=12))


def test_the_selection_is_a_box_over_the_staff_of_the_part_alone(
    view: StaffView, editor: Editor, show: Show, song: ScoreDocument
) -> None:
    show(song)
    editor.set_part(1)
    editor.select(3)
    boxes = [view.sheet.measures[part, 3].rect for part in (0, 1)]
    assert LIGHT.paper in colors_in(view, boxes[0])
    assert LIGHT.paper not in colors_in(view, boxes[1])


def test_the_selected_note_and_the_cursor_are_drawn(
    view: StaffView, editor: Editor, transport: Transport, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    editor.select_note(NotePlace(2, 1))
    rect = view.sheet.note_rects((0, 2, 1))[0]
    assert LIGHT.selection_edge in colors_in(view, Rect(rect.x - 4, rect.y, 6, rect.height))
    transport.set_place(4)
    cursor = view.sheet.cursor(0, 4, 0)
    assert cursor is not None
    line = Rect(cursor.x - 2, cursor.system.rect.y + 1, 4, cursor.system.rect.height - 2)
    assert any(_is_near(color, LIGHT.cursor) for color in colors_in(view, line))


def _is_near(color: str, other: str) -> bool:
    """Whether two colours are alike; the edges of a line are blended with what is beside it."""
    one, two = QColor(color), QColor(other)
    distances = (one.red() - two.red(), one.green() - two.green(), one.blue() - two.blue())
    return all(abs(distance) < 40 for distance in distances)


def test_a_dark_palette_draws_light_notes_on_dark_paper(
    view: StaffView, show: Show, reel: ScoreDocument, qtbot: QtBot
) -> None:
    show(reel)
    box = view.sheet.measures[0, 3].rect
    assert {LIGHT.paper, LIGHT.ink} <= colors_in(view, box)
    view.setPalette(dark_palette())
    qtbot.waitUntil(lambda: {DARK.paper, DARK.ink} <= colors_in(view, box))
    assert LIGHT.paper not in colors_in(view, box)


# Coming and going


def test_another_score_begins_at_its_top_and_a_closed_one_is_gone(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument, song: ScoreDocument
) -> None:
    view.resize(700, 200)
    show(reel)
    view.verticalScrollBar().setValue(100)
    show(song)
    assert view.verticalScrollBar().value() == 0
    assert {part for part, _ in view.sheet.measures} == {0, 1}
    editor.close()
    assert view.sheet.pages == ()
    assert view.is_up_to_date


def test_the_old_pages_stay_until_the_new_ones_are_there(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    show(reel)
    before = view.sheet
    editor.replace_measures("Edit", Span(2, 3), higher(editor, Span(2, 3)))
    assert view.sheet is before
    assert not view.is_up_to_date
    show.wait()
    assert view.sheet is not before


def test_a_hidden_view_waits_until_it_is_shown(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument
) -> None:
    view.hide()
    editor.open(reel)
    assert not view.is_up_to_date
    view.show()
    show.wait()
    assert len(view.sheet.measures) == 18


def test_only_the_last_of_many_scores_is_shown(
    view: StaffView, editor: Editor, show: Show, reel: ScoreDocument, qtbot: QtBot
) -> None:
    show(reel)
    shown = []
    view.sheet_changed.connect(lambda: shown.append(view.sheet))
    for _ in range(4):
        editor.replace_measures("Edit", Span(2, 3), higher(editor, Span(2, 3)))
        editor.undo_stack.undo()
    show.wait()
    qtbot.wait(50)
    assert len(shown) == 1


def test_what_cannot_be_engraved_is_told_in_place_of_the_pages(
    editor: Editor, transport: Transport, reel: ScoreDocument, qtbot: QtBot
) -> None:
    class Broken(Engraver):
        """Stands for an engraver whose child cannot draw the score."""

        def pages(self, *_: object) -> tuple[()]:
            message = "There is a reason."
            raise FileUnsupportedError(message)

    view = StaffView(editor, Broken(ChildProcess()), transport)
    qtbot.addWidget(view)
    view.show()
    with qtbot.waitSignal(view.engraving_failed) as failed:
        editor.open(reel)
    assert failed.args == ["There is a reason."]
    assert "There is a reason." in view.words
    assert view.is_up_to_date
    view.shut_down()


def test_while_nothing_is_drawn_yet_the_view_says_so(view: StaffView, editor: Editor, reel: ScoreDocument) -> None:
    editor.open(reel)
    assert view.sheet.pages == ()
    assert "being drawn" in view.words


def test_an_empty_view_says_what_to_do(view: StaffView) -> None:
    assert "Open" in view.words
    assert LIGHT.faint in colors_in(view, Rect(0, 0, view.width(), view.height()))


def test_a_long_score_draws_only_what_is_near(view: StaffView, show: Show, tmp_path: Path, qtbot: QtBot) -> None:
    tune = tmp_path / "long.abc"
    tune.write_text("X:1\nM:4/4\nL:1/8\nK:G\n" + "GABc d2cB|\n" * 120, encoding="utf-8")
    show(open_document(tune))
    pages = len(view.sheet.pages)
    assert pages > 8
    assert view.drawn_pages < pages
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: view.is_up_to_date)
    assert view.drawn_pages < pages
    last = view.sheet.measures[0, 119].rect
    assert LIGHT.ink in colors_in(view, last)
