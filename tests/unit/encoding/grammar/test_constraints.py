"""What may be asked of new measures, and how it is written as JSON."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.errors import ConstraintError, SettingsError
from inpaint_desktop.score.places import NotePlace

numbers = st.none() | st.integers(0, 127)
everything = st.builds(
    Constraints,
    lowest=numbers,
    highest=numbers,
    pitch_classes=st.none() | st.frozensets(st.integers(0, 11)),
    locked=st.frozensets(st.builds(NotePlace, st.integers(0, 40), st.integers(0, 20)), max_size=4),
    keep_rhythm=st.booleans(),
    keep_pitches=st.just(value=False),
    first_note=numbers,
    last_note=numbers,
    fewest_onsets=st.none() | st.integers(0, 5),
    most_onsets=st.none() | st.integers(5, 96),
    longest_leap=numbers,
    most_kept=st.none() | st.floats(0, 1),
)


@given(everything)
def test_constraints_come_back_from_json(constraints: Constraints) -> None:
    assert Constraints.from_dict(json.loads(json.dumps(constraints.as_dict()))) == constraints


def test_what_is_not_said_is_free() -> None:
    assert Constraints.from_dict({}) == Constraints()
    assert Constraints.from_dict({"keep_pitches": True}) == Constraints(keep_pitches=True)


def test_notes_may_be_named() -> None:
    read = Constraints.from_dict({"lowest": "D4", "highest": "Bb5", "first_note": "F#4", "last_note": 60})
    assert read == Constraints(62, 82, first_note=66, last_note=60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lowest", "H4"),
        ("first_note", 60.5),
        ("highest", True),
        ("pitch_classes", [0, 12]),
        ("pitch_classes", "C"),
        ("locked", [{"measure": 1}]),
        ("locked", [{"measure": 1, "note": 0.5}]),
        ("locked", ["7:2"]),
        ("keep_rhythm", 1),
        ("longest_leap", "wide"),
        ("most_kept", "half"),
        ("most_kept", True),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_its_name(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=f"The constraint '{name}' must be .*, not "):
        Constraints.from_dict({name: value})


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"'loudest' is not a constraint; there are lowest, highest, .*most_kept\."):
        Constraints.from_dict({"loudest": 3})


@pytest.mark.parametrize(
    ("name", "value", "range_"),
    [
        ("first_note", 128, "a MIDI number from 0 to 127"),
        ("last_note", -1, "a MIDI number from 0 to 127"),
        ("fewest_onsets", 97, "a whole number from 0 to 96"),
        ("longest_leap", -3, "a number of semitones from 0 to 127"),
        ("most_kept", 1.5, "a share from 0 to 1"),
        ("most_kept", float("nan"), "a share from 0 to 1"),
    ],
)
def test_a_value_outside_its_range_is_refused(name: str, value: float, range_: str) -> None:
    values: dict[str, Any] = {name: value}
    with pytest.raises(SettingsError, match=f"The constraint '{name}' must be {range_}, not "):
        Constraints(**values)


def test_contradictions_are_refused() -> None:
    with pytest.raises(ConstraintError, match="cannot have at least 5 and at most 4 notes"):
        Constraints(fewest_onsets=5, most_onsets=4)
    with pytest.raises(ConstraintError, match="nothing new can come; keep one of them"):
        Constraints(keep_rhythm=True, keep_pitches=True)


def test_range_and_pitch_classes_are_about_pitches_only() -> None:
    assert Constraints(60, 72, frozenset({0})).are_about_pitches_only
    assert not Constraints(60, 72, most_kept=1.0).are_about_pitches_only
