"""Notes as ABC text, the way a careful engraver would write them.

Accidentals stand only where the key signature and the notes before ask for one. Programs do not
agree whether an accidental also holds in other octaves, so where one was written in another
octave the note gets its own. Spaces divide the groups of notes that share a beam.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise, zip_longest

from inpaint_desktop.documents.abc.fields import ALTERATIONS, Context, unit_by_meter
from inpaint_desktop.documents.beaming import group_beats
from inpaint_desktop.documents.musicxml.words import MeasureWords, Syllable
from inpaint_desktop.documents.rhythm import Tuplet, Written, begins_section, written_notes
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.score.form import AT_BEGINNING, FormSign, FormSigns
from inpaint_desktop.score.key import SHARP_ORDER
from inpaint_desktop.score.melody import Measure, Melody
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER
MEASURES_A_LINE = 4
_LOWEST_IN_TREBLE_CLEF = 55  # the G below middle C: a tune that lies below it on average is read in the bass clef

_WORDLESS = MeasureWords()
_CREATOR_FIELDS = {"composer": "C", "lyricist": "A"}
_BARLINES = {"light-light": "||", "light-heavy": "|]", "heavy-light": "[|", "dotted": ".|"}
_FORM_SIGNS = {
    FormSign.SEGNO: "!segno!",
    FormSign.CODA: "!coda!",
    FormSign.TO_CODA_HERE: "!dacoda!",
    FormSign.TO_CODA: "!dacoda!",
    FormSign.FINE: "!fine!",
    FormSign.DA_CAPO: "!D.C.!",
    FormSign.DAL_SEGNO: "!D.S.!",
}
_SIGNS = {alter: sign for sign, alter in ALTERATIONS.items()}
_MODE_NAMES = {"minor": "m", "mixolydian": "mix", "dorian": "dor", "phrygian": "phr", "lydian": "lyd", "locrian": "loc"}
_MODE_FIFTHS = {"minor": 3, "mixolydian": 1, "dorian": 2, "phrygian": 4, "lydian": -1, "locrian": 5}


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note as text, with the tie after it.

    ``tuplet`` is the sign of a tuplet that begins with it; ``space`` is what divides it from the next note: a space
    where a group ends, or nothing.
    """

    tuplet: str
    text: str
    space: str


def write_notes(
    notes: Sequence[Written],
    contexts: Sequence[Context],
    *,
    is_pickup: bool = False,
    tied_from: Pitch | None = None,
    chords: Mapping[int, str] | None = None,
) -> tuple[NoteText, ...]:
    """Write the notes of a measure, each under its context.

    ``tied_from`` is the note before them, where a tie stands after it; ``chords`` stand in place of notes, by index.
    """
    beats = group_beats(notes, contexts[0].meter, is_pickup=is_pickup)
    names = [(chords or {}).get(index, name) for index, name in enumerate(_names(notes, contexts, tied_from))]
    parts = zip(notes, contexts, _signs(notes), names, _spaces(beats), strict=True)
    return tuple(
        NoteText(sign, name + _length(note, context.unit) + "-" * note.tie_out, space)
        for note, context, sign, name, space in parts
    )


def _signs(notes: Sequence[Written]) -> Iterator[str]:
    """The sign before the first note of each tuplet, and nothing before the others."""
    tuplet: Tuplet | None = None
    for note in notes:
        is_first = note.tuplet is not None and note.tuplet != tuplet
        tuplet = note.tuplet
        yield _tuplet_sign(tuplet, sum(other.tuplet == tuplet for other in notes)) if tuplet and is_first else ""


def _tuplet_sign(tuplet: Tuplet, count: int) -> str:
    return "(3" if (tuplet.actual, count) == (3, 3) else f"({tuplet.actual}:{tuplet.normal}:{count}"


def _length(note: Written, unit: Fraction) -> str:
    factor = Fraction(note.tuplet.actual, note.tuplet.normal) if note.tuplet else Fraction(1)
    length = note.duration * factor / TICKS_PER_WHOLE / unit
    numerator = str(length.numerator) if length.numerator != 1 else ""
    denominator = {1: "", 2: "/"}.get(length.denominator, f"/{length.denominator}")
    return numerator + ("/2" if numerator and denominator == "/" else denominator)


