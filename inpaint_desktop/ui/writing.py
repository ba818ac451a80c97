"""Writing scores in the background, one after the other, as a disk may be slow or not answer at all."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from inpaint_desktop.documents.saving import save
from inpaint_desktop.documents.watching import FileStamp
from inpaint_desktop.ui.tasks import Report, Task

SLOW_MS = 300
"""What takes longer is said to be under way."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be written where, and what is done once it is there, which gets the stamp of the file.

    Where ``expected`` gives a stamp as the job begins, a file that is there and is another is left alone; ``refused``
    is done then.
    """

    path: Path
    content: Callable[[], bytes]
    done: Callable[[FileStamp | None], object]
    expected: Callable[[], FileStamp | None] = lambda: None
    refused: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True)
class _Written:
    """How a job went: the stamp of the file, or that it was left alone."""

    stamp: FileStamp | None = None
    is_refused: bool = False


class Writer(QObject):
    """Does jobs in the order in which they come.

    Signals:
        slow: a job takes a while; carries the name of its file.
        failed: a job did not go well; carries the error.
        ended: there is nothing to write any more; comes after what is done for the last job.
    """

    slow = Signal(str)
    failed = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: deque[Job] = deque()
        self._task = Task("writing", self)
        self._task.succeeded.connect(self._on_task_succeeded)
        self._task.failed.connect(self._on_task_failed)
        self._slow = QTimer(self, interval=SLOW_MS, singleShot=True)
        self._slow.timeout.connect(self._on_slow_timeout)

    @property
    def is_running(self) -> bool:
        """Whether something is being written, or what is done afterwards is under way."""
        return bool(self._jobs)

    def put(self, job: Job) -> None:
        """Do the job after those that were put before."""
        self._jobs.append(job)
        if len(self._jobs) == 1:
            self._begin()

    def cancel(self) -> None:
        """Call all jobs off; one that has begun may have written its file all the same."""
        if self._jobs:
            self._jobs.clear()
            self._task.cancel()
            self._begin()

    def close(self) -> None:
        """Let the job that has begun come to its end, but do not wait long for it."""
        self._jobs.clear()
        self._slow.stop()
        self._task.close(finishes=True)

    def _begin(self) -> None:
        if self._jobs:
            self._slow.start()
            self._task.start(_doing(self._jobs[0], self._jobs[0].expected()))
        else:
            self._slow.stop()
            self.ended.emit()

    def _on_task_succeeded(self, written: _Written) -> None:
        if self._jobs:
            job = self._jobs[0]
            self._finish(job.refused if written.is_refused else lambda: job.done(written.stamp))

    def _on_task_failed(self, error: Exception) -> None:
        if self._jobs:
            self._finish(lambda: self.failed.emit(error))

    def _finish(self, do: Callable[[], object]) -> None:
        try:
            do()  # which may put further jobs
        finally:
            if self._jobs:
                self._jobs.popleft()
                self._begin()

    def _on_slow_timeout(self) -> None:
        self.slow.emit(self._jobs[0].path.name)


def _doing(job: Job, expected: FileStamp | None) -> Callable[[Report], _Written]:
    def write(_report: Report) -> _Written:
        if expected is not None and job.path.exists() and not expected.still_holds(job.path):
            return _Written(is_refused=True)
        content = job.content()
        save(content, job.path)
        return _Written(FileStamp.of_written(content, job.path))

    return write
