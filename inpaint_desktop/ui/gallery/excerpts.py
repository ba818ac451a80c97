"""What is on the cards: the measures of a take, with some around them, engraved."""

from typing import Protocol

from inpaint_desktop.engraving.pages import Page
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.ui.gallery.gallery import Card

CONTEXT_MEASURES = 1


class ExcerptEngraver(Protocol):
    """Whatever engraves excerpts; see ``engraving.engraver.Engraver``."""

    def excerpt(self, melody: Melody, span: Span, part: int = 0) -> Page:
        """Engrave some measures of a melody on one system."""


def context_of(card: Card) -> Span:
    """The measures on a card: its own and those right before and after them."""
    span, count = card.origin.span, len(card.origin.melody.measures)
    return Span(max(span.start - CONTEXT_MEASURES, 0), min(span.stop + CONTEXT_MEASURES, count))


def engraved(engraver: ExcerptEngraver, card: Card) -> Page | str:
    """Engrave a card with a measure of context on both sides; a sentence if it cannot be drawn. Any thread may."""
    melody = card.origin.melody.with_measures(card.origin.span, card.measures)
    try:
        return engraver.excerpt(melody, context_of(card), card.origin.part)
    except InpaintDesktopError as error:
        return str(error)
