"""What the text of an ABC tune shows besides its melody, as an edition in MusicXML.

Chord symbols, words, decorations, grace notes, slurs, the lower notes of chords, lyrics, the kinds of barlines
and the ends of lines are found in the text, by the tokens that the scanner knows of. What stands before the
first note of a measure or after its last one is looked for between the measures.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from inpaint_desktop.documents.abc.chord_symbols import string_markup, words_markup
from inpaint_desktop.documents.abc.decorations import direction_of, notation_of
from inpaint_desktop.documents.abc.document import AbcDocument
from inpaint_desktop.documents.abc.fields import ALTERATIONS, Context
from inpaint_desktop.documents.abc.located import ScannedVoice
from inpaint_desktop.documents.abc.signs import chord_notes, ending_passes, is_direction, written_octave
from inpaint_desktop.documents.abc.tokens import LENGTH, NOTE, Token, tokenize
from inpaint_desktop.documents.abc.tunes import Tune, even_lines
from inpaint_desktop.documents.abc.verses import syllables
from inpaint_desktop.documents.musicxml.edition import ChordNote, Edition, MeasureEdition, Notation, Sign
from inpaint_desktop.documents.musicxml.markup import Markup
from inpaint_desktop.documents.rhythm import kind_and_dots
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch

_HEADER_FIELD = re.compile(r"^([A-Z]):[ \t]*([^\n%]*)", re.MULTILINE)
_GRACE_NOTE = re.compile(rf"({NOTE}){LENGTH}")
_TEMPO = re.compile(
    r'(?:"([^"]*)")?\s*(?:(\d{1,3})/(\d{1,3})\s*=\s*(\d{1,4}(?:\.\d{1,3})?))?\s*(?:"([^"]*)")?\s*(?:%.*)?'
)
_FIELD_LINE = re.compile(r"^([MQ]):(.*)$", re.MULTILINE)
_TIME_SYMBOLS = {"C": "common", "C|": "cut"}
_BARLINES = {"||": "light-light", "|]": "light-heavy", "[|": "heavy-light", ".|": "dotted"}
_ACCIDENTALS = {"^": "sharp", "^^": "double-sharp", "_": "flat", "__": "flat-flat", "=": "natural"}
_CLEFS = {
    "treble": ("G", "2"),
    "bass": ("F", "4"),
    "bass3": ("F", "3"),
    "baritone": ("F", "3"),
    "alto": ("C", "3"),
    "alto1": ("C", "1"),
    "alto2": ("C", "2"),
    "tenor": ("C", "4"),
    "soprano": ("C", "1"),
    "mezzosoprano": ("C", "2"),
}
_MOST_SLURS = 6  # that MusicXML can tell apart at one time


def abc_edition(document: AbcDocument, part: int | None, *, voice: int = 0) -> Edition:
    """Find what a printed copy of a voice of the tune shows besides the notes of its melody."""
    text = even_lines(document.text)
    scanned = document.scanned.voices[voice]
    found = _Finder(text, document.tune, scanned).find()
    fields = _header(text[document.tune.start : document.tune.body_start])
    return Edition(
        creators=_creators(fields),
        credits=_credits(fields),
        clef=_clef(scanned.measures[0].context),
        measures={index: one.finished() for index, one in enumerate(found)},
        part=part,
    )


def _header(text: str) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for letter, value in _HEADER_FIELD.findall(text):
        if value.strip():
            fields.setdefault(letter, []).append(value.strip())
    return fields


def _creators(fields: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    composers = ", ".join(fields.get("C", []))
    origins = f"({', '.join(fields['O'])})" if "O" in fields else ""
    composer = f"{composers} {origins}".strip()
    return tuple((role, who) for role, who in (("composer", composer), *_authors(fields)) if who)


def _authors(fields: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [("lyricist", author) for author in fields.get("A", [])]


def _credits(fields: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    rhythm = fields.get("R", [])[:1]
    subtitles = [("subtitle", title) for title in fields.get("T", [])[1:2]]
    return (*subtitles, *(("rhythm", name[:1].upper() + name[1:]) for name in rhythm))


def _clef(context: Context) -> tuple[str, str, int] | None:
    """The clef that the tune asks for; with the usual one, the range of the tune decides."""
    octaves = {"+8": 1, "-8": -1}.get(context.clef[-2:], 0)
    name = context.clef[:-2] if octaves else context.clef
    if name not in _CLEFS or context.clef == "treble":
        return None
    return (*_CLEFS[name], octaves)


@dataclass(slots=True)
class _OpenEdition:
    """What has been found of one measure."""

    begins_line: bool = False
    tempo: Markup | None = None
    time_symbol: str = ""
    barline: str = ""
    signs: list[Sign] = field(default_factory=list)
    graces: list[Sign] = field(default_factory=list)
    notations: list[Notation] = field(default_factory=list)
    lyrics: list[Sign] = field(default_factory=list)
    chord_notes: list[ChordNote] = field(default_factory=list)

    def finished(self) -> MeasureEdition:
        """Put it in order: at one time, grace notes stand next to the note."""
        signs = sorted([*self.signs, *self.graces], key=lambda sign: sign.onset)
        return MeasureEdition(
            begins_line=self.begins_line,
            tempo=self.tempo,
            time_symbol=self.time_symbol,
            barline=self.barline,
            signs=tuple(signs),
            notations=tuple(self.notations),
            lyrics=tuple(self.lyrics),
            chord_notes=tuple(self.chord_notes),
        )


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place in the text with a measure, or with the measures of one long rest."""

    first: int
    last: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Here:
    """A measure by its index, and the tick in it."""

    index: int
    onset: int


