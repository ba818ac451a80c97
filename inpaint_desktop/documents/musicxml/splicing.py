"""Puts new notes into the text of one measure and keeps all of it that is no note of the melody.

Key, meter and clef, barlines, endings, chord symbols, directions and comments stay in their order and at
their time, and lyrics where it can be told which new note they belong to. Where no new note begins at the time of a
chord symbol or a direction, it goes before the note that sounds then, with an ``<offset>``, as the format provides.

The new notes stand where the strand began in the measure. Other strands keep every character: where
notes of the strand stood between theirs, a ``<forward>`` or ``<backup>`` moves the cursor instead.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from inpaint_desktop.documents.musicxml.facts import Item, LocatedMeasure, NoteFacts, Strand, Ticks, last_divisions
from inpaint_desktop.documents.musicxml.hanging import Hanging, hanging_on
from inpaint_desktop.documents.musicxml.markup import Layout, Markup, render
from inpaint_desktop.documents.musicxml.measure_text import MeasureText
from inpaint_desktop.documents.musicxml.offsets import (
    SHIFTABLE,
    offset_of,
    with_offset,
    with_scaled_times,
)
from inpaint_desktop.documents.musicxml.regions import MOVES, UNTIMED, Region, region_of
from inpaint_desktop.documents.musicxml.scanning import START_TAG
from inpaint_desktop.documents.musicxml.writing import MeasureNotes, NoteStyle, divisions_for, note_elements
from inpaint_desktop.documents.staying import Exchange
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.meter import TICKS_PER_QUARTER

_HEAD = {"attributes", "print", "barline"}


@dataclass(frozen=True, slots=True)
class _Kept:
    """Something of the old measure, where it goes, and how far that is from its time, in ticks."""

    item: Item
    xml: str
    separator: str
    anchor: int
    offset: Fraction


@dataclass(slots=True)
class _Output:
    """The new text of the measure as it grows, with the divisions in force and where the cursor stands."""

    divisions: int
    layout: Layout
    cursor: Ticks = 0
    text: str = ""

    def set_divisions(self, divisions: int) -> None:
        """Change the unit of time, unless it is this one."""
        if divisions != self.divisions:
            markup: Markup = ("attributes", [("divisions", str(divisions))])
            self.text += self.layout.separator + render(markup, self.layout)
            self.divisions = divisions

    def move_to(self, onset: Ticks) -> None:
        """Move the cursor, unless it stands there.

        Raises:
            FileUnsupportedError: the unit of time is too coarse for that.
        """
        distance = Fraction((onset - self.cursor) * self.divisions) / TICKS_PER_QUARTER
        if distance.denominator != 1:
            message = "has voices that are woven into each other in different units of time"
            raise FileUnsupportedError(message)
        if distance:
            tag = "backup" if distance < 0 else "forward"
            markup: Markup = (tag, [("duration", str(abs(distance.numerator)))])
            self.text += self.layout.separator + render(markup, self.layout)
        self.cursor = onset

    def add_kept(self, kept: _Kept, divisions: int) -> None:
        """Put in something of the old measure, where its own unit of time was ``divisions``."""
        xml = kept.xml
        if kept.item.tag in SHIFTABLE:
            xml = with_offset(xml, kept.offset * self.divisions / TICKS_PER_QUARTER)
        elif kept.item.tag == "figured-bass":
            xml = with_scaled_times(xml, Fraction(self.divisions, divisions))
        self.text += kept.separator + xml
        self.divisions = kept.item.divisions or self.divisions

    def add_item(self, separator: str, xml: str, item: Item) -> None:
        """Put in a child of the old measure as it is."""
        self.text += separator + xml
        self.cursor = item.cursor
        self.divisions = item.divisions or self.divisions

    def add_note(self, xml: str, divisions: int) -> None:
        """Put in a note that counts in ``divisions``."""
        self.set_divisions(divisions)
        self.text += self.layout.separator + xml


def spliced_measure(
    old: MeasureText, strand: Strand, new: MeasureNotes, exchange: Exchange, notations: Mapping[int, Sequence[Markup]]
) -> str:
    """Return the text of a measure with the notes of ``new`` in the place of those of ``strand``.

    ``notations`` are the ends of lines on the new notes, by index.

    Raises:
        FileUnsupportedError: its voices are woven into each other in a way that cannot be kept; the sentence
            begins with ``has``.
    """
    shape = _Shape.of(old)
    measure = old.located
    region = region_of(measure.items, strand)
    output = _Output(measure.divisions_before, shape.layout)
    for item in region.before:
        output.add_item(old.blank_before(item.place.start), old.of(item), item)
    output.move_to(0)
    style = _style(measure, strand, shape.layout)
    hanging = hanging_on(old, strand, new, exchange)
    _add_run(output, _KeptItems.of(old, region, new), _NewNotes(new, style, notations, hanging))
    output.cursor = new.end
    _add_behind(output, old, region, strand)
    return shape.start_tag + output.text + shape.tail


def others_in(measure: LocatedMeasure, strand: Strand) -> list[tuple[Ticks, Ticks, NoteFacts]]:
    """The notes of the other strands and when they sound, which an edit must not change."""
    return [
        (item.onset, item.end, replace(item.note, layer=0))
        for item in measure.items
        if item.note is not None and not strand.holds(item.note)
    ]


@dataclass(frozen=True, slots=True)
class _NewNotes:
    """The new notes, how the file writes notes, the ends of lines on them, and what else hangs on them."""

    measure: MeasureNotes
    style: NoteStyle
    notations: Mapping[int, Sequence[Markup]]
    hanging: Hanging

    def elements(self, divisions: int) -> Iterator[tuple[int, Sequence[str]]]:
        """Pairs of an onset and the elements that go there."""
        style = replace(self.style, divisions=divisions)
        for index, (onset, note) in enumerate(note_elements(self.measure, style, self.notations)):
            yield onset, list(self.hanging.elements(index, note, style))


def _add_run(output: _Output, kept: "_KeptItems", new: _NewNotes) -> None:
    """Put in the new notes, and at their time what stood among the old ones."""
    for one in kept.head:
        output.add_kept(one, output.divisions)
    old_divisions, body = output.divisions, list(kept.body)
    offsets = [int(one.offset) for one in body if one.item.tag in SHIFTABLE]
    divisions = divisions_for([*offsets, *(note.duration for note in new.measure.notes)], output.divisions)
    output.set_divisions(divisions)
    for onset, elements in new.elements(divisions):
        for one in _taken(body, onset):
            output.add_kept(one, old_divisions)
        for xml in elements:
            output.add_note(xml, divisions)
    for one in body:
        output.add_kept(one, old_divisions)
    if kept.tail:
        output.set_divisions(kept.divisions_after)
    for one in kept.tail:
        output.add_kept(one, kept.divisions_after)


def _add_behind(output: _Output, old: MeasureText, region: Region, strand: Strand) -> None:
    """Put in what stands behind the run, at its time and in its own unit of time."""
    divisions = last_divisions((*region.before, *region.run), old.located.divisions_before)
    if region.has_time_behind and output.divisions != divisions:
        # Verovio counts the way back in the divisions that are then in force: they change at the beginning only.
        output.move_to(0)
    output.set_divisions(divisions)
    is_after_own_note = False
    for item in region.behind:
        if item.note is not None and strand.holds(item.note):
            is_after_own_note = True
        elif item.tag in MOVES:
            if output.cursor == item.onset and not is_after_own_note:
                output.add_item(old.blank_before(item.place.start), old.of(item), item)
        else:
            is_after_own_note = False
            _add_at_its_time(output, old, item)


def _add_at_its_time(output: _Output, old: MeasureText, item: Item) -> None:
    is_timed = not (item.tag in UNTIMED or item.is_final or (item.note is not None and item.note.is_chord))
    if is_timed:
        output.move_to(item.onset)
    cursor = output.cursor
    output.add_item(old.blank_before(item.place.start), old.of(item), item)
    if item.tag in UNTIMED or item.is_final:
        output.cursor = cursor


def _taken(kept: list[_Kept], onset: int) -> list[_Kept]:
    """Take those out of ``kept`` that are due at ``onset``."""
    due = [one for one in kept if one.anchor <= onset]
    kept[:] = kept[len(due) :]
    return due


@dataclass(frozen=True, slots=True)
class _Shape:
    """The start tag of a measure, what follows its last child, and how its children are laid out."""

    start_tag: str
    tail: str
    layout: Layout

    @classmethod
    def of(cls, old: MeasureText) -> "_Shape":
        xml, items = old.xml, old.located.items
        match = START_TAG.match(xml)
        assert match is not None, "a located measure begins with its start tag"
        if match[0].endswith("/>"):
            tag = match[0][1:-2].split(maxsplit=1)[0]
            return cls(match[0][:-2].rstrip() + ">", f"{old.outer}</{tag}>", Layout(old.outer).inner)
        if not items:
            return cls(match[0], old.outer + xml[xml.rindex("</") :], Layout(old.outer).inner)
        separator = old.blank_before(items[0].place.start)
        return cls(match[0], xml[items[-1].place.stop :], Layout(separator, _unit(old, separator)))


def _unit(old: MeasureText, separator: str) -> str:
    """One level of indentation, as seen between an element of the measure and its first child."""
    for item in old.located.items:
        match = START_TAG.match(old.xml, item.place.start, item.place.stop)
        if match is not None and match.end() < item.place.stop:
            inner = old.xml[match.end() : item.place.stop]
            blank = inner[: len(inner) - len(inner.lstrip(" \t\r\n"))]
            if blank.startswith(separator) and blank != separator:
                return blank[len(separator) :]
    return "  "


def _style(measure: LocatedMeasure, strand: Strand, layout: Layout) -> NoteStyle:
    """What the notes of the strand have in common; they need not all say it."""
    notes = [note for _, note in measure.notes_of(strand)]
    if not notes:
        return NoteStyle(1, strand.voice, strand.staff, layout=layout)
    voice = next((note.voice for note in notes if note.voice), "")
    return NoteStyle(1, voice, notes[0].staff, notes[0].instrument, layout)


@dataclass(frozen=True, slots=True)
class _KeptItems:
    """All that stays of a run: what comes before a change of divisions, among the notes, and after them."""

    head: Sequence[_Kept]
    body: Sequence[_Kept]
    tail: Sequence[_Kept]
    divisions_after: int

    @classmethod
    def of(cls, old: MeasureText, region: Region, new: MeasureNotes) -> "_KeptItems":
        onsets = [note.onset for note in new.notes] if not new.is_silent else [0]
        kept, divisions = [], last_divisions(region.before, old.located.divisions_before)
        for item in region.run:
            divisions = item.divisions or divisions
            if item.note is None and item.tag != "forward" and not item.sets_only_divisions:
                kept.append(_kept(old, item, _anchor(item, onsets, new.end), divisions))
        kept.sort(key=lambda one: one.anchor)
        tail = [one for one in kept if one.item.is_final]
        body = [one for one in kept if not one.item.is_final]
        heads = [index for index, one in enumerate(body) if one.anchor == 0 and one.item.tag in _HEAD]
        split = heads[-1] + 1 if heads else 0
        return cls(body[:split], body[split:], tail, divisions)


def _anchor(item: Item, onsets: Sequence[int], end: int) -> int:
    """The onset of the new note that something goes before, or the end of the measure.

    A clef goes before the next note that begins, since it must not govern the one that sounds already.
    """
    if item.tag == "attributes":
        return next((onset for onset in onsets if onset >= item.onset), end)
    return end if item.onset >= end else max(onset for onset in onsets if onset <= item.onset)


def _kept(old: MeasureText, item: Item, anchor: int, divisions: int) -> _Kept:
    xml = old.of(item)
    offset = Fraction(0)
    if item.tag in SHIFTABLE:
        offset = offset_of(xml) * TICKS_PER_QUARTER / divisions + item.onset - anchor
    return _Kept(item, xml, old.blank_before(item.place.start), anchor, offset)
