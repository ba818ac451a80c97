"""Regenerating the selection: a request goes to the model in the background, takes come back one by one.

The answer belongs to the score it was asked for: once that is another, by an edit, by undo or because a file was
opened, what still comes is dropped.
"""

import secrets
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.errors import FileUnsupportedError, InpaintDesktopError, SelectionError
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import FillSettings, Splice
from inpaint_desktop.ui.origin import Origin, request_for
from inpaint_desktop.ui.tasks import Report, Task
from inpaint_desktop.ui.wishes import Wishes
from inpaint_desktop.ui.words import tr

if TYPE_CHECKING:
    from inpaint_desktop.documents.document import Edit
    from inpaint_desktop.engine.request import Engine, FillRequest, Take

OpenEngine = Callable[[str, str], "Engine"]

_DRAWING_SHARE = 0.5
"""How much of the work is drawing; the rest is writing takes into the document."""

_DRAWN_SEEDS = 1_000_000
"""Seeds are drawn below this number, so that they can be read and typed."""


@dataclass(frozen=True, slots=True)
class _Ready:
    """An engine that is loaded."""

    model: str
    device: str


@dataclass(frozen=True, slots=True)
class _Unrecognised:
    """Why takes are not compared with known tunes."""

    why: str


@dataclass(slots=True)
class _Engines:
    """The engine that was used last, kept for the next request. Only the background thread calls it."""

    open_engine: OpenEngine
    _loaded: dict[tuple[str, str], "Engine"] = field(default_factory=dict)

    def engine(self, settings: FillSettings) -> "Engine":
        """The engine that the settings name; loading it may take seconds.

        Raises:
            InpaintDesktopError: it cannot be loaded.
        """
        key = (settings.model, settings.device)
        if key not in self._loaded:
            self._loaded.clear()
            self._loaded[key] = self.open_engine(*key)
        return self._loaded[key]


