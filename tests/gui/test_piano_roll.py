"""The piano roll under real mouse and key events, and what it paints."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.playback.outputs import SilentOutput
from inpaint_desktop.playback.timeline import Timeline
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.piano_roll.geometry import Bar, Zoom
from inpaint_desktop.ui.piano_roll.margins import PianoKeys, Ruler
from inpaint_desktop.ui.piano_roll.view import PianoRoll
from inpaint_desktop.ui.theme import DARK, LIGHT
from inpaint_desktop.ui.transport import Transport, TunePlace

TUNES = Path(__file__).parents[2] / "resources" / "tunes"
QUARTER = 10080
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture
def editor(reel: ScoreDocument) -> Editor:
    made = Editor()
    made.open(reel)
    return made


@pytest.fixture
def transport(editor: Editor) -> Iterator[Transport]:
    made = Transport(editor, SilentOutput())
    yield made
    made.close()


@pytest.fixture
def roll(editor: Editor, transport: Transport, qtbot: QtBot) -> PianoRoll:
    made = PianoRoll(editor, transport)
    qtbot.addWidget(made)
    made.resize(1000, 420)
    made.show()
    qtbot.waitExposed(made)
    return made


def in_view(roll: PianoRoll, x: float, y: float) -> QPoint:
    return (QPointF(x, y) - roll.offset).toPoint()


def in_measure(roll: PianoRoll, index: int) -> QPoint:
    """A point in the middle of a measure, above all notes."""
    left, right = roll.laid.geometry.edges_of(Span(index, index + 1))
    return in_view(roll, (left + right) / 2, roll.offset.y() + 4)


def bar_at(roll: PianoRoll, measure: int, note: int) -> Bar:
    return next(bar for bar in roll.laid.bars if bar.place == NotePlace(measure, note))


def on_bar(roll: PianoRoll, bar: Bar, share: float = 0.5) -> QPoint:
    """A point on a note, at a share of its length."""
    geometry = roll.laid.geometry
    x = geometry.x_of(bar.start) + share * (geometry.x_of(bar.stop) - geometry.x_of(bar.start))
    return in_view(roll, x, geometry.y_of(bar.midi) + geometry.zoom.row_height / 2)


def drag(widget: QWidget, start: QPoint, *stops: QPoint, button: Qt.MouseButton = LEFT, lets_go: bool = True) -> None:
    QTest.mousePress(widget, button, NONE, start)
    for stop in stops:
        move(widget, stop, button)
    if lets_go:
        QTest.mouseRelease(widget, button, NONE, stops[-1])


def move(widget: QWidget, stop: QPoint, button: Qt.MouseButton = LEFT) -> None:
    """Move the mouse with a button held, which ``QTest.mouseMove`` does not say."""
    place = QPointF(stop)
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, QPointF(widget.mapToGlobal(stop)), Qt.MouseButton.NoButton, button, NONE
    )
    QApplication.sendEvent(widget, event)


def wheel(roll: PianoRoll, turn: int, modifiers: Qt.KeyboardModifier = NONE, point: QPoint = QPoint(300, 100)) -> None:  # noqa: B008
    viewport = roll.viewport()
    event = QWheelEvent(
        QPointF(point),
        QPointF(viewport.mapToGlobal(point)),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def painted(roll: PianoRoll) -> QImage:
    return roll.viewport().grab().toImage()


def on_screen(roll: PianoRoll) -> QImage:
    """What the screen shows, which is not painted for this."""
    return roll.screen().grabWindow(roll.winId()).toImage()


def color_at(roll: PianoRoll, point: QPoint) -> QColor:
    image = painted(roll)
    ratio = image.devicePixelRatio()
    return image.pixelColor(round(point.x() * ratio), round(point.y() * ratio))


def long_notes(editor: Editor, span: Span, name: str) -> tuple[Measure, ...]:
    assert editor.melody is not None
    return tuple(
        measure.with_notes([Note(0, measure.duration, Pitch.parse(name))])
        for measure in editor.melody.measures[span.start : span.stop]
    )


def note_of(editor: Editor, measure: int, note: int) -> Note:
    found = editor.note_at(NotePlace(measure, note))
    assert found is not None
    return found


# Selecting


def test_a_click_selects_a_measure_and_shift_extends_to_another(roll: PianoRoll, editor: Editor) -> None:
    QTest.mouseClick(roll.viewport(), LEFT, NONE, in_measure(roll, 2))
    assert editor.span == Span(2, 3)
    QTest.mouseClick(roll.viewport(), LEFT, SHIFT, in_measure(roll, 4))
    assert editor.span == Span(2, 5)


def test_a_click_on_a_note_selects_the_note(roll: PianoRoll, editor: Editor) -> None:
    QTest.mouseClick(roll.viewport(), LEFT, NONE, on_bar(roll, bar_at(roll, 2, 1)))
    assert (editor.note, editor.span) == (NotePlace(2, 1), Span(2, 3))


@pytest.mark.parametrize(("first", "last"), [(1, 4), (4, 1)])
def test_a_drag_selects_the_measures_it_touches_in_both_directions(
    roll: PianoRoll, editor: Editor, first: int, last: int
) -> None:
    drag(roll.viewport(), in_measure(roll, first), in_measure(roll, 3), in_measure(roll, last))
    assert editor.span == Span(1, 5)
    assert editor.selection is not None
    assert editor.selection.anchor == first


def test_a_drag_sideways_from_a_note_selects_measures_too(roll: PianoRoll, editor: Editor, reel: ScoreDocument) -> None:
    start = on_bar(roll, bar_at(roll, 1, 1))
    drag(roll.viewport(), start, start + QPoint(30, 4), in_measure(roll, 3))
    assert editor.span == Span(1, 4)
    assert editor.document is reel


def test_a_drag_over_the_edge_scrolls_on_and_selects_what_comes_into_sight(
    roll: PianoRoll, editor: Editor, qtbot: QtBot
) -> None:
    outside = QPoint(roll.viewport().width() + 400, 50)
    drag(roll.viewport(), in_measure(roll, 2), outside, lets_go=False)
    qtbot.waitUntil(lambda: editor.span == Span(2, 18))
    move(roll.viewport(), QPoint(20, 50))
    QTest.mouseRelease(roll.viewport(), LEFT, NONE, QPoint(20, 50))
    back = QPoint(-400, 50)
    drag(roll.viewport(), in_measure(roll, 17), back, lets_go=False)
    qtbot.waitUntil(lambda: editor.span == Span(0, 18))
    QTest.mouseRelease(roll.viewport(), LEFT, NONE, back)


def test_arrows_move_and_extend_the_selection_and_the_view_follows(roll: PianoRoll, editor: Editor) -> None:
    editor.select(2)
    QTest.keyClick(roll, Qt.Key.Key_Right)
    assert editor.span == Span(3, 4)
    for _ in range(12):
        QTest.keyClick(roll, Qt.Key.Key_Right, SHIFT)
    assert editor.span == Span(3, 16)
    left, right = roll.laid.geometry.edges_of(Span(15, 16))
    assert roll.offset.x() <= left < right <= roll.offset.x() + roll.viewport().width()
    QTest.keyClick(roll, Qt.Key.Key_Escape)
    assert editor.span is None


def test_what_is_selected_elsewhere_comes_into_sight(roll: PianoRoll, editor: Editor) -> None:
    editor.select_note(NotePlace(16, 0))
    bar = bar_at(roll, 16, 0)
    assert roll.viewport().rect().contains(on_bar(roll, bar))
    editor.select(0)
    assert roll.offset.x() <= 0.0


def test_a_score_that_is_read_again_is_shown_at_the_same_place(
    roll: PianoRoll, editor: Editor, reel: ScoreDocument
) -> None:
    bar = roll.horizontalScrollBar()
    bar.setValue(200)
    editor.reopen(open_document(TUNES / "soldiers-joy.abc"))
    places = [bar.value()]
    editor.open(reel)
    places.append(bar.value())
    assert places == [200, 0]


def test_it_says_in_words_what_is_selected(roll: PianoRoll, editor: Editor) -> None:
    editor.select(3, 6)
    assert roll.accessibleName() == "Piano roll"
    assert roll.accessibleDescription().startswith("measures 3 to 6")


# Changing notes


def test_dragging_a_note_up_and_down_changes_its_pitch_when_it_is_let_go(
    roll: PianoRoll, editor: Editor, reel: ScoreDocument
) -> None:
    bar = bar_at(roll, 2, 1)
    start = on_bar(roll, bar)
    up = start - QPoint(0, round(3 * roll.zoom.row_height))
    drag(roll.viewport(), start, start - QPoint(0, 12), up, lets_go=False)
    assert editor.document is reel
    QTest.mouseRelease(roll.viewport(), LEFT, NONE, up)
    pitch = note_of(editor, 2, 1).pitch
    assert pitch is not None
    assert pitch.midi == bar.midi + 3
    assert editor.note == NotePlace(2, 1)
    editor.undo_stack.undo()
    assert editor.document is reel


def test_a_note_that_is_pressed_is_heard_and_each_pitch_it_is_dragged_to(editor: Editor, qtbot: QtBot) -> None:
    class Heard(SilentOutput):
        def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:
            super().start(timeline, from_s, is_loop=is_loop)
            heard.extend(note.midi for note in timeline.notes)

    heard: list[int] = []
    transport = Transport(editor, Heard())
    roll = PianoRoll(editor, transport)
    qtbot.addWidget(roll)
    roll.resize(1000, 420)
    roll.show()
    bar = bar_at(roll, 2, 1)
    start = on_bar(roll, bar)
    QTest.mousePress(roll.viewport(), LEFT, NONE, start)
    qtbot.waitUntil(lambda: heard == [bar.midi])
    for rows in (1, 1, 2):
        move(roll.viewport(), start - QPoint(0, round(rows * roll.zoom.row_height)))
    qtbot.waitUntil(lambda: heard[-1] == bar.midi + 2)
    assert heard in ([bar.midi, bar.midi + 1, bar.midi + 2], [bar.midi, bar.midi + 2])  # quick drags skip pitches
    transport.close()


def test_each_drag_is_a_step_of_its_own(roll: PianoRoll, editor: Editor) -> None:
    for _ in range(2):
        start = on_bar(roll, bar_at(roll, 2, 1))
        drag(roll.viewport(), start, start + QPoint(0, round(2 * roll.zoom.row_height)))
    assert editor.undo_stack.count() == 2


def test_dragging_the_right_edge_changes_the_length_to_a_note_value(roll: PianoRoll, editor: Editor) -> None:
    bar = bar_at(roll, 2, 1)
    before = bar.stop - bar.start
    start = on_bar(roll, bar, 0.95)
    way = round(roll.laid.geometry.x_of(before))
    drag(roll.viewport(), start, start + QPoint(way // 2, 0), start + QPoint(way - 3, 0))
    assert note_of(editor, 2, 1).duration == 2 * before
    assert editor.melody is not None
    assert editor.undo_stack.count() == 1


def test_a_drag_that_comes_back_or_is_called_off_changes_nothing(
    roll: PianoRoll, editor: Editor, reel: ScoreDocument
) -> None:
    start = on_bar(roll, bar_at(roll, 2, 1))
    drag(roll.viewport(), start, start + QPoint(0, 40), start)
    drag(roll.viewport(), start, start + QPoint(0, 40), lets_go=False)
    QTest.keyClick(roll, Qt.Key.Key_Escape)
    QTest.mouseRelease(roll.viewport(), LEFT, NONE, start + QPoint(0, 40))
    assert editor.document is reel


def test_a_hand_that_trembles_changes_nothing(roll: PianoRoll, editor: Editor, reel: ScoreDocument) -> None:
    start = on_bar(roll, bar_at(roll, 2, 1))
    drag(roll.viewport(), start, start + QPoint(0, 2))
    assert (editor.document, editor.note) == (reel, NotePlace(2, 1))


def test_the_notes_of_a_preview_cannot_be_dragged(roll: PianoRoll, editor: Editor, reel: ScoreDocument) -> None:
    editor.show_preview(Span(2, 3), long_notes(editor, Span(2, 3), "A4"))
    start = on_bar(roll, bar_at(roll, 2, 0))
    drag(roll.viewport(), start, start + QPoint(0, 40))
    assert editor.document is reel


def test_keys_edit_the_selected_note(roll: PianoRoll, editor: Editor) -> None:
    editor.select_note(NotePlace(2, 1))
    before = note_of(editor, 2, 1).pitch
    QTest.keyClick(roll, Qt.Key.Key_Up, CONTROL)
    after = note_of(editor, 2, 1).pitch
    assert before is not None
    assert after is not None
    assert after.midi == before.midi + 12
    QTest.keyClick(roll, Qt.Key.Key_Delete)
    assert note_of(editor, 2, 1).is_rest


def test_the_pointer_says_what_can_be_dragged(roll: PianoRoll) -> None:
    bar = bar_at(roll, 2, 1)
    shapes = []
    for point in (on_bar(roll, bar), on_bar(roll, bar, 0.98), in_measure(roll, 2)):
        QTest.mouseMove(roll.viewport(), point)
        shapes.append(roll.viewport().cursor().shape())
    assert shapes == [Qt.CursorShape.SizeVerCursor, Qt.CursorShape.SizeHorCursor, Qt.CursorShape.ArrowCursor]


# The ruler


@pytest.fixture
def ruler(roll: PianoRoll) -> Ruler:
    found = roll.findChild(Ruler)
    assert isinstance(found, Ruler)
    return found


def test_a_click_in_the_ruler_sets_the_playback_place(roll: PianoRoll, ruler: Ruler, transport: Transport) -> None:
    x = roll.laid.geometry.x_of(roll.laid.geometry.starts[3] + int(1.6 * QUARTER))
    QTest.mouseClick(ruler, LEFT, NONE, QPoint(round(x), 20))
    assert (transport.place, transport.is_playing) == (TunePlace(3, QUARTER), False)


def test_a_double_click_in_the_ruler_plays_from_there(roll: PianoRoll, ruler: Ruler, transport: Transport) -> None:
    x = roll.laid.geometry.x_of(roll.laid.geometry.starts[3])
    QTest.mouseDClick(ruler, LEFT, NONE, QPoint(round(x) + 2, 20))
    assert transport.is_playing
    assert transport.place == TunePlace(3)


def test_a_drag_in_the_ruler_selects_measures(
    roll: PianoRoll, ruler: Ruler, editor: Editor, transport: Transport
) -> None:
    points = [QPoint(in_measure(roll, index).x(), 20) for index in (1, 2, 4)]
    drag(ruler, *points)
    assert (editor.span, transport.place) == (Span(1, 5), None)


# Zoom and scrolling


def test_the_wheel_scrolls_and_zooms_at_the_pointer(roll: PianoRoll) -> None:
    wheel(roll, -240, SHIFT)
    assert roll.offset.x() == 240
    before, place = roll.zoom, roll.laid.geometry.tick_at(roll.offset.x() + 300)
    wheel(roll, 240, CONTROL)
    assert roll.zoom.quarter_width > before.quarter_width
    assert roll.zoom.row_height == before.row_height
    assert abs(roll.laid.geometry.tick_at(roll.offset.x() + 300) - place) < QUARTER / 20
    midi = roll.laid.geometry.midi_at(roll.offset.y() + 100)
    wheel(roll, 480, CONTROL | SHIFT)
    assert roll.zoom.row_height > before.row_height
    assert abs(roll.laid.geometry.midi_at(roll.offset.y() + 100) - midi) <= 1
    y = roll.offset.y()
    wheel(roll, -120)
    assert roll.offset.y() > y


def test_the_middle_button_pans(roll: PianoRoll) -> None:
    y = roll.offset.y()
    drag(roll.viewport(), QPoint(500, 200), QPoint(400, 220), QPoint(300, 240), button=MIDDLE)
    assert (roll.offset.x(), roll.offset.y()) == (200, y - 40)


def test_zoom_goes_in_and_out_and_back_to_the_usual(roll: PianoRoll) -> None:
    usual = roll.zoom
    roll.zoom_in()
    assert roll.zoom.quarter_width > usual.quarter_width
    roll.zoom_out()
    roll.zoom_out()
    assert roll.zoom.quarter_width < usual.quarter_width
    roll.zoom_reset()
    assert roll.zoom.quarter_width == pytest.approx(usual.quarter_width)
    assert roll.zoom.row_height == pytest.approx(usual.row_height)


def test_all_notes_are_in_sight_at_first_and_in_any_window_until_rows_are_zoomed(roll: PianoRoll) -> None:
    for height in (420, 260, 700):
        roll.resize(1000, height)
        inside = roll.viewport().rect()
        for bar in roll.laid.bars:
            top = roll.laid.geometry.y_of(bar.midi) - roll.offset.y()
            assert inside.top() <= top <= inside.bottom() - roll.zoom.row_height
    roll.zoom = Zoom(30, 20)
    roll.resize(1000, 300)
    assert roll.zoom == Zoom(30, 20)


def test_the_view_follows_what_is_heard_unless_it_is_told_not_to(
    roll: PianoRoll, transport: Transport, qtbot: QtBot
) -> None:
    transport.tempo_percent = 400
    roll.follows_playback = False
    transport.play_from(12)
    qtbot.waitUntil(lambda: transport.place not in (None, TunePlace(12)))
    assert roll.offset.x() == 0
    roll.follows_playback = True
    qtbot.waitUntil(lambda: roll.offset.x() > 0)
    transport.stop()


def test_the_view_shows_where_the_cursor_is_put_and_arrows_begin_there(
    roll: PianoRoll, editor: Editor, transport: Transport
) -> None:
    roll.follows_playback = False  # which is about playing
    last = editor.measure_count - 1
    transport.set_place(last)
    left, right = roll.laid.geometry.edges_of(Span(last, last + 1))
    assert roll.offset.x() <= left < right <= roll.offset.x() + roll.viewport().width()
    QTest.keyClick(roll, Qt.Key.Key_Right)
    assert editor.span == Span(last, last + 1)
    transport.set_place(0)
    assert roll.offset.x() == 0


def test_a_click_in_the_ruler_scrolls_nothing(roll: PianoRoll, ruler: Ruler) -> None:
    before = roll.offset
    QTest.mouseClick(ruler, LEFT, NONE, QPoint(ruler.width() - 4, 10))
    assert roll.offset == before


# Painting


def test_the_context_menu_is_for_the_measure_under_the_pointer(roll: PianoRoll, editor: Editor, qtbot: QtBot) -> None:
    editor.select(1, 2)
    for index, expected in ((2, Span(1, 3)), (4, Span(4, 5))):
        point = in_measure(roll, index)
        place = roll.viewport().mapToGlobal(point)
        with qtbot.waitSignal(roll.context_menu_requested) as requested:
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, place)
            QApplication.sendEvent(roll.viewport(), event)
        assert (requested.args, editor.span) == ([place], expected)


def test_notes_of_takes_have_their_own_colour_which_can_be_switched_off(roll: PianoRoll, editor: Editor) -> None:
    editor.commit_take("Take", Span(2, 3), long_notes(editor, Span(2, 3), "A4"), ())
    point = on_bar(roll, bar_at(roll, 2, 0)) - QPoint(0, 2)
    assert color_at(roll, point) == LIGHT.color("brought")
    roll.colors_takes = False
    assert not roll.colors_takes
    assert color_at(roll, point) != LIGHT.color("brought")


def test_notes_out_of_the_key_are_marked(roll: PianoRoll, editor: Editor) -> None:
    editor.replace_measures("Edit", Span(2, 3), long_notes(editor, Span(2, 3), "Bb4"))
    bar = bar_at(roll, 2, 0)
    low = on_bar(roll, bar) + QPoint(0, round(roll.zoom.row_height / 2) - 2)
    assert color_at(roll, low) == LIGHT.color("out_of_key")


def test_selection_cursor_and_ghost_can_be_seen(roll: PianoRoll, editor: Editor, transport: Transport) -> None:
    point = in_measure(roll, 2) + QPoint(3, 20)
    plain = color_at(roll, point)
    editor.select(2)
    assert color_at(roll, point) != plain
    transport.set_place(3)
    x = roll.laid.geometry.x_of(roll.laid.geometry.starts[3])
    assert color_at(roll, in_view(roll, x, roll.offset.y() + 30)) == LIGHT.color("cursor")
    editor.clear_selection()
    start = on_bar(roll, bar_at(roll, 2, 1))
    target = start + QPoint(0, round(4 * roll.zoom.row_height))
    before = color_at(roll, target)
    drag(roll.viewport(), start, target, lets_go=False)
    assert color_at(roll, target) != before
    QTest.mouseRelease(roll.viewport(), LEFT, NONE, target)


@pytest.fixture
def endings(tmp_path: Path) -> ScoreDocument:
    """A pickup of rests only, repeats and endings, a tie over a barline, a note out of the key, a rest."""
    path = tmp_path / "endings.abc"
    music = "z|:GABc|1 d2B2-:|2 B2^c2|]z4|"
    path.write_text(f"X:1\nT:Endings\nM:4/4\nL:1/4\nK:G\n{music}\n", encoding="utf-8")
    return open_document(path)


def test_tied_notes_are_one_bar_and_others_are_set_apart(
    roll: PianoRoll, editor: Editor, endings: ScoreDocument
) -> None:
    editor.open(endings)
    roll.zoom = Zoom(60, 16)
    roll.horizontalScrollBar().setValue(0)

    def between(first: NotePlace) -> QColor:
        bar = roll.laid.bar_of(first)
        assert bar is not None
        return color_at(roll, on_bar(roll, bar, 1.0) - QPoint(1, 0))

    inside = color_at(roll, on_bar(roll, bar_at(roll, 1, 0)))
    assert between(NotePlace(2, 1)) == inside
    assert between(NotePlace(1, 0)) != inside


def test_every_note_and_rest_has_a_place_and_nothing_else(
    roll: PianoRoll, editor: Editor, endings: ScoreDocument
) -> None:
    editor.open(endings)
    first = roll.laid.bar_of(NotePlace(0, 0))
    assert first is not None
    assert (first.is_rest, first.midi, first.stop) == (True, 67, QUARTER)
    last = roll.laid.bar_of(NotePlace(4, 0))
    assert last is not None
    assert (last.is_rest, last.midi) == (True, 73)
    assert [roll.laid.bar_of(place) for place in (NotePlace(4, 1), NotePlace(5, 0))] == [None, None]


def test_a_take_is_brought_into_sight_once_when_it_is_shown(roll: PianoRoll, editor: Editor) -> None:
    editor.select(0, 9)
    bar, span = roll.horizontalScrollBar(), Span(0, 2)
    for name in ("A4", "B4"):
        bar.setValue(bar.maximum())
        editor.show_preview(span, long_notes(editor, span, name))
        if name == "A4":
            assert bar.value() < bar.maximum()
    assert bar.value() == bar.maximum()  # it is the same place, and one may look elsewhere


def rows_in_sight(roll: PianoRoll) -> set[int]:
    """The pitches whose rows can be seen."""
    geometry, top = roll.laid.geometry, roll.offset.y()
    bottom = top + roll.viewport().height() - roll.zoom.row_height
    return {midi for midi in range(128) if top <= geometry.y_of(midi) <= bottom}


def test_a_note_that_is_moved_with_keys_stays_in_sight(roll: PianoRoll, editor: Editor) -> None:
    editor.select_note(NotePlace(2, 0))
    for _ in range(2):
        QTest.keyClick(roll, Qt.Key.Key_Up, CONTROL)
    assert bar_at(roll, 2, 0).midi in rows_in_sight(roll)
    editor.undo_stack.undo()
    assert bar_at(roll, 2, 0).midi in rows_in_sight(roll)


@pytest.mark.parametrize("name", ["C2", "C8"])
def test_a_take_that_lies_higher_or_lower_is_brought_into_sight(roll: PianoRoll, editor: Editor, name: str) -> None:
    span = Span(2, 4)
    editor.show_preview(span, long_notes(editor, span, name))
    assert bar_at(roll, 2, 0).midi in rows_in_sight(roll)


def test_a_take_that_can_be_seen_leaves_the_view_where_it_is(roll: PianoRoll, editor: Editor) -> None:
    span, before = Span(2, 4), roll.offset
    editor.show_preview(span, long_notes(editor, span, "B4"))
    assert roll.offset == before


def test_rows_further_apart_than_the_view_is_high_are_shown_where_most_of_them_are(roll: PianoRoll) -> None:
    roll.zoom = Zoom(30, 20)
    roll.show_rows([24, 90, 91, 92, 105])
    assert {90, 91, 92} <= rows_in_sight(roll)
    roll.show_rows([30, 38])
    assert {30, 38} <= rows_in_sight(roll)
    before = roll.offset
    roll.show_rows([])
    assert roll.offset == before


def test_a_preview_has_edges_of_its_own(roll: PianoRoll, editor: Editor) -> None:
    assert editor.melody is not None
    before = painted(roll)
    editor.show_preview(Span(2, 4), editor.melody.measures[2:4])
    x = round(roll.laid.geometry.edges_of(Span(2, 4))[0])
    during = painted(roll)
    colors = {during.pixelColor(x, y).name() for y in range(during.height())}
    assert LIGHT.color("brought").name() in colors
    editor.show_preview(None)
    assert painted(roll) == before


def test_while_an_edge_is_dragged_the_new_length_is_named(roll: PianoRoll, editor: Editor) -> None:
    bar = bar_at(roll, 2, 1)
    start = on_bar(roll, bar, 0.95)
    roll.verticalScrollBar().setValue(round(roll.laid.geometry.y_of(bar.midi)))
    start = on_bar(roll, bar, 0.95)
    before = painted(roll)
    drag(roll.viewport(), start, start + QPoint(20, 0), lets_go=False)
    below = QPoint(start.x() - 10, start.y() + round(roll.zoom.row_height) + 4)
    assert color_at(roll, below) != before.pixelColor(below)
    QTest.mouseRelease(roll.viewport(), LEFT, NONE, start)
    assert editor.undo_stack.count() == 1


def test_the_view_that_has_the_keys_has_a_frame(roll: PianoRoll, qtbot: QtBot) -> None:
    roll.activateWindow()
    roll.setFocus()
    qtbot.waitUntil(roll.hasFocus)
    assert color_at(roll, QPoint(40, 0)) == LIGHT.color("selection_edge")
    roll.horizontalScrollBar().setValue(40)
    assert color_at(roll, QPoint(40, 0)) == LIGHT.color("selection_edge")
    roll.clearFocus()
    assert color_at(roll, QPoint(40, 0)) != LIGHT.color("selection_edge")


def test_the_key_that_is_pointed_at_is_marked_and_named(roll: PianoRoll) -> None:
    keys = roll.findChild(PianoKeys)
    assert isinstance(keys, PianoKeys)
    plain = keys.grab().toImage()
    QTest.mouseMove(roll.viewport(), QPoint(300, 100))
    marked = keys.grab().toImage()
    assert marked != plain
    QApplication.sendEvent(roll, QEvent(QEvent.Type.Leave))
    assert keys.grab().toImage() == plain


def test_the_cursor_is_gone_where_it_was(roll: PianoRoll, transport: Transport) -> None:
    before = painted(roll)
    transport.set_place(3, QUARTER)
    assert painted(roll) != before
    transport.stop()
    assert painted(roll) == before


def test_scrolling_paints_what_painting_anew_would(roll: PianoRoll) -> None:
    roll.clearFocus()
    QApplication.processEvents()
    before = on_screen(roll)
    roll.horizontalScrollBar().setValue(137)
    roll.verticalScrollBar().setValue(roll.verticalScrollBar().value() + 31)
    QApplication.processEvents()
    scrolled = on_screen(roll)
    assert scrolled != before
    roll.viewport().update()
    QApplication.processEvents()
    assert on_screen(roll) == scrolled


def test_a_selected_rest_is_framed(roll: PianoRoll, editor: Editor) -> None:
    editor.select_note(NotePlace(2, 1))
    QTest.keyClick(roll, Qt.Key.Key_Delete)
    framed = painted(roll)
    editor.select_note(None)
    assert painted(roll) != framed


def test_it_is_dark_with_a_dark_palette(roll: PianoRoll) -> None:
    roll.setPalette(dark_palette())
    image = painted(roll)
    assert image.pixelColor(image.width() - 3, 3).lightness() < 60
    assert DARK.color("paper").lightness() < 60


def test_without_a_score_or_a_melody_it_says_why_there_is_nothing(
    roll: PianoRoll, editor: Editor, transport: Transport
) -> None:
    editor.close()
    empty = painted(roll)
    assert len({empty.pixel(x, empty.height() // 2) for x in range(empty.width())}) > 2
    QTest.mouseClick(roll.viewport(), LEFT, NONE, QPoint(200, 100))
    QTest.keyClick(roll, Qt.Key.Key_Right)
    assert (editor.span, transport.place) == (None, None)


def test_repeats_and_endings_are_hinted_in_the_ruler(
    roll: PianoRoll, editor: Editor, ruler: Ruler, endings: ScoreDocument
) -> None:
    editor.open(endings)
    image = ruler.grab().toImage()
    quarter = roll.zoom.quarter_width

    def ink(left: float, right: float, rows: range) -> int:
        columns = range(round(left), round(right))
        return sum(image.pixelColor(x, y).lightness() < 90 for x in columns for y in rows)

    lower, upper = range(20, 34), range(2, 5)
    assert ink(quarter, quarter + 3, lower) > 3 * len(lower) / 2
    assert ink(9 * quarter - 3, 9 * quarter, lower) > 3 * len(lower) / 2
    assert ink(0, 5 * quarter, upper) == 0
    assert ink(5 * quarter, 9 * quarter, upper) > 3 * quarter
