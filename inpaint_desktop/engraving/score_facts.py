"""What has to be known of a score besides its drawing: its title and its parts."""

import re
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

_PART = re.compile(r"<part\s")
_FIRST_NAME = re.compile(r'<measure id="m(\d+)-\d+"')
_NAMES = re.compile(r'<measure id="m\d+-(\d+)"')
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
    """The heading, the number of measures, and the part of each staff from the top down."""

    heading: Heading
    measure_count: int
    part_of_staff: tuple[int, ...]


def score_facts(musicxml: str) -> ScoreFacts:
    """Read them from MusicXML whose measures have names."""
    starts = [match.start() for match in _PART.finditer(musicxml)]
    texts = [musicxml[start:stop] for start, stop in pairwise([*starts, len(musicxml)])]
    parts: list[int] = []
    for text in texts:
        name = _FIRST_NAME.search(text)
        staves = max((int(count) for count in _STAVES.findall(text)), default=1)
        parts += [int(name[1]) if name else 0] * max(1, staves)
    last = max((int(index) for index in _NAMES.findall(texts[0])), default=-1) if texts else -1
    return ScoreFacts(_heading(musicxml[: starts[0]] if starts else ""), last + 1, tuple(parts))


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
