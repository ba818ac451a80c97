"""Reads the children of a measure: their places, their onsets, and what each note says."""

from collections.abc import Iterator
from fractions import Fraction

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.musicxml.facts import Item, NoteFacts, Place, Spanner
from inpaint_desktop.documents.musicxml.scanning import Element
from inpaint_desktop.errors import FileDamagedError
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import STEPS, Pitch

_SPANNER_TAGS = ("slur", "glissando", "slide")
_NOT_ATTACHED = frozenset({"tied", "tuplet", *_SPANNER_TAGS})


def place_of(element: Element) -> Place:
    """Where an element lies."""
    return Place(element.start, element.stop)


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
        self.end = Fraction(0)
        self._is_defined = divisions is not None
        self._cursor = Fraction(0)
        self._note_onset = Fraction(0)

    def items(self, measure: Element) -> Iterator[Item]:
        """Read the children of a measure, in the order of the file."""
        for element in measure.children:
            yield self._item(element)

    def _item(self, element: Element) -> Item:
        if element.tag == "note":
            return self._note_item(element)
        onset = self._cursor
        if element.tag in {"backup", "forward"}:
            self._move(self._duration(element) * (-1 if element.tag == "backup" else 1))
        if element.tag == "attributes":
            return self._attributes_item(element)
        is_final = element.tag == "barline" and element.attributes.get("location", "right") == "right"
        return Item(element.tag, place_of(element), onset, is_final=is_final)

    def _note_item(self, element: Element) -> Item:
        facts = self._facts(element)
        if not facts.is_chord:
            self._note_onset = self._cursor
            self._move(facts.duration)
        return Item("note", place_of(element), self._note_onset, note=facts)

    def _move(self, duration: int) -> None:
        if duration and not self._is_defined:
            raise self._damaged("notes stand before any <divisions>, which say how long they are")
        ticks = Fraction(duration * TICKS_PER_QUARTER, self.divisions)
        self._cursor = max(Fraction(0), self._cursor + ticks)
        self.end = max(self.end, self._cursor)

    def _attributes_item(self, element: Element) -> Item:
        divisions, was_defined = None, self._is_defined
        if element.text_at("divisions"):
            self._is_defined = True
            divisions = self._number(element, "divisions", range(1, limits.MAX_DIVISIONS + 1))
            self.divisions = divisions
        return Item(
            "attributes",
            place_of(element),
            self._cursor,
            divisions=divisions,
            sets_only_divisions=was_defined and [child.tag for child in element.children] == ["divisions"],
        )

    def _facts(self, element: Element) -> NoteFacts:
        is_grace = element.find("grace") is not None
        notations = [mark for group in element.all("notations") for mark in group.children]
        instrument = element.find("instrument")
        return NoteFacts(
            pitch=self._pitch(element),
            duration=0 if is_grace else self._duration(element),
            voice=element.text_at("voice"),
            staff=element.text_at("staff"),
            instrument=instrument.attributes.get("id", "") if instrument is not None else "",
            is_chord=element.find("chord") is not None,
            is_grace=is_grace,
            ties=frozenset(tie.attributes.get("type", "") for tie in element.all("tie")),
            spanners=tuple(_spanners(notations)),
            attachments=_attachments(element, notations),
        )

    def _duration(self, element: Element) -> int:
        longest = limits.MAX_NOTE_QUARTERS * self.divisions
        return self._number(element, "duration", range(longest + 1))

    def _pitch(self, element: Element) -> Pitch | None:
        pitch = element.find("pitch")
        if pitch is None:
            return None
        step = pitch.text_at("step")
        if step not in STEPS or len(step) != 1:
            raise self._damaged(f"<step>{step[:20]}</step> is not one of C D E F G A B")
        octave = self._number(pitch, "octave", limits.OCTAVES)
        alter = self._alter(pitch.text_at("alter"))
        return Pitch(step, alter, octave)

    def _alter(self, text: str) -> int:
        """Semitones; a quarter tone is taken for the semitone below it, since only music21 reads notes for real."""
        try:
            alter = int(float(text or "0"))
        except (ValueError, OverflowError) as error:
            raise self._damaged(f"<alter>{text[:20]}</alter> is not a number") from error
        if abs(alter) > 3:
            raise self._damaged(f"<alter>{text[:20]}</alter> is out of range")
        return alter

    def _number(self, element: Element, tag: str, allowed: range) -> int:
        """A whole number in a child of ``element``; some programs write ``4.0``."""
        text = element.text_at(tag)
        try:
            number = int(text.removesuffix(".0")) if len(text) < 12 else None
        except ValueError:
            number = None
        if number is None or number not in allowed:
            raise self._damaged(f"<{tag}>{text[:20]}</{tag}> is not a number from {allowed[0]} to {allowed[-1]}")
        return number

    def _damaged(self, problem: str) -> FileDamagedError:
        return FileDamagedError(f"{self.place}: {problem}; export the file again from the program that wrote it.")


def _spanners(notations: list[Element]) -> Iterator[Spanner]:
    wavy_lines = [line for mark in notations if mark.tag == "ornaments" for line in mark.all("wavy-line")]
    for mark in (*notations, *wavy_lines):
        if mark.tag in _SPANNER_TAGS or mark.tag == "wavy-line":
            yield Spanner(mark.tag, mark.attributes.get("number", "1"), mark.attributes.get("type", ""))


def _attachments(element: Element, notations: list[Element]) -> frozenset[str]:
    """The names of what hangs on a note and goes with it."""
    own = {tag for tag in ("lyric", "cue", "notehead") if element.find(tag) is not None}
    return frozenset(own | {mark.tag for mark in notations if mark.tag not in _NOT_ATTACHED})
