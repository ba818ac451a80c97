from inpaint_desktop.documents.musicxml.facts import Strand
from inpaint_desktop.documents.musicxml.locating import locate
from inpaint_desktop.documents.musicxml.melodies import notes_of
from inpaint_desktop.score.meter import TICKS_PER_QUARTER as Q

FORWARD = "<forward><duration>1</duration></forward>"
BACK = "<backup><duration>{}</duration></backup>"


def _note(name: str, duration: int, before: str = "", tie: str = "") -> str:
    return (
        f"<note>{before}<pitch><step>{name[0]}</step><octave>{name[1]}</octave></pitch>"
        f"<duration>{duration}</duration>{tie}<voice>1</voice></note>"
    )


def _heard(body: str) -> list[tuple[float, float, str, bool]]:
    divisions = "<attributes><divisions>1</divisions></attributes>"
    text = f'<score-partwise><part id="P1"><measure>{divisions}{body}</measure></part></score-partwise>'
    (measure,) = locate(text, "tune.xml").parts[0].measures
    notes = notes_of(measure, Strand(0))
    return [(one.onset / Q, one.duration / Q, one.pitch.name if one.pitch else "r", one.ties_on) for one in notes]


def test_silence_between_and_around_notes_is_rests() -> None:
    body = FORWARD + _note("C5", 1) + FORWARD + _note("D5", 1) + FORWARD
    assert [(name, length) for _, length, name, _ in _heard(body)] == [
        ("r", 1), ("C5", 1), ("r", 1), ("D5", 1), ("r", 1),
    ]  # fmt: skip


def test_of_chords_the_top_note_counts_with_its_own_tie() -> None:
    low_tie, high_tie = (
        _note("C5", 2, tie='<tie type="start"/>' * is_low)
        + _note("E5", 2, "<chord/>", '<tie type="start"/>' * (not is_low))
        + _note("G4", 2, "<chord/>")
        for is_low in (True, False)
    )
    assert _heard(low_tie + high_tie) == [(0, 2, "E5", False), (2, 2, "E5", True)]


def test_of_notes_that_sound_together_in_one_voice_the_one_that_began_first_counts() -> None:
    assert _heard(_note("C5", 3) + BACK.format(2) + _note("D5", 2) + _note("E5", 1)) == [
        (0, 3, "C5", False),
        (3, 1, "E5", False),
    ]