class _Finder:
    """Walks over the tokens of a tune once; ``find`` is the only entry."""

    def __init__(self, text: str, tune: Tune, scanned: ScannedVoice) -> None:
        self._text, self._tune, self._scanned = text, tune, scanned
        self._found = [_OpenEdition() for _ in self._scanned.measures]
        self._open_slurs: list[tuple[_Here, int]] = []

    def find(self) -> list[_OpenEdition]:
        """Return what each measure shows."""
        for match in _FIELD_LINE.finditer(self._text, self._tune.start, self._tune.body_start):
            self._take_value(match[1], match[2], _Here(0, 0))
        for token, here in self._places():
            rule = _RULES.get(token.kind)
            if rule:
                rule(self, token, here)
        for syllable in syllables(self._text, self._scanned.measures, self._scanned.lyrics):
            self._found[syllable.measure].lyrics.append(Sign(syllable.onset, syllable.markup))
        return self._found

    # Where tokens stand

    def _tokens(self) -> Iterator[Token]:
        for start, stop in self._scanned.stretches:
            yield from tokenize(self._text, start, stop)

    def _slots(self) -> list[_Slot]:
        slots: list[_Slot] = []
        for index, measure in enumerate(self._scanned.measures):
            if slots and measure.slot == self._scanned.measures[index - 1].slot:
                slots[-1] = replace(slots[-1], last=index)
            else:
                slots.append(_Slot(index, index, measure.mark.start, measure.mark.stop))
        return slots

    def _places(self) -> Iterator[tuple[Token, _Here]]:
        """All tokens with their places; those between two measures belong to the first up to the barline."""
        slots, number = self._slots(), -1
        onsets = {item.start: item.onset for measure in self._scanned.measures for item in measure.items}
        between: list[Token] = []
        for token in self._tokens():
            if number + 1 < len(slots) and token.start >= slots[number + 1].start:
                yield from self._places_between(between, slots, number)
                number, between = number + 1, []
            if number < 0 or token.start >= slots[number].stop:
                between.append(token)
            elif token.start in onsets:
                yield token, _Here(slots[number].first, onsets[token.start])
        yield from self._places_between(between, slots, number)

    def _places_between(
        self, tokens: Sequence[Token], slots: Sequence[_Slot], number: int
    ) -> Iterator[tuple[Token, _Here]]:
        """The places of the tokens after slot ``number``."""
        barline = next((place for place, token in enumerate(tokens) if token.kind == "barline"), None)
        if number >= 0:
            last = slots[number].last
            for token in tokens[:barline] if barline is not None or number + 1 == len(slots) else ():
                yield token, _Here(last, self._scanned.measures[last].duration)
            if barline is not None:
                self._found[last].barline = _BARLINES.get(tokens[barline].text.rstrip("0123456789,-. \t"), "")
        if number + 1 < len(slots):
            first = slots[number + 1].first
            self._found[first].begins_line = number >= 0 and _has_line_end(tokens)
            for token in tokens if number < 0 or barline is None else tokens[barline:]:
                yield token, _Here(first, 0)

    # What tokens show

    def _take_string(self, token: Token, here: _Here) -> None:
        self._add_sign(here, string_markup(token.text[1:-1]))

    def _add_sign(self, here: _Here, markup: Markup | None) -> None:
        if markup is not None:
            self._found[here.index].signs.append(Sign(here.onset, markup))

    def _take_ending(self, token: Token, here: _Here) -> None:
        """An ending has its numbers from the melody; one that bears words shows them."""
        words = token.text.lstrip("[").strip(' "')
        self._add_sign(here, words_markup(words) if words and not ending_passes(words) else None)

    def _take_mark(self, token: Token, here: _Here) -> None:
        text = self._scanned.measures[here.index].context.decoration(token.text)
        if text.startswith('"'):
            self._add_sign(here, string_markup(text[1:-1]))
            return
        direction = direction_of(text)
        notation = None if direction else notation_of(text)
        self._add_sign(here, direction)
        if notation is not None:
            is_at_end = is_direction(text)  # a breath mark stands after its note
            self._found[here.index].notations.append(Notation(here.onset, notation, is_at_end))

    def _take_grace(self, token: Token, here: _Here) -> None:
        context = self._scanned.measures[here.index].context
        self._found[here.index].graces += [Sign(here.onset, one) for one in _grace_notes(token.text, context)]

    def _take_chord(self, token: Token, here: _Here) -> None:
        context = self._scanned.measures[here.index].context
        for written in chord_notes(token.text)[0][:-1]:
            pitch, accidental = _pitch(written, context)
            self._found[here.index].chord_notes.append(ChordNote(here.onset, pitch, accidental))

    def _take_slur_start(self, _: Token, here: _Here) -> None:
        taken = {number for _, number in self._open_slurs}
        free = next((number for number in range(1, _MOST_SLURS + 1) if number not in taken), None)
        if free is not None:
            self._open_slurs.append((here, free))

    def _take_slur_stop(self, _: Token, here: _Here) -> None:
        """End the innermost slur; or the one around it, if that one has just begun on this very note."""
        if not self._open_slurs:
            return
        ended = [sound.onset for sound in self._scanned.measures[here.index].sounds if sound.onset < here.onset]
        has_just_begun = bool(ended) and self._open_slurs[-1][0] == _Here(here.index, ended[-1])
        start, number = self._open_slurs.pop(-2 if has_just_begun and len(self._open_slurs) > 1 else -1)
        for place, end in ((start, "start"), (here, "stop")):
            slur: Markup = (f'slur number="{number}" type="{end}"', "")
            self._found[place.index].notations.append(Notation(place.onset, slur, end == "stop"))

    def _take_field(self, token: Token, here: _Here) -> None:
        letter, _, value = token.text.strip("[]").partition(":")
        self._take_value(letter, value, here)

    def _take_value(self, letter: str, value: str, here: _Here) -> None:
        if letter == "Q":
            self._found[here.index].tempo = _tempo(value)
        elif letter == "M":
            self._found[here.index].time_symbol = _TIME_SYMBOLS.get(value.split("%")[0].strip(), "")


