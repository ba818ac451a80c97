"""Reads the children of a measure: their places, their onsets, and what each note says."""

from collections.abc import Iterator
from fractions import Fraction

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.musicxml.facts import Item, Kind, NoteFacts, Place, Spanner, Ticks
from inpaint_desktop.documents.musicxml.scanning import Element
from inpaint_desktop.errors import FileDamagedError
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import STEPS, Pitch

_SPANNER_TAGS = ("slur", "glissando", "slide")
_NOT_ATTACHED = frozenset({"tied", "tuplet", *_SPANNER_TAGS})


class ItemReader:
    """Follows the cursor of MusicXML through one measure.

    Attributes:
        place: the words that say in a message which measure this is.
        divisions: those in force after the last item that was read.
        end: the farthest onset that was reached.
    """

    def __init__(self, divisions: int | None, place: str) -> None:
        self.place = place
        self.divisions = divisions or 1
        self.end: Ticks = 0
        self._is_defined = divisions is not None
        self._cursor: Ticks = 0
        self._layer = 0
        self._head: Item | None = None  # the note that the next notes of a chord belong to

    def items(self, measure: Element) -> Iterator[Item]:
        """Read the children of a measure, in the order of the file."""
        for element in measure.children:
            yield self._item(element, Place(element.start - measure.start, element.stop - measure.start))

    def _item(self, element: Element, place: Place) -> Item:
        if element.tag == "note":
            return self._note_item(element, place)
        onset = self._cursor
        if element.tag in {"backup", "forward"}:
            self._layer += element.tag == "backup"
            self._move(self._ticks(element) * (-1 if element.tag == "backup" else 1))
        if element.tag == "attributes":
            return self._attributes_item(element, place)
        is_final = element.tag == "barline" and element.attributes.get("location", "right") == "right"
        return Item(element.tag, place, onset, self._cursor, self._cursor, is_final=is_final)

    def _note_item(self, element: Element, place: Place) -> Item:
        is_grace = element.find("grace") is not None
        length = 0 if is_grace else self._ticks(element)
        head = self._head if element.find("chord") is not None else None
        onset = self._cursor if head is None else head.onset
        if head is None:
            self._move(length)
        facts = self._facts(element, head.note if head is not None else None, is_grace=is_grace)
        item = Item("note", place, onset, onset + length, self._cursor, note=facts)
        self._head = item if head is None else head
        return item

    def _move(self, ticks: Ticks) -> None:
        self._cursor = max(0, self._cursor + ticks)
        self.end = max(self.end, self._cursor)

    def _attributes_item(self, element: Element, place: Place) -> Item:
        divisions, was_defined = None, self._is_defined
        if element.text_at("divisions"):
            self._is_defined = True
            divisions = self._number(element, "divisions", range(1, limits.MAX_DIVISIONS + 1))
            self.divisions = divisions
        return Item(
            "attributes",
            place,
            self._cursor,
            self._cursor,
            self._cursor,
            divisions=divisions,
            sets_only_divisions=was_defined and [child.tag for child in element.children] == ["divisions"],
        )

    def _facts(self, element: Element, head: NoteFacts | None, *, is_grace: bool) -> NoteFacts:
        notations = [mark for group in element.all("notations") for mark in group.children]
        instrument = element.find("instrument")
        pitch = element.find("pitch")
        kind, sound = self._pitch(pitch) if pitch is not None else (_kind_without_pitch(element), None)
        return NoteFacts(
            kind=kind,
            pitch=sound,
            voice=head.voice if head is not None else element.text_at("voice"),
            staff=head.staff if head is not None else element.text_at("staff"),
            layer=self._layer,
            instrument=instrument.attributes.get("id", "") if instrument is not None else "",
            is_chord=head is not None,
            is_grace=is_grace,
            ties=frozenset(tie.attributes.get("type", "") for tie in element.all("tie")),
            spanners=tuple(_spanners(notations)),
            attachments=_attachments(element, notations),
        )

    def _ticks(self, element: Element) -> Ticks:
        """The duration of an element."""
        longest = limits.MAX_NOTE_QUARTERS * self.divisions
        duration = self._number(element, "duration", range(longest + 1))
        if duration and not self._is_defined:
            raise self._damaged(element, "notes stand before any <divisions>, which say how long they are")
        ticks, rest = divmod(duration * TICKS_PER_QUARTER, self.divisions)
        return ticks if not rest else Fraction(duration * TICKS_PER_QUARTER, self.divisions)

    def _pitch(self, pitch: Element) -> tuple[Kind, Pitch]:
        step = pitch.text_at("step")
        if step not in STEPS or len(step) != 1:
            raise self._damaged(pitch, f"<step>{step[:20]}</step> is not one of C D E F G A B")
        octave = self._number(pitch, "octave", limits.OCTAVES)
        alter = self._alter(pitch)
        return "pitch" if alter == int(alter) else "quarter tone", Pitch(step, int(alter), octave)

    def _alter(self, pitch: Element) -> float:
        """Semitones."""
        text = pitch.text_at("alter")
        try:
            alter = float(text or "0")
        except ValueError as error:
            raise self._damaged(pitch, f"<alter>{text[:20]}</alter> is not a number") from error
        if not abs(alter) <= 3:
            raise self._damaged(pitch, f"<alter>{text[:20]}</alter> is not a number from -3 to 3")
        return alter

    def _number(self, element: Element, tag: str, allowed: range) -> int:
        """A whole number in a child of ``element``; some programs write ``4.0``."""
        text = element.text_at(tag)
        try:
            number = int(text.removesuffix(".0")) if len(text) < 12 else None
        except ValueError:
            number = None
        if number is None or number not in allowed:
            problem = f"<{tag}>{text[:20]}</{tag}> is not a number from {allowed[0]} to {allowed[-1]}"
            raise self._damaged(element.find(tag) or element, problem)
        return number

    def _damaged(self, element: Element, problem: str) -> FileDamagedError:
        place = f"line {element.line}, column {element.column}"
        message = f"{self.place}: {problem} ({place}); export the file again from the program that wrote it."
        return FileDamagedError(message)


def _kind_without_pitch(element: Element) -> Kind:
    return "unpitched" if element.find("unpitched") is not None else "rest"


def _spanners(notations: list[Element]) -> Iterator[Spanner]:
    wavy_lines = [line for mark in notations if mark.tag == "ornaments" for line in mark.all("wavy-line")]
    for mark in (*notations, *wavy_lines):
        if mark.tag in _SPANNER_TAGS or mark.tag == "wavy-line":
            yield Spanner(mark.tag, mark.attributes.get("number", "1"), mark.attributes.get("type", ""))


def _attachments(element: Element, notations: list[Element]) -> frozenset[str]:
    """The names of what hangs on a note and goes with it."""
    own = {tag for tag in ("lyric", "cue", "notehead") if element.find(tag) is not None}
    return frozenset(own | {mark.tag for mark in notations if mark.tag not in _NOT_ATTACHED})
