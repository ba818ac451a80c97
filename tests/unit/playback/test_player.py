import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.playback.outputs import SilentOutput
from inpaint_desktop.playback.player import Player
from inpaint_desktop.playback.timeline import Manner, Place, Timeline, make_timeline
from tests.unit.playback.tunes import QUARTER, measure, tune

TIMELINE = make_timeline(tune(measure(1, 1, 1, 1)))  # two seconds
COUNTED = make_timeline(tune(measure(1, 1, 1, 1)), manner=Manner(has_count_in=True))  # and two before
PATIENCE_S = 20.0


class TapeOutput:
    """An output that writes down what it is asked, and whose time the test moves."""

    def __init__(self) -> None:
        self.log: list[tuple[object, ...]] = []
        self.now_s = 0.0
        self.error: DeviceError | None = None
        self.has_started = threading.Event()
        self.may_start = threading.Event()
        self.may_start.set()

    def warm_up(self) -> None:
        self.log.append(("warm up",))

    def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:
        self.may_start.wait(PATIENCE_S)
        if self.error is not None:
            raise self.error
        self.log.append(("start", timeline, from_s, is_loop))
        self.now_s = 0.0
        self.has_started.set()

    def stop(self) -> None:
        self.log.append(("stop",))

    def elapsed_s(self) -> float:
        if self.error is not None:
            raise self.error
        return self.now_s

    def set_volume(self, share: float) -> None:
        self.log.append(("volume", share))

    def close(self) -> None:
        self.log.append(("close",))

    @property
    def starts(self) -> list[tuple[object, ...]]:
        return [entry[1:] for entry in self.log if entry[0] == "start"]


@pytest.fixture
def output() -> TapeOutput:
    return TapeOutput()


@pytest.fixture
def player(output: TapeOutput) -> Iterator[Player]:
    player = Player(output)
    yield player
    player.close()


def play(
    player: Player, output: TapeOutput, timeline: Timeline = TIMELINE, *, until_s: float, from_s: float = 0.0
) -> None:
    player.play(timeline, from_s)
    player.settle()
    output.now_s = until_s - from_s


def test_a_new_player_plays_nothing(player: Player) -> None:
    assert (player.is_playing, player.timeline, player.place) == (False, None, None)
    assert player.position_s() == 0.0


def test_what_the_output_needs_is_loaded_before_anything_is_played(player: Player, output: TapeOutput) -> None:
    player.warm_up()
    player.settle()
    assert output.log == [("warm up",)]
    assert not player.is_playing


