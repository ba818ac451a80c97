"""Where a note stands in a melody, and what an edit makes of the measures around it.

An edit never changes a melody: it gives a ``Change``, which ``ScoreDocument.with_measures`` puts into
the file. Rests in a row are one rest in it, as they are in the melody of a document, so the place of
a note in a change is its place in the document after the edit.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span


@dataclass(frozen=True, order=True, slots=True)
class NotePlace:
    """A note or rest of a melody, by the index of its measure and its own index in it."""

    measure: int
    note: int


@dataclass(frozen=True, slots=True)
class Change:
    """Measures that take the place of those in ``span``, and where the edited note stands among them.

    Measures outside the span stay as they are. A tie that leads into the span from before it may lose its
    aim; the document that the change is put into sees to that.
    """

    span: Span
    measures: tuple[Measure, ...]
    note: NotePlace | None = None


def note_at(melody: Melody, place: NotePlace) -> Note:
    """Return the note or rest at ``place``.

    Raises:
        SelectionError: there is none.
    """
    if 0 <= place.measure < len(melody.measures):
        notes = melody.measures[place.measure].notes
        if 0 <= place.note < len(notes):
            return notes[place.note]
    message = "The selected note is no longer there; select another one."
    raise SelectionError(message)


def places_in(melody: Melody, span: Span) -> Iterator[NotePlace]:
    """The places of all notes and rests of the measures of ``span``, in order."""
    for index in span.indices:
        for number in range(len(melody.measures[index].notes)):
            yield NotePlace(index, number)


def place_before(melody: Melody, place: NotePlace) -> NotePlace | None:
    """The place of the note or rest before, over the barline if need be."""
    if place.note > 0:
        return NotePlace(place.measure, place.note - 1)
    filled = (index for index in reversed(range(place.measure)) if melody.measures[index].notes)
    index = next(filled, None)
    return None if index is None else NotePlace(index, len(melody.measures[index].notes) - 1)


def place_after(melody: Melody, place: NotePlace) -> NotePlace | None:
    """The place of the note or rest after, over the barline if need be."""
    if place.note + 1 < len(melody.measures[place.measure].notes):
        return NotePlace(place.measure, place.note + 1)
    filled = (index for index in range(place.measure + 1, len(melody.measures)) if melody.measures[index].notes)
    index = next(filled, None)
    return None if index is None else NotePlace(index, 0)


def is_tied_to(note: Note, following: Note | None) -> bool:
    """Whether ``following`` goes on with the sound of ``note``."""
    return following is not None and note.ties_on and note.pitch is not None and note.pitch == following.pitch


def tied_places(melody: Melody, place: NotePlace) -> tuple[NotePlace, ...]:
    """The places of all notes that are one sound with the note at ``place``, in order.

    Raises:
        SelectionError: there is no note.
    """
    note_at(melody, place)
    places = [place]
    while (before := place_before(melody, places[0])) and _are_tied(melody, before, places[0]):
        places.insert(0, before)
    while (after := place_after(melody, places[-1])) and _are_tied(melody, places[-1], after):
        places.append(after)
    return tuple(places)


def sound_count(melody: Melody, places: Collection[NotePlace]) -> int:
    """How many notes and rests stand at some places; those that are tied to each other are one."""

    def goes_on(place: NotePlace) -> bool:
        before = place_before(melody, place)
        return before is not None and before in places and _are_tied(melody, before, place)

    return sum(not goes_on(place) for place in places)


def _are_tied(melody: Melody, place: NotePlace, following: NotePlace) -> bool:
    return is_tied_to(note_at(melody, place), note_at(melody, following))


def change_of_notes(melody: Melody, notes: Mapping[NotePlace, Note], selected: NotePlace | None = None) -> Change:
    """Put each of ``notes`` in the place of one as long, and untie what no longer leads to the same pitch."""
    span = Span(min(notes).measure, max(notes).measure + 1)
    measures = [
        melody.measures[index].with_notes(
            notes.get(NotePlace(index, number), note) for number, note in enumerate(melody.measures[index].notes)
        )
        for index in span.indices
    ]
    return Change(span, with_sound_ties(melody, span, measures), selected)


def change_of_measure(melody: Melody, index: int, notes: Sequence[Note], onset: int) -> Change:
    """Give a measure other notes; the one that sounds at ``onset`` (or the rest there) is the edited one."""
    joined = joined_rests(notes)
    measures = with_sound_ties(melody, Span(index, index + 1), [melody.measures[index].with_notes(joined)])
    number = next(number for number, note in enumerate(joined) if note.onset <= onset < note.end)
    return Change(Span(index, index + 1), measures, NotePlace(index, number))


def joined_rests(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Make rests that follow each other one rest."""
    joined: list[Note] = []
    for note in notes:
        if joined and joined[-1].is_rest and note.is_rest:
            joined[-1] = replace(joined[-1], duration=joined[-1].duration + note.duration)
        else:
            joined.append(note)
    return tuple(joined)


def with_sound_ties(melody: Melody, span: Span, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Untie the notes of ``measures``, which stand in ``span``, that the next note does not go on with."""
    changed = melody.with_measures(span, measures)

    def untied(place: NotePlace) -> Note:
        note, after = note_at(changed, place), place_after(changed, place)
        leads_on = not note.ties_on or is_tied_to(note, note_at(changed, after) if after else None)
        return note if leads_on else replace(note, ties_on=False)

    return tuple(
        measure.with_notes(untied(NotePlace(index, number)) for number in range(len(measure.notes)))
        for index, measure in zip(span.indices, measures, strict=True)
    )
