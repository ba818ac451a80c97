"""What the fields of an ABC tune (``M:``, ``L:``, ``K:``, ``Q:``) say about the notes after them.

A ``Context`` is the state of all of them at one place in the tune; a field makes the next one.
The rules are those of the ABC standard 2.1, sections 3 and 4.6.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from inpaint_desktop.documents.limits import MAX_BEAT_TYPE, MAX_BEATS, MAX_FIFTHS
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import STEPS

MAX_TEMPO_BPM = 2000
MAX_OCTAVE_SHIFT = 4
SHORTEST_UNIT = Fraction(1, 128)
LONGEST_UNIT = Fraction(4)
EIGHTH = Fraction(1, 8)
FREE_METER = Meter(4, 4)  # what a tune without a meter is shown in
NO_SIGNATURE = KeySignature(0)

_FIELD = re.compile(r"([A-Za-z]):(.*)")
_QUOTED = re.compile(r'"[^"]*"')
_SYMBOL = re.compile(r"([~.H-Yh-y])\s*=\s*(![^!]{1,40}!|\+[^+]{1,40}\+|\"[^\"]{1,100}\")")
_METER = re.compile(r"\(?\s*(\d{1,12}(?:\s*\+\s*\d{1,12}){0,16})\s*\)?\s*/\s*(\d{1,12})(?:[\s\]].*)?", re.DOTALL)
_UNIT = re.compile(r"(\d{1,4})(?:\s*/\s*(\d{1,4}))?")
_TONIC = re.compile(r"([A-Ga-g])([#b]?)(?![#b])\s*([A-Za-z]*)(?![A-Za-z])")
_OPTION = re.compile(r"[A-Za-z]{2,20}\s*=\s*\S+")
_KEY_ACCIDENTAL = re.compile(r"(\^\^|\^|__|_|=)([A-Ga-g])")
_CLEF = re.compile(
    r"(?:clef\s*=\s*|(?<![\w=]))(treble|bass3?|alto[12]?|tenor|soprano|mezzosoprano|baritone|perc)([+-]8)?(?!\w)"
)
_CLEF_SIGN = re.compile(r"clef\s*=\s*\"?([GFC][1-5]?)([+-]8)?(?![\w,'])")
_OCTAVE = re.compile(r"(?<!\w)octave\s*=\s*([+-]?\d{1,3})")
_TRANSPOSE = re.compile(r"(?<!\w)transpose\s*=\s*([+-]?\d{1,3})(?!\d)", re.ASCII)
_MIDI_TRANSPOSE = re.compile(r"MIDI\s+transpose\s+([+-]?\d{1,3})(?!\d)", re.ASCII)
_BEATS_PER_MINUTE = re.compile(r"((?:\d{1,3}\s*/\s*\d{1,3}\s+)*\d{1,3}\s*/\s*\d{1,3})\s*=\s*(\d{1,6}(?:\.\d{1,6})?)")
_UNITS_PER_MINUTE = re.compile(r"(?:[Cc](\d{0,2})\s*=\s*)?(\d{1,6})")

_TONIC_FIFTHS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_ACCIDENTAL_FIFTHS = {"": 0, "#": 7, "b": -7}
_MODES = {
    "maj": (0, "major"),
    "ion": (0, "major"),
    "min": (-3, "minor"),
    "aeo": (-3, "minor"),
    "m": (-3, "minor"),
    "mix": (-1, "mixolydian"),
    "dor": (-2, "dorian"),
    "phr": (-4, "phrygian"),
    "lyd": (1, "lydian"),
    "loc": (-5, "locrian"),
}
_CLEFS_BY_SIGN = {
    "G": "treble",
    "G2": "treble",
    "F": "bass",
    "F4": "bass",
    "F3": "bass3",
    "C": "alto",
    "C1": "soprano",
    "C2": "mezzosoprano",
    "C3": "alto",
    "C4": "tenor",
    "C5": "baritone",
}
_CLEF_OCTAVES = {"+8": 1, "-8": -1}
ALTERATIONS = {"^^": 2, "^": 1, "=": 0, "_": -1, "__": -2}
_NO_METER = frozenset({"", "none", "free"})


class UnreadableError(Exception):
    """A piece of ABC means nothing; the sentence lacks file and line, which the scanner adds."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the fields before a note say about it.

    ``unit`` is the length of a note without a number, in whole notes. ``exceptions`` are the
    alterations of a signature that no ``KeySignature`` can hold, such as ``K:D exp _b ^f``.
    ``propagation`` says how far an accidental reaches: ``pitch``, ``octave`` or ``not``.
    ``symbols`` are the letters that ``U:`` gives to decorations. ``transposition`` is how many semitones
    higher than written the notes sound.
    """

    meter: Meter = FREE_METER
    is_free: bool = True
    unit: Fraction = EIGHTH
    key: KeySignature = NO_SIGNATURE
    exceptions: tuple[tuple[str, int], ...] = ()
    clef: str = "treble"
    tempo_bpm: float | None = None
    written_octave_shift: int = 0
    propagation: str = "pitch"
    symbols: tuple[tuple[str, str], ...] = ()
    transposition: int = 0

    @property
    def octave_shift(self) -> int:
        """How many octaves higher than its letter a note is: as ``octave=`` says, and the 8 at the clef."""
        return self.written_octave_shift + _CLEF_OCTAVES.get(self.clef[-2:], 0)

    def alter(self, step: str) -> int:
        """The alteration that the key signature gives to ``step``."""
        return dict(self.exceptions).get(step, self.key.alter(step))

    def decoration(self, text: str) -> str:
        """The decoration that ``text`` stands for, be it one itself or a letter for it."""
        return dict(self.symbols).get(text, text)


def field_of(text: str) -> tuple[str, str]:
    """The letter and the value of a field, be it a line or inline; empty where it is none. A directive is an ``I``."""
    if text.startswith("%"):
        return ("I", text[2:]) if text.startswith("%%") else ("", "")
    match = _FIELD.match(text[1:-1] if text.startswith("[") else text)
    return (match[1], match[2]) if match else ("", "")


def apply_field(context: Context, letter: str, value: str) -> Context:
    """Make the context after the field ``letter:value``; fields without a say in it change nothing.

    Raises:
        UnreadableError: the value is not one that the field can have.
    """
    rule = _RULES.get(letter)
    return rule(context, value.split("%")[0].strip()) if rule else context


def unit_by_meter(meter: Meter) -> Fraction:
    """The unit length of a tune without ``L:``."""
    return Fraction(1, 16) if Fraction(meter.beats, meter.beat_type) < Fraction(3, 4) else EIGHTH


def _with_meter(context: Context, value: str) -> Context:
    if value.lower() in _NO_METER or value.upper().startswith("FREI"):  # as the Essen collection calls it
        return replace(context, is_free=True)
    return replace(context, meter=parse_meter(value), is_free=False)


def parse_meter(value: str) -> Meter:
    """Read the value of ``M:``.

    Raises:
        UnreadableError: it is not a meter, or one beyond the limits.
    """
    if value in {"C", "C|"}:
        return Meter(4, 4) if value == "C" else Meter(2, 2)
    match = _METER.fullmatch(value)
    if match is None:
        message = f"the meter M:{value[:40]} cannot be read; write one such as M:4/4 or M:6/8"
        raise UnreadableError(message)
    beats, beat_type = sum(int(part) for part in match[1].split("+")), int(match[2])
    if not 1 <= beats <= MAX_BEATS or beat_type not in {1, 2, 4, 8, 16, 32, MAX_BEAT_TYPE}:
        message = (
            f"the meter M:{value[:40]} is beyond what can be handled (up to {MAX_BEATS} beats, and a power of two"
            f" up to {MAX_BEAT_TYPE} below them); write one such as M:4/4 or M:6/8"
        )
        raise UnreadableError(message)
    return Meter(beats, beat_type)


def _with_unit(context: Context, value: str) -> Context:
    match = _UNIT.fullmatch(value)
    denominator = int(match[2] or 1) if match else 0
    unit = Fraction(int(match[1]), denominator) if match and denominator else Fraction(0)
    if not SHORTEST_UNIT <= unit <= LONGEST_UNIT:
        message = f"the unit length L:{value[:40]} cannot be used; write one such as L:1/8"
        raise UnreadableError(message)
    return replace(context, unit=unit)


def _with_key(context: Context, value: str) -> Context:
    context, is_empty = _with_clef(context, value), not value
    if value[:2] in {"HP", "Hp"}:  # the Highland pipes sound F and C sharp, with a signature or without
        return replace(context, key=KeySignature(2), exceptions=())
    value = _OPTION.sub(" ", value).strip() if "=" in value else value
    tonic = _tonic(value)
    if value.lower().startswith("none") or is_empty:
        key = KeySignature(0)
    elif tonic:
        key = _key_of(*tonic)
    else:
        return context  # only a clef, or something else that does not change the key
    changes = {step.upper(): ALTERATIONS[sign] for sign, step in _KEY_ACCIDENTAL.findall(value[1:])}
    return replace(context, **_signature(key, changes))  # type: ignore[arg-type]


def _tonic(value: str) -> tuple[str, str, str] | None:
    """The tonic, its accidental and the word after it; a small letter may also begin ``bass`` or ``alto``."""
    match = _TONIC.match(value)
    if match is None:
        return None
    word = match[3].lower()
    is_other_word = match[1].islower() and word and word != "m" and word[:3] not in _MODES
    return None if is_other_word else (match[1].upper(), match[2], word)


def _key_of(tonic: str, accidental: str, word: str) -> KeySignature:
    shift, mode = _MODES.get("m" if word == "m" else word[:3], (0, "major"))
    if word == "exp":
        return KeySignature(0)
    fifths = _TONIC_FIFTHS[tonic] + _ACCIDENTAL_FIFTHS[accidental] + shift
    if abs(fifths) > MAX_FIFTHS:
        message = f"the key K:{tonic}{accidental} {mode} has more than {MAX_FIFTHS} accidentals; write a simpler one"
        raise UnreadableError(message)
    return KeySignature(fifths, mode)


def _signature(key: KeySignature, changes: dict[str, int]) -> dict[str, object]:
    """Fold explicit accidentals into the key where some signature has just these."""
    altered = {step: changes.get(step, key.alter(step)) for step in STEPS}
    for fifths in range(-MAX_FIFTHS, MAX_FIFTHS + 1):
        if all(KeySignature(fifths).alter(step) == alter for step, alter in altered.items()):
            return {"key": key if fifths == key.fifths else KeySignature(fifths), "exceptions": ()}
    return {"key": key, "exceptions": tuple(sorted(changes.items()))}


def _with_clef(context: Context, value: str) -> Context:
    clef, sign, octave = _CLEF.search(value), _CLEF_SIGN.search(value), _OCTAVE.search(value)
    context = _with_transposition(context, _TRANSPOSE.search(value))
    if clef:
        context = replace(context, clef=clef[1] + (clef[2] or ""))
    elif sign and sign[1] in _CLEFS_BY_SIGN:
        context = replace(context, clef=_CLEFS_BY_SIGN[sign[1]] + (sign[2] or ""))
    if octave is None:
        return context
    if abs(int(octave[1])) > MAX_OCTAVE_SHIFT:
        message = f"octave={octave[1]} is too far; write a number from -{MAX_OCTAVE_SHIFT} to {MAX_OCTAVE_SHIFT}"
        raise UnreadableError(message)
    return replace(context, written_octave_shift=int(octave[1]))


def _with_transposition(context: Context, match: re.Match[str] | None) -> Context:
    return replace(context, transposition=int(match[1])) if match else context


def _with_voice(context: Context, value: str) -> Context:
    """The properties after the name of a voice, which may be ``bass`` or ``tenor`` itself."""
    properties = value.split(maxsplit=1)[1:]
    return _with_clef(context, _QUOTED.sub("", properties[0])) if properties else context


def _with_tempo(context: Context, value: str) -> Context:
    return replace(context, tempo_bpm=parse_tempo(value, context.unit))


def parse_tempo(value: str, unit: Fraction) -> float | None:
    """Read the value of ``Q:`` as quarter notes a minute, or ``None`` where it gives no number.

    A number alone counts quarters, as programs have it now; it once counted unit lengths.
    """
    text = _QUOTED.sub("", value).strip()
    if match := _BEATS_PER_MINUTE.search(text):
        beat = sum((_fraction(part) for part in re.findall(r"\d+\s*/\s*\d+", match[1])), Fraction(0))
        tempo = float(match[2]) * float(beat * 4)
    elif match := _UNITS_PER_MINUTE.fullmatch(text):
        is_by_unit = "=" in text
        tempo = int(match[2]) * (float(unit * 4) * int(match[1] or 1) if is_by_unit else 1.0)
    else:
        return None
    return tempo if 0 < tempo <= MAX_TEMPO_BPM else None


def _fraction(text: str) -> Fraction:
    numerator, denominator = (int(part) for part in text.split("/"))
    return Fraction(numerator, denominator) if denominator else Fraction(0)


def _with_symbol(context: Context, value: str) -> Context:
    match = _SYMBOL.fullmatch(value)
    return replace(context, symbols=(*context.symbols, (match[1], match[2]))) if match else context


def _with_directive(context: Context, value: str) -> Context:
    context = _with_transposition(context, _MIDI_TRANSPOSE.match(value))
    match = re.match(r"propagate-accidentals\s+(not|octave|pitch)", value)
    return replace(context, propagation=match[1]) if match else context


_RULES: dict[str, Callable[[Context, str], Context]] = {
    "M": _with_meter,
    "L": _with_unit,
    "K": _with_key,
    "V": _with_voice,
    "Q": _with_tempo,
    "I": _with_directive,
    "U": _with_symbol,
}
