"""The pictures on the cards, engraved in the background one after the other."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.engraving.pages import Page
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.ui.gallery.gallery import Card
from inpaint_desktop.ui.tasks import Report, Task

CONTEXT_MEASURES = 1


class ExcerptEngraver(Protocol):
    """Whatever engraves excerpts; see ``engraving.engraver.Engraver``."""

    def excerpt(self, melody: Melody, span: Span, part: int = 0) -> Page:
        """Engrave some measures of a melody on one system."""


class Excerpts(QObject):
    """Engraves cards with a measure of context on both sides.

    Signals:
        arrived: a card was engraved; carries it and its ``Page``, or a sentence if it cannot be drawn.
    """

    arrived = Signal(object, object)

    def __init__(self, engraver: ExcerptEngraver, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engraver = engraver
        self._waiting: list[Card] = []
        self._task = Task("engraving-cards", self)
        self._task.delivered.connect(self._on_task_delivered)
        self._task.ended.connect(self._start)

    def ask(self, cards: Sequence[Card]) -> None:
        """Engrave these cards, after those that were asked for before."""
        self._waiting.extend(cards)
        self._start()

    def forget(self) -> None:
        """Engrave nothing of what was asked for any more."""
        self._waiting.clear()
        self._task.cancel()

    def close(self) -> None:
        """End the work and wait for its thread."""
        self._waiting.clear()
        self._task.close()

    def _start(self) -> None:
        if self._waiting and not self._task.is_running:
            cards, self._waiting = tuple(self._waiting), []
            self._task.start(_engraving(self._engraver, cards))

    def _on_task_delivered(self, part: object) -> None:
        assert isinstance(part, tuple)
        self.arrived.emit(*part)


def context_of(card: Card) -> Span:
    """The measures on a card: its own and those right before and after them."""
    span, count = card.origin.span, len(card.origin.melody.measures)
    return Span(max(span.start - CONTEXT_MEASURES, 0), min(span.stop + CONTEXT_MEASURES, count))


def _engraving(engraver: ExcerptEngraver, cards: Sequence[Card]) -> Callable[[Report], None]:
    def engrave(report: Report) -> None:
        for place, card in enumerate(cards, 1):
            report(place / len(cards), (card, _picture(engraver, card)))

    return engrave


def _picture(engraver: ExcerptEngraver, card: Card) -> Page | str:
    melody = card.origin.melody.with_measures(card.origin.span, card.measures)
    try:
        return engraver.excerpt(melody, context_of(card), card.origin.part)
    except InpaintDesktopError as error:
        return str(error)
