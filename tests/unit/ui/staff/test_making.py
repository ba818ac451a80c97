"""Sheets are made from real scores; pages that look as before are not drawn again."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import Layout, NoteBox, Page, Rect
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.staff.drawing import Look, draw, drawn_before
from inpaint_desktop.ui.staff.making import MadeSheet, SheetMaker, SheetRequest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

TUNE = Path(__file__).parents[4] / "resources" / "tunes" / "boys-of-bluehill.abc"
LOOK = Look(1.0, "#000000")
WAIT_MS = 20_000

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def document() -> ScoreDocument:
    return open_document(TUNE)


@pytest.fixture
def maker(qapp: QApplication) -> Iterator[SheetMaker]:
    with ChildProcess() as child:
        made = SheetMaker(Engraver(child), qapp)
        yield made
        made.close()


def _made(maker: SheetMaker, qtbot: QtBot, request: SheetRequest) -> MadeSheet:
    with qtbot.waitSignal(maker.made, timeout=WAIT_MS) as blocker:
        maker.start(request)
    made = blocker.args[0]
    assert isinstance(made, MadeSheet)
    return made


def _request(document: ScoreDocument, height: float = 400.0) -> SheetRequest:
    return SheetRequest(document, {0: document.melody()}, Layout(500.0), LOOK, zoom=1.0, height=height)


def _edited(document: ScoreDocument) -> ScoreDocument:
    """The tune with other notes in its third measure."""
    measures = document.melody().measures
    return document.with_measures(0, Span(2, 3), [measures[2].with_notes(measures[1].notes)]).document


def _images(made: MadeSheet) -> dict[int, QImage]:
    """The images by the number of their page."""
    return {index: one.image for one in made.images for index, page in enumerate(made.sheet.pages) if page is one.page}


def test_the_pages_in_sight_are_drawn(maker: SheetMaker, qtbot: QtBot, document: ScoreDocument) -> None:
    made = _made(maker, qtbot, _request(document))
    drawn = _images(made)
    assert list(drawn) == list(made.sheet.pages_between(0.0, 400.0))
    assert 1 < len(drawn) < len(made.sheet.pages)


def test_after_an_edit_only_pages_that_look_different_are_drawn(
    maker: SheetMaker, qtbot: QtBot, document: ScoreDocument
) -> None:
    before = _made(maker, qtbot, _request(document, height=2000.0))
    request = replace(_request(_edited(document), height=400.0), images=before.images)
    after = _made(maker, qtbot, request)
    old, new = _images(before), _images(after)
    assert sorted(new) == sorted(old)  # those out of sight are there, too
    same = [index for index, image in new.items() if image is old[index]]
    assert same == [index for index in new if before.sheet.pages[index].svg == after.sheet.pages[index].svg]
    assert 0 < len(new) - len(same) <= 2


def _page(svg: bytes = b"<svg/>", *notes: int) -> Page:
    return Page(svg, 20.0, 10.0, (), tuple(NoteBox(0, note, 0, Rect(0, 0, 1, 1)) for note in notes), ())


def test_an_image_serves_another_page_that_looks_the_same() -> None:
    first, second = _page(), _page()
    drawn = draw(first, LOOK)
    (again,) = drawn_before([second, _page(b"<svg ></svg>")], LOOK, [drawn])
    assert again.image is drawn.image
    assert again.page is second


@pytest.mark.parametrize(
    "look", [Look(2.0, "#000000"), Look(1.0, "#ffffff"), Look(1.0, "#000000", frozenset({(0, 3, 0)}), "#ff0000")]
)
def test_an_image_in_another_look_serves_no_page(look: Look) -> None:
    page = _page(b"<svg/>", 3)
    assert not list(drawn_before([page], look, [draw(page, LOOK)]))


def test_colours_of_notes_on_other_pages_are_no_other_look() -> None:
    page = _page(b"<svg/>", 3)
    look = Look(1.0, "#000000", frozenset({(0, 4, 0)}), "#ff0000")
    assert len(list(drawn_before([page], look, [draw(page, LOOK)]))) == 1
