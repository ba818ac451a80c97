"""One voice of an ABC tune, collected token by token into measures.

It knows nothing of pitches beyond how they are written; what they mean is read elsewhere (see
``reading``).
"""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from inpaint_desktop.documents.abc.fields import Context, UnreadableError, apply_field, field_of
from inpaint_desktop.documents.abc.located import LocatedMeasure, Lyrics, ScannedVoice
from inpaint_desktop.documents.abc.measures import CLOSING, TICKS_PER_WHOLE, OpenMeasure, OpenSound, located
from inpaint_desktop.documents.abc.signs import (
    chord_notes,
    ending_passes,
    form_sign,
    is_direction,
    note_length,
    split_note,
    written_octave,
)
from inpaint_desktop.documents.abc.tokens import Token
from inpaint_desktop.documents.limits import MAX_MEASURES, check_measure_count
from inpaint_desktop.score.form import AT_BEGINNING, NO_SIGNS, FormSign, FormSigns

ONE = Fraction(1)
MAX_NOTE_WHOLES = 64
SHORTEST_NOTE = Fraction(1, 4000)  # ten ticks, so that broken rhythm leaves some
MAX_OPEN_TUPLETS = 8
_OLD_CONTROLS = "\f\v\x1a"  # new pages, and the sign with which DOS ended a file
MAX_MEASURE_WHOLES = 256
MAX_MEASURE_TOKENS = 10_000
_NO_LINE = -2  # no line of lyrics stands below this one
LOWEST_OCTAVE, HIGHEST_OCTAVE = 0, 8


