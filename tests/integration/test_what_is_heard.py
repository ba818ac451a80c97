"""What is heard is what is written: SDL's disk driver writes down the sound, and the notes are found in it again.

The analysis knows nothing of the notes. Onsets are where the spectrum grows; a pitch is the first period at which the
sound repeats itself.
"""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.paths import resources_folder
from inpaint_desktop.playback.synth import BYTES_PER_FRAME, LATENCY_S, RATE_HZ
from inpaint_desktop.playback.timeline import Line, Manner, Place, TimedNote, Timeline, make_timeline
from inpaint_desktop.playback.wav import render_wav
from inpaint_desktop.score.melody import Melody, Span

Signal = npt.NDArray[np.float64]

WAV_HEADER_BYTES = 44
WINDOW, HOP = 1024, 128
NEIGHBOURS = 14  # hops to each side in which an onset is the strongest
PIANO, GUITAR, FIDDLE, FLUTE, RECORDER, ACCORDION, CLARINET = 0, 24, 110, 73, 74, 21, 71
TUNE = resources_folder() / "tunes" / "soldiers-joy.abc"


@pytest.fixture(scope="module")
def melody() -> Melody:
    """A reel: eighth notes of 156 milliseconds."""
    return open_document(TUNE).melody()


def heard(timeline: Timeline) -> Signal:
    """The sound of a timeline; both channels together, 1 is the loudest there can be."""
    content = render_wav(timeline)[WAV_HEADER_BYTES:]
    frames: Signal = np.frombuffer(content, "<i2").reshape(-1, 2).mean(axis=1) / 32768
    return frames


def onsets(sound: Signal) -> Signal:
    """The seconds at which something begins, found from the growth of the spectrum."""
    padded = np.concatenate([np.zeros(WINDOW), sound])
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP] * np.hanning(WINDOW)
    levels = np.log1p(20 * np.abs(np.fft.rfft(frames, axis=1)))
    growth = np.maximum(levels[6:] - levels[:-6], 0).sum(axis=1)
    surroundings = np.lib.stride_tricks.sliding_window_view(np.pad(growth, 60), 121)
    nearby = np.lib.stride_tricks.sliding_window_view(np.pad(growth, NEIGHBOURS), 2 * NEIGHBOURS + 1)
    is_peak = (growth == nearby.max(axis=1)) & (growth > 0.15 * growth.max())
    is_peak &= growth > 1.5 * np.median(surroundings, axis=1)
    found: Signal = (np.flatnonzero(is_peak) + 6) * HOP / RATE_HZ - WINDOW / 2 / RATE_HZ
    return found


def pitch(sound: Signal) -> float:
    """The fundamental of a sound as a MIDI number, found from its autocorrelation."""
    length = len(sound)
    power = np.abs(np.fft.rfft((sound - sound.mean()) * np.hanning(length), 4 * length)) ** 2
    likeness = np.fft.irfft(power)
    shortest, longest = RATE_HZ // 2500, RATE_HZ // 100
    periods = np.arange(shortest, longest)
    values = likeness[shortest - 1 : longest + 1]
    is_peak = (values[1:-1] >= values[:-2]) & (values[1:-1] >= values[2:])
    best = likeness[periods[is_peak]].max()
    period = periods[is_peak & (likeness[periods] > 0.88 * best)][0]
    return float(69 + 12 * np.log2(RATE_HZ / period / 440))


def distances(times: Signal, others: Signal) -> Signal:
    """How far each of ``times`` is from the nearest of ``others``, in seconds."""
    result: Signal = np.abs(times[:, None] - others[None, :]).min(axis=1)
    return result


def written(timeline: Timeline) -> Signal:
    return np.array([note.start_s for note in timeline.notes])


@pytest.mark.parametrize("program", [PIANO, GUITAR])
def test_every_note_begins_when_it_is_written_and_nothing_else_does(melody: Melody, program: int) -> None:
    timeline = make_timeline([Line(melody, program)], span=Span(0, 9))
    found = onsets(heard(timeline))
    assert len(found) == len(timeline.notes)
    assert distances(written(timeline), found).max() < 0.03


def test_a_take_is_heard_in_its_place_as_it_is_written(melody: Melody) -> None:
    span = Span(6, 10)
    take = next(open_engine("inpaintnet", "cpu").propose(FillRequest(melody, span, takes=1, seed=7)))
    with_take = melody.with_measures(span, take.measures)
    assert with_take != melody
    plucked, blown = (make_timeline([Line(with_take, program)], span=Span(4, 12)) for program in (GUITAR, FLUTE))
    found = onsets(heard(plucked))
    assert len(found) == len(plucked.notes)
    assert distances(written(plucked), found).max() < 0.03
    sound = heard(blown)
    for note in blown.notes:
        assert pitch(_part_of(sound, note)) == pytest.approx(note.midi, abs=0.5)


