"""Makes the soundfont that comes with the program: a few instruments of a large General MIDI soundfont.

It is run once, by hand, and what it makes is committed:

    python packaging/make_soundfont.py FluidR3Mono_GM.sf3 resources/soundfont/melody.sf3

A soundfont is a RIFF file. Presets have zones that name an instrument, instruments have zones that name a
sample; a zone is a list of generators (settings) and modulators. What is kept is copied as it stands; only the
numbers by which one thing names another, and the places of the samples, are new. The source holds its samples as
Ogg Vorbis ("sf3"), so that nothing is encoded a second time.
"""

import argparse
import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, TypeVar

PROGRAMS = (0, 15, 21, 22, 24, 25, 40, 42, 46, 52, 68, 71, 72, 73, 74, 78, 105, 109, 110)
DRUM_BANK = 128
DRUM_KEYS = frozenset({76, 77})  # high and low woodblock, for the metronome
NAME = "Inpaint Desktop melody instruments"

FIDDLE_PROGRAM = 110
# By the highest key of a zone: how many milliseconds of the sample go by until the bow has half of its loudness, less
# 15. An eighth note of a reel lasts 150 ms; without the cut the C and the D of the second octave are not heard in it.
FIDDLE_STARTS_MS = {58: 70, 61: 35, 64: 45, 67: 35, 71: 35, 74: 180, 77: 28, 81: 85, 86: 38, 89: 120}

_START_OFFSET, _ATTACK, _INSTRUMENT, _KEY_RANGE, _SAMPLE = 0, 34, 41, 43, 53  # generators
_TEN_MILLISECONDS = 0x10000 - 7973  # in timecents, as a 16-bit number
_PRESET_RECORD, _INSTRUMENT_RECORD = "<20sHHHIII", "<20sH"
_BAG_RECORD, _GENERATOR_RECORD, _MODULATOR_RECORD = "<HH", "<HH", "<10s"
_SAMPLE_RECORD = "<20sIIIIIBbHH"
_MONO_VORBIS = 0x11
SAMPLE_RATE_HZ = 44_100
_TEXTS = (b"ifil", b"isng", b"INAM", b"IENG", b"ICMT", b"ICOP")


@dataclass(frozen=True, slots=True)
class Zone:
    """Generators (number, amount) and modulators (as they are in the file)."""

    generators: tuple[tuple[int, int], ...]
    modulators: tuple[bytes, ...]

    def amount(self, generator: int) -> int | None:
        """The amount of a generator, if the zone has it."""
        return dict(self.generators).get(generator)

    def with_target(self, target: int) -> "Zone":
        """The same zone for another instrument or sample, which its last generator names."""
        return replace(self, generators=(*self.generators[:-1], (self.generators[-1][0], target)))


@dataclass(frozen=True, slots=True)
class Instrument:
    """A name and zones; a zone without a sample governs those after it."""

    name: bytes
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class Preset:
    """What a program number chooses: a name, where it stands, zones, and three fields for which there is no use."""

    name: bytes
    program: int
    bank: int
    zones: tuple[Zone, ...]
    unused: tuple[int, int, int]


_Holder = TypeVar("_Holder", Preset, Instrument)


@dataclass(frozen=True, slots=True)
class Sample:
    """A record of the sample table and the sound. Loop points of a compressed sample count from its own start."""

    record: tuple[bytes, int, int, int, int, int, int, int, int, int]
    sound: bytes


@dataclass(frozen=True, slots=True)
class Soundfont:
    """All of a soundfont; ``texts`` are the chunks of its first list, copyright and licence among them."""

    texts: dict[bytes, bytes]
    presets: tuple[Preset, ...]
    instruments: tuple[Instrument, ...]
    samples: tuple[Sample, ...]


def main() -> None:
    """Read one soundfont, write a smaller one, and say its size and hash."""
    parser = argparse.ArgumentParser(description="Keep the instruments that play melodies.")
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    content = written(quickened(subset(read(arguments.source.read_bytes()))))
    arguments.target.write_bytes(content)
    print(f"{len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")  # noqa: T201


def read(content: bytes) -> Soundfont:
    """Take a soundfont apart."""
    chunks = dict(_chunks(content, 12, len(content)))
    sounds = chunks[b"smpl"]
    samples = [
        Sample(record, sounds[record[1] : record[2]]) for record in _records(chunks[b"shdr"], _SAMPLE_RECORD)[:-1]
    ]
    instruments = _records(chunks[b"inst"], _INSTRUMENT_RECORD)
    presets = _records(chunks[b"phdr"], _PRESET_RECORD)
    instrument_zones = _zones(chunks[b"ibag"], chunks[b"igen"], chunks[b"imod"])
    preset_zones = _zones(chunks[b"pbag"], chunks[b"pgen"], chunks[b"pmod"])
    return Soundfont(
        {name: chunk for name, chunk in chunks.items() if name in _TEXTS},
        tuple(
            Preset(name, program, bank, tuple(preset_zones[start : following[3]]), tuple(unused))
            for (name, program, bank, start, *unused), following in pairwise(presets)
        ),
        tuple(
            Instrument(name, tuple(instrument_zones[start : following[1]]))
            for (name, start), following in pairwise(instruments)
        ),
        tuple(samples),
    )


