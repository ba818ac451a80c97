"""Pages of systems: each system is drawn by Verovio alone, and put in its place here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from inpaint_desktop.engraving.drawing import STAFF_UNITS, Drawing
from inpaint_desktop.engraving.pages import (
    INK,
    MARGIN,
    STAFF_HEIGHT,
    Layout,
    MeasureBox,
    NoteBox,
    Page,
    PrintLayout,
    Rect,
    SystemBox,
)
from inpaint_desktop.engraving.score_facts import Heading, ScoreFacts
from inpaint_desktop.engraving.texts import Line, Look, Metrics, Run, draw

SYSTEM_GAP = 20.0
EXCERPT_MARGIN = 8.0
PRINT_MARGIN_MM = 15.0
PRINT_STAFF_MM = 6.6
PIXELS_PER_MM = 96 / 25.4

# How far a system reaches at least above its first and below its last staff, so that staves stand evenly.
_ABOVE, _BELOW = 24.0, 12.0
_WIDEST_GAP = 60.0
_TITLE_SIZE, _SUBTITLE_SIZE, _NAME_SIZE, _NUMBER_SIZE = 26.0, 17.0, 14.0, 12.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page without music: its size, its margins, and how many pixels a unit of Verovio is."""

    width: float
    height: float
    margin: float
    scale: float

    @classmethod
    def of(cls, layout: Layout | PrintLayout) -> "Sheet":
        """The sheet of a layout; on the screen it is as high as it needs to be, which is 0 here."""
        if isinstance(layout, Layout):
            return cls(layout.width, 0.0, MARGIN, STAFF_HEIGHT / STAFF_UNITS)
        width, height = layout.width_mm * PIXELS_PER_MM, layout.height_mm * PIXELS_PER_MM
        scale = PRINT_STAFF_MM * PIXELS_PER_MM / STAFF_UNITS
        return cls(width, height, PRINT_MARGIN_MM * PIXELS_PER_MM, scale)


@dataclass(frozen=True, slots=True)
class Piece:
    """Something on a page: a system, or the heading above it; ``top`` and ``height`` are pixels."""

    svg: str
    glyphs: dict[str, str]
    height: float
    measures: tuple[MeasureBox, ...] = ()
    notes: tuple[NoteBox, ...] = ()
    systems: tuple[SystemBox, ...] = ()

    def moved(self, y: float) -> "Piece":
        """The piece so much further down."""
        if not y:
            return self
        return replace(
            self,
            svg=f'<g transform="translate(0, {y:g})">{self.svg}</g>' if self.svg else "",
            measures=tuple(replace(box, rect=_down(box.rect, y)) for box in self.measures),
            notes=tuple(replace(box, rect=_down(box.rect, y)) for box in self.notes),
            systems=tuple(replace(box, rect=_down(box.rect, y)) for box in self.systems),
        )


def _down(rect: Rect, y: float) -> Rect:
    return replace(rect, y=rect.y + y)


def screen_pages(drawings: Sequence[Drawing], facts: ScoreFacts, layout: Layout, metrics: Metrics) -> tuple[Page, ...]:
    """One page for each system, the first with the heading."""
    sheet = Sheet.of(layout)
    systems = list(_systems(drawings, facts, sheet))
    head = heading_piece(facts.heading, sheet, metrics)
    return tuple(
        _page([head, piece.moved(head.height)] if index == 0 else [piece], sheet.width, _height(index, piece, head))
        for index, piece in enumerate(systems)
    )


def _height(index: int, piece: Piece, head: Piece) -> float:
    return piece.height + (head.height if index == 0 else 0.0)


def excerpt_page(drawing: Drawing, facts: ScoreFacts) -> Page:
    """One system with a little space around it."""
    sheet = Sheet(0.0, 0.0, EXCERPT_MARGIN, STAFF_HEIGHT / STAFF_UNITS)
    ink = drawing.ink or Rect(0, 0, 0, 0)
    shift = EXCERPT_MARGIN / sheet.scale - ink.x
    piece = _system(drawing, 0, facts, replace(sheet, margin=shift * sheet.scale), gap=2 * EXCERPT_MARGIN)
    return _page([piece], ink.width * sheet.scale + 2 * EXCERPT_MARGIN, piece.height)


