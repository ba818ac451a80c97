"""What of the notes of a measure is still there when others have taken their place.

Times are ticks from the start of the measure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from inpaint_desktop.score.melody import Note
from inpaint_desktop.score.pitch import Pitch


@dataclass(frozen=True, slots=True)
class Exchange:
    """The notes of a measure before and after, each sounding note once."""

    old: Sequence[Note]
    new: Sequence[Note]

    @property
    def keeps_rhythm(self) -> bool:
        """Whether the same times sound before and after."""
        return [(note.onset, note.duration, note.is_rest) for note in self.old] == [
            (note.onset, note.duration, note.is_rest) for note in self.new
        ]

    def keeps_note(self, onset: int) -> bool:
        """Whether there is the same pitch, or silence, at a time, and begins there if it did."""
        return _at(self.old, onset) == _at(self.new, onset)

    def keeps_line(self, start: Fraction | int, stop: Fraction | int | None) -> bool:
        """Whether a line stays that is over the notes which begin from ``start`` until before ``stop``.

        It does if these notes do, or the rhythm of the measure.
        """
        old, new = (
            [
                (note.onset, note.duration, note.pitch)
                for note in notes
                if note.onset >= start and (stop is None or note.onset < stop)
            ]
            for notes in (self.old, self.new)
        )
        return old == new or self.keeps_rhythm


def _at(notes: Sequence[Note], onset: int) -> tuple[Pitch | None, bool] | None:
    """The pitch of the note that sounds at a time, and whether it begins there."""
    return next(((note.pitch, note.onset == onset) for note in notes if note.onset <= onset < note.end), None)
