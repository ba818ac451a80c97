"""Background work, the one way it is done here.

A frozen request goes out, results come back to the thread of the window. What is called on the other thread gets a
``Report``: calling it says how far the work is, and may hand over a part of the result; it raises ``Cancelled`` when
nobody wants the rest any more.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
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


@dataclass(frozen=True, slots=True)
class _Job:
    """One start of a task."""

    work: Work
    is_unwanted: Event = field(default_factory=Event)


class Task(QObject):
    """One kind of background work, at most one of it wanted at a time: a new start calls the earlier one off.

    Each task has a thread of its own, so a task waits for its earlier, unwanted work but never for other tasks.

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
        self._job: _Job | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def is_running(self) -> bool:
        """Whether work that is still wanted has not ended."""
        return self._job is not None

    def start(self, work: Work) -> None:
        """Do ``work`` in the background; what was under way is called off without a word."""
        self._drop()
        self._job = job = _Job(work)
        self._executor.submit(self._run, job)
        self.started.emit()

    def cancel(self) -> None:
        """Call off what is under way, if anything is."""
        if self._drop():
            self.cancelled.emit()
            self.ended.emit()

    def close(self) -> None:
        """Call everything off and wait for the thread; nothing can be started after it."""
        self._drop()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def _drop(self) -> bool:
        job, self._job = self._job, None
        if job is not None:
            job.is_unwanted.set()
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
