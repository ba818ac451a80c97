"""What new measures shall heed of the score itself: notes that are locked, and a line that pitches follow.

Both belong to the current part of the open score: another part or another file has none. A lock is on a note as it
is: on its measure, onset, length and pitch. So it stays through edits that leave the note alone, goes with a note that
is changed, and is back when undo brings that note back. A locked rest may become a part of a longer one, which is
locked then. The line stays where it was drawn until it is cleared.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from inpaint_desktop.score.melody import Melody, Note, Span
from inpaint_desktop.score.places import NotePlace, note_at, sound_count, tied_places
from inpaint_desktop.ui.editor import Editor

USUAL_STRENGTH = 0.5
"""How closely pitches follow a line where nothing else is wished; the engine's own default."""


@dataclass(frozen=True, slots=True, order=True)
class LinePoint:
    """A point of a line that pitches shall follow: ``onset`` ticks after the start of a measure, at a MIDI number.

    The MIDI number is as it sounds and may lie between two keys. It is the engine's ``ContourPoint``, which is not
    imported before something is asked for, as numpy comes with it.
    """

    measure: int
    onset: int
    midi: float


Contour = tuple[LinePoint, ...]
_HIGHEST_MIDI = 127.0
_Lock = tuple[int, Note]
"""A measure's index, and a note in it without its tie."""


