import threading
import time

import mido
import pytest

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.playback import port as port_module
from inpaint_desktop.playback.port import PortOutput, open_port, port_names
from inpaint_desktop.playback.timeline import Line, Manner, make_timeline
from inpaint_desktop.score.melody import Melody
from tests.unit.playback.tunes import measure

PATIENCE_S = 20.0
NOTES = make_timeline([Line(Melody((measure(1, 1, 1, 1),)), program=73)], manner=Manner(tempo_percent=400.0))
LONG = make_timeline([Line(Melody((measure(4),)))], manner=Manner(tempo_percent=10.0))


class TapePort:
    """A port that writes down what it is sent, and when."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, mido.Message]] = []
        self.is_closed = False
        self.is_gone = False
        self.has_note = threading.Event()
        self.is_silenced = threading.Event()

    def send(self, message: mido.Message) -> None:
        if self.is_gone:
            reason = "unplugged"
            raise OSError(reason)
        self.sent.append((time.monotonic(), message))
        if message.type == "note_on":
            self.has_note.set()
        if message.is_cc(120) and message.channel == 15:
            self.is_silenced.set()

    def close(self) -> None:
        self.is_closed = True

    def of_type(self, kind: str) -> list[mido.Message]:
        return [message for _, message in self.sent if message.type == kind]


@pytest.fixture
def port() -> TapePort:
    return TapePort()


def test_notes_are_sent_in_their_order_and_never_too_early(port: TapePort) -> None:
    output = PortOutput(lambda: port)
    output.start(NOTES, 0.0, is_loop=False)
    assert port.is_silenced.wait(PATIENCE_S)
    ons = [seconds for seconds, message in port.sent if message.type == "note_on"]
    assert [message.program for message in port.of_type("program_change")] == [73]
    assert len(port.of_type("note_off")) == len(ons) == 4
    assert all(later - ons[0] >= 0.125 * number - 0.05 for number, later in enumerate(ons))
    output.close()


def test_stopping_silences_every_channel_at_once(port: TapePort) -> None:
    output = PortOutput(lambda: port)
    output.start(LONG, 0.0, is_loop=False)
    assert port.has_note.wait(PATIENCE_S)
    output.stop()
    assert port.is_silenced.is_set()
    silenced = {message.channel for _, message in port.sent if message.is_cc(123)}
    assert silenced == set(range(16))
    assert port.of_type("note_off") == []
    output.close()
    assert port.is_closed


def test_a_second_start_takes_the_place_of_the_first(port: TapePort) -> None:
    output = PortOutput(lambda: port)
    output.start(LONG, 0.0, is_loop=False)
    output.start(LONG, 1.0, is_loop=True)
    assert port.is_silenced.is_set()
    assert 0.0 <= output.elapsed_s() < PATIENCE_S
    output.close()


def test_a_loop_sends_its_notes_again(port: TapePort) -> None:
    output = PortOutput(lambda: port)
    output.start(NOTES, 0.4, is_loop=True)
    deadline = time.monotonic() + PATIENCE_S
    while len(port.of_type("note_on")) < 6 and time.monotonic() < deadline:
        time.sleep(0.01)
    output.close()
    assert len(port.of_type("note_on")) >= 6


def test_the_volume_is_sent_now_and_at_each_start(port: TapePort) -> None:
    output = PortOutput(lambda: port)
    output.set_volume(0.5)
    output.start(LONG, 0.0, is_loop=False)
    output.set_volume(1.0)
    output.close()
    values = [message.value for _, message in port.sent if message.is_cc(7)]
    assert values == [64] * 16 + [127] * 16


def test_a_port_that_is_gone_is_told_when_asked_for_the_time(port: TapePort) -> None:
    output = PortOutput(lambda: port)
    port.is_gone = True
    output.start(NOTES, 0.0, is_loop=False)
    with pytest.raises(DeviceError, match=r"does not answer any more \(unplugged\)\. Choose another output\."):
        output.elapsed_s()
    output.close()


def test_before_the_first_start_there_is_nothing_to_stop() -> None:
    output = PortOutput(TapePort)
    output.stop()
    output.close()
    assert output.elapsed_s() == 0.0


def test_a_port_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(DeviceError, match="'Grand Synthesizer' cannot be opened"):
        PortOutput.named("Grand Synthesizer").start(NOTES, 0.0, is_loop=False)


class FakeBackend:
    """A MIDI system with one port twice in its list."""

    def __init__(self, port: TapePort) -> None:
        self._port = port

    def get_output_names(self) -> list[str]:
        return ["Synth", "Synth", "Other"]

    def open_output(self, name: str) -> TapePort:
        assert name == "Synth"
        return self._port


def test_every_port_is_listed_once_and_opened_by_its_name(port: TapePort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_module, "_backend", lambda: FakeBackend(port))
    assert port_names() == ["Synth", "Other"]
    assert open_port("Synth") is port


def test_without_midi_no_port_is_listed(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(port_module, "_backend", lambda: mido.Backend("a.library.that.is.not.there"))
    assert port_names() == []
    assert "cannot be listed" in caplog.text


def test_rtmidi_is_preferred_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    assert port_module._backend().name == "mido.backends.rtmidi"
