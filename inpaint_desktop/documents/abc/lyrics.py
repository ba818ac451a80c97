"""The lyrics of an ABC tune, kept under their own measures when notes are replaced.

A ``w:`` line is counted off against the notes of the music line above it, so that another number
of notes would shift all syllables after them. The syllables of a measure with a new number of
notes therefore give way to as many ``*``, which say that a note has none. ``s:`` lines work alike.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inpaint_desktop.documents.abc.located import Lyrics
from inpaint_desktop.documents.abc.splicing import Replacement

# A syllable keeps the hyphen that ends it; "*", "_" and a hyphen alone stand for one note each.
_WORD = re.compile(r"(?P<barline>\|)|(?P<continuation>\n\+:)|[*_]|(?:\\-|[^\s\-_*|])+-?|-")
_SYMBOL = re.compile(r'(?P<barline>\|)|(?P<continuation>\n\+:)|[*_]|"[^"\n]*"|![^!\s]*!|[^\s_*|]+')


@dataclass(frozen=True, slots=True)
class Word:
    """What one note has in a line of lyrics, the measure of the note, and its place among those of the line."""

    start: int
    stop: int
    measure: int
    note: int


def adapt_lyrics(text: str, before: Lyrics, after: Lyrics, chosen: Iterable[int]) -> tuple[Replacement, ...]:
    """Make room under the measures ``chosen`` where their number of notes has changed.

    ``text`` holds the new notes and still the old lyrics; ``before`` and ``after`` are one line
    as it was counted off against the old notes and as it is now.
    """
    words = aligned(text, before, after.start - before.start)
    replacements = []
    for measure in chosen:
        mine = [word for word in words if word.measure == measure]
        count = after.measures.count(measure)
        if mine and before.measures.count(measure) != count:
            first, *others = _lines(text, mine)
            replacements.append(_starred(text, first, count))
            replacements += [Replacement(words[0].start, words[-1].stop, "") for words in others]
    return tuple(replacements)


def _lines(text: str, words: Sequence[Word]) -> list[list[Word]]:
    """The words of a measure by the lines that they stand on; ``+:`` goes on with the line before."""
    lines = [[words[0]]]
    for before, word in pairwise(words):
        if "\n" in text[before.stop : word.start]:
            lines.append([])
        lines[-1].append(word)
    return lines


def _starred(text: str, words: Sequence[Word], count: int) -> Replacement:
    start, stop = words[0].start, words[-1].stop
    stars = " ".join("*" * count)
    needs_space = bool(stars) and stop < len(text) and not text[stop].isspace() and text[stop] != "|"
    return Replacement(start, stop, stars + " " * needs_space)


def aligned(text: str, line: Lyrics, shift: int) -> list[Word]:
    """Count the words of a line, which has moved by ``shift``, off against its notes."""
    words: list[Word] = []
    slots, note, slot = line.slots, 0, line.slots[0] if line.slots else 0
    pattern = _SYMBOL if text[line.start + shift - 2] == "s" else _WORD
    for match in pattern.finditer(text, line.start + shift, line.stop + shift):
        if match["barline"]:
            slot += 1
            while note < len(slots) and slots[note] < slot:
                note += 1
        elif note < len(slots) and not match["continuation"]:
            slot = slots[note]
            words.append(Word(match.start(), match.end(), line.measures[note], note))
            note += 1
    return words
