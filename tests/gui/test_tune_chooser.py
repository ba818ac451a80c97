"""Choosing a tune of a book."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inpaint_desktop.documents.abc.tunes import Tune
from inpaint_desktop.ui.files import TuneBook
from inpaint_desktop.ui.tune_chooser import TuneChooser, matches

BOOK = TuneBook(
    Path("book.abc"),
    (
        Tune("1", ("Soldier's Joy", "The King's Head"), 0, 9, 20),
        Tune("12", ("Drowsy Maggie",), 20, 29, 40),
        Tune("12", ("The Kid on the Mountain",), 40, 49, 60),
    ),
)


@pytest.fixture
def chooser(qtbot: QtBot) -> TuneChooser:
    made = TuneChooser(BOOK)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(chooser: TuneChooser) -> list[str]:
    items = [chooser.list.item(row) for row in range(chooser.list.count())]
    return [item.text() for item in items if not item.isHidden()]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", 3),
        ("joy", 1),
        ("JOY soldier", 1),
        ("king", 1),
        ("1", 3),
        ("12", 2),
        ("x:12", 2),
        ("the", 2),
        ("nothing", 0),
    ],
)
def test_typing_leaves_the_tunes_that_are_meant(words: str, numbers: int) -> None:
    assert sum(matches(tune, words) for tune in BOOK.tunes) == numbers


def test_return_opens_the_first_tune_that_is_left(chooser: TuneChooser, qtbot: QtBot) -> None:
    QTest.keyClicks(chooser.search, "soldier")
    assert shown(chooser) == ["1 Soldier's Joy"]
    with qtbot.waitSignal(chooser.tune_chosen) as chosen:
        QTest.keyClick(chooser.search, Qt.Key.Key_Return)
    assert chosen.args == [Path("book.abc"), "1"]


def test_arrows_move_in_the_list_while_one_types(chooser: TuneChooser) -> None:
    QTest.keyClick(chooser.search, Qt.Key.Key_Down)
    assert chooser.list.currentRow() == 1


def test_tunes_that_share_a_number_are_chosen_by_title(chooser: TuneChooser, qtbot: QtBot) -> None:
    QTest.keyClicks(chooser.search, "mountain")
    with qtbot.waitSignal(chooser.tune_chosen) as chosen:
        chooser.accept()
    assert chosen.args == [Path("book.abc"), "The Kid on the Mountain"]


def test_nothing_is_chosen_while_nothing_is_listed(chooser: TuneChooser, qtbot: QtBot) -> None:
    QTest.keyClicks(chooser.search, "zzz")
    with qtbot.assertNotEmitted(chooser.tune_chosen):
        chooser.accept()
    assert chooser.isVisible()
