"""Spelling: which written pitch a MIDI number gets, by the key and by the line.

Notes of the scale are written as the signature has them. A note outside the scale
takes, by default, the spelling nearest to the key on the line of fifths (Temperley,
*The Cognition of Basic Musical Structures*, ch. 5); a chromatic step in one direction
is spelled in that direction, sharps up and flats down, as engravers do (Gould,
*Behind Bars*, p. 85).
"""

from collections.abc import Sequence

from inpaint_desktop.score.key import SHARP_ORDER, KeySignature
from inpaint_desktop.score.pitch import STEP_SEMITONES, Pitch

_LOWEST_CHROMATIC = -3  # in C major: E flat
_UNUSUAL = frozenset({"E#", "B#", "Cb", "Fb"})  # a natural reads better than these


def spell(midi_numbers: Sequence[int | None], key: KeySignature) -> tuple[Pitch | None, ...]:
    """Spell a line of MIDI numbers (``None`` is a rest) in ``key``."""
    last = len(midi_numbers) - 1
    return tuple(
        None
        if number is None
        else _spell_one(
            midi_numbers[index - 1] if index > 0 else None,
            number,
            midi_numbers[index + 1] if index < last else None,
            key,
        )
        for index, number in enumerate(midi_numbers)
    )


def _spell_one(before: int | None, number: int, after: int | None, key: KeySignature) -> Pitch:
    position = _position_by_key(number, key)
    is_chromatic = number % 12 not in key.pitch_classes
    if is_chromatic and _passes_against(position, key, before, number, after):
        other = _pitch_at(position + (12 if position < key.fifths else -12), number)
        if other.alter and other.step + "b#"[other.alter > 0] not in _UNUSUAL and abs(other.alter) < 2:
            return other
    return _pitch_at(position, number)


def _position_by_key(number: int, key: KeySignature) -> int:
    """The place of ``number`` on the line of fifths (C is 0) that lies nearest to the key."""
    lowest = key.fifths + _LOWEST_CHROMATIC
    return lowest + (7 * number - lowest) % 12


def _passes_against(position: int, key: KeySignature, before: int | None, number: int, after: int | None) -> bool:
    """Whether a chromatic passing note moves against the accidental that it has by default."""
    if before is None or after is None:
        return False
    step_in, step_out = number - before, after - number
    is_flat = position < key.fifths
    passes_up = step_in in {1, 2} and step_out == 1
    passes_down = step_in in {-1, -2} and step_out == -1
    return (is_flat and passes_up) or (not is_flat and passes_down)


def _pitch_at(position: int, number: int) -> Pitch:
    alter, index = divmod(position + 1, 7)
    step = SHARP_ORDER[index]
    octave = (number - alter - STEP_SEMITONES[step]) // 12 - 1
    return Pitch(step, alter, octave)