def _part_of(sound: Signal, note: TimedNote) -> Signal:
    """The sound of a note, without its beginning, which has no pitch yet."""
    return sound[round((note.start_s + 0.03) * RATE_HZ) : round((note.stop_s - 0.01) * RATE_HZ)]


def test_a_fiddle_is_in_time_in_a_reel(melody: Melody) -> None:
    timeline = make_timeline([Line(melody, FIDDLE)], span=Span(0, 9))
    found = onsets(heard(timeline))
    assert np.mean(distances(written(timeline), found) < 0.03) > 0.95


@pytest.mark.parametrize("program", [PIANO, GUITAR, FIDDLE, FLUTE, RECORDER, ACCORDION, CLARINET])
def test_every_note_has_its_pitch(melody: Melody, program: int) -> None:
    timeline = make_timeline([Line(melody, program)], span=Span(0, 9))
    sound = heard(timeline)
    for note in timeline.notes:
        assert pitch(_part_of(sound, note)) == pytest.approx(note.midi, abs=0.5)


def test_half_the_tempo_is_heard_as_half_the_tempo(melody: Melody) -> None:
    timeline = make_timeline([Line(melody, GUITAR)], span=Span(0, 3), manner=Manner(tempo_percent=50.0))
    found = onsets(heard(timeline))
    plain = make_timeline([Line(melody, GUITAR)], span=Span(0, 3))
    assert distances(2 * written(plain), found).max() < 0.03


def test_repeats_are_heard(melody: Melody) -> None:
    timeline = make_timeline([Line(melody, GUITAR)], manner=Manner(tempo_percent=200.0))
    sound = heard(timeline)
    first = timeline.seconds_of(Place(1))
    assert first is not None
    again = next(measure.start_s for measure in timeline.measures[2:] if measure.index == 1)
    length = timeline.measures[1].stop_s - timeline.measures[1].start_s
    passes = [sound[round(start * RATE_HZ) :][: round(length * RATE_HZ)] for start in (first, again)]
    assert len(onsets(passes[0])) == len(onsets(passes[1])) > 3
    assert len(onsets(sound)) >= 0.9 * len(timeline.notes)


def test_a_count_in_and_the_metronome_are_heard(melody: Melody) -> None:
    silent = Line(melody, is_heard=False)
    timeline = make_timeline([silent], span=Span(1, 3), manner=Manner(has_metronome=True, has_count_in=True))
    found = onsets(heard(timeline))
    clicks = np.array([click.start_s for click in timeline.clicks])
    assert len(found) == len(clicks) == 12
    assert distances(clicks, found).max() < 0.03


def test_a_rest_at_the_beginning_is_heard_as_silence(melody: Melody) -> None:
    measure = melody.measures[1]
    first, second = measure.notes[:2]
    rest = replace(first, pitch=None)
    resting = measure.with_notes([rest, second, *measure.notes[2:]])
    tunes = [Melody((measure,)), Melody((resting,))]
    found = [onsets(heard(make_timeline([Line(tune, GUITAR)], span=Span(0, 1)))) for tune in tunes]
    assert len(found[1]) == len(found[0]) - 1
    assert found[1] == pytest.approx(found[0][1:], abs=0.01)


PLAYED_LIVE = """
import sys, time
from pathlib import Path
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.playback.player import Player
from inpaint_desktop.playback.synth import SynthOutput
from inpaint_desktop.playback.timeline import Line, make_timeline
from inpaint_desktop.score.melody import Span

if __name__ == "__main__":
    tune, sound = Path(sys.argv[1]), Path(sys.argv[2])
    timeline = make_timeline([Line(open_document(tune).melody())], span=Span(0, 3))
    player = Player(SynthOutput())
    player.play(timeline, 0.25)
    while player.is_playing:
        time.sleep(0.005)
        before = sound.stat().st_size if sound.exists() else 0
        print(player.position_s(), before, flush=True)
    player.close()
"""


def test_the_cursor_is_in_step_with_the_sound(tmp_path: Path) -> None:
    sound = tmp_path / "sound.raw"
    environment = {"SDL_AUDIODRIVER": "disk", "SDL_DISKAUDIOFILE": str(sound)}
    script = tmp_path / "play.py"
    script.write_text(PLAYED_LIVE, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, str(script), str(TUNE), str(sound)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    raw = sound.read_bytes()
    silence = len(raw) - len(raw.lstrip(b"\0"))
    rows = np.array([line.split() for line in finished.stdout.splitlines()], dtype=float)
    rows = rows[(rows[:, 0] > 0.3) & (rows[:, 0] < rows[:, 0].max())]
    made_s = (rows[:, 1] - silence) / BYTES_PER_FRAME / RATE_HZ
    # The file grows by 23 milliseconds at a time, so that it lags by half of that.
    lead_s = rows[:, 0] - 0.25 + LATENCY_S - made_s
    assert len(rows) > 50
    assert 0.0 <= np.median(lead_s) < 0.03
    assert np.all(np.diff(rows[:, 0]) >= 0)
