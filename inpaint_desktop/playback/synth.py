"""Sound from the program's own soundfont, by the FluidSynth inside pygame's mixer.

pygame is imported in the background, by the thread that plays: its libraries hold up everything else while they are
loaded, which the first moment of playing has no time for.
"""

import io
from contextlib import suppress
from types import ModuleType

from inpaint_desktop.errors import DeviceError
from inpaint_desktop.playback.events import to_midi
from inpaint_desktop.playback.libraries import prepare_environment, soundfont
from inpaint_desktop.playback.timeline import Timeline

RATE_HZ = 44_100
CHANNELS = 2
BYTES_PER_FRAME = 2 * CHANNELS

_SIGNED_16_BIT = -16
_BUFFER_FRAMES = 512
# The mixer counts a buffer when it is filled. It is heard while the next one is filled, and the system's own mixer
# takes some time as well: 5 to 25 ms, so that the cursor is within 15 ms of the sound.
LATENCY_S = _BUFFER_FRAMES / RATE_HZ + 0.015


def open_mixer(buffer_frames: int) -> ModuleType:
    """Import pygame's mixer and open the audio device for stereo sound of 16 bits.

    Raises:
        DeviceError: the soundfont is missing or damaged, or there is no pygame or no audio device.
    """
    _check_soundfont()
    mixer = _import_mixer()
    from pygame import error as pygame_error

    try:
        mixer.init(RATE_HZ, _SIGNED_16_BIT, CHANNELS, buffer_frames, allowedchanges=0)
    except pygame_error as error:
        message = f"There is no sound, as no audio device can be opened ({error}). Connect one and play again."
        raise DeviceError(message) from error
    return mixer


def _import_mixer() -> ModuleType:
    """Import pygame's mixer; no device is opened.

    Raises:
        DeviceError: it cannot be loaded.
    """
    prepare_environment()
    try:
        from pygame import mixer
    except ImportError as error:
        message = f"There is no sound, as a library cannot be loaded ({error}). Install the program again."
        raise DeviceError(message) from error
    return mixer


def _check_soundfont() -> None:
    """Make sure that the soundfont is there and whole; the synthesizer would be silent without a word.

    Raises:
        DeviceError: it is not.
    """
    path = soundfont()
    try:
        with path.open("rb") as file:
            start = file.read(12)
        is_whole = start[:4] == b"RIFF" and int.from_bytes(start[4:8], "little") + 8 == path.stat().st_size
    except OSError:
        is_whole = False
    if not is_whole:
        message = f"There is no sound, as {path} is missing or damaged. Install the program again."
        raise DeviceError(message)


def play_midi(mixer: ModuleType, midi: bytes) -> None:
    """Play a MIDI file in place of what is played.

    Raises:
        DeviceError: the mixer is closed or has no synthesizer.
    """
    from pygame import error as pygame_error

    try:
        mixer.music.load(io.BytesIO(midi), "mid")
        mixer.music.play()
    except pygame_error as error:
        message = f"There is no sound, as the synthesizer cannot be started ({error}). Install the program again."
        raise DeviceError(message) from error


class SynthOutput:
    """Plays through the audio device, which is opened at the first start.

    ``latency_s`` is how much later a sound is heard than the mixer has made it.
    """

    def __init__(self, latency_s: float = LATENCY_S) -> None:
        self._latency_s = latency_s
        self._mixer: ModuleType | None = None
        self._volume = 1.0
        self._end_s = 0.0

    def warm_up(self) -> None:
        """Import pygame; what fails will fail again, and be said, when something is played."""
        with suppress(DeviceError):
            _import_mixer()

    def start(self, timeline: Timeline, from_s: float, *, is_loop: bool) -> None:
        """Play ``timeline`` from ``from_s`` on; a loop goes on for an hour.

        Raises:
            DeviceError: there is no device to play through.
        """
        midi = to_midi(timeline, from_s, is_loop=is_loop)
        mixer = self._opened()
        play_midi(mixer, midi)
        mixer.music.set_volume(self._volume)
        self._end_s = timeline.length_s - from_s

    def stop(self) -> None:
        """Be silent."""
        if self._mixer is not None:
            self._mixer.music.stop()

    def elapsed_s(self) -> float:
        """How many seconds have been heard since the last start."""
        milliseconds = -1 if self._mixer is None else self._mixer.music.get_pos()
        if milliseconds < 0:  # all of it has been played
            return self._end_s
        return max(0.0, milliseconds / 1000 - self._latency_s)

    def set_volume(self, share: float) -> None:
        """Be as loud as ``share`` of the loudest, from 0 to 1."""
        self._volume = share
        if self._mixer is not None:
            self._mixer.music.set_volume(share)

    def close(self) -> None:
        """Be silent and let go of the device."""
        if self._mixer is not None:
            mixer, self._mixer = self._mixer, None
            mixer.quit()

    def _opened(self) -> ModuleType:
        if self._mixer is None:
            self._mixer = open_mixer(_BUFFER_FRAMES)
        return self._mixer
