"""Where the notes of the chosen measures lie on the grid."""

from collections.abc import Callable

import numpy as np

from inpaint_desktop.encoding.grammar import Gap
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.encoding.window import window_around
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace

MakeTune = Callable[..., Melody]
Q = TICKS_PER_QUARTER
C, D = Pitch.parse("C4"), Pitch.parse("D4")


def gap_of(melody: Melody, span: Span, semitones: int = 0) -> Gap:
    unmoved = Transposition(semitones, KeySignature(0))
    return Gap.of(melody, span, window_around(melody, span, unmoved), unmoved)


def measure(*notes: tuple[int, Pitch | None, bool], meter: Meter = Meter(4, 4), number: str = "") -> Measure:  # noqa: B008
    onset, written = 0, []
    for duration, pitch, tied in notes:
        written.append(Note(onset, duration, pitch, tied))
        onset += duration
    return Measure(tuple(written), meter, KeySignature(0), onset, number)


def test_full_measures_are_asked_for_from_start_to_end(make_tune: MakeTune) -> None:
    gap = gap_of(make_tune(8), Span(2, 4))
    assert len(gap) == 48
    assert gap.is_asked.all()
    assert gap.ends == {2: (0, 24), 3: (24, 48)}


def test_of_a_pickup_the_end_of_its_slot_is_asked_for(make_tune: MakeTune) -> None:
    gap = gap_of(make_tune(8, pickup=1), Span(0, 2))
    assert np.flatnonzero(~gap.is_asked).tolist() == list(range(18))
    assert gap.ends == {0: (18, 24), 1: (24, 48)}


def test_of_a_slot_that_is_shared_the_chosen_measure_is_asked_for(make_tune: MakeTune) -> None:
    tune = make_tune(8, section=4)  # measure 4 lacks the quarter that measure 5 has
    assert gap_of(tune, Span(4, 5)).ends == {4: (0, 18)}
    assert gap_of(tune, Span(5, 6)).ends == {5: (18, 24)}
    assert gap_of(tune, Span(4, 6)).ends == {4: (0, 18), 5: (18, 24)}


def test_a_measure_that_begins_between_ticks_begins_in_the_tick_before() -> None:
    short = measure((Q // 8, C, False))
    assert gap_of(Melody((short, measure((4 * Q, C, False)))), Span(0, 1)).ends == {0: (23, 24)}


def test_a_measure_without_any_time_is_left_out() -> None:
    gap = gap_of(Melody((measure((4 * Q, C, False)), measure(), measure((4 * Q, C, False)))), Span(0, 2))
    assert list(gap.ends) == [0]
    assert gap.measure_at(24) == 1


def test_tied_notes_are_heard_as_one_with_all_their_parts() -> None:
    tune = Melody((measure((2 * Q, D, False), (2 * Q, C, True)), measure((Q, C, False), (3 * Q, None, False))))
    heard = gap_of(tune, Span(0, 2)).heard
    assert [note.midi for note in heard] == [62, 60, None]
    assert [part.place for part in heard[1].parts] == [NotePlace(0, 1), NotePlace(1, 0)]
    assert [(part.start, part.stop) for part in heard[1].parts] == [(12, 24), (24, 30)]


def test_a_tie_to_another_pitch_or_a_rest_is_none() -> None:
    tune = Melody((measure((4 * Q, C, True)), measure((2 * Q, D, True), (2 * Q, None, False))))
    assert [len(note.parts) for note in gap_of(tune, Span(0, 2)).heard] == [1, 1, 1]


def test_a_note_between_ticks_has_no_position() -> None:
    tune = Melody((measure((Q // 8, C, False), (Q // 8, D, False), (15 * Q // 4, C, False)),))
    first, second, third = gap_of(tune, Span(0, 1)).heard
    assert (first.start, first.is_on_grid) == (0, False)
    assert (second.start, second.is_on_grid) == (None, False)
    assert (third.start, third.is_on_grid) == (1, True)


def test_pitches_beyond_the_vocabulary_have_no_token() -> None:
    gap = gap_of(Melody((measure((4 * Q, C, False)),)), Span(0, 1), semitones=12)
    token = gap.token_of(C)
    assert token is not None
    assert gap.sounding(token) == 60
    assert gap.token_of(Pitch.parse("C7")) is None
    assert gap.sounding(0) is None


def test_measures_are_named_by_their_numbers_where_they_have_any() -> None:
    tune = Melody((measure((4 * Q, C, False), number="7"), measure((4 * Q, C, False))))
    gap = gap_of(tune, Span(0, 2))
    assert (gap.name_of(0), gap.name_of(1)) == ("measure 7", "a chosen measure")
    assert (gap.measure_at(23), gap.measure_at(24)) == (0, 1)