class Wishes(QObject):
    """Holds the locked notes and the line for the current part.

    Signals:
        changed: other notes are locked, the line is another, or it shall be followed more or less closely.
    """

    changed = Signal()

    def __init__(self, editor: Editor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._locks: frozenset[_Lock] = frozenset()
        self._contour: Contour = ()
        self._contour_strength = USUAL_STRENGTH
        self._found: tuple[tuple[Melody, frozenset[NotePlace]], ...] = ()
        self._part = editor.part
        editor.document_opened.connect(self._on_editor_document_opened)
        editor.part_changed.connect(self._on_editor_part_changed)
        editor.shown_changed.connect(self._on_editor_shown_changed)

    # Locked notes

    @property
    def locked(self) -> frozenset[NotePlace]:
        """The notes and rests of the score, without any preview, that are locked."""
        return self._standing_in(self._editor.melody)

    @property
    def shown_locks(self) -> frozenset[NotePlace]:
        """The locked notes and rests at their places in what the views show."""
        return self._standing_in(self._editor.shown_melody)

    def locked_in(self, span: Span) -> frozenset[NotePlace]:
        """The locked notes and rests of some measures of the score."""
        return frozenset(place for place in self.locked if place.measure in span.indices)

    def lock_count(self, span: Span | None = None) -> int:
        """How many notes and rests are locked, or how many of some measures; tied ones are one."""
        melody = self._editor.melody
        return sound_count(melody, self.locked if span is None else self.locked_in(span)) if melody else 0

    def is_locked(self, place: NotePlace) -> bool:
        """Whether the note or rest at a place of what is shown is locked."""
        return place in self.shown_locks

    def can_lock(self, place: NotePlace) -> bool:
        """Whether what stands at a place of what is shown is in the score, too; a take on trial has other notes."""
        melody, score = self._editor.shown_melody, self._editor.melody
        if melody is None or score is None or self._editor.note_at(place) is None:
            return False
        return _locks_at(melody, place) <= _locks_in(score)

    def toggle_lock(self, place: NotePlace) -> None:
        """Lock the note or rest at a place of what is shown, or unlock it; of tied notes all are, as they are one."""
        melody = self._editor.shown_melody
        if melody is None or self._editor.note_at(place) is None:
            return
        locks = _locks_at(melody, place)
        if self.is_locked(place):
            self._set_locks(frozenset(held for held in self._locks if not any(_holds(held, lock) for lock in locks)))
        elif self.can_lock(place):
            self._set_locks(self._locks | locks)

    def set_locked_in(self, span: Span, melody: Melody, places: Iterable[NotePlace]) -> None:
        """Lock these notes and rests of a melody, and no others of these measures; they stand in the score, or did."""
        others = frozenset(lock for lock in self._locks if lock[0] not in span.indices)
        self._set_locks(others | {_lock_at(melody, place) for place in places})

    def clear_locks(self) -> None:
        """Unlock all notes, also those that only undo would bring back."""
        self._set_locks(frozenset())

    def _set_locks(self, locks: frozenset[_Lock]) -> None:
        if locks != self._locks:
            self._locks, self._found = locks, ()
            self.changed.emit()

    def _standing_in(self, melody: Melody | None) -> frozenset[NotePlace]:
        """Where in a melody the locked notes stand; quick when asked again, as each painting asks for it."""
        if melody is None or not self._locks:
            return frozenset()
        found = next((places for known, places in self._found if known is melody), None)
        if found is None:
            found = _standing(self._locks, melody)
            self._found = (melody, found), *self._found[:1]  # the score, and with the take that is on trial
        return found

    # The line

    @property
    def contour(self) -> Contour:
        """The line that pitches shall follow, from left to right; empty if there is none."""
        return self._contour

    def set_contour(self, points: Iterable[LinePoint]) -> None:
        """Let pitches follow a line through these points, in the place of any other; it is kept to MIDI's range."""
        contour = tuple(sorted(_kept_in_range(point) for point in points))
        if contour != self._contour:
            self._contour = contour
            self.changed.emit()

    def follow_notes(self, span: Span) -> None:
        """Let pitches follow the line of the notes that stand in some measures of the score now, if any do."""
        melody = self._editor.melody
        if melody is not None:
            self.set_contour(_line_of(melody, span))

    def clear_contour(self) -> None:
        """Let pitches follow no line."""
        self.set_contour(())

    def contour_over(self, span: Span) -> Contour:
        """The line, if any of it lies over some measures; what lies before and after them leads it in and out."""
        if not self._contour or self._contour[0].measure >= span.stop or self._contour[-1].measure < span.start:
            return ()
        return self._contour

    @property
    def contour_strength(self) -> float:
        """How closely pitches follow the line, from 0 to 1."""
        return self._contour_strength

    def set_contour_strength(self, strength: float) -> None:
        """Let pitches follow the line more or less closely, from 0 to 1."""
        strength = min(max(strength, 0.0), 1.0)
        if strength != self._contour_strength:
            self._contour_strength = strength
            self.changed.emit()

    # What the editor tells

    def _on_editor_document_opened(self) -> None:
        if not self._editor.is_reopened:
            self._forget()

    def _on_editor_part_changed(self) -> None:
        if self._editor.part != self._part:
            self._part = self._editor.part
            self._forget()

    def _on_editor_shown_changed(self) -> None:
        """Say that other notes are locked, if notes went or came back; those of a take on trial are none."""
        if self._editor.preview is not None:
            return
        self.set_contour(point for point in self._contour if point.measure < self._editor.measure_count)
        if self._locks:
            self.changed.emit()

    def _forget(self) -> None:
        if self._locks or self._contour:
            self._locks, self._contour, self._found = frozenset(), (), ()
            self.changed.emit()


def _standing(locks: frozenset[_Lock], melody: Melody) -> frozenset[NotePlace]:
    """The places of those notes of a melody that are locked."""
    of_measures: dict[int, list[_Lock]] = defaultdict(list)
    for lock in locks:
        if lock[0] < len(melody.measures):
            of_measures[lock[0]].append(lock)
    return frozenset(
        NotePlace(index, number)
        for index, held in of_measures.items()
        for number in range(len(melody.measures[index].notes))
        if any(_holds(lock, _lock_at(melody, NotePlace(index, number))) for lock in held)
    )


def _holds(lock: _Lock, other: _Lock) -> bool:
    """Whether a lock is one on another note, too: on the same one, or on a rest that the locked one is a part of."""
    (index, locked), (place, note) = lock, other
    is_part = locked.is_rest and note.is_rest and note.onset <= locked.onset and locked.end <= note.end
    return index == place and (locked == note or is_part)


def _kept_in_range(point: LinePoint) -> LinePoint:
    return replace(point, midi=min(max(point.midi, 0.0), _HIGHEST_MIDI))


def _line_of(melody: Melody, span: Span) -> list[LinePoint]:
    """A point where each note begins, and one where the last note ends."""
    notes = [(index, note) for index in span.indices for note in melody.measures[index].notes]
    pitched = [(index, note, float(note.pitch.midi)) for index, note in notes if note.pitch is not None]
    ends = [LinePoint(index, note.end, midi) for index, note, midi in pitched[-1:]]
    return [LinePoint(index, note.onset, midi) for index, note, midi in pitched] + ends


def _lock_at(melody: Melody, place: NotePlace) -> _Lock:
    return place.measure, replace(note_at(melody, place), ties_on=False)


def _locks_at(melody: Melody, place: NotePlace) -> frozenset[_Lock]:
    """The locks on a note and on those that it is tied to."""
    return frozenset(_lock_at(melody, tied) for tied in tied_places(melody, place))


def _locks_in(melody: Melody) -> frozenset[_Lock]:
    """The locks on all notes of a melody."""
    return frozenset(
        (index, replace(note, ties_on=False)) for index, measure in enumerate(melody.measures) for note in measure.notes
    )
