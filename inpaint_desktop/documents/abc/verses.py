"""The lyrics of an ABC tune as the syllables of its notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inpaint_desktop.documents.abc.located import LocatedMeasure, Lyrics
from inpaint_desktop.documents.abc.lyrics import aligned
from inpaint_desktop.documents.musicxml.markup import Markup

_ESCAPED_HYPHEN = "\N{NON-BREAKING HYPHEN}"


@dataclass(frozen=True, slots=True)
class Syllable:
    """What stands under the note that begins at ``onset`` in a measure."""

    measure: int
    onset: int
    markup: Markup


@dataclass(frozen=True, slots=True)
class _SungNote:
    start: int
    measure: int
    onset: int


def syllables(text: str, measures: Sequence[LocatedMeasure], lines: Sequence[Lyrics]) -> Iterator[Syllable]:
    """The syllables of all ``w:`` lines; those of one line of music are its verses."""
    notes = list(_sung_notes(measures))
    verse_of: dict[int, int] = {}
    for line in lines:
        if text[line.start - 2] != "w":
            continue
        mine = [note for note in notes if note.start < line.start][-len(line.slots) :] if line.slots else []
        if not mine or len(mine) != len(line.slots):
            continue
        verse = verse_of[mine[0].start] = verse_of.get(mine[0].start, 0) + 1
        yield from _of_line(text, line, mine, verse)


def _sung_notes(measures: Sequence[LocatedMeasure]) -> Iterator[_SungNote]:
    for index, measure in enumerate(measures):
        onsets = {sound.onset for sound in measure.sounds if not sound.is_rest}
        for item in measure.items:
            if item.kind in {"note", "chord"} and item.onset in onsets:
                yield _SungNote(item.start, index, item.onset)


def _of_line(text: str, line: Lyrics, notes: Sequence[_SungNote], verse: int) -> Iterator[Syllable]:
    words = aligned(text, line, 0)
    is_inside = False
    for index, word in enumerate(words):
        written = text[word.start : word.stop]
        following = words[index + 1] if index + 1 < len(words) else None
        syllable = _plain(written)
        if syllable:
            goes_on = written.endswith("-") and not written.endswith("\\-")
            note = notes[word.note]
            extends = following is not None and text[following.start : following.stop] == "_"
            markup = _lyric(verse, syllable, _syllabic(is_inside=is_inside, goes_on=goes_on), extends=extends)
            yield Syllable(note.measure, note.onset, markup)
            is_inside = goes_on


def _plain(written: str) -> str:
    if written in {"*", "_"}:
        return ""
    kept = written.replace("\\-", _ESCAPED_HYPHEN).rstrip("-").replace("~", " ")
    return kept.replace("\\", "").replace(_ESCAPED_HYPHEN, "-").strip()


def _syllabic(*, is_inside: bool, goes_on: bool) -> str:
    return {(False, False): "single", (False, True): "begin", (True, True): "middle", (True, False): "end"}[
        is_inside, goes_on
    ]


def _lyric(verse: int, syllable: str, syllabic: str, *, extends: bool) -> Markup:
    extend: list[Markup] = [("extend", "")] if extends else []
    return (f'lyric number="{verse}"', [("syllabic", syllabic), ("text", syllable), *extend])
