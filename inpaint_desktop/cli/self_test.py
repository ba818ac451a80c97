"""``inpaint-desktop --self-test``: goes the whole way with every bundled tune, and says how each step went.

It shows that all parts of an installed program are there and work together: the model, the readers, the engraver in
its child process, what the window is made of, Qt without a screen, the synthesizer. A step that fails does not keep
others from being tried. Nothing is written but into a temporary folder.
"""

import array
import io
import logging
import os
import sys
import tempfile
import time
import wave
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from inpaint_desktop import paths
from inpaint_desktop.cli.version import default_weights, lines
from inpaint_desktop.documents.document import Edit, ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.documents.saving import save
from inpaint_desktop.engine.opening import OpenedEngine, open_engine
from inpaint_desktop.engraving.engraver import BLACK, Engraver
from inpaint_desktop.engraving.pages import Layout, recoloured
from inpaint_desktop.errors import DeviceError, InpaintDesktopError, UnsuitableModelError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.playback.timeline import Line, make_timeline
from inpaint_desktop.playback.wav import render_wav
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.settings import Settings

SUFFIXES = (".abc", ".musicxml", ".mxl")
TAKES = 3
GAP = Span(5, 7)
FIRST_MEASURES = Span(1, 2)
PAGE_WIDTH = 900.0
LEAST_INK, LEAST_LOUDNESS = 0.001, 500

WINDOW = ("inpaint_desktop.ui.main_window", "inpaint_desktop.ui.single_instance")

Say = Callable[[str], None]

logger = logging.getLogger(__name__)


class _StepFailedError(Exception):
    """The steps that build upon this one cannot be tried."""


@dataclass(slots=True)
class _Steps:
    """Prints a line for each step, and counts."""

    tried: int = 0
    failed: int = 0

    @contextmanager
    def step(self, name: str) -> Iterator[Say]:
        """Try something; what is said of it stands at the end of the line.

        Raises:
            _StepFailedError: it failed, which has been printed.
        """
        self.tried += 1
        said: list[str] = []
        started = time.perf_counter()
        try:
            yield said.append
        except Exception as error:  # whatever it is, it belongs into the report
            self.failed += 1
            logger.warning("Step '%s' failed.", name, exc_info=True)
            self._print("FAILED", started, name, _in_words(error))
            raise _StepFailedError from error
        self._print("ok", started, name, " ".join(said))

    def _print(self, result: str, started: float, name: str, said: str) -> None:
        sys.stdout.write(f"{result:<6} {time.perf_counter() - started:5.2f} s  {name}: {said}\n")
        sys.stdout.flush()


