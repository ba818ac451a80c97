"""The gallery as it is seen and used: the shipped model, real excerpts, real keys and clicks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QBoxLayout, QMenu
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.properties import sounding, sounding_notes
from inpaint_desktop.engine.request import Engine
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import Page
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.playback.outputs import SilentOutput
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.card_list import LOWEST, NARROWEST_CARD
from inpaint_desktop.ui.gallery.card_view import CardView
from inpaint_desktop.ui.gallery.gallery import Card, Gallery
from inpaint_desktop.ui.gallery.panel import GalleryPanel
from inpaint_desktop.ui.gallery.picture import SMALLEST_SCALE, Look, PictureRequest, draw, fit
from inpaint_desktop.ui.preferences import Preferences
from inpaint_desktop.ui.presets import Presets
from inpaint_desktop.ui.theme import DARK, LIGHT
from inpaint_desktop.ui.transport import Transport

TUNES = paths.resources_folder() / "tunes"
WAIT_MS = 60_000
Key = Qt.Key
SETTINGS = FillSettings(takes=4, seed=4711, seed_locked=True)


@dataclass
class Room:
    """Everything that the panel works with."""

    editor: Editor
    filler: Filler
    transport: Transport
    gallery: Gallery
    panel: GalleryPanel
    qtbot: QtBot

    def fill(self) -> None:
        """Regenerate, and wait for all takes and their excerpts."""
        self.panel.activateWindow()
        with self.qtbot.waitSignal(self.filler.ended, timeout=WAIT_MS):
            self.gallery.regenerate()
        self.qtbot.waitUntil(lambda: all(view.is_drawn for view in self.panel.cards.views), timeout=WAIT_MS)

    def press(self, key: Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.panel.cards, key, modifier)

    def view(self, number: int) -> CardView:
        return self.panel.cards.views[number]

    def point_at(self, number: int) -> None:
        view = self.view(number)
        self.panel.cards.ensureWidgetVisible(view)
        QTest.mouseMove(view, view.rect().center() - QPoint(9, 0))
        QTest.mouseMove(view, view.rect().center())

    @property
    def is_heard(self) -> bool:
        return self.transport.is_playing

    @property
    def shown(self) -> object:
        """What is shown in the gap."""
        assert self.editor.shown_melody is not None
        return self.editor.shown_melody.measures[6:10]


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture(scope="module")
def shipped() -> Engine:
    return open_engine("inpaintnet", "cpu")


@pytest.fixture(scope="module")
def engraver() -> Iterator[Engraver]:
    with ChildProcess() as child:
        yield Engraver(child)


@pytest.fixture
def make_room(qtbot: QtBot, reel: ScoreDocument, shipped: Engine, engraver: Engraver) -> Iterator[Callable[..., Room]]:
    """Make a panel and what belongs to it."""
    made: list[Room] = []

    def make(draws: object = engraver) -> Room:
        editor = Editor()
        editor.open(reel)
        editor.select(6, 9)
        filler = Filler(editor, lambda _model, _device: shipped)
        filler.set_settings(SETTINGS)
        transport = Transport(editor, SilentOutput())
        gallery = Gallery(editor, filler, transport)
        presets = Presets(Preferences(Settings()), filler)
        panel = GalleryPanel(gallery, filler, draws, presets)  # type: ignore[arg-type]
        qtbot.addWidget(panel)
        panel.resize(380, 900)
        panel.show()
        qtbot.waitExposed(panel)
        made.append(Room(editor, filler, transport, gallery, panel, qtbot))
        return made[-1]

    yield make
    for room in made:
        room.filler.close()
        room.panel.close_work()
        room.transport.close()


@pytest.fixture
def room(make_room: Callable[..., Room]) -> Room:
    return make_room()


@pytest.fixture
def filled(room: Room) -> Room:
    room.fill()
    return room


def test_regenerate_walk_keep_and_undo_with_the_keyboard_alone(filled: Room, reel: ScoreDocument) -> None:
    original, takes = filled.gallery.cards[0].measures, [card.measures for card in filled.gallery.cards[1:]]
    assert len(takes) == 4
    assert filled.shown == takes[0]
    filled.press(Key.Key_Down)
    assert filled.shown == takes[1]
    filled.press(Key.Key_4)
    assert filled.shown == takes[3]
    filled.press(Key.Key_0)
    assert filled.shown == original
    filled.press(Key.Key_Right)
    filled.press(Key.Key_Right)
    filled.press(Key.Key_Left)
    filled.press(Key.Key_2)
    filled.press(Key.Key_Return)
    assert filled.editor.melody is not None
    assert filled.editor.melody.measures[6:10] == takes[1]
    assert filled.gallery.cards == ()
    filled.editor.undo_stack.undo()
    assert filled.editor.document is reel


def test_space_plays_a_compares_and_space_pauses(filled: Room) -> None:
    take, original = filled.gallery.cards[1].measures, filled.gallery.cards[0].measures
    filled.press(Key.Key_Space)
    assert filled.transport.is_playing
    filled.press(Key.Key_A)
    assert (filled.shown, filled.transport.is_playing) == (original, True)
    filled.press(Key.Key_A)
    assert (filled.shown, filled.transport.is_playing) == (take, True)
    with filled.qtbot.waitSignal(filled.transport.state_changed):
        filled.press(Key.Key_Space)
    assert not filled.is_heard


def test_star_delete_copy_and_regenerate_have_keys(filled: Room) -> None:
    kept = filled.gallery.cards[2]
    filled.press(Key.Key_2)
    filled.press(Key.Key_S)
    assert filled.gallery.is_starred(kept)
    filled.press(Key.Key_C)
    assert QGuiApplication.clipboard().text() == "4711"
    filled.press(Key.Key_1)
    filled.press(Key.Key_Delete)
    assert filled.gallery.cards[1] is kept
    for key in (Key.Key_R, Key.Key_Return):
        filled.filler.set_settings(FillSettings(takes=2, seed=int(key), seed_locked=True))
        with filled.qtbot.waitSignal(filled.filler.ended, timeout=WAIT_MS):
            filled.press(key, Qt.KeyboardModifier.ControlModifier)
        assert filled.gallery.cards[1] is kept
        assert [card.origin.settings.seed for card in filled.gallery.cards[2:]] == [int(key)] * 2


def test_another_key_makes_takes_where_one_was_chosen_and_the_usual_one_no_more(filled: Room) -> None:
    filled.panel.use_regenerate_keys([QKeySequence("F5")])
    filled.press(Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert not filled.filler.is_running
    with filled.qtbot.waitSignal(filled.filler.ended, timeout=WAIT_MS):
        filled.press(Key.Key_F5)


def test_escape_calls_off_and_then_leaves_the_score_untouched(filled: Room, reel: ScoreDocument) -> None:
    filled.press(Key.Key_3)
    filled.press(Key.Key_S)
    filled.filler.regenerate()
    filled.press(Key.Key_Escape)
    assert not filled.filler.is_running
    assert len(filled.gallery.cards) == 2
    filled.press(Key.Key_Escape)
    assert filled.editor.document is filled.editor.shown_document is reel
    assert filled.panel.sentence.isVisible()
    assert "Ctrl+R" in filled.panel.sentence.text()


def test_a_long_sentence_is_shown_with_all_its_lines(room: Room) -> None:
    room.filler.failed.emit("There is a lot to say about why no takes came, and what would help. " * 6)
    QApplication.processEvents()
    label = room.panel.sentence
    assert label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height()


def test_keys_without_a_meaning_here_go_on_to_the_window(room: Room) -> None:
    room.press(Key.Key_Space)  # nothing to play yet
    room.press(Key.Key_Q)
    room.press(Key.Key_A, Qt.KeyboardModifier.AltModifier)
    room.press(Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert not room.transport.is_playing
    assert room.gallery.cards == ()


def test_the_mouse_shows_a_card_in_place_while_it_is_over_it(filled: Room) -> None:
    filled.point_at(2)
    filled.qtbot.waitUntil(lambda: filled.gallery.shown == 2)
    assert filled.shown == filled.gallery.cards[2].measures
    QTest.mouseMove(filled.panel.settings)
    filled.qtbot.waitUntil(lambda: filled.gallery.shown == 1)
    assert filled.shown == filled.gallery.cards[1].measures


@pytest.mark.parametrize(
    ("key", "current"), [(Key.Key_Space, 2), (Key.Key_S, 2), (Key.Key_Right, 3), (Key.Key_Up, 1), (Key.Key_0, 0)]
)
def test_keys_are_about_the_card_that_the_mouse_shows(filled: Room, key: Key, current: int) -> None:
    filled.point_at(2)
    filled.qtbot.waitUntil(lambda: filled.gallery.shown == 2)
    filled.press(key)
    assert (filled.gallery.current, filled.gallery.shown) == (current, current)
    assert filled.is_heard == (key == Key.Key_Space)
    assert filled.gallery.is_starred(filled.gallery.cards[2]) == (key == Key.Key_S)


def test_enter_keeps_the_take_that_the_mouse_shows(filled: Room) -> None:
    take = filled.gallery.cards[2].measures
    filled.point_at(2)
    filled.qtbot.waitUntil(lambda: filled.gallery.shown == 2)
    filled.press(Key.Key_Return)
    assert filled.editor.melody is not None
    assert filled.editor.melody.measures[6:10] == take


def test_a_click_picks_and_a_double_click_keeps(filled: Room) -> None:
    take = filled.gallery.cards[2].measures
    place = QPoint(60, 60)
    QTest.mouseClick(filled.view(0), Qt.MouseButton.LeftButton, pos=place)
    assert filled.gallery.current == 0
    QTest.mouseClick(filled.view(2), Qt.MouseButton.RightButton, pos=place)
    assert filled.gallery.current == 0
    QTest.mouseDClick(filled.view(2), Qt.MouseButton.LeftButton, pos=place)
    assert filled.editor.melody is not None
    assert filled.editor.melody.measures[6:10] == take


def test_the_star_and_the_buttons_work_with_the_mouse(filled: Room) -> None:
    QTest.mouseClick(filled.view(1).star, Qt.MouseButton.LeftButton)
    assert filled.gallery.is_starred(filled.gallery.cards[1])
    assert filled.view(1).star.isChecked()
    buttons, take = filled.panel.buttons, filled.gallery.cards[2].measures
    QTest.mouseClick(buttons["remove"], Qt.MouseButton.LeftButton)
    assert filled.gallery.cards[1].measures == take
    QTest.mouseClick(buttons["compare"], Qt.MouseButton.LeftButton)
    assert filled.gallery.is_comparing
    QTest.mouseClick(buttons["play"], Qt.MouseButton.LeftButton)
    assert filled.transport.is_playing
    QTest.mouseClick(buttons["commit"], Qt.MouseButton.LeftButton)
    assert filled.editor.melody is not None
    assert filled.editor.melody.measures[6:10] == take
    assert not buttons["commit"].isEnabled()


def test_the_menu_offers_what_can_be_done_with_the_card(filled: Room) -> None:
    filled.gallery.pick(0)
    enabled = [action.objectName() for action in filled.panel.made_menu().actions() if action.isEnabled()]
    assert enabled == ["play", "splice"]
    filled.gallery.use_settings()
    filled.gallery.more_like()
    filled.panel.copy_seed()
    filled.panel.request_saving()  # nothing of this is for the original
    filled.gallery.pick(2)
    menu = filled.panel.made_menu()
    save = next(action for action in menu.actions() if action.objectName() == "save")
    with filled.qtbot.waitSignal(filled.panel.save_requested) as requested:
        save.trigger()
    assert requested.args == [filled.gallery.cards[2]]


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menu_opens_at_the_card_and_is_about_it(filled: Room) -> None:
    view = filled.view(2)
    place = QPoint(50, 50)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
    QGuiApplication.sendEvent(view, event)
    assert filled.gallery.current == 2
    menu = next(menu for menu in filled.panel.findChildren(QMenu) if menu.isVisible())
    star = next(action for action in menu.actions() if action.objectName() == "star")
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(star).center())
    assert filled.gallery.is_starred(filled.gallery.cards[2])


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menu_key_opens_the_menu_of_the_current_card(filled: Room) -> None:
    filled.press(Key.Key_2)
    place = filled.panel.cards.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, filled.panel.cards.mapToGlobal(place))
    with filled.qtbot.waitSignal(filled.panel.cards.menu_wanted) as wanted:
        QGuiApplication.sendEvent(filled.panel.cards, event)
    card = filled.view(2)
    assert card.rect().contains(card.mapFromGlobal(wanted.args[0]))
    filled.gallery.close()
    QGuiApplication.sendEvent(filled.panel.cards, event)
    assert not event.isAccepted()


def test_the_settings_of_a_take_can_be_used_again(filled: Room) -> None:
    filled.filler.set_settings(FillSettings(takes=9, variety=0.9))
    filled.gallery.use_settings()
    assert filled.filler.settings == SETTINGS


def shares_are_near(shares: list[float], wanted: float, notes: int) -> bool:
    """Whether shares of some notes are as near to one as whole notes allow."""
    return all(abs(share - wanted) <= 0.5 / notes + 1e-9 for share in shares)


def notes_in(card: Card) -> int:
    return len(sounding_notes(card.measures))


def test_the_dial_says_what_is_measured_on_every_card(room: Room) -> None:
    QTest.keyClick(room.panel.settings.box.difference, Key.Key_PageDown)
    QTest.keyClick(room.panel.settings.box.difference, Key.Key_PageDown)
    QTest.keyClick(room.panel.settings.box.difference, Key.Key_PageDown)
    assert room.filler.settings.similarity == 0.3
    room.fill()
    original, *takes = room.gallery.cards
    assert shares_are_near([card.kept for card in takes], 0.3, notes_in(original))
    assert f"{round(100 * takes[0].kept)} % of the original kept" in room.view(1).facts.text()


def test_m_makes_more_takes_like_the_current_one_until_the_original_counts_again(filled: Room) -> None:
    liked = filled.gallery.cards[2]
    filled.press(Key.Key_2)
    with filled.qtbot.waitSignal(filled.filler.ended, timeout=WAIT_MS):
        filled.press(Key.Key_M)
    kept, *new = filled.gallery.cards[1:]
    assert kept is liked
    assert new
    assert shares_are_near([card.kept_of_example or 0.0 for card in new], 0.7, notes_in(liked))
    assert "% of the liked take kept" in filled.view(2).facts.text()
    box = filled.panel.settings.box
    assert box.example.text().startswith("70 % of take 2 (seed 4711")
    assert box.difference.value() == 30
    QTest.mouseClick(box.leave_example, Qt.MouseButton.LeftButton)
    assert (box.example.isVisible(), box.difference.value()) == (False, 100)


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_r_and_a_digit_lay_the_pitches_of_a_card_on_the_rhythm_of_the_current_one(filled: Room) -> None:
    filled.press(Key.Key_3)
    filled.press(Key.Key_R)
    menu = next(menu for menu in filled.panel.findChildren(QMenu) if menu.isVisible())
    assert [action.text() for action in menu.actions()] == [
        "The original (&0)",
        "Take &1",
        "Take &2",
        "Take &4",
    ]
    with filled.qtbot.waitSignal(filled.filler.spliced, timeout=WAIT_MS):
        QTest.keyClick(menu, Key.Key_0)
    assert filled.gallery.current == 5
    assert "Rhythm of take 3, pitches of the original" in filled.view(5).title.text()
    assert filled.view(5).accessibleName().startswith("Take 5, Rhythm of take 3, pitches of the original, ")
    rhythms = [[note[:2] for note in sounding(filled.gallery.cards[number].measures)] for number in (3, 5)]
    assert rhythms[0] == rhythms[1]
    filled.qtbot.waitUntil(lambda: filled.view(5).picture is not None, timeout=WAIT_MS)
    view, viewport = filled.view(5), filled.panel.cards.viewport()
    place = view.mapTo(viewport, view.rect().topLeft())
    assert viewport.rect().contains(view.rect().translated(place))  # also now that the picture has made it higher


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_without_another_card_r_does_nothing(room: Room) -> None:
    room.panel.show_splice_menu()
    assert not any(menu.isVisible() for menu in room.panel.findChildren(QMenu))


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menu_of_a_card_splices_it_with_a_starred_one(filled: Room) -> None:
    filled.gallery.toggle_star(4)
    filled.gallery.pick(3)
    (part,) = [action.menu() for action in filled.panel.made_menu().actions() if action.objectName() == "splice"]
    assert isinstance(part, QMenu)
    assert part.actions()[-1].text() == "Take &4 ★"
    filled.press(Key.Key_R)
    menu = next(menu for menu in filled.panel.findChildren(QMenu) if menu.isVisible())
    with filled.qtbot.waitSignal(filled.filler.ended, timeout=WAIT_MS):
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[0]).center())
    assert filled.gallery.cards[-1].splice is not None


def test_what_cannot_be_met_is_said_above_the_takes_that_are_there(filled: Room) -> None:
    cards = filled.gallery.cards
    filled.filler.set_settings(replace(SETTINGS, first_note=50, lowest=60))
    with filled.qtbot.waitSignal(filled.filler.ended, timeout=WAIT_MS):
        QTest.mouseClick(filled.panel.regenerate, Qt.MouseButton.LeftButton)
    assert filled.panel.sentence.text() == (
        "The first note, D3, lies below the lowest note, C4; widen the range, or choose another first note."
    )
    assert filled.gallery.cards == cards
    assert len(filled.panel.cards.views) == 5
    filled.filler.set_settings(replace(SETTINGS, first_note=62, lowest=60))
    assert "lies below" not in filled.panel.sentence.text()


def test_why_there_are_no_takes_is_said_until_they_are_wanted_otherwise(room: Room) -> None:
    room.filler.failed.emit("That cannot be.")
    assert room.panel.sentence.text() == "That cannot be."
    room.filler.set_settings(replace(SETTINGS, first_note=62))
    assert room.panel.sentence.text() == "Press Ctrl+R for takes of measures 6 to 9."


def tool_tip_of(view: CardView) -> str:
    place = QPoint(30, 30)
    QGuiApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    return view.toolTip()


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_card_tells_in_its_tool_tip_what_was_measured_and_asked_for(room: Room) -> None:
    room.filler.set_settings(replace(SETTINGS, keep="rhythm", longest_leap=9, last_note=74))
    room.fill()
    words = tool_tip_of(room.view(1))
    for line in ("Kept of the original: ", "Take: 1", "Seed: 4711", "Keep: The rhythm", "Last note: D5"):
        assert line in words
    assert "Longest leap: major sixth (9)" in words
    assert tool_tip_of(room.view(0)) == ""


def picture_of(view: CardView) -> QImage:
    return view.grab().toImage()


def colors_in(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_the_notes_of_a_take_have_their_own_colour_on_the_card(filled: Room) -> None:
    filled.gallery.pick(0)
    original, take = (colors_in(picture_of(filled.view(number))) for number in (0, 1))
    assert LIGHT.brought in take
    assert LIGHT.brought not in original
    assert LIGHT.ink in take  # the measures around it


def test_cards_follow_the_palette(filled: Room) -> None:
    filled.gallery.pick(0)
    filled.panel.setPalette(dark_palette())
    filled.qtbot.waitUntil(lambda: DARK.brought in colors_in(picture_of(filled.view(1))), timeout=WAIT_MS)
    colors = colors_in(picture_of(filled.view(1)))
    assert DARK.paper in colors
    assert not {LIGHT.paper, LIGHT.brought} & colors


def test_a_card_says_what_was_measured(filled: Room) -> None:
    card = filled.gallery.cards[2]
    share = round(100 * card.kept)
    assert f"{share} % of the original kept · all in key · seed 4711" in filled.view(2).facts.text()
    assert filled.view(2).accessibleName() == f"Take 2, {share} % of the original kept, all in key, seed 4711"
    filled.gallery.pick(2)
    assert filled.panel.cards.accessibleDescription() == filled.view(2).accessibleName()
    assert filled.view(0).accessibleName() == "The original, all in key"


def test_notes_out_of_key_are_marked(room: Room) -> None:
    room.filler.set_settings(FillSettings(takes=12, seed=3, seed_locked=True, stay_in_key=False, variety=1.0))
    room.fill()
    outside = [view for view in room.panel.cards.views if view.card.out_of_key]
    assert outside
    for view in outside:
        assert LIGHT.out_of_key in view.facts.text()
        assert "out of key" in view.facts.text()


def test_every_card_has_room_for_its_picture_and_none_lies_upon_another(filled: Room) -> None:
    views = filled.panel.cards.views
    for above, below in pairwise(views):
        assert above.geometry().bottom() < below.geometry().top()
    for view in views:
        picture = fit(view.picture, view.width() - 16)  # type: ignore[arg-type]
        assert view.height() > picture.height + view.facts.height() + view.title.height()
        assert picture.scale >= SMALLEST_SCALE


def test_a_picture_that_is_wanted_otherwise_by_now_is_not_shown(filled: Room) -> None:
    view = filled.view(1)
    assert isinstance(view.picture, Page)
    late = PictureRequest(view.picture, fit(view.picture, 100), Look(LIGHT.ink, LIGHT.brought, frozenset()))
    before = picture_of(view)
    view.show_drawn(late, draw(late))
    assert picture_of(view) == before


def test_long_excerpts_are_broken_at_barlines_and_short_ones_are_not(engraver: Engraver, reel: ScoreDocument) -> None:
    melody = reel.melody()
    long, short = engraver.excerpt(melody, Span(2, 12)), engraver.excerpt(melody, Span(2, 3))
    rows = fit(long, 340).rows
    assert len(rows) > 2
    barlines = {round(box.rect.x, 3) for box in long.measures}
    assert {round(start, 3) for start, _ in rows[1:]} <= barlines
    assert [stop for _, stop in rows[:-1]] == [start for start, _ in rows[1:]]
    assert len(fit(short, 340).rows) == 1
    assert len(fit(long, 40).rows) == 10  # never more than measures


def test_cards_stand_beside_each_other_where_there_is_room(filled: Room) -> None:
    assert filled.panel.cards.columns == 1
    filled.panel.resize(1300, 400)
    filled.qtbot.waitUntil(lambda: filled.panel.cards.columns > 1)
    assert filled.view(0).y() == filled.view(1).y()
    assert filled.view(0).width() >= NARROWEST_CARD
    layout = filled.panel.layout()
    assert isinstance(layout, QBoxLayout)
    assert layout.direction() == QBoxLayout.Direction.LeftToRight
    columns = filled.panel.cards.columns
    filled.press(Key.Key_0)
    filled.press(Key.Key_Down)
    assert filled.gallery.current == columns
    filled.press(Key.Key_Up)
    assert filled.gallery.current == 0


def test_progress_and_cancel_are_there_while_takes_are_made(room: Room) -> None:
    bar = room.panel.progress
    assert not bar.isVisible()
    room.filler.regenerate()
    assert bar.isVisible()
    QTest.mouseClick(room.panel.cancel, Qt.MouseButton.LeftButton)
    assert not room.filler.is_running
    assert not bar.isVisible()
    assert "No takes were made" in room.panel.sentence.text()
    room.fill()
    assert bar.value() == bar.maximum()
    assert not room.panel.sentence.isVisible()


def test_too_few_and_no_takes_are_explained(room: Room) -> None:
    room.fill()
    room.filler.finished.emit(0)
    assert "No take was found that differs from the original" in room.panel.sentence.text()
    room.filler.finished.emit(2)
    assert "Only 2 different takes were found" in room.panel.sentence.text()


def test_what_cannot_be_filled_is_said_in_the_panel(room: Room) -> None:
    room.editor.clear_selection()
    QTest.mouseClick(room.panel.regenerate, Qt.MouseButton.LeftButton)
    assert "No measures are selected" in room.panel.sentence.text()
    room.editor.select(1, 14)
    with room.qtbot.waitSignal(room.filler.ended, timeout=WAIT_MS):
        QTest.mouseClick(room.panel.regenerate, Qt.MouseButton.LeftButton)
    assert "too many at once; choose at most 8" in room.panel.sentence.text()
    assert room.gallery.cards == ()


def test_what_is_said_of_a_selection_is_not_said_of_another(room: Room) -> None:
    room.editor.clear_selection()
    assert room.panel.sentence.text() == "Select measures and press Ctrl+R."
    QTest.mouseClick(room.panel.regenerate, Qt.MouseButton.LeftButton)
    assert "No measures are selected" in room.panel.sentence.text()
    room.editor.select(6, 9)
    assert room.panel.sentence.text() == "Press Ctrl+R for takes of measures 6 to 9."


def test_the_button_says_whether_it_plays_or_pauses(filled: Room) -> None:
    def icon() -> int:
        return filled.panel.buttons["play"].icon().cacheKey()

    before = icon()
    for is_playing in (True, False):
        filled.press(Key.Key_Space)
        assert filled.gallery.is_playing == is_playing
        assert icon() != before
        before = icon()


@pytest.mark.parametrize(("similarity", "is_told"), [(0.0, True), (1.0, False)])
def test_where_takes_are_much_like_the_original_it_is_said_what_to_do(
    room: Room, similarity: float, is_told: bool
) -> None:
    room.editor.select(5, 6)  # as they stand elsewhere in the tune
    usual = room.filler.settings
    room.filler.set_settings(replace(usual, similarity=similarity, variety=0.0, takes=3, seed=5, seed_locked=True))
    room.fill()
    assert all(card.kept >= 0.7 for card in room.gallery.cards)
    assert room.gallery.is_much_the_same == is_told
    said = room.panel.sentence.text()
    assert ("none of the original" in said) == is_told
    room.gallery.commit(1)
    assert room.panel.sentence.text() == "Press Ctrl+R for takes of measures 5 to 6."
    with room.qtbot.waitSignal(room.gallery.came_back):  # with what was said of them
        room.editor.undo_stack.undo()
    assert len(room.panel.cards.views) == len(room.gallery.cards) > 1
    assert room.panel.sentence.text() == said


class BrokenEngraver:
    """Cannot draw anything."""

    def excerpt(self, _melody: Melody, _span: Span, _part: int = 0) -> Page:
        message = "The score cannot be drawn: the pen is empty."
        raise FileUnsupportedError(message)


def test_a_card_that_cannot_be_drawn_says_so_and_works(make_room: Callable[..., Room]) -> None:
    room = make_room(BrokenEngraver())
    with room.qtbot.waitSignal(room.filler.ended, timeout=WAIT_MS):
        room.gallery.regenerate()
    room.qtbot.waitUntil(lambda: bool(room.view(1).note), timeout=WAIT_MS)
    assert "pen is empty" in room.view(1).toolTip()
    room.view(1).grab()
    room.press(Key.Key_Return)
    assert room.editor.undo_stack.count() == 1


def test_echoing_the_selection_shows_that_it_will_be(room: Room) -> None:
    QTest.mouseClick(room.panel.fold, Qt.MouseButton.LeftButton)
    room.panel.echo_selection()
    assert room.filler.settings.echo == Span(6, 10)
    assert room.panel.settings.conditions.echo.isVisible()
    assert room.panel.settings.conditions.echo.text() == "6-9"


def test_takes_have_room_whatever_is_set(filled: Room) -> None:
    filled.panel.resize(360, 700)
    filled.panel.settings.show_conditions()
    filled.filler.set_settings(replace(SETTINGS, echo=Span(1, 3)))
    filled.filler.failed.emit("There is something to say about why no takes came, and what would help. " * 2)
    filled.qtbot.waitUntil(lambda: filled.panel.settings.height() > 300)
    assert filled.panel.cards.height() >= LOWEST


def test_settings_fold_away(room: Room) -> None:
    QTest.mouseClick(room.panel.fold, Qt.MouseButton.LeftButton)
    assert not room.panel.settings.isVisible()
    QTest.mouseClick(room.panel.fold, Qt.MouseButton.LeftButton)
    assert room.panel.settings.isVisible()
