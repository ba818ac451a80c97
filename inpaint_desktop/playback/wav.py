"""Sound as a WAV file: what would be heard, written down faster than it would be played.

SDL's disk driver writes to a file what it would send to the device. It is chosen by the environment of a process, so
that it works in a child process.
"""

import io
import os
import tempfile
import time
import wave
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from inpaint_desktop.errors import DeviceError, FileTooLargeError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.playback.events import RING_OUT_S, to_midi
from inpaint_desktop.playback.synth import BYTES_PER_FRAME, CHANNELS, RATE_HZ, open_mixer, play_midi
from inpaint_desktop.playback.timeline import Timeline

MAX_LENGTH_S = 3600.0

_BUFFER_FRAMES = 4096
_PAUSE_MS = "1"  # after each buffer: a limit to the silence that is written until the synthesizer is ready
_POLL_S = 0.02
_START_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class _Recording:
    """What the child is to play, and where the sound goes."""

    midi: bytes
    path: Path


def render_wav(timeline: Timeline, progress: Callable[[float], None] | None = None) -> bytes:
    """Write down how ``timeline`` sounds, from its start to when the last note has faded.

    Args:
        timeline: what is played; its clicks and its count-in, too.
        progress: called now and then with the share that is done; it may raise ``Cancelled``.

    Raises:
        FileTooLargeError: it would last longer than an hour.
        DeviceError: there is no synthesizer or no soundfont.
        ChildError: the process that plays crashed or took too long.
    """
    length_s = timeline.length_s + RING_OUT_S
    if length_s > MAX_LENGTH_S:
        message = f"The sound would last {length_s / 60:.0f} minutes, and an hour is the most that can be exported."
        raise FileTooLargeError(message)
    with tempfile.TemporaryDirectory() as folder:
        recording = _Recording(to_midi(timeline), Path(folder) / "sound.raw")
        _record(recording, length_s, progress or _ignore)
        return _as_wav(recording.path.read_bytes(), length_s)


def _ignore(share: float) -> None:
    """Tell nobody."""


def _record(recording: _Recording, length_s: float, progress: Callable[[float], None]) -> None:
    with ChildProcess() as child, ThreadPoolExecutor(1) as thread:
        work = thread.submit(child.call, play_into_file, recording, time_limit_s=_START_LIMIT_S + length_s)
        try:
            _follow(work, recording.path, length_s, progress)
        finally:
            child.close()


def _follow(work: "Future[None]", path: Path, length_s: float, progress: Callable[[float], None]) -> None:
    while not wait([work], _POLL_S).done:
        written = path.stat().st_size if path.exists() else 0
        progress(min(1.0, written / (length_s * RATE_HZ * BYTES_PER_FRAME)))
    work.result()


def play_into_file(recording: _Recording) -> None:
    """Play into a file, in a process in which nothing else sounds.

    Raises:
        DeviceError: there is no synthesizer or no soundfont.
    """
    os.environ["SDL_AUDIODRIVER"] = "disk"
    os.environ["SDL_DISKAUDIOFILE"] = str(recording.path)
    os.environ["SDL_DISKAUDIODELAY"] = _PAUSE_MS
    mixer = open_mixer(_BUFFER_FRAMES)
    play_midi(mixer, recording.midi)
    while mixer.music.get_busy():
        time.sleep(_POLL_S)
    mixer.quit()


def _as_wav(raw: bytes, length_s: float) -> bytes:
    """Cut off the silence from before the playing, which is all zeros; the synthesizer's own never is.

    Raises:
        DeviceError: there is nothing else, as the mixer leaves MIDI to the system (pygame for Windows does).
    """
    size = round(length_s * RATE_HZ) * BYTES_PER_FRAME
    start = len(raw) - len(raw.lstrip(b"\0"))
    if start == len(raw):
        message = (
            "The sound cannot be written, as pygame has no synthesizer here. Export MIDI, or do it on Linux or macOS."
        )
        raise DeviceError(message)
    start -= start % BYTES_PER_FRAME
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(CHANNELS)
        file.setsampwidth(BYTES_PER_FRAME // CHANNELS)
        file.setframerate(RATE_HZ)
        file.writeframes(raw[start : start + size].ljust(size, b"\0"))
    return target.getvalue()
