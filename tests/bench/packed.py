"""A packed program, tried from outside as a musician would: ``python -m tests.bench.packed PROGRAM`` says how it went.

Nothing of the program is imported into this process but what compares the files. The program is started on a screen of
its own and gets real key events, and the screen is looked at some fifty times a second: the first paint is when it is
no longer black, the first card has come when the card of the first take looks as it does at the end. A tune is opened,
measures are chosen, takes are asked for, one is kept and saved; then the file may differ in those measures only.

PROGRAM may be a command of several words. To try a program that lives in a root of its own, ``--home`` names the
folder of its user from outside, ``--seen-as`` from inside.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QGuiApplication, QImage

from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.paths import resources_folder
from tests.gui.screen import Screen, screen

TUNE = resources_folder() / "tunes" / "boys-of-bluehill.abc"
CHOSEN = range(6, 10)
KEYS_TO_CHOOSE = ("Right",) * (CHOSEN.start + 1) + ("shift+Right",) * (len(CHOSEN) - 1)
KEPT = "2"
RUNS = 7
LOOK_S, TIMEOUT_S, QUIET_S, CARDS_QUIET_S = 0.012, 90.0, 1.5, 3.0  # looking takes time of the processor itself
GALLERY = (843, 60, 322, 640)
"""Where the cards are, with a strip of ground at their left: left, top, width, height in points of the screen."""

HIGHEST_SETTING = 60
"""Cards are higher than the settings above them."""

LIKE = 0.02
"""A card looks as it does at the end when it differs in fewer than this share of its points."""

Picture = NDArray[np.uint8]
"""Rows of points, each blue, green, red, and one byte that says nothing."""


@dataclass(frozen=True)
class Home:
    """The folder of the user who tries the program, as it is seen from outside and from inside."""

    folder: Path
    seen_as: Path

    def with_tune(self) -> tuple[Path, str]:
        """Put the tune there; return where it lies, and what the program is to open."""
        tune = Path(shutil.copy(TUNE, self.folder))
        owner = self.folder.stat()
        os.chown(tune, owner.st_uid, owner.st_gid)
        return tune, str(self.seen_as / tune.name)


class Eye:
    """Looks at the screen."""

    def __init__(self, shown: Screen) -> None:
        os.environ |= {"DISPLAY": shown.display, "QT_QPA_PLATFORM": "xcb"}
        self._application = QGuiApplication([])
        self._screen = self._application.primaryScreen()

    def look(self, left: int = 0, top: int = 0, width: int = -1, height: int = -1) -> Picture:
        """What a part of the screen shows now."""
        image = self._screen.grabWindow(0, left, top, width, height).toImage()
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        points = np.frombuffer(image.constBits(), np.uint8)
        return points.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width(), :3].copy()

    def keep(self, path: Path) -> None:
        """Keep what the screen shows as a picture."""
        self._screen.grabWindow(0).save(str(path))


class Trial:
    """A running program, the keys, and the eye."""

    def __init__(self, command: Sequence[str], home: Home, shown: Screen, eye: Eye, pictures: Path | None) -> None:
        self._command, self._home, self._pictures = command, home, pictures
        self._screen, self._eye = shown, eye

    def first_paint_s(self) -> float:
        """From before the process is started until its window has been painted."""
        with self._running() as started:
            self._until(lambda: self._eye.look(100, 100, 200, 200).any(), "something is painted")
            return time.monotonic() - started

    def go_the_whole_way(self, runs: int) -> list[float]:
        """Open, choose, fill ``runs`` times, keep and save; return how long the first card took each time."""
        tune, name = self._home.with_tune()
        with self._running(name):
            self._open(tune)
            self._press("ctrl+r")  # loads the model
            self._be_quiet("gallery")
            times = [self._first_card_s() for _ in range(runs)]
            self._press(KEPT, "Return")
            self._be_quiet("kept")
            self._press("ctrl+s")
            self._be_quiet("saved")
        compare(TUNE, tune)
        return times

    def _open(self, tune: Path) -> None:
        title = f"{tune.name} - Inpaint Desktop"
        self._until(lambda: self._windows(title), "the tune is open")
        self._screen.do("windowfocus", "--sync", self._windows(title)[0])
        self._screen.do("windowmove", self._windows(title)[0], 0, 0)  # the cards are looked for at their places
        self._be_quiet("opened")
        self._press(*KEYS_TO_CHOOSE)
        self._be_quiet("chosen")

    def _first_card_s(self) -> float:
        self._press("Escape")
        self._be_quiet("")
        started = time.monotonic()
        self._press("ctrl+r")
        seen = list(self._changes_in_gallery())
        last = seen[-1][1]
        card = slice(*(second_card(last) or sys.exit("There are no cards to be seen.")))
        return next(moment for moment, picture in seen if looks_like(picture[card], last[card])) - started

    def _changes_in_gallery(self) -> Iterator[tuple[float, Picture]]:
        """What the gallery shows and since when, until there are cards and nothing has changed for a while."""
        deadline = time.monotonic() + TIMEOUT_S
        since, last = time.monotonic(), np.zeros(0, np.uint8)
        while time.monotonic() < deadline and (time.monotonic() - since < CARDS_QUIET_S or not second_card(last)):
            picture = self._gallery()
            if not np.array_equal(picture, last):
                since, last = time.monotonic(), picture
                yield since, last
            time.sleep(LOOK_S)

    def _gallery(self) -> Picture:
        return self._eye.look(*GALLERY)

    def _windows(self, title: str) -> list[str]:
        command = ["xdotool", "search", "--onlyvisible", "--name", title]
        found = subprocess.run(command, env=self._screen.environment, capture_output=True, text=True, check=False)
        return found.stdout.split()

    def _press(self, *keys: str) -> None:
        for key in keys:
            self._screen.press(key)

    def _be_quiet(self, name: str) -> None:
        """Wait until nothing changes any more, and keep the picture."""
        last, since = self._eye.look(), time.monotonic()
        deadline = since + TIMEOUT_S
        while time.monotonic() - since < QUIET_S and time.monotonic() < deadline:
            time.sleep(0.1)
            now = self._eye.look()
            if not np.array_equal(now, last):
                last, since = now, time.monotonic()
        if name and self._pictures:
            self._eye.keep(self._pictures / f"{name}.png")

    def _until(self, claim: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + TIMEOUT_S
        while not claim():
            if time.monotonic() > deadline:
                sys.exit(f"It did not come to this: {what}.")
            time.sleep(LOOK_S)

    @contextmanager
    def _running(self, *arguments: str) -> Iterator[float]:
        """Start the program, give the time of that, and quit it; it has to be there still, and to end well."""
        environment = {**self._screen.environment, "HOME": str(self._home.folder)}
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
            environment.pop(variable, None)
        started = time.monotonic()
        process = subprocess.Popen([*self._command, *arguments], env=environment)
        try:
            yield started
            self._quit(process)
        finally:
            process.kill()
            process.wait(TIMEOUT_S)
        self._until(lambda: not self._eye.look().any(), "the screen is empty again")

    def _quit(self, process: subprocess.Popen[bytes]) -> None:
        self._until(lambda: self._windows("Inpaint Desktop"), "the window has a name")
        self._screen.do("windowfocus", "--sync", self._windows("Inpaint Desktop")[0])
        self._press("ctrl+q")
        if code := process.wait(TIMEOUT_S):
            sys.exit(f"The program ended with code {code}.")


def second_card(gallery: Picture) -> tuple[int, int] | tuple[()]:
    """The rows of the card of the first take, if it is there; the first card is the original."""
    ground = gallery[:, 0]
    is_gap = (gallery == ground[:, None]).all(axis=(1, 2))
    edges = np.flatnonzero(np.diff(np.concatenate(([True], is_gap, [True])).astype(np.int8)))
    cards = [(top, stop) for top, stop in zip(edges[::2], edges[1::2], strict=True) if stop - top > HIGHEST_SETTING]
    return cards[1] if len(cards) > 1 else ()


def looks_like(picture: Picture, other: Picture) -> bool:
    """Whether two pictures are the same but for a few points."""
    return float((picture != other).any(axis=2).mean()) < LIKE


def compare(before: Path, after: Path) -> None:
    """Make sure that the chosen measures have changed, and that nothing else has."""
    documents = [open_document(path) for path in (before, after)]
    texts = [document.to_bytes() for document in documents]
    marks = [document.parts[0].measures for document in documents]
    around = [
        (text[: mark[CHOSEN.start].start], text[mark[CHOSEN.stop - 1].stop :])
        for text, mark in zip(texts, marks, strict=True)
    ]
    if around[0] != around[1]:
        sys.exit("Something outside the chosen measures has changed.")
    if texts[0] == texts[1]:
        sys.exit("The chosen measures have not changed.")


def print_line(what: str, value: str) -> None:
    """Print one figure."""
    sys.stdout.write(f"  {what:<52} {value:>10}\n")
    sys.stdout.flush()


def main() -> None:
    """Try everything and print it."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder, screen() as shown:
        home = options.home or Path(folder)
        trial = Trial(options.program, Home(home, options.seen_as or home), shown, Eye(shown), options.pictures)
        paints = [trial.first_paint_s() for _ in range(options.runs + 1)][1:]  # the first one reads from the disk
        print_line("first paint after the start of the process", f"{statistics.median(paints):.2f} s")
        cards = trial.go_the_whole_way(options.runs)
        print_line("Ctrl+R to the first card, model loaded", f"{statistics.median(cards) * 1000:.0f} ms")
        print_line(f"saved: only measures {CHOSEN.start} to {CHOSEN.stop - 1} differ", "yes")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=RUNS, help="how often each time is taken; their median counts")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="keep pictures of the screen here")
    parser.add_argument("--home", type=Path, metavar="FOLDER", help="the home of the program's user (a new one)")
    parser.add_argument("--seen-as", type=Path, metavar="FOLDER", help="what that folder is called for the program")
    parser.add_argument("program", nargs=argparse.REMAINDER, help="the program, or a command that starts it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
