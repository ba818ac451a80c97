"""The words of a score: who made it, chord symbols and lyrics at the notes of its melodies, tempos and barlines.

They are read from MusicXML whose melodies have names (see ``marking``), be it from a file or rendered.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree import ElementTree

from inpaint_desktop.score.meter import TICKS_PER_QUARTER

_MEASURE = re.compile(r"m(\d+)-(\d+)")
_FIRST_OF_NOTE = re.compile(r"n\d+-\d+-\d+")
_KINDS = {
    "major": "",
    "minor": "m",
    "dominant": "7",
    "major-seventh": "maj7",
    "minor-seventh": "m7",
    "power": "5",
    "diminished": "dim",
    "diminished-seventh": "dim7",
    "half-diminished": "m7b5",
    "augmented": "aug",
    "augmented-seventh": "aug7",
    "major-sixth": "6",
    "minor-sixth": "m6",
    "dominant-ninth": "9",
    "major-ninth": "maj9",
    "minor-ninth": "m9",
    "suspended-fourth": "sus4",
    "suspended-second": "sus2",
}
_ACCIDENTALS = {-2: "bb", -1: "b", 1: "#", 2: "##"}


@dataclass(frozen=True, slots=True)
class Syllable:
    """What is sung at a note; ``goes_on`` says that the word does."""

    text: str
    goes_on: bool


@dataclass(slots=True)
class MeasureWords:
    """The chord symbols of a measure by tick, and its syllables by verse and tick.

    ``tempo`` are the words of a tempo that begins with the measure, ``barline`` is the style of the line after it.
    """

    chords: dict[int, str] = field(default_factory=dict)
    syllables: dict[str, dict[int, Syllable]] = field(default_factory=dict)
    tempo: str = ""
    barline: str = ""


_WORDLESS = MeasureWords()


def creators_of(score: ElementTree.Element) -> tuple[tuple[str, str], ...]:
    """Pairs of a role, such as ``composer``, and a name; those on the first page count for roles without any."""
    creators = [(one.get("type", ""), _text(one)) for one in score.findall("identification/creator")]
    credited = [
        ((one.findtext("credit-type") or "").strip(), _text(one, "credit-words")) for one in score.findall("credit")
    ]
    roles = {role for role, _ in creators}
    return tuple((role, name) for role, name in (*creators, *(one for one in credited if one[0] not in roles)) if name)


def words_of(score: ElementTree.Element) -> Mapping[tuple[int, int], MeasureWords]:
    """What stands at the notes of each part and measure; nothing of a score that is written by time."""
    found: dict[tuple[int, int], MeasureWords] = {}
    for part in score.findall("part"):
        divisions = Fraction(1)
        for measure in part.findall("measure"):
            name = _MEASURE.fullmatch(measure.get("id", ""))
            words = MeasureWords()
            divisions = _read(measure, divisions, words)
            if name and words != _WORDLESS:
                found[int(name[1]), int(name[2])] = words
    return found


def _read(measure: ElementTree.Element, divisions: Fraction, words: MeasureWords) -> Fraction:
    """Walk over a measure; return the divisions that hold after it."""
    now = start = Fraction(0)
    for child in measure:
        divisions = _number(child, "divisions") or divisions
        length = _number(child, "duration") / divisions * TICKS_PER_QUARTER
        if child.tag == "harmony" and (chord := _chord(child)):
            offset = _number(child, "offset") / divisions * TICKS_PER_QUARTER
            words.chords.setdefault(round(max(now + offset, Fraction(0))), chord)
        elif child.tag == "note" and child.find("chord") is None:
            start, now = now, now + length
        elif child.tag in {"backup", "forward"}:
            now += -length if child.tag == "backup" else length
        elif child.tag == "direction" and now == 0:
            words.tempo = words.tempo or _tempo_words(child)
        elif child.tag == "barline" and child.get("location", "right") == "right":
            words.barline = _text(child, "bar-style")
        if child.tag == "note" and _FIRST_OF_NOTE.fullmatch(child.get("id", "")):
            _add_syllables(child, round(start), words)
    return divisions


def _tempo_words(direction: ElementTree.Element) -> str:
    """The words of a direction that sets a tempo; nothing for words about something else."""
    is_tempo = direction.find("sound[@tempo]") is not None or direction.find("direction-type/metronome") is not None
    return _text(direction, "direction-type/words") if is_tempo else ""


def _add_syllables(note: ElementTree.Element, onset: int, words: MeasureWords) -> None:
    for lyric in note.findall("lyric"):
        text = _text(lyric, "text")
        if text:
            goes_on = lyric.findtext("syllabic") in {"begin", "middle"}
            words.syllables.setdefault(lyric.get("number", "1"), {})[onset] = Syllable(text, goes_on)


def _text(element: ElementTree.Element, path: str = ".") -> str:
    """The text of all elements at ``path``, in one line."""
    return " ".join("".join(part.text or "" for part in element.findall(path)).split())


def _chord(harmony: ElementTree.Element) -> str:
    kind = harmony.find("kind")
    name = "" if kind is None else kind.get("text", _KINDS.get((kind.text or "").strip(), ""))
    root, bass = _note(harmony, "root"), _note(harmony, "bass")
    return " ".join((root + name + (f"/{bass}" if bass else "")).split()) if root else ""


def _note(harmony: ElementTree.Element, role: str) -> str:
    step = (harmony.findtext(f"{role}/{role}-step") or "").strip()
    return step + _ACCIDENTALS.get(round(_number(harmony, f"{role}/{role}-alter")), "")


def _number(element: ElementTree.Element, path: str) -> Fraction:
    """The number that stands there, or 0."""
    try:
        return Fraction((element.findtext(path) or "0").strip())
    except (ValueError, ZeroDivisionError):
        return Fraction(0)
