"""What a musician asks of new measures, as one value that can be written as JSON and read again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from inpaint_desktop.errors import ConstraintError, ScoreError, SettingsError
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace

HIGHEST_MIDI_NUMBER = 127
MOST_ONSETS = 96
"""More notes than any measure of the grid can begin."""


@dataclass(frozen=True, slots=True)
class Constraints:
    """What a musician asks of new measures; ``None`` and ``False`` leave free. Every take meets all of it exactly.

    Attributes:
        lowest: the lowest note that may come, as a MIDI number as it sounds.
        highest: the highest one.
        pitch_classes: the pitch classes (0 is C) that may be used, as they sound.
        locked: notes and rests of the chosen measures that stay as they are, by where they stand in the melody.
        keep_rhythm: every note and rest begins where one began; only pitches are new.
        keep_pitches: the notes have the pitches that stood there, in the same order, in a new rhythm. Rests may come.
        first_note: the pitch of the first note of all, as a MIDI number. Rests may come before it.
        last_note: the pitch of the last one.
        fewest_onsets: how many notes must begin in each measure; of a measure that is shorter than its meter says, or
            shared with one that was not chosen, a fair share of it.
        most_onsets: how many notes may begin in each measure, in the same way.
        longest_leap: how many semitones may lie between a note and the next one, whatever rests between them; the notes
            right before and after the chosen measures count.
        most_kept: the share of the notes that stood there, from 0 to 1, that may come again at their places.

    Locked, kept, first and last notes may have accidentals that are otherwise not allowed.
    """

    lowest: int | None = None
    highest: int | None = None
    pitch_classes: frozenset[int] | None = None
    locked: frozenset[NotePlace] = frozenset()
    keep_rhythm: bool = False
    keep_pitches: bool = False
    first_note: int | None = None
    last_note: int | None = None
    fewest_onsets: int | None = None
    most_onsets: int | None = None
    longest_leap: int | None = None
    most_kept: float | None = None

    def __post_init__(self) -> None:
        """Check what can be checked without the music.

        Raises:
            SettingsError: a value is outside its range.
            ConstraintError: two of them contradict each other.
        """
        for name, (is_allowed, description) in _RANGES.items():
            value = getattr(self, name)
            if value is not None and not is_allowed(value):
                message = f"The constraint '{name}' must be {description}, not {value!r}."
                raise SettingsError(message)
        if self.fewest_onsets is not None and self.most_onsets is not None and self.fewest_onsets > self.most_onsets:
            message = f"A measure cannot have at least {self.fewest_onsets} and at most {self.most_onsets} notes."
            raise ConstraintError(message)
        if self.keep_rhythm and self.keep_pitches:
            message = "With both the rhythm and the pitches kept, nothing new can come; keep one of them."
            raise ConstraintError(message)

    def allows(self, midi: int) -> bool:
        """Whether a note may have this pitch."""
        return self.reaches(midi) and (self.pitch_classes is None or midi % 12 in self.pitch_classes)

    def reaches(self, midi: int) -> bool:
        """Whether a pitch lies between the lowest and the highest note."""
        return (self.lowest is None or midi >= self.lowest) and (self.highest is None or midi <= self.highest)

    @property
    def has_notes(self) -> bool:
        """Whether any note of the MIDI range is left."""
        return any(self.allows(midi) for midi in range(HIGHEST_MIDI_NUMBER + 1))

    @property
    def are_about_pitches_only(self) -> bool:
        """Whether nothing but range and pitch classes is asked for, so that measures don't depend on each other."""
        return self == Constraints(self.lowest, self.highest, self.pitch_classes)

    def as_dict(self) -> dict[str, Any]:
        """The constraints as JSON values, one a field."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        classes = None if self.pitch_classes is None else sorted(self.pitch_classes)
        locked = [{"measure": place.measure, "note": place.note} for place in sorted(self.locked)]
        return {**values, "pitch_classes": classes, "locked": locked}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read what ``as_dict`` wrote, or a person: fields may be missing, and notes may be names such as F#4.

        Raises:
            SettingsError: a field is unknown, or has a value it cannot have.
            ConstraintError: two of them contradict each other.
        """
        for name in values:
            if name not in _READERS:
                message = f"'{name}' is not a constraint; there are {', '.join(_READERS)}."
                raise SettingsError(message)
        read: dict[str, Any] = {name: _read(name, value) for name, value in values.items()}
        return cls(**read)


_Range = tuple[Callable[[Any], bool], str]


def _between(lowest: float, highest: float, kind: str) -> _Range:
    return (lambda value: lowest <= value <= highest), f"{kind} from {lowest:g} to {highest:g}"


_MIDI_NUMBER = _between(0, HIGHEST_MIDI_NUMBER, "a MIDI number")
_COUNT = _between(0, MOST_ONSETS, "a whole number")

_RANGES: dict[str, _Range] = {
    "first_note": _MIDI_NUMBER,
    "last_note": _MIDI_NUMBER,
    "fewest_onsets": _COUNT,
    "most_onsets": _COUNT,
    "longest_leap": _between(0, HIGHEST_MIDI_NUMBER, "a number of semitones"),
    "most_kept": _between(0, 1, "a share"),
}


def _read(name: str, value: object) -> object:
    reader, description = _READERS[name]
    try:
        return reader(value)
    except (TypeError, ValueError, KeyError, ScoreError) as error:
        message = f"The constraint '{name}' must be {description}, not {value!r}."
        raise SettingsError(message) from error


def _note(value: object) -> int | None:
    return Pitch.parse(value).midi if isinstance(value, str) else _whole(value)


def _whole(value: object) -> int | None:
    if value is not None and type(value) is not int:  # True is not a number here
        raise TypeError
    return value


def _share(value: object) -> float | None:
    if value is not None and type(value) not in {int, float}:
        raise TypeError
    return value  # type: ignore[return-value]


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _classes(value: object) -> frozenset[int] | None:
    if value is None:
        return None
    classes = frozenset(_member(item) for item in _items(value))
    if not classes <= set(range(12)):
        raise ValueError
    return classes


def _places(value: object) -> frozenset[NotePlace]:
    return frozenset(NotePlace(_member(item["measure"]), _member(item["note"])) for item in _items(value))


def _items(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _member(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


_NOTE = (_note, "the name of a note such as F#4, a MIDI number, or null")
_NUMBER = (_whole, "a whole number, or null")
_SWITCH = (_switch, "true or false")

_READERS: dict[str, tuple[Callable[[object], object], str]] = {
    "lowest": _NOTE,
    "highest": _NOTE,
    "pitch_classes": (_classes, "a list of whole numbers from 0 (C) to 11, or null"),
    "locked": (_places, "a list of places, each with 'measure' and 'note' counted from 0"),
    "keep_rhythm": _SWITCH,
    "keep_pitches": _SWITCH,
    "first_note": _NOTE,
    "last_note": _NOTE,
    "fewest_onsets": _NUMBER,
    "most_onsets": _NUMBER,
    "longest_leap": _NUMBER,
    "most_kept": (_share, "a share from 0 to 1, or null"),
}
