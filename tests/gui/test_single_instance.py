"""A second start hands its files to the first."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from inpaint_desktop.ui.single_instance import SingleInstance, own_name

HAND_OVER = """
import sys
from pathlib import Path
from inpaint_desktop.ui.single_instance import SingleInstance, own_name
print(SingleInstance(own_name()).hand_over([Path(name) for name in sys.argv[1:]]))
"""
LISTEN_AND_DIE = """
import os
from PySide6.QtCore import QCoreApplication
from inpaint_desktop.ui.single_instance import SingleInstance, own_name
application = QCoreApplication([])
print(SingleInstance(own_name()).listen(), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def first(qapp: object) -> Iterator[SingleInstance]:  # noqa: ARG001 - a server needs an application
    instance = SingleInstance(own_name())
    assert instance.listen()
    yield instance
    instance.close()


def test_the_first_program_gets_the_files_of_the_second(first: SingleInstance, qtbot: QtBot) -> None:
    command = [sys.executable, "-c", HAND_OVER, "tune.abc", "/elsewhere/song.mxl"]
    with (
        qtbot.waitSignal(first.files_received, timeout=20_000) as received,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as second,
    ):
        received.wait()
        answer = second.communicate(timeout=20)[0]
    assert received.args == [(Path.cwd() / "tune.abc", Path("/elsewhere/song.mxl"))]
    assert answer.strip() == "True"


def test_without_a_first_program_nothing_is_handed_over() -> None:
    assert not SingleInstance(own_name()).hand_over([Path("tune.abc")])


def test_what_a_killed_program_left_behind_is_no_obstacle(qapp: object) -> None:  # noqa: ARG001
    killed = subprocess.run([sys.executable, "-c", LISTEN_AND_DIE], capture_output=True, text=True, check=False)
    assert killed.stdout.strip() == "True"
    assert killed.returncode == -9
    instance = SingleInstance(own_name())
    assert not instance.hand_over([])
    assert instance.listen()
    instance.close()


@pytest.mark.parametrize("junk", [b"junk\n", b'{"files": 1}\n', b"[1]\n", b"x" * 200_000])
def test_junk_is_not_taken_for_files(first: SingleInstance, qtbot: QtBot, junk: bytes) -> None:
    received: list[tuple[Path, ...]] = []
    first.files_received.connect(received.append)
    socket = QLocalSocket()
    socket.connectToServer(own_name())
    socket.write(junk)
    socket.flush()
    qtbot.wait(100)
    assert [path for paths in received for path in paths] == []
    socket.close()


def test_a_program_that_does_not_answer_is_no_obstacle(first: SingleInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inpaint_desktop.ui.single_instance.ANSWER_TIMEOUT_MS", 50)
    assert not SingleInstance(own_name()).hand_over([])  # this thread cannot answer itself
    assert first is not None