class VoiceScanner:
    """Takes the tokens of a voice one after another; ``close`` ends it, ``result`` says what was found."""

    def __init__(self, context: Context, file_name: str) -> None:
        self.context = context
        self._file_name = file_name
        self._closed: list[OpenMeasure] = []
        self._open = OpenMeasure(starts_section=True)
        self._tuplets: list[list[Fraction]] = []  # each a pair: notes that remain, factor
        self._pending_broken = ONE
        self._endings: tuple[int, ...] = ()
        self._overlay_start: int | None = None
        self._layered = 0  # barlines of a second layer that are still to come
        self._music_line = 0
        self._has_music_since_line = False
        self._lyrics: list[tuple[Token, int]] = []
        self._field = ""  # the letter of the field before
        self._measure_count = 0
        self._entered_at = self._left_at = -1
        self._stretches: list[tuple[int, int]] = []

    def enter(self, place: int) -> None:
        """Begin, or go on after text of other voices."""
        if self._left_at >= 0:
            self._record(Token("foreign", self._left_at, place, ""))
        self._entered_at = place

    def set_up(self, token: Token) -> None:
        """Take the properties of a ``V:`` field that stands outside of the voice."""
        self.context = apply_field(self.context, *field_of(token.text))

    def leave(self, place: int) -> None:
        """Let another voice have the text from here on."""
        self._stretches.append((self._entered_at, place))
        self._left_at = place

    def take(self, token: Token) -> None:
        """Take the next token of the voice.

        Raises:
            UnreadableError: it makes no sense here.
            FileTooLargeError: the voice is beyond the limits.
        """
        rule = _RULES.get(token.kind)
        if rule:
            rule(self, token)

    def close(self) -> None:
        """End the voice.

        Raises:
            UnreadableError: it breaks off inside a measure.
        """
        self._check_end()
        self._close("")

    def result(self, title: str, name: str) -> ScannedVoice | None:
        """What was found; nothing where the voice has no notes."""
        if not self._closed:
            return None
        self._tell_codas_apart()
        measures: list[LocatedMeasure] = []
        for slot, measure in enumerate(self._closed):
            measures += _in_score(measure, slot, len(measures) + (0 if self._closed[0].is_short else 1))
        first_of_slot = {one.slot: index for index, one in reversed(list(enumerate(measures)))}
        lyrics = self._lyrics_lines(first_of_slot)
        return ScannedVoice(self._file_name, title, name, tuple(measures), lyrics, tuple(self._stretches))

    def _tell_codas_apart(self) -> None:
        """Take the last sign of a coda for the coda, and those before it for the way there."""
        places = [measure for measure in self._closed if FormSign.CODA in measure.form_signs]
        for measure in places[:-1]:
            measure.form_signs.remove(FormSign.CODA)
            measure.form_signs.add(FormSign.TO_CODA_HERE)

    def _check_end(self) -> None:
        """A file that was cut off ends inside a line; a tune that ends with a short measure ends its line as well."""
        if not self._open.sounds or not self._open.is_short or self._open.items[-1][0].kind not in CLOSING:
            return
        first = self._closed[0].ticks if self._closed else 0
        if self._open.ticks + first != self._open.sounds[0].context.meter.ticks:
            message = "the tune breaks off inside a measure; open a complete copy, or add what is missing or a barline"
            raise UnreadableError(message)

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

    @property
    def _is_second_layer(self) -> bool:
        """Whether what comes now sounds at the time of what stands already."""
        return self._open.has_overlay or self._layered > 0

    # Fields and signs that stay where they are

    def _take_field(self, token: Token) -> None:
        """A field line or a comment."""
        before = self.context
        letter, value = field_of(token.text)
        if letter in {"w", "s"}:
            self._lyrics.append((token, self._music_line))
        elif token.text.startswith("+:") and self._field in {"w", "s"}:
            first, line = self._lyrics[-1]
            self._lyrics[-1] = (replace(first, stop=token.stop), line)
        self._field = letter or self._field
        self.context = apply_field(self.context, letter, value)
        self._record(token, self.context if self.context is not before else None)

    def _take_inline(self, token: Token) -> None:
        inner = replace(token, text=token.text[1:-1])
        if not inner.text.startswith(("w:", "s:")):
            self._take_field(inner)

    def _take_newline(self, token: Token) -> None:
        self._give_back_orders()
        items = self._open.items
        is_continued = bool(items) and items[-1][0].kind == "continuation"
        if self._has_music_since_line and not is_continued:
            self._music_line += 1
            self._has_music_since_line = False
        self._record(token)

    def _take_mark(self, token: Token) -> None:
        text = self.context.decoration(token.text)
        sign = form_sign(text)
        if sign is not None and not self._is_second_layer:
            self._take_form_sign(sign)
        self._record(replace(token, kind="direction" if is_direction(text) or text.startswith('"') else "ornament"))

    def _take_form_sign(self, sign: FormSign) -> None:
        """A sign of the form; a coda after notes, or before another one, is the way to it."""
        if self._open.sounds:
            sign = FormSign.TO_CODA if sign is FormSign.CODA else sign
        elif sign is FormSign.TO_CODA:
            sign = FormSign.TO_CODA_HERE
        self._open.form_signs.add(sign)

    def _give_back_orders(self) -> None:
        """Let orders that stand after a barline, and before no note, be those of the measure before it."""
        if self._closed and not self._open.sounds:
            orders = self._open.form_signs - AT_BEGINNING
            self._closed[-1].form_signs |= orders
            self._open.form_signs -= orders

    def _take_other(self, token: Token) -> None:
        if token.text in '["{':
            partner = {"[": "]", '"': '"', "{": "}"}[token.text]
            message = f"a {token.text} has no {partner} after it on its line; add one, or open a complete copy"
            raise UnreadableError(message)
        if (token.text < " " or token.text == "\x7f") and token.text not in _OLD_CONTROLS:
            message = "there is a character that no text has; open a sound copy of the file"
            raise UnreadableError(message)
        self._record(token)

    def _record(self, token: Token, context: Context | None = None) -> None:
        if self._layered and not self._open.sounds:
            token = replace(token, kind="layer")  # it belongs to the measures before
        self._open.items.append((token, len(self._open.sounds), context))
        if len(self._open.items) > MAX_MEASURE_TOKENS:
            message = f"a measure has more than {MAX_MEASURE_TOKENS} signs; add barlines"
            raise UnreadableError(message)

    # Notes and rests

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
        if ties_on and not self._is_second_layer:
            self._open.sounds[-1].ties_on = True

    def _take_long_rest(self, token: Token) -> None:
        count = int(token.text[1:5] or 1)
        if not 1 <= count <= MAX_MEASURES:
            message = f"{token.text[:20]} rests for too many measures; write at most Z{MAX_MEASURES}"
            raise UnreadableError(message)
        if not self._open.sounds and not self._is_second_layer:
            self._open.long_rest = count
        meter = self.context.meter
        self._add_sound(token, "", Fraction(meter.beats, meter.beat_type) / self.context.unit)

    def _take_repeat(self, token: Token) -> None:
        """A ``/`` that is alone in its measure says the measure before it once more."""
        self._record(token)
        if self._open.sounds or not self._closed or self._is_second_layer:
            return
        before = self._closed[-1].sounds
        self._open.repeats_previous = True
        self._open.sounds = [replace(sound, token=token, ties_on=False) for sound in before]
        self._open.lines = [_NO_LINE] * len(before)

    def _check_octave(self, written: str) -> None:
        octave = written_octave(written) + self.context.octave_shift
        if not LOWEST_OCTAVE <= octave <= HIGHEST_OCTAVE:
            message = f"the note {written[:20]} is out of any instrument's range; remove some of the octave marks"
            raise UnreadableError(message)

    def _add_sound(self, token: Token, written: str, multiple: Fraction) -> None:
        self._record(token)
        if written:
            self._has_music_since_line = True
        if self._is_second_layer:
            return
        factor = ONE
        if self._tuplets or self._pending_broken is not ONE:
            factor = self._pending_broken * self._tuplet_factor()
            self._pending_broken = ONE
        length = _length(multiple, self.context.unit, factor)
        if length is None:
            message = (
                f"the length of {token.text[:40]} cannot be used; write one up to {MAX_NOTE_WHOLES} whole notes,"
                " and not shorter than anyone can hear"
            )
            raise UnreadableError(message)
        self._open.sounds.append(OpenSound(token, written, length, self.context))
        self._open.lines.append(self._music_line)

    def _tuplet_factor(self) -> Fraction:
        factor = ONE
        for tuplet in self._tuplets:
            tuplet[0] -= 1
            factor *= tuplet[1]
        self._tuplets = [tuplet for tuplet in self._tuplets if tuplet[0] > 0]
        return factor

    # Signs that change notes

    def _take_tuplet(self, token: Token) -> None:
        parts = [int(part) if part else 0 for part in token.text[1:].split(":")]
        actual = parts[0]
        normal = (parts[1] if len(parts) > 1 else 0) or self._default_normal(actual)
        count = (parts[2] if len(parts) > 2 else 0) or actual
        if len(self._tuplets) >= MAX_OPEN_TUPLETS:
            message = f"{token.text} begins a tuplet in {MAX_OPEN_TUPLETS} others; write plain notes between them"
            raise UnreadableError(message)
        if actual < 1:
            message = f"{token.text} is not a tuplet; write one such as (3"
            raise UnreadableError(message)
        if not self._is_second_layer:
            self._tuplets.append([Fraction(count), Fraction(normal, actual)])
        self._record(token)

    def _default_normal(self, actual: int) -> int:
        by_meter = 3 if self.context.meter.is_compound else 2
        return {2: 3, 3: 2, 4: 3, 6: 2, 8: 3}.get(actual, by_meter)

    def _take_broken(self, token: Token) -> None:
        count = len(token.text)
        if count > 3:
            message = f"{token.text[:20]} has too many signs for broken rhythm; write at most three"
            raise UnreadableError(message)
        if self._open.sounds and not self._is_second_layer:
            short = Fraction(1, 2**count)
            first, second = (2 - short, short) if token.text[0] == ">" else (short, 2 - short)
            self._open.sounds[-1].length *= first
            self._pending_broken = second
        self._record(token)

    def _take_tie(self, token: Token) -> None:
        """A tie; one that stands after the barline belongs to the note before it."""
        if self._open.sounds:
            self._record(token)
            if not self._is_second_layer:
                self._open.sounds[-1].ties_on = True
        elif self._closed and not self._is_second_layer:
            self._closed[-1].sounds[-1].ties_on = True
            self._closed[-1].is_tied_outside = True

    def _take_overlay_start(self, token: Token) -> None:
        self._overlay_start = len(self._closed)
        self._record(token)

    def _take_overlay(self, token: Token) -> None:
        """Begin a second layer, which takes as many measures as there are signs, or as stand since ``(&``."""
        self._record(token)
        if token.text.endswith(")"):
            self._overlay_start = None
            return
        is_inside = bool(self._open.sounds)
        wanted = len(token.text) - is_inside
        before = wanted if self._overlay_start is None else len(self._closed) - self._overlay_start
        self._layered = min(before, len(self._closed))
        self._open.has_overlay = is_inside
        for measure in self._closed[len(self._closed) - self._layered :]:
            measure.has_overlay = True

    # Barlines

    def _take_ending(self, token: Token) -> None:
        passes = ending_passes(token.text)
        if self._open.sounds:
            self._record(token)
        self._endings = self._open.endings = passes

    def _take_barline(self, token: Token) -> None:
        if self._layered:
            self._layered -= 1
            self._record(token)
            return
        signs = token.text.rstrip("0123456789,-. \t")
        self._close(signs)
        if passes := ending_passes(token.text[len(signs) :]):
            self._endings = self._open.endings = passes

    def _close(self, barline: str) -> None:
        """End the measure, if there is one, and begin the next."""
        self._give_back_orders()
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
        signs = set() if measure.sounds else measure.form_signs
        self._open = OpenMeasure(
            starts_section=starts_section, repeat_start=repeat_start, endings=self._endings, form_signs=signs
        )

    def _keep(self, measure: OpenMeasure) -> None:
        measure.is_bound_to_next = bool(self._tuplets) or self._pending_broken is not ONE
        if len(measure.sounds) > 1:
            measure.long_rest = 0  # a rest beside notes cannot be divided into measures
        measure.complete()
        self._closed.append(measure)
        self._measure_count += measure.long_rest or 1
        check_measure_count(self._measure_count, self._file_name)
        if measure.ends[-1] > MAX_MEASURE_WHOLES * TICKS_PER_WHOLE:
            message = f"a measure is longer than {MAX_MEASURE_WHOLES} whole notes; add barlines"
            raise UnreadableError(message)


