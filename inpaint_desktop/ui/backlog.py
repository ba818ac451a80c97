"""Background work that waits in line: one thing is done after the other, and each is handed over when it is done."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.ui.tasks import Report, Task


class Backlog(QObject):
    """Does something with each thing that it is given, off the thread of the window.

    Signals:
        done: carries what a thing was asked for by, the thing, and what came of it.
    """

    done = Signal(object, object, object)

    def __init__(self, name: str, do: Callable[[Any], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._do = do
        self._waiting: dict[Hashable, object] = {}
        self._task = Task(name, self)
        self._task.delivered.connect(self._on_task_delivered)
        self._task.ended.connect(self._start)

    def ask(self, things: Mapping[Any, object]) -> None:
        """Do these after those that were asked for before; one that waits under the same key gives way."""
        self._waiting.update(things)
        self._start()

    def forget(self) -> None:
        """Do nothing of what was asked for any more."""
        self._waiting.clear()
        self._task.cancel()

    def close(self) -> None:
        """End the work and wait for its thread."""
        self._waiting.clear()
        self._task.close()

    def _start(self) -> None:
        if self._waiting and not self._task.is_running:
            things, self._waiting = self._waiting, {}
            self._task.start(lambda report: self._do_all(things, report))

    def _do_all(self, things: Mapping[Hashable, object], report: Report) -> None:
        for place, (key, thing) in enumerate(things.items(), 1):
            report(place / len(things), (key, thing, self._do(thing)))

    def _on_task_delivered(self, part: object) -> None:
        assert isinstance(part, tuple)
        self.done.emit(*part)
