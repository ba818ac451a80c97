"""Files in and out without dialogs: books of tunes, changes from outside, what was used last."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from inpaint_desktop.ui.asking import Answer
from inpaint_desktop.ui.files import sentence_of
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.tune_chooser import TuneChooser
from tests.gui.conftest import DATA, TUNES, OpenFile
from tests.gui.test_main_window import answer, edit, save

BOOK = b"X:1\nT:First\nM:4/4\nL:1/4\nK:G\nGABc|dedB|]\n\nX:2\nT:Second\nM:3/4\nL:1/4\nK:D\nDEF|GAB|]\n"


def test_a_book_lets_one_choose_and_keeps_the_other_tunes(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "book.abc"
    path.write_bytes(BOOK)
    open_file(window, path)
    (chooser,) = window.findChildren(TuneChooser)
    chooser.search.setText("second")
    with qtbot.waitSignal(window.files.opening_ended, timeout=30_000):
        chooser.accept()
    assert window.editor.document is not None
    assert window.editor.document.title == "Second"
    edit(window)
    save(window)
    assert path.read_bytes().startswith(BOOK[: BOOK.index(b"X:2")])
    assert path.read_bytes() != BOOK


def test_choosing_a_tune_asks_about_unsaved_changes_of_the_open_score(
    window: MainWindow, open_file: OpenFile, tmp_path: Path
) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    edit(window)
    book = tmp_path / "book.abc"
    book.write_bytes(BOOK)
    window.open_file(book)
    assert window.editor.document is not None
    assert window.editor.document.title == "Soldier's Joy"


def test_the_same_file_is_read_again_when_nothing_can_be_lost(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "tune.abc"
    path.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    open_file(window, path)
    with qtbot.waitSignal(window.files.opening_ended, timeout=30_000):
        path.write_bytes(path.read_bytes().replace(b"Soldier's Joy", b"Sailor's Joy"))
    assert window.editor.document is not None
    assert window.editor.document.title == "Sailor's Joy"


def test_keeping_ones_own_work_makes_it_unsaved(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "tune.abc"
    path.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    open_file(window, path)
    edit(window)
    save(window)
    path.write_bytes(path.read_bytes() + b"% theirs\n")
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=10_000)
    window.workspace.messages.bars[0].choose("&Keep mine")
    assert window.isWindowModified()
    save(window)
    assert window.editor.document is not None
    assert path.read_bytes() == window.editor.document.to_bytes()


def test_a_file_that_is_gone_can_be_saved_again(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "tune.abc"
    path.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    open_file(window, path)
    edit(window)
    path.unlink()
    qtbot.wait(500)
    assert window.workspace.messages.sentences == ()
    save(window)
    assert path.exists()


@pytest.fixture
def own_tunes(tmp_path: Path) -> list[Path]:
    """Two tunes that did not come with the program."""
    made = [tmp_path / name for name in ("soldiers-joy.abc", "ode-to-joy.abc")]
    for path in made:
        path.write_bytes((TUNES / path.name).read_bytes())
    return made


def test_recent_files_are_listed_newest_first(window: MainWindow, open_file: OpenFile, own_tunes: list[Path]) -> None:
    for path in own_tunes:
        open_file(window, path)
    entries = [action.text() for action in window.actions_.menus["recent"].actions()]
    assert entries == ["&1 ode-to-joy.abc", "&2 soldiers-joy.abc"]
    window.close_score()
    assert window.workspace.welcome.recent.count() == 2


def test_a_recent_file_opens_from_the_menu(
    window: MainWindow, open_file: OpenFile, own_tunes: list[Path], qtbot: QtBot
) -> None:
    for path in own_tunes:
        open_file(window, path)
    with qtbot.waitSignal(window.files.opening_ended, timeout=30_000):
        window.actions_.menus["recent"].actions()[1].trigger()
    assert window.editor.path == own_tunes[0]


def test_a_tune_of_the_program_is_no_recent_file_and_is_not_written(window: MainWindow, open_file: OpenFile) -> None:
    before = (TUNES / "ode-to-joy.abc").read_bytes()
    open_file(window, TUNES / "ode-to-joy.abc")
    assert window.session.recent.listed == ()
    edit(window)
    save(window)
    (dialog,) = [dialog for dialog in window.findChildren(QFileDialog) if dialog.isVisible()]
    assert Path(dialog.selectedFiles()[0]).name == "ode-to-joy.abc"
    assert not Path(dialog.directory().path()).is_relative_to(TUNES)
    assert (TUNES / "ode-to-joy.abc").read_bytes() == before
    assert window.isWindowModified()


def test_a_score_with_several_parts_lets_one_choose(window: MainWindow, open_file: OpenFile) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    is_needed = [window.parts.is_needed]
    open_file(window, DATA / "musicxml" / "duet_latin1_crlf.xml")
    is_needed.append(window.parts.is_needed)
    assert is_needed == [False, True]
    assert [window.parts.itemText(row) for row in range(2)] == ["Singstimme", "Klarinette in B"]
    window.parts.activated.emit(1)
    assert window.editor.part == 1


def test_a_foreign_error_is_a_sentence_too() -> None:
    assert "ZeroDivisionError" not in sentence_of(ZeroDivisionError("planted"))
    assert "planted" in sentence_of(ZeroDivisionError("planted"))


def test_what_is_edited_while_a_file_is_read_is_not_lost(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "tune.abc"
    path.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    open_file(window, path)
    with qtbot.waitSignal(window.files.opening_ended, timeout=30_000):
        window.open_file(TUNES / "ode-to-joy.abc")
        edit(window)
    assert window.editor.path == path
    answer(window, Answer.Save)
    assert window.editor.path == TUNES / "ode-to-joy.abc"
    assert path.read_bytes() != (TUNES / "soldiers-joy.abc").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are files on Unix only")
def test_a_file_that_does_not_answer_does_not_stop_the_window(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "tune.abc"
    path.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    open_file(window, path)
    path.unlink()
    os.mkfifo(path)  # whoever reads it waits, as on a drive that is gone
    window.files.check_outside()
    open_file(window, TUNES / "ode-to-joy.abc")
    assert window.editor.path == TUNES / "ode-to-joy.abc"
    with path.open("wb"):  # now it answers
        qtbot.wait(50)
    assert window.workspace.messages.sentences == ()
