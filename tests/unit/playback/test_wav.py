import io
import wave
from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.errors import Cancelled, DeviceError, FileTooLargeError
from inpaint_desktop.playback import wav as wav_module
from inpaint_desktop.playback.events import RING_OUT_S
from inpaint_desktop.playback.timeline import Line, Manner, make_timeline
from inpaint_desktop.playback.wav import render_wav
from inpaint_desktop.score.melody import Melody
from tests.unit.playback.tunes import measure, tune


def test_a_wav_file_is_stereo_and_lasts_until_the_last_note_has_faded() -> None:
    timeline = make_timeline(tune(measure(1, 1, 1, 1)))
    shares: list[float] = []
    with wave.open(io.BytesIO(render_wav(timeline, shares.append))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 44_100)
        assert file.getnframes() == round((timeline.length_s + RING_OUT_S) * 44_100)
        assert any(file.readframes(44_100))
    assert shares == sorted(shares)
    assert all(0.0 <= share <= 1.0 for share in shares)


def test_writing_a_wav_file_can_be_called_off() -> None:
    def stop(share: float) -> None:
        raise Cancelled(str(share))

    with pytest.raises(Cancelled):
        render_wav(make_timeline(tune(measure(4))), stop)


def test_more_than_an_hour_is_refused() -> None:
    timeline = make_timeline([Line(Melody((measure(4),) * 200))], manner=Manner(tempo_percent=10.0))
    with pytest.raises(FileTooLargeError, match="67 minutes"):
        render_wav(timeline)


def test_without_a_soundfont_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    with pytest.raises(DeviceError, match="is missing"):
        wav_module.play_into_file(wav_module._Recording(b"", tmp_path / "sound.raw"))


@pytest.mark.parametrize("raw", [b"", bytes(400)])
def test_a_mixer_without_a_synthesizer_is_a_sentence_not_a_silent_file(
    raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def record_silence(recording: wav_module._Recording, *_: object) -> None:
        recording.path.write_bytes(raw)

    monkeypatch.setattr(wav_module, "_record", record_silence)
    with pytest.raises(DeviceError, match="cannot be written"):
        render_wav(make_timeline(tune(measure(4))))
