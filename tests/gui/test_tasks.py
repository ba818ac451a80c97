"""Background work: what comes back, in which order, and what is dropped."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop.errors import SettingsError
from inpaint_desktop.ui import tasks
from inpaint_desktop.ui.tasks import Report, Task

pytestmark = pytest.mark.usefixtures("qtbot")

WAIT_S = 10


class Heard:
    """Writes down every signal of a task."""

    def __init__(self, task: Task) -> None:
        self.events: list[tuple[str, object]] = []
        task.started.connect(lambda: self.events.append(("started", None)))
        task.progressed.connect(lambda share: self.events.append(("progressed", share)))
        task.delivered.connect(lambda part: self.events.append(("delivered", part)))
        task.succeeded.connect(lambda result: self.events.append(("succeeded", result)))
        task.failed.connect(lambda error: self.events.append(("failed", error)))
        task.cancelled.connect(lambda: self.events.append(("cancelled", None)))
        task.ended.connect(lambda: self.events.append(("ended", None)))

    def of(self, *names: str) -> list[tuple[str, object]]:
        return [event for event in self.events if event[0] in names]


@pytest.fixture
def task() -> Iterator[Task]:
    made = Task("test")
    yield made
    made.close()


def test_parts_and_the_result_arrive_in_order(task: Task, qtbot: QtBot) -> None:
    def work(report: Report) -> str:
        report(0.5, "first")
        report(1.0, "second")
        return "whole"

    heard = Heard(task)
    with qtbot.waitSignal(task.ended):
        task.start(work)
        assert task.is_running
    assert heard.of("delivered", "succeeded", "ended") == [
        ("delivered", "first"),
        ("delivered", "second"),
        ("succeeded", "whole"),
        ("ended", None),
    ]
    assert ("progressed", 0.5) in heard.events
    assert not task.is_running


def test_work_runs_on_another_thread_and_answers_on_this_one(task: Task, qtbot: QtBot) -> None:
    threads = []
    task.succeeded.connect(lambda worker: threads.extend([worker, threading.get_ident()]))
    with qtbot.waitSignal(task.ended):
        task.start(lambda _report: threading.get_ident())
    assert threads[0] != threads[1] == threading.get_ident()


@pytest.mark.parametrize("error", [SettingsError("A sentence."), ZeroDivisionError("unexpected")])
def test_whatever_is_raised_comes_back_as_a_failure(task: Task, qtbot: QtBot, error: Exception) -> None:
    def work(_report: Report) -> None:
        raise error

    with qtbot.waitSignal(task.failed) as failed:
        task.start(work)
    assert failed.args == [error]
    assert not task.is_running


def test_cancelled_work_stops_at_its_next_report_and_says_no_more(task: Task, qtbot: QtBot) -> None:
    has_begun, goes_on, has_stopped = threading.Event(), threading.Event(), threading.Event()

    def work(report: Report) -> None:
        has_begun.set()
        goes_on.wait(WAIT_S)
        try:
            report(0.5, "too late")
        finally:
            has_stopped.set()

    heard = Heard(task)
    task.start(work)
    assert has_begun.wait(WAIT_S)
    task.cancel()
    goes_on.set()
    assert has_stopped.wait(WAIT_S)
    qtbot.wait(20)
    assert [name for name, _ in heard.of("delivered", "cancelled", "succeeded", "failed", "ended")] == [
        "cancelled",
        "ended",
    ]


def test_a_new_start_takes_the_place_of_what_is_under_way(task: Task, qtbot: QtBot) -> None:
    goes_on = threading.Event()
    heard = Heard(task)
    task.start(lambda _report: goes_on.wait(WAIT_S) and "old")
    with qtbot.waitSignal(task.ended):
        task.start(lambda _report: "new")
        goes_on.set()
    assert heard.of("succeeded", "cancelled") == [("succeeded", "new")]


def test_cancelling_what_does_not_run_says_nothing(task: Task) -> None:
    heard = Heard(task)
    task.cancel()
    assert heard.events == []


def test_work_that_never_ends_does_not_keep_others_waiting_nor_the_window_open(
    task: Task, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "STUCK_AFTER_S", 0.0)
    monkeypatch.setattr(tasks, "CLOSING_TIMEOUT_S", 0.05)
    has_begun, goes_on = threading.Event(), threading.Event()

    def hang(_report: Report) -> None:
        has_begun.set()
        goes_on.wait()

    task.start(hang)
    assert has_begun.wait(WAIT_S)
    task.cancel()
    with qtbot.waitSignal(task.succeeded) as succeeded:
        task.start(lambda _report: "next")
    assert succeeded.args == ["next"]
    task.start(hang)
    task.close()
    goes_on.set()


def test_a_closed_task_starts_nothing(task: Task) -> None:
    task.close()
    heard = Heard(task)
    task.start(lambda _report: "nothing")
    assert heard.events == []
    assert not task.is_running


def test_closing_a_task_waits_for_its_thread_and_drops_the_answer(qtbot: QtBot) -> None:
    task = Task("short")
    heard = Heard(task)
    task.start(lambda _report: "nobody waits for it")
    task.close()
    qtbot.wait(20)
    assert heard.of("succeeded", "ended") == []
