"""Dragging a note up and down, or its right edge to another length. Nothing changes before it is let go."""

from dataclasses import replace
from itertools import count

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from inpaint_desktop.score import edits, moving
from inpaint_desktop.score.edits import LENGTHS
from inpaint_desktop.score.spelling import spell
from inpaint_desktop.ui.describing import with_signs
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.note_editing import edit_note
from inpaint_desktop.ui.piano_roll.drawing import Laid
from inpaint_desktop.ui.piano_roll.geometry import Bar, BarHit, Part, snapped_length
from inpaint_desktop.ui.words import tr

_numbers = count()


class BarDrag:
    """A note that was pressed and may be dragged, in one direction only."""

    def __init__(self, editor: Editor, laid: Laid, hit: BarHit, start: QPointF) -> None:
        self._editor = editor
        self._laid = laid
        self._start = start
        self.part = hit.part
        self.bar = hit.bar
        self.ghost: Bar | None = None

    def is_far_enough(self, point: QPointF) -> bool:
        """Whether the mouse has moved so far that a drag is meant."""
        way = point - self._start
        return max(abs(way.x()), abs(way.y())) >= QApplication.startDragDistance()

    def goes_sideways(self, point: QPointF) -> bool:
        """Whether measures are to be selected rather than the note changed."""
        way = point - self._start
        return self.part is Part.BODY and abs(way.x()) > abs(way.y())

    def move(self, point: QPointF) -> None:
        """Show what the note would become if it were let go here."""
        if self.part is Part.BODY:
            geometry = self._laid.geometry
            rows = geometry.midi_at(point.y()) - geometry.midi_at(self._start.y())
            self.ghost = replace(self.bar, midi=self.bar.midi + rows)
        else:
            self.ghost = replace(self.bar, stop=self.bar.start + self._length(point), joins_after=False)

    def _length(self, point: QPointF) -> int:
        measure = self._laid.melody.measures[self.bar.place.measure]
        note = measure.notes[self.bar.place.note]
        way = self._laid.geometry.tick_at(point.x()) - self._laid.geometry.tick_at(self._start.x())
        return snapped_length(measure, note, note.duration + way)

    @property
    def label(self) -> str:
        """The pitch or the length that the note would get."""
        ghost = self.ghost or self.bar
        if self.part is Part.BODY:
            pitch = spell((ghost.midi,), self._laid.melody.measures[ghost.place.measure].key)[0]
            return with_signs(pitch.name) if pitch else ""
        return next((tr(length.name) for length in LENGTHS if length.ticks == ghost.stop - ghost.start), "")

    def apply(self) -> None:
        """Change the note as it was shown, as one step."""
        ghost, key = self.ghost, f"drag {next(_numbers)}"
        if ghost is None or ghost == self.bar:
            return
        if self.part is Part.BODY:
            edit_note(
                self._editor,
                tr("Move a note"),
                lambda melody, place: moving.set_pitch(melody, place, ghost.midi),
                key=key,
            )
        else:
            ticks = ghost.stop - ghost.start
            edit_note(
                self._editor,
                tr("Change a length"),
                lambda melody, place: edits.set_length(melody, place, ticks),
                key=key,
            )
