"""A screen of its own for a real window: Xvfb, with real mouse and key events from xdotool."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

SIZE = "1600x1000x24"
START_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Screen:
    """A running X server without a window manager."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to show its windows here."""
        return {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}

    def do(self, *words: str | int) -> None:
        """Send events: the words of an xdotool command."""
        command = ["xdotool", *map(str, words)]
        subprocess.run(command, env=self.environment, check=True, capture_output=True, timeout=START_TIMEOUT_S)

    def click(self, place: Sequence[int], *, button: int = 1) -> None:
        """Click at a place of the screen."""
        self.do("mousemove", *place, "click", button)

    def drag(self, start: Sequence[int], stop: Sequence[int]) -> None:
        """Press at one place of the screen, move in steps, let go at another."""
        self.do("mousemove", *start, "mousedown", 1)
        steps = 8
        for step in range(1, steps + 1):
            place = [round(a + (b - a) * step / steps) for a, b in zip(start, stop, strict=True)]
            self.do("mousemove", *place)
        self.do("mouseup", 1)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, such as ``ctrl+r`` or ``Return``."""
        for key in keys:
            self.do("key", "--clearmodifiers", key)


def missing_program() -> str:
    """Which of the programs that a screen needs is not installed; empty if none."""
    return next((name for name in ("Xvfb", "xdotool") if shutil.which(name) is None), "")


@contextmanager
def screen(size: str = SIZE) -> Iterator[Screen]:
    """Start an X server on a free display."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        yield Screen(f":{_number(reading)}")
    finally:
        server.terminate()
        server.wait(START_TIMEOUT_S)


def _number(reading: int) -> str:
    """The number of the display, which the server writes when it is ready."""
    deadline, text = time.monotonic() + START_TIMEOUT_S, b""
    with os.fdopen(reading, "rb", buffering=0) as stream:
        while not text.endswith(b"\n"):
            piece = stream.read(16)
            if not piece or time.monotonic() > deadline:
                message = "Xvfb did not start."
                raise RuntimeError(message)
            text += piece
    return text.decode().strip()