def _names(notes: Sequence[Written], contexts: Sequence[Context], tied_from: Pitch | None) -> Iterator[str]:
    """The accidental, letter and octave marks of each note."""
    held: dict[str, dict[int, int]] = {}  # step -> octave -> the alteration last written there
    for note, context in zip(notes, contexts, strict=True):
        if note.pitch is None:
            yield "z"
            continue
        pitch = replace(note.pitch, octave=note.pitch.octave - context.octave_shift)
        expected = _expected(pitch, context, held.get(pitch.step, {}))
        if note is notes[0] and tied_from and tied_from.staff_position == note.pitch.staff_position:
            expected.add(tied_from.alter)  # a tie would carry its accidental over the barline
        sign = "" if expected == {pitch.alter} else _SIGNS[pitch.alter]
        if sign:
            before = held.pop(pitch.step, {})
            before.pop(pitch.octave, None)
            held[pitch.step] = {**before, pitch.octave: pitch.alter}  # the newest stands last
        yield sign + _letter(pitch)


def _expected(pitch: Pitch, context: Context, held: Mapping[int, int]) -> set[int]:
    """The alterations that readers may give to the note when it has no accidental."""
    by_key = context.alter(pitch.step)
    if context.propagation == "not":
        return {by_key}
    by_octave = held.get(pitch.octave, by_key)
    by_pitch = list(held.values())[-1] if held else by_key
    return {by_octave, by_pitch}


def _letter(pitch: Pitch) -> str:
    if pitch.octave >= 5:
        return pitch.step.lower() + "'" * (pitch.octave - 5)
    return pitch.step + "," * (4 - pitch.octave)


def _spaces(beats: Sequence[int]) -> Iterator[str]:
    for beat, following in pairwise(beats):
        yield "" if beat == following else " "
    yield ""


# A whole tune


Creators = Sequence[tuple[str, str]]
"""Pairs of a role (``composer``) and a name."""


def melody_to_abc(
    melody: Melody,
    *,
    number: int = 1,
    title: str | None = None,
    words: Mapping[int, MeasureWords] | None = None,
    creators: Creators = (),
) -> str:
    """Write a melody as a whole ABC tune, four measures a line; ``words`` are what its measures say, by index."""
    measures = with_sound_ties(melody.measures)
    context = _first_context(measures[0])
    titles = [f"X:{number}", *_titles(melody.title if title is None else title, creators)]
    header = [*titles, *_settings(measures[0], context, (words or {}).get(0, _WORDLESS).tempo)]
    key = f"K:{key_name(measures[0])}{_transpose(0, measures[0])}"
    return "\n".join([*header, key, *_body_lines(measures, context, words or {}), ""])


@dataclass(frozen=True, slots=True)
class VoiceToWrite:
    """A voice of a tune: its name, its melody, and what its measures say, by index."""

    name: str
    melody: Melody
    words: Mapping[int, MeasureWords] = field(default_factory=dict)


def melodies_to_abc(parts: Sequence[VoiceToWrite], *, title: str, creators: Creators = ()) -> str:
    """Write the melodies of a score as the voices of one ABC tune, which take turns line by line."""
    voices = [with_sound_ties(part.melody.measures) for part in parts]
    first = voices[0][0]
    context = _first_context(first)
    tempos = [part.words.get(0, _WORDLESS).tempo for part in parts]
    header = ["X:1", *_titles(title, creators), *_settings(first, context, next(filter(None, tempos), ""))]
    names = [_voice_field(number, part.name, voices[number - 1]) for number, part in enumerate(parts, 1)]
    bodies = [_voice_lines(number, voices[number - 1], context, part.words) for number, part in enumerate(parts, 1)]
    body = [line for lines in zip_longest(*bodies) for line in lines if line is not None]
    return "\n".join([*header, *names, f"K:{key_name(first)}", *body, ""])


