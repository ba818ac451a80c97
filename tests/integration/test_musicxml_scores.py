"""An orchestra's score of ten megabytes: it is opened, measures of single voices are replaced, and it is saved."""

import random
from collections.abc import Iterator

import pytest

from inpaint_desktop.documents.musicxml.document import MusicXmlDocument
from inpaint_desktop.documents.musicxml.opening import open_musicxml
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.pitch import Pitch

PARTS, MEASURES = 20, 400
TEN_MB = 10_000_000
ATTRIBUTES = (
    "<attributes>\n<divisions>4</divisions>\n<key><fifths>{}</fifths></key>\n"
    "<time><beats>4</beats><beat-type>4</beat-type></time>\n</attributes>\n"
)


def orchestra(parts: int = PARTS, measures: int = MEASURES) -> str:
    """A score in which every third part has two voices."""
    dice = random.Random(7)
    listed = "".join(
        f'<score-part id="P{number}"><part-name>Instrument {number}</part-name></score-part>\n'
        for number in range(1, parts + 1)
    )
    music = "".join(
        f'<part id="P{number}">\n{"".join(_measures(dice, measures, has_two=number % 3 == 0))}</part>\n'
        for number in range(1, parts + 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<score-partwise version="4.0">\n'
        f"<part-list>\n{listed}</part-list>\n{music}</score-partwise>\n"
    )


def _measures(dice: random.Random, count: int, *, has_two: bool) -> Iterator[str]:
    for number in range(1, count + 1):
        head = ATTRIBUTES.format(0) if number == 1 else ""
        upper = "".join(_note(dice, 1, 4, "quarter") for _ in range(4))
        back = "  <backup>\n    <duration>16</duration>\n  </backup>\n"
        lower = back + "".join(_note(dice, 2, 8, "half") for _ in range(2)) if has_two else ""
        yield f'<measure number="{number}" width="180.25">\n{head}{upper}{lower}</measure>\n'


def _note(dice: random.Random, voice: int, duration: int, kind: str) -> str:
    return (
        f'  <note default-x="{dice.randint(10, 99)}.25" default-y="-{dice.randint(10, 40)}.00">\n    <pitch>\n'
        f"      <step>{dice.choice('CDEFGAB')}</step>\n      <octave>{dice.choice('345')}</octave>\n    </pitch>\n"
        f"    <duration>{duration}</duration>\n    <voice>{voice}</voice>\n    <type>{kind}</type>\n"
        f'    <stem default-y="{dice.randint(10, 40)}">{dice.choice(("up", "down"))}</stem>\n  </note>\n'
    )


@pytest.fixture(scope="module")
def score() -> MusicXmlDocument:
    """The score, opened."""
    text = orchestra()
    assert len(text) > 0.9 * TEN_MB
    return open_musicxml(text.encode(), file_name="orchestra.musicxml")


def _with_other_notes(score: MusicXmlDocument, part: int, span: Span) -> MusicXmlDocument:
    notes = tuple(Note(onset * TICKS_PER_QUARTER, TICKS_PER_QUARTER, Pitch("D", 1, 5)) for onset in range(4))
    new = [score.melody(part).measures[index].with_notes(notes) for index in span.indices]
    edited = score.with_measures(part, span, new).document
    assert isinstance(edited, MusicXmlDocument)
    return edited


def test_every_voice_of_every_part_is_there(score: MusicXmlDocument) -> None:
    assert len(score.parts) == PARTS + PARTS // 3
    assert {len(part.measures) for part in score.parts} == {MEASURES}
    assert [part.name for part in score.parts][1:5] == [
        "Instrument 2",
        "Instrument 3, voice 1",
        "Instrument 3, voice 2",
        "Instrument 4",
    ]


def test_an_edit_looks_again_only_at_what_it_changed_and_finds_all_where_it_is(score: MusicXmlDocument) -> None:
    edited = _with_other_notes(score, part=3, span=Span(200, 204))
    assert score.parts[3].name == "Instrument 3, voice 2"
    before, after = score.located.parts, edited.located.parts
    looked_at = {
        (part, index)
        for part, (old_part, new_part) in enumerate(zip(before, after, strict=True))
        for index, (old, new) in enumerate(zip(old_part.measures, new_part.measures, strict=True))
        if old is not new
    }
    assert looked_at == {(2, index) for index in range(200, 204)}
    assert open_musicxml(edited.to_bytes(), file_name="orchestra.musicxml") == edited


def test_only_the_bytes_of_the_measures_change(score: MusicXmlDocument) -> None:
    edited = _with_other_notes(score, part=0, span=Span(399, 400))
    old, new = score.to_bytes(), edited.to_bytes()
    mark = score.parts[0].measures[399]
    assert new[: mark.start] == old[: mark.start]
    assert new.endswith(old[mark.stop :])
