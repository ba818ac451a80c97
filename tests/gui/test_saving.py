"""Saving from the window: in the file, elsewhere, in another format."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.documents.saving import save as save_at_once
from inpaint_desktop.ui.asking import Answer
from inpaint_desktop.ui.file_dialogs import file_name, itself, numbered_pages
from inpaint_desktop.ui.files import SETTLING_MS
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.saving import FILTERS
from tests.gui.conftest import TUNES, OpenFile
from tests.gui.test_main_window import answer, edit, question_of, save, wait_for_writing


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "tune.abc"
    path.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    return path


@pytest.fixture
def tune_window(window: MainWindow, tune: Path, open_file: OpenFile) -> MainWindow:
    open_file(window, tune)
    return window


def choose(window: MainWindow, path: Path) -> None:
    """Answer the dialog that asks for a file."""
    (dialog,) = [dialog for dialog in window.findChildren(QFileDialog) if dialog.isVisible()]
    dialog.fileSelected.emit(str(path))
    dialog.close()
    wait_for_writing(window)


def test_save_as_goes_on_with_the_new_file(tune_window: MainWindow, tune: Path, tmp_path: Path) -> None:
    before = tune.read_bytes()
    edit(tune_window)
    tune_window.actions_["save_as"].trigger()
    choose(tune_window, tmp_path / "other.abc")
    assert tune_window.editor.path == tmp_path / "other.abc"
    assert tune_window.status.currentMessage() == "Saved as other.abc."
    assert tune.read_bytes() == before != (tmp_path / "other.abc").read_bytes()
    assert not tune_window.isWindowModified()


def test_another_format_says_first_what_is_not_kept(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    tune_window.actions_["save_as"].trigger()
    choose(tune_window, tmp_path / "tune.musicxml")
    question = question_of(tune_window)
    assert "Comments" in question.informativeText()
    assert not (tmp_path / "tune.musicxml").exists()
    with qtbot.waitSignal(tune_window.files.opening_ended, timeout=30_000):
        question.button(Answer.Save).click()
    assert tune_window.editor.path == tmp_path / "tune.musicxml"
    assert open_document(tmp_path / "tune.musicxml").title == "Soldier's Joy"


def test_until_the_file_in_another_format_is_open_the_score_is_unsaved(
    tune_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    edit(tune_window)
    tune_window.actions_["save_as"].trigger()
    choose(tune_window, tmp_path / "tune.musicxml")
    answer(tune_window, Answer.Save)
    tune_window.files.cancel_opening()
    assert tune_window.isWindowModified()
    with qtbot.waitSignal(tune_window.files.opening_ended, timeout=30_000):
        tune_window.files.open(tmp_path / "tune.musicxml")
    assert not tune_window.isWindowModified()


def test_a_score_that_was_opened_meanwhile_is_not_saved_in_the_place_of_another(
    tune_window: MainWindow, tmp_path: Path, open_file: OpenFile
) -> None:
    tune_window.actions_["save_as"].trigger()
    open_file(tune_window, TUNES / "ode-to-joy.abc")  # by another start of the program, say
    choose(tune_window, tmp_path / "other.abc")
    assert not (tmp_path / "other.abc").exists()
    assert "Nothing was saved" in tune_window.status.currentMessage()


def test_another_format_that_is_declined_is_not_written(tune_window: MainWindow, tmp_path: Path) -> None:
    tune_window.actions_["save_as"].trigger()
    choose(tune_window, tmp_path / "tune.mxl")
    answer(tune_window, Answer.Cancel)
    assert not (tmp_path / "tune.mxl").exists()
    assert tune_window.editor.path == tmp_path / "tune.abc"


def test_a_format_that_cannot_be_written_closes_nothing(tune_window: MainWindow, tmp_path: Path) -> None:
    tune_window.actions_["save_as"].trigger()
    choose(tune_window, tmp_path / "missing" / "tune.mxl")
    answer(tune_window, Answer.Save)
    assert "could not be saved" in tune_window.workspace.messages.sentences[0]
    assert tune_window.editor.path == tmp_path / "tune.abc"


def test_a_file_that_changed_meanwhile_is_replaced_only_when_one_says_so(tune_window: MainWindow, tune: Path) -> None:
    edit(tune_window)
    theirs = tune.read_bytes() + b"% theirs\n"
    tune.write_bytes(theirs)
    save(tune_window)
    answer(tune_window, Answer.Cancel)
    assert tune.read_bytes() == theirs
    save(tune_window)
    answer(tune_window, Answer.Save)
    assert tune_window.editor.document is not None
    assert tune.read_bytes() == tune_window.editor.document.to_bytes()


def test_a_changed_file_can_be_left_alone_and_the_work_saved_elsewhere(
    tune_window: MainWindow, tune: Path, tmp_path: Path
) -> None:
    edit(tune_window)
    tune.write_bytes(b"theirs")
    save(tune_window)
    answer(tune_window, Answer.Open)
    choose(tune_window, tmp_path / "mine.abc")
    assert tune.read_bytes() == b"theirs"
    assert (tmp_path / "mine.abc").exists()


def test_the_folder_is_remembered(tune_window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    tune_window.actions_["save_as"].trigger()
    choose(tune_window, folder / "tune.abc")
    assert tune_window.session.settings.last_folder == str(folder)


def test_saving_begins_where_the_score_lies_and_exporting_where_one_exported_last(
    tune_window: MainWindow, tune: Path, tmp_path: Path
) -> None:
    (tmp_path / "midi").mkdir()
    found = []
    for action in ("export_midi", "export_midi", "save_as"):
        tune_window.actions_[action].trigger()
        (dialog,) = [one for one in tune_window.findChildren(QFileDialog) if one.isVisible()]
        found.append(Path(dialog.directory().path()))
        choose(tune_window, tmp_path / "midi" / f"{len(found)}.mid") if action != "save_as" else dialog.close()
    assert found == [tune.parent, tmp_path / "midi", tune.parent]


def test_the_open_dialog_opens_what_is_chosen(window: MainWindow, tune: Path, qtbot: QtBot) -> None:
    window.actions_["open"].trigger()
    with qtbot.waitSignal(window.files.opening_ended, timeout=30_000):
        choose(window, tune)
    assert window.editor.path == tune


def test_export_asks_for_a_file_and_adds_the_suffix(tune_window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    tune_window.actions_["export_midi"].trigger()
    with qtbot.waitSignal(tune_window.session.exporter.exported, timeout=30_000):
        choose(tune_window, tmp_path / "tune.v2")
    assert (tmp_path / "tune.v2.mid").read_bytes().startswith(b"MThd")


def test_files_that_the_dialog_did_not_see_are_replaced_only_when_one_says_so(
    tune_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    there = [tmp_path / "reel.mid", tmp_path / "reel-2.svg"]
    for path in there:
        path.write_bytes(b"theirs")
    for action, name in (("export_midi", "reel"), ("export_svg", "reel.svg")):
        tune_window.actions_[action].trigger()
        choose(tune_window, tmp_path / name)
        answer(tune_window, Answer.Cancel)
    assert [path.read_bytes() for path in there] == [b"theirs", b"theirs"]
    assert not tune_window.session.exporter.is_running
    tune_window.actions_["export_midi"].trigger()
    choose(tune_window, tmp_path / "reel")
    with qtbot.waitSignal(tune_window.session.exporter.exported, timeout=30_000):
        answer(tune_window, Answer.Save)
    assert there[0].read_bytes().startswith(b"MThd")


def test_what_the_dialog_has_asked_about_is_not_asked_again(
    tune_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "reel.mid").write_bytes(b"theirs")
    tune_window.actions_["export_midi"].trigger()
    with qtbot.waitSignal(tune_window.session.exporter.exported, timeout=30_000):
        choose(tune_window, tmp_path / "reel.mid")


def test_another_name_can_be_chosen_for_what_is_there_already(tune_window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "reel.abc").write_bytes(b"theirs")
    tune_window.actions_["save_as"].trigger()
    choose(tune_window, tmp_path / "reel")
    answer(tune_window, Answer.Open)
    choose(tune_window, tmp_path / "reel-2")
    assert (tmp_path / "reel.abc").read_bytes() == b"theirs"
    assert tune_window.editor.path == tmp_path / "reel-2.abc"


def test_a_name_with_dots_gets_the_suffix_of_the_chosen_format(
    tune_window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    tune_window.actions_["save_as"].trigger()
    (dialog,) = tune_window.findChildren(QFileDialog)
    dialog.selectNameFilter(FILTERS[".mxl"])
    choose(tune_window, tmp_path / "op. 3")
    with qtbot.waitSignal(tune_window.files.opening_ended, timeout=30_000):
        answer(tune_window, Answer.Save)
    assert tune_window.editor.path == tmp_path / "op. 3.mxl"


def test_pages_may_replace_those_of_the_same_name_and_other_files_themselves_alone(tmp_path: Path) -> None:
    for name in ("reel-1.svg", "reel-x.svg", "reels-1.svg", "reel-1.png", "reel-1.mid"):
        (tmp_path / name).touch()
    assert numbered_pages(tmp_path / "reel.svg") == ["reel-1.svg"]
    assert numbered_pages(tmp_path / "missing" / "reel.svg") == []
    assert itself(tmp_path / "reel.mid") == []
    assert itself(tmp_path / "reel-1.mid") == ["reel-1.mid"]


@pytest.mark.parametrize(("typed", "becomes"), [("reel.abc", "reel.mxl"), ("reel.v2", "reel.v2")])
def test_another_format_changes_a_suffix_that_is_one_of_a_score(
    tune_window: MainWindow, typed: str, becomes: str
) -> None:
    tune_window.actions_["save_as"].trigger()
    (dialog,) = tune_window.findChildren(QFileDialog)
    dialog.selectFile(typed)
    dialog.filterSelected.emit(FILTERS[".mxl"])
    assert Path(dialog.selectedFiles()[0]).name == becomes


def test_that_undo_ends_with_another_format_is_said_before(tune_window: MainWindow, tmp_path: Path) -> None:
    said = []
    for name in ("tune.mxl", "tune.musicxml"):
        tune_window.actions_["save_as"].trigger()
        choose(tune_window, tmp_path / name)
        said.append("not be undone" in question_of(tune_window).informativeText())
        answer(tune_window, Answer.Cancel)
        edit(tune_window)
    assert said == [False, True]


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """A disk that keeps what is written to itself until it is told to go on."""
    may_go_on = Event()

    def wait_and_save(content: bytes, path: Path) -> None:
        assert may_go_on.wait(20)
        save_at_once(content, path)

    monkeypatch.setattr("inpaint_desktop.ui.writing.save", wait_and_save)
    yield may_go_on
    may_go_on.set()


def test_while_a_slow_disk_writes_the_window_lives_and_says_so(
    tune_window: MainWindow, tune: Path, slow_disk: Event, qtbot: QtBot
) -> None:
    edit(tune_window)
    tune_window.actions_["save"].trigger()
    qtbot.waitUntil(tune_window.status.busy.isVisible)
    assert tune_window.status.currentMessage() == "Saving tune.abc ..."
    assert tune_window.isWindowModified()
    slow_disk.set()
    wait_for_writing(tune_window)
    assert not tune_window.isWindowModified()
    assert not tune_window.status.busy.isVisible()
    qtbot.wait(2 * SETTLING_MS)
    assert tune_window.workspace.messages.sentences == ()  # what it wrote itself is nothing new
    assert tune.read_bytes() != (TUNES / "soldiers-joy.abc").read_bytes()


def test_what_is_edited_while_a_slow_disk_writes_is_unsaved(
    tune_window: MainWindow, tune: Path, slow_disk: Event
) -> None:
    edit(tune_window)
    tune_window.actions_["save"].trigger()
    tune_window.actions_["undo"].trigger()
    slow_disk.set()
    wait_for_writing(tune_window)
    assert tune_window.isWindowModified()
    save(tune_window)
    assert not tune_window.isWindowModified()
    assert tune.read_bytes() == (TUNES / "soldiers-joy.abc").read_bytes()


def test_closing_waits_for_a_slow_disk_and_asks_nothing(
    tune_window: MainWindow, slow_disk: Event, qtbot: QtBot
) -> None:
    edit(tune_window)
    tune_window.actions_["save"].trigger()
    tune_window.close()
    assert tune_window.isVisible()
    slow_disk.set()
    qtbot.waitUntil(lambda: not tune_window.isVisible())


def test_saving_can_be_called_off(tune_window: MainWindow, slow_disk: Event, qtbot: QtBot) -> None:
    edit(tune_window)
    tune_window.actions_["save"].trigger()
    qtbot.waitUntil(tune_window.actions_["cancel"].isEnabled)
    tune_window.actions_["cancel"].trigger()
    assert not tune_window.files.is_writing
    assert not tune_window.actions_["cancel"].isEnabled()
    assert tune_window.isWindowModified()
    assert not slow_disk.is_set()


def test_two_copies_are_written_one_after_the_other(tune_window: MainWindow, tmp_path: Path, slow_disk: Event) -> None:
    document = tune_window.editor.document
    assert document is not None
    for name in ("one.abc", "two.abc"):
        tune_window.files.save_copy(document, tmp_path / name)
    slow_disk.set()
    wait_for_writing(tune_window)
    assert (tmp_path / "one.abc").read_bytes() == (tmp_path / "two.abc").read_bytes() == document.to_bytes()


@pytest.mark.parametrize(
    ("title", "name"), [("What? A/B", "What- A-B"), ("..", "-"), ("Grüner Wald", "Grüner Wald"), ("a\nb", "a-b")]
)
def test_a_title_becomes_a_name_that_file_systems_take(title: str, name: str) -> None:
    assert file_name(title) == name
