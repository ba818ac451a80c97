"""Gives the measures and notes of MusicXML names by which they are found again in an engraving.

A measure is called ``m{part}-{measure}``, a note or rest of a melody ``n{part}-{measure}-{note}``, all counted
from 0 as in ``Melody.measures[measure].notes[note]``. Where one note of the melody is written as several tied
ones, or one rest as several, those after the first are called ``n0-3-2-b``, ``n0-3-2-c`` and so on; those
after the 26th have no name, and neither have grace notes, the lower notes of chords.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from inpaint_desktop.documents.musicxml.facts import Item, LocatedScore, NoteFacts
from inpaint_desktop.documents.musicxml.locating import locate
from inpaint_desktop.documents.musicxml.partwise import partwise
from inpaint_desktop.documents.musicxml.scanning import START_TAG
from inpaint_desktop.errors import FileUnsupportedError
from inpaint_desktop.score.melody import Measure, Melody, Note

_ID = re.compile(r"""\s+id\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(slots=True)
class Names:
    """The names of the notes of one measure; those of one note are handed out one after the other."""

    part: int
    measure: int
    _given: Counter[int] = field(default_factory=Counter)

    def next_of(self, note: int) -> str:
        """The next name for a piece of ``note``, or an empty string."""
        piece = self._given[note]
        self._given[note] += 1
        if piece >= len(ascii_lowercase):
            return ""
        return f"n{self.part}-{self.measure}-{note}" + (f"-{ascii_lowercase[piece]}" if piece else "")


def index_at(notes: Sequence[Note], tick: float) -> int | None:
    """The index of the note or rest that there is at ``tick``."""
    return next((index for index, note in enumerate(notes) if note.onset <= tick < note.end), None)


def with_names(text: str, score: LocatedScore, melody: Callable[[int], Melody]) -> str:
    """The text of a score with names; ``melody`` gives that of a strand, or says with an error that it is none.

    A measure that several strands share is named after the first of them. A timewise score becomes partwise.
    """
    if score.columns:
        text = partwise(text, score)
        score = locate(text, "the score")
    names = [name for index in range(len(score.strands)) for name in _names(index, score, _measures(melody, index))]
    pieces, end = [], 0
    for start, name in sorted(names):
        tag = START_TAG.match(text, start)
        assert tag is not None, "the scanner found the tag"
        pieces += [text[end:start], _named(tag[0], name)]
        end = tag.end()
    return "".join([*pieces, text[end:]])


def _measures(melody: Callable[[int], Melody], index: int) -> Sequence[Measure]:
    try:
        return melody(index).measures
    except FileUnsupportedError:
        return ()


def _names(index: int, score: LocatedScore, measures: Sequence[Measure]) -> Iterator[tuple[int, str]]:
    """Where the tags begin that get a name, and their names."""
    strand = score.strands[index]
    part = score.parts[strand.part]
    is_first = index == 0 or score.strands[index - 1].part != strand.part
    for number, (located, mark) in enumerate(zip(part.measures, part.marks, strict=True)):
        if is_first:
            yield mark.start, f"m{index}-{number}"
        if number < len(measures):
            notes = _note_names(located.notes_of(strand), measures[number].notes, Names(index, number))
            yield from ((mark.start + place, name) for place, name in notes)


def _note_names(
    items: Iterable[tuple[Item, NoteFacts]], notes: Sequence[Note], names: Names
) -> Iterator[tuple[int, str]]:
    for item, facts in items:
        index = index_at(notes, round(item.onset)) if not facts.is_grace else None
        if index is not None and facts.pitch == notes[index].pitch and (name := names.next_of(index)):
            yield item.place.start, name


def _named(tag: str, name: str) -> str:
    """A start tag with ``name`` for its id."""
    bare = _ID.sub("", tag)
    cut = re.match(r"<[^\s/>]+", bare)
    assert cut is not None, "a tag has a name"
    return f'{bare[: cut.end()]} id="{name}"{bare[cut.end() :]}'
