"""Replaces measures of a part: decides what changes, and what happens to lines and ties over its edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart
from inpaint_desktop.documents.musicxml.losses import losses
from inpaint_desktop.documents.musicxml.markup import Markup
from inpaint_desktop.documents.musicxml.spanners import Join, joins, spanner_markup
from inpaint_desktop.documents.musicxml.splicing import spliced_measure
from inpaint_desktop.documents.musicxml.writing import MeasureNotes
from inpaint_desktop.documents.rhythm import written_notes
from inpaint_desktop.documents.ties import joined
from inpaint_desktop.documents.wording import measure_names
from inpaint_desktop.errors import FileUnsupportedError, MeasureLengthError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.pitch import Pitch


@dataclass(frozen=True, slots=True)
class EditedPart:
    """The text and the melody after an edit, and sentences about what was lost."""

    text: str
    melody: Melody
    dropped: tuple[str, ...]


def edited_part(text: str, part: LocatedPart, melody: Melody, span: Span, measures: Sequence[Measure]) -> EditedPart:
    """Replace the measures of ``span`` in the text and in the melody.

    Raises:
        SelectionError: the span is not in the part, or has another number of measures.
        MeasureLengthError: a measure does not last as long as the one it replaces.
        FileUnsupportedError: a measure has several voices, or notes that do not show.
    """
    melody.with_measures(span, measures)  # checks the span and the count
    wanted = {index: joined(measure.notes) for index, measure in zip(span.indices, measures, strict=True)}
    changed = [index for index in span.indices if wanted[index] != melody.measures[index].notes]
    for index in changed:
        _check_length(measures[index - span.start], melody.measures[index])
        _check_replaceable(part.measures[index], part.voices[0])
    edit = _PartEdit(part, melody, {index: wanted[index] for index in changed})
    return EditedPart(edit.text_after(text), edit.melody_after(), (*losses(part, changed), *edit.open_ties()))


def _check_length(new: Measure, old: Measure) -> None:
    if new.duration != old.duration:
        raise MeasureLengthError(old.number, new.duration, old.duration)


def _check_replaceable(measure: LocatedMeasure, melody_voice: str) -> None:
    if not measure.is_filled_by(melody_voice):
        reason = "has several voices, and the melody does not fill it on its own"
    elif measure.is_hidden:
        reason = "is drawn as part of a long rest or as a repeat sign, and its notes would not show"
    elif measure.length.denominator != 1:
        reason = "has note lengths that no note value has"
    else:
        return
    message = f"Measure {measure.mark.number or '?'} {reason}; choose other measures."
    raise FileUnsupportedError(message)


class _PartEdit:
    """New notes for some measures of a part, and what stands around them."""

    def __init__(self, part: LocatedPart, melody: Melody, changed: Mapping[int, tuple[Note, ...]]) -> None:
        self._part = part
        self._melody = melody
        self._changed = changed

    def text_after(self, text: str) -> str:
        """The text with the new notes, from the last measure to the first, so that places stay right."""
        for index in sorted(self._changed, reverse=True):
            measure = self._part.measures[index]
            new = spliced_measure(text, measure, self._measure_notes[index], self._notations(index))
            text = text[: measure.mark.start] + new + text[measure.mark.stop :]
        return text

    def melody_after(self) -> Melody:
        """The melody with the new notes, tied as the file says."""
        measures = list(self._melody.measures)
        for index, notes in self._changed.items():
            measures[index] = measures[index].with_notes(_tied(notes, ties_on=self._ties_out(index)))
            if index > 0 and index - 1 not in self._changed:
                before = measures[index - 1]
                is_tied = self._ties_in(index) and before.notes[-1].pitch == notes[0].pitch
                measures[index - 1] = before.with_notes(_tied(before.notes, ties_on=is_tied))
        return replace(self._melody, measures=tuple(measures))

    def open_ties(self) -> tuple[str, ...]:
        """Say which ties of the file lead nowhere now, and which new ones could not be written."""
        sentences = []
        for index, notes in sorted(self._changed.items()):
            if self._starts_before(index) and not self._ties_in(index):
                sentences.append(f"The tie from {self._names(index - 1)} no longer finds its note in the next measure.")
            if self._stops_after(index) and not self._ties_out(index):
                sentences.append(f"The tie into {self._names(index + 1)} no longer has a note to come from.")
            elif self._loses_tie(index, notes):
                sentences.append(f"A tie from {self._names(index)} was left out: the next measure is not tied to it.")
        return tuple(sentences)

    def _names(self, index: int) -> str:
        return measure_names(self._part.numbers, [index])

    def _loses_tie(self, index: int, notes: Sequence[Note]) -> bool:
        following = self._melody.measures[index + 1].notes[:1] if index + 1 < len(self._melody.measures) else ()
        is_possible = bool(following) and following[0].pitch == notes[-1].pitch
        return notes[-1].ties_on and is_possible and index + 1 not in self._changed and not self._ties_out(index)

    @cached_property
    def _measure_notes(self) -> dict[int, MeasureNotes]:
        return {index: self._write(index) for index in self._changed}

    def _write(self, index: int) -> MeasureNotes:
        mark = self._part.measures[index].mark
        notes = _tied(self._changed[index], ties_on=self._ties_out(index))
        written = written_notes(notes, mark.meter, is_pickup=mark.is_pickup)
        first = replace(written[0], tie_in=self._ties_in(index))
        return MeasureNotes((first, *written[1:]), mark.meter, mark.key, mark.is_pickup)

    def _ties_in(self, index: int) -> bool:
        pitch = self._changed[index][0].pitch
        if index - 1 in self._changed:
            return self._ties_between(index - 1)
        return pitch is not None and pitch in self._starts_before(index)

    def _ties_out(self, index: int) -> bool:
        pitch = self._changed[index][-1].pitch
        if index + 1 in self._changed:
            return self._ties_between(index)
        return pitch is not None and pitch in self._stops_after(index)

    def _ties_between(self, index: int) -> bool:
        last, first = self._changed[index][-1], self._changed[index + 1][0]
        return last.ties_on and last.pitch == first.pitch

    def _starts_before(self, index: int) -> set[Pitch | None]:
        """The pitches from which the file ties into the measure, where the measure before it stays."""
        if index == 0 or index - 1 in self._changed:
            return set()
        return self._part.measures[index - 1].pitches_tied_on(self._voice(index))

    def _stops_after(self, index: int) -> set[Pitch | None]:
        """The pitches to which the file ties out of the measure, where the measure after it stays."""
        if index + 1 == len(self._part.measures) or index + 1 in self._changed:
            return set()
        return self._part.measures[index + 1].pitches_tied_to(self._voice(index))

    def _voice(self, index: int) -> str:
        return next((note.voice for note in self._part.measures[index].notes), self._part.voices[0])

    @cached_property
    def _joins(self) -> tuple[Join, ...]:
        return joins(self._part, set(self._changed))

    def _notations(self, index: int) -> dict[int, list[Markup]]:
        """The slurs that come from outside and end here, or begin here and go on outside."""
        sounding = [place for place, note in enumerate(self._measure_notes[index].notes) if note.pitch is not None]
        first, last = (sounding[0], sounding[-1]) if sounding else (0, 0)
        notations: dict[int, list[Markup]] = {}
        for join in self._joins:
            if join.measure == index:
                place = first if join.spanner.end == "stop" else last
                notations.setdefault(place, []).append(spanner_markup(join.spanner))
        return notations


def _tied(notes: tuple[Note, ...], *, ties_on: bool) -> tuple[Note, ...]:
    return (*notes[:-1], replace(notes[-1], ties_on=ties_on))
