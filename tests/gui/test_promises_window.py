"""What the window promises when something goes wrong: with files, with weights, with the model at work."""

import hashlib
import json
import os
import pickle  # noqa: TID251 - to plant one
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inpaint_desktop.documents import opening
from inpaint_desktop.engine.request import Engine, FillRequest, Progress, Take
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.asking import Answer
from inpaint_desktop.ui.main_window import MainWindow
from tests.gui.conftest import OPENING_TIMEOUT_MS, TUNES, OpenFile
from tests.gui.test_filling import FakeEngine, Hanging, plain_takes
from tests.gui.test_main_window import answer, edit, save
from tests.integration.test_bad_input import FILES, XML, zip_bomb

Make = Callable[..., MainWindow]
Propose = Callable[[FillRequest, Progress], Iterator[Take]]
REEL = TUNES / "soldiers-joy.abc"
TIMEOUT_MS = 60_000


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """A tune that may be changed."""
    path = tmp_path / "tune.abc"
    path.write_bytes(REEL.read_bytes())
    return path


@pytest.fixture
def tune_window(window: MainWindow, tune: Path, open_file: OpenFile) -> MainWindow:
    """A window in which that tune is open."""
    open_file(window, tune)
    return window


# Files


@pytest.fixture
def bad_files(tmp_path: Path) -> list[Path]:
    """Files that are no scores, or none that can be opened, each with a name of its own."""
    folder = tmp_path / "bad"
    folder.mkdir()
    made = []
    for number, (name, (file_name, content, _words)) in enumerate(FILES.items()):
        if name != "waltz":  # it cannot be filled, but is a good tune
            path = folder / f"{number}-{file_name}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            made.append(path)
    zip_bomb(folder / "bomb.mxl")
    (folder / "negative.xml").write_text(XML.replace("<duration>", "<duration>-"), encoding="utf-8")
    (folder / "song.mid").write_bytes(b"MThd\0\0\0\6")
    (folder / "folder.abc").mkdir()
    return [*made, *(folder / name for name in ("bomb.mxl", "negative.xml", "song.mid", "folder.abc", "missing.abc"))]


