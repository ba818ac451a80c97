"""What cannot be met is said in one sentence, with the measure and the note."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from inpaint_desktop.encoding.grammar import Constraints, Gap, Resemblance, checked_rules
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.window import window_around
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace

Q = TICKS_PER_QUARTER
COMMON = Meter(4, 4)


def measure(number: str, names: str, durations: Sequence[int] = (), meter: Meter = COMMON) -> Measure:
    """Quarters by name, ``z`` is a rest; or notes of other durations."""
    pitches = [None if name == "z" else Pitch.parse(name) for name in names.split()]
    lengths = durations or [Q] * len(pitches)
    onsets = [sum(lengths[:place]) for place in range(len(lengths))]
    notes = [Note(on, length, pitch) for on, length, pitch in zip(onsets, lengths, pitches, strict=True)]
    return Measure(tuple(notes), meter, KeySignature(0), sum(lengths), number)


TUNE = Melody(
    (
        measure("4", "G4 G4 G4 G4"),
        measure("5", "C4 E4 G4 C5"),
        measure("6", "z z z z"),
        measure("7", "A4 B4 C5 D5 E5", (Q, Q, Q, Q // 8, Q - Q // 8)),
        measure("8", "C4 C4 C4 C4"),
    )
)
FIFTH, SIXTH, SEVENTH = Span(1, 2), Span(2, 3), Span(3, 4)


def gap_of(span: Span, melody: Melody = TUNE) -> Gap:
    unmoved = Transposition(0, KeySignature(0))
    return Gap.of(melody, span, window_around(melody, span, unmoved), unmoved)


def locked(*places: tuple[int, int]) -> frozenset[NotePlace]:
    return frozenset(NotePlace(*place) for place in places)


CASES: dict[str, tuple[Span, dict[str, Any], str]] = {
    "first note too low": (
        FIFTH,
        {"lowest": 60, "first_note": 58},
        "The first note, Bb3, lies below the lowest note, C4; widen the range, or choose another first note.",
    ),
    "last note too high": (
        FIFTH,
        {"highest": 72, "last_note": 74},
        "The last note, D5, lies above the highest note, C5; widen the range, or choose another last note.",
    ),
    "a note that the model has not": (
        FIFTH,
        {"first_note": 120},
        "The first note, C9, is a note that the model does not have here, from G2 to C7; choose another first note.",
    ),
    "a lock outside the range": (
        FIFTH,
        {"lowest": 62, "locked": locked((1, 0))},
        "The locked C4 in measure 5 lies below the lowest note, D4; widen the range, or unlock it.",
    ),
    "a lock outside the selection": (
        FIFTH,
        {"locked": locked((2, 0))},
        "A locked note is not in the chosen measures; unlock it, or choose its measure too.",
    ),
    "a lock between ticks": (
        SEVENTH,
        {"locked": locked((3, 3))},
        "The locked D5 in measure 7 begins or ends between the ticks that the model knows; unlock it.",
    ),
    "rhythm of silence": (
        SIXTH,
        {"keep_rhythm": True},
        "The chosen measures have no notes whose rhythm could be kept; leave the rhythm free.",
    ),
    "rhythm between ticks": (
        SEVENTH,
        {"keep_rhythm": True},
        "The D5 in measure 7 begins or ends between the ticks that the model knows, so the rhythm cannot be kept "
        "exactly; leave it free.",
    ),
    "pitches of silence": (
        SIXTH,
        {"keep_pitches": True},
        "The chosen measures have no notes whose pitches could be kept; leave the pitches free.",
    ),
    "a kept pitch outside the range": (
        FIFTH,
        {"keep_pitches": True, "highest": 71},
        "The C5 in measure 5, whose pitch shall be kept, lies above the highest note, B4; widen the range, or leave "
        "the pitches free.",
    ),
    "a leap between kept pitches": (
        FIFTH,
        {"keep_pitches": True, "longest_leap": 4},
        "With the pitches kept, G4 and C4 in measure 5 lie 7 semitones apart, more than the longest leap of 4; "
        "allow it, or leave the pitches free.",
    ),
    "first of the kept pitches": (
        FIFTH,
        {"keep_pitches": True, "first_note": 62},
        "The first note cannot be D4, as the pitches shall be kept and the first of them is C4; leave one of them "
        "free.",
    ),
    "last of the kept pitches": (
        FIFTH,
        {"keep_pitches": True, "last_note": 62},
        "The last note cannot be D4, as the pitches shall be kept and the last of them is C5; leave one of them free.",
    ),
    "more locks than may be kept": (
        FIFTH,
        {"most_kept": 0.25, "locked": locked((1, 0), (1, 3))},
        "2 notes of 4 are locked, but only 1 may come again; unlock some, or allow more.",
    ),
    "one lock where none may be kept": (
        FIFTH,
        {"most_kept": 0.0, "locked": locked((1, 0))},
        "1 note of 4 is locked, but only 0 may come again; unlock some, or allow more.",
    ),
    "a leap between locks": (
        FIFTH,
        {"longest_leap": 3, "locked": locked((1, 0), (1, 1))},
        "Measure 5 cannot be filled with the locked notes and the longest leap of 3 semitones, as G4 comes "
        "before; loosen one of them.",
    ),
    "a leap to what follows": (
        SEVENTH,
        {"longest_leap": 1, "last_note": 72},
        "Measure 7 cannot end with the last note and the longest leap of 1 semitone, as C4 follows; loosen one of "
        "them.",
    ),
    "too many notes": (
        FIFTH,
        {"fewest_onsets": 17},
        "Measure 5 cannot be filled with at least 17 notes a measure; loosen it.",
    ),
    "too few notes for a rhythm": (
        FIFTH,
        {"most_onsets": 1, "keep_rhythm": True},
        "Measure 5 cannot be filled with the kept rhythm and at most 1 note a measure; loosen one of them.",
    ),
    "a first note behind a lock": (
        FIFTH,
        {"first_note": 62, "locked": locked((1, 0))},
        "Measure 5 cannot be filled with the locked notes and the first note; loosen one of them.",
    ),
}


@pytest.mark.parametrize(("span", "asked", "sentence"), CASES.values(), ids=CASES.keys())
def test_it_is_said_what_cannot_be_met(span: Span, asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConstraintError, match=f"^{re.escape(sentence)}$"):
        checked_rules(gap_of(span), Constraints(**asked))


def test_the_first_measure_that_cannot_be_filled_is_named() -> None:
    tune = TUNE.with_measures(SIXTH, [measure("6", "C4 B5 C4 B5")])
    asked = Constraints(longest_leap=8, locked=locked((2, 0), (2, 1)))
    with pytest.raises(ConstraintError, match=r"^Measure 6 cannot be filled"):
        checked_rules(gap_of(Span(1, 3), tune), asked)


def test_where_no_single_constraint_is_to_blame_all_are_named() -> None:
    asked = Constraints(fewest_onsets=17, longest_leap=1, locked=locked((1, 0), (1, 1)))
    sentence = (
        "Measure 5 cannot be filled with the locked notes, at least 17 notes a measure and the longest leap of 1 "
        "semitone, as G4 comes before; loosen one of them."
    )
    with pytest.raises(ConstraintError, match=f"^{sentence}$"):
        checked_rules(gap_of(FIFTH), asked)


def test_a_measure_that_begins_between_ticks_bears_no_constraint() -> None:
    first = measure("1", "C4", (4 * Q - Q // 8,))
    tune = Melody((first, measure("2", "D4", (Q // 8,)), measure("3", "C4 C4 C4 C4")))
    gap = gap_of(Span(0, 2), tune)
    with pytest.raises(ConstraintError, match=r"^Measure 2 begins between the ticks that the model knows"):
        checked_rules(gap, Constraints(longest_leap=5))
    assert checked_rules(gap, Constraints(60, 72)).can_be_met


def test_what_other_measures_share_with_the_original_may_stand_in_the_way() -> None:
    asked = Constraints(keep_rhythm=True, lowest=60, highest=60, most_kept=0.0)
    other = (measure("5", "C4 D4 E4 F4"),)
    with pytest.raises(ConstraintError, match="at most 0% of the notes kept; loosen one of them"):
        checked_rules(gap_of(Span(4, 5)), asked, Resemblance(other, 0.5))


def test_a_gap_that_is_all_of_a_tune_has_nothing_to_leap_from() -> None:
    alone = Melody((measure("1", "C4 E4 G4 C5"),))
    assert checked_rules(gap_of(Span(0, 1), alone), Constraints(keep_pitches=True, longest_leap=5)).can_be_met