def print_pages(
    drawings: Sequence[Drawing], facts: ScoreFacts, layout: PrintLayout, metrics: Metrics
) -> tuple[Page, ...]:
    """Sheets of paper with as many systems as there is room for, spread over the height of full ones."""
    sheet = Sheet.of(layout)
    head = heading_piece(facts.heading, sheet, metrics)
    pieces = [head, *_systems(drawings, facts, sheet)] if head.height else list(_systems(drawings, facts, sheet))
    sheets = list(_sheets(pieces, sheet.height - 2 * sheet.margin))
    pages = []
    for number, group in enumerate(sheets, 1):
        placed = list(_spread(group, sheet, is_last=number == len(sheets)))
        foot = [_page_number(number, sheet, metrics)] if len(sheets) > 1 else []
        pages.append(_page([*placed, *foot], sheet.width, sheet.height))
    return tuple(pages)


def _sheets(pieces: Sequence[Piece], room: float) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    for piece in pieces:
        if group and sum(one.height for one in group) + piece.height > room:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _spread(group: Sequence[Piece], sheet: Sheet, *, is_last: bool) -> Iterator[Piece]:
    free = sheet.height - 2 * sheet.margin - sum(piece.height for piece in group)
    gaps = max(1, len(group) - 1)
    gap = 0.0 if is_last else min(_WIDEST_GAP, max(0.0, free / gaps))
    y = sheet.margin
    for piece in group:
        yield piece.moved(y)
        y += piece.height + gap


def _page(pieces: Iterable[Piece], width: float, height: float) -> Page:
    pieces = list(pieces)
    glyphs = {name: shape for piece in pieces for name, shape in piece.glyphs.items()}
    defs = "".join(f'<g id="{name}">{shape}</g>' for name, shape in sorted(glyphs.items()))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1"'
        f' width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"><defs>{defs}</defs>'
        f'<g color="{INK}" fill="{INK}" stroke="{INK}">{"".join(piece.svg for piece in pieces)}</g></svg>'
    )
    return Page(
        svg.encode("utf-8"),
        width,
        height,
        tuple(box for piece in pieces for box in piece.measures),
        tuple(box for piece in pieces for box in piece.notes),
        tuple(box for piece in pieces for box in piece.systems),
    )


# Systems


def _systems(drawings: Sequence[Drawing], facts: ScoreFacts, sheet: Sheet) -> Iterator[Piece]:
    """The systems; measures without a drawing, as those in a long rest, get a share of the one before."""
    nexts = [min((box.measure for box in drawing.staves), default=0) for drawing in drawings]
    for index, drawing in enumerate(drawings):
        stop = nexts[index + 1] if index + 1 < len(drawings) else facts.measure_count
        yield _system(drawing, index, replace(facts, measure_count=stop), sheet, gap=SYSTEM_GAP)


def _system(drawing: Drawing, index: int, facts: ScoreFacts, sheet: Sheet, *, gap: float) -> Piece:
    scale, ink = sheet.scale, drawing.ink or Rect(0, 0, 0, 0)
    top, bottom = _extent(drawing, ink, scale)
    shift_x, shift_y = sheet.margin, gap / 2 - top

    def placed(rect: Rect) -> Rect:
        return Rect(rect.x * scale + shift_x, rect.y * scale + shift_y, rect.width * scale, rect.height * scale)

    svg = f'<g transform="translate({shift_x:g}, {shift_y:g}) scale({scale:g})">{drawing.body}</g>'
    measures = [
        replace(box, rect=placed(box.rect), music_x=box.music_x * scale + shift_x)
        for box in _measure_boxes(drawing, index, facts)
    ]
    notes = [NoteBox(one.part, one.measure, one.note, placed(one.rect)) for one in drawing.notes]
    height = bottom - top + gap
    box = placed(ink)
    system = SystemBox(index, Rect(box.x, gap / 2, box.width, height - gap))
    return Piece(svg, drawing.glyphs, height, tuple(measures), tuple(notes), (system,))


