"""The window as a whole: files in and out, what is enabled, what is asked before something is lost."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEventLoop, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from inpaint_desktop.engine.request import FillRequest, Properties, Take
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.places import NotePlace
from inpaint_desktop.ui.asking import Answer, Question
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.origin import Origin
from tests.gui.conftest import TUNES, OpenFile

WRITING_TIMEOUT_MS = 20_000
FILLING_TIMEOUT_MS = 60_000
SOLDIERS_JOY = TUNES / "soldiers-joy.abc"
Make = Callable[..., MainWindow]


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """A tune that may be changed."""
    path = tmp_path / "tune.abc"
    path.write_bytes(SOLDIERS_JOY.read_bytes())
    return path


@pytest.fixture
def tune_window(window: MainWindow, tune: Path, open_file: OpenFile) -> MainWindow:
    """A window in which that tune is open."""
    open_file(window, tune)
    return window


def edit(window: MainWindow) -> None:
    """Put a rest into the second measure."""
    editor = window.editor
    editor.select(1)
    melody, span = editor.melody, editor.span
    assert melody is not None
    assert span is not None
    measure = melody.measures[1]
    editor.replace_measures("Rest", span, [measure.with_notes([Note(0, measure.duration, None)])])


def question_of(window: MainWindow) -> Question:
    """The question that is asked over the window."""
    found = [question for question in window.findChildren(Question) if question.isVisible()]
    assert len(found) == 1
    return found[0]


def answer(window: MainWindow, button: QMessageBox.StandardButton) -> None:
    """Answer the question, and wait until what follows is written."""
    question_of(window).button(button).click()
    wait_for_writing(window)


def save(window: MainWindow) -> None:
    """Save, and wait until it is written or something is asked."""
    window.actions_["save"].trigger()
    wait_for_writing(window)


def wait_for_writing(window: MainWindow) -> None:
    """Wait until nothing is being written, and no file is looked for."""
    loop = QEventLoop()
    deadline = QDeadlineTimer(WRITING_TIMEOUT_MS)
    while window.files.is_writing or window.file_dialogs.is_looking:
        assert not deadline.hasExpired()
        QTimer.singleShot(5, loop.quit)
        loop.exec()


def test_the_welcome_page_is_shown_until_a_score_is_open(window: MainWindow, open_file: OpenFile) -> None:
    found = [window.workspace.is_welcoming]
    open_file(window, SOLDIERS_JOY)
    found.append(window.workspace.is_welcoming)
    window.close_score()
    found.append(window.workspace.is_welcoming)
    assert found == [True, False, True]


def test_an_example_tune_opens_with_a_click(window: MainWindow, qtbot: QtBot) -> None:
    examples = window.workspace.welcome.examples
    names = [examples.item(row).text() for row in range(examples.count())]
    item = examples.item(names.index("Soldier's Joy"))
    with qtbot.waitSignal(window.files.opening_ended, timeout=30_000):
        QTest.mouseClick(examples.viewport(), Qt.MouseButton.LeftButton, pos=examples.visualItemRect(item).center())
    assert window.editor.document is not None
    assert window.editor.document.title == "Soldier's Joy"


def test_the_title_has_a_mark_while_there_are_unsaved_changes(tune_window: MainWindow) -> None:
    assert tune_window.windowTitle() == "tune.abc[*] - Inpaint Desktop"
    assert not tune_window.isWindowModified()
    edit(tune_window)
    assert tune_window.isWindowModified()
    tune_window.actions_["undo"].trigger()
    assert not tune_window.isWindowModified()


def test_undo_and_redo_name_the_step(tune_window: MainWindow) -> None:
    assert not tune_window.actions_["undo"].isEnabled()
    edit(tune_window)
    assert tune_window.actions_["undo"].text() == "&Undo Rest"
    tune_window.actions_["undo"].trigger()
    assert tune_window.actions_["redo"].text() == "&Redo Rest"


def test_the_status_bar_names_the_note_that_is_selected(tune_window: MainWindow) -> None:
    tune_window.editor.select_note(NotePlace(1, 0))
    assert tune_window.status.selection.text() == "note A4, eighth, measure 1 of 17"
    tune_window.editor.select(1)
    assert tune_window.status.selection.text() == "measure 1 of 17"


def test_the_window_fits_on_its_screen_and_can_be_narrow(tune_window: MainWindow) -> None:
    assert tune_window.height() < tune_window.screen().availableSize().height()
    assert tune_window.minimumSizeHint().width() <= 960  # a screen of full HD at 200 %


def test_a_bad_file_is_refused_in_a_sentence_and_changes_nothing(
    tune_window: MainWindow, tmp_path: Path, open_file: OpenFile
) -> None:
    edit(tune_window)
    tune_window.editor.undo_stack.setClean()
    document, title = tune_window.editor.document, tune_window.windowTitle()
    bad = tmp_path / "bad.musicxml"
    bad.write_text("<score-partwise><part>", encoding="utf-8")
    open_file(tune_window, bad)
    (sentence,) = tune_window.workspace.messages.sentences
    assert sentence.startswith("bad.musicxml")
    assert tune_window.editor.document is document
    assert tune_window.windowTitle() == title
    assert tune_window.editor.undo_stack.count() == 1


def test_saving_writes_the_edit_and_nothing_else(tune_window: MainWindow, tune: Path) -> None:
    before = tune.read_bytes()
    edit(tune_window)
    save(tune_window)
    assert tune_window.editor.document is not None
    assert tune.read_bytes() == tune_window.editor.document.to_bytes() != before
    assert not tune_window.isWindowModified()


def test_a_file_dropped_on_the_window_opens(window: MainWindow, tune: Path, qtbot: QtBot) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tune))])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.files.opening_ended, timeout=30_000):
        window.dropEvent(event)
    assert window.editor.path == tune


def test_closing_with_unsaved_changes_asks_and_cancel_keeps_the_window(tune_window: MainWindow) -> None:
    edit(tune_window)
    tune_window.close()
    assert tune_window.isVisible()
    answer(tune_window, Answer.Cancel)
    assert tune_window.isVisible()


def test_discard_closes_and_leaves_the_file(tune_window: MainWindow, tune: Path) -> None:
    edit(tune_window)
    tune_window.close()
    answer(tune_window, Answer.Discard)
    assert not tune_window.isVisible()
    assert tune.read_bytes() == SOLDIERS_JOY.read_bytes()


def test_save_closes_after_saving(tune_window: MainWindow, tune: Path) -> None:
    edit(tune_window)
    tune_window.close()
    answer(tune_window, Answer.Save)
    assert not tune_window.isVisible()
    assert tune.read_bytes() != SOLDIERS_JOY.read_bytes()


def test_a_failed_save_cancels_the_close(tune_window: MainWindow, tune: Path) -> None:
    edit(tune_window)
    tune.unlink()
    tune.mkdir()  # a folder in the place of the file
    tune_window.close()
    answer(tune_window, Answer.Save)
    if tune_window.findChildren(Question):
        answer(tune_window, Answer.Save)
    assert tune_window.isVisible()
    assert tune_window.isWindowModified()
    assert "could not be saved" in " ".join(tune_window.workspace.messages.sentences)


def test_a_file_changed_by_another_program_is_offered_for_reload(
    tune_window: MainWindow, tune: Path, qtbot: QtBot
) -> None:
    edit(tune_window)
    tune.write_bytes(tune.read_bytes().replace(b"Soldier's Joy", b"Sailor's Joy"))
    qtbot.waitUntil(lambda: bool(tune_window.workspace.messages.bars), timeout=10_000)
    (bar,) = tune_window.workspace.messages.bars
    assert "loses your unsaved changes" in bar.sentence
    buttons = {button.text().partition("&")[2][:1].upper() for button in bar.findChildren(QPushButton)}
    menus = {action.text().partition("&")[2][:1].upper() for action in tune_window.menuBar().actions()}
    assert not buttons & menus  # else Alt and the letter would do neither
    with qtbot.waitSignal(tune_window.files.opening_ended, timeout=30_000):
        bar.choose("Re&load")
    assert tune_window.editor.document is not None
    assert tune_window.editor.document.title == "Sailor's Joy"


def test_own_saving_is_not_taken_for_another_program(tune_window: MainWindow, qtbot: QtBot) -> None:
    edit(tune_window)
    save(tune_window)
    qtbot.wait(500)
    assert tune_window.workspace.messages.sentences == ()


def test_the_welcome_page_can_be_looked_at_while_a_score_is_open(tune_window: MainWindow) -> None:
    found = []
    for _ in range(2):
        tune_window.actions_["welcome"].trigger()
        found.append((tune_window.workspace.is_welcoming, tune_window.gallery.isVisible()))
    assert found == [(True, False), (False, True)]


def test_opening_a_score_leaves_the_welcome_page(tune_window: MainWindow, open_file: OpenFile) -> None:
    tune_window.actions_["welcome"].trigger()
    open_file(tune_window, TUNES / "ode-to-joy.abc")
    assert not tune_window.workspace.is_welcoming
    assert not tune_window.actions_["welcome"].isChecked()


# Asking for takes


def test_what_is_being_typed_counts_for_the_takes_that_are_asked_for(tune_window: MainWindow, qtbot: QtBot) -> None:
    window = tune_window
    window.activateWindow()
    window.editor.select(6, 8)
    window.gallery.settings.show_conditions()
    box, conditions = window.gallery.settings.box, window.gallery.settings.conditions
    asked: list[Origin] = []
    window.session.filler.started.connect(asked.append)
    for field, text in ((box.seed, "4711"), (conditions.last_note, "d5"), (conditions.echo, "1-2")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        with qtbot.waitSignal(window.session.filler.ended, timeout=FILLING_TIMEOUT_MS):
            QTest.keyClick(field, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    found = [(one.settings.seed, one.settings.last_note, one.settings.echo) for one in asked]
    assert found == [(4711, None, None), (4711, 74, None), (4711, 74, Span(1, 3))]


def test_ctrl_e_lets_the_next_takes_echo_the_selection_and_shows_it(tune_window: MainWindow) -> None:
    window = tune_window
    window.docks.want("gallery", is_wanted=False)
    window.actions_["echo"].trigger()  # nothing is selected yet
    window.editor.select(1, 2)
    window.activateWindow()
    window.staff.setFocus()
    QTest.keyClick(window.staff, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert window.session.filler.settings.echo == Span(1, 3)
    assert window.gallery.settings.conditions.echo.isVisible()
    assert window.status.currentMessage() == "The next takes echo measures 1 to 2, wherever they are made."


def test_why_there_are_no_takes_is_said_until_they_are_wanted_otherwise(tune_window: MainWindow) -> None:
    status, filler = tune_window.status, tune_window.session.filler
    edit(tune_window)
    changes: tuple[Callable[[], None], ...] = (
        lambda: filler.set_settings(replace(filler.settings, first_note=62)),
        lambda: tune_window.editor.select(3),
        tune_window.editor.undo_stack.undo,
    )
    for change in changes:
        filler.failed.emit("That cannot be.")
        assert status.currentMessage() == "That cannot be."
        change()
        assert status.currentMessage() == ""


def test_the_history_brings_back_the_settings_of_a_take_and_shows_them(tune_window: MainWindow) -> None:
    window = tune_window
    melody, document = window.editor.melody, window.editor.document
    assert melody is not None
    assert document is not None
    settings = replace(window.session.filler.settings, longest_leap=7, seed=5)
    request = FillRequest(melody, Span(2, 3))
    take = Take(request, melody.measures[3:4], 5000, -0.5, Properties(0.0, 0.2, 62, 74))
    window.session.filler.started.emit(Origin(document, 0, Span(2, 3), settings))
    window.session.filler.take_arrived.emit(take, document.with_measures(0, Span(2, 3), take.measures))
    window.session.gallery.commit(1)
    window.docks.want("gallery", is_wanted=False)
    window.editor.clear_selection()
    window.history.use_settings()
    assert window.session.filler.settings == replace(settings, seed_locked=True)
    assert window.editor.span == Span(2, 3)
    assert window.gallery.isVisible()
