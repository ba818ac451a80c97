"""What a score is in another format."""

from pathlib import Path

import pytest

from inpaint_desktop.documents.conversion import conversion_losses, converted, format_of
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_content, open_document

ROOT = Path(__file__).parents[3]
ABC = ROOT / "resources" / "tunes" / "soldiers-joy.abc"
DUET = ROOT / "tests" / "data" / "musicxml" / "duet_latin1_crlf.xml"


@pytest.fixture(scope="module", params=[ABC, DUET], ids=["abc", "musicxml"])
def document(request: pytest.FixtureRequest) -> ScoreDocument:
    return open_document(request.param)


@pytest.mark.parametrize("suffix", [".abc", ".musicxml", ".mxl"])
def test_a_copy_in_any_format_has_the_same_notes(document: ScoreDocument, suffix: str) -> None:
    copy = open_content(converted(document, suffix, 0), f"copy{suffix}")
    assert copy.suffix == suffix
    notes, copied = ([one.notes for one in melody.measures] for melody in (document.melody(), copy.melody()))
    assert notes == copied


def test_in_its_own_format_a_score_keeps_every_byte(document: ScoreDocument) -> None:
    assert converted(document, document.suffix) == document.to_bytes()
    assert conversion_losses(document, document.suffix) == ()


def test_packing_musicxml_loses_nothing() -> None:
    duet = open_document(DUET)
    packed = open_content(converted(duet, ".mxl"), "duet.mxl")
    assert conversion_losses(duet, ".mxl") == ()
    assert converted(packed, ".musicxml") == DUET.read_bytes()
    assert "packed with the score" in conversion_losses(packed, ".musicxml")[0]


def test_abc_says_which_part_it_keeps() -> None:
    duet = open_document(DUET)
    assert duet.parts[1].name in conversion_losses(duet, ".abc", 1)[0]
    assert "Comments" in conversion_losses(open_document(ABC), ".mxl")[0]


@pytest.mark.parametrize(
    ("suffix", "expected"), [(".XML", ".musicxml"), (".txt", ".abc"), (".mxl", ".mxl"), (".tune", ".abc"), ("", ".abc")]
)
def test_the_suffix_names_the_format(suffix: str, expected: str) -> None:
    assert format_of(suffix, open_document(ABC)) == expected
