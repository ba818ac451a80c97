"""Puts what an edition shows at notes into the ``<note>`` elements of a melody."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from inpaint_desktop.documents.musicxml.edition import ChordNote, Notation
from inpaint_desktop.documents.musicxml.markup import Layout, Markup, render, with_children
from inpaint_desktop.documents.musicxml.writing import MeasureNotes, NoteStyle, note_children
from inpaint_desktop.documents.rhythm import Written


def notations_by_note(notes: MeasureNotes, notations: Iterable[Notation]) -> dict[int, list[Markup]]:
    """The notations by the index of the written note that bears them."""
    found: dict[int, list[Markup]] = {}
    for notation in notations:
        found.setdefault(_bearer(notes.notes, notation), []).append(notation.markup)
    return found


def _bearer(notes: Sequence[Written], notation: Notation) -> int:
    if notation.is_at_end:
        ended = [index for index, note in enumerate(notes) if note.onset < notation.tick]
        return ended[-1] if ended else 0
    return next((index for index, note in enumerate(notes) if note.end > notation.tick), len(notes) - 1)


def with_additions(xml: str, name: str, lyrics: Iterable[Markup], layout: Layout) -> str:
    """A ``<note>`` with its name and its lyrics, which come last in it."""
    head = f'<note id="{name}">' if name else "<note>"
    sung = with_children(xml, (render(lyric, layout.inner) for lyric in lyrics), layout)
    return head + sung.removeprefix("<note>")


def chord_note(note: Written, lower: ChordNote, style: NoteStyle) -> str:
    """A lower note of the chord that ``note`` is the top of."""
    children = note_children(replace(note, pitch=lower.pitch, tie_in=False, tie_out=False), style, lower.accidental)
    return render(("note", [("chord", ""), *children]), style.layout)
