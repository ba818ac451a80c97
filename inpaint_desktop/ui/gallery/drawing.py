"""Draws the excerpts on the cards in the background, so that many cards at once never hold up the window."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.ui.gallery.gallery import Card
from inpaint_desktop.ui.gallery.picture import PictureRequest, draw
from inpaint_desktop.ui.tasks import Report, Task


class Pictures(QObject):
    """Draws cards one after the other; of each, what was asked for last.

    Signals:
        drawn: a picture is ready; carries the card, its ``PictureRequest`` and the ``QImage``.
    """

    drawn = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Card, PictureRequest] = {}
        self._task = Task("drawing-cards", self)
        self._task.delivered.connect(self._on_task_delivered)
        self._task.ended.connect(self._start)

    def ask(self, card: Card, request: PictureRequest) -> None:
        """Draw a card, after those that were asked for before."""
        self._waiting[card] = request
        self._start()

    def forget(self) -> None:
        """Draw nothing of what was asked for any more."""
        self._waiting.clear()
        self._task.cancel()

    def close(self) -> None:
        """End the work and wait for its thread."""
        self._waiting.clear()
        self._task.close()

    def _start(self) -> None:
        if self._waiting and not self._task.is_running:
            requests, self._waiting = self._waiting, {}
            self._task.start(_drawing(requests))

    def _on_task_delivered(self, part: object) -> None:
        assert isinstance(part, tuple)
        self.drawn.emit(*part)


def _drawing(requests: Mapping[Card, PictureRequest]) -> Callable[[Report], None]:
    def draw_all(report: Report) -> None:
        for place, (card, request) in enumerate(requests.items(), 1):
            report(place / len(requests), (card, request, draw(request)))

    return draw_all
