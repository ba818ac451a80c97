"""Writes the notes of a measure as ``<note>`` elements."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from inpaint_desktop.documents.beaming import Beams, beams
from inpaint_desktop.documents.musicxml.accidentals import accidentals
from inpaint_desktop.documents.musicxml.markup import Layout, Markup, render
from inpaint_desktop.documents.rhythm import Tuplet, Written
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch


@dataclass(frozen=True, slots=True)
class NoteStyle:
    """What the file does with every note: its unit of time, voice, staff, instrument and layout."""

    divisions: int
    voice: str = "1"
    staff: str = ""
    instrument: str = ""
    layout: Layout = field(default_factory=Layout)


@dataclass(frozen=True, slots=True)
class MeasureNotes:
    """The written notes of a measure and what decides how they look."""

    notes: tuple[Written, ...]
    meter: Meter
    key: KeySignature
    is_pickup: bool = False

    @property
    def end(self) -> int:
        """The tick at which the last note ends."""
        return self.notes[-1].end

    @property
    def is_silent(self) -> bool:
        """Whether the measure is one long rest."""
        return all(note.pitch is None for note in self.notes) and not self.is_pickup

    @property
    def beams(self) -> tuple[Beams, ...]:
        """The beams of each note."""
        return beams(self.notes, self.meter, is_pickup=self.is_pickup)


def divisions_for(times: Iterable[int], divisions: int) -> int:
    """The smallest multiple of ``divisions`` in which all ``times`` (in ticks) are whole numbers."""
    return math.lcm(divisions, TICKS_PER_QUARTER // math.gcd(TICKS_PER_QUARTER, *times))


def note_elements(
    measure: MeasureNotes, style: NoteStyle, notations: Mapping[int, Sequence[Markup]]
) -> list[tuple[int, str]]:
    """The notes as pairs of onset and XML; ``notations`` adds slurs and the like to notes by index."""
    if measure.is_silent:
        rest = Written(0, measure.end, None)
        extra = [mark for index in sorted(notations) for mark in notations[index]]
        return [
            (0, render(("note", _children(rest, style, Look(is_measure_rest=True, notations=extra))), style.layout))
        ]
    looks = zip(measure.notes, accidentals(measure.notes, measure.key), measure.beams, strict=True)
    return [
        (
            note.onset,
            render(
                ("note", _children(note, style, Look(accidental, beam, _notations(measure, index, notations)))),
                style.layout,
            ),
        )
        for index, (note, accidental, beam) in enumerate(looks)
    ]


@dataclass(frozen=True, slots=True)
class Look:
    """What one note shows besides its pitch and length."""

    accidental: str = ""
    beams: Beams = ()
    notations: list[Markup] = field(default_factory=list)
    is_measure_rest: bool = False


def note_children(note: Written, style: NoteStyle, accidental: str = "") -> list[Markup]:
    """The children of the ``<note>`` of a single note without beams and notations."""
    return _children(note, style, Look(accidental))


def _children(note: Written, style: NoteStyle, look: Look) -> list[Markup]:
    """The children of ``<note>``, in the order that the schema asks for."""
    return [
        _pitch_or_rest(note.pitch, look),
        ("duration", str(note.duration * style.divisions // TICKS_PER_QUARTER)),
        *(("tie " + f'type="{end}"', "") for end in _tie_ends(note)),
        *([(f"instrument id={quoteattr(style.instrument)}", "")] if style.instrument else []),
        *([("voice", style.voice)] if style.voice else []),
        *([("type", note.kind)] if note.kind else []),
        *([("dot", "")] * note.dots),
        *([("accidental", look.accidental)] if look.accidental else []),
        *([_time_modification(note.tuplet)] if note.tuplet is not None and note.kind else []),
        *([("staff", style.staff)] if style.staff else []),
        *((f'beam number="{level}"', beam) for level, beam in enumerate(look.beams, 1)),
        *([("notations", look.notations)] if look.notations else []),
    ]


def _pitch_or_rest(pitch: Pitch | None, look: Look) -> Markup:
    if pitch is None:
        return ('rest measure="yes"' if look.is_measure_rest else "rest", "")
    alter: list[Markup] = [("alter", str(pitch.alter))] if pitch.alter else []
    return ("pitch", [("step", pitch.step), *alter, ("octave", str(pitch.octave))])


def _tie_ends(note: Written) -> list[str]:
    return ["stop"] * note.tie_in + ["start"] * note.tie_out


def _time_modification(tuplet: Tuplet) -> Markup:
    return ("time-modification", [("actual-notes", str(tuplet.actual)), ("normal-notes", str(tuplet.normal))])


def _notations(measure: MeasureNotes, index: int, extra: Mapping[int, Sequence[Markup]]) -> list[Markup]:
    note = measure.notes[index]
    ties: list[Markup] = [(f'tied type="{end}"', "") for end in _tie_ends(note)]
    return [*ties, *extra.get(index, ()), *_tuplet_ends(measure, index)]


def _tuplet_ends(measure: MeasureNotes, index: int) -> list[Markup]:
    """The beginning or end of a tuplet; it has a bracket unless one beam joins all of it."""
    note = measure.notes[index]
    if note.tuplet is None or not note.kind:
        return []
    members = [other for other, one in enumerate(measure.notes) if one.tuplet == note.tuplet]
    is_beamed = [measure.beams[member][:1] for member in (members[0], members[-1])] == [("begin",), ("end",)]
    start: Markup = (f'tuplet type="start" bracket="{"no" if is_beamed else "yes"}"', "")
    stop: Markup = ('tuplet type="stop"', "")
    return [start] * (index == members[0]) + [stop] * (index == members[-1])
