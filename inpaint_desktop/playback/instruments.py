"""The instruments that can be heard.

Program numbers are those of General MIDI, counted from 0; the soundfont in ``resources`` has all of them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Instrument:
    """A name to show and the GM program."""

    name: str
    program: int


INSTRUMENTS: tuple[Instrument, ...] = (
    Instrument("Fiddle", 110),
    Instrument("Flute", 73),
    Instrument("Whistle, recorder", 74),
    Instrument("Clarinet", 71),
    Instrument("Oboe", 68),
    Instrument("Bagpipe", 109),
    Instrument("Accordion", 21),
    Instrument("Harmonica", 22),
    Instrument("Piano", 0),
    Instrument("Harp", 46),
    Instrument("Dulcimer", 15),
    Instrument("Guitar", 24),
    Instrument("Steel-string guitar", 25),
    Instrument("Banjo", 105),
    Instrument("Cello", 42),
    Instrument("Voices", 52),
)