@dataclass(slots=True)
class _Trial:
    """What the steps share."""

    folder: Path
    child: ChildProcess
    steps: _Steps = field(default_factory=_Steps)
    engine: OpenedEngine | None = None

    def load(self) -> None:
        """Load the model, whose hash is checked by that."""
        with self.steps.step("load the model") as say:
            self.engine = open_engine(Settings().model, "auto")
            say(f"computes on {self.engine.device}{_hint_of_card()}")

    def known_tunes(self) -> None:
        """Read the index of known tunes, whose hash is checked by that."""
        from inpaint_desktop.engine.known_tunes import index_path, load_index

        with self.steps.step("read the index of known tunes") as say:
            say(f"{len(load_index(index_path()).titles)} titles")

    def window(self) -> None:
        """Load all that the window is made of; it links to more libraries of the system than drawing alone."""
        from inpaint_desktop.ui.offscreen import load_platform

        with self.steps.step("load the window") as say:
            for module in WINDOW:
                import_module(module)
            say(f"reaches screens by {load_platform()}")

    def go_through(self, path: Path) -> None:
        """Open, fill, engrave, draw and save a tune, and compare what was saved."""
        document = filled = self._opened(path)
        with suppress(_StepFailedError):
            filled = self._filled(document).document
        self._drawn(filled)
        self._compared(document, filled, self._saved(filled))

    def sound(self, path: Path) -> None:
        """Render the first full measure of a tune to memory."""
        with self.steps.step(f"play {path.name}") as say:
            timeline = make_timeline([Line(open_document(path, child=self.child).melody())], span=FIRST_MEASURES)
            try:
                loudest = _loudest(render_wav(timeline))
            except DeviceError as error:
                if os.name != "nt":
                    raise
                say(f"left out: {error}")  # known of pygame for Windows
                return
            _expect(loudest > LEAST_LOUDNESS, "The sound is silence.")
            say(f"{timeline.length_s:.1f} s of sound")

    def _opened(self, path: Path) -> ScoreDocument:
        with self.steps.step(f"open {path.name}") as say:
            document = open_document(path, child=self.child)
            say(f"{len(document.parts[0].measures)} measures")
        return document

    def _filled(self, document: ScoreDocument) -> Edit:
        with self.steps.step(f"fill {document.file_name}") as say:
            _expect(self.engine is not None, "There is no model to fill measures with.")
            melody = document.melody()
            try:
                return self._best_take(document, melody, say)
            except UnsuitableModelError as error:
                _expect(not self._knows(melody), str(error))
                say(f"refused, as it should be: {error}")
        return Edit(document)

    def _best_take(self, document: ScoreDocument, melody: Melody, say: Say) -> Edit:
        from inpaint_desktop.engine.request import FillRequest

        assert self.engine is not None
        takes = list(self.engine.propose(FillRequest(melody, GAP, takes=TAKES)))
        _expect(len(takes) == TAKES, f"There are {len(takes)} takes instead of {TAKES}.")
        say(f"{len(takes)} takes of {len(GAP)} measures")
        return document.with_measures(0, GAP, takes[0].measures)

    def _knows(self, melody: Melody) -> bool:
        """Whether the model has learned the meter of the gap."""
        assert self.engine is not None
        return {str(measure.meter) for measure in melody.measures[GAP.start : GAP.stop]} <= set(self.engine.meters)

    def _drawn(self, document: ScoreDocument) -> None:
        from inpaint_desktop.ui.offscreen import ink_share  # Qt comes with it, so only now

        with self.steps.step(f"engrave {document.file_name}") as say:
            pages = Engraver(self.child).pages(render(document), Layout(PAGE_WIDTH))
            found = {(box.part, box.measure) for page in pages for box in page.measures}
            _expect(len(found) == sum(len(part.measures) for part in document.parts), "Measures are missing.")
            say(f"{len(pages)} lines")
        with self.steps.step(f"draw {document.file_name}") as say:
            inks = [ink_share(recoloured(page, BLACK), (round(page.width), round(page.height))) for page in pages]
            _expect(min(inks) > LEAST_INK, "A page stays white.")
            say(f"{sum(inks) / len(inks):.1%} of the paper is ink")

    def _saved(self, document: ScoreDocument) -> Path:
        with self.steps.step(f"save {document.file_name}") as say:
            path, content = self.folder / document.file_name, document.to_bytes()
            save(content, path)
            _expect(path.read_bytes() == content, "The file does not hold what was written.")
            say(f"{len(content)} bytes")
        return path

    def _compared(self, before: ScoreDocument, filled: ScoreDocument, path: Path) -> None:
        with self.steps.step(f"compare {path.name}") as say:
            after = open_document(path, child=self.child)
            _expect(after.melody().measures == filled.melody().measures, "It is read otherwise than it was written.")
            _expect(_around_gap(before) == _around_gap(after), "Something outside the filled measures has changed.")
            say("nothing else has changed")


def run(_options: Namespace) -> None:
    """Try everything.

    Raises:
        InpaintDesktopError: a step failed.
    """
    sys.stdout.write("\n".join(lines(default_weights())) + "\n")
    with tempfile.TemporaryDirectory(prefix="inpaint-desktop-") as folder, ChildProcess() as child:
        trial = _Trial(Path(folder), child)
        _try_all(trial)
    steps = trial.steps
    if steps.failed:
        message = f"{steps.failed} of {steps.tried} steps failed. Install the program again; if they still fail,"
        raise InpaintDesktopError(f"{message} send these lines to those who make it.")
    sys.stdout.write(f"All {steps.tried} steps went well.\n")


def _try_all(trial: _Trial) -> None:
    tunes = sorted(path for path in (paths.resources_folder() / "tunes").glob("*") if path.suffix in SUFFIXES)
    with suppress(_StepFailedError), trial.steps.step("find the tunes") as say:
        _expect(bool(tunes), f"There are none in {paths.resources_folder()}.")
        say(str(len(tunes)))
    with suppress(_StepFailedError):
        trial.load()
    with suppress(_StepFailedError):
        trial.known_tunes()
    with suppress(_StepFailedError):
        trial.window()
    for path in tunes:
        with suppress(_StepFailedError):
            trial.go_through(path)
    for path in tunes[-1:]:
        with suppress(_StepFailedError):
            trial.sound(path)


def _expect(claim: bool, sentence: str) -> None:
    """Make sure that a claim holds.

    Raises:
        InpaintDesktopError: it does not.
    """
    if not claim:
        raise InpaintDesktopError(sentence)


def _in_words(error: Exception) -> str:
    return str(error) if isinstance(error, InpaintDesktopError) else f"{type(error).__name__}: {error}"


def _hint_of_card() -> str:
    from inpaint_desktop.models.device import UNUSED_CARD, has_unused_card

    return f" ({UNUSED_CARD})" if has_unused_card() else ""


def _around_gap(document: ScoreDocument) -> tuple[str, str]:
    """The text before and after the measures that are filled."""
    text, marks = document.to_bytes().decode("utf-8"), document.parts[0].measures
    return text[: marks[GAP.start].start], text[marks[GAP.stop - 1].stop :]


def _loudest(sound: bytes) -> int:
    """The largest sample of a WAV file."""
    with wave.open(io.BytesIO(sound)) as file:
        samples = array.array("h", file.readframes(file.getnframes()))
    return max(map(abs, samples), default=0)
