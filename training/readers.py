"""The field's own readers, asked what they make of a file: each in a process of its own, which may crash.

music21 answers with the notes that it finds in the first part, in their order, a tied note once: their MIDI
numbers; of ABC their places on the staff (C4 is 28), as it does not carry an accidental through a measure. Verovio
answers with how many measures it draws on each page.
"""

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

TIME_LIMIT_S = 60.0

MUSIC21 = """
import json, pathlib, sys, warnings
from music21 import converter
warnings.simplefilter("ignore")
for line in sys.stdin:
    path = pathlib.Path(json.loads(line))
    kind = "abc" if path.suffix == ".abc" else "musicxml"
    try:
        score = converter.parseData(path.read_text(encoding="utf-8"), format=kind)
        notes = score.parts[0].flatten().notes
        begun = [note for note in notes if note.tie is None or note.tie.type == "start"]
        pitches = [pitch for note in begun for pitch in note.pitches]
        print(json.dumps([p.diatonicNoteNum - 1 if kind == "abc" else p.midi for p in pitches]), flush=True)
    except Exception as error:
        print(json.dumps(repr(error)), flush=True)
"""

VEROVIO = """
import json, pathlib, sys
import verovio
verovio.enableLog(verovio.LOG_OFF)
for line in sys.stdin:
    path = pathlib.Path(json.loads(line))
    toolkit = verovio.toolkit()
    toolkit.setOptions({"inputFrom": "abc" if path.suffix == ".abc" else "xml", "xmlIdSeed": 1})
    is_read = toolkit.loadData(path.read_text(encoding="utf-8"))
    pages = range(1, toolkit.getPageCount() + 1) if is_read else ()
    print(json.dumps([toolkit.renderToSVG(page).count('class="measure"') for page in pages]), flush=True)
"""


class Reader:
    """A program that reads files, one after the other; it is started again when it has died."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, path: Path) -> list[int] | str:
        """What the program finds in ``path``, or a sentence that says how it failed."""
        process = self._running()
        timer = threading.Timer(TIME_LIMIT_S, process.kill)
        timer.start()
        try:
            answer = self._ask(process, path)
        finally:
            timer.cancel()
        if not answer:
            self._stop()
            return "It crashed, or took too long."
        found: list[int] | str = json.loads(answer)
        return found

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            command = [sys.executable, "-c", self._program]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        return self._process

    @staticmethod
    def _ask(process: subprocess.Popen[str], path: Path) -> str:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(str(path)) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            return ""
        return process.stdout.readline()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
