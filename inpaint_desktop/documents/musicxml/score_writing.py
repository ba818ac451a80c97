"""Writes a whole melody as MusicXML 4.0."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from inpaint_desktop.documents.musicxml.additions import chord_note, notations_by_note, with_additions
from inpaint_desktop.documents.musicxml.edition import Edition, MeasureEdition
from inpaint_desktop.documents.musicxml.form import form_markup
from inpaint_desktop.documents.musicxml.marking import Names, index_at
from inpaint_desktop.documents.musicxml.markup import Layout, Markup, render
from inpaint_desktop.documents.musicxml.offsets import with_offset
from inpaint_desktop.documents.musicxml.writing import MeasureNotes, NoteStyle, divisions_for, note_elements
from inpaint_desktop.documents.rhythm import Written, begins_section, kind_and_dots, written_notes
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" \
"http://www.musicxml.org/dtds/partwise.dtd">
"""
_LAYOUT = Layout("\n      ")
_PLAIN = Edition()
_MODES = frozenset({"major", "minor", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "ionian", "locrian"})
_STEPS_BY_SEMITONES = (0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6)
_MOST_REMEMBERED = 4096  # measures; after an edit most are as they were, and are not worked out again
_LOWEST_IN_TREBLE_CLEF = 55  # the G below middle C: a tune that lies below it on average is read in the bass clef


def melody_to_musicxml(
    melody: Melody, *, title: str | None = None, part_name: str = "Melody", edition: Edition = _PLAIN
) -> str:
    """Write a melody as a score with one part; ``edition`` says what it shows besides the notes."""
    return parts_to_musicxml(melody.title if title is None else title, [PartToWrite(melody, part_name, edition)])


def melodies_to_musicxml(melodies: Mapping[int, Melody], *, title: str | None = None) -> str:
    """Write the melodies of a score, by part, with names for their measures and notes and nothing else."""
    parts = [PartToWrite(melody, "", Edition(part=part)) for part, melody in sorted(melodies.items())]
    return parts_to_musicxml(parts[0].melody.title if title is None else title, parts)


@dataclass(frozen=True, slots=True)
class PartToWrite:
    """A part of a score: its melody, the name that stands before its staff, and what else it shows."""

    melody: Melody
    name: str
    edition: Edition


def parts_to_musicxml(title: str, parts: Sequence[PartToWrite]) -> str:
    """Write a score of several parts; those who made it are the ones that the first part names."""
    name = _printable(title)
    work: list[Markup] = [("work", [("work-title", name)])] if name else []
    creators: list[Markup] = [
        (f"creator type={quoteattr(role)}", text)
        for role, who in parts[0].edition.creators
        if (text := _printable(who))
    ]
    head: list[Markup] = [
        *work,
        ("identification", [*creators, ("encoding", [("software", "Inpaint Desktop")])]),
        *_credits(parts[0].edition),
        ("part-list", [_score_part(f"P{number}", part.name) for number, part in enumerate(parts, 1)]),
    ]
    header = "".join(f"\n  {render(markup, Layout(chr(10) + '  '))}" for markup in head)
    music = "".join(
        f'\n  <part id="P{number}">{"".join(_indented(part))}\n  </part>' for number, part in enumerate(parts, 1)
    )
    return f'{_HEAD}<score-partwise version="4.0">{header}{music}\n</score-partwise>\n'


def _indented(part: PartToWrite) -> Iterator[str]:
    return (f"\n    {measure}" for measure in _measures(part.melody, part.edition))


def _credits(edition: Edition) -> list[Markup]:
    return [
        ('credit page="1"', [("credit-type", kind), ("credit-words", words)])
        for kind, text in edition.credits
        if (words := _printable(text))
    ]


def _score_part(part_id: str, name: str) -> Markup:
    """A part in the list of parts; one without a name shows none."""
    tag = "part-name" if name else 'part-name print-object="no"'
    return (f'score-part id="{part_id}"', [(tag, _printable(name) or "Melody")])