def subset(source: Soundfont) -> Soundfont:
    """Keep the chosen presets, the woodblocks of the first drum kit, and what they need."""
    drums = tuple(_woodblocks(instrument) for instrument in source.instruments)
    melodic = [preset for preset in source.presets if preset.bank == 0 and preset.program in PROGRAMS]
    kits = [preset for preset in source.presets if preset.bank == DRUM_BANK and preset.program == 0]
    kits = [_shifted(kit, len(source.instruments), drums) for kit in kits]
    return compact(replace(source, presets=(*melodic, *kits), instruments=(*source.instruments, *drums)))


def _woodblocks(instrument: Instrument) -> Instrument:
    """The zones of an instrument that sound for the keys of the metronome."""
    kept = [zone for zone in instrument.zones if zone.amount(_SAMPLE) is None or _has_drum_key(zone)]
    return replace(instrument, zones=tuple(kept))


def _has_drum_key(zone: Zone) -> bool:
    keys = zone.amount(_KEY_RANGE)
    return keys is not None and any(keys & 0xFF <= key <= keys >> 8 for key in DRUM_KEYS)


def _shifted(kit: Preset, shift: int, drums: Sequence[Instrument]) -> Preset:
    """Let a drum kit use the reduced instruments, which stand ``shift`` places later, where any of them is left."""
    zones = []
    for zone in kit.zones:
        target = zone.amount(_INSTRUMENT)
        if target is None:
            zones.append(zone)
        elif any(inner.amount(_SAMPLE) is not None for inner in drums[target].zones):
            zones.append(zone.with_target(target + shift))
    return replace(kit, zones=tuple(zones))


def quickened(source: Soundfont) -> Soundfont:
    """Let the fiddle speak at once: a copy of the violin whose samples begin later. The violin stays as it is."""
    (fiddle,) = [preset for preset in source.presets if preset.program == FIDDLE_PROGRAM]
    (target,) = {target for zone in fiddle.zones if (target := zone.amount(_INSTRUMENT)) is not None}
    violin = source.instruments[target]
    quick = Instrument(b"Fiddle".ljust(20, b"\0"), tuple(_quickened_zone(zone) for zone in violin.zones))
    fiddle_zones = tuple(_retargeted(fiddle.zones, _INSTRUMENT, {target: len(source.instruments)}))
    presets = [replace(preset, zones=fiddle_zones) if preset is fiddle else preset for preset in source.presets]
    return replace(source, presets=tuple(presets), instruments=(*source.instruments, quick))


