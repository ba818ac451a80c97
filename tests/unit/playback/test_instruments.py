from inpaint_desktop.playback.instruments import INSTRUMENTS
from tests.unit.playback.soundfonts import committed


def test_the_soundfont_has_every_instrument() -> None:
    programs = {preset.program for preset in committed().presets if preset.bank == 0}
    assert {instrument.program for instrument in INSTRUMENTS} <= programs


def test_every_instrument_has_a_name_of_its_own() -> None:
    assert len({instrument.name for instrument in INSTRUMENTS}) == len(INSTRUMENTS)
