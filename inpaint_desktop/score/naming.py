"""Measures by the numbers that are printed in the score, such as ``7-10``: read, and written."""

import re

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.melody import Melody, Span

_MEASURES = re.compile(r"\s*(\w+)\s*(?:[-–]\s*(\w+))?\s*")  # noqa: RUF001 - people paste a dash


def span_named(melody: Melody, text: str) -> Span:
    """The measures that are named by their numbers, such as ``7-10`` or ``7``.

    Raises:
        SelectionError: there are no such measures.
    """
    match = _MEASURES.fullmatch(text)
    if match is None:
        message = f"'{text}' does not name measures; write 7-10, or 7 for a single one."
        raise SelectionError(message)
    return melody.span_of_numbers(match[1], match[2] or match[1])


def name_of(melody: Melody, span: Span) -> str:
    """The numbers of some measures, first and last; ``?`` is one that has none."""
    first, last = (melody.measures[index].number or "?" for index in (span.start, span.stop - 1))
    return first if len(span) == 1 else f"{first}-{last}"