def test_no_bad_file_changes_the_open_score(tune_window: MainWindow, bad_files: list[Path], qtbot: QtBot) -> None:
    edit(tune_window)
    editor = tune_window.editor

    def state() -> tuple[object, ...]:
        return editor.document, editor.path, editor.selection, tune_window.windowTitle(), editor.undo_stack.count()

    before = state()
    for bad in bad_files:
        tune_window.open_file(bad)
        with qtbot.waitSignal(tune_window.files.opening_ended, timeout=OPENING_TIMEOUT_MS):
            answer(tune_window, Answer.Discard)
        assert state() == before, bad.name
        assert tune_window.isWindowModified()
        assert bad.name in tune_window.workspace.messages.sentences[-1]
    tune_window.actions_["undo"].trigger()
    assert editor.document is not None
    assert editor.document.to_bytes() == REEL.read_bytes()


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_opens(
    tune_window: MainWindow, open_file: OpenFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = tune_window.editor.document
    with monkeypatch.context() as patch:
        patch.setattr(opening, "READ_TIME_LIMIT_S", 0.0)
        open_file(tune_window, TUNES / "ode-to-joy.abc")
    assert "ode-to-joy.abc takes longer than" in tune_window.workspace.messages.sentences[-1]
    assert tune_window.editor.document is document
    open_file(tune_window, TUNES / "ode-to-joy.abc")
    assert tune_window.windowTitle().startswith("ode-to-joy.abc")


@pytest.mark.parametrize("calls_off", [True, False])
def test_a_file_that_is_slow_to_open_is_called_off_and_the_next_one_opens(
    tune_window: MainWindow, open_file: OpenFile, monkeypatch: pytest.MonkeyPatch, calls_off: bool
) -> None:
    document, child = tune_window.editor.document, tune_window.files._child
    reading = threading.Event()

    def sleep(_request: object) -> object:
        reading.set()
        return child.call("time:sleep", 600.0, time_limit_s=600.0)

    with monkeypatch.context() as patch:
        patch.setattr(opening, "_reader", lambda _name, _child: sleep)
        tune_window.open_file(TUNES / "boys-of-bluehill.abc")
        assert reading.wait(TIMEOUT_MS / 1000)
    assert tune_window.status.busy.isVisible()
    if calls_off:
        QTest.keyClick(tune_window, Qt.Key.Key_Escape)
        assert not tune_window.actions_["cancel"].isEnabled()
        assert not tune_window.status.busy.isVisible()
        assert tune_window.editor.document is document
    open_file(tune_window, TUNES / "ode-to-joy.abc")
    assert tune_window.windowTitle().startswith("ode-to-joy.abc")


def put_an_older_file_in_the_place_of(tune: Path) -> None:
    """Replace a tune by another one that was written long before."""
    other = tune.with_name("other.abc")
    other.write_bytes(tune.read_bytes().replace(b"Soldier's Joy", b"Older's Joy"))
    os.utime(other, (1, 1))
    other.replace(tune)


def test_a_file_replaced_by_an_older_one_is_opened_as_it_is_now(
    tune_window: MainWindow, tune: Path, open_file: OpenFile
) -> None:
    put_an_older_file_in_the_place_of(tune)
    open_file(tune_window, tune)
    assert tune_window.editor.document is not None
    assert tune_window.editor.document.title == "Older's Joy"


def test_a_file_replaced_by_an_older_one_while_it_is_open_is_shown_as_it_is_now(
    tune_window: MainWindow, tune: Path, qtbot: QtBot
) -> None:
    put_an_older_file_in_the_place_of(tune)
    qtbot.waitUntil(lambda: "was changed by another program" in " ".join(sentences(tune_window)), timeout=TIMEOUT_MS)
    qtbot.waitUntil(lambda: not tune_window.files.is_opening, timeout=TIMEOUT_MS)
    assert tune_window.editor.document is not None
    assert tune_window.editor.document.title == "Older's Joy"


def sentences(window: MainWindow) -> tuple[str, ...]:
    return window.workspace.messages.sentences


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_files_of_another_start_do_not_cost_unsaved_changes(tune_window: MainWindow) -> None:
    edit(tune_window)
    document = tune_window.editor.document
    tune_window.take_files((TUNES / "ode-to-joy.abc",))
    answer(tune_window, Answer.Cancel)
    assert tune_window.editor.document is document
    assert tune_window.isWindowModified()


# Weights


class Trap:
    """Unpickling it makes a folder."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.marker),)


def change_a_byte(weights: Path, _marker: Path) -> None:
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)


def truncate(weights: Path, _marker: Path) -> None:
    weights.write_bytes(weights.read_bytes()[:1000])


def plant_a_pickle(weights: Path, marker: Path) -> None:
    weights.write_bytes(pickle.dumps(Trap(marker)))
    vouch_for(weights)


def plant_a_file_of_torch(weights: Path, marker: Path) -> None:
    import torch

    torch.save(Trap(marker), weights)
    vouch_for(weights)


def vouch_for(weights: Path) -> None:
    """Let the card name the hash of whatever stands in the place of the weights."""
    path = weights.with_suffix(".json")
    card = json.loads(path.read_text(encoding="utf-8"))
    card["sha256"] = hashlib.sha256(weights.read_bytes()).hexdigest()
    path.write_text(json.dumps(card), encoding="utf-8")


@pytest.fixture
def installed(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The weights of the only model that the program comes with here, ``tiny``."""
    shutil.copytree(weights.parent, tmp_path / "models")
    monkeypatch.setattr("inpaint_desktop.engine.opening._folder", lambda: tmp_path / "models")
    return tmp_path / "models" / weights.name


@pytest.mark.parametrize("damage", [change_a_byte, truncate, plant_a_pickle, plant_a_file_of_torch])
def test_bad_weights_are_told_in_the_gallery_run_no_code_and_are_asked_for_again(
    make_window: Make, open_file: OpenFile, installed: Path, qtbot: QtBot, damage: Callable[[Path, Path], None]
) -> None:
    sound, marker = {path: path.read_bytes() for path in installed.parent.iterdir()}, installed.with_name("sprung")
    damage(installed, marker)
    window = make_window(Settings(model="tiny", takes=2))
    open_file(window, REEL)
    window.editor.select(1)
    regenerate(window, qtbot)
    assert window.gallery.sentence.text().startswith(("The weights in tiny.safetensors are not", "The model tiny"))
    assert is_idle(window)
    assert not marker.exists()
    for path, content in sound.items():  # it is installed again
        path.write_bytes(content)
    regenerate(window, qtbot)
    assert len(window.session.gallery.cards) == 3


def test_with_bad_weights_all_else_works(tune_window: MainWindow, tune: Path, installed: Path, qtbot: QtBot) -> None:
    installed.unlink()
    tune_window.session.preferences.change(model="tiny")
    tune_window.editor.select(1)
    regenerate(tune_window, qtbot)
    assert not tune_window.session.gallery.cards[1:]
    edit(tune_window)
    tune_window.actions_["play"].trigger()
    assert tune_window.session.transport.is_playing
    save(tune_window)
    assert tune.read_bytes() != REEL.read_bytes()
    assert not tune_window.isWindowModified()


# The model at work


def regenerate(window: MainWindow, qtbot: QtBot) -> None:
    """Ask for takes as a musician does, and wait for the end."""
    window.workspace.focus_view()
    with qtbot.waitSignal(window.session.filler.ended, timeout=TIMEOUT_MS):
        window.actions_["regenerate"].trigger()


def is_idle(window: MainWindow) -> bool:
    """Whether takes can be asked for, and none are being made."""
    filler, actions = window.session.filler, window.actions_
    is_busy = filler.is_running or actions["cancel"].isEnabled() or window.status.busy.isVisible()
    return actions["regenerate"].isEnabled() and not is_busy


@pytest.fixture
def engine_window(tune_window: MainWindow) -> Callable[[Propose], MainWindow]:
    """A window whose takes come from a function."""

    def make(propose: Propose) -> MainWindow:
        engine: Engine = FakeEngine(propose)
        tune_window.session.filler._engines.open_engine = lambda _model, _device: engine
        tune_window.session.filler._engines._loaded.clear()
        tune_window.editor.select(6, 9)
        return tune_window

    return make


def raising(_request: FillRequest, _progress: Progress) -> Iterator[Take]:
    raise ZeroDivisionError("as planted")


def junk(_request: FillRequest, _progress: Progress) -> Iterator[Take]:
    return iter(["junk"])  # type: ignore[list-item]


@pytest.mark.parametrize("propose", [raising, junk])
def test_after_a_model_that_fails_the_window_is_idle_and_the_score_untouched(
    engine_window: Callable[[Propose], MainWindow], qtbot: QtBot, propose: Propose
) -> None:
    window = engine_window(propose)
    document = window.editor.document
    regenerate(window, qtbot)
    assert is_idle(window)
    assert window.gallery.sentence.isVisible()
    assert window.editor.shown_document is document
    window = engine_window(plain_takes)
    regenerate(window, qtbot)
    assert len(window.session.gallery.cards) > 1


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    made = Hanging()
    yield made
    made.may_go_on.set()


def hang(window: MainWindow, hanging: Hanging, qtbot: QtBot) -> None:
    """Ask for takes that do not come."""
    window.actions_["regenerate"].trigger()
    qtbot.waitUntil(hanging.has_begun.is_set, timeout=TIMEOUT_MS)
    assert not is_idle(window)


def test_escape_calls_off_a_model_that_hangs(
    engine_window: Callable[[Propose], MainWindow], hanging: Hanging, qtbot: QtBot
) -> None:
    window = engine_window(hanging)
    hang(window, hanging, qtbot)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert is_idle(window)


def test_the_cards_get_the_keys_though_their_panel_was_hidden(
    engine_window: Callable[[Propose], MainWindow], qtbot: QtBot
) -> None:
    window = engine_window(plain_takes)
    window.actions_["show_gallery"].setChecked(False)
    regenerate(window, qtbot)
    assert window.gallery.cards.isVisible()
    assert window.focusWidget() is window.gallery.cards


def test_takes_for_a_score_that_is_no_longer_open_are_dropped(
    engine_window: Callable[[Propose], MainWindow], hanging: Hanging, open_file: OpenFile, qtbot: QtBot
) -> None:
    window = engine_window(hanging)
    hang(window, hanging, qtbot)
    open_file(window, TUNES / "ode-to-joy.abc")
    document = window.editor.document
    hanging.may_go_on.set()
    window.session.filler.close()  # it has answered
    qtbot.wait(10)
    assert window.session.gallery.cards == ()
    assert window.editor.shown_document is document
    assert window.windowTitle().startswith("ode-to-joy.abc")


def test_the_window_closes_while_takes_are_made(
    engine_window: Callable[[Propose], MainWindow], hanging: Hanging, qtbot: QtBot
) -> None:
    window = engine_window(hanging)
    hang(window, hanging, qtbot)
    letting_go = threading.Timer(0.1, hanging.may_go_on.set)
    letting_go.start()
    window.close()
    letting_go.join()
    qtbot.wait(50)
    assert not window.isVisible()
    assert not window.session.filler.is_running
