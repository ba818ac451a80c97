"""The melody that a strand is: its notes, of chords the top ones, with rests where it is silent.

music21 would say the same (the tests ask it), but takes minutes for an orchestra and reads no timewise
file. All that it takes is known when the measures have been located.
"""

from collections.abc import Iterable, Iterator

from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.musicxml.facts import Item, Kind, LocatedMeasure, LocatedScore, NoteFacts, Strand
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.melody import Measure, Melody, Note

_UNREADABLE: dict[Kind, str] = {
    "unpitched": "has notes without a pitch, as drums have; choose a part with a melody.",
    "quarter tone": "has quarter tones, which cannot be worked on; choose another part, or write them as semitones.",
}


def melodies_of(score: LocatedScore, file_name: str) -> tuple[Melody | str, ...]:
    """The melody of each strand, or a sentence that says why it is none."""
    return tuple(_melody_or_reason(score, strand, file_name) for strand in score.strands)


def _melody_or_reason(score: LocatedScore, strand: Strand, file_name: str) -> Melody | str:
    part = score.parts[strand.part]
    try:
        measures = [_measure(*place, strand) for place in zip(part.measures, part.marks, strict=True)]
    except FileUnsupportedError as error:
        name = f"part '{strand.name}'" if strand.name else "a part"
        return f"{file_name}, {name}, {error}"
    return Melody(with_sound_ties(measures), score.title)


def _measure(measure: LocatedMeasure, mark: MeasureMark, strand: Strand) -> Measure:
    try:
        notes = notes_of(measure, strand)
        return mark.measure(notes, round(measure.length), transposition=measure.transposition_of(strand))
    except FileUnsupportedError as error:
        message = f"measure {mark.number or '?'} {error}"
        raise FileUnsupportedError(message) from error


def notes_of(measure: LocatedMeasure, strand: Strand) -> tuple[Note, ...]:
    """The notes of a strand in a measure, and rests between them.

    Raises:
        FileUnsupportedError: there are notes that a melody does not have; the sentence begins with ``has``.
    """
    return tuple(_filled(_timed(measure.notes_of(strand)), round(measure.length)))


def _timed(notes: Iterable[tuple[Item, NoteFacts]]) -> list[Note]:
    """The notes as the file has them, in the order of time; some may overlap."""
    chords: list[list[tuple[Item, NoteFacts]]] = []
    for item, note in notes:
        if note.kind in _UNREADABLE:
            raise FileUnsupportedError(_UNREADABLE[note.kind])
        if note.pitch is None or note.is_grace:
            continue
        if note.is_chord and chords:
            chords[-1].append((item, note))
        else:
            chords.append([(item, note)])
    return sorted((_top_note(chord) for chord in chords), key=lambda note: note.onset)


def _top_note(chord: list[tuple[Item, NoteFacts]]) -> Note:
    item, note = max(chord, key=lambda one: one[1].pitch.midi if one[1].pitch is not None else 0)
    onset = round(item.onset)
    return Note(onset, round(item.end) - onset, note.pitch, "start" in note.ties)


def _filled(notes: Iterable[Note], duration: int) -> Iterator[Note]:
    """Fill gaps with rests, and cut what overlaps or goes over the end."""
    now = 0
    for note in notes:
        end = min(note.end, duration)
        if note.onset < now or end <= note.onset:
            continue
        if note.onset > now:
            yield Note(now, note.onset - now, None)
        yield Note(note.onset, end - note.onset, note.pitch, note.ties_on)
        now = end
    if now < duration:
        yield Note(now, duration - now, None)
