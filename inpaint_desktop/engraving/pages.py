"""Engraved pages as values: a drawing, and where everything lies in it.

All lengths are pixels of a page at 100 % zoom: the user units of its SVG, whose ``viewBox`` begins at 0, 0.
Pages of one score are made to be stacked without a gap; the title stands on the first one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

INK = "#010203"
"""The colour that pages are drawn in; no drawing has it by chance, so that it can be told apart."""

FONT_FAMILY = "Times New Roman"
"""The font of all letters. Where it is missing, one of the same widths should take its place (Liberation Serif)."""

STAFF_HEIGHT = 30.0
"""How high a staff of five lines is on the screen."""

MARGIN = 24.0
"""How far the music stays away from the left and right edges of a page on the screen."""

NoteKey = tuple[int, int, int]
"""A note or rest of a score: its part, the index of its measure, and its index in ``Measure.notes``."""


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle, ``x`` and ``y`` being its left upper corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def united(self, other: "Rect") -> "Rect":
        """The smallest rectangle that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)


@dataclass(frozen=True, slots=True)
class MeasureBox:
    """A measure of one part: from barline to barline, over the height of its staff or staves.

    At the beginning of a system, clef, key and meter are in it too; ``music_x`` is where they end. ``system``
    counts the systems of the whole score from 0.
    """

    part: int
    measure: int
    system: int
    rect: Rect
    music_x: float


@dataclass(frozen=True, slots=True)
class NoteBox:
    """A note or rest with its stem and accidental; several boxes where it is written as several tied notes."""

    part: int
    measure: int
    note: int
    rect: Rect

    @property
    def key(self) -> NoteKey:
        """Which note it is."""
        return (self.part, self.measure, self.note)


@dataclass(frozen=True, slots=True)
class SystemBox:
    """A line of the score with the staves of all parts, and what stands above and below them."""

    system: int
    rect: Rect


@dataclass(frozen=True, slots=True)
class Page:
    """A drawing that QtSvg can show, in the colour ``INK`` on nothing; see ``recoloured``."""

    svg: bytes
    width: float
    height: float
    measures: tuple[MeasureBox, ...]
    notes: tuple[NoteBox, ...]
    systems: tuple[SystemBox, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a score is laid out on the screen.

    ``width`` is that of the view, in pixels divided by the zoom. There is a page for each system, the first one
    with the heading above it, so that a long score is loaded in small pieces and a page whose system an edit
    has not touched stays equal.
    """

    width: float


@dataclass(frozen=True, slots=True)
class PrintLayout:
    """A sheet of paper, in millimetres; pages are as large as it, in units of 1/96 inch."""

    width_mm: float = 210.0
    height_mm: float = 297.0


A4 = PrintLayout()
LETTER = PrintLayout(215.9, 279.4)


def recoloured(page: Page, ink: str, notes: Mapping[NoteKey, str] | None = None) -> bytes:
    """The drawing of ``page`` with ``ink`` (``#rrggbb``), and with single notes in their own colours.

    The stem and accidental of a note have its colour; a beam, which belongs to several, has not.
    """
    svg = page.svg
    for key, colour in (notes or {}).items():
        svg = _with_coloured_note(svg, key, colour)
    return svg.replace(INK.encode("ascii"), ink.encode("ascii"))


def _with_coloured_note(svg: bytes, key: NoteKey, colour: str) -> bytes:
    """Give the groups of a note their colour; those are all of its pieces, ``n0-3-2`` and ``n0-3-2-b``."""
    part, measure, note = key
    pattern = rf'(<g id="n{part}-{measure}-{note}(?:-[b-z])?")'
    paint = f' color="{colour}" fill="{colour}" stroke="{colour}"'
    return re.sub(pattern.encode("ascii"), rb"\g<1>" + paint.encode("ascii"), svg)