def _first_context(first: Measure) -> Context:
    return Context(meter=first.meter, is_free=False, unit=_best_unit(first.meter), key=first.key)


def _titles(title: str, creators: Creators) -> list[str]:
    named = [(_CREATOR_FIELDS[role], name) for role, name in creators if role in _CREATOR_FIELDS]
    return [f"T:{_one_line(title)}", *(f"{letter}:{_one_line(name)}" for letter, name in named)]


def _settings(first: Measure, context: Context, tempo_words: str) -> list[str]:
    """The fields of the header right before ``K:``."""
    tempo = _tempo(first.tempo_bpm, tempo_words)
    unit = f"L:{context.unit.numerator}/{context.unit.denominator}"
    return [f"M:{first.meter}", unit, *([f"Q:{tempo}"] if tempo else [])]


def _tempo(tempo_bpm: float | None, words: str) -> str:
    """The value of ``Q:``, or nothing."""
    plain = re.sub(r'["%\[\]]', "", words).strip()
    number = "" if tempo_bpm is None else f"1/4={tempo_bpm:g}"
    return f'"{plain}" {number}'.rstrip() if plain else number


def _voice_field(number: int, name: str, measures: Sequence[Measure]) -> str:
    pitches = [note.pitch.midi for measure in measures for note in measure.notes if note.pitch]
    is_low = bool(pitches) and sum(pitches) < _LOWEST_IN_TREBLE_CLEF * len(pitches)
    words = _one_line(name).replace('"', "'")
    name = f' name="{words}"' if words else ""
    return f"V:{number}{name}{' clef=bass' * is_low}{_transpose(0, measures[0])}"


def _voice_lines(
    number: int, measures: Sequence[Measure], context: Context, words: Mapping[int, MeasureWords]
) -> Iterator[str]:
    """The lines of one voice; a key or a meter of its own stands at its beginning."""
    first = measures[0]
    meter = f"[M:{first.meter}]" if first.meter != context.meter else ""
    key = f"[K:{key_name(first)}]" if first.key != context.key else ""
    own = replace(context, meter=first.meter, key=first.key)
    for index, line in enumerate(_body_lines(measures, own, words)):
        yield f"[V:{number}]{(meter + key) * (index == 0)} {line}"


def _one_line(text: str) -> str:
    return " ".join(text.replace("%", r"\%").split())


def _best_unit(meter: Meter) -> Fraction:
    return max(unit_by_meter(meter), Fraction(1, 8))


def key_name(measure: Measure) -> str:
    """The key of a measure as ``K:`` names it: ``Bb``, ``F#m``, ``Ador``."""
    key = measure.key
    position = key.fifths + _MODE_FIFTHS.get(key.mode, 0) + 1
    step, sharps = SHARP_ORDER[position % 7], position // 7
    if abs(sharps) > 1:
        return key.major_tonic
    return step + {0: "", 1: "#", -1: "b"}[sharps] + _MODE_NAMES.get(key.mode, "")


def _transpose(before: int, measure: Measure) -> str:
    """What a field says of the transposition, where it is another than before."""
    return f" transpose={measure.transposition}" if measure.transposition != before else ""


def _body_lines(measures: Sequence[Measure], context: Context, words: Mapping[int, MeasureWords]) -> Iterator[str]:
    """The lines of music, each with its lines of lyrics."""
    line, first = "", 0
    for index, measure in enumerate(measures):
        before = measures[index - 1] if index else None
        after = measures[index + 1] if index + 1 < len(measures) else None
        here = words.get(index, _WORDLESS)
        fields, context = _changes(before, measure, context, here.tempo)
        notes = _measure_text(measure, context, before, here.chords)
        music = _form(measure.form_signs & AT_BEGINNING) + notes + _form(measure.form_signs - AT_BEGINNING)
        line += _opening(before, measure) + fields + music + _barline(measure, after, here.barline)
        if after is None or _ends_line(index + 1, measures):
            yield "\n".join([line.rstrip(" "), *_lyric_lines(measures, range(first, index + 1), words)])
            line, first = "", index + 1


