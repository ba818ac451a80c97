"""The pitches of an ABC tune, as music21 understands them; runs in a process of its own.

music21's ABC reader takes quadratic time and its scores lose what our files must keep: voices
end up one after another, short measures are moved, repeats are rebuilt. So it is asked for less
than it offers: its ``ABCHandler`` gets a few measures at a time, plainly written (no strings,
decorations, grace notes or slurs, chords as their top note, one barline after each measure), and
returns tokens whose pitches and lengths are taken as they are.

Some things it gets wrong, in version 10.5, and they are written out before it sees them:

- accidentals that hold through a measure (when they are double, or come from a chord);
- keys with their own accidentals (``K:D exp _b``), Locrian keys, ``K:HP``, key changes inside a measure;
- the accidental that a tie carries over a barline.

Where it reads other lengths than the scanner (tuplets of ten and more, ``A>(3BCD``), it is asked
again with all lengths written out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from inpaint_desktop.documents.abc.fields import ALTERATIONS, Context
from inpaint_desktop.documents.abc.located import LocatedMeasure, ScannedVoice, Sound
from inpaint_desktop.documents.abc.measures import TICKS_PER_WHOLE
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.errors import FileDamagedError
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.pitch import Pitch

MEASURES_AT_ONCE = 32
TOLERANCE_TICKS = 2.0

Heard = tuple[tuple[Pitch | None, float], ...]  # the sounds of a measure: pitch, and length in ticks

_HEADER = "%abc-2.1\n%%propagate-accidentals not\nX:1\n"
_WRITTEN = re.compile(r"([_=^]*)([A-Ga-g])([,']*)")
_PITCH_NAME = re.compile(r"([A-G])([#n-]*)(\d+)")
_SIGNS = {alter: sign for sign, alter in ALTERATIONS.items()}


def read_melody(voice: ScannedVoice) -> Melody:
    """Read the melody of a scanned voice; measure ``i`` of it is measure ``i`` of the voice.

    Raises:
        FileDamagedError: music21 does not understand a measure.
    """
    measures = voice.measures
    pitches: list[list[Pitch | None]] = []
    for start in range(0, len(measures), MEASURES_AT_ONCE):
        chunk = measures[start : start + MEASURES_AT_ONCE]
        pitches.extend(_pitches(chunk, voice.file_name))
    _carry_ties(measures, pitches)
    return Melody(with_sound_ties([_measure(*pair) for pair in zip(measures, pitches, strict=True)]), voice.title)


def _pitches(measures: Sequence[LocatedMeasure], file_name: str) -> Iterator[list[Pitch | None]]:
    heard = _hear(measures, as_notated=True)
    for index, measure in enumerate(measures):
        sounds = heard[index] if len(heard) == len(measures) else ()
        if not _agrees(sounds, measure):
            again = _hear([measure], as_notated=False)
            sounds = again[0] if again else ()
        if not _agrees(sounds, measure):
            message = f"Measure {measure.mark.number} of {file_name} cannot be read; check its notes and lengths."
            raise FileDamagedError(message)
        yield [_shifted(pitch, sound.context) for (pitch, _), sound in zip(sounds, measure.sounds, strict=True)]


def _agrees(heard: Heard, measure: LocatedMeasure) -> bool:
    return len(heard) == len(measure.sounds) and all(
        abs(length - sound.duration) <= TOLERANCE_TICKS and (pitch is None) == sound.is_rest
        for (pitch, length), sound in zip(heard, measure.sounds, strict=True)
    )


def _shifted(pitch: Pitch | None, context: Context) -> Pitch | None:
    return replace(pitch, octave=pitch.octave + context.octave_shift) if pitch else None


# What music21 is asked


def _hear(measures: Sequence[LocatedMeasure], *, as_notated: bool) -> list[Heard]:
    """Let music21 read ``measures``; an empty list where it gives up."""
    from music21 import abcFormat  # here, because the window must not wait for music21

    text = _HEADER + "".join(_plain_measure(measure, as_notated=as_notated) for measure in measures)
    handler = abcFormat.ABCHandler()
    try:
        handler.process(text)
    except Exception:  # noqa: BLE001 - music21 lets many unrelated exceptions out; the caller asks again or says so
        return []
    heard: list[Heard] = []
    sounds: list[tuple[Pitch | None, float]] = []
    for token in handler.tokens:
        if isinstance(token, abcFormat.ABCBar):
            heard.append(tuple(sounds))
            sounds = []
        elif isinstance(token, abcFormat.ABCNote):
            tuplet = float(token.activeTuplet.tupletMultiplier()) if token.activeTuplet else 1.0
            sounds.append((_pitch(token.pitchName), float(token.quarterLength) * tuplet * TICKS_PER_WHOLE / 4))
    return heard


def _pitch(name: str | None) -> Pitch | None:
    match = _PITCH_NAME.fullmatch(name or "")
    return Pitch(match[1], match[2].count("#") - match[2].count("-"), int(match[3])) if match else None


def _plain_measure(measure: LocatedMeasure, *, as_notated: bool) -> str:
    context = measure.context
    fields = f"M:{context.meter}\nL:{context.unit.numerator}/{context.unit.denominator}\nK:{context.key.major_tonic}\n"
    notes = (
        (sound.signs if as_notated else "") + note + _plain_length(sound, context, as_notated=as_notated)
        for note, sound in zip(_plain_notes(measure), measure.sounds, strict=True)
    )
    return f"{fields}{' '.join(notes)} |\n"


def _plain_length(sound: Sound, context: Context, *, as_notated: bool) -> str:
    if as_notated:
        length = sound.multiple * sound.context.unit / context.unit
    else:
        length = Fraction(sound.duration, TICKS_PER_WHOLE) / context.unit
    return f"{length.numerator}/{length.denominator}" if length != 1 else ""


def _plain_notes(measure: LocatedMeasure) -> Iterator[str]:
    """The notes of a measure, with an accidental wherever music21 might miss it."""
    held: dict[str, str] = {}
    for sound in measure.sounds:
        match = _WRITTEN.fullmatch(sound.written)
        if match is None:
            yield "z"
            continue
        sign, letter, octaves = match.groups()
        reach = letter + octaves if sound.context.propagation == "octave" else letter.upper()
        if sign and sound.context.propagation != "not":
            held[reach] = sign
        yield (sign or held.get(reach) or _odd_sign(sound.context, measure.context, letter)) + letter + octaves


def _odd_sign(context: Context, first: Context, letter: str) -> str:
    """The accidental that the signature gives and that music21 would not."""
    alter = context.alter(letter.upper())
    return "" if alter == first.key.alter(letter.upper()) else _SIGNS[alter]


# What becomes of it


def _carry_ties(measures: Sequence[LocatedMeasure], pitches: Sequence[list[Pitch | None]]) -> None:
    """Give the accidental of a tied note to the note after the barline, where that has none of its own."""
    for index, (before, after) in enumerate(pairwise(measures)):
        last, first = pitches[index][-1], pitches[index + 1][0]
        has_own = after.sounds[0].written.startswith(tuple("^_="))
        if last and first and before.sounds[-1].ties_on and not has_own and last.staff_position == first.staff_position:
            pitches[index + 1][0] = last


def _measure(measure: LocatedMeasure, pitches: Sequence[Pitch | None]) -> Measure:
    notes = tuple(
        Note(sound.onset, sound.duration, pitch, ties_on=sound.ties_on)
        for sound, pitch in zip(measure.sounds, pitches, strict=True)
    )
    return measure.mark.measure(notes, measure.duration)
