"""Background work, the one way it is done here.

A frozen request goes out, results come back to the thread of the window. What is called on the other thread gets a
``Report``: calling it says how far the work is, and may hand over a part of the result; it raises ``Cancelled`` when
nobody wants the rest any more.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal

from inpaint_desktop.errors import Cancelled, InpaintDesktopError

logger = logging.getLogger(__name__)


class Report(Protocol):
    """What work calls to say how far it is."""

    def __call__(self, share: float, part: object = None) -> None:
        """Tell the share that is done, from 0 to 1, and hand over ``part`` if there is one.

        Raises:
            Cancelled: the work is not wanted any more.
        """


Work = Callable[[Report], object]

CLOSING_TIMEOUT_S = 2.0
SWITCH_INTERVAL_S = 0.0005
"""After this time, work gives way to the window. Painting lets go of Python's lock in each call that draws, and waits
as long again to get it back: with Python's own 5 ms, a window of a thousand notes stands still for a quarter second."""

STUCK_AFTER_S = 10.0
"""After this time, work that was called off and goes on all the same is given up, together with its thread."""


@dataclass(slots=True, eq=False)
class _Job:
    """One start of a task."""

    work: Work
    is_unwanted: threading.Event = field(default_factory=threading.Event)
    unwanted_since_s: float = 0.0

    def drop(self) -> None:
        """Let the work end at its next report."""
        self.unwanted_since_s = time.monotonic()
        self.is_unwanted.set()


class _Worker:
    """A thread that does one job after the other. It never keeps the program from ending."""

    def __init__(self, name: str, run: Callable[[_Job], None]) -> None:
        self._run = run
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._current: _Job | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, job: _Job) -> None:
        """Do the job after those that were put before."""
        self._jobs.put(job)

    @property
    def is_stuck(self) -> bool:
        """Whether a job that nobody wants does not end."""
        job = self._current
        return job is not None and job.is_unwanted.is_set() and time.monotonic() - job.unwanted_since_s > STUCK_AFTER_S

    def end(self, timeout_s: float = 0.0) -> None:
        """Let the thread end, and wait so long for it."""
        self._jobs.put(None)
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._current = job
            self._run(job)
            self._current = None


class Task(QObject):
    """One kind of background work, at most one of it wanted at a time: a new start calls the earlier one off.

    Each task has a thread of its own, so a task waits for its earlier, unwanted work but never for other tasks. Work
    that was called off and does not end is given up after a while.

    Signals:
        started: work was handed over.
        progressed: the share that is done, from 0 to 1.
        delivered: a part of the result.
        succeeded: the result.
        failed: an ``InpaintDesktopError``, or any other exception, which is then in the log.
        cancelled: the work was called off by ``cancel``.
        ended: after succeeded, failed or cancelled.
    """

    started = Signal()
    progressed = Signal(float)
    delivered = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()
    _arrived = Signal(object, str, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._name = name
        self._job: _Job | None = None
        self._worker = _Worker(name, self._run)
        self._is_closed = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether work that is still wanted has not ended."""
        return self._job is not None

    def start(self, work: Work) -> None:
        """Do ``work`` in the background; what was under way is called off without a word."""
        self._drop()
        if self._is_closed:
            return
        if self._worker.is_stuck:
            logger.warning("The work called '%s' does not end; it is given up.", self._name)
            self._worker.end()
            self._worker = _Worker(self._name, self._run)
        self._job = job = _Job(work)
        self._worker.put(job)
        self.started.emit()

    def cancel(self) -> None:
        """Call off what is under way, if anything is."""
        if self._drop():
            self.cancelled.emit()
            self.ended.emit()

    def close(self, *, finishes: bool = False) -> None:
        """Call everything off, or let it finish, and wait for the thread, but not long; nothing is started after it."""
        if not finishes:
            self._drop()
        self._is_closed = True
        self._worker.end(CLOSING_TIMEOUT_S)

    def _drop(self) -> bool:
        job, self._job = self._job, None
        if job is not None:
            job.drop()
        return job is not None

    def _run(self, job: _Job) -> None:
        """Run on the other thread: report how the work ended, whatever it does."""

        def report(share: float, part: object = None) -> None:
            if job.is_unwanted.is_set():
                raise Cancelled
            self._arrived.emit(job, "part", (share, part))

        try:
            report(0.0)
            result = job.work(report)
        except Cancelled:
            self._arrived.emit(job, "cancelled", None)
        except InpaintDesktopError as error:
            self._arrived.emit(job, "failed", error)
        except Exception as error:  # the thread's last line of defence
            logger.exception("Background work failed.")
            self._arrived.emit(job, "failed", error)
        else:
            self._arrived.emit(job, "succeeded", result)

    def _on_arrived(self, job: _Job, what: str, value: object) -> None:
        if job is not self._job:
            return  # it was called off meanwhile
        if what == "part":
            self._hand_over(value)
            return
        self._job = None
        signal = {"succeeded": self.succeeded, "failed": self.failed}.get(what)
        if signal is None:
            self.cancelled.emit()
        else:
            signal.emit(value)
        self.ended.emit()

    def _hand_over(self, value: object) -> None:
        assert isinstance(value, tuple)
        share, part = value
        self.progressed.emit(share)
        if part is not None:
            self.delivered.emit(part)
