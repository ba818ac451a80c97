from xml.etree import ElementTree

import pytest

from inpaint_desktop.documents.musicxml.words import Syllable, creators_of, words_of
from inpaint_desktop.score.meter import TICKS_PER_QUARTER


def score(body: str, head: str = "") -> ElementTree.Element:
    part = f'<part id="P1"><measure id="m0-0">{body}</measure></part>'
    return ElementTree.fromstring(f"<score-partwise>{head}{part}</score-partwise>")


def harmony(root: str, kind: str, more: str = "") -> str:
    return f"<harmony><root><root-step>{root}</root-step></root><kind>{kind}</kind>{more}</harmony>"


def note(name: str, more: str = "") -> str:
    return f'<note id="{name}"><duration>2</duration>{more}</note>'


def direction(words: str, more: str) -> str:
    return f"<direction><direction-type><words>{words}</words></direction-type>{more}</direction>"


DIVISIONS = "<attributes><divisions>2</divisions></attributes>"


@pytest.mark.parametrize(
    ("xml", "name"),
    [
        (harmony("G", "major"), "G"),
        (harmony("A", "minor-seventh"), "Am7"),
        (harmony("B", "half-diminished"), "Bm7b5"),
        (harmony("C", "other"), "C"),
        (harmony("D", "dominant", "<bass><bass-step>F</bass-step><bass-alter>1</bass-alter></bass>"), "D7/F#"),
        (harmony("E", "major").replace("</root-step>", "</root-step><root-alter>-1</root-alter>"), "Eb"),
        (harmony("F", "minor").replace("<kind>", '<kind text="min">'), "Fmin"),
    ],
)
def test_chord_symbols_are_named_as_musicians_write_them(xml: str, name: str) -> None:
    assert words_of(score(DIVISIONS + xml + note("n0-0-0")))[0, 0].chords == {0: name}


def test_chord_symbols_stand_at_their_time_whatever_the_order_in_the_file() -> None:
    late = harmony("C", "major", "<offset>1</offset>")
    back = "<backup><duration>4</duration></backup><forward><duration>2</duration></forward>"
    body = DIVISIONS + late + note("n0-0-0") + note("n0-0-1") + back + harmony("G", "major")
    assert words_of(score(body))[0, 0].chords == {TICKS_PER_QUARTER // 2: "C", TICKS_PER_QUARTER: "G"}


def test_only_the_notes_of_the_melody_are_sung() -> None:
    begun = '<lyric number="1"><syllabic>begin</syllabic><text>la</text></lyric>'
    body = DIVISIONS + note("n0-0-0", begun) + note("n0-0-0-b", begun) + note("other", begun)
    assert words_of(score(body))[0, 0].syllables == {"1": {0: Syllable("la", goes_on=True)}}


@pytest.mark.parametrize("body", [harmony("", "none"), note("n0-0-0", "<lyric><text> </text></lyric>")])
def test_what_says_nothing_is_left_out(body: str) -> None:
    assert words_of(score(DIVISIONS + body)) == {}


def test_numbers_that_are_none_count_as_nothing() -> None:
    body = harmony("C", "major", "<offset>soon</offset>") + "<note><duration>1/0</duration></note>"
    assert words_of(score(body))[0, 0].chords == {0: "C"}


TEMPO = "<direction-type><metronome><beat-unit>quarter</beat-unit></metronome></direction-type>"


@pytest.mark.parametrize(
    ("body", "tempo"),
    [
        (direction("Warmly", TEMPO), "Warmly"),
        (direction("Warmly", '<sound tempo="92"/>'), "Warmly"),
        (direction("dolce", '<sound dynamics="60"/>') + direction(" In\n time ", TEMPO), "In time"),
        (note("n0-0-0") + direction("Faster", TEMPO) + harmony("C", "major"), ""),
    ],
)
def test_the_words_of_a_tempo_at_the_beginning_of_a_measure_are_found(body: str, tempo: str) -> None:
    words = words_of(score(DIVISIONS + body + "<barline><bar-style>light-light</bar-style></barline>"))[0, 0]
    assert (words.tempo, words.barline) == (tempo, "light-light")


def test_a_line_on_the_left_is_not_the_one_after_the_measure() -> None:
    assert words_of(score('<barline location="left"><bar-style>heavy-light</bar-style></barline>')) == {}


def test_those_who_made_it_are_named_in_the_head_or_on_the_first_page() -> None:
    head = (
        '<identification><creator type="composer">Ann\n Example</creator><creator type="arranger"/></identification>'
        "<credit><credit-type>composer</credit-type><credit-words>A. E.</credit-words></credit>"
        "<credit><credit-type>lyricist</credit-type><credit-words>Bob</credit-words></credit>"
    )
    assert creators_of(score("", head)) == (("composer", "Ann Example"), ("lyricist", "Bob"))
