import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from inpaint_desktop.playback.libraries import soundfont
from tests.unit.playback.soundfonts import committed, script


def test_the_soundfont_is_what_its_page_says() -> None:
    content = soundfont().read_bytes()
    assert hashlib.sha256(content).hexdigest() in soundfont().with_name("README.md").read_text(encoding="utf-8")
    assert len(content) <= 6_000_000


def test_taking_the_soundfont_apart_and_putting_it_together_changes_nothing() -> None:
    assert script().written(committed()) == soundfont().read_bytes()


def test_what_is_in_the_soundfont_is_what_the_script_keeps() -> None:
    again, whole = script().subset(committed()), committed()
    assert (again.texts, again.samples) == (whole.texts, whole.samples)
    assert set(again.instruments) == set(whole.instruments)
    assert [preset.name for preset in again.presets] == [preset.name for preset in whole.presets]


def test_a_smaller_choice_keeps_what_it_needs_and_nothing_else() -> None:
    whole = committed()
    flute = next(preset for preset in whole.presets if preset.program == 73)
    alone = script().read(
        script().written(script().compact(type(whole)(whole.texts, (flute,), whole.instruments, whole.samples)))
    )
    assert [preset.name for preset in alone.presets] == [flute.name]
    assert {instrument.name.rstrip(bytes(1)) for instrument in alone.instruments} == {b"Flute"}
    assert len(alone.samples) == 9


def test_the_metronome_has_its_woodblocks() -> None:
    (kit,) = [preset for preset in committed().presets if preset.bank == 128]
    (zone,) = [zone for zone in kit.zones if zone.amount(41) is not None]
    sounding = [inner for inner in committed().instruments[zone.amount(41)].zones if inner.amount(53) is not None]
    assert [inner.amount(43) & 0xFF for inner in sounding] == [76, 77]


def test_the_licence_stands_in_the_soundfont() -> None:
    assert b"Permission is hereby granted" in committed().texts[b"ICMT"]


def test_the_fiddle_speaks_sooner_than_the_violin_and_is_else_the_same() -> None:
    whole = committed()
    violin, fiddle = (
        next(instrument for instrument in whole.instruments if instrument.name.rstrip(bytes(1)) == name)
        for name in (b"Violin", b"Fiddle")
    )
    again = script().quickened(replace(whole, presets=tuple(_played_by(whole, violin))))
    assert again.instruments[-1] == fiddle
    assert [zone.amount(53) for zone in violin.zones] == [zone.amount(53) for zone in fiddle.zones]
    assert all(zone.amount(0) is None for zone in violin.zones)
    assert sum(zone.amount(0) is not None for zone in fiddle.zones) == 10


def _played_by(whole: Any, instrument: Any) -> Iterator[Any]:  # noqa: ANN401 - classes of the script
    """The presets, with ``instrument`` for the fiddle."""
    number = whole.instruments.index(instrument)
    for preset in whole.presets:
        if preset.program == 110:
            zones = (zone if zone.amount(41) is None else zone.with_target(number) for zone in preset.zones)
            yield replace(preset, zones=tuple(zones))
        else:
            yield preset
