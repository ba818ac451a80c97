"""From the command line and a request file to what an engine is asked for.

What stands on the command line goes before what stands in the file, and that before the user's preferences. A file may
be written by a person (notes by name, measures by number) or be the ``takes.json`` of an earlier fill.
"""

import json
import re
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inpaint_desktop.errors import FileDamagedError, FileMissingError, ScoreError, SelectionError, SettingsError
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.naming import span_named
from inpaint_desktop.score.pitch import Pitch

_LOCK = re.compile(r"\s*(\w+)\s*:\s*(\d+)\s*")
_LONGEST_FILE = 2**20
_FOR_THE_COMMAND = ("measures", "part", "like")
_FOR_THE_ENGINE = ("takes", "seed", "variety", "constraints", "stay_in_key", "similarity", "guidance")
REQUEST_NAMES = (*_FOR_THE_COMMAND, *_FOR_THE_ENGINE)
"""All that a request file may have."""

Values = dict[str, Any]


def wishes_of(options: Namespace) -> Values:
    """What is asked for in the file and on the command line, as far as no melody is needed to understand it.

    Raises:
        FileMissingError: there is no such request file.
        FileDamagedError: it is no JSON.
        SettingsError: it is no table, or a name in it is unknown.
    """
    wishes = {} if options.request is None else _read(options.request)
    for name in ("measures", "part", "takes", "seed", "similarity"):
        if getattr(options, name) is not None:
            wishes[name] = getattr(options, name)
    if options.like is not None:
        wishes["like"] = str(options.like)
    if not isinstance(wishes.get("like", ""), str):
        message = f"'like' in the request must be the name of a file, not {wishes['like']!r}."
        raise SettingsError(message)
    if options.any_key:
        wishes["stay_in_key"] = False
    for group, names in _GROUPS.items():
        given = {key: getattr(options, name) for name, key in names.items() if getattr(options, name) is not None}
        wishes[group] = {**_table(wishes, group), **given}
    wishes["constraints"].update(_kept(options.keep))
    for name in _NOTES & wishes["constraints"].keys():
        wishes["constraints"][name] = _note(wishes["constraints"][name])
    wishes["variety"] = {"temperature": options.usual_temperature, **wishes["variety"]}
    wishes.setdefault("takes", options.usual_takes)
    return wishes


_NOTES = {"lowest", "highest", "first_note", "last_note"}

_GROUPS = {
    "variety": {name: name for name in ("temperature", "top_p", "context_noise", "gap_noise")},
    "constraints": {
        "lowest": "lowest",
        "highest": "highest",
        "lock": "locked",
        "first_note": "first_note",
        "last_note": "last_note",
        "fewest_notes": "fewest_onsets",
        "most_notes": "most_onsets",
        "longest_leap": "longest_leap",
        "most_kept": "most_kept",
    },
    "guidance": {name: name for name in ("echo", "echo_strength", "contour", "contour_strength")},
}


def _kept(keep: str | None) -> Values:
    return {} if keep is None else {"keep_rhythm": keep == "rhythm", "keep_pitches": keep == "pitches"}


def _table(wishes: Values, name: str) -> Values:
    table = wishes.get(name, {})
    if not isinstance(table, dict):
        message = f"'{name}' in the request must be a table of names and values, not {table!r}."
        raise SettingsError(message)
    return table


def _read(path: Path) -> Values:
    try:
        with path.open("rb") as file:
            values = json.loads(file.read(_LONGEST_FILE))
    except OSError as error:
        message = f"{path.name} cannot be read ({error.strerror}); check the name of the request file."
        raise FileMissingError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"{path.name} is not a request in JSON ({error}); correct it there."
        raise FileDamagedError(message) from error
    if isinstance(values, dict):
        values = values.get("request", values)  # takes.json has it among others
    if not isinstance(values, dict):
        message = f"{path.name} is not a request: it must be a table of names and values."
        raise SettingsError(message)
    unknown = next((name for name in values if name not in REQUEST_NAMES), None)
    if unknown is not None:
        message = (
            f"'{unknown}' in {path.name} is nothing that a request may have; there are {', '.join(REQUEST_NAMES)}."
        )
        raise SettingsError(message)
    return dict(values)


def in_engines_words(melody: Melody, span: Span, wishes: Values) -> Values:
    """What is asked for with measures and notes as an engine counts them, and not as they are printed.

    Raises:
        SelectionError: measures or notes that are named are not there.
        SettingsError: a note has no name that there is.
    """
    values = {name: value for name, value in wishes.items() if name not in _FOR_THE_COMMAND}
    constraints, guidance = values["constraints"], values["guidance"]
    if "locked" in constraints:
        values["constraints"] = {**constraints, "locked": _locks(melody, constraints["locked"])}
    if "echo" in guidance:
        guidance = {**guidance, "echo": _echo(melody, guidance["echo"])}
    if "contour" in guidance:
        guidance = {**guidance, "contour": _contour(melody, span, guidance["contour"])}
    return {**values, "guidance": guidance}


def _locks(melody: Melody, value: object) -> object:
    """Notes to be locked, as ``7:2`` for the second note or rest of measure 7."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not all(map(_is_place, value)):
        message = (
            "The constraint 'locked' must be a list of notes and rests such as \"7:1\", the first of measure 7,"
            f" or of places, each with 'measure' and 'note' counted from 0, not {value!r}."
        )
        raise SettingsError(message)
    return [_lock(melody, item) if isinstance(item, str) else item for item in value]


def _is_place(item: object) -> bool:
    """Whether it is a name of a note, or a place as ``takes.json`` has it."""
    return isinstance(item, str) or (
        isinstance(item, dict) and {type(item.get(key)) for key in ("measure", "note")} == {int}
    )


def _lock(melody: Melody, text: str) -> Mapping[str, int]:
    match = _LOCK.fullmatch(text)
    if match is None:
        message = f"'{text}' names no note to lock; write 7:2 for the second note or rest of measure 7."
        raise SelectionError(message)
    measure = melody.span_of_numbers(match[1], match[1]).start
    count = len(melody.measures[measure].notes)
    if not 1 <= int(match[2]) <= count:
        message = (
            f"Measure {match[1]} has no note {match[2]} to lock; its notes and rests are counted from 1 to {count}."
        )
        raise SelectionError(message)
    return {"measure": measure, "note": int(match[2]) - 1}


def _echo(melody: Melody, value: object) -> object:
    """Measures to be echoed, by their numbers."""
    if not isinstance(value, str):
        return value
    span = span_named(melody, value)
    return {"start": span.start, "stop": span.stop}


def _contour(melody: Melody, span: Span, value: object) -> object:
    """Notes that the line goes through, evenly from the start of the gap to its end."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return value
    heights = [_midi(item.strip()) for item in value]
    ticks = sum(melody.measures[index].duration for index in span.indices)
    return [
        _point(melody, span, ticks * number // max(len(heights) - 1, 1), midi) for number, midi in enumerate(heights)
    ]


def _point(melody: Melody, span: Span, onset: int, midi: int) -> Mapping[str, int]:
    """A point of a contour so many ticks after the start of the gap."""
    measure = span.start
    while measure < span.stop - 1 and onset >= melody.measures[measure].duration:
        onset -= melody.measures[measure].duration
        measure += 1
    return {"measure": measure, "onset": onset, "midi": midi}


def _midi(name: str) -> int:
    try:
        return Pitch.parse(name).midi
    except ScoreError as error:
        raise SettingsError(str(error)) from error


def _note(value: object) -> object:
    """A note by its name, or its MIDI number."""
    return _midi(value) if isinstance(value, str) else value