def _extent(drawing: Drawing, ink: Rect, scale: float) -> tuple[float, float]:
    """From where to where the system reaches, in pixels of the drawing."""
    top, bottom = ink.y * scale, ink.bottom * scale
    if drawing.staves:
        top = min(top, min(box.rect.y for box in drawing.staves) * scale - _ABOVE)
        bottom = max(bottom, max(box.rect.bottom for box in drawing.staves) * scale + _BELOW)
    return top, bottom


def _measure_boxes(drawing: Drawing, system: int, facts: ScoreFacts) -> list[MeasureBox]:
    """The staves of each part together; a measure that hides others is divided among them."""
    found: dict[tuple[int, int], MeasureBox] = {}
    for staff in drawing.staves:
        for part in facts.parts_of_staff[staff.staff - 1] if staff.staff <= len(facts.parts_of_staff) else (0,):
            box = MeasureBox(part, staff.measure, system, staff.rect, staff.music_x)
            before = found.get((part, staff.measure))
            found[part, staff.measure] = replace(box, rect=box.rect.united(before.rect)) if before else box
    return [share for box in found.values() for share in _shares(box, found, facts.measure_count)]


def _shares(box: MeasureBox, found: dict[tuple[int, int], MeasureBox], stop: int) -> Iterator[MeasureBox]:
    following = min((one for part, one in found if part == box.part and one > box.measure), default=stop)
    count = max(1, following - box.measure)
    if count == 1:
        yield box
        return
    width = (box.rect.right - box.music_x) / count
    yield replace(box, rect=replace(box.rect, width=box.music_x + width - box.rect.x))
    for place in range(1, count):
        x = box.music_x + place * width
        yield replace(box, measure=box.measure + place, rect=Rect(x, box.rect.y, width, box.rect.height), music_x=x)


# What stands around the music


def heading_piece(heading: Heading, sheet: Sheet, metrics: Metrics) -> Piece:
    """The title in the middle, and below it who made the words and the music."""
    top = 0.0 if sheet.height else sheet.margin / 2
    lines = list(_heading_lines(heading, sheet, metrics, top))
    bottom = max((line.y for line in lines), default=0.0)
    return Piece("".join(draw(line, metrics) for line in lines), {}, bottom + 8.0 if lines else top)


def _heading_lines(heading: Heading, sheet: Sheet, metrics: Metrics, y: float) -> Iterator[Line]:
    left, right, room = sheet.margin, sheet.width - sheet.margin, sheet.width - 2 * sheet.margin
    looks = Look(_TITLE_SIZE, is_bold=True), Look(_SUBTITLE_SIZE)
    for text, look in zip((heading.title, heading.subtitle), looks, strict=True):
        for words in _wrapped(text, look, room, metrics):
            y += look.size * 1.3
            yield _words(words, sheet.width / 2, y, "middle", look)
    look = Look(_NAME_SIZE)
    names = [(heading.left, left, "start"), (heading.right, right, "end")]
    are_beside = sum(metrics.width(text, look) for text, _, _ in names) < room - _NAME_SIZE
    for place, (text, x, anchor) in enumerate([name for name in names if name[0]]):
        for number, words in enumerate(_wrapped(text, look, room, metrics)):
            y += _NAME_SIZE * (1.5 if place == number == 0 else 1.2) if place == 0 or number or not are_beside else 0.0
            yield _words(words, x, y, anchor, look)


def _wrapped(text: str, look: Look, room: float, metrics: Metrics) -> list[str]:
    """The text in lines that fit; a word that is too long alone stands out."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.width(longer, look) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _words(text: str, x: float, y: float, anchor: str, look: Look) -> Line:
    return Line(x, y, anchor, [Run(text, look)])


def _page_number(number: int, sheet: Sheet, metrics: Metrics) -> Piece:
    y = sheet.height - sheet.margin / 2
    return Piece(draw(_words(str(number), sheet.width / 2, y, "middle", Look(_NUMBER_SIZE)), metrics), {}, 0.0)
