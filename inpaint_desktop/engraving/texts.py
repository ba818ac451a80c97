"""The texts of Verovio's drawings, made plain.

Verovio nests ``<tspan>`` in ``<tspan>``, which QtSvg does not draw, and writes musical signs in a font that
no system has. Here a text becomes lines of runs; each sign is drawn as a path, at the place that the widths of the
letters before it give. Those widths are of Times, which has many namesakes of the same measure.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from inpaint_desktop.engraving.pages import FONT_FAMILY, INK, Rect

MUSIC_FONTS = frozenset({"Leland", "Leipzig", "Bravura", "Petaluma", "Gootville"})

_UNITS_PER_EM = 2048
_DEFAULT_ADVANCE = 1024
_ASCENT, _DESCENT = 0.69, 0.22  # of capital letters and of letters with a tail, in parts of the size
_METRONOME_NOTES = frozenset(map(chr, range(0xECA0, 0xECB8)))
_METRONOME_SCALE = 0.75
_BOLD = frozenset({"ending", "reh", "tempo"})
_ITALIC = frozenset({"dir", "dynam", "mNum"})
_SIZE = re.compile(r"([\d.]+)px")


@dataclass(frozen=True, slots=True)
class Look:
    """How letters look; ``size`` is in units of the drawing."""

    size: float = 0.0
    family: str = ""
    is_bold: bool = False
    is_italic: bool = False

    @property
    def is_music(self) -> bool:
        """Whether the letters are musical signs."""
        return self.family in MUSIC_FONTS

    @property
    def attributes(self) -> str:
        """The attributes of a ``<text>`` or ``<tspan>``."""
        weight = ' font-weight="bold"' if self.is_bold else ""
        style = ' font-style="italic"' if self.is_italic else ""
        return f' font-size="{self.size:g}px"{weight}{style}'


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one look."""

    text: str
    look: Look

    def width(self, metrics: "Metrics") -> float:
        """How wide it is, in units of the drawing."""
        return metrics.width(self.text, self.look)


@dataclass(slots=True)
class Line:
    """Runs that stand one after the other from, around or before a place."""

    x: float
    y: float
    anchor: str = "start"
    runs: list[Run] = field(default_factory=list)

    @property
    def size(self) -> float:
        """The size of the largest letters."""
        return max((run.look.size for run in self.runs if not run.look.is_music), default=0.0)


class Metrics:
    """How wide letters are and how musical signs look, from Verovio's own files."""

    def __init__(self, resources: Path) -> None:
        self._resources = resources
        self._advances: dict[str, dict[str, float]] = {}
        self._glyphs: dict[tuple[str, str], str] = {}

    def width(self, text: str, look: Look) -> float:
        """The width of a run in units of the drawing."""
        if look.is_music:
            advances, em = self._of(f"{look.family}.xml"), 1000
        else:
            names = {(True, True): "-bold-italic", (True, False): "-bold", (False, True): "-italic"}
            advances = self._of(f"text/Times{names.get((look.is_bold, look.is_italic), '')}.xml")
            em = _UNITS_PER_EM
        return sum(advances.get(letter, _DEFAULT_ADVANCE * em / _UNITS_PER_EM) for letter in text) * look.size / em

    def glyph(self, family: str, letter: str) -> str:
        """The path of a musical sign, or nothing where the font lacks it."""
        key = (family, letter)
        if key not in self._glyphs:
            path = self._resources / family / f"{ord(letter):04X}.xml"
            found = re.search(r"<path[^>]*/>", path.read_text("utf-8")) if path.is_file() else None
            self._glyphs[key] = found[0] if found else ""
        return self._glyphs[key]

    def _of(self, name: str) -> dict[str, float]:
        if name not in self._advances:
            root = ElementTree.parse(self._resources / name).getroot()
            self._advances[name] = {chr(int(glyph.get("c", "20"), 16)): _advance(glyph) for glyph in root.iter("g")}
        return self._advances[name]


def _advance(glyph: ElementTree.Element) -> float:
    """How far the next letter stands; where that is not said, where the letter ends."""
    given = glyph.get("h-a-x")
    return float(given) if given else float(glyph.get("x", "0")) + float(glyph.get("w", "0"))


