"""All that moves the logits of a gap before a token is drawn: what takes lean towards, and foresight.

Shapes: R rows (candidates), V vocabulary.
"""

from collections.abc import Sequence

import numpy as np

from inpaint_desktop.encoding.grammar import Rules, Walk
from inpaint_desktop.encoding.window import Window
from inpaint_desktop.engine.foresight import Foresight, Picture, Quota
from inpaint_desktop.engine.leaning import Contour, Echo
from inpaint_desktop.engine.request import Guidance


class Guide:
    """Guides so many candidates through one gap."""

    def __init__(self, rules: Rules, window: Window, guidance: Guidance, rows: int) -> None:
        gap = rules.gap
        self._contour = Contour(gap, guidance.contour, guidance.contour_strength) if guidance.has_contour else None
        self._echo = None
        if guidance.echo is not None and guidance.has_echo:
            self._echo = Echo(gap, guidance.echo, guidance.echo_strength, rows)
        self._foresight = Foresight(rules, Picture.of(window)) if Foresight.helps(rules) else None
        self._quota = Quota(rules, rows) if rules.table.kept.is_counted else None

    def guided(self, walk: Walk, logits: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """The logits (R, V) of a walk's position, of which those ``allowed`` (R, V) may be drawn."""
        if self._echo is not None:
            logits = self._echo.leaning(walk.position, logits)
        if self._contour is not None:
            logits = self._contour.leaning(walk.position, logits)
        if self._quota is not None:
            logits = self._quota.pushed(walk, logits, allowed)
        if self._foresight is not None:
            logits = logits + self._foresight.weights(walk)
        return logits

    def tell(self, position: int, tokens: Sequence[int]) -> None:
        """Take the tokens (R,) that were drawn at a position."""
        if self._echo is not None:
            self._echo.tell(position, tokens)
