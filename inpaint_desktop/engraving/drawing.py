"""Verovio's SVG made plain enough for QtSvg, and what lies where in it.

QtSvg draws nothing inside a nested ``<svg>`` and knows little of style sheets, so a drawing becomes one group
with its colours in attributes. The rectangles that Verovio adds on demand say where everything lies; they are
read and left out. All lengths are Verovio's own units, a staff being ``STAFF_UNITS`` high.
"""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from xml.etree import ElementTree

from inpaint_desktop.engraving.pages import Rect
from inpaint_desktop.engraving.texts import Look, Metrics, draw, lines_of, look_of, rect_of

STAFF_UNITS = 720.0

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_MEASURE = re.compile(r"m\d+-\d+")
_NOTE = re.compile(r"n(\d+)-(\d+)-(\d+)(?:-[b-z])?")
_STAFF_LINE = re.compile(r"M(-?\d+) (-?\d+) L(-?\d+) (-?\d+)")
_TRANSLATE = re.compile(r"translate\((-?[\d.]+),\s*(-?[\d.]+)\)")
_NO_PART_OF_A_NOTE = frozenset({"verse", "syl"})
_SIGNATURES = frozenset({"clef", "keySig", "meterSig", "meterSigGrp"})
_HIDDEN = frozenset({"bounding-box", "placeholder"})
_LEFT_OUT = frozenset({"title", "desc", "style", "defs"})


@dataclass(frozen=True, slots=True)
class StaffBox:
    """A staff in one measure: its lines from barline to barline, and where clef, key and meter end."""

    staff: int
    measure: int
    rect: Rect
    music_x: float


@dataclass(frozen=True, slots=True)
class NamedRect:
    """The rectangle of a written note or rest, and its name's three numbers."""

    part: int
    measure: int
    note: int
    rect: Rect


@dataclass(slots=True)
class Drawing:
    """A page of Verovio: its ``body`` as SVG, the ``glyphs`` that it uses, and boxes.

    ``ink`` holds all that is drawn; it is ``None`` for an empty page.
    """

    body: str = ""
    glyphs: dict[str, str] = field(default_factory=dict)
    staves: list[StaffBox] = field(default_factory=list)
    notes: list[NamedRect] = field(default_factory=list)
    ink: Rect | None = None

    @property
    def size(self) -> int:
        """About how much room it takes, in letters."""
        return len(self.body) + sum(map(len, self.glyphs.values()))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the drawing a group stands."""

    x: float = 0.0
    y: float = 0.0
    measure: int = -1
    note: "_OpenNote | None" = None
    look: Look = field(default_factory=Look)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What the classes of a group say."""

    is_hidden: bool
    is_staff: bool
    is_no_part_of_a_note: bool
    look: Look | None


@dataclass(slots=True)
class _OpenNote:
    """A note whose parts are being met."""

    key: tuple[int, int, int]
    rect: Rect | None = None


def read_drawing(svg: str, metrics: Metrics) -> Drawing:
    """Read a page that Verovio drew with bounding boxes."""
    return _Reader(metrics).read(ElementTree.fromstring(svg))


