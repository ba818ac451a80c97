"""New notes in the measures of one voice of an ABC tune, with all that must hold for the rest of the file.

The text is spliced and scanned anew: where the scan finds other measures than before, in any
voice, the edit is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from operator import attrgetter
from typing import Self

from inpaint_desktop.documents.abc.hanging import NewMeasure
from inpaint_desktop.documents.abc.located import LocatedMeasure, ScannedTune, ScannedVoice
from inpaint_desktop.documents.abc.lyrics import adapt_lyrics
from inpaint_desktop.documents.abc.scanner import scan_tune
from inpaint_desktop.documents.abc.splicing import splice_notes, spliced
from inpaint_desktop.documents.abc.tunes import Tune, even_lines
from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.rhythm import written_notes
from inpaint_desktop.documents.staying import Exchange
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.documents.wording import measure_names
from inpaint_desktop.errors import FileUnsupportedError, MeasureLengthError
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.pitch import Pitch

_MAY_MOVE = frozenset({"start", "stop", "form_signs"})  # a sign may come to stand before the notes
_all_but_place = attrgetter(*(one.name for one in fields(MeasureMark) if one.name not in _MAY_MOVE))


@dataclass(frozen=True, slots=True)
class EditedVoice:
    """A voice of a tune in the text of its file, and its melody."""

    file_name: str
    text: str
    tune: Tune
    scanned: ScannedTune
    part: int
    melody: Melody

    @property
    def voice(self) -> ScannedVoice:
        """Where the measures of the voice lie."""
        return self.scanned.voices[self.part]

    def with_measures(self, span: Span, measures: Sequence[Measure]) -> tuple[Self, tuple[str, ...]]:
        """Put the notes of ``measures`` into the text; return what comes of it, and what was lost.

        Raises:
            SelectionError: the span is not in the voice.
            MeasureLengthError: a measure does not last as long as the one it replaces.
            FileUnsupportedError: these measures cannot be replaced without touching something else.
        """
        self.melody.with_measures(span, measures)
        self._check_lengths(span, measures)
        edited, dropped = self, tuple[str, ...]()
        for chosen, notes in self._changes(span, self._joined(span, measures)):
            edited, lost = edited._replaced(chosen, notes)
            dropped += lost
        return edited, dropped

    # Checks

    def _check_lengths(self, span: Span, measures: Sequence[Measure]) -> None:
        for located, measure in zip(self.voice.measures[span.start : span.stop], measures, strict=True):
            if measure.duration != located.duration:
                raise MeasureLengthError(located.mark.number, measure.duration, located.duration)

    def _check_edges(self, chosen: range) -> None:
        """Make sure that no tuplet, broken rhythm or second layer ties the measures to others."""
        located = self.voice.measures
        for index in chosen:
            if located[index].has_overlay:
                message = (
                    f"Measure {located[index].mark.number} of {self.file_name} has two voices at once (&),"
                    " which cannot be replaced; choose other measures."
                )
                raise FileUnsupportedError(message)
        if chosen.stop < len(located) and located[chosen.stop].repeats_previous:
            first, second = located[chosen.stop - 1].mark.number, located[chosen.stop].mark.number
            message = f"In {self.file_name}, measure {second} repeats measure {first} with a sign (/); choose both."
            raise FileUnsupportedError(message)
        for index in (chosen.start - 1, chosen.stop - 1):
            if 0 <= index < len(located) - 1 and located[index].is_bound_to_next:
                first, second = located[index].mark.number, located[index + 1].mark.number
                message = (
                    f"In {self.file_name}, a tuplet or a broken rhythm goes on from measure {first} into"
                    f" measure {second}; choose both."
                )
                raise FileUnsupportedError(message)

    def _check_carried_accidental(self, chosen: range, last: Note) -> None:
        """Make sure that the note after the span neither loses nor gains an accidental with a tie."""
        located = self.voice.measures
        if chosen.stop >= len(located):
            return
        sound = located[chosen.stop].sounds[0]
        pitch = self.melody.measures[chosen.stop].notes[0].pitch
        if pitch is None or sound.written.startswith(tuple("^_=")):
            return
        is_tied = last.ties_on or located[chosen.stop - 1].is_tied_outside
        carries = is_tied and last.pitch is not None and last.pitch.staff_position == pitch.staff_position
        alter = last.pitch.alter if carries and last.pitch else sound.context.alter(pitch.step)
        if pitch.alter != alter:
            first, second = (located[index].mark.number for index in (chosen.stop - 1, chosen.stop))
            message = (
                f"In {self.file_name}, a tie from measure {first} gives measure {second} its accidental;"
                f" choose measure {second} too."
            )
            raise FileUnsupportedError(message)

    # The edit

    def _joined(self, span: Span, measures: Sequence[Measure]) -> list[tuple[Note, ...]]:
        """The new notes, each once in its measure, without ties that lead to another pitch."""
        mine = [
            self.melody.measures[index].with_notes(new.notes) for index, new in zip(span.indices, measures, strict=True)
        ]
        whole = with_sound_ties(self.melody.with_measures(span, mine).measures)
        return [measure.notes for measure in whole[span.start : span.stop]]

    def _changes(
        self, span: Span, notes: Sequence[tuple[Note, ...]]
    ) -> Iterator[tuple[range, Sequence[tuple[Note, ...]]]]:
        """The runs of measures whose notes are not those that stand there already."""
        is_same = [self.melody.measures[index].notes == line for index, line in zip(span.indices, notes, strict=True)]
        for same, run in groupby(range(len(notes)), key=is_same.__getitem__):
            places = list(run)
            if not same:
                chosen = range(span.start + places[0], span.start + places[-1] + 1)
                self._check_edges(chosen)
                yield chosen, [notes[place] for place in places]

    def _replaced(self, chosen: range, notes: Sequence[tuple[Note, ...]]) -> tuple[Self, tuple[str, ...]]:
        self._check_carried_accidental(chosen, notes[-1][-1])
        located = self.voice.measures
        new = [
            NewMeasure(
                Exchange(self.melody.measures[index].notes, line),
                written_notes(line, located[index].mark.meter, is_pickup=located[index].mark.is_pickup),
            )
            for index, line in zip(chosen, notes, strict=True)
        ]
        splice = splice_notes(self.text, located, chosen, new, tied_from=self._tied_from(chosen))
        text, has_lost_lyrics = self._with_lyrics(spliced(self.text, splice.replacements), chosen)
        edited = self._with_text(text, chosen, notes)
        dropped = splice.dropped
        if has_lost_lyrics:
            dropped += (f"The lyrics under {self._names(chosen)} were removed where the number of notes changed.",)
        return edited, dropped + self._hanging_tie(chosen, notes[0][0])

    def _tied_from(self, chosen: range) -> Pitch | None:
        """The note before the measures, where a tie stands after it."""
        if chosen.start == 0 or not self.voice.measures[chosen.start - 1].sounds[-1].ties_on:
            return None
        return self.melody.measures[chosen.start - 1].notes[-1].pitch

    def _with_lyrics(self, text: str, chosen: range) -> tuple[str, bool]:
        """Keep the lyrics of all other measures under their notes; say whether any were lost."""
        if not self.voice.lyrics:
            return text, False
        even = even_lines(text)
        after = scan_tune(even, self._moved_tune(text), self.file_name).voices[self.part].lyrics
        edits = [
            edit
            for old, new in zip(self.voice.lyrics, after, strict=True)
            for edit in adapt_lyrics(even, old, new, chosen)
        ]
        return spliced(text, edits), bool(edits)

    def _names(self, chosen: range) -> str:
        return measure_names([measure.mark.number for measure in self.voice.measures], chosen)

    def _moved_tune(self, text: str) -> Tune:
        return replace(self.tune, stop=self.tune.stop + len(text) - len(self.text))

    def _hanging_tie(self, chosen: range, first: Note) -> tuple[str, ...]:
        if chosen.start == 0:
            return ()
        before = self.melody.measures[chosen.start - 1]
        if not before.notes[-1].ties_on or before.notes[-1].pitch == first.pitch:
            return ()
        return (
            f"The tie at the end of measure {before.number} leads nowhere now; its sign stays, for it stands outside.",
        )

    def _with_text(self, text: str, chosen: range, notes: Sequence[tuple[Note, ...]]) -> Self:
        """The voice after the splice: the text is scanned anew, the melody is known.

        Raises:
            FileUnsupportedError: the scan finds other measures, so the splice would do harm.
        """
        tune = self._moved_tune(text)
        scanned = scan_tune(even_lines(text), tune, self.file_name)
        if _frame(scanned) != _frame(self.scanned):
            message = (
                f"The notes of {self._names(chosen)} of {self.file_name} cannot be replaced without changing others;"
                " choose other measures."
            )
            raise FileUnsupportedError(message)
        measures = [self.melody.measures[index].with_notes(line) for index, line in zip(chosen, notes, strict=True)]
        melody = self.melody.with_measures(Span(chosen.start, chosen.stop), measures)
        melody = _with_edge_ties(melody, scanned.voices[self.part].measures, chosen)
        return replace(self, text=text, tune=tune, scanned=scanned, melody=melody)


def _frame(tune: ScannedTune) -> list[list[tuple[object, ...]]]:
    """What a splice must leave as it is."""
    return [[(_all_but_place(one.mark), one.duration, one.context) for one in voice.measures] for voice in tune.voices]


def _with_edge_ties(melody: Melody, located: Sequence[LocatedMeasure], chosen: range) -> Melody:
    """Let tie signs that stand outside the replaced measures count where they lead to the same pitch."""
    for index in range(chosen.start - 1, chosen.stop):
        if not 0 <= index < len(melody.measures) - 1:
            continue
        before, first = melody.measures[index], melody.measures[index + 1].notes[0]
        last = before.notes[-1]
        is_tied = located[index].sounds[-1].ties_on and not last.is_rest and last.pitch == first.pitch
        changed = before.with_notes((*before.notes[:-1], replace(last, ties_on=is_tied)))
        melody = melody.with_measures(Span(index, index + 1), [changed])
    return melody
