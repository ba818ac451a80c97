"""What the window says of takes that repeat a known tune, and of an index that is missing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine import known_tunes
from inpaint_desktop.engine.request import FillRequest, KnownRun, Progress, Properties, Take
from inpaint_desktop.score.melody import Span
from inpaint_desktop.ui.about import AboutDialog
from inpaint_desktop.ui.editor import Editor
from inpaint_desktop.ui.fill_settings import FillSettings
from inpaint_desktop.ui.filling import Filler
from inpaint_desktop.ui.gallery.card_view import facts_of, tip_of, words_of
from inpaint_desktop.ui.gallery.gallery import Card
from inpaint_desktop.ui.known_in_words import known_in_words
from inpaint_desktop.ui.main_window import MainWindow
from inpaint_desktop.ui.origin import Origin
from inpaint_desktop.ui.request_in_words import details_of
from tests.gui.test_filling import FakeEngine

SPAN = Span(6, 9)
SPEAR = KnownRun("The <Silver> Spear", Span(6, 8))
SAME = KnownRun("Soldier's Joy", Span(8, 9), is_same_tune=True)

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(paths.resources_folder() / "tunes" / "soldiers-joy.abc")


@pytest.fixture
def take(reel: ScoreDocument) -> Take:
    """Three measures of which two are another tune's, and one the same tune's."""
    request = FillRequest(reel.melody(0), SPAN)
    return Take(request, request.original, 5, -0.5, Properties(0.0, 0.2, 62, 83), known=(SPEAR, SAME))


@pytest.fixture
def card(reel: ScoreDocument, take: Take) -> Card:
    return Card(Origin(reel, 0, SPAN, FillSettings()), take)


def test_a_known_tune_is_named_with_its_measures(take: Take) -> None:
    assert known_in_words(take) == (
        "measures 6 to 7 are in The <Silver> Spear",
        "measure 8 is in Soldier's Joy, the same tune",
    )
    assert known_in_words(replace(take, known=None)) == known_in_words(replace(take, known=())) == ()


def test_a_card_says_so_below_its_other_facts(card: Card) -> None:
    _, spear, same = facts_of(card, "red").split("<br>")
    assert spear == "<b>Measures 6 to 7 are in <i>The &lt;Silver&gt; Spear</i></b>"
    assert same == "Measure 8 is in <i>Soldier&#x27;s Joy</i>, the same tune"


def test_a_card_without_known_tunes_has_no_more_lines(card: Card, take: Take) -> None:
    assert "<br>" not in facts_of(replace(card, take=replace(take, known=())), "red")


def test_screen_readers_hear_it(card: Card) -> None:
    assert "measures 6 to 7 are in The <Silver> Spear, measure 8 is" in words_of(card, 1, is_starred=False)


def test_the_history_and_the_tool_tip_keep_it(card: Card, take: Take) -> None:
    details = details_of(card.origin, take, 1)
    assert [value for name, value in details if name == "Known tune"] == [
        "The <Silver> Spear, in measures 6 to 7",
        "Soldier's Joy, the same tune, in measure 8",
    ]
    assert "Known tune: Soldier's Joy, the same tune, in measure 8" in tip_of(card, 1)


@pytest.fixture
def make_filler(reel: ScoreDocument) -> Iterator[Callable[[bool], Filler]]:
    """Make a filler of an engine that compares its takes, or not."""
    editor = Editor()
    editor.open(reel)
    editor.select(6, 8)
    made: list[Filler] = []

    def make(compares: bool) -> Filler:
        def propose(request: FillRequest, _progress: Progress) -> Iterator[Take]:
            for seed in range(2):
                yield Take(
                    request, request.original, seed, 0.0, Properties(0.0, 1.0, 62, 83), known=() if compares else None
                )

        made.append(Filler(editor, lambda _model, _device: FakeEngine(propose)))
        return made[-1]

    yield make
    for filler in made:
        filler.close()


def sentences_of(filler: Filler, qtbot: QtBot, times: int = 2) -> list[str]:
    said: list[str] = []
    filler.unrecognised.connect(said.append)
    for _ in range(times):
        with qtbot.waitSignal(filler.finished, timeout=20_000):
            filler.regenerate()
    return said


def test_that_the_index_is_missing_is_said_once(
    make_filler: Callable[[bool], Filler], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_tunes, "why_unknown", lambda: "The index cannot be read.")
    assert sentences_of(make_filler(False), qtbot) == ["The index cannot be read."]
    assert sentences_of(make_filler(True), qtbot) == []


def test_of_an_engine_that_compares_nothing_nothing_is_said(
    make_filler: Callable[[bool], Filler], qtbot: QtBot
) -> None:
    assert sentences_of(make_filler(False), qtbot, 1) == []


def test_warming_up_reads_the_index_so_that_the_first_takes_need_not_wait(
    make_filler: Callable[[bool], Filler], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(known_tunes, "known_tunes", lambda: read.append("index"))
    make_filler(True).warm_up()
    qtbot.waitUntil(lambda: read == ["index"], timeout=20_000)


def test_it_is_said_above_the_score(window: MainWindow) -> None:
    window.session.filler.unrecognised.emit("The index cannot be read.")
    assert window.workspace.messages.sentences == ("The index cannot be read.",)


def test_whose_tunes_they_are_stands_among_the_licences(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialogs = [AboutDialog(tmp_path / "none.safetensors")]
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    dialogs.append(AboutDialog(tmp_path / "none.safetensors"))
    for dialog in dialogs:
        qtbot.addWidget(dialog)
    with_index, without = (dialog.licences.toPlainText() for dialog in dialogs)
    assert "(ODbL-1.0). Contains information from The Session" in with_index
    assert "Index of known tunes" not in without
