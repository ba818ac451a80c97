"""Replaces measures of a strand: decides what changes, and what happens to lines and ties over its edges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.musicxml.facts import LocatedMeasure, LocatedPart, Strand
from inpaint_desktop.documents.musicxml.locating import located_again
from inpaint_desktop.documents.musicxml.long_rests import rest_sentences, shortened_rests
from inpaint_desktop.documents.musicxml.losses import losses
from inpaint_desktop.documents.musicxml.markup import Markup
from inpaint_desktop.documents.musicxml.measure_text import measure_text
from inpaint_desktop.documents.musicxml.melodies import notes_of
from inpaint_desktop.documents.musicxml.relocating import ChangedMeasure
from inpaint_desktop.documents.musicxml.spanners import Join, joins, spanner_markup
from inpaint_desktop.documents.musicxml.splicing import others_in, spliced_measure
from inpaint_desktop.documents.musicxml.styles import signs_instead_of_notes
from inpaint_desktop.documents.musicxml.writing import MeasureNotes
from inpaint_desktop.documents.rhythm import written_notes
from inpaint_desktop.documents.staying import Exchange
from inpaint_desktop.documents.ties import joined
from inpaint_desktop.documents.wording import measure_names
from inpaint_desktop.errors import FileDamagedError, FileUnsupportedError, MeasureLengthError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch

_FINEST = TICKS_PER_QUARTER // 32
"""Measures whose parts do not quite add up are taken for as long as they are meant, if that is so many times this."""


@dataclass(frozen=True, slots=True)
class EditedStrand:
    """The measures that have become others, by index, the melody after the edit, and sentences about what was lost."""

    changes: Mapping[int, ChangedMeasure]
    melody: Melody
    dropped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StrandToEdit:
    """A strand of a part, with the text of the file and the melody that the strand is."""

    text: str
    part: LocatedPart
    strand: Strand
    melody: Melody


def edited_strand(old: StrandToEdit, span: Span, measures: Sequence[Measure]) -> EditedStrand:
    """Replace the measures of ``span`` in the text and in the melody.

    Raises:
        SelectionError: the span is not in the part, or has another number of measures.
        MeasureLengthError: a measure does not last as long as the one it replaces.
        FileUnsupportedError: the notes of a measure do not show, or its voices cannot be kept apart.
    """
    old.melody.with_measures(span, measures)  # checks the span and the count
    wanted = {index: joined(measure.notes) for index, measure in zip(span.indices, measures, strict=True)}
    changed = _changed(old, wanted)
    signs = list(signs_instead_of_notes(old.part.measures)) if changed else []
    for index in changed:
        _check_length(measures[index - span.start], old.melody.measures[index])
        _check_replaceable(old.part, index, signs[index])
    edit = _StrandEdit(old, {index: wanted[index] for index in changed})
    rests = shortened_rests(old.text, old.part, changed)
    texts = edit.changes_of_text()
    written = {index: change.located for index, change in texts.items()}
    dropped = (
        *losses(old.part, old.strand, written, edit.exchanges),
        *edit.open_ties(),
        *rest_sentences(old.part, changed),
    )
    return EditedStrand({**rests, **texts}, edit.melody_after(), dropped)


def _changed(old: StrandToEdit, wanted: Mapping[int, Sequence[Note]]) -> list[int]:
    """The measures that have to be written: those whose notes change, and those that have to be tied otherwise."""
    changed = {index for index, notes in wanted.items() if notes != old.melody.measures[index].notes}
    touched = -1
    while touched != len(changed):
        touched = len(changed)
        for index in wanted:
            if index + 1 in wanted and (index in changed) != (index + 1 in changed):
                other = index if index + 1 in changed else index + 1
                changed |= {other} if _is_tied_otherwise(old, wanted, index, other) else set()
    return sorted(changed)


def _is_tied_otherwise(old: StrandToEdit, wanted: Mapping[int, Sequence[Note]], index: int, kept: int) -> bool:
    """Whether the measure ``kept`` says something else of the tie after measure ``index`` than is wanted."""
    last, first = wanted[index][-1], wanted[index + 1][0]
    measure = old.part.measures[kept]
    meets = last.pitch is not None and last.pitch == first.pitch
    if kept == index:
        return meets and last.ties_on != (last.pitch in measure.pitches_tied_on(old.strand))
    is_tied = first.pitch is not None and first.pitch in measure.pitches_tied_to(old.strand)
    return is_tied != (meets and last.ties_on)


def _check_length(new: Measure, old: Measure) -> None:
    if new.duration != old.duration:
        raise MeasureLengthError(old.number, new.duration, old.duration)


def _check_replaceable(part: LocatedPart, index: int, sign: str) -> None:
    if sign:
        raise _unsupported(part.marks[index], f"is drawn with {sign}, and its notes would not show")
    length = part.measures[index].length
    if length.denominator != 1 and round(length) % _FINEST:
        raise _unsupported(part.marks[index], "has note lengths that no note value has")


def _unsupported(mark: MeasureMark, reason: str) -> FileUnsupportedError:
    return FileUnsupportedError(f"Measure {mark.number or '?'} {reason}; choose other measures.")


class _StrandEdit:
    """New notes for some measures of a strand, and what stands around them."""

    def __init__(self, old: StrandToEdit, changed: Mapping[int, tuple[Note, ...]]) -> None:
        self._old = old
        self._part = old.part
        self._strand = old.strand
        self._melody = old.melody
        self._changed = changed
        self.exchanges = {index: Exchange(old.melody.measures[index].notes, notes) for index, notes in changed.items()}

    def changes_of_text(self) -> dict[int, ChangedMeasure]:
        """The measures with the new notes.

        Raises:
            FileUnsupportedError: one of them cannot be written without touching something else.
        """
        return {index: self._change_of_text(index) for index in self._changed}

    def _change_of_text(self, index: int) -> ChangedMeasure:
        try:
            xml = spliced_measure(
                measure_text(self._old.text, self._part, index),
                self._strand,
                self._measure_notes[index],
                self.exchanges[index],
                self._notations(index),
            )
            located = located_again(self._part.measures[index], xml)
            self._check(index, located)
        except (FileUnsupportedError, FileDamagedError) as error:
            raise _unsupported(self._part.marks[index], str(error)) from error
        return ChangedMeasure(xml, located)

    def _check(self, index: int, located: LocatedMeasure) -> None:
        """Make sure that the text says what was asked for, and of everything else the same as before."""
        notes = joined(notes_of(located, self._strand))
        others = [others_in(measure, self._strand) for measure in (self._part.measures[index], located)]
        if _tied(notes, ties_on=False) != _tied(self._changed[index], ties_on=False) or others[0] != others[1]:
            message = "has voices that are woven into each other in a way that cannot be kept"
            raise FileUnsupportedError(message)

    def melody_after(self) -> Melody:
        """The melody with the new notes, tied as the file says."""
        measures = list(self._melody.measures)
        for index, notes in self._changed.items():
            measures[index] = measures[index].with_notes(_tied(notes, ties_on=self._sounds_on(index)))
            if index > 0 and index - 1 not in self._changed:
                before = measures[index - 1]
                is_tied = self._ties_in(index) and before.notes[-1].pitch == notes[0].pitch
                measures[index - 1] = before.with_notes(_tied(before.notes, ties_on=is_tied))
        return replace(self._melody, measures=tuple(measures))

    def _sounds_on(self, index: int) -> bool:
        """Whether a measure is tied to the melody's next note, not to a lower one of a chord."""
        following = self._melody.measures[index + 1].notes if index + 1 < len(self._melody.measures) else ()
        next_notes = self._changed.get(index + 1, following)
        return self._ties_out(index) and next_notes[0].pitch == self._changed[index][-1].pitch

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
        mark = self._part.marks[index]
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
        return self._part.measures[index - 1].pitches_tied_on(self._strand)

    def _stops_after(self, index: int) -> set[Pitch | None]:
        """The pitches to which the file ties out of the measure, where the measure after it stays."""
        if index + 1 == len(self._part.measures) or index + 1 in self._changed:
            return set()
        return self._part.measures[index + 1].pitches_tied_to(self._strand)

    @cached_property
    def _joins(self) -> tuple[Join, ...]:
        return tuple(joins(self._part, self._strand, self.exchanges))

    def _notations(self, index: int) -> dict[int, list[Markup]]:
        """The slurs that come from outside and end here, or begin here and go on outside, and those that stay."""
        sounding = [place for place, note in enumerate(self._measure_notes[index].notes) if note.pitch is not None]
        first, last = (sounding[0], sounding[-1]) if sounding else (0, 0)
        notations: dict[int, list[Markup]] = {}
        for join in self._joins:
            if join.measure == index:
                outer = first if join.spanner.end == "stop" else last
                place = outer if join.onset is None else self._place(index, join)
                notations.setdefault(place, []).append(spanner_markup(join.spanner))
        return notations

    def _place(self, index: int, join: Join) -> int:
        """The last of the new notes of a measure that begin no later than the end of a line."""
        onsets = [note.onset for note in self._measure_notes[index].notes]
        return max(place for place, onset in enumerate(onsets) if join.onset is not None and onset <= join.onset)


def _tied(notes: tuple[Note, ...], *, ties_on: bool) -> tuple[Note, ...]:
    return (*notes[:-1], replace(notes[-1], ties_on=ties_on))
