"""Cycles are freed on the thread of the window only."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from inpaint_desktop.ui.garbage import GarbageCollection


class Knot:
    """An object that only a collection can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def collection(qapp: QObject) -> Iterator[GarbageCollection]:
    made = GarbageCollection(qapp)
    yield made
    made.close()


def tie_knots(freed_on: list[int]) -> None:
    for _ in range(3 * gc.get_threshold()[0]):
        weakref.finalize(Knot(), lambda: freed_on.append(threading.get_ident()))


@pytest.mark.usefixtures("collection")
def test_what_a_worker_leaves_is_freed_on_the_thread_of_the_window(qtbot: QtBot) -> None:
    freed_on: list[int] = []
    worker = threading.Thread(target=tie_knots, args=[freed_on])
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(freed_on) > 0, timeout=5000)
    assert set(freed_on) == {threading.get_ident()}


def test_what_has_settled_is_looked_through_no_more(collection: GarbageCollection) -> None:
    collection.settle()
    assert gc.get_freeze_count() > 0
    collection.close()
    assert gc.get_freeze_count() == 0
    assert gc.isenabled()


def test_nothing_is_collected_before_it_is_due(collection: GarbageCollection) -> None:
    gc.collect()
    before = gc.get_stats()[0]["collections"]
    collection.collect()
    assert gc.get_stats()[0]["collections"] == before
