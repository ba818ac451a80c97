"""The tunes of an ABC file: where each begins and ends, and which one is meant.

Only the ``X:``, ``T:`` and ``K:`` lines are looked at, so that a collection of thousands of
tunes is split in a moment. Offsets count characters of the text; ``even_lines`` makes all
line ends alike without moving any of them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inpaint_desktop.documents.abc.text_strings import plain
from inpaint_desktop.errors import FileDamagedError, SelectionError

MAX_LISTED = 8

# An X: without a number begins a tune only where another field follows; else it is a word of some text.
_NUMBER_LINE = re.compile(r"^X:[ \t]*(?:(\d{1,12})[^\n]*|[^\n]*(?=\n[A-Za-z]:))", re.MULTILINE)
_BLOCK_START = re.compile(r"^%%begin(\w{1,40})", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*(?=\n|\Z)")
_KEY_LINE = re.compile(r"^K:[^\n]*(?:\n|\Z)", re.MULTILINE)
_TITLE_LINE = re.compile(r"^T:[ \t]*((?:\\%|[^\n%])*)", re.MULTILINE)
_FIRST_FIELD = re.compile(r"^[A-Z]:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Tune:
    """One tune of a file: its ``X:`` number, its titles, and where it stands in the text.

    The body begins after the first ``K:`` line; ``body_start`` is -1 where there is none.
    """

    number: str
    titles: tuple[str, ...]
    start: int
    body_start: int
    stop: int

    @property
    def title(self) -> str:
        """The first title, or an empty string."""
        return self.titles[0] if self.titles else ""

    @property
    def label(self) -> str:
        """How the tune is named in a list of choices."""
        return f"{self.number} {self.title}".strip() or "a tune without number or title"


def even_lines(text: str) -> str:
    """Make every line end a line feed without moving any other character."""
    return text.replace("\r\n", " \n").replace("\r", "\n")


def split_tunes(text: str) -> tuple[Tune, ...]:
    """Find the tunes of a file with even line ends; one without ``X:`` counts when it has ``K:``."""
    blocks = tuple(_blocks(text))
    heads = [head for head in _NUMBER_LINE.finditer(text) if not _block_at(blocks, head.start())]
    if not heads:
        first = _FIRST_FIELD.search(text)
        return (_tune(text, "", range(first.start(), len(text)), blocks),) if first and _KEY_LINE.search(text) else ()
    stops = [*(head.start() for head in heads[1:]), len(text)]
    return tuple(
        _tune(text, head[1] or "", range(head.start(), stop), blocks) for head, stop in zip(heads, stops, strict=True)
    )


def _blocks(text: str) -> Iterator[range]:
    """The places of ``%%begintext`` and the like, in which nothing is a field and blank lines end nothing."""
    endless, stop = set[str](), 0
    for match in _BLOCK_START.finditer(text):
        if match.start() < stop or match[1] in endless:
            continue
        stop = text.find(f"\n%%end{match[1]}", match.end())
        if stop < 0:
            endless.add(match[1])
        else:
            yield range(match.start(), stop)


def _block_at(blocks: Sequence[range], place: int) -> range | None:
    """The block that ``place`` lies in."""
    index = bisect_right(blocks, place, key=lambda block: block.start) - 1
    return blocks[index] if index >= 0 and place in blocks[index] else None


def _tune(text: str, number: str, place: range, blocks: Sequence[range]) -> Tune:
    blank = _outside(_BLANK_LINE, text, place, blocks)
    stop = blank.start() + 1 if blank else place.stop
    key = _outside(_KEY_LINE, text, range(place.start, stop), blocks)
    titles = _TITLE_LINE.finditer(text, place.start, key.start() if key else stop)
    names = tuple(plain(match[1]) for match in titles)
    return Tune(number, names, place.start, key.end() if key else -1, stop)


def _outside(pattern: re.Pattern[str], text: str, place: range, blocks: Sequence[range]) -> re.Match[str] | None:
    """The first match that lies in no block."""
    start = place.start
    while match := pattern.search(text, start, place.stop):
        block = _block_at(blocks, match.start())
        if block is None:
            return match
        start = block.stop
    return None


def choose_tune(tunes: Sequence[Tune], choice: str | None, file_name: str) -> Tune:
    """Choose a tune by number or title, in any letter case; part of a title will do where it is clear.

    Raises:
        FileDamagedError: the file has no tune.
        SelectionError: no tune is meant, or more than one.
    """
    if not tunes:
        message = f"{file_name} is not an ABC file: no line begins with X: or K:. Open a file with an ABC tune in it."
        raise FileDamagedError(message)
    if choice is None:
        found: Sequence[Tune] = tunes
    else:
        found = _matching(tunes, choice.strip().casefold())
    if len(found) == 1:
        return found[0]
    raise SelectionError(_question(found or tunes, choice if found else f"?{choice}", file_name))


def _matching(tunes: Sequence[Tune], wanted: str) -> list[Tune]:
    number = wanted.removeprefix("x:").strip()
    exact = [tune for tune in tunes if number.isdecimal() and tune.number and int(tune.number) == int(number)]
    exact = exact or [tune for tune in tunes if wanted in (title.casefold() for title in tune.titles)]
    return exact or [tune for tune in tunes if any(wanted in title.casefold() for title in tune.titles)]


def _question(choices: Sequence[Tune], choice: str | None, file_name: str) -> str:
    listed = ", ".join(tune.label for tune in choices[:MAX_LISTED])
    rest = f", and {len(choices) - MAX_LISTED} more" if len(choices) > MAX_LISTED else ""
    if choice is None:
        reason = f"{file_name} holds {len(choices)} tunes"
    elif choice.startswith("?"):
        reason = f"{file_name} has no tune '{choice[1:]}'"
    else:
        reason = f"'{choice}' fits {len(choices)} tunes of {file_name}"
    if len({tune.label for tune in choices}) == 1 < len(choices):
        return f"{reason}, all called {choices[0].label}; give each its own X: number in the file, and choose by that."
    return f"{reason}; choose one by its number or title: {listed}{rest}."