def look_of(classes: Collection[str]) -> Look:
    """How text looks in a group of these classes, by Verovio's style sheet."""
    return Look(is_bold=not _BOLD.isdisjoint(classes), is_italic=not _ITALIC.isdisjoint(classes))


def lines_of(text: ElementTree.Element, look: Look) -> list[Line]:
    """The lines of a ``<text>``: a new one wherever a place is given."""
    lines = [Line(_number(text, "x"), _number(text, "y"), text.get("text-anchor", "start"))]
    _collect(text, look, lines)
    return [line for line in lines if any(run.text.strip() for run in line.runs)]


def _collect(element: ElementTree.Element, look: Look, lines: list[Line]) -> None:
    for span in element:
        if not span.tag.endswith("tspan"):
            continue
        inner = _look(span, look)
        if span.get("x") is not None or span.get("y") is not None:
            last = lines[-1]
            anchor = span.get("text-anchor", last.anchor)
            lines.append(Line(_number(span, "x", last.x), _number(span, "y", last.y), anchor))
        if span.text and (len(span) == 0 or span.text.strip()):
            lines[-1].runs.append(_run(span.text, inner, lines[-1].runs))
        _collect(span, inner, lines)


def _run(text: str, look: Look, before: Sequence[Run]) -> Run:
    """Letters in their look; the note of a metronome mark is made as high as the letters around it."""
    if look.is_music and text[0] in _METRONOME_NOTES:
        follows_words = bool(before) and not before[-1].look.is_music
        space = " " if follows_words and not before[-1].text.endswith(" ") else ""
        return Run(space + text, replace(look, size=look.size * _METRONOME_SCALE))
    return Run(text, look)


def _look(span: ElementTree.Element, outer: Look) -> Look:
    size, weight, style = span.get("font-size"), span.get("font-weight"), span.get("font-style")
    match = _SIZE.fullmatch(size) if size else None
    return Look(
        size=float(match[1]) if match else outer.size,
        family=span.get("font-family") or outer.family,
        is_bold=weight == "bold" if weight else outer.is_bold,
        is_italic=style in {"italic", "oblique"} if style else outer.is_italic,
    )


def _number(element: ElementTree.Element, name: str, default: float = 0.0) -> float:
    text = element.get(name)
    return float(text) if text else default


def rect_of(line: Line, metrics: Metrics) -> Rect:
    """The place that a line takes up."""
    width = sum(run.width(metrics) for run in line.runs)
    height = (_ASCENT + _DESCENT) * line.size
    return Rect(_start(line, width), line.y - _ASCENT * line.size, width, height)


def _start(line: Line, width: float) -> float:
    return line.x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}.get(line.anchor, 0.0)


def draw(line: Line, metrics: Metrics) -> str:
    """The SVG of a line."""
    if not any(run.look.is_music for run in line.runs):
        return _text(line)
    x = _start(line, sum(run.width(metrics) for run in line.runs))
    drawn = []
    for is_music, group in groupby(line.runs, key=lambda run: run.look.is_music):
        runs = list(group)
        drawn.append(_signs(runs, x, line.y, metrics) if is_music else _text(Line(x, line.y, "start", runs)))
        x += sum(run.width(metrics) for run in runs)
    return "".join(drawn)


def _text(line: Line) -> str:
    anchor = f' text-anchor="{line.anchor}"' if line.anchor != "start" else ""
    first = line.runs[0].look
    head = f'<text x="{line.x:g}" y="{line.y:g}"{anchor} fill="{INK}" stroke="none" font-family="{FONT_FAMILY}"'
    if all(run.look == first for run in line.runs):
        content = escape("".join(run.text for run in line.runs))
    else:
        content = "".join(f"<tspan{run.look.attributes}>{escape(run.text)}</tspan>" for run in line.runs)
    return f'{head}{first.attributes} xml:space="preserve">{content}</text>'


def _signs(runs: Sequence[Run], x: float, y: float, metrics: Metrics) -> str:
    drawn = []
    for run in runs:
        for letter in run.text:
            if path := metrics.glyph(run.look.family, letter):
                scale = run.look.size / 1000
                drawn.append(f'<g transform="translate({x:g}, {y:g}) scale({scale:g}, {scale:g})">{path}</g>')
            x += metrics.width(letter, run.look)
    return "".join(drawn)
