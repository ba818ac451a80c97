"""The history: its steps, going there, and what it says of a take."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.editor import Editor, ReplaceState
from inpaint_desktop.ui.history_panel import HistoryPanel

TUNE = paths.resources_folder() / "tunes" / "soldiers-joy.abc"
DETAILS = (("Take", "2"), ("Seed", "4711"), ("Variety", "50 %"))


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNE)


@pytest.fixture
def editor(reel: ScoreDocument) -> Editor:
    made = Editor()
    made.open(reel, TUNE)
    return made


@pytest.fixture
def panel(editor: Editor, qtbot: QtBot) -> HistoryPanel:
    made = HistoryPanel(editor)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def long_note(editor: Editor, name: str) -> tuple[Measure, ...]:
    assert editor.melody is not None
    measure = editor.melody.measures[2]
    return (measure.with_notes([Note(0, measure.duration, Pitch.parse(name))]),)


@pytest.fixture
def steps(editor: Editor) -> None:
    """A take is kept, then a note is edited."""
    editor.commit_take("Take 2 in measure 2", Span(2, 3), long_note(editor, "D5"), DETAILS)
    editor.replace_measures("Move a note", Span(2, 3), long_note(editor, "E5"))


def texts(panel: HistoryPanel) -> list[str]:
    return [panel.steps.item(row).text() for row in range(panel.steps.count())]


def click(panel: HistoryPanel, row: int) -> None:
    place = panel.steps.visualItemRect(panel.steps.item(row)).center()
    QTest.mouseClick(panel.steps.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.usefixtures("steps")
def test_the_steps_are_listed_from_the_score_as_it_was_opened(panel: HistoryPanel) -> None:
    assert texts(panel) == ["Score as opened", "Take 2 in measure 2", "Move a note"]
    assert panel.steps.currentRow() == 2


@pytest.mark.usefixtures("steps")
def test_a_click_on_a_step_goes_there_and_back(panel: HistoryPanel, editor: Editor, reel: ScoreDocument) -> None:
    last = editor.document
    click(panel, 0)
    assert editor.document is reel
    assert texts(panel) == ["Score as opened", "Take 2 in measure 2", "Move a note"]
    click(panel, 2)
    assert editor.document is last


@pytest.mark.usefixtures("steps")
def test_arrows_walk_through_the_steps(panel: HistoryPanel, editor: Editor) -> None:
    QTest.keyClick(panel.steps, Qt.Key.Key_Up)
    assert editor.undo_stack.index() == 1
    editor.undo_stack.undo()
    assert panel.steps.currentRow() == 0


@pytest.mark.usefixtures("steps")
def test_a_take_shows_its_settings_and_gives_its_seed(panel: HistoryPanel) -> None:
    assert not panel.details.isVisible()
    click(panel, 1)
    assert panel.details.text() == "Take: 2\nSeed: 4711\nVariety: 50 %"
    QTest.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "4711"
    assert panel.steps.item(1).toolTip() == panel.details.text()
    click(panel, 0)
    assert not panel.copy.isVisible()
    QGuiApplication.clipboard().setText("mine")
    panel.copy_seed()
    assert QGuiApplication.clipboard().text() == "mine"


@pytest.mark.usefixtures("steps")
@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_take_gives_its_settings_by_its_button_and_its_menu(panel: HistoryPanel, editor: Editor) -> None:
    given: list[object] = []
    panel.settings_wanted.connect(given.append)
    panel.use_settings()
    assert given == []  # the last step is no take
    assert not panel.use.isVisible()
    click(panel, 1)
    QTest.mouseClick(panel.use, Qt.MouseButton.LeftButton)
    panel.steps.customContextMenuRequested.emit(QPoint(5, 5))
    panel.findChildren(QMenu)[0].actions()[1].trigger()
    command = editor.undo_stack.command(0)
    assert isinstance(command, ReplaceState)
    assert [details is command.details for details in given] == [True, True]


@pytest.mark.usefixtures("steps")
@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_the_menu_of_a_take_copies_the_seed(panel: HistoryPanel) -> None:
    panel.steps.customContextMenuRequested.emit(QPoint(5, 5))
    assert panel.findChildren(QMenu) == []  # the last step is no take
    click(panel, 1)
    panel.steps.customContextMenuRequested.emit(QPoint(5, 5))
    menu = panel.findChildren(QMenu)[0]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(menu.actions()[0]).center())
    assert QGuiApplication.clipboard().text() == "4711"


@pytest.mark.usefixtures("steps")
def test_the_saved_state_is_marked_and_undone_steps_are_faint(panel: HistoryPanel, editor: Editor) -> None:
    editor.saved(TUNE)
    assert texts(panel)[2] == "Move a note (saved)"
    editor.undo_stack.undo()
    undone, done = (panel.steps.item(row).foreground().color() for row in (2, 1))
    assert undone != done
    panel.setPalette(dark_palette())
    assert panel.steps.item(2).foreground().color() != undone


@pytest.mark.usefixtures("steps")
def test_many_details_are_scrolled_where_there_is_little_room(panel: HistoryPanel, editor: Editor) -> None:
    many = tuple((f"Condition {number}", "yes") for number in range(30))
    editor.commit_take("Take 3 in measure 2", Span(2, 3), long_note(editor, "G5"), (("Seed", "1"), *many))
    assert panel.minimumSizeHint().height() < panel.details.sizeHint().height()
    panel.resize(300, 300)
    assert panel.steps.isVisible()


@pytest.mark.usefixtures("steps")
def test_another_score_begins_another_history(panel: HistoryPanel, editor: Editor, reel: ScoreDocument) -> None:
    editor.open(reel)
    assert texts(panel) == ["Score as opened"]
    editor.close()
    assert texts(panel) == []
    assert panel.details_of(5) == ()
