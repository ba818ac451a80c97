"""No file runs code, nothing touches the network, a crash is told, and one program serves a person: real programs."""

import os
import pickle  # noqa: TID251 - to plant one
import shutil
import signal
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from inpaint_desktop import paths
from tests.integration.program import program, unmeasured

pytestmark = [
    pytest.mark.usefixtures("own_folders"),
    pytest.mark.skipif(sys.platform == "win32", reason="it ends processes as Unix does"),
]

TUNES = paths.resources_folder() / "tunes"
DUET = TUNES / "auld-lang-syne.musicxml"
TIMEOUT_S = 60

# Python imports it when it starts, in every process; it writes down what would reach another machine, and forbids it.
WATCH = """
import os, sys
FORBIDDEN = {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}

def watch(event, arguments):
    if event in FORBIDDEN:
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(f"{event} {arguments!r}\\n")
        raise PermissionError("the network was touched")

sys.addaudithook(watch)
with open(os.environ["NETWORK_LOG"] + ".watched", "a") as log:
    log.write(f"{os.getpid()}\\n")
"""


class Trap:
    """Unpickling it makes a folder."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.marker),)


def cached_by_music21(score: Path, temporary: Path) -> Path:
    """Where music21's own way to open a file looks for a pickle of it."""
    find = "from music21.converter import PickleFilter; found = PickleFilter(sys.argv[1]).getPickleFp(None, 'gz')"
    code = f"import sys; {find}; print(found)"
    environment = {**unmeasured(), "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", code, score], env=environment, capture_output=True, check=True)
    return Path(done.stdout.decode().strip())


def test_no_code_runs_from_what_was_planted_where_the_program_reads(tmp_path: Path) -> None:
    score, marker = tmp_path / "score.musicxml", tmp_path / "sprung"
    shutil.copy(DUET, score)
    pickled = pickle.dumps(Trap(marker))
    planted = {
        cached_by_music21(score, tmp_path): zlib.compress(pickled),
        paths.config_folder() / "settings.json": pickled,
        paths.state_folder() / "recent.json": pickled,
        paths.state_folder() / "recovery" / "0123456789abcdef.work": pickled,
        tmp_path / "trap.abc": pickled,
        tmp_path / "trap.mxl": pickled,
    }
    for path, content in planted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with program(score, environment={"TMPDIR": str(tmp_path)}) as running:
        running.wait_until("editor.document is not None and window.staff.is_up_to_date")
        for name in ("trap.abc", "trap.mxl"):
            running.ask(f"window.open_file(Path({str(tmp_path / name)!r}))")
            running.wait_for_sentence(f"{name} is not")
        running.quit()
    assert not marker.exists()
    pickle.loads(pickled)  # noqa: S301 - the trap is a real one
    assert marker.exists()


# The network


def was_called(server: socket.socket) -> bool:
    """Whether anyone has tried to reach a server since it was asked last."""
    try:
        caller, _ = server.accept()
    except BlockingIOError:
        return False
    caller.close()
    return True


def naming(port: int) -> str:
    """A score that names a server wherever MusicXML can."""
    server = f"http://127.0.0.1:{port}"
    text = DUET.read_text(encoding="utf-8")
    head = f'<?xml version="1.0"?>\n<!DOCTYPE score-partwise PUBLIC "-//X//DTD Y//EN" "{server}/partwise.dtd">\n'
    image = f'<credit page="1"><credit-image source="{server}/a.png" type="image/png"/></credit>'
    return head + text[text.index("<score-partwise") :].replace("<part-list>", f"{image}<part-list>")


def test_opening_drawing_filling_and_playing_touch_no_network(tmp_path: Path) -> None:
    score, log = tmp_path / "score.musicxml", tmp_path / "network.log"
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    environment = {"PYTHONPATH": str(tmp_path / "site"), "NETWORK_LOG": str(log)}
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        address = server.getsockname()
        score.write_text(naming(address[1]), encoding="utf-8")
        with program(score, environment=environment) as running:
            running.wait_until("editor.document is not None and window.staff.is_up_to_date")
            running.ask(
                "[editor.select(2), window.actions_['play'].trigger(), window.actions_['regenerate'].trigger()]"
            )
            running.wait_until("len(window.session.gallery.cards) > 1 and not window.session.filler.is_running")
            assert not log.exists()
            assert not was_called(server)  # libraries that are not written in Python would reach it unwatched
            with pytest.raises(AssertionError, match="the network was touched"):  # it is watched indeed
                running.ask(f"__import__('socket').create_connection({address!r})")
        with socket.create_connection(address):
            assert was_called(server)
    watched = log.with_name("network.log.watched").read_text().split()
    assert str(running.process.pid) in watched
    assert len(watched) >= 3  # the reader and the engraver are processes of their own


# Crashes


@pytest.mark.usefixtures("without_model")
def test_a_crash_leaves_a_log_and_the_next_start_says_where_it_is() -> None:
    with program() as first:
        first.tell("__import__('faulthandler')._sigsegv()")
        assert first.process.wait(TIMEOUT_S) == -signal.SIGSEGV
    (log,) = paths.log_folder().glob("crash-*.log")
    assert "Segmentation fault" in log.read_text()
    with program() as second:
        assert second.sentences == [f"The program crashed when it ran last; the details are in {log}."]


@pytest.mark.usefixtures("without_model")
def test_an_error_that_nobody_expected_is_told_and_the_window_goes_on() -> None:
    with program() as running:
        running.ask("__import__('PySide6.QtCore').QtCore.QTimer.singleShot(0, lambda: 1 / 0)")
        running.wait_for_sentence("Something went wrong that the program did not expect (division by zero)")
        assert running.ask("window.isVisible()")
    assert "ZeroDivisionError" in (paths.log_folder() / "inpaint-desktop.log").read_text()


# One program


@pytest.mark.usefixtures("without_model")
def test_a_second_start_hands_its_file_to_the_first_also_after_a_kill() -> None:
    with program() as killed:
        killed.kill()  # what it listened at is still there
    command = [sys.executable, "-m", "inpaint_desktop", str(TUNES / "ode-to-joy.abc")]
    with program(TUNES / "soldiers-joy.abc") as first:
        first.wait_until("editor.document is not None")
        done = subprocess.run(
            command, env={**unmeasured(), "QT_QPA_PLATFORM": "offscreen"}, timeout=TIMEOUT_S, check=False
        )
        assert done.returncode == 0
        first.wait_until("editor.path.name == 'ode-to-joy.abc'")
