"""The player: what is playing, from where, and where it is now.

All of it may be called by any thread and answers at once. The output, which may take its time to open a device, is
told what to do by a thread of the player's own, in the order in which things were asked for; the interface asks
``position_s`` as often as it draws the cursor.
"""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.playback.outputs import Output, SilentOutput
from inpaint_desktop.playback.timeline import Place, Timeline

_PATIENCE_S = 2.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _State:
    """What was asked for. ``take`` counts the starts; the output's time is of use only for the latest."""

    timeline: Timeline | None = None
    from_s: float = 0.0
    is_running: bool = False
    is_loop: bool = False
    take: int = 0


class Player:
    """Plays one timeline at a time through an output.

    Args:
        output: what to play through; nothing is opened before something is played.
        on_device_error: called by any thread with the sentence that says why there is no sound; once, until there
            is sound again. The player goes on in silence, and tries the output again at each start.
    """

    def __init__(self, output: Output, on_device_error: Callable[[DeviceError], None] | None = None) -> None:
        self._output = output
        self._lost: Output | None = None
        self._is_told = False
        self._on_device_error = on_device_error
        self._state = _State()
        self._started_take = 0
        self._furthest_s = 0.0
        self._volume = 1.0
        self._lock = threading.RLock()
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._worker = threading.Thread(target=self._work, name="player", daemon=True)
        self._worker.start()

    @property
    def is_playing(self) -> bool:
        """Whether the music goes on: neither paused nor stopped, and not yet at its end."""
        with self._lock:
            return self._state.is_running and not self._has_ended()

    @property
    def timeline(self) -> Timeline | None:
        """What is played, or was played last; ``None`` after ``stop``."""
        return self._state.timeline

    @property
    def place(self) -> Place | None:
        """Where in the score the music is."""
        with self._lock:
            timeline = self._state.timeline
            return None if timeline is None else timeline.place_at(self.position_s())

    @property
    def is_loop(self) -> bool:
        """Whether it begins again at the end; may be set at any time."""
        return self._state.is_loop

    @is_loop.setter
    def is_loop(self, is_loop: bool) -> None:
        with self._lock:
            if is_loop == self._state.is_loop:
                return
            position_s, was_playing = self.position_s(), self.is_playing
            self._state = replace(self._state, is_loop=is_loop, from_s=position_s)
            if was_playing:
                self._start()

    @property
    def volume(self) -> float:
        """How loud it is, from 0 to 1; may be set at any time."""
        return self._volume

    @volume.setter
    def volume(self, share: float) -> None:
        self._volume = min(max(share, 0.0), 1.0)
        self._output.set_volume(self._volume)

    def warm_up(self) -> None:
        """Load what the output needs, so that the first sound need not wait for it; no device is opened."""
        self._jobs.put(self._output.warm_up)

    def play(self, timeline: Timeline, from_s: float = 0.0) -> None:
        """Play ``timeline`` from ``from_s`` on, in place of what was played before."""
        with self._lock:
            self._state = replace(self._state, timeline=timeline, from_s=from_s)
            self._start()

    def pause(self) -> None:
        """Be silent, and remember where."""
        with self._lock:
            if self.is_playing:
                self._halt(self.position_s())

    def stop(self) -> None:
        """Be silent, and forget what was played."""
        with self._lock:
            self._halt(0.0)
            self._state = replace(self._state, timeline=None)

    def position_s(self) -> float:
        """Where the music is that is heard now, in seconds of the timeline; it stands at the end after the end."""
        with self._lock:
            timeline = self._state.timeline
            if timeline is None:
                return 0.0
            if self._state.is_running and self._started_take == self._state.take:
                self._furthest_s = max(self._furthest_s, self._state.from_s + self._elapsed_s())
            return (
                timeline.looped(self._furthest_s) if self._state.is_loop else min(self._furthest_s, timeline.length_s)
            )

    def use(self, output: Output) -> None:
        """Play through another output from now on, from where the music is."""
        with self._lock:
            position_s, was_playing = self.position_s(), self.is_playing
            self._jobs.put(self._output.close)
            self._output, self._lost, self._is_told = output, None, False
            output.set_volume(self._volume)
            self._state = replace(self._state, from_s=position_s)
            if was_playing:
                self._start()

    def settle(self) -> None:
        """Wait until the output has done what was asked for so far, at most two seconds."""
        is_done = threading.Event()
        self._jobs.put(is_done.set)
        is_done.wait(_PATIENCE_S)

    def close(self) -> None:
        """Be silent, let go of the device and end the player's thread."""
        self.stop()
        self._jobs.put(self._output.close)
        self._jobs.put(None)
        self._worker.join(_PATIENCE_S)  # a device that hangs must not keep the program from ending

    def _has_ended(self) -> bool:
        state = self._state
        return state.timeline is None or (not state.is_loop and self.position_s() >= state.timeline.length_s)

    def _start(self) -> None:
        if self._lost is not None:  # the device may be there by now
            self._output, self._lost = self._lost, None
            self._output.set_volume(self._volume)
        state = self._state = replace(self._state, is_running=True, take=self._state.take + 1)
        self._furthest_s = state.from_s
        self._jobs.put(lambda: self._start_output(state))

    def _halt(self, position_s: float) -> None:
        self._state = replace(self._state, is_running=False, from_s=position_s, take=self._state.take + 1)
        self._furthest_s = position_s
        self._jobs.put(self._output.stop)

    def _work(self) -> None:
        """Run on the player's thread: do what was asked for until the player is closed."""
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:  # the thread's last line of defence
                logger.exception("The audio output failed")

    def _start_output(self, state: _State) -> None:
        if state.timeline is None or state.take != self._state.take:
            return  # something else has been asked for since
        output = self._output
        try:
            output.start(state.timeline, state.from_s, is_loop=state.is_loop)
            self._is_told = self._is_told and isinstance(output, SilentOutput)
        except DeviceError as error:
            self._go_silent(error)
        except Exception as error:  # whatever else it is, the music goes on
            logger.exception("The audio output failed")
            self._go_silent(DeviceError(f"There is no sound, as the output failed ({error}). Choose another one."))
        self._started_take = state.take

    def _elapsed_s(self) -> float:
        try:
            return self._output.elapsed_s()
        except DeviceError as error:
            self._go_silent(error)
            return 0.0

    def _go_silent(self, error: DeviceError) -> None:
        """Keep time without sound, from where the music is."""
        with self._lock:
            self._state = replace(self._state, from_s=self._furthest_s)
            self._jobs.put(self._output.close)
            self._lost, self._output = self._output, SilentOutput()
            is_new, self._is_told = not self._is_told, True
        if is_new and self._on_device_error is not None:
            self._on_device_error(error)
