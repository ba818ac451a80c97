"""What has to be known of a score besides its drawing: its title and its parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

_PART = re.compile(r"<part\s")
_FIRST_NAME = re.compile(r'<measure id="m(\d+)-\d+"')
_NAMES = re.compile(r'<measure id="m\d+-(\d+)"')
_NOTE_NAME = re.compile(r'<note id="n(\d+)-')
_STAFF = re.compile(r"<staff>\s*(\d{1,2})\s*</staff>")
_STAVES = re.compile(r"<staves>\s*(\d{1,2})\s*</staves>")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the music: the title in the middle, who made it at the sides."""

    title: str = ""
    subtitle: str = ""
    left: str = ""
    right: str = ""


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """The heading, the number of measures, and the parts on each staff from the top down.

    There are several where each voice is a part of its own.
    """

    heading: Heading
    measure_count: int
    parts_of_staff: tuple[tuple[int, ...], ...]


def score_facts(musicxml: str) -> ScoreFacts:
    """Read them from MusicXML whose measures have names."""
    starts = [match.start() for match in _PART.finditer(musicxml)]
    texts = [musicxml[start:stop] for start, stop in pairwise([*starts, len(musicxml)])]
    parts = [parts for text in texts for parts in _parts_of_staves(text)]
    last = max((int(index) for index in _NAMES.findall(texts[0])), default=-1) if texts else -1
    return ScoreFacts(_heading(musicxml[: starts[0]] if starts else ""), last + 1, tuple(parts))


def _parts_of_staves(text: str) -> Iterator[tuple[int, ...]]:
    """The parts on each staff, by the names of notes; where there are none, the one that measures are named for."""
    name = _FIRST_NAME.search(text)
    staves = max([1, *(int(count) for count in _STAVES.findall(text))])
    found: dict[int, set[int]] = {}
    starts = [match.start() for match in _NOTE_NAME.finditer(text)]
    for start, stop in pairwise([*starts, len(text)]):
        named = _NOTE_NAME.match(text, start)
        staff = _STAFF.search(text, start, text.find("</note>", start, stop)) if staves > 1 else None
        if named is not None:
            found.setdefault(int(staff[1]) if staff else 1, set()).add(int(named[1]))
    for number in range(1, staves + 1):
        yield tuple(sorted(found.get(number, ()))) or (int(name[1]) if name else 0,)


def _heading(head: str) -> Heading:
    try:
        root = ElementTree.fromstring(head + "</score-partwise>")
    except ElementTree.ParseError:
        return Heading()
    credit = {one.findtext("credit-type", ""): _plain(one.findtext("credit-words")) for one in root.iterfind("credit")}
    titles = [root.findtext("work/work-title"), root.findtext("movement-title"), credit.get("title")]
    found = list(dict.fromkeys(text for title in [*titles, credit.get("subtitle")] if (text := _plain(title))))
    creators: dict[str, list[str]] = {}
    for creator in root.iterfind("identification/creator"):
        creators.setdefault(creator.get("type", "composer"), []).append(_plain(creator.text))
    left = creators.get("lyricist", []) + creators.get("poet", []) or [credit.get("rhythm", "")]
    right = creators.get("composer", []) + creators.get("arranger", [])
    title, subtitle = [*found[:2], "", ""][:2]
    return Heading(title, subtitle, ", ".join(filter(None, left)), ", ".join(filter(None, right)))


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
