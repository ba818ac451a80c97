"""The smaller parts of the window, each by itself."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QToolButton
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.new_tune import new_tune
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.moving import Steps
from inpaint_desktop.ui.about import LIBRARIES, AboutDialog
from inpaint_desktop.ui.appearance import dark_palette
from inpaint_desktop.ui.asking import Answer
from inpaint_desktop.ui.docks import Docks
from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.messages import MOST_SHOWN, Choice, Messages
from inpaint_desktop.ui.new_tune_dialog import NewTuneDialog, upbeats, usual_keys
from inpaint_desktop.ui.note_editing import move_note
from inpaint_desktop.ui.status import StatusBar
from inpaint_desktop.ui.welcome import WelcomePage, place_of, title_of
from inpaint_desktop.versions import build, model_hash, read_card, version_of
from tests.gui.conftest import DATA, TUNES, OpenFile
from tests.gui.test_main_window import answer, edit

WEIGHTS = paths.resources_folder() / "models" / "inpaintnet.safetensors"


# A new tune


def test_a_new_tune_is_what_the_dialog_says(qtbot: QtBot) -> None:
    dialog = NewTuneDialog()
    qtbot.addWidget(dialog)
    dialog.title.setText("Ferry")
    dialog.meter.setCurrentText("6/8")
    dialog.key.setCurrentText("E minor")
    dialog.pickup.setCurrentText("1/8")
    dialog.measures.setValue(8)
    with qtbot.waitSignal(dialog.tune_made) as made:
        dialog.accept()
    assert made.args is not None
    document = made.args[0]
    marks = document.parts[0].measures
    assert document.title == "Ferry"
    assert len(marks) == 9
    assert marks[1].meter == Meter(6, 8)
    assert marks[0].key.fifths == 1
    assert document.melody().measures[0].duration == TICKS_PER_QUARTER // 2


def test_keys_are_offered_from_the_simple_to_the_strange() -> None:
    assert [(key.fifths, key.mode) for key in usual_keys()[:3]] == [(0, "major"), (1, "major"), (-1, "major")]


def test_a_pickup_is_shorter_than_a_measure() -> None:
    assert list(upbeats(Meter(3, 4)).values()) == [0, TICKS_PER_QUARTER, 2 * TICKS_PER_QUARTER]


def test_a_new_tune_is_unsaved_and_asks_where_to_be_saved(window: MainWindow) -> None:
    window.actions_["new"].trigger()
    (dialog,) = window.findChildren(NewTuneDialog)
    dialog.accept()
    assert window.windowTitle() == "Untitled[*] - Inpaint Desktop"
    assert window.isWindowModified()


# About


def test_the_about_box_names_every_library_with_its_licence(qtbot: QtBot) -> None:
    dialog = AboutDialog(WEIGHTS)
    qtbot.addWidget(dialog)
    words = dialog.licences.toPlainText()
    for package, what, licence, _ in LIBRARIES:
        assert what in words
        assert licence in words
        assert version_of(package) in words
    assert "FluidR3" in words


def test_the_about_box_has_the_notice_of_the_model(qtbot: QtBot) -> None:
    dialog = AboutDialog(WEIGHTS)
    qtbot.addWidget(dialog)
    assert "ODbL" in dialog.model.toPlainText()
    assert "The Session" in dialog.model.toPlainText()


def test_a_model_without_a_card_is_said_to_have_none(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("[1]", encoding="utf-8")
    assert read_card(tmp_path / "bad.safetensors") == {}
    dialog = AboutDialog(tmp_path / "none.safetensors")
    qtbot.addWidget(dialog)
    assert "no card" in dialog.model.toPlainText()


def test_the_about_box_says_which_build_it_is_and_which_weights_it_has(qtbot: QtBot) -> None:
    dialog = AboutDialog(WEIGHTS)
    qtbot.addWidget(dialog)
    assert any(build() in label.text() for label in dialog.findChildren(QLabel))
    assert model_hash(WEIGHTS) in dialog.model.toPlainText()


# Messages


@pytest.fixture
def messages(qtbot: QtBot) -> Messages:
    made = Messages()
    qtbot.addWidget(made)
    return made


def test_a_message_stays_until_it_is_answered(messages: Messages) -> None:
    answers: list[str] = []
    messages.say("It changed.", Choice("Re&load", lambda: answers.append("reload")))
    said = [messages.sentences]
    messages.bars[0].choose("Re&load")
    said.append(messages.sentences)
    assert answers == ["reload"]
    assert said == [("It changed.",), ()]


def test_a_long_sentence_is_shown_with_all_its_lines(window: MainWindow) -> None:
    window.say("There is a lot to say about this file, and all of it has to be read. " * 6)
    (bar,) = window.workspace.messages.bars
    (label,) = [label for label in bar.findChildren(QLabel) if label.text()]
    QApplication.processEvents()
    assert label.height() >= label.heightForWidth(label.width()) > 2 * label.fontMetrics().height()


def test_there_is_one_message_about_a_topic(messages: Messages) -> None:
    messages.say("First.", topic="file")
    messages.say("Other.")
    messages.say("Second.", topic="file")
    said = [messages.sentences]
    messages.put_away("file")
    said.append(messages.sentences)
    assert said == [("Other.", "Second."), ("Other.",)]


def test_messages_do_not_fill_the_window(messages: Messages) -> None:
    for number in range(9):
        messages.say(f"Message {number}.")
    assert messages.sentences == tuple(f"Message {number}." for number in range(9 - MOST_SHOWN, 9))


def test_questions_are_the_last_messages_to_go(messages: Messages) -> None:
    messages.say("Reload?", Choice("Re&load", lambda: None))
    for number in range(9):
        messages.say(f"Message {number}.")
    assert messages.sentences == ("Reload?", *(f"Message {number}." for number in range(10 - MOST_SHOWN, 9)))


def test_the_cross_of_a_message_follows_the_palette(messages: Messages) -> None:
    messages.say("It changed.")
    messages.show()
    (button,) = messages.bars[0].findChildren(QToolButton)
    before = button.icon().pixmap(16).toImage()
    messages.setPalette(dark_palette())
    assert button.icon().pixmap(16).toImage() != before


# Docks


def test_docks_are_hidden_without_a_score_and_come_back_as_they_were(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    docks = Docks(window)
    gallery, history = QLabel("gallery"), QLabel("history")
    docks.add("gallery", "Gallery", gallery, is_wanted=True)
    docks.add("history", "History", history, is_wanted=False)
    window.show()
    found = []
    for is_active in (True, False, True):
        docks.set_active(is_active=is_active)
        found.append((gallery.isVisible(), history.isVisible()))
    assert found == [(True, False), (False, False), (True, False)]


def test_closing_a_dock_is_remembered_and_unchecks_its_action(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    dock = window.gallery.parentWidget()
    assert dock is not None
    dock.close()
    assert not window.actions_["show_gallery"].isChecked()
    window.close_score()
    open_file(window, TUNES / "soldiers-joy.abc")
    assert not window.gallery.isVisible()
    window.actions_["show_gallery"].trigger()
    assert window.gallery.isVisible()


# Status bar


def test_how_work_ended_stays_to_be_read_and_what_was_done_does_not(qtbot: QtBot) -> None:
    bar = StatusBar(Editor())
    qtbot.addWidget(bar)
    bar.set_busy("writing", "Writing tune.pdf ...")
    said = [bar.currentMessage()]
    bar.set_busy("writing", "")
    said.append(bar.currentMessage())
    bar.set_busy("writing", "Writing tune.pdf ...")
    bar.say("Written: tune.pdf")
    bar.set_busy("writing", "")
    said.append(bar.currentMessage())
    assert said == ["Writing tune.pdf ...", "", "Written: tune.pdf"]


def test_when_one_of_two_works_ends_the_other_is_still_said_to_go_on(qtbot: QtBot) -> None:
    bar = StatusBar(Editor())
    qtbot.addWidget(bar)
    bar.show()
    bar.set_busy("writing", "Writing tune.pdf ...")
    bar.set_busy("filling", "Making takes ...")
    bar.set_busy("filling", "")
    said = [(bar.currentMessage(), bar.busy.isVisible())]
    bar.set_busy("writing", "")
    said.append((bar.currentMessage(), bar.busy.isVisible()))
    assert said == [("Writing tune.pdf ...", True), ("", False)]


def test_the_status_bar_says_what_is_selected(qtbot: QtBot) -> None:
    editor = Editor()
    bar = StatusBar(editor)
    qtbot.addWidget(bar)
    editor.open(new_tune("Tune", Meter(3, 4), KeySignature(-2, "major"), measures=8))
    editor.select(2, 4)
    assert (bar.selection.text(), bar.key.text(), bar.meter.text()) == ("measures 3 to 5 of 8", "B♭ major", "3/4")
    bar.set_model("inpaintnet", "cpu")
    assert bar.model.text() == "inpaintnet · cpu"
    editor.told.emit("Something went.")
    assert bar.currentMessage() == "Something went."


@pytest.fixture
def chords() -> Editor:
    """An editor with a tune whose measures lose grace notes and chords when they are edited."""
    editor = Editor()
    editor.open(open_document(DATA / "musicxml" / "chords_and_grace_notes.musicxml"))
    return editor


@pytest.fixture
def bar(chords: Editor, qtbot: QtBot) -> StatusBar:
    made = StatusBar(chords)
    qtbot.addWidget(made)
    return made


def rest_in(editor: Editor, index: int) -> None:
    """Put a rest into a measure."""
    assert editor.melody is not None
    measure = editor.melody.measures[index]
    editor.replace_measures("Rest", Span(index, index + 1), [measure.with_notes([Note(0, measure.duration, None)])])


def test_all_that_an_edit_could_not_keep_stands_in_the_status_bar_and_in_its_tool_tip(
    bar: StatusBar, chords: Editor
) -> None:
    rest_in(chords, 0)
    assert (
        bar.currentMessage()
        == bar.toolTip()
        == (
            "The grace notes of measure 1 went with the notes that were replaced. "
            "The chords of measure 1 gave way to single notes."
        )
    )


def test_a_sentence_that_is_said_later_takes_the_place_of_the_one_before(bar: StatusBar) -> None:
    bar.say("Locked: note A4.")
    QApplication.processEvents()
    bar.say("Unlocked: note A4.")
    assert bar.currentMessage() == bar.toolTip() == "Unlocked: note A4."


def test_what_was_told_of_the_score_goes_with_the_next_step(bar: StatusBar, chords: Editor) -> None:
    rest_in(chords, 0)
    rest_in(chords, 1)
    assert "measure 1 " not in bar.currentMessage()
    assert "measure 2 " in bar.currentMessage()
    chords.undo_stack.undo()
    assert bar.currentMessage() == ""
    chords.told.emit("Saved as tune.abc.")
    assert bar.currentMessage() == "Saved as tune.abc."
    chords.undo_stack.redo()
    assert bar.currentMessage() == ""


def test_what_a_step_could_not_keep_stays_while_the_step_grows(bar: StatusBar, chords: Editor) -> None:
    chords.select_note(NotePlace(0, 0))
    for _ in range(2):
        move_note(chords, Steps(1))
    assert "grace notes of measure 1" in bar.currentMessage()
    assert chords.undo_stack.count() == 1


def test_what_is_said_of_other_things_stays_when_the_score_changes(bar: StatusBar, chords: Editor) -> None:
    bar.say("Written: tune.pdf")
    chords.undo_stack.push(QUndoCommand("Step"))
    assert bar.currentMessage() == "Written: tune.pdf"


# Welcome page


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("a.abc", "X:1\nT:Soldier's Joy % a reel\nK:D\n", "Soldier's Joy"),
        ("b.musicxml", "<score><work><work-title>Grüner &amp; Wald</work-title>", "Grüner & Wald"),
        ("c.abc", "X:1\nK:D\n", "c"),
    ],
)
def test_a_tune_is_listed_by_its_title(tmp_path: Path, name: str, content: str, title: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert title_of(tmp_path / name) == title


def test_a_tune_that_cannot_be_read_is_listed_by_its_name(tmp_path: Path) -> None:
    assert title_of(tmp_path / "gone.abc") == "gone"


def test_files_at_home_are_named_shortly() -> None:
    assert place_of(Path.home() / "tunes" / "reel.abc") == f"reel.abc  ·  {Path('~') / 'tunes'}"
    assert place_of(Path("/elsewhere/reel.abc")) == f"reel.abc  ·  {Path('/elsewhere')}"


@pytest.fixture
def welcome(tmp_path: Path, qtbot: QtBot) -> WelcomePage:
    page = WelcomePage([], [tmp_path / "reel.abc", tmp_path / "waltz.abc"])
    qtbot.addWidget(page)
    page.resize(800, 600)
    page.show()
    qtbot.waitExposed(page)
    return page


def test_a_double_click_opens_a_file_once(welcome: WelcomePage, tmp_path: Path) -> None:
    opened: list[Path] = []
    welcome.file_chosen.connect(opened.append)
    files = welcome.examples
    place = files.visualItemRect(files.item(1)).center()
    QTest.mouseClick(files.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(files.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == [tmp_path / "waltz.abc"]


def test_return_opens_the_marked_file_once(welcome: WelcomePage, tmp_path: Path) -> None:
    opened: list[Path] = []
    welcome.file_chosen.connect(opened.append)
    welcome.examples.setFocus()
    QTest.keyClick(welcome.examples, Qt.Key.Key_Down)
    QTest.keyClick(welcome.examples, Qt.Key.Key_Return)
    assert len(opened) == 1
    assert opened[0].parent == tmp_path


# Measures


def test_measures_are_cut_and_pasted_as_single_steps(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    editor = window.editor
    assert not window.actions_["paste"].isEnabled()
    editor.select(1, 2)
    melody = editor.melody
    assert melody is not None
    window.actions_["cut"].trigger()
    editor.select(3)
    window.actions_["paste"].trigger()
    after = editor.melody
    assert after is not None
    assert [measure.notes for measure in after.measures[3:5]] == [measure.notes for measure in melody.measures[1:3]]
    assert all(note.is_rest for note in after.measures[1].notes)
    assert editor.span is not None
    assert list(editor.span.indices) == [3, 4]
    assert [editor.undo_stack.text(index) for index in range(2)] == ["Cut", "Paste"]


def test_what_cannot_be_pasted_is_told_and_changes_nothing(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    window.editor.select(1, 2)
    window.actions_["copy"].trigger()
    window.editor.select(0)  # a pickup
    window.actions_["paste"].trigger()
    assert "another length" in window.status.currentMessage()
    assert window.editor.undo_stack.count() == 0


@pytest.mark.parametrize(
    ("name", "semitones"), [("octave_up", 12), ("octave_down", -12), ("step_up", None), ("step_down", None)]
)
def test_the_selection_is_transposed(window: MainWindow, open_file: OpenFile, name: str, semitones: int | None) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    window.editor.select(1)
    before = window.editor.melody
    window.actions_[name].trigger()
    after = window.editor.melody
    assert before is not None
    assert after is not None
    distances = {
        new.pitch.midi - old.pitch.midi
        for old, new in zip(before.measures[1].notes, after.measures[1].notes, strict=True)
        if old.pitch and new.pitch
    }
    assert distances == {semitones} if semitones else distances <= {1, 2} or distances <= {-1, -2}


def test_a_selected_note_is_edited_from_the_menu(window: MainWindow, open_file: OpenFile) -> None:

    open_file(window, TUNES / "soldiers-joy.abc")
    place = NotePlace(1, 0)
    window.editor.select_note(place)
    before = window.editor.note_at(place)
    window.actions_["note_octave_up"].trigger()
    after = window.editor.note_at(place)
    assert before is not None
    assert before.pitch is not None
    assert after is not None
    assert after.pitch is not None
    assert after.pitch.midi == before.pitch.midi + 12
    window.actions_["note_rest"].trigger()
    rest = window.editor.note_at(place)
    assert rest is not None
    assert rest.is_rest


# Escape and focus


def test_escape_clears_the_selection_when_nothing_else_is_open(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    window.editor.select(2, 3)
    window.staff.setFocus()
    QTest.keyClick(window.staff, Qt.Key.Key_Escape)
    assert window.editor.span is None


def test_space_plays_in_the_views_and_writes_in_a_text_field(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    window.staff.setFocus()
    QTest.keyClick(window.staff, Qt.Key.Key_Space)
    is_playing = [window.session.transport.is_playing]
    QTest.keyClick(window.transport_bar, Qt.Key.Key_Space)
    is_playing.append(window.session.transport.is_playing)
    window.actions_["new"].trigger()
    (dialog,) = window.findChildren(NewTuneDialog)
    QTest.keyClicks(dialog.title, "A B")
    assert dialog.title.text() == "A B"
    assert [*is_playing, window.session.transport.is_playing] == [True, False, False]


def test_quitting_asks_about_unsaved_changes(window: MainWindow, open_file: OpenFile) -> None:

    open_file(window, TUNES / "soldiers-joy.abc")
    edit(window)
    window.actions_["quit"].trigger()
    answer(window, Answer.Cancel)
    assert window.isVisible()