def _has_line_end(tokens: Sequence[Token]) -> bool:
    kinds = [token.kind for token in tokens]
    return "linebreak" in kinds or any(
        kind == "newline" and before != "continuation" for before, kind in pairwise(["", *kinds])
    )


def _pitch(written: str, context: Context) -> tuple[Pitch, str]:
    """A note as it is written, and the name of its accidental; those before it in the measure are not looked at."""
    name = written.lstrip("^_=")
    sign = written.removesuffix(name)
    step = name[0].upper()
    alter = ALTERATIONS[sign] if sign else context.alter(step)
    return Pitch(step, alter, written_octave(written) + context.octave_shift), _ACCIDENTALS.get(sign, "")


def _grace_notes(text: str, context: Context) -> Iterator[Markup]:
    written = [match[1] for match in _GRACE_NOTE.finditer(text)]
    kind = "eighth" if len(written) == 1 else "16th"
    slash = ' slash="yes"' if text.startswith("{/") else ""
    for index, one in enumerate(written):
        pitch, accidental = _pitch(one, context)
        alter: list[Markup] = [("alter", str(pitch.alter))] if pitch.alter else []
        children: list[Markup] = [
            (f"grace{slash}", ""),
            ("pitch", [("step", pitch.step), *alter, ("octave", str(pitch.octave))]),
            ("voice", "1"),
            ("type", kind),
            *([("accidental", accidental)] if accidental else []),
            *_grace_beams(index, len(written)),
        ]
        yield ("note", children)


def _grace_beams(index: int, count: int) -> Iterator[Markup]:
    if count > 1:
        role = "begin" if index == 0 else "end" if index == count - 1 else "continue"
        yield from ((f'beam number="{level}"', role) for level in (1, 2))


def _tempo(value: str) -> Markup | None:
    """A tempo as it is written; nothing for a number alone, which the melody knows."""
    match = _TEMPO.fullmatch(value.strip())
    words = " ".join(filter(None, (match[1], match[5]))) if match else ""
    beat = _beat(match[2], match[3]) if match and match[2] else None
    if match is None or not (words or beat):
        return None
    types: list[Markup] = [("direction-type", [("words", words)])] if words else []
    sound: list[Markup] = []
    if beat is not None:
        unit, quarters = beat
        types.append(("direction-type", [("metronome", [*unit, ("per-minute", match[4])])]))
        sound.append((f'sound tempo="{float(match[4]) * float(quarters):g}"', ""))
    return ('direction placement="above"', [*types, *sound])


def _beat(numerator: str, denominator: str) -> tuple[list[Markup], Fraction] | None:
    """The note that is counted, and how many quarters it lasts."""
    if int(denominator) == 0:
        return None
    quarters = Fraction(4 * int(numerator), int(denominator))
    ticks = quarters * TICKS_PER_QUARTER
    value = kind_and_dots(int(ticks)) if ticks.denominator == 1 else None
    return ([("beat-unit", value[0]), *([("beat-unit-dot", "")] * value[1])], quarters) if value else None


_RULES: dict[str, Callable[[_Finder, Token, _Here], None]] = {
    "string": _Finder._take_string,
    "mark": _Finder._take_mark,
    "shorthand": _Finder._take_mark,
    "ending": _Finder._take_ending,
    "grace": _Finder._take_grace,
    "chord": _Finder._take_chord,
    "slur_start": _Finder._take_slur_start,
    "slur_stop": _Finder._take_slur_stop,
    "inline": _Finder._take_field,
    "field": _Finder._take_field,
}
