import pytest

from inpaint_desktop.documents.musicxml.facts import Strand
from inpaint_desktop.documents.musicxml.locating import locate

WHOLE = 4
BACK = "<backup><duration>4</duration></backup>"


def _note(voice: str = "", staff: str = "", kind: str = "pitch", duration: int = WHOLE) -> str:
    sound = {
        "pitch": "<pitch><step>C</step><octave>5</octave></pitch>",
        "rest": "<rest/>",
        "drum": "<unpitched><display-step>C</display-step><display-octave>5</display-octave></unpitched>",
    }
    named = "".join(f"<{tag}>{text}</{tag}>" for tag, text in (("voice", voice), ("staff", staff)) if text)
    return f"<note>{sound[kind]}<duration>{duration}</duration>{named}</note>"


def _strands(*bodies: str, name: str = "Lute") -> tuple[Strand, ...]:
    measures = "".join(f"<measure>{body}</measure>" for body in bodies)
    first = measures.replace("<measure>", "<measure><attributes><divisions>1</divisions></attributes>", 1)
    listed = f'<part-list><score-part id="P1"><part-name>{name}</part-name></score-part></part-list>'
    return locate(f'<score-partwise>{listed}<part id="P1">{first}</part></score-partwise>', "lute.xml").strands


def _names(*bodies: str, name: str = "Lute") -> list[str]:
    return [strand.name for strand in _strands(*bodies, name=name)]


def test_a_part_with_one_voice_keeps_its_name() -> None:
    assert _names(_note("1"), _note("1")) == ["Lute"]
    assert _names("", "") == ["Lute"]


def test_voices_that_never_meet_in_a_measure_are_one_line() -> None:
    (strand,) = _strands(_note("1"), _note("2"), _note())
    assert strand.voices is None


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (_note("1") + BACK + _note("2"), ["Lute, voice 1", "Lute, voice 2"]),
        (_note("1") + BACK + _note("3"), ["Lute, voice 1", "Lute, voice 3"]),
        (_note() + BACK + _note(), ["Lute, voice 1", "Lute, voice 2"]),
        (_note("1", "1") + BACK + _note("5", "2"), ["Lute, staff 1", "Lute, staff 2"]),
        (_note("5", "2") + BACK + _note("1", "1"), ["Lute, staff 1", "Lute, staff 2"]),
        (_note("1", "1") + BACK + _note("1", "2"), ["Lute, staff 1", "Lute, staff 2"]),
        (
            _note("1", "1") + BACK + _note("2", "1") + BACK + _note("5", "2"),
            ["Lute, staff 1, voice 1", "Lute, staff 1, voice 2", "Lute, staff 2"],
        ),
        (_note("1", kind="drum") + BACK + _note("2", kind="drum"), ["Lute"]),
        (_note("1", kind="drum") + BACK + _note("2", kind="rest"), ["Lute"]),
    ],
)
def test_voices_that_meet_are_told_apart_and_named(body: str, names: list[str]) -> None:
    assert _names(body) == names


def test_voices_of_a_part_without_a_name_have_one() -> None:
    assert _names(_note("1") + BACK + _note("2"), name="") == ["Voice 1", "Voice 2"]


def test_a_voice_that_crosses_staves_is_one_line() -> None:
    crossing = _note("1", "1", duration=2) + _note("1", "2", duration=2)
    first, second = _strands(crossing + BACK + _note("5", "2"))
    assert (first.name, first.voices, first.only_staff) == ("Lute, staff 1", frozenset("1"), None)
    assert (second.staff, second.voice) == ("2", "5")


def test_notes_without_a_voice_belong_to_the_first_that_has_a_name() -> None:
    first, _ = _strands(_note("1") + BACK + _note("2"), _note())
    assert first.voices == frozenset({"1", ""})


def test_a_part_with_more_voices_than_any_music_is_not_taken_apart() -> None:
    body = BACK.join(_note(str(number)) for number in range(100))
    assert _names(body) == ["Lute"]
    assert _names(BACK.join(_note("", str(number)) for number in range(100))) == ["Lute"]
    assert _names(BACK.join([_note()] * 100)) == ["Lute"]
    assert _names(BACK.join(_note(str(number % 20), str(number // 20)) for number in range(100))) == ["Lute"]
