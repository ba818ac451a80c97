"""What is measured of a take."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.properties import (
    Surroundings,
    are_much_the_same,
    heard,
    likeness,
    properties_in,
    properties_of,
    share_out_of_key,
    sounding,
)
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace

Q = TICKS_PER_QUARTER
D_MAJOR = KeySignature(2)

sounds = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 23), st.integers(-1, 90)), unique=True)


def measure(*notes: str) -> Measure:
    """Quarters by name; ``z`` is a rest and ``~`` ties on."""
    pitches = [None if name == "z" else Pitch.parse(name.rstrip("~")) for name in notes]
    written = (Note(place * Q, Q, pitch, notes[place].endswith("~")) for place, pitch in enumerate(pitches))
    return Measure(tuple(written), Meter(len(notes), 4), D_MAJOR, len(notes) * Q)


TUNE = Melody((measure("D4", "F#4", "z", "D5"),))


def test_tied_notes_and_rests_in_a_row_sound_as_one() -> None:
    heard = sounding([measure("A4~", "A4", "z", "z"), measure("z", "A4", "A4", "B4")])
    assert heard == ((0, 0, 69), (0, 2 * Q, -1), (1, Q, 69), (1, 2 * Q, 69), (1, 3 * Q, 71))


def test_a_note_tied_over_the_bar_line_does_not_start_again() -> None:
    assert sounding([measure("A4", "B4~"), measure("B4", "A4")]) == ((0, 0, 69), (0, Q, 71), (1, Q, 69))


def test_a_tie_to_another_pitch_is_none() -> None:
    assert sounding([measure("A4~", "B4")]) == ((0, 0, 69), (0, Q, 71))


def test_spelling_is_not_heard() -> None:
    assert sounding([measure("F#4", "C#5")]) == sounding([measure("Gb4", "Db5")])


def test_out_of_key_is_a_share_of_the_notes() -> None:
    assert share_out_of_key([62, 65, 66, 73], D_MAJOR) == 0.25
    assert share_out_of_key([], D_MAJOR) == 0.0


@given(sounds, sounds)
def test_likeness_is_symmetric_and_a_share(
    first: list[tuple[int, int, int]], second: list[tuple[int, int, int]]
) -> None:
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, first) == 1


def test_likeness_counts_equal_notes_at_equal_places() -> None:
    original, take = sounding([measure("D4", "F#4", "A4", "D5")]), sounding([measure("D4", "G4", "A4", "B4")])
    assert likeness(original, take) == 0.5


def test_a_take_is_measured_against_the_original_and_the_key() -> None:
    properties = properties_of([measure("D4", "F4", "z", "D5")], [measure("D4", "F#4", "A4", "D5")], D_MAJOR)
    assert properties.out_of_key == pytest.approx(1 / 3)
    assert properties.likeness == 0.5
    assert (properties.lowest, properties.highest) == (62, 74)


def test_a_take_of_rests_has_no_range() -> None:
    properties = properties_of([measure("z", "z")], [measure("D4", "F#4")], D_MAJOR)
    assert (properties.lowest, properties.highest, properties.out_of_key) == (None, None, 0.0)


def test_notes_are_heard_as_long_as_all_that_is_tied_to_them() -> None:
    notes = heard([measure("A4", "B4~"), measure("B4", "z"), measure("z", "A4")])
    assert [note.duration for note in notes] == [Q, 2 * Q, 2 * Q, Q]


def test_what_is_kept_is_a_share_of_the_originals_notes() -> None:
    original = [measure("D4", "F#4", "z", "D5")]
    assert properties_of([measure("D4", "G4", "z", "D5")], original, D_MAJOR).kept == pytest.approx(2 / 3)
    assert properties_of([measure("z", "z", "z", "z")], original, D_MAJOR).kept == 0.0
    assert properties_of([measure("D4", "G4")], [measure("z", "z")], D_MAJOR).kept == 0.0


ASKED = {
    "nothing": (FillRequest(TUNE, Span(0, 1)), True),
    "a range": (FillRequest(TUNE, Span(0, 1), constraints=Constraints(lowest=50)), True),
    "a similarity": (FillRequest(TUNE, Span(0, 1), similarity=0.8), False),
    "the rhythm": (FillRequest(TUNE, Span(0, 1), constraints=Constraints(keep_rhythm=True)), False),
    "the pitches": (FillRequest(TUNE, Span(0, 1), constraints=Constraints(keep_pitches=True)), False),
    "a locked note": (
        FillRequest(TUNE, Span(0, 1), constraints=Constraints(locked=frozenset([NotePlace(0, 0)]))),
        False,
    ),
    "a bound": (FillRequest(TUNE, Span(0, 1), constraints=Constraints(most_kept=0.9)), False),
}


@pytest.mark.parametrize("asked", ASKED)
def test_takes_are_much_the_same_where_most_keep_most_and_nothing_leads_there(asked: str) -> None:
    request, is_told = ASKED[asked]
    near, far = (
        Take(request, request.original, 0, 0.0, properties_of([take], request.original, D_MAJOR))
        for take in (measure("D4", "F#4", "z", "E5"), measure("D4", "G4", "z", "E5"))
    )
    assert near.properties.kept == pytest.approx(2 / 3)
    whole = replace(near, properties=replace(near.properties, kept=0.8))
    assert are_much_the_same([far, whole, whole]) == is_told
    assert not are_much_the_same([far, near, whole])


def test_leaps_are_measured_from_and_to_the_notes_beside_the_gap() -> None:
    tune = Melody((measure("D4", "z"), measure("A4", "B4"), measure("z", "D6")))
    alone = properties_of(tune.measures[1:2], tune.measures[1:2], D_MAJOR)
    in_place = properties_in(tune.measures[1:2], Surroundings.of(tune, Span(1, 2), D_MAJOR))
    assert (alone.longest_leap, in_place.longest_leap) == (2, 15)
    assert in_place.onsets == 2.0
    assert properties_in(tune.measures, Surroundings.of(tune, Span(0, 3), D_MAJOR)).longest_leap == 15
