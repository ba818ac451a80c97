"""The real program in a process of its own, without a screen: told what to do, asked what it shows, killed."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TIMEOUT_S = 60.0
POLL_S = 0.05

PROGRAM = """
import json, os, signal, sys, threading
from pathlib import Path
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
{before}
from inpaint_desktop.app import main
from inpaint_desktop.documents.new_tune import new_tune
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.ui.asking import Answer, Question
from inpaint_desktop.ui.main_window import MainWindow


def the_window():
    return next((widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)), None)


def edit(index):
    editor = the_window().editor
    measure = editor.melody.measures[index]
    editor.replace_measures("Rest", Span(index, index + 1), [measure.with_notes([Note(0, measure.duration, None)])])


class Remote(QObject):
    asked = Signal(str)

    def __init__(self):
        super().__init__()
        self.asked.connect(self.answer, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):  # not from sys.stdin, which Python wants to have for itself in the end
        pending = b""
        while piece := os.read(0, 65536):
            *lines, pending = (pending + piece).split(b"\\n")
            for line in lines:
                self.asked.emit(line.decode())

    def answer(self, line):
        window = the_window()
        names = dict(globals(), window=window, editor=window.editor if window else None)
        try:
            value = eval(line, names)
        except Exception as error:
            value = repr(error)
            print(json.dumps(dict(error=value)), flush=True)
        else:
            print(json.dumps(dict(value=value), default=str), flush=True)


application = QApplication(["inpaint-desktop"])
remote = Remote()
sys.exit(main(sys.argv[1:]))
"""


class Program:
    """A running program, which evaluates what it is asked in the thread of its window.

    Questions are expressions; they may use ``window``, ``editor``, ``edit(measure)`` and what the script above imports.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def ask(self, question: str) -> Any:  # noqa: ANN401 - whatever the question is about
        """Let the program evaluate an expression; lists and plain values come back as they are, others as text."""
        self.tell(question)
        answer = json.loads(self._answers.get(timeout=TIMEOUT_S) or '{"error": "the program has ended"}')
        assert "error" not in answer, f"{question}: {answer['error']}"
        return answer["value"]

    def tell(self, question: str) -> None:
        """Let the program evaluate an expression, and wait for no answer."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()

    def wait_until(self, question: str) -> Any:  # noqa: ANN401 - whatever the question is about
        """Ask again and again until the answer is true; return it."""
        pause = threading.Event()
        for _ in range(int(TIMEOUT_S / POLL_S)):
            if answer := self.ask(question):
                return answer
            pause.wait(POLL_S)
        message = f"It never came to pass that {question}"
        raise AssertionError(message)

    def wait_for_window(self) -> None:
        """Wait until the window has been painted."""
        self.wait_until("window is not None and window._is_painted")

    @property
    def sentences(self) -> list[str]:
        """What stands above the score."""
        found = self.ask("window.workspace.messages.sentences")
        assert isinstance(found, list)
        return found

    def wait_for_sentence(self, words: str) -> str:
        """Wait until a sentence with these words stands above the score, and return it."""
        question = f"[one for one in window.workspace.messages.sentences if {words!r} in one]"
        return str(self.wait_until(question)[0])

    def kill(self) -> None:
        """End the program as nothing ends orderly: it can do nothing about it."""
        self.process.kill()
        assert self.process.wait(TIMEOUT_S) == -signal.SIGKILL

    def quit(self, how: str = "window.close()") -> None:
        """Close the window, and see that the program ends orderly and without a word about errors."""
        self.tell(how)
        code = self.process.wait(TIMEOUT_S)
        assert self.process.stderr is not None
        said = self.process.stderr.read()
        assert (code, "Traceback" in said) == (0, False), said


def unmeasured() -> dict[str, str]:
    """The environment without coverage, which leaves broken files in a process that is killed."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}


@contextmanager
def program(
    *arguments: str | Path,
    environment: Mapping[str, str] | None = None,
    before: str = "",
    wrapper: Sequence[str] = (),
) -> Iterator[Program]:
    """Start the program with ``arguments``; what is left of it in the end is killed.

    ``before`` is done first in its process; ``wrapper`` is a command that starts it.
    """
    command = [*wrapper, sys.executable, "-c", PROGRAM.replace("{before}", before), *map(str, arguments)]
    silent = {"QT_QPA_PLATFORM": "offscreen", "SDL_AUDIODRIVER": "dummy"}
    process = subprocess.Popen(
        command,
        env={**unmeasured(), **silent, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        running = Program(process)
        try:
            running.wait_for_window()
            yield running
        finally:
            process.kill()
