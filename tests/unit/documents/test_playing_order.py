import re
from dataclasses import replace
from pathlib import Path

import pytest

from inpaint_desktop.documents.conversion import converted
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_content, open_document
from inpaint_desktop.documents.playing_order import played_order
from inpaint_desktop.score.form import FormSign
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.meter import Meter

DATA = Path(__file__).parents[2] / "data"
SIGNS = {
    "S": FormSign.SEGNO,
    "O": FormSign.CODA,
    "H": FormSign.TO_CODA_HERE,
    "T": FormSign.TO_CODA,
    "F": FormSign.FINE,
    "C": FormSign.DA_CAPO,
    "D": FormSign.DAL_SEGNO,
}


def _measures(pattern: str) -> list[Measure]:
    """One measure a word: ``|:`` and ``:|`` repeat, digits are endings, capital letters are ``SIGNS``."""
    return [
        replace(
            Measure.of_rest(Meter(3, 4), KeySignature(1)),
            repeat_start="|:" in word,
            repeat_end=":|" in word,
            endings=tuple(int(digit) for digit in word if digit.isdecimal()),
            form_signs=frozenset(sign for letter, sign in SIGNS.items() if letter in word),
        )
        for word in pattern.split()
    ]


def _order(document: ScoreDocument) -> str:
    return "".join(map(str, played_order(document.melody().measures)))


@pytest.mark.parametrize(
    ("pattern", "order"),
    [
        ("a b c", "012"),
        ("a b:| c d:|", "01012323"),
        ("|:a b:| |:c:| d", "0101223"),
        ("|:a 1:| 2 c", "01023"),
        ("|:a 1 1:| 2 2 |:c 1:| 2", "0120345657"),
        ("|:a 12:| 3 c", "0101023"),
        ("a 1:| 2:| c:|", "010233"),
        ("a |:b :| c", "012123"),
    ],
)
def test_repeats_and_endings_are_played_out(pattern: str, order: str) -> None:
    assert played_order(_measures(pattern)) == tuple(int(index) for index in order)


@pytest.mark.parametrize(
    ("pattern", "order"),
    [
        ("a bF cC", "01201"),
        ("|:a b:|F |:c:|C", "01012201"),
        ("a Sb cF dD e", "012312"),
        ("Sa b cT dD Oe f", "012301245"),
        ("a b Hc dC O|:e:|", "01230144"),
        ("|:a 1:| 2F bC", "0102302"),
        ("a bC c", "01012"),
        ("a bD c", "012"),
        ("a bTC c", "01012"),
        ("a bC |:c:|", "010122"),
        ("Sa bD cF dC", "010123012"),
        ("Sa bD cC", "01012012"),
    ],
)
def test_jumps_are_made_once_and_without_repeats(pattern: str, order: str) -> None:
    assert played_order(_measures(pattern)) == tuple(int(index) for index in order)


def test_without_jumps_only_repeats_are_followed() -> None:
    assert played_order(_measures("|:a:| bF cC"), with_jumps=False) == (0, 0, 1, 2)


@pytest.mark.parametrize(
    ("body", "order"),
    [
        ("C4|!fine!D4|E4|!D.C.!F4|]", "012301"),
        ("C4|D2!fine!D2|E4|F4!D.C.alfine!|]", "012301"),
        ("C4|D4!fine!|E4|F4|] !dacapo!\n", "012301"),
        ("C4|D4!Fine!:|E4:|!D.C.!\nG4|]", "01012201"),
        ("C4|SD4|E4!fine!|F4 !D.S.!|]", "012312"),
        ("!segno!C4|D4!coda!|E4!D.S.alcoda!|!coda!F4|]", "012013"),
        ("!segno!C4|!coda!D4|E4!D.S. al Coda!|!coda!F4|]", "01203"),
        ("C4|!dacoda!D4|E4!D.C.!|\n!coda!|:F4:|]", "012033"),
        ("C4|!segno!Z3|F4|G4!D.S.!|]", "01234512345"),
        ("C4|Z3!D.C.!|G4|]", "012301234"),
        ("C4&!D.C.!E4|!trill!D4|]", "01"),
    ],
)
def test_signs_of_abc_are_followed(body: str, order: str) -> None:
    document = open_content(f"X:1\nM:4/4\nL:1/4\nK:C\n{body}".encode(), "a.abc")
    assert _order(document) == order
    score = open_content(converted(document, ".musicxml"), "a.musicxml")
    assert _order(score) == order
    assert _order(open_content(converted(score, ".abc"), "b.abc")) == order


def test_signs_of_musicxml_hold_for_all_parts() -> None:
    score = open_document(DATA / "musicxml" / "dal_segno_and_coda.musicxml")
    assert _order(score) == "012130404"
    text = score.to_bytes().decode()
    start, stop = text.index("<part id"), text.index("</score-partwise>")
    other = re.sub(r"<direction .*?</direction>", "", text[start:stop]).replace("P1", "P2")
    names = text.replace("</part-list>", '<score-part id="P2"><part-name/></score-part></part-list>')
    duet = open_content(names.replace("</score-partwise>", f"{other}</score-partwise>").encode(), "duet.musicxml")
    assert [measure.form_signs for measure in duet.melody(1).measures] == [
        measure.form_signs for measure in score.melody().measures
    ]


@pytest.mark.parametrize("attributes", ['dacapo="no"', 'tempo="90"', 'dalsegno="segno"'])
def test_what_is_no_jump_or_leads_nowhere_is_passed_by(attributes: str) -> None:
    text = converted(open_content(b"X:1\nM:4/4\nL:1/4\nK:C\nC4|D4!D.C.!|]", "a.abc"), ".musicxml").decode()
    score = open_content(text.replace('<sound dacapo="yes"/>', f"<sound {attributes}/>").encode(), "a.musicxml")
    assert _order(score) == "01"


def test_a_segno_that_is_only_drawn_is_one() -> None:
    text = converted(open_content(b"X:1\nM:4/4\nL:1/4\nK:C\nC4|D4|E4!D.S.!|F4|]", "a.abc"), ".musicxml").decode()
    sign = "<direction><direction-type><segno/></direction-type></direction>"
    second = text.index('<measure number="2">') + len('<measure number="2">')
    assert _order(open_content((text[:second] + sign + text[second:]).encode(), "a.musicxml")) == "012123"


@pytest.mark.parametrize("name", ["dal_segno_and_coda.musicxml", "signs.abc"])
def test_an_edit_leaves_the_signs(name: str) -> None:
    signs = b"X:1\nM:4/4\nL:1/4\nK:C\n!segno!C4|D2!coda!E2|F4!D.S.!|!coda!G4|]\n"
    document = open_content(signs, name) if name == "signs.abc" else open_document(DATA / "musicxml" / name)
    order, measures = _order(document), document.melody().measures
    for index, measure in enumerate(measures):
        rest = measure.with_notes([Note(0, measure.duration, None)])
        document = document.with_measures(0, Span(index, index + 1), [rest]).document
    assert _order(document) == order
