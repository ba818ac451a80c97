"""Where the lines of a score end.

Verovio fills each line as far as it can, whatever the music. Musicians read phrases, and the one who wrote the
score down has often ended lines with them; so a line is ended where the score asks for it wherever that neither
crowds nor spreads the notes too much, never right after a pickup, and otherwise so that all lines are filled
evenly. What a choice costs is the sum of what its lines cost, as in TeX's paragraphs (Knuth and Plass, 1981).

Widths are Verovio's units; ``natural`` ones are those without any stretching.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from inpaint_desktop.engraving.score_text import ScoreText

_FIFTHS = re.compile(r"<fifths>\s*(-?\d)\s*</fifths>")
_NOTE = re.compile(r"<note\b")

_CLEF_WIDTH, _ACCIDENTAL_WIDTH = 900.0, 190.0
_NARROWEST = 0.88  # the room of a line as a share of its natural width
_CROWDED_COST, _CHANCE_COST, _PICKUP_COST, _SHORT_END_COST = 100.0, 1.2, 3.0, 0.5
_LONGEST_LINE = 40  # measures


@dataclass(frozen=True, slots=True)
class MeasureText:
    """A measure in all parts; ``content`` is the same for measures that look alike."""

    content: str
    begins_line: bool
    is_pickup: bool

    @property
    def note_count(self) -> int:
        """How many notes and rests there are."""
        return len(_NOTE.findall(self.content))


def measure_texts(score: ScoreText) -> tuple[MeasureText, ...]:
    """The measures of a score."""
    texts: list[MeasureText] = []
    is_open = False  # whether a section has just ended
    for measure in zip_longest(*score.parts):
        first = measure[0]
        if first is None:
            break
        content = "".join(part.content for part in measure if part is not None)
        texts.append(MeasureText(content, first.begins_line, first.is_short and is_open))
        is_open = (first.is_short and not is_open) or first.ends_section
    return tuple(texts)


def clef_and_key_width(musicxml: str) -> float:
    """How wide about clef and key are at the beginning of each line but the first."""
    fifths = _FIFTHS.search(musicxml)
    return _CLEF_WIDTH + _ACCIDENTAL_WIDTH * abs(int(fifths[1]) if fifths else 0)


def line_starts(
    texts: Sequence[MeasureText], naturals: Sequence[float], room: float, clef: float, indent: float
) -> list[int]:
    """The measures, but the first, that begin a line.

    ``naturals`` are the natural widths of the measures, 0 for one that is drawn with the one before; ``indent``
    is how much later the first line begins.
    """
    count = len(texts)
    has_wishes = any(text.begins_line for text in texts)
    best: list[tuple[float, int]] = [(0.0, 0)]  # of the lines before each measure: the cost, and where the last begins
    for stop in range(1, count + 1):
        options = []
        for start in range(stop - 1, max(-1, stop - 1 - _LONGEST_LINE), -1):
            own = indent if start == 0 else clef
            cost = _line_cost(own + sum(naturals[start:stop]), room, is_last=stop == count, is_alone=start == stop - 1)
            if cost is None:
                break
            options.append((best[start][0] + cost, start))
        penalty = _break_cost(texts, naturals, stop, has_wishes=has_wishes) if stop < count else 0.0
        cost, start = min(options)
        best.append((cost + penalty, start))
    firsts, place = [], count
    while place > 0:
        place = best[place][1]
        firsts.append(place)
    return sorted(firsts)[1:]


def _line_cost(natural: float, room: float, *, is_last: bool, is_alone: bool) -> float | None:
    """What a line costs; nothing where it has no room, unless a single measure is too wide."""
    stretch = room / max(natural, 1.0)
    if stretch < _NARROWEST:
        return _CROWDED_COST if is_alone else None
    if stretch < 1:
        return _CROWDED_COST * (1 - stretch) ** 2
    if is_last:
        return _SHORT_END_COST if stretch > 3 else 0.0
    return (stretch - 1) ** 2


def _break_cost(texts: Sequence[MeasureText], naturals: Sequence[float], stop: int, *, has_wishes: bool) -> float:
    """What it costs to begin a line with measure ``stop``."""
    if naturals[stop] == 0:
        return _CROWDED_COST * 10  # it is drawn with the one before
    cost = 0.0 if texts[stop].begins_line or not has_wishes else _CHANCE_COST
    return cost + (_PICKUP_COST if texts[stop - 1].is_pickup else 0.0)
