"""Cycles of objects are freed on the thread of the window, and nowhere else.

Python would free them on whichever thread happens to allocate, a worker's included; widgets must not die there. It
would also look through all of PyTorch's objects now and then, for a tenth of a second in which the window stands still.
"""

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 500


class GarbageCollection(QObject):
    """Takes the place of Python's own automatic collection, as long as it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()
        gc.disable()

    def collect(self) -> None:
        """Collect the oldest generation that Python itself would collect now, if any."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [generation for generation in range(3) if counts[generation] > thresholds[generation]]
        if due:
            gc.collect(due[-1])

    def settle(self) -> None:
        """Leave everything that is there now out of all later collections, as after the libraries are loaded."""
        gc.freeze()

    def close(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