def _quickened_zone(zone: Zone) -> Zone:
    start_ms = FIDDLE_STARTS_MS.get((zone.amount(_KEY_RANGE) or 0) >> 8)
    if start_ms is None:
        return zone
    # A key range has to come first and the sample last. The short attack keeps the cut from being heard as a click.
    first, *rest = zone.generators
    start = (_START_OFFSET, start_ms * SAMPLE_RATE_HZ // 1000)
    return replace(zone, generators=(first, start, (_ATTACK, _TEN_MILLISECONDS), *rest))


def compact(source: Soundfont) -> Soundfont:
    """Leave out the instruments and samples that no preset uses, and number the others anew."""
    presets, kept_instruments = _renumbered(source.presets, _INSTRUMENT)
    instruments, kept_samples = _renumbered([source.instruments[index] for index in kept_instruments], _SAMPLE)
    samples = [source.samples[index] for index in kept_samples]
    return Soundfont(source.texts, tuple(presets), tuple(instruments), tuple(samples))


def _renumbered(holders: Sequence[_Holder], generator: int) -> tuple[list[_Holder], list[int]]:
    """The holders with new target numbers, and the old numbers in the new order."""
    targets = [zone.amount(generator) for holder in holders for zone in holder.zones]
    kept = sorted({target for target in targets if target is not None})
    numbers = {target: number for number, target in enumerate(kept)}
    return [replace(holder, zones=tuple(_retargeted(holder.zones, generator, numbers))) for holder in holders], kept


def _retargeted(zones: Sequence[Zone], generator: int, numbers: Mapping[int, int]) -> Iterator[Zone]:
    for zone in zones:
        target = zone.amount(generator)
        yield zone if target is None else zone.with_target(numbers[target])


def written(font: Soundfont) -> bytes:
    """Put a soundfont together."""
    texts = {**font.texts, b"INAM": NAME.encode() + b"\0"}
    sounds, records = _sound_table(font.samples)
    tables = {
        **_holder_tables(font.presets, b"p", _preset_records(font.presets)),
        **_holder_tables(font.instruments, b"i", _instrument_records(font.instruments)),
        b"shdr": records,
    }
    content = _list(b"INFO", texts) + _list(b"sdta", {b"smpl": sounds}) + _list(b"pdta", tables)
    return _chunk(b"RIFF", b"sfbk" + content)


def _sound_table(samples: Sequence[Sample]) -> tuple[bytes, bytes]:
    """All sounds one after the other, and the table that says where each is."""
    starts = list(accumulate((len(sample.sound) for sample in samples), initial=0))
    records = [
        struct.pack(_SAMPLE_RECORD, sample.record[0], start, stop, *sample.record[3:8], 0, _MONO_VORBIS)
        for sample, (start, stop) in zip(samples, pairwise(starts), strict=True)
    ]
    end = struct.pack(_SAMPLE_RECORD, b"EOS", *[0] * 9)
    return b"".join(sample.sound for sample in samples), b"".join(records) + end


def _preset_records(presets: Sequence[Preset]) -> list[bytes]:
    starts = list(accumulate((len(preset.zones) for preset in presets), initial=0))
    records = [
        struct.pack(_PRESET_RECORD, preset.name, preset.program, preset.bank, start, *preset.unused)
        for preset, start in zip(presets, starts, strict=False)
    ]
    return [*records, struct.pack(_PRESET_RECORD, b"EOP", 0, 0, starts[-1], 0, 0, 0)]


def _instrument_records(instruments: Sequence[Instrument]) -> list[bytes]:
    starts = list(accumulate((len(instrument.zones) for instrument in instruments), initial=0))
    names = [*(instrument.name for instrument in instruments), b"EOI"]
    return [struct.pack(_INSTRUMENT_RECORD, name, start) for name, start in zip(names, starts, strict=True)]


def _holder_tables(holders: Sequence[Preset | Instrument], kind: bytes, records: Sequence[bytes]) -> dict[bytes, bytes]:
    """The four tables of presets (``p``) or instruments (``i``)."""
    zones = [zone for holder in holders for zone in holder.zones]
    generator_starts = accumulate((len(zone.generators) for zone in zones), initial=0)
    modulator_starts = accumulate((len(zone.modulators) for zone in zones), initial=0)
    bags = [struct.pack(_BAG_RECORD, *starts) for starts in zip(generator_starts, modulator_starts, strict=True)]
    generators = [struct.pack(_GENERATOR_RECORD, *pair) for zone in zones for pair in zone.generators]
    modulators = [modulator for zone in zones for modulator in zone.modulators]
    return {
        b"phdr" if kind == b"p" else b"inst": b"".join(records),
        kind + b"bag": b"".join(bags),
        kind + b"mod": b"".join([*modulators, bytes(struct.calcsize(_MODULATOR_RECORD))]),
        kind + b"gen": b"".join([*generators, bytes(struct.calcsize(_GENERATOR_RECORD))]),
    }


def _list(name: bytes, chunks: dict[bytes, bytes]) -> bytes:
    return _chunk(b"LIST", name + b"".join(_chunk(*chunk) for chunk in chunks.items()))


def _chunk(name: bytes, content: bytes) -> bytes:
    padded = content + bytes(len(content) % 2)
    return struct.pack("<4sI", name, len(padded)) + padded


def _zones(bags: bytes, generators: bytes, modulators: bytes) -> list[Zone]:
    all_generators = _records(generators, _GENERATOR_RECORD)
    all_modulators = [record for (record,) in _records(modulators, _MODULATOR_RECORD)]
    return [
        Zone(tuple(all_generators[start:stop]), tuple(all_modulators[first:last]))
        for (start, first), (stop, last) in pairwise(_records(bags, _BAG_RECORD))
    ]


def _records(table: bytes, layout: str) -> list[tuple[Any, ...]]:
    return list(struct.iter_unpack(layout, table))


def _chunks(content: bytes, start: int, stop: int) -> Iterator[tuple[bytes, bytes]]:
    """The chunks from ``start`` on, those inside lists included. The source does not pad chunks to even lengths."""
    while start < stop:
        name, size = struct.unpack_from("<4sI", content, start)
        if name == b"LIST":
            yield from _chunks(content, start + 12, start + 8 + size)
        else:
            yield name, content[start + 8 : start + 8 + size]
        start += 8 + size


if __name__ == "__main__":
    main()
