from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import SelectionError
from inpaint_desktop.playback.timeline import Line, Manner, Place, Timeline, make_timeline
from inpaint_desktop.score.form import FormSign
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import Pitch
from tests.unit.playback.tunes import D4, G_MAJOR, QUARTER, measure, tune

COUNTED = Manner(has_count_in=True)
CLICKED = Manner(has_metronome=True)


def indices(timeline: Timeline) -> list[int]:
    return [played.index for played in timeline.measures]


def starts(timeline: Timeline) -> list[float]:
    return [note.start_s for note in timeline.notes]


@st.composite
def tunes(draw: st.DrawFn) -> list[Line]:
    """Tunes whose measures have any tempo, length and repeats."""
    meters = st.sampled_from([Meter(4, 4), Meter(6, 8), Meter(2, 2), Meter(3, 4)])
    lengths = st.lists(st.sampled_from([0.25, 1 / 3, 0.5, 1.0, 1.5, 2.0]), min_size=1, max_size=6)
    measures = [
        measure(
            *draw(lengths),
            meter=draw(meters),
            bpm=draw(st.sampled_from([None, 33.0, 120.0, 181.5])),
            repeats=draw(st.sampled_from(["", "", "|:", ":|"])),
        )
        for _ in range(draw(st.integers(1, 8)))
    ]
    return tune(*measures)


manners = st.builds(Manner, st.floats(10, 400), st.booleans(), st.booleans())


@given(tunes(), manners, st.data())
def test_the_place_at_the_time_of_a_place_is_that_place(lines: list[Line], manner: Manner, data: st.DataObject) -> None:
    timeline = make_timeline(lines, manner=manner)
    played = data.draw(st.sampled_from(timeline.measures))
    place = Place(played.index, data.draw(st.integers(0, played.duration - 1)))
    seconds = timeline.seconds_of(place)
    assert seconds is not None
    assert timeline.place_at(seconds) == place


@given(tunes(), manners, st.floats(0, 1))
def test_the_time_of_the_place_at_a_time_is_that_time_or_an_earlier_pass(
    lines: list[Line], manner: Manner, share: float
) -> None:
    timeline = make_timeline(lines, manner=manner)
    seconds = timeline.count_in_s + share * (timeline.length_s - timeline.count_in_s)
    found = timeline.seconds_of(timeline.place_at(seconds))
    assert found is not None
    is_first_pass = indices(timeline).count(timeline.place_at(seconds).measure) == 1
    assert found == pytest.approx(seconds, abs=1e-3) if is_first_pass else found <= seconds + 1e-3


@given(tunes(), manners)
def test_every_note_is_heard_within_the_timeline_and_as_long_as_written(lines: list[Line], manner: Manner) -> None:
    timeline = make_timeline(lines, manner=manner)
    assert all(timeline.count_in_s <= note.start_s < note.stop_s for note in timeline.notes)
    assert max(note.stop_s for note in timeline.notes) == pytest.approx(timeline.length_s)
    assert starts(timeline) == sorted(starts(timeline))


@given(tunes(), st.floats(10, 400))
def test_half_the_tempo_takes_twice_as_long(lines: list[Line], percent: float) -> None:
    slow = make_timeline(lines, manner=Manner(tempo_percent=percent))
    plain = make_timeline(lines)
    assert slow.length_s * percent / 100 == pytest.approx(plain.length_s)


def test_a_tempo_out_of_reach_is_the_nearest_within_it() -> None:
    assert make_timeline(tune(measure(4)), manner=Manner(tempo_percent=0)).length_s == pytest.approx(20.0)
    assert make_timeline(tune(measure(4)), manner=Manner(tempo_percent=1e9)).length_s == pytest.approx(0.5)


def test_a_repeat_is_heard_twice_and_endings_in_their_turn() -> None:
    lines = tune(
        measure(4), measure(4, repeats="|:"), measure(4, endings=[1], repeats=":|"), measure(4, endings=[2]), measure(4)
    )
    timeline = make_timeline(lines)
    assert indices(timeline) == [0, 1, 2, 1, 3, 4]
    assert timeline.seconds_of(Place(1)) == pytest.approx(2.0)
    assert timeline.place_at(6.5) == Place(1, QUARTER)


def test_a_span_is_heard_straight_through() -> None:
    lines = tune(measure(4), measure(4, repeats="|:"), measure(2, 2, repeats=":|"), measure(4))
    timeline = make_timeline(lines, span=Span(1, 3))
    assert indices(timeline) == [1, 2]
    assert starts(timeline) == pytest.approx([0.0, 2.0, 3.0])
    assert timeline.seconds_of(Place(0)) is None


def test_a_tune_can_be_heard_from_a_measure_on_with_its_repeats() -> None:
    lines = tune(measure(4), measure(4, repeats=":|"), measure(4))
    assert indices(make_timeline(lines, start=1)) == [1, 0, 1, 2]


def test_a_measure_that_no_repeat_leads_to_can_be_heard_nevertheless() -> None:
    lines = tune(measure(4), measure(4, endings=[5]), measure(4))
    assert indices(make_timeline(lines)) == [0, 2]
    assert indices(make_timeline(lines, start=1)) == [1, 2]


@pytest.mark.parametrize("span", [Span(0, 2), Span(1, 1), Span(-1, 1)])
def test_measures_that_are_not_there_cannot_be_heard(span: Span) -> None:
    with pytest.raises(SelectionError):
        make_timeline(tune(measure(4)), span=span)
    with pytest.raises(SelectionError):
        make_timeline(tune(measure(4)), start=1)