class Filler(QObject):
    """Asks the engine for takes of the selected measures, and for splices of two.

    Signals:
        started: takes were asked for; carries their ``Origin``.
        take_arrived: a take is ready; carries it, and the ``Edit`` that puts it into the score.
        splicing: a splice was asked for; carries it.
        spliced: a splice is ready; carries the take, its ``Edit``, its ``Origin`` and the ``Splice``.
        progressed: the share that is done, from 0 to 1.
        finished: all takes are there; carries how many came.
        failed: there are no takes, or no more; carries a sentence.
        cancelled: the takes were called off, or the score is another now.
        ended: after finished, spliced, failed or cancelled.
        ready: another model is loaded; carries its name and the device it computes on.
        unrecognised: takes cannot be compared with known tunes; carries a sentence, and is said once.
        settings_changed: takes shall be otherwise; carries the ``FillSettings``.
    """

    started = Signal(object)
    take_arrived = Signal(object, object)
    splicing = Signal(object)
    spliced = Signal(object, object, object, object)
    progressed = Signal(float)
    finished = Signal(int)
    failed = Signal(str)
    cancelled = Signal()
    ended = Signal()
    ready = Signal(str, str)
    unrecognised = Signal(str)
    settings_changed = Signal(object)

    def __init__(
        self,
        editor: Editor,
        open_engine: OpenEngine = open_engine,
        parent: QObject | None = None,
        wishes: Wishes | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._wishes = wishes or Wishes(editor, self)
        self._engines = _Engines(open_engine)
        self._settings = FillSettings()
        self._origin: Origin | None = None
        self._splice: Splice | None = None
        self._share = 0.0
        self._ready: _Ready | None = None
        self._has_said_unrecognised = False
        self._arrived: deque[Any] = deque()
        self._handing_over = QTimer(self, interval=0)
        self._handing_over.timeout.connect(self._on_handing_over_timeout)
        self._task = Task("filling", self)
        self._task.delivered.connect(self._on_task_delivered)
        self._task.progressed.connect(self._on_task_progressed)
        self._task.succeeded.connect(self._queue)
        self._task.failed.connect(self._queue)
        for signal in (editor.document_opened, editor.shown_changed, editor.part_changed):
            signal.connect(self._on_editor_changed)
        editor.document_opened.connect(self._on_editor_document_opened)

    @property
    def editor(self) -> Editor:
        """What holds the score whose measures are filled."""
        return self._editor

    @property
    def wishes(self) -> Wishes:
        """What takes shall heed of the score itself: locked notes, and a line."""
        return self._wishes

    @property
    def settings(self) -> FillSettings:
        """How takes shall be."""
        return self._settings

    def set_settings(self, settings: FillSettings) -> None:
        """Let the next takes be otherwise."""
        if settings != self._settings:
            self._settings = settings
            self.settings_changed.emit(settings)

    @property
    def is_running(self) -> bool:
        """Whether takes are being made."""
        return self._origin is not None

    def warm_up(self) -> None:
        """Load the model, so that the first request need not wait for it. A model that fails says so when asked."""
        if not self.is_running:
            self._task.start(_warming(self._engines, self._settings))

    def regenerate(self) -> None:
        """Ask for takes of the selected measures; what was under way is called off."""
        self.cancel()
        settings = self._next_settings()
        try:
            origin = self._wanted(settings)
        except InpaintDesktopError as error:
            self.failed.emit(str(error))
            return
        self.set_settings(settings)
        self._origin, self._share = origin, 0.0
        self.started.emit(origin)
        self._task.start(_filling(self._engines, origin))

    def splice(self, origin: Origin, splice: Splice) -> None:
        """Ask for the rhythm of one way to fill measures with the pitches of another, as a take of ``origin``."""
        self.cancel()
        self._origin, self._splice, self._share = origin, splice, 0.0
        self.splicing.emit(splice)
        self._task.start(_splicing(self._engines, origin, splice))

    def cancel(self) -> None:
        """Call off the takes that are being made, if any are."""
        if self.is_running:
            self._task.cancel()
            self._end(self.cancelled)

    def close(self) -> None:
        """Call everything off and wait for the thread; nothing can be asked for after it."""
        self._forget()
        self._task.close()

    def _next_settings(self) -> FillSettings:
        """The settings with a seed of their own, if it is not locked, and like an example for these measures only."""
        settings, editor = self._settings, self._editor
        if not settings.seed_locked:
            settings = replace(settings, seed=secrets.randbelow(_DRAWN_SEEDS))
        example = settings.example
        if example is not None and (example.part, example.span) != (editor.part, editor.span):
            return settings.without_example()
        return settings

    def _wanted(self, settings: FillSettings) -> Origin:
        """What the editor and the settings ask for.

        Raises:
            SelectionError: nothing that can be filled is selected.
        """
        editor = self._editor
        if editor.document is None:
            raise SelectionError(tr("No score is open; open a tune and select the measures to fill."))
        if editor.melody is None:
            raise SelectionError(editor.why_no_melody)
        if editor.span is None:
            raise SelectionError(tr("No measures are selected; drag over the measures to fill, or click on one."))
        wishes, span = self._wishes, editor.span
        return Origin(
            editor.document,
            editor.part,
            span,
            settings,
            wishes.locked_in(span),
            wishes.contour_over(span),
            wishes.contour_strength,
        )

    def _forget(self) -> None:
        self._origin = self._splice = None
        self._arrived.clear()
        self._handing_over.stop()

    def _end(self, how: SignalInstance, *values: object) -> None:
        self._forget()
        how.emit(*values)
        self.ended.emit()

    def _on_task_delivered(self, part: object) -> None:
        if isinstance(part, _Unrecognised):
            self._say_unrecognised(part.why)
        elif not isinstance(part, _Ready):
            self._queue(part)
        elif part != self._ready:
            self._ready = part
            self.ready.emit(part.model, part.device)

    def _say_unrecognised(self, why: str) -> None:
        if not self._has_said_unrecognised:
            self._has_said_unrecognised = True
            self.unrecognised.emit(why)

    def _queue(self, arrived: object) -> None:
        """Let takes wait for each other: most come at once, and the window shall move between two of them."""
        if self.is_running:
            self._arrived.append(arrived)
            self._handing_over.start()

    def _on_handing_over_timeout(self) -> None:
        """Hand over the next take, or say at last how it ended: a number is how many came."""
        arrived = self._arrived.popleft()
        if not self._arrived:
            self._handing_over.stop()
        if isinstance(arrived, int):
            self._end(self.finished, arrived)
        elif isinstance(arrived, Exception):
            self._end(self.failed, _sentence(arrived))
        elif self._splice is not None:
            self._end(self.spliced, *arrived, self._origin, self._splice)
        else:
            self.take_arrived.emit(*arrived)

    def _on_task_progressed(self, share: float) -> None:
        if self.is_running and share > self._share:
            self._share = share
            self.progressed.emit(share)

    def _on_editor_document_opened(self) -> None:
        if not self._editor.is_reopened:
            self.set_settings(self._settings.for_another_tune())

    def _on_editor_changed(self) -> None:
        if self._origin is not None and not self._origin.is_of(self._editor):
            self.cancel()


def _warming(engines: _Engines, settings: FillSettings) -> Callable[[Report], None]:
    def warm_up(report: Report) -> None:
        from inpaint_desktop.engine.known_tunes import known_tunes  # numpy comes with it, so only on the worker

        engine = engines.engine(settings)
        report(1.0, _Ready(engine.name, str(engine.device)))
        known_tunes()

    return warm_up


def _filling(engines: _Engines, origin: Origin) -> Callable[[Report], int]:
    def fill(report: Report) -> int:
        request = request_for(origin)
        engine = engines.engine(origin.settings)
        report(0.0, _Ready(engine.name, str(engine.device)))
        count, drawn, refusal = 0, 0.0, None

        def advance(found: object = None) -> None:
            report(_DRAWING_SHARE * drawn + (1 - _DRAWING_SHARE) * count / request.takes, found)

        def draw_on(share: float) -> None:
            nonlocal drawn
            drawn = share
            advance()

        for take in engine.propose(request, draw_on):
            _check(take, request)
            if (unrecognised := _unrecognised(take)) is not None:
                advance(unrecognised)
            try:
                edit = origin.document.with_measures(origin.part, origin.span, take.measures)
            except FileUnsupportedError as error:
                refusal = error  # of these notes perhaps, not of others
                continue
            count += 1
            advance((take, edit))
        if refusal is not None and not count:
            raise refusal
        return count

    return fill


def _splicing(engines: _Engines, origin: Origin, splice: Splice) -> Callable[[Report], "tuple[Take, Edit]"]:
    def join(report: Report) -> "tuple[Take, Edit]":
        request = request_for(origin)
        engine = engines.engine(origin.settings)
        report(0.0, _Ready(engine.name, str(engine.device)))
        take = engine.splice(request, splice.rhythm.measures, splice.pitches.measures)
        _check(take, request)
        edit = origin.document.with_measures(origin.part, origin.span, take.measures)
        return replace(take, spliced=splice.seeds), edit

    return join


def _unrecognised(take: "Take") -> _Unrecognised | None:
    """Why a take was not compared with known tunes, if that cannot be done."""
    from inpaint_desktop.engine.known_tunes import why_unknown  # numpy comes with it, so only on the worker

    return _Unrecognised(why) if take.known is None and (why := why_unknown()) else None


def _check(take: "Take", request: "FillRequest") -> None:
    """Make sure that a take fills the measures, whatever engine it comes from.

    Raises:
        SelectionError: it does not.
    """
    before = request.melody.measures[request.span.start : request.span.stop]
    measures: Iterable[object] = getattr(take, "measures", ())
    lengths = [getattr(measure, "duration", None) for measure in measures]
    if lengths != [measure.duration for measure in before]:
        message = tr("The model answered with something that does not fit the measures; choose another model.")
        raise SelectionError(message)


def _sentence(error: object) -> str:
    if isinstance(error, InpaintDesktopError):
        return str(error)
    return tr("The takes could not be made: something unexpected happened ({error}). Try again.", error=error)