@lru_cache(maxsize=4096)
def _length(multiple: Fraction, unit: Fraction, factor: Fraction) -> Fraction | None:
    """How long a note sounds, in whole notes; nothing where it is beyond the limits."""
    length = multiple * unit * factor
    return length if SHORTEST_NOTE <= length <= MAX_NOTE_WHOLES else None


def _in_score(measure: OpenMeasure, slot: int, number: int) -> list[LocatedMeasure]:
    """The measure, or all those of one long rest, numbered from ``number`` on."""
    one, count = located(measure, slot, str(number)), measure.long_rest or 1
    if count == 1:
        return [one]
    marks = (
        replace(
            one.mark,
            number=str(number + place),
            repeat_start=measure.repeat_start and place == 0,
            repeat_end=measure.repeat_end and place == count - 1,
            form_signs=_signs_in_rest(one.mark.form_signs, is_first=place == 0, is_last=place == count - 1),
        )
        for place in range(count)
    )
    return [replace(one, mark=mark) for mark in marks]


def _signs_in_rest(signs: FormSigns, *, is_first: bool, is_last: bool) -> FormSigns:
    """Those of the signs at a rest of several measures that stand at one of them."""
    return (signs & AT_BEGINNING if is_first else NO_SIGNS) | (signs - AT_BEGINNING if is_last else NO_SIGNS)


