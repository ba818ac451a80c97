"""What stands on engraved pages, seen in Verovio's real drawings of real tunes."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from inpaint_desktop.documents.musicxml.score_writing import melodies_to_musicxml
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.documents.rendering import render
from inpaint_desktop.engraving import verovio_pages
from inpaint_desktop.engraving.pages import A4, LETTER, Layout, Page, PrintLayout, Rect, recoloured
from inpaint_desktop.engraving.remembering import RememberedDrawings
from inpaint_desktop.engraving.requests import PagesRequest
from inpaint_desktop.engraving.score_text import read_score
from inpaint_desktop.engraving.system_keys import Systems
from inpaint_desktop.engraving.verovio_pages import engrave
from inpaint_desktop.errors import FileUnsupportedError, InpaintDesktopError
from inpaint_desktop.score.melody import Span
from inpaint_desktop.score.moving import Steps, move_measures
from tests.unit.engraving.pictures import is_inked, painted, pixels

if TYPE_CHECKING:
    from inpaint_desktop.documents.document import ScoreDocument
    from tests.unit.engraving.conftest import Open

pytestmark = pytest.mark.usefixtures("qapp")
TUNES = ("boys-of-bluehill.abc", "irish-washerwoman.abc", "ode-to-joy.abc", "soldiers-joy.abc")
SONG = "auld-lang-syne.musicxml"


def _pages(opened: Open, name: str, tune: str | None = None, width: float = 900) -> tuple[Page, ...]:
    return engrave(PagesRequest(render(opened(name, tune)), Layout(width)))


def _text(pages: tuple[Page, ...]) -> str:
    drawing = b"".join(page.svg for page in pages).decode()
    return " ".join(re.findall(r">([^<>]+)</(?:text|tspan)>", drawing)).replace("\N{NO-BREAK SPACE}", " ")


FEATURES = Path(__file__).parents[2] / "data" / "musicxml"


@pytest.mark.parametrize("name", ["two_voices", "woven", "cross_staff", "voices_of_each_staff", "timewise"])
def test_every_measure_and_note_of_every_voice_has_its_box(name: str) -> None:
    document = open_document(FEATURES / f"{name}.musicxml")
    pages = engrave(PagesRequest(render(document), Layout(900)))
    measures = {(box.part, box.measure) for page in pages for box in page.measures}
    assert measures == {(part, index) for part, one in enumerate(document.parts) for index in range(len(one.measures))}
    sounding = {
        (part, index, number)
        for part in range(len(document.parts))
        for index, measure in enumerate(document.melody(part).measures)
        for number, note in enumerate(measure.notes)
        if not note.is_rest
    }
    assert sounding <= {box.key for page in pages for box in page.notes}


@pytest.mark.parametrize("name", [*TUNES, SONG])
def test_every_measure_of_every_part_has_one_box(opened: Open, name: str) -> None:
    found = [(box.part, box.measure) for page in _pages(opened, name) for box in page.measures]
    wanted = [(part, index) for part, one in enumerate(opened(name).parts) for index in range(len(one.measures))]
    assert sorted(found) == wanted


@pytest.mark.parametrize("name", [*TUNES, SONG])
def test_every_note_of_every_melody_has_a_box(opened: Open, name: str) -> None:
    document = opened(name)
    found = {box.key for page in _pages(opened, name) for box in page.notes}
    assert found == {
        (part, index, number)
        for part in range(len(document.parts))
        for index, measure in enumerate(document.melody(part).measures)
        for number in range(len(measure.notes))
    }


def test_a_note_that_is_written_as_two_has_two_boxes(opened: Open) -> None:
    text = render(opened("session.abc", "1"))
    written = Counter(re.findall(r'<note id="n(\d+-\d+-\d+)(?:-[b-z])?"', text))
    boxes = Counter("-".join(map(str, box.key)) for page in _pages(opened, "session.abc", "1") for box in page.notes)
    assert boxes == written


@pytest.mark.parametrize("name", ["boys-of-bluehill.abc", SONG])
def test_boxes_of_notes_have_ink_in_them_and_lie_in_their_measure(opened: Open, name: str) -> None:
    for page in _pages(opened, name):
        picture = painted(page, zoom=2)
        measures = {(box.part, box.measure): box.rect for box in page.measures}
        for note in page.notes:
            assert is_inked(picture, note.rect, zoom=2)
            measure = measures[note.part, note.measure]
            assert measure.x <= note.rect.x <= note.rect.right <= measure.right


def test_boxes_are_where_qt_finds_the_notes(opened: Open) -> None:
    page = _pages(opened, "ode-to-joy.abc")[0]
    renderer = QSvgRenderer(QByteArray(page.svg))
    for note in page.notes:
        name = f"n{note.part}-{note.measure}-{note.note}"
        bounds = renderer.transformForElement(name).mapRect(renderer.boundsOnElement(name))
        assert Rect(bounds.x(), bounds.y(), bounds.width(), bounds.height()).x == pytest.approx(note.rect.x, abs=1.5)
        assert bounds.y() == pytest.approx(note.rect.y, abs=1.5)
        assert bounds.right() == pytest.approx(note.rect.right, abs=1.5)
        assert bounds.bottom() == pytest.approx(note.rect.bottom, abs=1.5)


def test_measures_of_a_system_stand_side_by_side_between_their_barlines(opened: Open) -> None:
    for page in _pages(opened, "soldiers-joy.abc"):
        picture = painted(page, zoom=3)
        for left, right in pairwise(page.measures):
            assert left.rect.right == pytest.approx(right.rect.x, abs=0.1)
            barline = Rect(left.rect.right - 12, left.rect.y + 3, 24, 2)  # between two lines of the staff
            assert is_inked(picture, barline, zoom=3)


def test_the_first_measure_of_a_system_says_where_its_music_begins(opened: Open) -> None:
    for page in _pages(opened, "irish-washerwoman.abc"):
        first, *others = page.measures
        first_note = next(note for note in page.notes if note.measure == first.measure)
        assert first.rect.x + 30 < first.music_x < first_note.rect.x
        assert all(box.music_x == box.rect.x for box in others)


def test_each_page_is_a_system_and_all_fill_the_width(opened: Open) -> None:
    pages = _pages(opened, "boys-of-bluehill.abc", width=800)
    assert [box.system for page in pages for box in page.systems] == list(range(len(pages)))
    for page in pages[:-1]:
        assert page.width == 800
        assert page.measures[-1].rect.right == pytest.approx(800 - 24, abs=1)


def test_nothing_is_drawn_at_the_edges_of_a_page(opened: Open) -> None:
    for name in (*TUNES, SONG):
        for page in _pages(opened, name, width=700):
            picture = painted(page)
            edges = [
                Rect(0, 0, page.width, 2),
                Rect(0, page.height - 3, page.width, 3),
                Rect(page.width - 4, 0, 4, page.height),
            ]
            assert not any(is_inked(picture, edge) for edge in edges)


def test_an_abc_tune_shows_title_composer_rhythm_tempo_and_chord_symbols(opened: Open) -> None:
    text = _text(_pages(opened, "boys-of-bluehill.abc"))
    for words in ("The Boys of Bluehill", "Traditional", "Hornpipe", "= 76", "Bm", "A7"):
        assert words in text


def test_lyrics_of_both_formats_are_shown(opened: Open) -> None:
    song = _text(_pages(opened, SONG))
    assert all(word in song for word in ("Should", "quaint", "ance", "syne."))
    assert _text(_pages(opened, "session.abc", "1")).split().count("la") == 3


def test_the_title_stands_in_the_middle(opened: Open) -> None:
    page = _pages(opened, "ode-to-joy.abc", width=800)[0]
    picture = painted(page)
    columns = [x for x in range(800) if is_inked(picture, Rect(x, 15, 0, 30))]
    assert (columns[0] + columns[-1]) / 2 == pytest.approx(400, abs=6)


def test_endings_and_repeats_are_drawn(opened: Open) -> None:
    pages = _pages(opened, "session.abc", "1")
    endings = [
        (page, box)
        for page in pages
        for box in page.measures
        if opened("session.abc", "1").melody().measures[box.measure].endings
    ]
    assert len(endings) == 2
    for page, box in endings:
        bracket = Rect(box.rect.x + box.rect.width / 2, box.rect.y - 70, 2, 70)
        assert is_inked(painted(page, zoom=2), bracket, zoom=2)


def test_recolouring_changes_all_ink_and_single_notes(opened: Open) -> None:
    page = _pages(opened, "ode-to-joy.abc")[0]
    note = page.notes[2]
    red = painted(page, recoloured(page, "#0000ff", {note.key: "#ff0000"}), zoom=2)
    middle = Rect(note.rect.x + 3, note.rect.bottom - 6, 4, 3)
    assert (255, 0, 0) in pixels(red, middle, zoom=2)
    other = page.notes[3].rect
    assert (0, 0, 255) in pixels(red, Rect(other.x + 3, other.bottom - 6, 4, 3), zoom=2)
    assert not any(max(colour) < 100 for colour in pixels(red))


def test_colouring_a_note_leaves_its_lyrics_alone(opened: Open) -> None:
    page = _pages(opened, SONG)[0]
    notes = {box.key: "#ff0000" for box in page.notes}
    picture = painted(page, recoloured(page, "#000000", notes))
    staff = page.measures[0].rect
    below = Rect(0, staff.bottom + 13, page.width, 8)
    assert is_inked(picture, below)
    assert (255, 0, 0) not in pixels(picture, below)


def test_an_edit_leaves_the_pages_of_other_systems_equal(opened: Open) -> None:
    document = opened("boys-of-bluehill.abc")
    melody = document.melody()
    edited = document.with_measures(0, Span(2, 3), [melody.measures[2].with_notes(melody.measures[1].notes)]).document
    before, after = (engrave(PagesRequest(render(one), Layout(900))) for one in (document, edited))
    assert before[0] != after[0]
    assert before[1:] == after[1:]


def _of_fresh(monkeypatch: pytest.MonkeyPatch, request: PagesRequest) -> tuple[Page, ...]:
    """The pages as they are when nothing is remembered."""
    with monkeypatch.context() as patch:
        patch.setattr(verovio_pages, "_remembered", RememberedDrawings(0))
        return engrave(request)


def _with_other_notes(document: ScoreDocument, random: Random) -> ScoreDocument:
    """The document with the notes of a measure in another one, or with a few measures moved."""
    part = random.randrange(len(document.parts))
    melody = document.melody(part)
    place = random.randrange(len(melody.measures))
    measure = melody.measures[place]
    if random.random() < 0.5:
        span = Span(place, min(place + random.randint(1, 4), len(melody.measures)))
        change = move_measures(melody, span, Steps(random.choice((-2, -1, 1))))
        return document.with_measures(part, change.span, change.measures).document
    others = [other for other in melody.measures if other.duration == measure.duration]
    changed = measure.with_notes(random.choice(others).notes)
    return document.with_measures(part, Span(place, place + 1), [changed]).document


@pytest.mark.parametrize(
    ("name", "tune", "width"),
    [
        *((name, None, 500.0) for name in TUNES),
        (SONG, None, 700.0),
        ("session.abc", "1", 400.0),
        ("ties_and_slurs.abc", None, 250.0),
        ("lyrics.abc", None, 250.0),
        ("changes.musicxml", None, 250.0),
        ("chords_and_grace_notes.musicxml", None, 250.0),
        ("cross_staff.musicxml", None, 250.0),
        ("dal_segno_and_coda.musicxml", None, 300.0),
        ("lyrics_in_verses.musicxml", None, 250.0),
        ("repeat_signs_and_slashes.musicxml", None, 250.0),
        ("ties_and_slurs.musicxml", None, 250.0),
        ("two_voices.musicxml", None, 250.0),
        ("voices_of_each_staff.musicxml", None, 250.0),
        ("woven.musicxml", None, 250.0),
    ],
)
def test_what_is_remembered_looks_as_if_it_were_drawn_anew(
    opened: Open, monkeypatch: pytest.MonkeyPatch, name: str, tune: str | None, width: float
) -> None:
    document, random = opened(name, tune), Random(name)
    engrave(PagesRequest(render(document), Layout(width)))
    for _ in range(4):
        with suppress(InpaintDesktopError):  # not every measure can be changed so
            document = _with_other_notes(document, random)
        request = PagesRequest(render(document), Layout(width))
        assert engrave(request) == _of_fresh(monkeypatch, request)


@pytest.mark.parametrize("name", [*TUNES, SONG])
def test_a_system_looks_the_same_without_the_measures_that_it_does_not_need(opened: Open, name: str) -> None:
    score = read_score(render(opened(name)))
    systems = Systems(score, range(2, score.measure_count, 2), 1500)
    assert len(systems.measures_for([0])) < score.measure_count
    whole = verovio_pages._drawn_lines(systems, range(len(systems.lines)), score, 1500)
    assert whole is not None
    for index, key in enumerate(systems.keys):
        assert verovio_pages._drawn_lines(systems, [index], score, 1500) == {key: whole[key]}


def test_an_edit_of_one_measure_has_few_systems_drawn_anew(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = RememberedDrawings(10**7)
    monkeypatch.setattr(verovio_pages, "_remembered", remembered)
    document = opened("boys-of-bluehill.abc")
    melody = document.melody()
    before = _pages(opened, "boys-of-bluehill.abc", width=500)
    drawn = len(remembered)
    edited = document.with_measures(0, Span(2, 3), [melody.measures[2].with_notes(melody.measures[1].notes)]).document
    engrave(PagesRequest(render(edited), Layout(500)))
    assert drawn == len(before) > 4
    assert len(remembered) <= drawn + 2
    engrave(PagesRequest(render(document), Layout(500)))
    assert len(remembered) <= drawn + 2


_WHOLE = "<note><pitch><step>C</step><octave>5</octave></pitch><duration>4</duration><type>whole</type></note>"
_REST = '<note><rest measure="yes"/><duration>4</duration></note>'
_LONG_REST = [
    "<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time>"
    f"<clef><sign>G</sign><line>2</line></clef></attributes>{_WHOLE}",
    f"<attributes><measure-style><multiple-rest>3</multiple-rest></measure-style></attributes>{_REST}",
    _REST,
    _REST,
    _WHOLE,
]


def test_measures_in_a_long_rest_share_its_place() -> None:
    page = engrave(PagesRequest(_score(_LONG_REST), Layout(800)))[0]
    assert [box.measure for box in page.measures] == [0, 1, 2, 3, 4]
    widths = [box.rect.width for box in page.measures[1:4]]
    assert max(widths) - min(widths) < 0.1
    assert page.measures[3].rect.right == pytest.approx(page.measures[4].rect.x, abs=0.1)


def test_a_line_that_begins_inside_a_long_rest_is_not_begun() -> None:
    score = read_score(_score(_LONG_REST))
    (drawing,) = verovio_pages._lines(Systems(score, [2], 1500), score, 1500)
    assert {staff.measure for staff in drawing.staves} == {0, 1, 4}


def test_staves_of_one_part_are_one_box(opened: Open) -> None:
    song = _pages(opened, SONG)[0].measures
    staves = "<attributes><divisions>1</divisions><staves>2</staves></attributes>"
    notes = "".join(
        f"<note><rest/><duration>4</duration><voice>{staff}</voice><staff>{staff}</staff></note>{back}"
        for staff, back in ((1, "<backup><duration>4</duration></backup>"), (2, ""))
    )
    page = engrave(PagesRequest(_score([staves + notes]), Layout(800)))[0]
    assert [(box.part, box.measure) for box in page.measures] == [(0, 0)]
    assert page.measures[0].rect.height > 2 * song[0].rect.height


def test_a_staff_of_one_line_has_a_box_to_click_in() -> None:
    setting = (
        "<attributes><divisions>1</divisions><staff-details><staff-lines>1</staff-lines></staff-details></attributes>"
    )
    page = engrave(
        PagesRequest(_score([f'{setting}<note><rest measure="yes"/><duration>4</duration></note>']), Layout(800))
    )[0]
    assert page.measures[0].rect.height > 5


def test_a_score_without_music_is_a_page_without_boxes() -> None:
    (page,) = engrave(PagesRequest(_score([]), Layout(800)))
    assert (page.measures, page.notes) == ((), ())


def test_text_that_is_no_score_is_refused() -> None:
    with pytest.raises(FileUnsupportedError, match="Verovio"):
        engrave(PagesRequest("<html/>", Layout(800)))


@pytest.mark.parametrize(("layout", "inches"), [(A4, (210 / 25.4, 297 / 25.4)), (LETTER, (8.5, 11))])
def test_printed_pages_have_the_size_of_the_paper(
    opened: Open, layout: PrintLayout, inches: tuple[float, float]
) -> None:
    (page,) = engrave(PagesRequest(render(opened(SONG)), layout))
    assert (page.width / 96, page.height / 96) == pytest.approx(inches)
    assert len(page.systems) > 1


def test_a_long_score_is_printed_on_several_sheets(opened: Open) -> None:
    melody = opened("ode-to-joy.abc").melody()
    long = replace(melody, measures=melody.measures * 13)
    pages = engrave(PagesRequest(melodies_to_musicxml({0: long}), A4))
    assert len(pages) > 1
    assert all(box.rect.bottom < page.height - 40 for page in pages for box in page.systems)
    assert [box.measure for page in pages for box in page.measures] == list(range(208))


def _score(measures: list[str]) -> str:
    body = "".join(
        f'<measure id="m0-{index}" number="{index + 1}">{one}</measure>' for index, one in enumerate(measures)
    )
    return (
        '<score-partwise version="4.0"><part-list><score-part id="P1"><part-name/></score-part></part-list>'
        f'<part id="P1">{body}</part></score-partwise>'
    )


def test_an_abc_tune_is_broken_into_the_lines_of_its_text(opened: Open) -> None:
    pages = _pages(opened, "boys-of-bluehill.abc", width=1000)
    assert [page.measures[0].measure for page in pages] == [0, 5, 9, 14]


def test_very_long_scores_are_broken_by_verovio(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verovio_pages, "_MOST_MEASURES_TO_BREAK", 10)
    pages = _pages(opened, "boys-of-bluehill.abc", width=620)
    assert [box.system for page in pages for box in page.systems] == list(range(len(pages)))
    assert [box.measure for page in pages for box in page.measures] == list(range(18))


def test_widths_of_measures_are_forgotten_when_there_are_many(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _pages(opened, "soldiers-joy.abc")
    monkeypatch.setattr(verovio_pages, "_MOST_WIDTHS", 1)
    _pages(opened, "auld-lang-syne.musicxml")
    assert _pages(opened, "soldiers-joy.abc") == before


def test_takes_of_other_notes_leave_the_lines_where_they_are(opened: Open) -> None:
    document = opened("soldiers-joy.abc")
    melody = document.melody()
    plain = [page.measures[0].measure for page in _pages(opened, "soldiers-joy.abc")]
    for source in (1, 10, 11, 15):
        edit = document.with_measures(0, Span(5, 6), [melody.measures[5].with_notes(melody.measures[source].notes)])
        pages = engrave(PagesRequest(render(edit.document), Layout(900)))
        assert [page.measures[0].measure for page in pages] == plain


@pytest.mark.parametrize("width", range(540, 1300, 40))
def test_a_page_holds_one_system_however_wide_it_is(width: int) -> None:
    document = open_document(Path(__file__).parents[2] / "data" / "abc" / "duet.abc")
    pages = engrave(PagesRequest(render(document), Layout(float(width))))
    for page in pages:
        assert len({(box.part, box.rect.y) for box in page.measures}) == len(document.parts)
