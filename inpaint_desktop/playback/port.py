"""Sound from somebody else's synthesizer, through a MIDI port of the system."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import util
from typing import Protocol, Self

import mido

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.playback.events import Event, programs, stream
from inpaint_desktop.playback.libraries import prepare_environment
from inpaint_desktop.playback.timeline import Timeline

_VOLUME, _ALL_SOUND_OFF, _ALL_NOTES_OFF = 7, 120, 123  # controllers
_CHANNELS = range(16)

logger = logging.getLogger(__name__)


class Port(Protocol):
    """What is needed of an open MIDI port."""

    def send(self, message: mido.Message) -> None:
        """Send a message at once."""

    def close(self) -> None:
        """Let go of the port."""


def port_names() -> list[str]:
    """The names of the system's MIDI ports that something can be played to; none if there is no MIDI."""
    try:
        return list(dict.fromkeys(_backend().get_output_names()))
    except Exception as error:  # noqa: BLE001 - whatever a MIDI system that is broken raises
        logger.warning("The MIDI ports cannot be listed (%s).", error)
        return []


def open_port(name: str) -> Port:
    """Open a MIDI port by its name.

    Raises:
        DeviceError: it is not there or in use.
    """
    try:
        port: Port = _backend().open_output(name)
    except Exception as error:  # the backends have no error class in common
        message = f"The MIDI port '{name}' cannot be opened ({error}). Connect it, or choose another output."
        raise DeviceError(message) from error
    return port


class PortOutput:
    """Plays to a MIDI port, which ``open_it`` opens at the first start."""

    def __init__(self, open_it: Callable[[], Port]) -> None:
        self._open = open_it
        self._port: Port | None = None
        self._sender: _Sender | None = None
        self._volume = 1.0

    @classmethod
    def named(cls, name: str) -> Self:
        """Play to the port with this name."""
        return cls(lambda: open_port(name))

    def warm_up(self) -> None:
        """Do nothing: what a port needs is loaded with it."""

    def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:
        """Play ``timeline`` from ``from_s`` on; with ``is_loop``, without end.

        Raises:
            DeviceError: the port cannot be opened.
        """
        self.stop()
        if self._port is None:
            self._port = self._open()
        settings = [*_volume_messages(self._volume), *programs(timeline)]
        self._sender = _Sender(self._port, settings, stream(timeline, from_s, is_loop=is_loop))

    def stop(self) -> None:
        """Let no note sound on."""
        if self._sender is not None:
            self._sender.stop()

    def elapsed_s(self) -> float:
        """How many seconds have been sent since the last start.

        Raises:
            DeviceError: the port does not take any more.
        """
        return 0.0 if self._sender is None else self._sender.elapsed_s()

    def set_volume(self, share: float) -> None:
        """Send the volume to all channels, and again at each start."""
        self._volume = share
        if self._sender is not None:
            self._sender.send(_volume_messages(share))

    def close(self) -> None:
        """Let no note sound on, and let go of the port."""
        self.stop()
        if self._port is not None:
            port, self._port = self._port, None
            port.close()


class _Sender:
    """Sends messages in time, on a thread of its own, from the moment it is made."""

    def __init__(self, port: Port, settings: Sequence[mido.Message], played: Iterator[Event]) -> None:
        self._port = port
        self._lock = threading.Lock()
        self._is_stopping = threading.Event()
        self._error: DeviceError | None = None
        self.send(settings)
        self._started_s = time.monotonic()
        self._thread = threading.Thread(target=self._run, args=(played,), name="MIDI port", daemon=True)
        self._thread.start()

    def elapsed_s(self) -> float:
        """Seconds since the start.

        Raises:
            DeviceError: the port does not take any more.
        """
        if self._error is not None:
            raise self._error
        return time.monotonic() - self._started_s

    def send(self, messages: Iterable[mido.Message]) -> None:
        """Send messages at once; a port that fails is remembered as lost."""
        with self._lock:
            try:
                for message in messages:
                    self._port.send(message)
            except Exception as error:  # noqa: BLE001 - the backends have no error class in common
                self._error = DeviceError(f"The MIDI port does not answer any more ({error}). Choose another output.")

    def stop(self) -> None:
        """Send nothing more and let no note sound on."""
        self._is_stopping.set()
        self._thread.join()

    def _run(self, played: Iterator[Event]) -> None:
        for event in played:
            if self._is_stopping.wait(self._started_s + event.time_s - time.monotonic()) or self._error is not None:
                break
            self.send([event.message])
        self.send(
            mido.Message("control_change", channel=channel, control=control)
            for channel in _CHANNELS
            for control in (_ALL_NOTES_OFF, _ALL_SOUND_OFF)
        )


def _volume_messages(share: float) -> list[mido.Message]:
    value = round(127 * share)
    return [mido.Message("control_change", channel=channel, control=_VOLUME, value=value) for channel in _CHANNELS]


def _backend() -> mido.Backend:
    """Choose rtmidi where it is installed, as it knows virtual ports, else what comes with pygame."""
    has_rtmidi = util.find_spec("rtmidi") is not None
    prepare_environment()
    return mido.Backend("mido.backends.rtmidi" if has_rtmidi else "mido.backends.pygame")
