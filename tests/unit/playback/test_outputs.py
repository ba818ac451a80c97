from inpaint_desktop.playback.outputs import SilentOutput
from inpaint_desktop.playback.timeline import make_timeline
from tests.unit.playback.tunes import measure, tune


def test_silence_keeps_time_from_each_start_on() -> None:
    now = [100.0]
    output = SilentOutput(lambda: now[0])
    output.start(make_timeline(tune(measure(4))), 0.0, is_loop=False)
    now[0] = 101.5
    assert output.elapsed_s() == 1.5
    output.start(make_timeline(tune(measure(4))), 1.0, is_loop=False)
    assert output.elapsed_s() == 0.0
