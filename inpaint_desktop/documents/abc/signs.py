"""What single signs of ABC say: note lengths, heights, chords, endings and decorations."""

import re
from fractions import Fraction
from functools import lru_cache

from inpaint_desktop.documents.abc.fields import UnreadableError
from inpaint_desktop.documents.abc.tokens import LENGTH, NOTE
from inpaint_desktop.score.form import FormSign

MAX_PASSES = 32
MAX_DIGITS = 7  # of a length in ticks, as the longest note may have

_LENGTH_PARTS = re.compile(r"(\d*)(/*)(\d*)\Z")
_CHORD_NOTE = re.compile(rf"""(?:"[^"]*"|![^!]*!)|({NOTE})({LENGTH})(-?)""")
_CHORD_LENGTH = re.compile(rf"[\]+]({LENGTH})\Z")
_WRITTEN = re.compile(r"((?:\^\^?|__?|=)?)([A-Ga-g])([,']*)")
_PASSES = re.compile(r"(\d+)(?:-(\d+))?")

# Directions and marks of form belong to a place in the tune, not to the note after them.
_DIRECTIONS = re.compile(
    r"[!+](?:segno|coda|d\.?c\.?|d\.?s\.?|da?capo|dacoda|fine|p{1,4}|f{1,4}|m[pf]|sfz|crescendo[()]|<[()]|>[()]"
    r"|diminuendo[()]|(?:short|medium|long)phrase|breath)[^!+]{0,20}[!+]",
    re.IGNORECASE,
)
_SHORTHAND_DIRECTIONS = frozenset("SO")
_SHORTHAND_FORM_SIGNS = {"S": FormSign.SEGNO, "O": FormSign.CODA}
_FORM_SIGNS = (
    (re.compile("segno"), FormSign.SEGNO),
    (re.compile("coda"), FormSign.CODA),
    (re.compile("dacoda|tocoda"), FormSign.TO_CODA),
    (re.compile("fine"), FormSign.FINE),
    (re.compile("(?:dc|da?capo)(?:al(?:fine|coda))?"), FormSign.DA_CAPO),
    (re.compile("(?:ds|dalsegno)(?:al(?:fine|coda))?"), FormSign.DAL_SEGNO),
)


def is_direction(text: str) -> bool:
    """Whether a decoration belongs to its place in the tune, as a segno or a dynamic does."""
    return text in _SHORTHAND_DIRECTIONS or _DIRECTIONS.fullmatch(text) is not None


def form_sign(text: str) -> FormSign | None:
    """The sign of the form that a decoration is, if it is one."""
    name = "".join(text.strip("!+").lower().replace(".", "").split())
    shorthand = _SHORTHAND_FORM_SIGNS.get(text)
    return shorthand or next((sign for pattern, sign in _FORM_SIGNS if pattern.fullmatch(name)), None)


def chord_notes(text: str) -> tuple[list[str], Fraction, bool]:
    """The notes of a chord from the bottom up, how long it is, and whether its top note ties on.

    As the standard says, the first note gives the length.
    """
    notes = [match for match in _CHORD_NOTE.finditer(text) if match[1]]
    if not notes:
        return [], Fraction(0), False
    outer = _CHORD_LENGTH.search(text)
    length = note_length(notes[0][2]) * note_length(outer[1] if outer else "")
    upwards = sorted(notes, key=lambda match: height(match[1]))
    return [match[1] for match in upwards], length, bool(upwards[-1][3])


def split_note(text: str) -> tuple[str, str]:
    """Divide a note into what is written of its pitch, and its length."""
    match = _WRITTEN.match(text)
    cut = match.end() if match else 0
    return text[:cut], text[cut:]


@lru_cache(maxsize=1024)
def note_length(text: str) -> Fraction:
    """The multiple of the unit length that ``3/2``, ``/``, ``//`` or nothing stands for."""
    match = _LENGTH_PARTS.match(text)
    if match is None or any(len(part) > MAX_DIGITS for part in match.groups()):
        message = f"the note length {text[:40]} cannot be read; write one such as 2 or 3/2"
        raise UnreadableError(message)
    numerator = int(match[1] or 1)
    denominator = int(match[3]) if match[3] else 2 ** len(match[2])
    if not numerator or not denominator:
        message = f"the note length {text[:40]} is nothing; write one such as 2 or 3/2"
        raise UnreadableError(message)
    return Fraction(numerator, denominator)


def height(written: str) -> int:
    """A number that grows with the written pitch, for finding the top note of a chord."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return 0
    accidental, letter, _ = match.groups()
    step = "CDEFGAB".index(letter.upper()) + 7 * written_octave(written)
    return 10 * step + accidental.count("^") - accidental.count("_")


def written_octave(written: str) -> int:
    """The octave of a written note; 4 begins at middle C, which is ``C``."""
    letter = written.lstrip("^_=")[:1]
    return (5 if letter.islower() else 4) + written.count("'") - written.count(",")


def ending_passes(text: str) -> tuple[int, ...]:
    """The passes that an ending such as ``1,3`` or ``1-3`` is played in."""
    passes: list[int] = []
    for first, last in _PASSES.findall(text):
        passes.extend(range(int(first), min(int(last or first), MAX_PASSES) + 1))
    return tuple(dict.fromkeys(passes))