def test_a_tie_is_one_note() -> None:
    tied = measure(4).with_notes([Note(0, 4 * QUARTER, D4, ties_on=True)])
    (note,) = make_timeline(tune(tied, measure(4))).notes
    assert (note.start_s, note.stop_s) == pytest.approx((0.0, 4.0))


def test_the_tempo_of_each_measure_counts_across_a_tie() -> None:
    tied = measure(4).with_notes([Note(0, 4 * QUARTER, D4, ties_on=True)])
    (note,) = make_timeline(tune(tied, measure(4, bpm=60.0))).notes
    assert note.stop_s == pytest.approx(2.0 + 4.0)


def test_rests_and_pitches_that_midi_does_not_have_are_silent() -> None:
    silent = measure(4).with_notes([Note(0, QUARTER, None), Note(QUARTER, 3 * QUARTER, Pitch("C", 0, 12))])
    assert make_timeline(tune(silent)).notes == ()


def test_parts_are_heard_together_and_a_silent_one_lends_its_repeats_and_tempo() -> None:
    upper = Line(Melody((measure(4, bpm=None), measure(2, 2, bpm=None))), program=40)
    lower = Line(Melody((measure(4, bpm=60.0), measure(4, bpm=60.0, repeats=":|"))), program=42, is_heard=False)
    timeline = make_timeline([upper, lower])
    assert indices(timeline) == [0, 1, 0, 1]
    assert starts(timeline) == pytest.approx([0.0, 4.0, 6.0, 8.0, 12.0, 14.0])
    both = make_timeline([upper, replace(lower, is_heard=True)])
    assert sorted(note.start_s for note in both.notes if note.line == 1) == pytest.approx([0.0, 4.0, 8.0, 12.0])


def test_a_part_with_other_lengths_stays_in_step_with_the_first() -> None:
    leading = Line(Melody((measure(4), measure(4), measure(4))))
    other = Line(Melody((measure(2), measure(2, 3, 1))))
    notes = [note for note in make_timeline([leading, other]).notes if note.line == 1]
    assert [(note.start_s, note.stop_s) for note in notes] == [(0.0, 1.0), (2.0, 3.0), (3.0, 4.0)]


def test_the_metronome_beats_as_the_meter_is_felt_and_marks_the_first() -> None:
    lines = tune(measure(1.5, 1.5, meter=Meter(6, 8)), measure(4, meter=Meter(2, 2)))
    clicks = make_timeline(lines, manner=CLICKED).clicks
    assert [click.start_s for click in clicks] == pytest.approx([0.0, 0.75, 1.5, 2.5])
    assert [click.is_accented for click in clicks] == [True, False, True, False]


def test_a_pickup_is_the_end_of_its_measure_for_the_metronome() -> None:
    lines = tune(measure(0.5), measure(4), measure(3, repeats=":|"), measure(1), measure(4))
    clicks = make_timeline(lines, manner=CLICKED, span=Span(0, 5)).clicks
    assert [click.start_s for click in clicks if click.is_accented] == pytest.approx([0.25, 2.25, 4.25])
    assert clicks[0].start_s == pytest.approx(0.25)


def test_a_count_in_is_one_measure_of_clicks_before_the_music() -> None:
    timeline = make_timeline(tune(measure(4)), manner=COUNTED)
    assert timeline.count_in_s == pytest.approx(2.0)
    assert [click.start_s for click in timeline.clicks] == pytest.approx([0.0, 0.5, 1.0, 1.5])
    assert [click.is_accented for click in timeline.clicks] == [True, False, False, False]
    assert starts(timeline) == pytest.approx([2.0])
    assert timeline.place_at(1.0) == Place(0, 0)


def test_a_count_in_before_a_pickup_goes_on_up_to_it() -> None:
    timeline = make_timeline(tune(measure(1), measure(4)), manner=COUNTED)
    assert timeline.count_in_s == pytest.approx(3.5)
    assert [click.is_accented for click in timeline.clicks] == [True, False, False, False, True, False, False]


def test_a_count_in_goes_over_into_the_metronome() -> None:
    timeline = make_timeline(tune(measure(4)), manner=Manner(has_metronome=True, has_count_in=True))
    assert [click.start_s for click in timeline.clicks] == pytest.approx([0.5 * beat for beat in range(8)])


def test_a_loop_returns_to_the_start_of_the_music_not_to_the_count_in() -> None:
    timeline = make_timeline(tune(measure(4)), manner=COUNTED)
    assert [timeline.looped(seconds) for seconds in (0.5, 3.0, 4.0, 7.5)] == pytest.approx([0.5, 3.0, 2.0, 3.5])


def test_after_the_end_the_place_is_the_last_one() -> None:
    assert make_timeline(tune(measure(4))).place_at(99.0) == Place(0, 4 * QUARTER - 1)


def test_a_tune_of_empty_measures_has_no_loop() -> None:
    empty = Measure((), Meter(4, 4), G_MAJOR, 0)
    timeline = make_timeline(tune(empty))
    assert timeline.looped(5.0) == 5.0
    assert timeline.place_at(0.0) == Place(0, 0)


def test_a_jump_that_one_part_names_is_made_by_all() -> None:
    order = Line(Melody((measure(4), replace(measure(4), form_signs=frozenset({FormSign.DA_CAPO})))))
    assert indices(make_timeline([*tune(measure(4), measure(4), measure(4)), order])) == [0, 1, 0, 1, 2]


def test_transposing_parts_sound_as_they_are_meant() -> None:
    clarinet = Melody((replace(measure(4), transposition=-2), replace(measure(2), transposition=-2)))
    timeline = make_timeline([*tune(measure(4), measure(4)), Line(clarinet)])
    assert [note.midi for note in timeline.notes] == [62, 62, 60, 60]
