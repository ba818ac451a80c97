import io
from itertools import islice

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.playback.events import DRUM_CHANNEL, RING_OUT_S, events, programs, stream, to_midi
from inpaint_desktop.playback.timeline import Line, Manner, Timeline, make_timeline
from inpaint_desktop.score.melody import Measure, Melody
from inpaint_desktop.score.meter import Meter
from tests.unit.playback.tunes import G_MAJOR, measure, tune

COUNTED = Manner(has_count_in=True)


def read(midi: bytes) -> list[tuple[float, mido.Message]]:
    """Seconds and messages, as mido reads them."""
    found, now = [], 0.0
    for message in mido.MidiFile(file=io.BytesIO(midi)):
        now += message.time
        found.append((now, message))
    return found


def note_ons(midi: bytes) -> list[float]:
    return [seconds for seconds, message in read(midi) if message.type == "note_on"]


def four_quarters() -> Timeline:
    return make_timeline(tune(measure(1, 1, 1, 1)))


@given(st.lists(st.sampled_from([0.25, 1 / 3, 1.0, 2.5]), min_size=1, max_size=20), st.floats(10, 400))
def test_a_file_says_of_every_note_when_it_is_heard(lengths: list[float], percent: float) -> None:
    timeline = make_timeline(tune(measure(*lengths)), manner=Manner(percent))
    assert note_ons(to_midi(timeline)) == pytest.approx([note.start_s for note in timeline.notes], abs=1e-4)


@given(st.floats(0, 1.99))
def test_a_file_from_a_moment_on_starts_there_and_starts_the_note_that_sounds(from_s: float) -> None:
    heard = note_ons(to_midi(four_quarters(), from_s))
    later = [start - from_s for start in (0.5, 1.0, 1.5) if start > from_s]
    assert heard[-len(later) :] == pytest.approx(later, abs=1e-4) or not later
    assert len(heard) <= len(later) + 1
    assert heard[:1] == pytest.approx([0.0]) or len(heard) == len(later)  # in the pause between two notes


def test_each_line_has_its_instrument_and_loudness_and_no_channel_is_the_drums() -> None:
    lines = [Line(Melody((measure(4),)), program=number, velocity=100 - number) for number in range(17)]
    timeline = make_timeline(lines)
    assert [message.program for message in programs(timeline)] == list(range(17))
    assert DRUM_CHANNEL not in {message.channel for message in programs(timeline)}
    ons = [event.message for event in events(timeline) if event.message.type == "note_on"]
    assert {(message.channel, message.velocity) for message in ons} >= {(0, 100), (8, 92), (10, 91)}


def test_a_note_ends_before_the_next_of_its_pitch_begins() -> None:
    kinds = [event.message.type for event in events(four_quarters())]
    assert kinds == ["note_on", "note_off"] * 4


def test_clicks_are_woodblocks_with_an_accent() -> None:
    timeline = make_timeline(tune(measure(4)), manner=Manner(has_metronome=True))
    clicks = [
        event.message
        for event in events(timeline)
        if event.message.type == "note_on" and event.message.channel == DRUM_CHANNEL
    ]
    assert [message.note for message in clicks] == [76, 77, 77, 77]
    assert clicks[0].velocity > clicks[1].velocity


def test_the_last_note_may_fade() -> None:
    seconds, last = read(to_midi(four_quarters()))[-1]
    assert last.type == "end_of_track"
    assert seconds == pytest.approx(2.0 + RING_OUT_S)


def test_a_loop_is_written_out_without_its_count_in_and_stays_in_time_for_an_hour() -> None:
    timeline = make_timeline(tune(measure(4)), manner=COUNTED)
    heard = [
        seconds
        for seconds, message in read(to_midi(timeline, is_loop=True))
        if message.type == "note_on" and message.channel != DRUM_CHANNEL
    ]
    assert heard == pytest.approx([2.0 * number for number in range(1, len(heard) + 1)], abs=0.01)
    assert heard[-1] >= 3600


def test_a_loop_from_its_middle_comes_back_to_its_start() -> None:
    assert note_ons(to_midi(four_quarters(), 1.0, is_loop=True))[:4] == pytest.approx([0.0, 0.5, 1.0, 1.5])


@pytest.mark.parametrize("from_s", [0.0, 1.0, 2.0, 3.0])
def test_a_stream_and_a_file_say_the_same(from_s: float) -> None:
    timeline = make_timeline(tune(measure(1, 2, 1)), manner=COUNTED)
    streamed = [event.time_s for event in islice(stream(timeline, from_s, is_loop=True), 60)]
    written = [seconds for seconds, message in read(to_midi(timeline, from_s, is_loop=True)) if not message.is_meta]
    assert streamed == pytest.approx(written[1:61], abs=0.001)  # without the program


def test_a_stream_without_a_loop_ends() -> None:
    assert len(list(stream(four_quarters()))) == 8


def test_a_loop_of_rests_only_is_silent_and_a_stream_of_it_ends() -> None:
    timeline = make_timeline(tune(Measure.of_rest(Meter(4, 4), G_MAJOR)))
    assert list(stream(timeline, is_loop=True)) == []
    assert note_ons(to_midi(timeline, is_loop=True)) == []