def _lyric_lines(measures: Sequence[Measure], place: range, words: Mapping[int, MeasureWords]) -> Iterator[str]:
    """The verses under the measures of a line."""
    here = {index: words.get(index, _WORDLESS).syllables for index in place}
    for verse in sorted({verse for verses in here.values() for verse in verses}):
        parts = (
            _sung(measures[index], measures[index - 1] if index else None, here[index].get(verse, {}))
            for index in place
        )
        yield "w: " + " | ".join(parts)


def _sung(measure: Measure, before: Measure | None, syllables: Mapping[int, Syllable]) -> str:
    """The syllables of a measure: one for each written note, and a star for a note without any."""
    text = ""
    for note in written_notes(measure.notes, measure.meter, is_pickup=begins_section(measure, before)):
        if note.pitch is None:
            continue
        syllable = syllables.get(note.onset)
        text += " " * bool(text and not text.endswith("-"))
        text += _syllable(syllable) if syllable else "*"
    return text


def _syllable(syllable: Syllable) -> str:
    plain = re.sub(r"[\\|*_]", "", syllable.text).replace("-", r"\-").replace(" ", "~").replace("%", r"\%")
    return (plain or "*") + "-" * syllable.goes_on


def _ends_line(count: int, measures: Sequence[Measure]) -> bool:
    has_pickup = not measures[0].is_full
    return (count - has_pickup) % MEASURES_A_LINE == 0 and count > has_pickup


def _changes(before: Measure | None, measure: Measure, context: Context, tempo_words: str) -> tuple[str, Context]:
    """The inline fields before a measure whose meter, key, transposition or tempo is new."""
    if before is None:
        return "", context
    fields = ""
    if measure.meter != before.meter:
        fields += f"[M:{measure.meter}]"
    transpose = _transpose(before.transposition, measure)
    if measure.key != before.key or transpose:
        fields += f"[K:{key_name(measure)}{transpose}]"
    tempo = _tempo(measure.tempo_bpm, tempo_words)
    if tempo and (tempo_words or measure.tempo_bpm != before.tempo_bpm):
        fields += f"[Q:{tempo}]"
    return fields + (" " if fields else ""), replace(context, meter=measure.meter, key=measure.key)


def _opening(before: Measure | None, measure: Measure) -> str:
    """What stands before a measure: the start of a repeat, and the sign of an ending."""
    repeat = "|: " if measure.repeat_start and (before is None or not before.repeat_end) else ""
    is_new = measure.endings and (before is None or before.endings != measure.endings or before.repeat_end)
    ending = "[" + ",".join(str(number) for number in measure.endings) + " " if is_new else ""
    return repeat + ending


def _form(signs: FormSigns) -> str:
    return "".join(_FORM_SIGNS[sign] for sign in FormSign if sign in signs)


def _barline(measure: Measure, after: Measure | None, style: str) -> str:
    if measure.repeat_end:
        return " :|" if after is None else (" :: " if after.repeat_start else " :| ")
    if after is None:
        return " |]"
    if after.repeat_start:
        return " "  # the sign for the start of a repeat is a barline too
    if measure.endings and after.endings == measure.endings:
        return " | "  # any other line would end the ending
    return f" {_BARLINES.get(style, '||' if measure.endings and not after.endings else '|')} "


def _measure_text(measure: Measure, context: Context, before: Measure | None, chords: Mapping[int, str]) -> str:
    is_pickup = begins_section(measure, before)
    notes = written_notes(measure.notes, measure.meter, is_pickup=is_pickup)
    written = write_notes(notes, [context] * len(notes), is_pickup=is_pickup)
    texts = [note.tuplet + note.text + note.space for note in written]
    for onset, chord in sorted(chords.items(), reverse=True):
        place = next((index for index, note in enumerate(notes) if note.end > onset), len(notes) - 1)
        name = chord.replace('"', "'")
        texts[place] = f'"{name}"{texts[place]}'
    return "".join(texts)
