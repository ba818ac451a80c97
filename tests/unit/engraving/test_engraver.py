"""Engraving in a real child process, which is also ended under it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inpaint_desktop.documents.rendering import render
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.engraving.pages import A4, INK, Layout, Rect
from inpaint_desktop.engraving.requests import PagesRequest
from inpaint_desktop.errors import FileUnsupportedError, SelectionError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Span
from tests.unit.engraving.pictures import is_inked, painted

if TYPE_CHECKING:
    from tests.unit.engraving.conftest import Open

pytestmark = pytest.mark.usefixtures("qapp")
LAYOUT = Layout(900)


def _end(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _crash_on_lyrics(request: object) -> object:
    """Engrave as usual, but die of lyrics, of an ode and of excerpts."""
    from inpaint_desktop.engraving.verovio_pages import engrave

    if not isinstance(request, PagesRequest) or re.search("<lyric|Ode to Joy", request.musicxml):
        _end(request)
        return None
    return engrave(request)


class _FrailChild(ChildProcess):
    """A child in which Verovio crashes easily."""

    def call(self, _: object, request: object, *, time_limit_s: float) -> object:  # type: ignore[override]
        return super().call(_crash_on_lyrics, request, time_limit_s=time_limit_s)


def test_pages_come_from_the_child(engraver: Engraver, opened: Open) -> None:
    pages = engraver.pages(render(opened("ode-to-joy.abc")), LAYOUT)
    assert sum(len(page.measures) for page in pages) == 16


def test_engraving_goes_on_after_the_child_has_died(engraver: Engraver, child: ChildProcess, opened: Open) -> None:
    musicxml = render(opened("ode-to-joy.abc"))
    before = engraver.pages(musicxml, LAYOUT)
    with pytest.raises(Exception, match="crashed"):
        child.call(_end, None, time_limit_s=20.0)
    assert engraver.pages(musicxml, LAYOUT) == before


def test_what_verovio_crashes_on_is_drawn_from_its_melodies(opened: Open) -> None:
    document = opened("auld-lang-syne.musicxml")
    with _FrailChild() as frail:
        pages = Engraver(frail).pages(render(document), LAYOUT, {0: document.melody(0), 1: document.melody(1)})
    drawing = b"".join(page.svg for page in pages)
    assert {(box.part, box.measure) for page in pages for box in page.measures} == {
        (part, measure) for part in (0, 1) for measure in range(17)
    }
    assert b"Auld Lang Syne" in drawing
    assert b"Should" not in drawing


def test_what_cannot_be_drawn_at_all_is_said(opened: Open) -> None:
    with _FrailChild() as frail, pytest.raises(FileUnsupportedError, match="crashed on it"):
        Engraver(frail).pages(render(opened("auld-lang-syne.musicxml")), LAYOUT)


def test_what_cannot_be_drawn_from_its_melodies_either_is_said(opened: Open) -> None:
    document = opened("ode-to-joy.abc")
    with _FrailChild() as frail, pytest.raises(FileUnsupportedError, match="crashed on it"):
        Engraver(frail).pages(render(document), LAYOUT, {0: document.melody()})


def test_an_excerpt_that_cannot_be_drawn_is_said(opened: Open) -> None:
    with _FrailChild() as frail, pytest.raises(FileUnsupportedError, match="crashed on it"):
        Engraver(frail).excerpt(opened("ode-to-joy.abc").melody(), Span(0, 2))


def test_text_that_is_no_score_is_said(engraver: Engraver, opened: Open) -> None:
    with pytest.raises(FileUnsupportedError, match="failed"):
        engraver.pages("<html/>", LAYOUT)
    assert engraver.pages("<html/>", LAYOUT, {0: opened("ode-to-joy.abc").melody()})


def test_a_score_of_200_measures_is_drawn(engraver: Engraver, opened: Open) -> None:
    from inpaint_desktop.documents.musicxml.score_writing import melodies_to_musicxml

    melody = opened("soldiers-joy.abc").melody()
    long = replace(melody, measures=(melody.measures * 12)[:200])
    pages = engraver.pages(melodies_to_musicxml({0: long}), LAYOUT)
    assert sorted(box.measure for page in pages for box in page.measures) == list(range(200))


def test_an_excerpt_is_one_system_that_keeps_the_numbers_of_the_melody(engraver: Engraver, opened: Open) -> None:
    melody = opened("boys-of-bluehill.abc").melody()
    page = engraver.excerpt(melody, Span(5, 9), part=1)
    assert [(box.part, box.measure, box.system) for box in page.measures] == [(1, index, 0) for index in range(5, 9)]
    assert {box.key for box in page.notes} == {
        (1, index, note) for index in range(5, 9) for note in range(len(melody.measures[index].notes))
    }
    assert b"Bluehill" not in page.svg
    assert b"= 76" not in page.svg.replace("\N{NO-BREAK SPACE}".encode(), b" ")


def test_an_excerpt_is_as_small_as_it_can_be(engraver: Engraver, opened: Open) -> None:
    page = engraver.excerpt(opened("boys-of-bluehill.abc").melody(), Span(1, 3))
    assert page.measures[0].rect.x < 30
    assert page.width - page.measures[-1].rect.right < 12
    assert page.height < 120
    picture = painted(page)
    for y in (0.0, page.height - 3):
        assert not is_inked(picture, Rect(0, y, page.width, 2))


def test_an_excerpt_from_the_middle_ends_with_a_thin_barline(engraver: Engraver, opened: Open) -> None:
    melody = opened("ode-to-joy.abc").melody()
    widths = []
    for span in (Span(4, 8), Span(12, 16)):
        page = engraver.excerpt(melody, span)
        picture, last = painted(page, zoom=4), page.measures[-1].rect
        columns = range(int((last.right - 6) * 4), int(last.right * 4) + 4)
        widths.append(sum(picture.pixelColor(x, int((last.y + 3) * 4)).lightness() < 100 for x in columns))
    assert widths[0] < widths[1] / 2


def test_an_excerpt_of_measures_that_are_not_there_is_refused(engraver: Engraver, opened: Open) -> None:
    with pytest.raises(SelectionError):
        engraver.excerpt(opened("ode-to-joy.abc").melody(), Span(14, 20))


def test_svg_files_are_black_and_name_fonts_for_every_system(engraver: Engraver, opened: Open) -> None:
    (drawing,) = engraver.svg_pages(render(opened("ode-to-joy.abc")), A4)
    assert b"#000000" in drawing
    assert INK.encode() not in drawing
    assert b'font-family="Times New Roman, Liberation Serif' in drawing


def test_the_engraver_does_not_bring_verovio_into_the_program() -> None:
    check = "import sys; import inpaint_desktop.engraving.engraver; sys.exit('verovio' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)


def test_warming_up_lets_the_child_load_verovio() -> None:
    with ChildProcess() as child:
        Engraver(child).warm_up()
        assert child.call("sys:modules.__contains__", "verovio", time_limit_s=30.0) is True
