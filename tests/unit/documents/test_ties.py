from inpaint_desktop.documents.ties import joined, with_sound_ties
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

C, D = Pitch.parse("C5"), Pitch.parse("D5")
Q = TICKS_PER_QUARTER


def _measure(*notes: Note) -> Measure:
    return Measure(notes, Meter(2, 4), KeySignature(0), 2 * Q)


def test_tied_notes_of_a_measure_become_one() -> None:
    assert joined([Note(0, Q, C, ties_on=True), Note(Q, Q, C)]) == (Note(0, 2 * Q, C),)


def test_repeated_notes_stay_apart() -> None:
    notes = (Note(0, Q, C), Note(Q, Q, C))
    assert joined(notes) == notes


def test_rests_that_follow_each_other_become_one() -> None:
    assert joined([Note(0, Q, None), Note(Q, Q, None), Note(2 * Q, Q, C)]) == (Note(0, 2 * Q, None), Note(2 * Q, Q, C))


def test_a_tie_to_another_pitch_inside_a_measure_is_none() -> None:
    assert joined([Note(0, Q, C, ties_on=True), Note(Q, Q, D)]) == (Note(0, Q, C), Note(Q, Q, D))


def test_a_tie_over_the_bar_line_stays_where_the_pitch_goes_on() -> None:
    tied = _measure(Note(0, 2 * Q, C, ties_on=True))
    assert with_sound_ties([tied, _measure(Note(0, 2 * Q, C))])[0] == tied
    assert with_sound_ties([tied, _measure(Note(0, 2 * Q, D))])[0] == _measure(Note(0, 2 * Q, C))
    assert with_sound_ties([tied]) == (_measure(Note(0, 2 * Q, C)),)
