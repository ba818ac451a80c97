"""Whether measures meet what was asked for, measured on the notes themselves.

The engines need no such check, as their rules let nothing else be written. What is put together otherwise, from two
takes for instance, is held to the same constraints with it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.encoding.window import gap_slots
from inpaint_desktop.engine.properties import SILENT, HeardNote, Surroundings, heard, longest_leap, share_kept, sounding
from inpaint_desktop.engine.reading import in_key
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.score.melody import Measure
from inpaint_desktop.score.places import NotePlace

_TINY = 1e-9


@dataclass(frozen=True)
class _Case:
    """Measures, and the request that they answer."""

    request: FillRequest
    measures: tuple[Measure, ...]

    @property
    def asked(self) -> Constraints:
        return self.request.constraints

    @cached_property
    def notes(self) -> list[HeardNote]:
        return [note for note in heard(self.measures) if note.midi != SILENT]

    @cached_property
    def original(self) -> list[HeardNote]:
        return [note for note in heard(self.request.original) if note.midi != SILENT]


def breaches_of(request: FillRequest, measures: Sequence[Measure]) -> tuple[str, ...]:
    """What of a request measures do not meet, by the names of its fields; nothing if they meet all."""
    case = _Case(request, tuple(measures))
    return tuple(name for name, is_met in _CHECKS.items() if not is_met(case))


def _fills(case: _Case) -> bool:
    return [measure.duration for measure in case.measures] == [one.duration for one in case.request.original]


def _in_range(case: _Case) -> bool:
    return all(case.asked.reaches(note.midi) for note in case.notes)


def _in_key(case: _Case) -> bool:
    classes = in_key(case.request).pitch_classes
    named = {case.asked.first_note, case.asked.last_note}
    if case.asked.keep_pitches:
        named |= {note.midi for note in case.original}
    locked = {note.sounding for note in _locked(case)}
    return classes is None or all(
        note.midi % 12 in classes or note.midi in named or note.sounding in locked for note in case.notes
    )


def _locks_stand(case: _Case) -> bool:
    """Whether locked notes stand as they did; a locked rest may be part of a longer one."""
    there = set(case.notes)
    silence = [note for note in heard(case.measures) if note.midi == SILENT]
    return all(
        note in there if note.midi != SILENT else any(_covers(rest, note, case) for rest in silence)
        for note in _locked(case)
    )


def _covers(rest: HeardNote, other: HeardNote, case: _Case) -> bool:
    start, stop = _times(rest, case)
    first, last = _times(other, case)
    return start <= first and last <= stop


def _times(note: HeardNote, case: _Case) -> tuple[int, int]:
    start = sum(measure.duration for measure in case.measures[: note.measure]) + note.onset
    return start, start + note.duration


def _locked(case: _Case) -> list[HeardNote]:
    """The locked notes as they were heard; of rests each for itself."""
    return [note for note, places in _heard_places(case.request) if any(place in case.asked.locked for place in places)]


def _heard_places(request: FillRequest) -> Iterator[tuple[HeardNote, list[NotePlace]]]:
    """What stood in the gap, with the places of the written notes that it is made of."""
    places: list[NotePlace] = []
    before: HeardNote | None = None
    is_tied = False
    for number, measure in enumerate(request.original):
        for index, note in enumerate(measure.notes):
            midi = SILENT if note.pitch is None else note.pitch.midi
            place = NotePlace(request.span.start + number, index)
            if before is not None and is_tied and midi == before.midi:
                before = HeardNote(*before.sounding, before.duration + note.duration)
                places.append(place)
            else:
                if before is not None:
                    yield before, places
                before, places = HeardNote(number, note.onset, midi, note.duration), [place]
            is_tied = note.ties_on and midi != SILENT
    if before is not None:
        yield before, places


def _rhythm_is_kept(case: _Case) -> bool:
    def rhythm(measures: Sequence[Measure]) -> list[tuple[int, int, int, bool]]:
        return [(note.measure, note.onset, note.duration, note.midi == SILENT) for note in heard(measures)]

    return not case.asked.keep_rhythm or rhythm(case.measures) == rhythm(case.request.original)


def _pitches_are_kept(case: _Case) -> bool:
    return not case.asked.keep_pitches or [note.midi for note in case.notes] == [note.midi for note in case.original]


def _begins_as_asked(case: _Case) -> bool:
    return case.asked.first_note is None or [note.midi for note in case.notes[:1]] == [case.asked.first_note]


def _ends_as_asked(case: _Case) -> bool:
    return case.asked.last_note is None or [note.midi for note in case.notes[-1:]] == [case.asked.last_note]


def _has_enough_onsets(case: _Case) -> bool:
    fewest = case.asked.fewest_onsets or 0
    return all(count * whole >= (fewest * chosen // whole) * whole for count, chosen, whole in _onsets(case))


def _has_few_onsets(case: _Case) -> bool:
    most = case.asked.most_onsets
    return most is None or all(count <= -(-most * chosen // whole) for count, chosen, whole in _onsets(case))


def _onsets(case: _Case) -> Iterator[tuple[int, int, int]]:
    """For each slot: how many notes begin in it, how much of it was chosen, and how long it is."""
    request, span = case.request, case.request.span
    for slot in gap_slots(request.melody, span):
        chosen = [index - span.start for index in slot.indices if index in span.indices]
        count = sum(note.measure in chosen for note in case.notes)
        whole = request.melody.measures[slot.start].meter.ticks
        yield count, sum(request.original[number].duration for number in chosen), whole


def _leaps_are_short(case: _Case) -> bool:
    longest, request = case.asked.longest_leap, case.request
    around = Surroundings.of(request.melody, request.span, request.melody.measures[request.span.start].key)
    line = [*around.before, *(note.midi for note in case.notes), *around.after]
    return longest is None or longest_leap(line) <= longest


def _is_no_copy(case: _Case) -> bool:
    most = case.asked.most_kept
    return most is None or share_kept(sounding(case.measures), sounding(case.request.original)) <= most + _TINY


_CHECKS: dict[str, Callable[[_Case], bool]] = {
    "span": _fills,
    "lowest or highest": _in_range,
    "stay_in_key or pitch_classes": _in_key,
    "locked": _locks_stand,
    "keep_rhythm": _rhythm_is_kept,
    "keep_pitches": _pitches_are_kept,
    "first_note": _begins_as_asked,
    "last_note": _ends_as_asked,
    "fewest_onsets": _has_enough_onsets,
    "most_onsets": _has_few_onsets,
    "longest_leap": _leaps_are_short,
    "most_kept": _is_no_copy,
}