class _Reader:
    """Walks over a drawing once."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._drawing = Drawing()

    def read(self, root: ElementTree.Element) -> Drawing:
        drawing = self._drawing
        for glyph in root.iterfind(f"{_SVG}defs/{_SVG}g"):
            name = glyph.get("id", "").partition("-")[0]
            drawing.glyphs[name] = "".join(self._shape(shape) for shape in glyph)
        inner = root.find(f"{_SVG}svg")
        if inner is not None:
            drawing.body = self._children(inner, _Place())
        return drawing

    def _children(self, element: ElementTree.Element, place: _Place) -> str:
        return "".join(self._element(child, place) for child in element)

    def _element(self, element: ElementTree.Element, place: _Place) -> str:
        tag = element.tag.removeprefix(_SVG)
        if tag == "g":
            return self._group(element, place)
        if tag == "text":
            return self._text(element, place)
        if tag == "use":
            return f'<use xlink:href="#{_glyph_name(element)}" transform="{element.get("transform", "")}"/>'
        return "" if tag in _LEFT_OUT else self._shape(element)

    def _shape(self, element: ElementTree.Element) -> str:
        attributes = "".join(f' {name}="{value}"' for name, value in element.items() if name != "id")
        return f"<{element.tag.removeprefix(_SVG)}{attributes}/>"

    def _text(self, element: ElementTree.Element, place: _Place) -> str:
        lines = lines_of(element, place.look)
        for line in lines:
            self._add_ink(_moved(rect_of(line, self._metrics), place))
        return "".join(draw(line, self._metrics) for line in lines)

    def _group(self, element: ElementTree.Element, place: _Place) -> str:
        kind = _kind(element.get("class", ""))
        if kind.is_hidden:
            return ""
        inner = self._inner_place(element, kind, place)
        rect = _bounding_box(element)
        if rect is not None and (rect.width or rect.height):
            self._add_box(_moved(rect, inner), inner)
        content = self._children(element, inner)
        if kind.is_staff:
            self._add_staff(element, inner)
        if inner.note is not None and inner.note is not place.note and inner.note.rect is not None:
            self._drawing.notes.append(NamedRect(*inner.note.key, inner.note.rect))
        kept = _kept_attributes(element)
        return f"<g{kept}>{content}</g>" if content and kept else content

    def _inner_place(self, element: ElementTree.Element, kind: _Kind, place: _Place) -> _Place:
        if transform := _TRANSLATE.fullmatch(element.get("transform", "")):
            return replace(place, x=place.x + float(transform[1]), y=place.y + float(transform[2]))
        if name := _name(element):
            if note := _NOTE.fullmatch(name):
                return replace(place, note=_OpenNote((int(note[1]), int(note[2]), int(note[3]))))
            return replace(place, measure=int(name.partition("-")[2]))
        if kind.is_no_part_of_a_note:
            return replace(place, note=None)
        return replace(place, look=kind.look) if kind.look is not None else place

    def _add_box(self, rect: Rect, place: _Place) -> None:
        self._add_ink(rect)
        if place.note is not None:
            place.note.rect = rect if place.note.rect is None else place.note.rect.united(rect)

    def _add_ink(self, rect: Rect) -> None:
        drawing = self._drawing
        drawing.ink = rect if drawing.ink is None else drawing.ink.united(rect)

    def _add_staff(self, element: ElementTree.Element, place: _Place) -> None:
        if place.measure < 0 or (lines := _staff_lines(element)) is None:
            return
        rect = _moved(lines, place)
        signatures = [
            box.right + place.x
            for group in element.iterfind(f"{_SVG}g")
            if group.get("class") in _SIGNATURES and (box := _bounding_box(group)) is not None
        ]
        number = int(element.get("data-n", "1"))
        self._drawing.staves.append(StaffBox(number, place.measure, rect, max([rect.x, *signatures])))


@lru_cache
def _kind(classes: str) -> _Kind:
    names = frozenset(classes.split())
    look = look_of(names)
    return _Kind(
        is_hidden=not names.isdisjoint(_HIDDEN),
        is_staff="staff" in names,
        is_no_part_of_a_note=not names.isdisjoint(_NO_PART_OF_A_NOTE),
        look=look if look != Look() else None,
    )


def _name(element: ElementTree.Element) -> str:
    """The name of a measure or note; what has no name has an identifier from Verovio."""
    name = element.get("id", "")
    return name if name.startswith(("m", "n")) and (_NOTE.fullmatch(name) or _MEASURE.fullmatch(name)) else ""


def _glyph_name(element: ElementTree.Element) -> str:
    return element.get(_HREF, "").removeprefix("#").partition("-")[0]


def _kept_attributes(element: ElementTree.Element) -> str:
    name, transform = _name(element), element.get("transform")
    kept = f' id="{name}"' if name else ""
    return kept + (f' transform="{transform}"' if transform else "")


def _bounding_box(element: ElementTree.Element) -> Rect | None:
    box = element.find(f"{_SVG}g")
    if box is None or "bounding-box" not in box.get("class", ""):
        return None
    rect = box.find(f"{_SVG}rect")
    if rect is None:
        return None
    place = rect.attrib
    return Rect(float(place["x"]), float(place["y"]), float(place["width"]), float(place["height"]))


def _staff_lines(element: ElementTree.Element) -> Rect | None:
    matches = [_STAFF_LINE.fullmatch(path.get("d", "")) for path in element.iterfind(f"{_SVG}path")]
    lines = [tuple(int(part) for part in match.groups()) for match in matches if match]
    if not lines:
        return None
    left, top = min(line[0] for line in lines), min(line[1] for line in lines)
    right, bottom = max(line[2] for line in lines), max(line[3] for line in lines)
    if bottom == top:  # a staff of one line
        top, bottom = top - int(STAFF_UNITS / 4), bottom + int(STAFF_UNITS / 4)
    return Rect(left, top, right - left, bottom - top)


def _moved(rect: Rect, place: _Place) -> Rect:
    return Rect(rect.x + place.x, rect.y + place.y, rect.width, rect.height)
