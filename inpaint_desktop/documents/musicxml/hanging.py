"""What hangs on the notes of a strand, and what of it stays where new notes are written.

Grace notes and the other notes of a chord stay with a note that stays: one of the same pitch at the same time. Marks
(articulations, ornaments and the like) stay with it as well, and on all notes of a measure that keeps its rhythm.
Lines from note to note are not among them (see ``spanners``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from inpaint_desktop.documents.musicxml.additions import chord_note
from inpaint_desktop.documents.musicxml.edition import ChordNote
from inpaint_desktop.documents.musicxml.facts import Item, LocatedMeasure, NoteFacts, Strand
from inpaint_desktop.documents.musicxml.lyrics import lyrics_for
from inpaint_desktop.documents.musicxml.markup import Layout, with_children
from inpaint_desktop.documents.musicxml.measure_text import MeasureText
from inpaint_desktop.documents.musicxml.scanning import Element, tree_of
from inpaint_desktop.documents.musicxml.writing import MeasureNotes, NoteStyle
from inpaint_desktop.documents.rhythm import Written
from inpaint_desktop.documents.staying import Exchange

_LINES = frozenset({"slur", "tied", "tuplet", "glissando", "slide"})


@dataclass(slots=True)
class Bundle:
    """A note or rest of a measure with the grace notes before it and the other notes of its chord."""

    note: Item
    graces: Sequence[Item]
    chord: list[Item] = field(default_factory=list)

    @property
    def all(self) -> Sequence[Item]:
        """The note and the others of its chord."""
        return (self.note, *self.chord)

    @property
    def top(self) -> Item:
        """The highest note, or the rest."""
        return max(self.all, key=lambda item: item.note.pitch.midi if item.note and item.note.pitch else 0)

    @property
    def is_tied(self) -> bool:
        """Whether any of its notes is tied."""
        return any(item.note is not None and item.note.ties for item in self.all)


def bundles(notes: Iterable[tuple[Item, NoteFacts]]) -> Iterator[Bundle]:
    """The notes of a strand with what belongs to them, in the order of the file."""
    graces: list[Item] = []
    bundle: Bundle | None = None
    for item, note in notes:
        if note.is_grace:
            graces.append(item)
        elif note.is_chord and bundle is not None:
            bundle.chord.append(item)
        else:
            if bundle is not None:
                yield bundle
            bundle, graces = Bundle(item, graces), []
    if bundle is not None:
        yield bundle


@dataclass(frozen=True, slots=True)
class Hanging:
    """What stays on the new notes, as XML, by their index."""

    graces: Mapping[int, Sequence[str]]
    marks: Mapping[int, Sequence[str]]
    lyrics: Mapping[int, Sequence[str]]
    chords: Mapping[int, Sequence["_ChordNote"]]

    def elements(self, index: int, note: str, style: NoteStyle) -> Iterator[str]:
        """A new note with all that stays on it: the grace notes before it, and the other notes of its chord."""
        yield from self.graces.get(index, ())
        marked = with_marks(note, self.marks.get(index, ()), style.layout)
        yield with_children(marked, self.lyrics.get(index, ()), style.layout)
        for other in self.chords.get(index, ()):
            yield other.element(style)


@dataclass(frozen=True, slots=True)
class _ChordNote:
    """Another note of the chord that ``top`` is in, and the marks on it."""

    top: Written
    note: ChordNote
    marks: Sequence[str]

    def element(self, style: NoteStyle) -> str:
        """The ``<note>``."""
        return with_marks(chord_note(self.top, self.note, style), self.marks, style.layout)


def hanging_on(old: MeasureText, strand: Strand, new: MeasureNotes, exchange: Exchange) -> Hanging:
    """What stays on the notes of ``new`` of all that hung on those of the old measure."""
    graces, marks, chords = {}, {}, {}
    places = {} if new.is_silent else {note.onset: index for index, note in enumerate(new.notes)}
    keeps_rhythm = exchange.keeps_rhythm
    for bundle in bundles(old.located.notes_of(strand)):
        onset = bundle.note.onset
        index = places.get(int(onset)) if onset == int(onset) else None
        if index is None:
            continue
        stays = exchange.keeps_note(int(onset))
        if stays:
            graces[index] = [_without_lines(old.of(grace)) for grace in bundle.graces]
            chords[index] = list(_others(old, bundle, new.notes[index]))
        if stays or keeps_rhythm:
            others = [] if chords.get(index) else [bundle.note]
            marks[index] = [mark for item in dict.fromkeys([*others, bundle.top]) for mark in _marks(old.of(item))]
    return Hanging(graces, marks, lyrics_for(old, strand, new), chords)


def _others(old: MeasureText, bundle: Bundle, note: Written) -> Iterator[_ChordNote]:
    """The notes that sound with ``note`` as they did before, if it is as long and nothing is tied."""
    is_as_long = bundle.note.end - bundle.note.onset == note.duration
    if bundle.is_tied or note.tie_in or note.tie_out or not is_as_long:
        return
    for item in bundle.all:
        pitch = item.note.pitch if item.note is not None else None
        if pitch is not None and pitch != note.pitch:
            xml = old.of(item)
            other = ChordNote(note.onset, pitch, tree_of(xml).text_at("accidental"))
            yield _ChordNote(note, other, list(_marks(xml)))


def _marks(xml: str) -> Iterator[str]:
    """The notations of a ``<note>`` that are no ends of lines or tuplets."""
    if "<notations" not in xml:
        return
    for mark in (mark for group in tree_of(xml).all("notations") for mark in group.children):
        wavy_lines = list(mark.all("wavy-line")) if mark.tag == "ornaments" else []
        if mark.tag not in _LINES and len(wavy_lines) < max(1, len(mark.children)):
            cut = _without(xml[: mark.stop], wavy_lines)
            yield cut[mark.start :]


def _without_lines(xml: str) -> str:
    """A grace note without the ends of slurs and ties, whose other ends may be gone."""
    if "<notations" not in xml:
        return xml
    tree = tree_of(xml)
    ends = [mark for group in tree.all("notations") for mark in group.children if mark.tag in _LINES]
    emptied = [group for group in tree.all("notations") if all(mark in ends for mark in group.children)]
    inside = [mark for mark in ends if not any(mark in group.children for group in emptied)]
    return _without(xml, sorted([*tree.all("tie"), *emptied, *inside], key=lambda element: element.start))


def _without(xml: str, elements: Sequence[Element]) -> str:
    """The text without some elements and the white space before them."""
    for element in reversed(elements):
        xml = xml[: element.start].rstrip() + xml[element.stop :]
    return xml


def with_marks(xml: str, marks: Sequence[str], layout: Layout) -> str:
    """A ``<note>`` without lyrics, with more notations."""
    if not marks:
        return xml
    inner = layout.inner
    if "<notations>" not in xml:
        empty = f"<notations>{inner.separator if layout.is_indented else ''}</notations>"
        return with_children(xml, [with_children(empty, marks, inner)], layout)
    start, stop = xml.index("<notations>"), xml.index("</notations>") + len("</notations>")
    return xml[:start] + with_children(xml[start:stop], marks, inner) + xml[stop:]


def hung(measure: LocatedMeasure, strand: Strand) -> Iterator[tuple[str, object]]:
    """All that hangs on the notes of a measure: of what kind, and something that tells it from the others."""
    for item, note in measure.notes_of(strand):
        if note.is_grace:
            yield "grace", (item.onset, note.pitch)
        for mark in note.attachments - {"lyric"}:
            yield "mark", (item.onset, mark)
    for bundle in bundles(measure.notes_of(strand)):
        if bundle.chord:
            yield "chord", (bundle.note.onset, frozenset(item.note and item.note.pitch for item in bundle.all))
