"""What a measure of one part says by itself, in MusicXML; measures that are met again are not read again.

Here is told apart what of a measure matters to others. Its *frame* is all but the notes and what is attached to them:
the tag with the number, clefs, keys, meters, barlines, whatever is not known here. *Marks* are the ends of what may
reach into other measures: slurs, ties, hairpins, beams, the lines of octaves, syllables and the like. *Accidentals*
are those that Verovio carries on to later notes of the same kind that have none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

_MOST_REMEMBERED = 10_000

_NAME = re.compile(r'\sid="[mn]\d[^"]*"')
NEW_LINE = re.compile(r'\snew-(?:system|page)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')
_TAG = re.compile(r"<measure\b[^>]*>")
_NOTE = re.compile(r"<note\b")
_MUSIC = re.compile(r"<(note|direction|harmony|backup|forward|sound)(?:\s[^>]*?)?(?:/>|>.*?</\1>)", re.DOTALL)
_BARE = re.compile(r"<measure\b[^>]*>\s*(?:<print\s*/>\s*)?(?:</measure>)?")
_IS_UNCLEAR = re.compile(r"<[!?]")  # comments and the like may hold what looks like elements
_SPANNER = re.compile(r"<([\w-]+)\b[^>]*?\stype\s*=\s*[\"']([\w-]+)[\"'][^>]*>")
_NUMBER = re.compile(r"\snumber\s*=\s*[\"']([^\"']*)[\"']")
_BEAM = re.compile(r"<beam\b([^>]*)>\s*(begin|end)\s*</beam>")
_LYRIC = re.compile(r"<lyric\b([^>]*)>(.*?)</lyric>", re.DOTALL)
_GOES_ON = re.compile(r"<syllabic>\s*(?:begin|middle)\b|<extend\b(?![^>]*[\"']stop[\"'])")
_ACCIDENTAL = re.compile(r"<accidental\b([^>]*)>\s*([\w-]+)\s*</accidental>")
_STARTS = frozenset(
    {
        ("octave-shift", "down"),
        ("octave-shift", "up"),
        ("pedal", "sostenuto"),
        ("wedge", "crescendo"),
        ("wedge", "diminuendo"),
    }
)
_PITCH_CLASSES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_PLAIN_ACCIDENTALS = frozenset({("flat", -1.0), ("natural", 0.0), ("sharp", 1.0)})

Kind = Literal["start", "stop", "follower", "follower that goes on", "unclear"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One end of what may reach into other measures; those that belong together have the same ``name``.

    A follower, as a syllable, ends what goes on from the follower before. Where a mark is unclear, anything may reach
    anywhere.
    """

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """A measure of one part.

    ``content`` is the same for measures that look alike. In a bare measure there is nothing but notes and what belongs
    to them. ``accidentals`` are pairs of a step with its alteration and what stands at later notes of that kind,
    nothing being what stands there anyway. ``digest`` stands for the text.
    """

    number: str
    content: str
    frame: str
    is_bare: bool
    marks: tuple[Mark, ...]
    accidentals: tuple[tuple[str, str], ...]
    digest: bytes
    begins_line: bool
    is_short: bool
    ends_section: bool

    @property
    def note_count(self) -> int:
        """How many notes and rests there are."""
        return len(_NOTE.findall(self.content))


@lru_cache(maxsize=_MOST_REMEMBERED)
def measure_facts(text: str) -> MeasureFacts:
    """Read a measure, from its tag to the end of its element."""
    tag = _TAG.match(text)
    assert tag is not None, "the measure was found by it"
    is_unclear = _IS_UNCLEAR.search(text) is not None
    music = [match[0] for match in _MUSIC.finditer(text)]
    frame = text if is_unclear else _MUSIC.sub("", text)
    return MeasureFacts(
        number=_number(tag[0]),
        content=NEW_LINE.sub("", _NAME.sub("", text)),
        frame=frame,
        is_bare=_BARE.fullmatch(NEW_LINE.sub("", frame)) is not None,
        marks=(Mark("", "unclear"),) if is_unclear else tuple(_marks(music)),
        accidentals=tuple(accidental for element in music for accidental in _accidentals(element)),
        digest=blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
        begins_line=any("yes" in wish for wish in NEW_LINE.findall(text)),
        is_short='implicit="yes"' in tag[0],
        ends_section='direction="backward"' in text,
    )


def _marks(music: Sequence[str]) -> Iterator[Mark]:
    """The marks of notes and what stands between them, in their order."""
    attached = [element for element in music if element.startswith(("<note", "<direction", "<harmony"))]
    if any(element.startswith("<note") for element in attached):
        yield Mark("note", "follower")
    for element in attached:
        yield from _spanner_marks(element)
        yield from _lyric_marks(element)
    if attached and not attached[-1].startswith("<note"):  # it belongs to the next note, wherever that is
        yield Mark("note", "follower that goes on")


def _spanner_marks(element: str) -> Iterator[Mark]:
    for spanner in _SPANNER.finditer(element):
        kind = _kind(spanner[1], spanner[2])
        if kind is not None and spanner[1] != "extend":
            yield Mark(_name(spanner[1], spanner[0], element), kind)
    for beam in _BEAM.finditer(element):
        yield Mark(f"beam {_number(beam[1])}", "start" if beam[2] == "begin" else "stop")


def _lyric_marks(note: str) -> Iterator[Mark]:
    for lyric in _LYRIC.finditer(note):
        if "<text" in lyric[2]:
            place = f"{_content(note, 'staff')} {_content(note, 'voice')} {_number(lyric[1])}"
            yield Mark(f"lyric {place}", "follower that goes on" if _GOES_ON.search(lyric[2]) else "follower")


def _kind(name: str, written: str) -> Kind | None:
    if written == "start" or (name, written) in _STARTS:
        return "start"
    return "stop" if written == "stop" else None


def _name(name: str, tag: str, element: str) -> str:
    """Ties belong together by pitch, everything else by number."""
    return f"{name} {_pitch(element)}" if name in {"tie", "tied"} else f"{name} {_number(tag)}"


def _number(tag: str) -> str:
    found = _NUMBER.search(tag)
    return found[1] if found else "1"


def _pitch(note: str) -> float | None:
    step, octave = _content(note, "step"), _content(note, "octave")
    if step not in _PITCH_CLASSES or not octave.isdecimal():
        return None
    return int(octave) * 12 + _PITCH_CLASSES[step] + _alteration(note)


def _alteration(note: str) -> float:
    try:
        return float(_content(note, "alter") or "0")
    except ValueError:
        return 0.0


def _content(element: str, name: str) -> str:
    found = re.search(rf"<{name}>\s*([^<]*?)\s*</{name}>", element)
    return found[1] if found else ""


def _accidentals(note: str) -> Iterator[tuple[str, str]]:
    found = _ACCIDENTAL.findall(note)
    if found:
        alteration = _alteration(note)
        is_plain = len(found) == 1 and "smufl" not in found[0][0] and (found[0][1], alteration) in _PLAIN_ACCIDENTALS
        yield f"{_content(note, 'step')}{alteration:g}", "" if is_plain else repr(found)