def _printable(text: str) -> str:
    """The characters of ``text`` that XML can hold."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


@dataclass(frozen=True, slots=True)
class _Place:
    """A measure of the melody between its neighbours."""

    index: int
    before: Measure | None
    here: Measure
    after: Measure | None

    @property
    def is_tied_in(self) -> bool:
        """Whether the first note is tied to the last one of the measure before."""
        return self.before is not None and self.before.notes[-1].ties_on

    @property
    def is_pickup(self) -> bool:
        """Whether the measure is the short beginning of a section."""
        return begins_section(self.here, self.before)

    @property
    def notes(self) -> MeasureNotes:
        """The notes as they are written."""
        written = _written_notes(self.here.notes, self.here.meter, is_pickup=self.is_pickup)
        first = replace(written[0], tie_in=self.is_tied_in)
        return MeasureNotes((first, *written[1:]), self.here.meter, self.here.key, self.is_pickup)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _written_notes(notes: tuple[Note, ...], meter: Meter, *, is_pickup: bool) -> tuple[Written, ...]:
    return written_notes(notes, meter, is_pickup=is_pickup)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _plain_elements(notes: MeasureNotes, style: NoteStyle) -> Sequence[tuple[int, str]]:
    return note_elements(notes, style, {})


def _measures(melody: Melody, edition: Edition) -> Iterator[str]:
    measures = with_sound_ties(melody.measures)
    neighbours = zip((None, *measures[:-1]), measures, (*measures[1:], None), strict=True)
    places = [_Place(index, *neighbours_here) for index, neighbours_here in enumerate(neighbours)]
    written = [place.notes for place in places]
    divisions = divisions_for({note.duration for notes in written for note in notes.notes}, 1)
    clef = _clef(measures) if edition.clef is None else _named_clef(*edition.clef)
    for place, notes in zip(places, written, strict=True):
        setting: list[Markup] = [("divisions", str(divisions))] if place.before is None else []
        extra = edition.measure(place.index)
        head = [
            *_new_line(extra),
            *_left_barline(place),
            *_attributes(place, setting, clef, extra),
            *_tempo(place, extra),
            *form_markup(place.here.form_signs, at_beginning=True),
        ]
        music = _music(place, notes, NoteStyle(divisions, layout=_LAYOUT), edition)
        order = form_markup(place.here.form_signs, at_beginning=False)
        foot = [*order, *_right_barline(place, extra, ends_tune=edition.ends_tune)]
        yield _element(place, [*_rendered(head), *music, *_rendered(foot)], edition)


def _music(place: _Place, notes: MeasureNotes, style: NoteStyle, edition: Edition) -> Iterator[str]:
    """The notes, and between them what else stands in the measure."""
    extra = edition.measure(place.index)
    names = None if edition.part is None else Names(edition.part, edition.first_measure + place.index)
    # What stands after the last note is written above it: after it, it would widen the staff beyond the barline.
    last = 0 if notes.is_silent else notes.notes[-1].onset
    signs = [sign if sign.onset < notes.end else replace(sign, onset=last) for sign in extra.signs]
    now = 0
    notations = notations_by_note(notes, extra.notations)
    for onset, xml in note_elements(notes, style, notations) if notations else _plain_elements(notes, style):
        note = next(one for one in notes.notes if one.onset >= onset)
        end = notes.end if notes.is_silent else note.end
        while signs and signs[0].onset < end:
            sign = signs.pop(0)
            yield _moved(render(sign.markup, style.layout), sign.onset - onset, style.divisions)
        name = names.next_of(index_at(place.here.notes, onset) or 0) if names else ""
        yield with_additions(xml, name, [one.markup for one in extra.lyrics if one.onset == onset], style.layout)
        yield from (chord_note(note, one, style) for one in extra.chord_notes if now <= one.onset < end)
        now = end


def _moved(xml: str, ticks: int, divisions: int) -> str:
    """An element that is meant so much later than the note after it begins."""
    divisions_later = Fraction(ticks * divisions, TICKS_PER_QUARTER)
    return with_offset(xml, divisions_later) if ticks > 0 and xml.startswith(("<direction", "<harmony")) else xml


def _new_line(extra: MeasureEdition) -> list[Markup]:
    return [('print new-system="yes"', "")] if extra.begins_line else []


def _rendered(markup: list[Markup]) -> list[str]:
    return [render(element, _LAYOUT) for element in markup]


def _element(place: _Place, children: list[str], edition: Edition) -> str:
    number = quoteattr(place.here.number or str(place.index + 1))
    name = "" if edition.part is None else f' id="m{edition.part}-{edition.first_measure + place.index}"'
    implicit = "" if place.here.is_full else ' implicit="yes"'
    lines = "".join(_LAYOUT.separator + child for child in children)
    return f"<measure{name} number={number}{implicit}>{lines}\n    </measure>"


def _attributes(place: _Place, setting: list[Markup], clef: Markup, extra: MeasureEdition) -> list[Markup]:
    """Divisions and clef at the beginning; key, meter and transposition there and where they change."""
    before, here = place.before, place.here
    key = [_key(here.key)] if before is None or before.key != here.key else []
    time = [_time(here.meter, extra.time_symbol)] if before is None or before.meter != here.meter else []
    transposed_before = 0 if before is None else before.transposition
    transpose = [_transpose(here.transposition)] if here.transposition != transposed_before else []
    children = [*setting, *key, *time, *([clef] if setting else []), *transpose]
    return [("attributes", children)] if children else []


def _key(key: KeySignature) -> Markup:
    mode: list[Markup] = [("mode", key.mode)] if key.mode in _MODES else []
    return ("key", [("fifths", str(key.fifths)), *mode])


def _time(meter: Meter, symbol: str) -> Markup:
    tag = f'time symbol="{symbol}"' if symbol else "time"
    return (tag, [("beats", str(meter.beats)), ("beat-type", str(meter.beat_type))])


def _transpose(semitones: int) -> Markup:
    """The transposition in whole octaves and what is left of it, with its steps of the scale."""
    sign = -1 if semitones < 0 else 1
    octaves, chromatic = divmod(abs(semitones), 12)
    change: list[Markup] = [("octave-change", str(sign * octaves))] if octaves else []
    steps: Markup = ("diatonic", str(sign * _STEPS_BY_SEMITONES[chromatic]))
    return ("transpose", [steps, ("chromatic", str(sign * chromatic)), *change])


def _clef(measures: tuple[Measure, ...]) -> Markup:
    pitches = [note.pitch.midi for measure in measures for note in measure.notes if note.pitch is not None]
    is_low = bool(pitches) and sum(pitches) < _LOWEST_IN_TREBLE_CLEF * len(pitches)
    return ("clef", [("sign", "F"), ("line", "4")] if is_low else [("sign", "G"), ("line", "2")])


def _named_clef(sign: str, line: str, octaves: int) -> Markup:
    change: list[Markup] = [("clef-octave-change", str(octaves))] if octaves else []
    return ("clef", [("sign", sign), ("line", line), *change])


def _tempo(place: _Place, extra: MeasureEdition) -> list[Markup]:
    """A metronome mark, in felt beats, where the tempo is new."""
    if extra.tempo is not None:
        return [extra.tempo]
    tempo = place.here.tempo_bpm
    if tempo is None or (place.before is not None and place.before.tempo_bpm == tempo):
        return []
    beat, dots = kind_and_dots(place.here.meter.beat_ticks) or ("quarter", 0)
    quarters = place.here.meter.beat_ticks / TICKS_PER_QUARTER
    unit: list[Markup] = [("beat-unit", beat), *([("beat-unit-dot", "")] * dots)]
    metronome: Markup = ("metronome", [*unit, ("per-minute", f"{tempo / quarters:g}")])
    sound: Markup = (f'sound tempo="{tempo:g}"', "")
    return [('direction placement="above"', [("direction-type", [metronome]), sound])]


def _left_barline(place: _Place) -> list[Markup]:
    before, here = place.before, place.here
    begins = bool(here.endings) and (before is None or before.endings != here.endings or before.repeat_end)
    style: list[Markup] = [("bar-style", "heavy-light")] if here.repeat_start else []
    ending: list[Markup] = [(f'ending number="{_numbers(here)}" type="start"', "")] if begins else []
    repeat: list[Markup] = [('repeat direction="forward"', "")] if here.repeat_start else []
    return _barline("left", [*style, *ending, *repeat])


def _right_barline(place: _Place, extra: MeasureEdition, *, ends_tune: bool) -> list[Markup]:
    here, after = place.here, place.after
    ends = bool(here.endings) and (after is None or after.endings != here.endings or here.repeat_end)
    is_heavy = here.repeat_end or (after is None and ends_tune)
    kind_of_line = "light-heavy" if is_heavy else extra.barline
    style: list[Markup] = [("bar-style", kind_of_line)] if kind_of_line else []
    kind = "stop" if here.repeat_end else "discontinue"
    ending: list[Markup] = [(f'ending number="{_numbers(here)}" type="{kind}"', "")] if ends else []
    repeat: list[Markup] = [('repeat direction="backward"', "")] if here.repeat_end else []
    return _barline("right", [*style, *ending, *repeat])


def _barline(location: str, children: list[Markup]) -> list[Markup]:
    return [(f'barline location="{location}"', children)] if children else []


def _numbers(measure: Measure) -> str:
    return ", ".join(str(number) for number in measure.endings)
