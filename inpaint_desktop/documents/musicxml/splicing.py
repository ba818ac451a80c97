"""Puts new notes into the text of one measure and keeps all of it that is no note of the melody.

Key, meter and clef, barlines, endings, chord symbols, directions and comments stay in their order and at
their time. Where no new note begins at the time of a chord symbol or a direction, it goes before
the note that sounds then, with an ``<offset>``, as the format provides.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from inpaint_desktop.documents.musicxml.facts import Item, LocatedMeasure
from inpaint_desktop.documents.musicxml.markup import Layout, Markup, render
from inpaint_desktop.documents.musicxml.offsets import (
    SHIFTABLE,
    offset_of,
    with_offset,
    with_scaled_times,
    without_measure_style,
)
from inpaint_desktop.documents.musicxml.scanning import COMMENT, INSTRUCTION, START_TAG
from inpaint_desktop.documents.musicxml.writing import MeasureNotes, NoteStyle, divisions_for, note_elements
from inpaint_desktop.score.meter import TICKS_PER_QUARTER

_UNTIMED = {COMMENT, INSTRUCTION}
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
    """The new text of the measure as it grows, with the divisions in force."""

    divisions: int
    layout: Layout
    text: str = ""

    def set_divisions(self, divisions: int) -> None:
        """Change the unit of time, unless it is this one."""
        if divisions != self.divisions:
            markup: Markup = ("attributes", [("divisions", str(divisions))])
            self.text += self.layout.separator + render(markup, self.layout)
            self.divisions = divisions

    def add_kept(self, kept: _Kept) -> None:
        """Put in something of the old measure."""
        xml = kept.xml
        if kept.item.tag in SHIFTABLE:
            xml = with_offset(xml, kept.offset * self.divisions / TICKS_PER_QUARTER)
        self.text += kept.separator + xml
        self.divisions = kept.item.divisions or self.divisions

    def add_behind(self, text: str, measure: LocatedMeasure) -> None:
        """Put in the other voices, in the divisions in force, until they set some of their own.

        Going back to the old divisions before them would be right, but Verovio counts the way back wrongly then.
        """
        factor, end = self.divisions // measure.divisions_behind, measure.front[-1].place.stop
        for item in measure.behind:
            xml = text[item.place.start : item.place.stop]
            self.text += text[end : item.place.start]
            self.text += xml if item.tag in _UNTIMED else with_scaled_times(xml, factor)
            end = item.place.stop
            if item.divisions:
                factor, self.divisions = 1, item.divisions

    def add_note(self, xml: str, divisions: int) -> None:
        """Put in a note that counts in ``divisions``."""
        self.set_divisions(divisions)
        self.text += self.layout.separator + xml


def spliced_measure(
    text: str, measure: LocatedMeasure, new: MeasureNotes, notations: Mapping[int, Sequence[Markup]]
) -> str:
    """Return the text of ``measure`` with the notes of ``new`` in it."""
    shape = _Shape.of(text, measure)
    head, body, tail = _kept_items(text, measure, new)
    output = _Output(measure.divisions, shape.layout)
    for kept in head:
        output.add_kept(kept)
    offsets = [int(kept.offset) for kept in body if kept.item.tag in SHIFTABLE]
    unit = math.lcm(output.divisions, measure.divisions_behind)
    divisions = divisions_for([*offsets, *(note.duration for note in new.notes)], unit)
    output.set_divisions(divisions)
    for onset, xml in note_elements(new, _style(measure, shape.layout, divisions), notations):
        for kept in _taken(body, onset):
            output.add_kept(kept)
        output.add_note(xml, divisions)
    for kept in body:
        output.add_kept(kept)
    if measure.behind:
        output.set_divisions(divisions)
        output.add_behind(text, measure)
    output.set_divisions(measure.divisions_after)
    for kept in tail:
        output.add_kept(kept)
    return shape.start_tag + output.text + shape.tail


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
    def of(cls, text: str, measure: LocatedMeasure) -> "_Shape":
        start, stop = measure.mark.start, measure.mark.stop
        match = START_TAG.match(text, start, stop)
        assert match is not None, "a located measure begins with its start tag"
        if match[0].endswith("/>"):
            outer = _blank_before(text, start)
            return cls(match[0][:-2].rstrip() + ">", outer + "</measure>", Layout(outer).inner)
        if not measure.items:
            outer = _blank_before(text, start)
            return cls(match[0], outer + text[text.rindex("</", start, stop) : stop], Layout(outer).inner)
        separator = _blank_before(text, measure.items[0].place.start)
        layout = Layout(separator, _unit(text, measure, separator))
        return cls(match[0], text[measure.items[-1].place.stop : stop], layout)


def _blank_before(text: str, place: int) -> str:
    """The white space that stands before ``place``."""
    start = place
    while start > 0 and text[start - 1] in " \t\r\n":
        start -= 1
    return text[start:place]


def _unit(text: str, measure: LocatedMeasure, separator: str) -> str:
    """One level of indentation, as seen between an element of the measure and its first child."""
    for item in measure.items:
        match = START_TAG.match(text, item.place.start, item.place.stop)
        if match is not None and match.end() < item.place.stop:
            inner = text[match.end() : item.place.stop]
            blank = inner[: len(inner) - len(inner.lstrip(" \t\r\n"))]
            if blank.startswith(separator) and blank != separator:
                return blank[len(separator) :]
    return "  "


def _style(measure: LocatedMeasure, layout: Layout, divisions: int) -> NoteStyle:
    """What the notes of the measure have in common; chord notes may leave out their voice."""
    if not measure.front_notes:
        return NoteStyle(divisions, layout=layout)
    first = measure.front_notes[0]
    voice = next((note.voice for note in measure.front_notes if note.voice), "")
    return NoteStyle(divisions, voice, first.staff, first.instrument, layout)


def _kept_items(text: str, measure: LocatedMeasure, new: MeasureNotes) -> tuple[list[_Kept], list[_Kept], list[_Kept]]:
    """All that stays: what comes before a change of divisions, among the notes, and after them."""
    onsets = [note.onset for note in new.notes] if not new.is_silent else [0]
    kept, divisions = [], measure.divisions
    for item in measure.front:
        divisions = item.divisions or divisions
        if item.tag in {"note", "forward"} or item.sets_only_divisions:
            continue
        xml = text[item.place.start : item.place.stop]
        separator = _blank_before(text, item.place.start)
        anchor = new.end if item.onset >= new.end else max(onset for onset in onsets if onset <= item.onset)
        offset = Fraction(0)
        if item.tag in SHIFTABLE:
            offset = offset_of(xml) * TICKS_PER_QUARTER / divisions + item.onset - anchor
        if item.tag == "attributes":
            xml = without_measure_style(xml)
        kept.append(_Kept(item, xml, separator, anchor, offset))
    kept.sort(key=lambda one: one.anchor)
    tail = [one for one in kept if one.item.is_final]
    body = [one for one in kept if not one.item.is_final]
    heads = [index for index, one in enumerate(body) if one.anchor == 0 and one.item.tag in _HEAD]
    split = heads[-1] + 1 if heads else 0
    return body[:split], body[split:], tail
