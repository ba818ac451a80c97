"""No work is lost: it is kept after each edit and offered back after a crash."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.new_tune import new_tune
from inpaint_desktop.documents.recovery import RecoveryStore, Work
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.ui.asking import Answer
from inpaint_desktop.ui.main_window import MainWindow
from tests.gui.conftest import TUNES, OpenFile
from tests.gui.test_main_window import answer, edit, save

Make = Callable[..., MainWindow]
TIMEOUT_MS = 20_000


def kept() -> list[Path]:
    """The files of work that is kept."""
    return list((paths.state_folder() / "recovery").glob("*.work"))


@pytest.fixture
def left_behind() -> Work:
    """A new tune that was never saved, as a program that crashed leaves it."""
    work = Work.of(new_tune("Left behind", Meter(3, 4), KeySignature(2, "major")))
    store = RecoveryStore()
    store.keep(work)
    store.close()
    return work


def test_an_edit_is_kept_and_saving_drops_it(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    tune = tmp_path / "tune.abc"
    tune.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    open_file(window, tune)
    edit(window)
    qtbot.waitUntil(lambda: len(kept()) == 1, timeout=TIMEOUT_MS)
    save(window)
    qtbot.waitUntil(lambda: not kept(), timeout=TIMEOUT_MS)


def test_unsaved_work_is_offered_and_restored(left_behind: Work, make_window: Make, qtbot: QtBot) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    (bar,) = window.workspace.messages.bars
    assert "Left behind" in bar.sentence
    with qtbot.waitSignal(window.session.recovering.restored, timeout=TIMEOUT_MS):
        bar.choose("Res&tore")
    assert window.editor.document is not None
    assert window.editor.document.to_bytes() == left_behind.content
    assert window.isWindowModified()


def test_work_is_still_offered_when_the_open_score_is_not_left_for_it(
    left_behind: Work, make_window: Make, open_file: OpenFile, qtbot: QtBot
) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    open_file(window, TUNES / "soldiers-joy.abc")
    edit(window)
    window.workspace.messages.bars[0].choose("Res&tore")
    answer(window, Answer.Cancel)
    assert left_behind.title in window.workspace.messages.sentences[0]
    window.workspace.messages.bars[0].choose("Res&tore")
    with qtbot.waitSignal(window.session.recovering.restored, timeout=TIMEOUT_MS):
        answer(window, Answer.Discard)
    assert window.workspace.messages.sentences == ()


def test_what_is_edited_while_work_is_restored_is_not_lost(
    left_behind: Work, make_window: Make, open_file: OpenFile, qtbot: QtBot
) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    open_file(window, TUNES / "soldiers-joy.abc")
    window.workspace.messages.bars[0].choose("Res&tore")
    edit(window)
    edited = window.editor.document
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    assert left_behind.title in window.workspace.messages.sentences[0]  # it is offered again
    assert window.editor.document is edited


@pytest.mark.parametrize("is_newer", [True, False])
def test_a_file_that_was_changed_since_the_crash_is_not_replaced_unasked(
    make_window: Make, tmp_path: Path, qtbot: QtBot, is_newer: bool
) -> None:
    tune = tmp_path / "tune.abc"
    tune.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    store = RecoveryStore()
    store.keep(Work.of(new_tune("Mine", Meter(3, 4), KeySignature(2, "major")), tune))
    store.close()
    os.utime(tune, (time.time() + (60 if is_newer else -60),) * 2)
    window = make_window()
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    with qtbot.waitSignal(window.session.recovering.restored, timeout=TIMEOUT_MS):
        window.workspace.messages.bars[0].choose("Res&tore")
    if is_newer:
        qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
        assert "was changed by another program" in window.workspace.messages.sentences[0]
    save(window)
    assert (b"Mine" in tune.read_bytes()) is not is_newer


def test_work_that_cannot_be_read_is_said_so_and_stays(make_window: Make, qtbot: QtBot) -> None:
    store = RecoveryStore()
    store.keep(Work(b"no score", "odd.xyz", ".xyz", title="Odd"))
    store.close()
    window = make_window()
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    window.workspace.messages.bars[0].choose("Res&tore")
    qtbot.waitUntil(lambda: len(window.workspace.messages.bars) == 2, timeout=TIMEOUT_MS)
    failure, offer = window.workspace.messages.sentences
    assert failure.startswith("odd.xyz is not a score")
    assert "Odd" in offer
    assert len(kept()) == 1


def test_declined_work_is_deleted(left_behind: Work, make_window: Make, qtbot: QtBot) -> None:
    assert left_behind.title == "Left behind"
    window = make_window()
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    window.workspace.messages.bars[0].choose("&Discard")
    qtbot.waitUntil(lambda: not kept(), timeout=TIMEOUT_MS)


def test_work_that_was_given_up_is_not_offered_again(window: MainWindow, open_file: OpenFile, qtbot: QtBot) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    edit(window)
    qtbot.waitUntil(lambda: len(kept()) == 1, timeout=TIMEOUT_MS)
    window.close_without_asking()
    assert kept() == []


def test_without_a_place_for_it_the_window_says_so_once(
    window: MainWindow, open_file: OpenFile, tmp_path: Path, qtbot: QtBot
) -> None:
    open_file(window, TUNES / "soldiers-joy.abc")
    folder = paths.state_folder() / "recovery"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()
    edit(window)
    qtbot.waitUntil(lambda: bool(window.workspace.messages.bars), timeout=TIMEOUT_MS)
    assert "cannot be kept" in window.workspace.messages.sentences[0]
    assert tmp_path in folder.parents
