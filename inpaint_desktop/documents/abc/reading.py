"""The pitches of an ABC tune, as music21 understands them; runs in a process of its own.

music21's ABC reader takes quadratic time and its scores lose what our files must keep: voices
end up one after another, short measures are moved, repeats are rebuilt. So it is asked for what
it is needed for only, the pitch that a written note has under a key signature. Its ``ABCHandler``
gets every note that a voice has, once for each key, plainly written: no strings, decorations,
grace notes or slurs, and chords as their top note. Lengths are known from the scanner.

Some things it gets wrong, in version 10.5, and they are written out before it sees them:

- accidentals that hold through a measure (when they are double, or come from a chord);
- keys with their own accidentals (``K:D exp _b``), Locrian keys, ``K:HP``;
- the accidental that a tie carries over a barline.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from inpaint_desktop.documents.abc.fields import ALTERATIONS, Context
from inpaint_desktop.documents.abc.located import LocatedMeasure, ScannedVoice, Sound
from inpaint_desktop.documents.ties import with_sound_ties
from inpaint_desktop.errors import FileDamagedError
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.pitch import Pitch

_HEADER = "%abc-2.1\n%%propagate-accidentals not\nX:1\nM:none\nL:1/8\n"
_WRITTEN = re.compile(r"([_=^]*)([A-Ga-g])([,']*)")
_PITCH_NAME = re.compile(r"([A-G])([#n-]*)(\d+)")
_SIGNS = {alter: sign for sign, alter in ALTERATIONS.items()}


def read_melody(voice: ScannedVoice) -> Melody:
    """Read the melody of a scanned voice; measure ``i`` of it is measure ``i`` of the voice.

    Raises:
        FileDamagedError: music21 does not understand a measure.
    """
    measures = voice.measures
    plain = [list(_plain_notes(measure)) for measure in measures]
    known = _pitches({one for line in plain for one in line if one.note})
    pitches = [
        [_pitch_of(one, sound, known) for one, sound in zip(line, measure.sounds, strict=True)]
        for line, measure in zip(plain, measures, strict=True)
    ]
    _check(voice, pitches)
    _carry_ties(measures, pitches)
    return Melody(with_sound_ties([_measure(*pair) for pair in zip(measures, pitches, strict=True)]), voice.title)


def _pitch_of(plain: "_PlainNote", sound: Sound, known: Mapping["_PlainNote", Pitch]) -> Pitch | None:
    pitch = known.get(plain)
    return replace(pitch, octave=pitch.octave + sound.context.octave_shift) if pitch else None


def _check(voice: ScannedVoice, pitches: Sequence[Sequence[Pitch | None]]) -> None:
    for measure, line in zip(voice.measures, pitches, strict=True):
        if any((pitch is None) != sound.is_rest for pitch, sound in zip(line, measure.sounds, strict=True)):
            message = f"Measure {measure.mark.number} of {voice.file_name} cannot be read; check its notes."
            raise FileDamagedError(message)


# What music21 is asked


@dataclass(frozen=True, slots=True)
class _PlainNote:
    """A note without a length under the key of ``tonic``; empty for a rest."""

    tonic: str
    note: str


def _pitches(notes: Set[_PlainNote]) -> dict[_PlainNote, Pitch]:
    """The pitches of all ``notes`` that music21 understands."""
    known: dict[_PlainNote, Pitch] = {}
    for tonic in sorted({one.tonic for one in notes}):
        mine = sorted(one.note for one in notes if one.tonic == tonic)
        heard = _hear(tonic, mine)
        if len(heard) == len(mine):
            known |= {_PlainNote(tonic, note): pitch for note, pitch in zip(mine, heard, strict=True) if pitch}
    return known


def _hear(tonic: str, notes: Sequence[str]) -> list[Pitch | None]:
    """Let music21 read ``notes``; an empty list where it gives up."""
    from music21 import abcFormat  # here, because the window must not wait for music21

    handler = abcFormat.ABCHandler()
    try:
        handler.process(f"{_HEADER}K:{tonic}\n{' '.join(notes)} |\n")
    except Exception:  # noqa: BLE001 - music21 lets many unrelated exceptions out; the caller says so
        return []
    return [_pitch(token.pitchName) for token in handler.tokens if isinstance(token, abcFormat.ABCNote)]


def _pitch(name: str | None) -> Pitch | None:
    match = _PITCH_NAME.fullmatch(name or "")
    return Pitch(match[1], match[2].count("#") - match[2].count("-"), int(match[3])) if match else None


def _plain_notes(measure: LocatedMeasure) -> Iterator[_PlainNote]:
    """The notes of a measure, with an accidental wherever music21 might miss it."""
    held: dict[str, str] = {}
    for sound in measure.sounds:
        match = _WRITTEN.fullmatch(sound.written)
        if match is None:
            yield _PlainNote("", "")
            continue
        sign, letter, octaves = match.groups()
        reach = letter + octaves if sound.context.propagation == "octave" else letter.upper()
        if sign and sound.context.propagation != "not":
            held[reach] = sign
        sign = sign or held.get(reach) or _odd_sign(sound.context, letter)
        yield _PlainNote(sound.context.key.major_tonic, sign + letter + octaves)


def _odd_sign(context: Context, letter: str) -> str:
    """The accidental that the signature gives and that music21 would not."""
    alter = context.alter(letter.upper())
    return "" if alter == context.key.alter(letter.upper()) else _SIGNS[alter]


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
    return measure.mark.measure(notes, measure.duration, transposition=measure.context.transposition)
