"""What governs a measure: divisions, meter, key, clef, tempo and transposition, as they go on from the one before."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from inpaint_desktop.documents import limits
from inpaint_desktop.documents.musicxml.scanning import Element
from inpaint_desktop.errors import FileDamagedError, FileUnsupportedError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import Meter

_CLEFS = {("G", "2"): "treble", ("F", "4"): "bass", ("C", "3"): "alto", ("C", "4"): "tenor", ("C", "1"): "soprano"}
_OCTAVE_MARKS = {"1": "8va", "-1": "8vb", "2": "15ma", "-2": "15mb"}
_QUARTERS = {"whole": 4.0, "half": 2.0, "quarter": 1.0, "eighth": 0.5, "16th": 0.25}
_TEMPI_BPM = (5.0, 1000.0)
_SMALL_NUMBER = re.compile(r"[+-]?\d{1,2}(\.\d{1,9})?", re.ASCII)
_COMMON_TIME = Meter(4, 4)
_NO_SIGNATURE = KeySignature(0)


@dataclass(frozen=True, slots=True)
class Governing:
    """What is in force. Divisions may not be set yet; ``tempo_bpm`` counts quarter notes to the minute.

    ``transpositions`` are semitones by staff, see ``LocatedMeasure``.
    """

    divisions: int | None = None
    meter: Meter = _COMMON_TIME
    key: KeySignature = _NO_SIGNATURE
    clef: str = "treble"
    tempo_bpm: float | None = None
    transpositions: Mapping[str, int] = field(default_factory=dict)


def governed_by(measure: Element, before: Governing, place: str) -> tuple[Governing, Governing]:
    """Return what governs the measures after ``measure``, and ``measure`` itself.

    They differ where a clef, a tempo or the transposition changes inside the measure.

    Raises:
        FileDamagedError: a meter or a key that no score has.
        FileUnsupportedError: a key signature that no instrument plays in.
    """
    here, now, has_begun = before, before, False
    for element in measure.children:
        has_begun = has_begun or element.tag in {"note", "forward"}
        now = _after(element, now, place)
        if not has_begun:
            here = now
        elif element.tag == "attributes":
            here = replace(now, clef=here.clef, tempo_bpm=here.tempo_bpm, transpositions=here.transpositions)
    return now, here


def _after(element: Element, before: Governing, place: str) -> Governing:
    if element.tag == "attributes":
        return replace(
            before,
            meter=_meter(element, before.meter, place),
            key=_key(element, before.key, place),
            clef=_clef(element, before.clef),
            transpositions=_transpositions(element, before.transpositions),
        )
    tempo = _tempo(element) if element.tag in {"direction", "sound"} else None
    return replace(before, tempo_bpm=tempo) if tempo is not None else before


def _meter(attributes: Element, before: Meter, place: str) -> Meter:
    time = attributes.find("time")
    if time is None or time.find("beats") is None:
        return before
    counts = [_whole_numbers(beats.text, place) for beats in time.all("beats")]
    types = [_whole_numbers(beat_type.text, place)[0] for beat_type in time.all("beat-type")]
    if len(counts) != len(types):
        message = f"{place}: a time signature must have as many <beats> as <beat-type>; correct it to open the file."
        raise FileDamagedError(message)
    finest = max(types)
    meters = [limits.checked_meter(sum(count), kind, place) for count, kind in zip(counts, types, strict=True)]
    return limits.checked_meter(sum(meter.beats * finest // meter.beat_type for meter in meters), finest, place)


def _whole_numbers(text: str, place: str) -> list[int]:
    numbers = [number.strip() for number in text.split("+")]
    if not all(number.isdecimal() and len(number) < 10 for number in numbers):
        message = (
            f"{place}: '{text.strip()[:30]}' is not a number of beats; correct the time signature to open the file."
        )
        raise FileDamagedError(message)
    return [int(number) for number in numbers]


def _key(attributes: Element, before: KeySignature, place: str) -> KeySignature:
    key = attributes.find("key")
    fifths = key.text_at("fifths") if key is not None else ""
    if key is None:
        return before
    if not fifths:
        return KeySignature(0)  # a signature of freely chosen accidentals
    if not re.fullmatch(r"[+-]?\d{1,3}", fifths) or abs(int(fifths)) > limits.MAX_FIFTHS:
        message = f"{place}: a key signature of {fifths[:20]} sharps or flats cannot be read; use one of -7 to 7."
        raise FileUnsupportedError(message)
    return KeySignature(int(fifths), key.text_at("mode"))


def _clef(attributes: Element, before: str) -> str:
    clef = next((clef for clef in attributes.all("clef") if clef.attributes.get("number", "1") == "1"), None)
    if clef is None:
        return before
    sign, line = clef.text_at("sign"), clef.text_at("line")
    name = _CLEFS.get((sign, line or "2"), f"{sign.lower()}{line}")
    octave = _OCTAVE_MARKS.get(clef.text_at("clef-octave-change"), "")
    return f"{name} {octave}".strip()


def _transpositions(attributes: Element, before: Mapping[str, int]) -> Mapping[str, int]:
    """The semitones by staff; a transposition without a number is that of all staves."""
    after = before
    for transpose in attributes.all("transpose"):
        semitones = _semitones(transpose, "chromatic") + 12 * _semitones(transpose, "octave-change")
        staff = transpose.attributes.get("number", "")
        after = {**after, staff: semitones} if staff else {"": semitones}
    return after


def _semitones(transpose: Element, tag: str) -> int:
    text = transpose.text_at(tag)
    return round(float(text)) if _SMALL_NUMBER.fullmatch(text) else 0


def _tempo(element: Element) -> float | None:
    """The first tempo that a direction sets, in quarter notes to the minute."""
    for bpm in (*_sound_tempi(element), *_metronome_tempi(element)):
        if bpm is not None and math.isfinite(bpm) and _TEMPI_BPM[0] <= bpm <= _TEMPI_BPM[1]:
            return bpm
    return None


def _sound_tempi(element: Element) -> Iterator[float | None]:
    for sound in (element, *element.all("sound")):
        if sound.tag == "sound" and "tempo" in sound.attributes:
            yield _number(sound.attributes["tempo"])


def _metronome_tempi(element: Element) -> Iterator[float | None]:
    marks = (mark for kind in element.all("direction-type") for mark in kind.all("metronome"))
    for mark in marks:
        unit, per_minute = _QUARTERS.get(mark.text_at("beat-unit")), _number(mark.text_at("per-minute"))
        if unit is not None and per_minute is not None:
            yield per_minute * unit * (1.5 if mark.find("beat-unit-dot") is not None else 1.0)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
