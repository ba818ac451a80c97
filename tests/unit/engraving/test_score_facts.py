from inpaint_desktop.engraving.score_facts import Heading, score_facts

HEAD = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">"""


def _facts(head: str = "", parts: str = '<part id="P1"><measure id="m0-0"/></part>', start: str = HEAD) -> Heading:
    return score_facts(f"{start}{head}<part-list/>{parts}</score-partwise>").heading


def test_the_heading_has_title_words_and_music() -> None:
    head = (
        "<work><work-title> The  Grün\n Wood</work-title></work><identification>"
        '<creator type="composer">A. Dvořák</creator><creator type="arranger">B</creator>'
        '<creator type="lyricist">C</creator></identification>'
    )
    assert _facts(head) == Heading("The Grün Wood", "", "C", "A. Dvořák, B")


def test_a_second_title_stands_below_and_the_same_one_does_not() -> None:
    assert _facts("<work><work-title>A</work-title></work><movement-title>B</movement-title>") == Heading("A", "B")
    assert _facts("<work><work-title>A</work-title></work><movement-title>A</movement-title>") == Heading("A")


def test_credits_fill_in_what_is_said_nowhere_else() -> None:
    credits_ = [("title", "T"), ("subtitle", "S"), ("rhythm", "Reel"), ("page number", "1")]
    head = "".join(
        f"<credit><credit-type>{kind}</credit-type><credit-words>{words}</credit-words></credit>"
        for kind, words in credits_
    )
    assert _facts(head) == Heading("T", "S", "Reel", "")


def test_a_creator_without_a_role_is_the_composer() -> None:
    assert _facts("<identification><creator>Anon.</creator></identification>") == Heading(right="Anon.")


def test_a_head_that_cannot_be_read_gives_no_heading() -> None:
    assert _facts(start="<score-partwise><oops>") == Heading()


def test_each_staff_has_the_part_that_its_measures_are_named_for() -> None:
    parts = (
        '<part id="A"><measure id="m0-0"/><measure id="m0-1"/></part>'
        '<part id="B"><measure id="m2-0"><attributes><staves>2</staves></attributes></measure></part>'
    )
    facts = score_facts(f"{HEAD}<part-list/>{parts}</score-partwise>")
    assert facts.parts_of_staff == ((0,), (2,), (2,))
    assert facts.measure_count == 2


def test_voices_that_are_parts_of_their_own_share_a_staff() -> None:
    def note(name: str, staff: int) -> str:
        return f'<note id="{name}"><staff>{staff}</staff></note>'

    notes = note("n0-0-0", 1) + note("n0-0-1", 2) + note("n1-0-0", 1) + "<note><staff>2</staff></note>"
    staves = "<attributes><staves>2</staves></attributes>"
    part = f'<part id="A"><measure id="m0-0">{staves}{notes}</measure></part>'
    alone = '<part id="B"><measure id="m2-0"><note id="n2-0-0"/><note id="n3-0-0"/></measure></part>'
    facts = score_facts(f"{HEAD}<part-list/>{part}{alone}</score-partwise>")
    assert facts.parts_of_staff == ((0, 1), (0,), (2, 3))


def test_text_without_parts_has_no_measures() -> None:
    assert score_facts("<html/>").measure_count == 0
