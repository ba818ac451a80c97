"""Where everything lies after some measures have become others, without reading the whole text again."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedScore


@dataclass(frozen=True, slots=True)
class ChangedMeasure:
    """The new text of a measure, and what is known of it."""

    xml: str
    located: LocatedMeasure


def with_changes(
    text: str, score: LocatedScore, part: int, changes: Mapping[int, ChangedMeasure]
) -> tuple[str, LocatedScore]:
    """The text and the score with other measures in a part."""
    old = score.parts[part]
    order = sorted(changes)
    pieces, end = [], 0
    for index in order:
        pieces += [text[end : old.marks[index].start], changes[index].xml]
        end = old.marks[index].stop
    growth = [len(changes[index].xml) - old.marks[index].stop + old.marks[index].start for index in order]
    shifts = _Shifts([old.marks[index].start for index in order], list(accumulate(growth)))
    parts = [replace(one, marks=shifts.shifted(one.marks)) for one in score.parts]
    measures = list(old.measures)
    for index in order:
        measures[index] = changes[index].located
    parts[part] = replace(parts[part], measures=tuple(measures))
    return "".join([*pieces, text[end:]]), replace(score, parts=tuple(parts))


@dataclass(frozen=True, slots=True)
class _Shifts:
    """How far the text has moved from certain places on, which grow."""

    places: Sequence[int]
    distances: Sequence[int]

    def shifted(self, marks: tuple[MeasureMark, ...]) -> tuple[MeasureMark, ...]:
        """The marks of a part, moved as their text was."""
        if not self.places or not marks or marks[-1].start < self.places[0]:
            return marks
        return tuple(
            _moved(
                mark,
                self._distance(bisect_left(self.places, mark.start)),
                self._distance(bisect_right(self.places, mark.start)),
            )
            for mark in marks
        )

    def _distance(self, passed: int) -> int:
        return self.distances[passed - 1] if passed else 0


def _moved(mark: MeasureMark, start: int, stop: int) -> MeasureMark:
    """A mark so many characters further on. An orchestra has thousands: ``replace`` would take four times as long."""
    if not start and not stop:
        return mark
    return MeasureMark(
        mark.number,
        mark.start + start,
        mark.stop + stop,
        mark.meter,
        mark.key,
        mark.clef,
        mark.tempo_bpm,
        mark.is_pickup,
        mark.repeat_start,
        mark.repeat_end,
        mark.endings,
        mark.form_signs,
    )
