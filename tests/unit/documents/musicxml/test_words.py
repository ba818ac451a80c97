import pytest

from inpaint_desktop.documents.musicxml.words import Syllable, words_of
from inpaint_desktop.score.meter import TICKS_PER_QUARTER


def score(body: str) -> str:
    return f'<score-partwise><part id="P1"><measure id="m0-0">{body}</measure></part></score-partwise>'


def harmony(root: str, kind: str, more: str = "") -> str:
    return f"<harmony><root><root-step>{root}</root-step></root><kind>{kind}</kind>{more}</harmony>"


def note(name: str, more: str = "") -> str:
    return f'<note id="{name}"><duration>2</duration>{more}</note>'


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