_RULES: dict[str, Callable[[VoiceScanner, Token], None]] = {
    "field": VoiceScanner._take_field,
    "comment": VoiceScanner._take_field,
    "text": VoiceScanner._record,
    "inline": VoiceScanner._take_inline,
    "newline": VoiceScanner._take_newline,
    "space": VoiceScanner._record,
    "continuation": VoiceScanner._record,
    "string": VoiceScanner._record,
    "grace": VoiceScanner._record,
    "spacer": VoiceScanner._record,
    "linebreak": VoiceScanner._record,
    "slur_start": VoiceScanner._record,
    "slur_stop": VoiceScanner._record,
    "note": VoiceScanner._take_note,
    "chord": VoiceScanner._take_chord,
    "rest": VoiceScanner._take_rest,
    "long_rest": VoiceScanner._take_long_rest,
    "repeat_measure": VoiceScanner._take_repeat,
    "tuplet": VoiceScanner._take_tuplet,
    "broken": VoiceScanner._take_broken,
    "tie": VoiceScanner._take_tie,
    "overlay_start": VoiceScanner._take_overlay_start,
    "overlay": VoiceScanner._take_overlay,
    "mark": VoiceScanner._take_mark,
    "shorthand": VoiceScanner._take_mark,
    "other": VoiceScanner._take_other,
    "ending": VoiceScanner._take_ending,
    "barline": VoiceScanner._take_barline,
}
