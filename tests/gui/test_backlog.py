"""Work that waits in line: its order, what gives way, and what is forgotten."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop.ui.backlog import Backlog

WAIT_S = 10


class Desk:
    """Doubles numbers, the first of them only when it is let."""

    def __init__(self) -> None:
        self.has_begun, self.goes_on = threading.Event(), threading.Event()

    def double(self, number: int) -> int:
        self.has_begun.set()
        self.goes_on.wait(WAIT_S)
        return 2 * number


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def backlog(qtbot: QtBot, desk: Desk) -> Iterator[Backlog]:  # noqa: ARG001 - signals need an application
    made = Backlog("test", desk.double)
    yield made
    desk.goes_on.set()
    made.close()


@pytest.fixture
def done(backlog: Backlog) -> list[tuple[object, object, object]]:
    heard: list[tuple[object, object, object]] = []
    backlog.done.connect(lambda *what: heard.append(what))
    return heard


def test_everything_is_done_in_the_order_of_asking(
    backlog: Backlog, desk: Desk, done: list[object], qtbot: QtBot
) -> None:
    desk.goes_on.set()
    backlog.ask({"a": 1, "b": 2})
    backlog.ask({"c": 3})
    qtbot.waitUntil(lambda: len(done) == 3)
    assert done == [("a", 1, 2), ("b", 2, 4), ("c", 3, 6)]


def test_what_waits_gives_way_to_what_is_asked_for_by_the_same_key(
    backlog: Backlog, desk: Desk, done: list[object], qtbot: QtBot
) -> None:
    backlog.ask({"a": 1})
    assert desk.has_begun.wait(WAIT_S)
    backlog.ask({"b": 2})
    backlog.ask({"b": 3})
    desk.goes_on.set()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == [("a", 1, 2), ("b", 3, 6)]


def test_what_is_forgotten_never_comes(backlog: Backlog, desk: Desk, done: list[object], qtbot: QtBot) -> None:
    backlog.ask({"a": 1, "b": 2})
    assert desk.has_begun.wait(WAIT_S)
    backlog.ask({"c": 3})
    backlog.forget()
    desk.goes_on.set()
    backlog.ask({"d": 4})
    qtbot.waitUntil(lambda: bool(done))
    qtbot.wait(50)
    assert done == [("d", 4, 8)]
