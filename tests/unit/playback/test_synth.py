import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.errors import DeviceError
from inpaint_desktop.playback.events import to_midi
from inpaint_desktop.playback.libraries import soundfont
from inpaint_desktop.playback.player import Player
from inpaint_desktop.playback.synth import SynthOutput, open_mixer, play_midi
from inpaint_desktop.playback.timeline import make_timeline
from tests.unit.playback.tunes import measure, tune

TIMELINE = make_timeline(tune(measure(1, 1, 1, 1)))
PATIENCE_S = 20.0


@pytest.fixture
def output(monkeypatch: pytest.MonkeyPatch) -> Iterator[SynthOutput]:
    """A synthesizer whose sound goes nowhere."""
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    output = SynthOutput(latency_s=0.0)
    yield output
    output.close()


def test_time_goes_on_while_it_plays(output: SynthOutput) -> None:
    assert output.elapsed_s() == 0.0
    output.start(TIMELINE, 0.0, is_loop=False)
    deadline = time.monotonic() + PATIENCE_S
    while output.elapsed_s() < 0.2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert 0.2 <= output.elapsed_s() < PATIENCE_S


def test_after_the_end_all_has_been_heard(output: SynthOutput) -> None:
    output.start(TIMELINE, 1.5, is_loop=False)
    output.stop()
    assert output.elapsed_s() == pytest.approx(0.5)


def test_what_the_device_takes_to_be_heard_is_not_heard_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    late = SynthOutput(latency_s=100.0)
    late.start(TIMELINE, 0.0, is_loop=False)
    assert late.elapsed_s() == 0.0
    late.close()


def test_the_volume_may_be_set_at_any_time(output: SynthOutput) -> None:
    from pygame import mixer

    output.set_volume(0.5)
    output.start(TIMELINE, 0.0, is_loop=True)
    assert mixer.music.get_volume() == 0.5
    output.set_volume(0.25)
    assert mixer.music.get_volume() == 0.25


def test_it_can_be_closed_and_started_again(output: SynthOutput) -> None:
    output.stop()
    output.start(TIMELINE, 0.0, is_loop=False)
    output.close()
    output.close()
    output.start(TIMELINE, 1.0, is_loop=False)
    assert output.elapsed_s() < 1.0


def test_without_a_device_there_is_a_sentence_and_the_cursor_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "nowhere")
    told: list[DeviceError] = []
    player = Player(SynthOutput(), told.append)
    player.play(TIMELINE)
    deadline = time.monotonic() + PATIENCE_S
    while player.position_s() == 0.0 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert 0.0 < player.position_s() <= TIMELINE.length_s
    player.close()
    assert len(told) == 1
    assert str(told[0]).startswith("There is no sound, as no audio device can be opened")


def test_without_a_soundfont_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    with pytest.raises(DeviceError, match=r"melody\.sf3 is missing or damaged\. Install the program again\."):
        SynthOutput().start(TIMELINE, 0.0, is_loop=False)


def test_without_pygame_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygame", None)
    with pytest.raises(DeviceError, match="a library cannot be loaded"):
        SynthOutput().start(TIMELINE, 0.0, is_loop=False)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"RIFF\x00\x10\x00\x00sfbk"])
def test_with_a_damaged_soundfont_there_is_a_sentence(
    content: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    (tmp_path / "soundfont").mkdir()
    soundfont().write_bytes(content)
    with pytest.raises(DeviceError, match="is missing or damaged"):
        SynthOutput().start(TIMELINE, 0.0, is_loop=False)


def test_a_mixer_that_cannot_play_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    mixer = open_mixer(512)
    mixer.quit()
    with pytest.raises(DeviceError, match="the synthesizer cannot be started"):
        play_midi(mixer, to_midi(TIMELINE))


def test_without_pygame_nothing_is_said_before_something_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygame", None)
    SynthOutput().warm_up()


def test_pygame_is_loaded_beforehand_without_a_device_and_nothing_is_said() -> None:
    program = """
import sys
from inpaint_desktop.playback import instruments, player, port, synth, timeline, wav
assert "pygame" not in sys.modules
synth.SynthOutput().warm_up()
assert sys.modules["pygame.mixer"].get_init() is None
synth.open_mixer(512).quit()
"""
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "SDL_AUDIODRIVER": "dummy"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
