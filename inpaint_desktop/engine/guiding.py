"""All that moves the logits of a gap before a token is drawn: what takes lean towards, and foresight.

Shapes: R rows (candidates), V vocabulary.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from inpaint_desktop.encoding.grammar import Rules, Walk
from inpaint_desktop.encoding.window import Window
from inpaint_desktop.engine.foresight import KeptNotes, LineAhead, OnsetsInSlot, Pace, Picture, PitchesInOrder
from inpaint_desktop.engine.leaning import Contour, Echo
from inpaint_desktop.engine.request import Guidance


class Leaning(Protocol):
    """Something that moves logits."""

    def leaning(self, walk: Walk, logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V) of a walk's position, of which those ``allowed`` (R, V) may be drawn."""


class Guide:
    """Guides so many candidates through one gap."""

    def __init__(self, rules: Rules, window: Window, guidance: Guidance, rows: int) -> None:
        self._echo = _echo_of(rules, guidance, rows)
        self._leanings = [*([self._echo] if self._echo else []), *_leanings(rules, window, guidance, rows)]

    def guided(self, walk: Walk, logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V) of a walk's position, of which those ``allowed`` (R, V) may be drawn."""
        for leaning in self._leanings:
            logits = leaning.leaning(walk, logits, allowed)
        return logits

    def tell(self, position: int, tokens: Sequence[int]) -> None:
        """Take the tokens (R,) that were drawn at a position."""
        if self._echo is not None:
            self._echo.tell(position, tokens)


def _echo_of(rules: Rules, guidance: Guidance, rows: int) -> Echo | None:
    if guidance.echo is None or not guidance.has_echo:
        return None
    return Echo(rules.gap, guidance.echo, guidance.echo_strength, rows)


def _leanings(rules: Rules, window: Window, guidance: Guidance, rows: int) -> Iterator[Leaning]:
    """What moves the logits, in the order in which it does."""
    if guidance.has_contour:
        yield Contour(rules.gap, guidance.contour, guidance.contour_strength)
    picture, table = Picture.of(window), rules.table
    if rules.constraints.keep_pitches:
        yield Pace(PitchesInOrder(rules, picture), rows)
    elif len(table.line) > 1:
        yield LineAhead(rules, picture)
    if table.onsets.is_limited:
        yield Pace(OnsetsInSlot(rules, picture), rows)
    if table.kept.is_counted:
        yield Pace(KeptNotes(rules), rows)
