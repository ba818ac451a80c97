"""Where the measures of an ABC tune lie, how long they last, and what governs them.

The scanner walks over the tokens of a tune body once. It knows nothing of pitches beyond how
they are written; what they mean is read elsewhere (see ``reading``). Durations are exact
fractions of a whole note until a measure is complete, and ticks from then on.

A measure's ``start`` and ``stop`` enclose its notes and what stands between them. What stands
before its first note and after its last one (chord symbols, inline fields, spaces, line ends,
comments) lies outside, and so stays as it is whatever happens to the notes.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from inpaint_desktop.documents.abc.fields import (
    EIGHTH,
    Context,
    UnreadableError,
    apply_field,
    unit_by_meter,
)
from inpaint_desktop.documents.abc.located import Item, LocatedMeasure, Lyrics, ScannedTune, Sound
from inpaint_desktop.documents.abc.signs import (
    chord_notes,
    ending_passes,
    is_direction,
    note_length,
    split_note,
    written_octave,
)
from inpaint_desktop.documents.abc.tokens import Token, tokenize
from inpaint_desktop.documents.abc.tunes import Tune
from inpaint_desktop.documents.document import MeasureMark
from inpaint_desktop.documents.limits import MAX_MEASURES, check_measure_count
from inpaint_desktop.errors import FileDamagedError, FileError, FileTooLargeError, FileUnsupportedError
from inpaint_desktop.score.meter import TICKS_PER_QUARTER

TICKS_PER_WHOLE = 4 * TICKS_PER_QUARTER
MAX_TUNE_LENGTH = 1_000_000
MAX_NOTE_WHOLES = 64
MAX_MEASURE_WHOLES = 256
MAX_MEASURE_TOKENS = 10_000
LOWEST_OCTAVE, HIGHEST_OCTAVE = 0, 8

_VOICE_NAME = re.compile(r"\b(?:name|nm)\s*=\s*(?:\"([^\"]*)\"|(\S+))")
_LINE = re.compile(r"[^\n]+")
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n)")
_FIELD = re.compile(r"([A-Za-z]):(.*)")

# What the text of a measure may begin and end with; everything else stays outside it.
_MUSIC = frozenset(
    {"note", "chord", "rest", "long_rest", "grace", "tuplet", "slur_start", "slur_stop", "tie", "broken", "ornament"}
)
_CLOSING = frozenset({"note", "chord", "rest", "long_rest", "slur_stop", "tie"})


def scan_tune(text: str, tune: Tune, file_name: str) -> ScannedTune:
    """Find the measures of ``tune`` in ``text``, whose line ends are even.

    Raises:
        FileDamagedError: the text is not ABC, with the line where it stops making sense.
        FileTooLargeError: the tune is beyond the limits.
        FileUnsupportedError: the tune has several voices.
    """
    if tune.body_start < 0:
        line = text.count("\n", 0, tune.start) + 1
        message = f"In {file_name}, the tune at line {line} has no K: line, which ends the header; add one such as K:C."
        raise FileDamagedError(message)
    if tune.stop - tune.start > MAX_TUNE_LENGTH:
        message = f"The tune {tune.label} of {file_name} is longer than {MAX_TUNE_LENGTH} characters; split it."
        raise FileTooLargeError(message)
    return _Scanner(text, tune, file_name).scan()


@dataclass(slots=True)
class _OpenSound:
    """A sound whose length may still change."""

    token: Token
    written: str
    multiple: Fraction
    length: Fraction
    context: Context
    signs: str
    ties_on: bool = False


@dataclass(slots=True)
class _OpenMeasure:
    """A measure that is being collected."""

    sounds: list[_OpenSound] = field(default_factory=list)
    items: list[tuple[Token, int, Context | None]] = field(default_factory=list)
    signs: str = ""
    lines: list[int] = field(default_factory=list)
    starts_section: bool = False
    repeat_start: bool = False
    repeat_end: bool = False
    endings: tuple[int, ...] = ()
    long_rest: int = 0
    is_bound_to_next: bool = False
    has_overlay: bool = False


class _Scanner:
    """Walks over a tune once; ``scan`` is the only entry."""

    def __init__(self, text: str, tune: Tune, file_name: str) -> None:
        self._text, self._tune, self._file_name = text, tune, file_name
        self._context = Context()
        self._voices: dict[str, str] = {}
        self._closed: list[_OpenMeasure] = []
        self._open = _OpenMeasure(starts_section=True)
        self._tuplets: list[list[Fraction]] = []  # each a pair: notes that remain, factor
        self._pending_broken = Fraction(1)
        self._endings: tuple[int, ...] = ()
        self._music_line = 0
        self._has_music_since_line = False
        self._lyrics: list[tuple[Token, int]] = []
        self._measure_count = 0

    def scan(self) -> ScannedTune:
        token = Token("field", self._tune.start, self._tune.start, "")
        try:
            for token in self._header_fields():
                self._take_field(token)
            self._choose_default_unit()
            for token in tokenize(self._text, self._tune.body_start, self._tune.stop):
                self._take(token)
            self._check_end()
            self._close("")
        except UnreadableError as error:
            raise self._damage(token, str(error)) from error
        if not self._closed:
            raise self._damage(token, "the tune has no notes; choose another tune or add some")
        return self._result()

    def _check_end(self) -> None:
        """Make sure that the tune does not break off inside a measure.

        Raises:
            UnreadableError: it does: there is no last barline, and the last measure is too short.
        """
        if not self._open.sounds or self._context.is_free:
            return
        full = self._open.sounds[0].context.meter.ticks
        first = _ticks(self._closed[0]) if self._closed else 0
        if _ticks(self._open) < full and _ticks(self._open) + first != full:
            message = "the tune breaks off inside a measure; open a complete copy, or add what is missing or a barline"
            raise UnreadableError(message)

    # The header

    def _header_fields(self) -> Iterator[Token]:
        """The fields of the file header, which hold for all tunes, then those of the tune header."""
        yield from self._lines(0, self._file_header_stop())
        yield from self._lines(self._tune.start, self._tune.body_start)

    def _file_header_stop(self) -> int:
        """Where the file header ends: at the first tune, or at the first blank line before it."""
        first_tune = 0 if self._text.startswith("X:") else self._text.find("\nX:")
        blank = _BLANK_LINE.search(self._text, 0, max(first_tune, 0))
        return blank.start() if blank else max(first_tune, 0)

    def _lines(self, start: int, stop: int) -> Iterator[Token]:
        for match in _LINE.finditer(self._text, start, stop):
            yield Token("field", match.start(), match.end(), match[0])

    def _choose_default_unit(self) -> None:
        if any(token.text.startswith("L:") for token in self._header_fields()):
            return
        unit = EIGHTH if self._context.is_free else unit_by_meter(self._context.meter)
        self._context = replace(self._context, unit=unit)

    # One token

    def _take(self, token: Token) -> None:
        rule = _RULES.get(token.kind)
        if rule:
            rule(self, token)

    def _take_field(self, token: Token) -> None:
        if token.kind == "comment" or token.text.startswith("%"):
            if token.text.startswith("%%"):
                self._context = apply_field(self._context, "I", token.text[2:])
            return
        match = _FIELD.match(token.text)
        if match is None:
            return
        if match[1] == "V":
            self._take_voice(token, match[2])
        if match[1] in "ws":
            self._lyrics.append((token, self._music_line))
        self._context = apply_field(self._context, match[1], match[2])

    def _take_own_line(self, token: Token) -> None:
        """A field line or a comment in the body."""
        before = self._context
        self._take_field(token)
        self._record(token, self._context if self._context is not before else None)

    def _take_inline(self, token: Token) -> None:
        inner = replace(token, text=token.text[1:-1])
        if not inner.text.startswith(("w:", "s:")):
            self._take_own_line(inner)

    def _take_voice(self, token: Token, value: str) -> None:
        voice = value.split("%")[0].split()
        name = _VOICE_NAME.search(value)
        if voice and voice[0] != "*":
            self._voices.setdefault(voice[0], (name[1] or name[2] or "") if name else "")
        if len(self._voices) > 1:
            names = " and ".join(f"V:{name}" for name in self._voices)
            message = (
                f"In {self._file_name}, line {self._line_of(token)}, the tune has several voices ({names}), and only"
                " tunes with one can be worked with; save the voice you want as a tune of its own."
            )
            raise FileUnsupportedError(message)

    def _take_sign(self, token: Token) -> None:
        self._record(token)

    def _take_newline(self, token: Token) -> None:
        items = self._open.items
        is_continued = bool(items) and items[-1][0].kind == "continuation"
        if self._has_music_since_line and not is_continued:
            self._music_line += 1
            self._has_music_since_line = False
        self._record(token)

    def _take_note(self, token: Token) -> None:
        written, length = split_note(token.text)
        self._check_octave(written)
        self._add_sound(token, written, note_length(length))

    def _take_rest(self, token: Token) -> None:
        self._add_sound(token, "", note_length(token.text[1:]))

    def _take_chord(self, token: Token) -> None:
        notes, multiple, ties_on = chord_notes(token.text)
        if not notes:
            self._record(token)
            return
        for written in notes:
            self._check_octave(written)
        self._add_sound(token, notes[-1], multiple)
        if ties_on and not self._open.has_overlay:
            self._open.sounds[-1].ties_on = True

    def _take_long_rest(self, token: Token) -> None:
        count = int(token.text[1:5] or 1)
        if not 1 <= count <= MAX_MEASURES:
            message = f"{token.text[:20]} rests for too many measures; write at most Z{MAX_MEASURES}"
            raise UnreadableError(message)
        if not self._open.sounds:
            self._open.long_rest = count
        meter = self._context.meter
        self._add_sound(token, "", Fraction(meter.beats, meter.beat_type) / self._context.unit)

    def _take_tuplet(self, token: Token) -> None:
        parts = [int(part) if part else 0 for part in token.text[1:].split(":")]
        actual = parts[0]
        normal = (parts[1] if len(parts) > 1 else 0) or self._default_normal(actual)
        count = (parts[2] if len(parts) > 2 else 0) or actual
        if actual < 1:
            message = f"{token.text} is not a tuplet; write one such as (3"
            raise UnreadableError(message)
        if not self._open.has_overlay:
            self._tuplets.append([Fraction(count), Fraction(normal, actual)])
            self._open.signs += f"({actual}:{normal}:{count}"
        self._record(token)

    def _default_normal(self, actual: int) -> int:
        by_meter = 3 if self._context.meter.is_compound else 2
        return {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(actual, by_meter)

    def _take_broken(self, token: Token) -> None:
        count = len(token.text)
        if count > 3:
            message = f"{token.text[:20]} has too many signs for broken rhythm; write at most three"
            raise UnreadableError(message)
        if self._open.sounds and not self._open.has_overlay:
            short = Fraction(1, 2**count)
            first, second = (2 - short, short) if token.text[0] == ">" else (short, 2 - short)
            self._open.sounds[-1].length *= first
            self._pending_broken = second
            self._open.signs += token.text
        self._record(token)

    def _take_tie(self, token: Token) -> None:
        sounds = self._open.sounds or (self._closed[-1].sounds if self._closed else [])
        if sounds and not self._open.has_overlay:
            sounds[-1].ties_on = True
        if self._open.sounds:
            self._record(token)

    def _take_overlay(self, token: Token) -> None:
        self._open.has_overlay = True
        self._record(token)

    def _take_mark(self, token: Token) -> None:
        self._record(replace(token, kind="direction" if is_direction(token.text) else "ornament"))

    def _take_other(self, token: Token) -> None:
        if token.text in '["{':
            partner = {"[": "]", '"': '"', "{": "}"}[token.text]
            message = f"a {token.text} has no {partner} after it on its line; add one, or open a complete copy"
            raise UnreadableError(message)
        if token.text < " " or token.text == "\x7f":
            message = "there is a character that no text has; open a sound copy of the file"
            raise UnreadableError(message)
        self._record(token)

    def _take_ending(self, token: Token) -> None:
        passes = ending_passes(token.text)
        if self._open.sounds:
            self._record(token)
        self._endings = self._open.endings = passes

    def _take_barline(self, token: Token) -> None:
        signs = token.text.rstrip("0123456789,-. \t")
        self._close(signs)
        if passes := ending_passes(token.text[len(signs) :]):
            self._endings = self._open.endings = passes

    # Building measures

    def _record(self, token: Token, context: Context | None = None) -> None:
        self._open.items.append((token, len(self._open.sounds), context))
        if len(self._open.items) > MAX_MEASURE_TOKENS:
            message = f"a measure has more than {MAX_MEASURE_TOKENS} signs; add barlines"
            raise UnreadableError(message)

    def _add_sound(self, token: Token, written: str, multiple: Fraction) -> None:
        self._record(token)
        if written:
            self._has_music_since_line = True
        if self._open.has_overlay:
            return
        length = multiple * self._context.unit * self._pending_broken * self._tuplet_factor()
        self._pending_broken = Fraction(1)
        if not 0 < length <= MAX_NOTE_WHOLES:
            message = f"the length of {token.text[:40]} cannot be used; write one up to {MAX_NOTE_WHOLES} whole notes"
            raise UnreadableError(message)
        signs, self._open.signs = self._open.signs, ""
        self._open.sounds.append(_OpenSound(token, written, multiple, length, self._context, signs))
        self._open.lines.append(self._music_line)

    def _tuplet_factor(self) -> Fraction:
        factor = Fraction(1)
        for tuplet in self._tuplets:
            tuplet[0] -= 1
            factor *= tuplet[1]
        self._tuplets = [tuplet for tuplet in self._tuplets if tuplet[0] > 0]
        return factor

    def _close(self, barline: str) -> None:
        """End the measure, if there is one, and begin the next."""
        measure = self._open
        is_heavy = len(barline.strip(".")) > 1
        if measure.sounds:
            self._keep(measure)
        if barline.startswith(":") and self._closed:
            self._closed[-1].repeat_end = True
        if is_heavy:
            self._endings = ()
        starts_section = is_heavy or (measure.starts_section and not measure.sounds)
        repeat_start = barline.endswith(":") or (measure.repeat_start and not measure.sounds)
        self._open = _OpenMeasure(starts_section=starts_section, repeat_start=repeat_start, endings=self._endings)

    def _keep(self, measure: _OpenMeasure) -> None:
        measure.is_bound_to_next = bool(self._tuplets) or self._pending_broken != 1
        if len(measure.sounds) > 1:
            measure.long_rest = 0  # a rest beside notes cannot be divided into measures
        self._closed.append(measure)
        self._measure_count += measure.long_rest or 1
        check_measure_count(self._measure_count, self._file_name)
        if sum(sound.length for sound in measure.sounds) > MAX_MEASURE_WHOLES:
            message = f"a measure is longer than {MAX_MEASURE_WHOLES} whole notes; add barlines"
            raise UnreadableError(message)

    def _check_octave(self, written: str) -> None:
        octave = written_octave(written) + self._context.octave_shift
        if not LOWEST_OCTAVE <= octave <= HIGHEST_OCTAVE:
            message = f"the note {written[:20]} is out of any instrument's range; remove some of the octave marks"
            raise UnreadableError(message)

    # The result

    def _result(self) -> ScannedTune:
        measures: list[LocatedMeasure] = []
        first = self._closed[0]
        has_pickup = not first.sounds[0].context.is_free and _ticks(first) < first.sounds[0].context.meter.ticks
        for slot, measure in enumerate(self._closed):
            located = self._located(measure, slot)
            count = measure.long_rest or 1
            for place in range(count):
                mark = replace(
                    located.mark,
                    number=str(len(measures) + (0 if has_pickup else 1)),
                    repeat_start=measure.repeat_start and place == 0,
                    repeat_end=measure.repeat_end and place == count - 1,
                )
                measures.append(replace(located, mark=mark))
        voice = next((name or voice for voice, name in self._voices.items()), "")
        first_of_slot = {one.slot: index for index, one in reversed(list(enumerate(measures)))}
        lyrics = self._lyrics_lines(first_of_slot)
        return ScannedTune(self._file_name, self._tune.title, voice, tuple(measures), lyrics)

    def _located(self, measure: _OpenMeasure, slot: int) -> LocatedMeasure:
        context = measure.sounds[0].context
        sounds = _timed(measure)
        if measure.long_rest:
            sounds = (Sound(0, context.meter.ticks, "", Fraction(1), context),)
        duration = sounds[-1].onset + sounds[-1].duration
        items = _inner_items(measure, (*(sound.onset for sound in sounds), duration))
        is_short = not context.is_free and duration < context.meter.ticks
        mark = MeasureMark(
            number="",  # and the repeats: known when the measures are counted
            start=items[0].start,
            stop=items[-1].stop,
            meter=context.meter,
            key=context.key,
            clef=context.clef,
            tempo_bpm=context.tempo_bpm,
            is_pickup=is_short and measure.starts_section and not measure.endings,
            endings=measure.endings,
        )
        is_bound, has_overlay = measure.is_bound_to_next, measure.has_overlay
        return LocatedMeasure(mark, context, sounds, items, duration, slot, is_bound, has_overlay)

    def _lyrics_lines(self, first_of_slot: dict[int, int]) -> tuple[Lyrics, ...]:
        slots: dict[int, list[int]] = {}
        for slot, measure in enumerate(self._closed):
            for sound, line in zip(measure.sounds, measure.lines, strict=True):
                if sound.written:
                    slots.setdefault(line, []).append(slot)
        lines = []
        for token, line in self._lyrics:
            mine = tuple(slots.get(line - 1, ()))
            lines.append(Lyrics(token.start + 2, token.stop, mine, tuple(first_of_slot[slot] for slot in mine)))
        return tuple(lines)

    def _line_of(self, token: Token) -> int:
        return self._text.count("\n", 0, token.start) + 1

    def _damage(self, token: Token, reason: str) -> FileError:
        return FileDamagedError(f"In {self._file_name}, line {self._line_of(token)}, {reason}.")


def _timed(measure: _OpenMeasure) -> tuple[Sound, ...]:
    """Turn fractions into ticks; onsets are rounded, so that nothing adds up."""
    sounds, end = [], Fraction(0)
    for sound in measure.sounds:
        onset, end = end, end + sound.length
        first, last = round(onset * TICKS_PER_WHOLE), round(end * TICKS_PER_WHOLE)
        written, signs, ties_on = sound.written, sound.signs, sound.ties_on
        sounds.append(Sound(first, last - first, written, sound.multiple, sound.context, signs, ties_on))
    return tuple(sounds)


def _ticks(measure: _OpenMeasure) -> int:
    if measure.long_rest:
        return measure.sounds[0].context.meter.ticks
    return round(sum(sound.length for sound in measure.sounds) * TICKS_PER_WHOLE)


def _inner_items(measure: _OpenMeasure, onsets: tuple[int, ...]) -> tuple[Item, ...]:
    """The tokens from the first that belongs to a note to the last one."""
    items = measure.items
    if measure.long_rest:
        items = [item for item in items if item[0].kind == "long_rest"]
    first = next(index for index, (token, _, _) in enumerate(items) if token.kind in _MUSIC)
    last = max(index for index, (token, _, _) in enumerate(items) if token.kind in _CLOSING)
    return tuple(
        Item(token.kind, token.start, token.stop, onsets[min(index, len(onsets) - 1)], context)
        for token, index, context in items[first : last + 1]
    )


_RULES: dict[str, Callable[[_Scanner, Token], None]] = {
    "field": _Scanner._take_own_line,
    "comment": _Scanner._take_own_line,
    "inline": _Scanner._take_inline,
    "newline": _Scanner._take_newline,
    "space": _Scanner._take_sign,
    "continuation": _Scanner._take_sign,
    "string": _Scanner._take_sign,
    "grace": _Scanner._take_sign,
    "spacer": _Scanner._take_sign,
    "slur_start": _Scanner._take_sign,
    "slur_stop": _Scanner._take_sign,
    "note": _Scanner._take_note,
    "chord": _Scanner._take_chord,
    "rest": _Scanner._take_rest,
    "long_rest": _Scanner._take_long_rest,
    "tuplet": _Scanner._take_tuplet,
    "broken": _Scanner._take_broken,
    "tie": _Scanner._take_tie,
    "overlay": _Scanner._take_overlay,
    "mark": _Scanner._take_mark,
    "shorthand": _Scanner._take_mark,
    "other": _Scanner._take_other,
    "ending": _Scanner._take_ending,
    "barline": _Scanner._take_barline,
}
