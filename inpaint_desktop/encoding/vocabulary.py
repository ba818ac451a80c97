"""The vocabulary: every token that a model reads or writes, fixed, sorted and versioned.

Tokens are real note names (paper section 3.5), each step with a flat, a natural or a sharp,
and four special ones. The order never changes within a version, so a token's index means the
same in every model of that version; the version stands in each model's card.
"""

from collections.abc import Sequence
from functools import lru_cache

from inpaint_desktop.score.pitch import STEPS, Pitch

VERSION = 1
LOWEST_MIDI = 43
HIGHEST_MIDI = 96

HOLD = 0
REST = 1
START = 2
END = 3
FIRST_NOTE = 4
SPECIAL_NAMES = ("__", "rest", "START", "END")

PITCHES: tuple[Pitch, ...] = tuple(
    sorted(
        (
            pitch
            for octave in range(1, 8)
            for step in STEPS
            for alter in (-1, 0, 1)
            if LOWEST_MIDI <= (pitch := Pitch(step, alter, octave)).midi <= HIGHEST_MIDI
        ),
        key=lambda pitch: (pitch.midi, pitch.staff_position),
    )
)
NAMES: tuple[str, ...] = (*SPECIAL_NAMES, *(pitch.name for pitch in PITCHES))
SIZE = len(NAMES)
_TOKEN_OF_PITCH = {pitch: FIRST_NOTE + index for index, pitch in enumerate(PITCHES)}


def token_of(pitch: Pitch | None) -> int:
    """The token of a written pitch, or of a rest for ``None``.

    A spelling that the vocabulary lacks (a double sharp, say) takes its plain enharmonic; a pitch
    beyond its range is moved by octaves into it.
    """
    if pitch is None:
        return REST
    token = _TOKEN_OF_PITCH.get(pitch)
    return token if token is not None else _TOKEN_OF_PITCH[_plain(_folded(pitch.midi))]


def pitch_of(token: int) -> Pitch:
    """The written pitch of a note token.

    Raises:
        IndexError: ``token`` is not a note.
    """
    if not is_note(token):
        message = f"token {token} is not a note"
        raise IndexError(message)
    return PITCHES[token - FIRST_NOTE]


def is_note(token: int) -> bool:
    """Whether ``token`` starts a note."""
    return FIRST_NOTE <= token < SIZE


def names_of(tokens: Sequence[int]) -> tuple[str, ...]:
    """The names of ``tokens``, for people."""
    return tuple(NAMES[token] for token in tokens)


def _folded(midi: int) -> int:
    while midi < LOWEST_MIDI:
        midi += 12
    while midi > HIGHEST_MIDI:
        midi -= 12
    return midi


@lru_cache(maxsize=128)
def _plain(midi: int) -> Pitch:
    candidates = [pitch for pitch in PITCHES if pitch.midi == midi]
    return min(candidates, key=lambda pitch: (abs(pitch.alter), -pitch.alter))
