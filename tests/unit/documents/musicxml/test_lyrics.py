"""Lyrics stay with new notes that are sung like the old ones."""

import re

import pytest

from inpaint_desktop.documents.document import Edit
from inpaint_desktop.documents.opening import open_content
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch

WORDS = ["one", "two", "three", "four"]
NOTE = """
      <note>
        <pitch><step>{}</step><octave>5</octave></pitch>
        <duration>1</duration>
        <lyric number="1"><syllabic>single</syllabic><text>{}</text></lyric>
        <lyric number="2"><text>{}</text></lyric>
      </note>"""
SONG = """<?xml version="1.0"?>
<score-partwise version="4.0">
  <part-list><score-part id="P1"><part-name>Voice</part-name></score-part></part-list>
  <part id="P1">
    <measure number="1">
      <attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>{}
    </measure>
  </part>
</score-partwise>
""".format("".join(NOTE.format(step, word, word.upper()) for step, word in zip("CDEF", WORDS, strict=True)))

LOST, SOME = (
    f"{what} of measure 1 went with the notes that were replaced." for what in ("The lyrics", "Some of the lyrics")
)


def sing(*notes: tuple[int, str | None]) -> tuple[list[str], Edit]:
    """Replace the notes, given as quarters and names; the words that stand at the notes now, one for each of them."""
    document = open_content(SONG.encode(), "song.musicxml")
    made: list[Note] = []
    for quarters, name in notes:
        onset = made[-1].end if made else 0
        made.append(Note(onset, quarters * TICKS_PER_QUARTER, Pitch.parse(name) if name else None))
    edit = document.with_measures(0, Span(0, 1), [document.melody().measures[0].with_notes(made)])
    written = re.findall(r"<note>.*?</note>", edit.document.to_bytes().decode(), re.DOTALL)
    return [" ".join(re.findall("<text>(.*?)</text>", note)) for note in written], edit


def test_a_note_that_is_moved_keeps_all_verses() -> None:
    words, edit = sing((1, "C5"), (1, "G5"), (1, "E5"), (1, "F5"))
    assert words == ["one ONE", "two TWO", "three THREE", "four FOUR"]
    assert edit.dropped == ()
    assert (
        '\n        <lyric number="1"><syllabic>single</syllabic><text>two</text></lyric>\n'
        in edit.document.to_bytes().decode()
    )


def test_as_many_notes_in_another_rhythm_are_sung_in_their_order() -> None:
    document = open_content(SONG.encode(), "song.musicxml")
    quarter = TICKS_PER_QUARTER
    onsets = (0, quarter // 2, quarter, 3 * quarter)
    ends = (*onsets[1:], 4 * quarter)
    notes = [Note(onset, end - onset, Pitch.parse("A4")) for onset, end in zip(onsets, ends, strict=True)]
    edit = document.with_measures(0, Span(0, 1), [document.melody().measures[0].with_notes(notes)])
    assert re.findall("<text>([a-z]+)</text>", edit.document.to_bytes().decode()) == WORDS


@pytest.mark.parametrize(
    ("notes", "words", "dropped"),
    [
        ([(1, "C5"), (1, None), (1, "E5"), (1, "F5")], ["one ONE", "", "three THREE", "four FOUR"], (SOME,)),
        ([(2, "C5"), (2, "E5")], ["one ONE", "three THREE"], (SOME,)),
        ([(4, None)], [""], (LOST,)),
    ],
)
def test_with_fewer_notes_the_words_stay_with_those_that_begin_as_before(
    notes: list[tuple[int, str | None]], words: list[str], dropped: tuple[str, ...]
) -> None:
    found, edit = sing(*notes)
    assert found == words
    assert edit.dropped == dropped


def test_where_nobody_can_tell_who_sings_what_the_words_are_gone() -> None:
    document = open_content(SONG.encode(), "song.musicxml")
    half = TICKS_PER_QUARTER * 4 // 3
    notes = [Note(index * half, half, Pitch.parse("A4")) for index in range(3)]
    edit = document.with_measures(0, Span(0, 1), [document.melody().measures[0].with_notes(notes)])
    assert "<lyric" not in edit.document.to_bytes().decode()
    assert edit.dropped == (LOST,)