def test_the_position_is_what_the_output_has_let_hear(player: Player, output: TapeOutput) -> None:
    play(player, output, until_s=1.25, from_s=0.5)
    assert output.starts == [(TIMELINE, 0.5, False)]
    assert player.position_s() == 1.25
    assert player.place == Place(0, 5 * QUARTER // 2)
    assert player.is_playing


def test_until_the_output_has_started_the_position_stands(player: Player, output: TapeOutput) -> None:
    output.may_start.clear()
    output.now_s = 99.0
    player.play(TIMELINE, 0.5)
    assert player.position_s() == 0.5
    assert player.is_playing
    output.may_start.set()


def test_the_position_never_goes_back(player: Player, output: TapeOutput) -> None:
    play(player, output, until_s=1.0)
    player.position_s()
    output.now_s = 0.99
    assert player.position_s() == 1.0


def test_at_the_end_it_stands_and_no_longer_plays(player: Player, output: TapeOutput) -> None:
    play(player, output, until_s=2.5)
    assert player.position_s() == 2.0
    assert not player.is_playing


def test_a_pause_remembers_where_the_music_was(player: Player, output: TapeOutput) -> None:
    play(player, output, until_s=0.75)
    player.pause()
    output.now_s = 1.9
    assert (player.position_s(), player.is_playing) == (0.75, False)


def test_pause_without_music_does_nothing(player: Player, output: TapeOutput) -> None:
    player.pause()
    player.settle()
    assert output.log == []


def test_stop_forgets_the_music(player: Player, output: TapeOutput) -> None:
    play(player, output, until_s=1.0)
    player.stop()
    player.settle()
    assert output.log[-1] == ("stop",)
    assert (player.position_s(), player.timeline, player.is_playing) == (0.0, None, False)


def test_of_several_starts_in_a_row_only_the_last_is_heard(player: Player, output: TapeOutput) -> None:
    output.may_start.clear()
    for from_s in (0.1, 0.2, 0.3):
        player.play(TIMELINE, from_s)
    output.may_start.set()
    player.settle()
    assert output.starts[-1] == (TIMELINE, 0.3, False)
    assert (TIMELINE, 0.2, False) not in output.starts


@given(st.floats(0, 100))
def test_a_loop_goes_round_and_round_after_its_count_in(elapsed_s: float) -> None:
    output = TapeOutput()
    player = Player(output)
    player.is_loop = True
    play(player, output, COUNTED, until_s=elapsed_s)
    assert player.position_s() == pytest.approx(elapsed_s if elapsed_s < 4 else 2 + elapsed_s % 2)
    assert player.is_playing
    player.close()


def test_a_loop_can_be_turned_on_and_off_while_playing(player: Player, output: TapeOutput) -> None:
    play(player, output, until_s=1.5)
    player.is_loop = True
    player.settle()
    assert output.starts[-1] == (TIMELINE, 1.5, True)
    output.now_s = 1.0
    assert player.position_s() == 0.5
    player.is_loop = False
    player.settle()
    assert output.starts[-1] == (TIMELINE, 0.5, False)
    assert not player.is_loop


def test_a_loop_can_be_turned_on_while_silent(player: Player, output: TapeOutput) -> None:
    player.is_loop = True
    player.is_loop = True
    player.settle()
    assert output.starts == []


def test_the_volume_stays_within_bounds_and_goes_to_every_output(player: Player, output: TapeOutput) -> None:
    player.volume = 1.5
    assert player.volume == 1.0
    player.volume = 0.25
    other = TapeOutput()
    player.use(other)
    assert output.log[:2] == [("volume", 1.0), ("volume", 0.25)]
    assert other.log == [("volume", 0.25)]


def test_another_output_goes_on_from_the_same_place(player: Player, output: TapeOutput) -> None:
    play(player, output, until_s=0.5)
    other = TapeOutput()
    player.use(other)
    player.settle()
    assert output.log[-1] == ("close",)
    assert other.starts == [(TIMELINE, 0.5, False)]


def test_another_output_is_silent_while_nothing_plays(player: Player) -> None:
    other = TapeOutput()
    player.use(other)
    player.settle()
    assert other.starts == []


def test_without_a_device_it_says_so_once_and_goes_on_in_silence() -> None:
    told: list[DeviceError] = []
    output = TapeOutput()
    output.error = DeviceError("There is no sound.")
    player = Player(output, told.append)
    player.play(TIMELINE, 0.5)
    player.settle()
    assert player.is_playing
    player.play(TIMELINE, 1.0)
    player.settle()
    assert 1.0 <= player.position_s() <= 2.0
    assert [str(error) for error in told] == ["There is no sound."]
    player.close()


def test_a_device_that_is_connected_later_is_heard_from_the_next_start_on() -> None:
    told: list[DeviceError] = []
    output = TapeOutput()
    output.error = DeviceError("There is no sound.")
    player = Player(output, told.append)
    player.volume = 0.5
    player.play(TIMELINE)
    player.settle()
    output.error = None
    play(player, output, until_s=1.0)
    assert (len(output.starts), player.position_s()) == (1, 1.0)
    output.error = DeviceError("It is gone again.")
    player.position_s()
    assert len(told) == 2
    player.close()


def test_without_a_device_and_a_listener_it_goes_on_in_silence() -> None:
    output = TapeOutput()
    output.error = DeviceError("There is no sound.")
    player = Player(output)
    player.play(TIMELINE)
    player.settle()
    assert player.is_playing
    player.close()


def test_a_device_that_is_lost_is_told_and_time_goes_on_from_there() -> None:
    told: list[DeviceError] = []
    output = TapeOutput()
    player = Player(output, told.append)
    play(player, output, until_s=1.5)
    player.position_s()
    output.error = DeviceError("The port is gone.")
    assert player.position_s() >= 1.5
    assert 1.5 <= player.position_s() <= 2.0
    assert len(told) == 1
    player.close()


class BrokenOutput(TapeOutput):
    """An output with an error that nobody has thought of."""

    def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:
        message = f"{timeline is not None, from_s, is_loop}"
        raise RuntimeError(message)

    def stop(self) -> None:
        message = "cannot stop"
        raise RuntimeError(message)


def test_an_output_that_breaks_leaves_a_trace_and_the_player_alive(caplog: pytest.LogCaptureFixture) -> None:
    told: list[DeviceError] = []
    player = Player(BrokenOutput(), told.append)
    player.pause()
    player.stop()
    player.play(TIMELINE, 1.0)
    player.settle()
    assert 1.0 <= player.position_s() <= 2.0
    assert len(told) == 1
    assert "cannot stop" in caplog.text
    player.close()


def test_closing_is_silent_and_lets_go_of_the_device(output: TapeOutput) -> None:
    player = Player(output)
    play(player, output, until_s=1.0)
    player.close()
    assert output.log[-2:] == [("stop",), ("close",)]


def test_silence_plays_too() -> None:
    player = Player(SilentOutput())
    player.play(TIMELINE, 1.99)
    player.settle()
    assert 1.99 <= player.position_s() <= 2.0
    player.close()
