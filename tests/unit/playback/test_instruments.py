from inpaint_desktop.playback.instruments import INSTRUMENTS, RANGES
from tests.unit.playback.soundfonts import committed


def test_the_soundfont_has_every_instrument() -> None:
    programs = {preset.program for preset in committed().presets if preset.bank == 0}
    assert {instrument.program for instrument in INSTRUMENTS} <= programs


def test_every_instrument_has_a_name_of_its_own() -> None:
    assert len({instrument.name for instrument in INSTRUMENTS}) == len(INSTRUMENTS)


def test_every_range_holds_more_than_an_octave() -> None:
    assert all(21 <= lowest <= highest - 12 <= 108 for lowest, highest in RANGES.values())
    assert set(RANGES) >= {"Fiddle", "Whistle", "Flute", "Concertina", "Voice"}
