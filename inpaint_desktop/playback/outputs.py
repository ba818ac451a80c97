"""What a player plays through, and the output that makes no sound but keeps time."""

import time
from collections.abc import Callable
from typing import Protocol

from inpaint_desktop.playback.timeline import Timeline


class Output(Protocol):
    """Something that makes a timeline heard.

    ``warm_up``, ``start``, ``stop`` and ``close`` may take a while; one thread calls them, one after the other. The
    others answer at once and may be called by any thread.
    """

    def warm_up(self) -> None:
        """Load what can be loaded before anything is played; no device is opened, and nothing is said of failures."""

    def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:
        """Play ``timeline`` from ``from_s`` on in place of what was played before; with ``is_loop``, without end.

        Raises:
            DeviceError: there is no device to play through.
        """

    def stop(self) -> None:
        """Be silent."""

    def elapsed_s(self) -> float:
        """How many seconds have been heard since the last start.

        Raises:
            DeviceError: the device is lost.
        """

    def set_volume(self, share: float) -> None:
        """Be as loud as ``share`` of the loudest, from 0 to 1."""

    def close(self) -> None:
        """Be silent and let go of the device."""


class SilentOutput:
    """Makes no sound, but time goes on, so that the cursor moves where there is no audio device."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started_s = clock()

    def warm_up(self) -> None:
        """Do nothing, as nothing is needed."""

    def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:  # noqa: ARG002 - nothing is heard
        """Count from now on."""
        self._started_s = self._clock()

    def stop(self) -> None:
        """Do nothing, as nothing sounds."""

    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._started_s

    def set_volume(self, share: float) -> None:
        """Do nothing, as nothing sounds."""

    def close(self) -> None:
        """Do nothing, as there is no device."""
