import pytest

from inpaint_desktop.engraving.measure_facts import Mark, measure_facts

FOLLOWER = Mark("note", "follower")


def _marks(music: str) -> list[Mark]:
    return list(measure_facts(f'<measure number="1">{music}</measure>').marks)


def _note(content: str = "", step: str = "C", alter: str = "0", octave: str = "4") -> str:
    pitch = f"<pitch><step>{step}</step><alter>{alter}</alter><octave>{octave}</octave></pitch>"
    return f'<note id="n0-0-0">{pitch}{content}</note>'


def test_the_frame_is_what_stands_between_the_notes() -> None:
    music = (
        '<print page-number="2"/><attributes><key/></attributes><direction><sound tempo="9"/></direction><note/>'
        '<sound tempo="90"/><backup><duration>4</duration></backup><harmony><root/></harmony>'
        '<note id="n0-0-1"><chord/></note><forward><duration>4</duration></forward><barline><repeat/></barline>'
    )
    facts = measure_facts(f'<measure number="7">{music}</measure>')
    frame = '<print page-number="2"/><attributes><key/></attributes><barline><repeat/></barline>'
    assert facts.frame == f'<measure number="7">{frame}</measure>'
    assert facts.number == "7"
    assert facts.note_count == 2


@pytest.mark.parametrize(
    ("music", "is_bare"),
    [
        ("", True),
        ("<note/> <direction/>", True),
        ('<print new-system="yes"/><note/>', True),
        ('<print new-system="yes" page-number="2"/><note/>', False),
        ("<note/><barline/>", False),
        ("<attributes/>", False),
        ("<!-- <note/> -->", False),
    ],
)
def test_a_measure_with_nothing_but_notes_is_bare(music: str, is_bare: bool) -> None:
    assert measure_facts(f'<measure number="1">\n{music}</measure>').is_bare == is_bare
    assert measure_facts('<measure number="1"/>').is_bare


@pytest.mark.parametrize(
    ("element", "mark"),
    [
        ("<notations><slur type='start' number='2'/></notations>", Mark("slur 2", "start")),
        ('<notations><slur number="2" type="stop"/></notations>', Mark("slur 2", "stop")),
        ('<notations><tied type="start"/></notations>', Mark("tied 48.0", "start")),
        ('<tie type = "stop"/>', Mark("tie 48.0", "stop")),
        ('<beam number="1">begin</beam>', Mark("beam 1", "start")),
        ("<beam> end </beam>", Mark("beam 1", "stop")),
        ('<notations><ornaments><wavy-line type="start"/></ornaments></notations>', Mark("wavy-line 1", "start")),
        ("<lyric><syllabic>single</syllabic><text>so</text></lyric>", Mark("lyric   1", "follower")),
        (
            '<voice>2</voice><staff>3</staff><lyric number="4"><syllabic>begin</syllabic><text>so</text></lyric>',
            Mark("lyric 3 2 4", "follower that goes on"),
        ),
        ("<lyric><text>so</text><extend/></lyric>", Mark("lyric   1", "follower that goes on")),
        ('<lyric><text>so</text><extend type="stop"/></lyric>', Mark("lyric   1", "follower")),
    ],
)
def test_notes_have_marks(element: str, mark: Mark) -> None:
    assert _marks(_note(element)) == [FOLLOWER, mark]


@pytest.mark.parametrize(
    "element",
    [
        '<notations><tied type="let-ring"/></notations>',
        '<notations><fermata type="upright"/></notations>',
        "<beam>continue</beam>",
        '<lyric><extend type="stop"/></lyric>',
    ],
)
def test_what_stays_in_its_place_is_no_mark(element: str) -> None:
    assert _marks(_note(element)) == [FOLLOWER]


@pytest.mark.parametrize(
    ("element", "mark"),
    [
        ('<wedge type="crescendo"/>', Mark("wedge 1", "start")),
        ('<wedge type="stop"/>', Mark("wedge 1", "stop")),
        ('<octave-shift type="down" size="8" number="2"/>', Mark("octave-shift 2", "start")),
        ('<pedal type="sostenuto"/>', Mark("pedal 1", "start")),
        ('<dashes type="start"/>', Mark("dashes 1", "start")),
    ],
)
def test_directions_have_marks(element: str, mark: Mark) -> None:
    direction = f"<direction><direction-type>{element}</direction-type></direction>"
    assert _marks(direction + _note()) == [FOLLOWER, mark]


def test_what_stands_after_the_last_note_belongs_to_one_of_another_measure() -> None:
    waiting = Mark("note", "follower that goes on")
    assert _marks(_note() + "<harmony><root/></harmony><backup/>") == [FOLLOWER, waiting]
    assert _marks("<direction/>") == [waiting]


def test_ties_belong_together_by_how_they_sound() -> None:
    tied = '<notations><tied type="start"/></notations>'
    sharp, flat, other = (_marks(_note(tied, *pitch)) for pitch in (("F", "1"), ("G", "-1"), ("G", "0")))
    assert sharp == flat != other
    assert _marks(f"<note><unpitched/>{tied}</note>")[1] == Mark("tied None", "start")
    assert _marks(_note(tied, alter="?")) == _marks(_note(tied))


def test_a_comment_makes_a_measure_unclear() -> None:
    text = '<measure number="1"><!-- <note> --><attributes/><note/></measure>'
    facts = measure_facts(text)
    assert facts.marks == (Mark("", "unclear"),)
    assert facts.frame == text


@pytest.mark.parametrize(
    ("accidental", "step", "alter", "carried"),
    [
        ("<accidental>sharp</accidental>", "F", "1", ("F1", "")),
        ('<accidental cautionary="yes">natural</accidental>', "F", "0", ("F0", "")),
        ("<accidental>double-sharp</accidental>", "F", "2", ("F2", "[('', 'double-sharp')]")),
        ("<accidental>natural</accidental>", "F", "1", ("F1", "[('', 'natural')]")),
        (
            '<accidental smufl="accidentalSharpOneHorizontalStroke">sharp</accidental>',
            "F",
            "1",
            ("F1", "[(' smufl=\"accidentalSharpOneHorizontalStroke\"', 'sharp')]"),
        ),
    ],
)
def test_unusual_accidentals_are_carried_on(accidental: str, step: str, alter: str, carried: tuple[str, str]) -> None:
    note = _note(accidental, step, alter)
    assert measure_facts(f'<measure number="1">{note}</measure>').accidentals == (carried,)


def test_measures_of_other_text_have_another_digest() -> None:
    first, second, third = (measure_facts(f'<measure number="{number}"></measure>') for number in (1, 2, 1))
    assert first.digest != second.digest
    assert first is third
