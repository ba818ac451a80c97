"""The child process: values, errors, limits, and what remains after a death. Every child here is a real one."""

import math
import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from inpaint_desktop.errors import ChildDiedError, ChildError, ChildTimeoutError, MeasureLengthError, ScoreError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import Pitch

LIMIT_S = 60.0  # far more than anything here takes, so that a slow machine fails no test

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    with ChildProcess() as child:
        yield child


@pytest.fixture
def others() -> set[int]:
    """The children that other tests share and leave running."""
    return children()


def children() -> set[int]:
    return {process.pid or 0 for process in multiprocessing.active_children()}


def pid_of(child: ChildProcess) -> int:
    return child.call(operator.call, os.getpid, time_limit_s=LIMIT_S)


def test_a_function_is_run_in_another_process(child: ChildProcess) -> None:
    assert pid_of(child) != os.getpid()


def test_a_value_comes_back_equal(child: ChildProcess) -> None:
    assert child.call(Pitch.parse, "F#4", time_limit_s=LIMIT_S) == Pitch("F", 1, 4)


def test_a_function_can_be_given_by_name(child: ChildProcess) -> None:
    assert child.call("math:sqrt", 9.0, time_limit_s=LIMIT_S) == 3.0


def test_the_same_child_answers_again(child: ChildProcess) -> None:
    assert pid_of(child) == pid_of(child)


def test_nothing_is_started_before_the_first_call(others: set[int]) -> None:
    with ChildProcess():
        assert children() == others


def test_no_process_remains_after_closing(others: set[int], child: ChildProcess) -> None:
    pid_of(child)
    child.close()
    assert children() == others


def test_closing_twice_is_no_error(child: ChildProcess) -> None:
    pid_of(child)
    child.close()
    child.close()


def test_a_closed_child_starts_again_when_it_is_needed(child: ChildProcess) -> None:
    first = pid_of(child)
    child.close()
    assert pid_of(child) != first


def test_an_error_of_the_program_comes_back_as_itself(child: ChildProcess) -> None:
    with pytest.raises(ScoreError, match=r"^'H' is not the name of a pitch"):
        child.call(Pitch.parse, "H", time_limit_s=LIMIT_S)


def test_an_error_whose_constructor_takes_facts_keeps_them(child: ChildProcess) -> None:
    measure = Measure.of_rest(Meter(4, 4), KeySignature(0), "5")
    with pytest.raises(MeasureLengthError, match=r"^The notes of measure 5 last 0 ticks") as caught:
        child.call(operator.call, partial(measure.with_notes, ()), time_limit_s=LIMIT_S)
    assert (caught.value.number, caught.value.found, caught.value.expected) == ("5", 0, 40320)


def test_an_error_does_not_end_the_child(child: ChildProcess) -> None:
    before = pid_of(child)
    with pytest.raises(ScoreError):
        child.call(Pitch.parse, "H", time_limit_s=LIMIT_S)
    assert pid_of(child) == before


def test_a_foreign_error_becomes_a_sentence_and_a_trace_in_the_log(
    child: ChildProcess, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ChildError, match=r"unexpected error \(ValueError: math domain error\)\.$"):
        child.call(math.sqrt, -1.0, time_limit_s=LIMIT_S)
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("name", ["no_such_module:function", "math:no_such_function"])
def test_a_function_that_does_not_exist_is_an_error(child: ChildProcess, name: str) -> None:
    with pytest.raises(ChildError, match="no_such"):
        child.call(name, None, time_limit_s=LIMIT_S)


def test_a_value_that_cannot_travel_is_an_error(child: ChildProcess) -> None:
    with pytest.raises(ChildError, match="lock"):
        child.call(operator.call, threading.Lock, time_limit_s=LIMIT_S)
    assert child.call(abs, -3, time_limit_s=LIMIT_S) == 3


@pytest.mark.parametrize("limit_s", [0.0, 0.3])
def test_what_takes_too_long_is_ended(others: set[int], child: ChildProcess, limit_s: float) -> None:
    with pytest.raises(ChildTimeoutError, match=f"longer than {limit_s:g} seconds"):
        child.call(time.sleep, 600.0, time_limit_s=limit_s)
    assert children() == others


def test_a_child_that_ends_by_itself_has_died(child: ChildProcess) -> None:
    with pytest.raises(ChildDiedError):
        child.call("os:_exit", 3, time_limit_s=LIMIT_S)


@needs_posix
def test_a_crash_is_an_error_and_no_crash_of_the_caller(child: ChildProcess) -> None:
    with pytest.raises(ChildDiedError):
        child.call(signal.raise_signal, signal.SIGSEGV, time_limit_s=LIMIT_S)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its address space")
def test_a_child_that_wants_too_much_memory_has_died() -> None:
    with ChildProcess(memory_limit_bytes=512 * 1024**2) as child:
        with pytest.raises(ChildDiedError, match="ran out of memory"):
            child.call(bytearray, 1024**3, time_limit_s=LIMIT_S)
        assert len(child.call(bytearray, 1024**2, time_limit_s=LIMIT_S)) == 1024**2


def test_a_dead_child_is_replaced(child: ChildProcess) -> None:
    with pytest.raises(ChildDiedError):
        child.call("os:_exit", 3, time_limit_s=LIMIT_S)
    assert child.call(abs, -3, time_limit_s=LIMIT_S) == 3


@needs_posix
def test_a_child_that_died_while_idle_is_replaced(child: ChildProcess) -> None:
    pid = pid_of(child)
    os.kill(pid, signal.SIGKILL)
    while pid in children():
        time.sleep(0.01)
    assert pid_of(child) != pid


def test_warming_up_imports_a_module_ahead_of_the_call(child: ChildProcess) -> None:
    child.warm_up("wave")
    assert child.call("sys:modules.__contains__", "wave", time_limit_s=LIMIT_S) is True


def test_a_warm_up_that_fails_leaves_no_answer_behind(child: ChildProcess) -> None:
    child.warm_up("no_such_module")
    assert child.call(abs, -3, time_limit_s=LIMIT_S) == 3


def test_threads_take_turns_and_each_gets_its_own_answer(child: ChildProcess) -> None:
    answers: dict[int, int] = {}

    def ask(number: int) -> None:
        answers[number] = child.call(abs, -number, time_limit_s=LIMIT_S)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number for number in range(8)}


def test_closing_ends_a_call_that_is_under_way(child: ChildProcess) -> None:
    ended: list[BaseException] = []

    def ask() -> None:
        try:
            child.call(time.sleep, 600.0, time_limit_s=LIMIT_S)
        except ChildDiedError as error:
            ended.append(error)

    pid_of(child)
    thread = threading.Thread(target=ask)
    thread.start()
    while not child._lock.locked():
        time.sleep(0.01)
    child.close()
    thread.join()
    assert len(ended) == 1


@pytest.fixture
def ctrl_c_interrupts() -> Iterator[None]:
    """As in a terminal; a shell that starts something in the background lets it ignore Ctrl+C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@needs_posix
@pytest.mark.usefixtures("ctrl_c_interrupts")
def test_ctrl_c_ends_the_child_and_its_late_answer_is_not_taken_for_the_next(child: ChildProcess) -> None:
    pid_of(child)
    main_thread = threading.main_thread().ident
    assert main_thread is not None
    was_heard = threading.Event()

    def press() -> None:
        pause_s = 0.2
        while not was_heard.wait(pause_s):
            signal.pthread_kill(main_thread, signal.SIGINT)
            pause_s = 5.0  # one that comes right before the main thread waits is only noticed after the waiting

    threading.Thread(target=press, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        child.call(time.sleep, 600.0, time_limit_s=LIMIT_S)
    was_heard.set()
    assert child.call(abs, -3, time_limit_s=LIMIT_S) == 3


def test_the_child_leaves_ctrl_c_to_the_parent(child: ChildProcess) -> None:
    assert child.call(signal.getsignal, signal.SIGINT, time_limit_s=LIMIT_S) is signal.SIG_IGN


def test_the_child_has_nothing_to_read(child: ChildProcess) -> None:
    assert child.call("sys:stdin.read", -1, time_limit_s=LIMIT_S) == ""


def test_what_the_child_prints_is_seen_by_nobody(child: ChildProcess, capfd: pytest.CaptureFixture[str]) -> None:
    child.call(print, "noise", time_limit_s=LIMIT_S)
    child.call("sys:stderr.write", "noise", time_limit_s=LIMIT_S)
    child.close()
    assert capfd.readouterr() == ("", "")


SCRIPT = """
import sys, threading, time, os, operator, signal
from inpaint_desktop.isolation import ChildProcess
print("main", flush=True)
if __name__ == "__main__":
    child = ChildProcess()
    print(child.call(operator.call, os.getpid, time_limit_s=60), flush=True)
    threading.Thread(target=child.call, args=(time.sleep, 600), kwargs={"time_limit_s": 600}, daemon=True).start()
    time.sleep(0.2)
    {end}
"""


def run_script(folder: Path, end: str) -> list[str]:
    script = folder / "script.py"
    script.write_text(SCRIPT.replace("{end}", end))
    finished = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    return finished.stdout.split()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return not Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].startswith(" Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("end", ["sys.exit()", "os.kill(os.getpid(), signal.SIGKILL)"])
def test_a_busy_child_does_not_outlive_its_parent(tmp_path: Path, end: str) -> None:
    pid = int(run_script(tmp_path, end)[1])
    while is_running(pid):
        time.sleep(0.01)


def test_the_child_does_not_import_what_the_parent_runs(tmp_path: Path) -> None:
    assert run_script(tmp_path, "sys.exit()").count("main") == 1


WITHOUT_FREE_DESCRIPTORS = """
import resource
from inpaint_desktop.errors import ChildError
from inpaint_desktop.isolation import ChildProcess
limits = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
try:
    ChildProcess().call(abs, -3, time_limit_s=60)
except ChildError as error:
    print(error)
finally:
    resource.setrlimit(resource.RLIMIT_NOFILE, limits)
"""


@needs_posix
def test_a_child_that_cannot_be_started_is_an_error_that_says_what_to_do() -> None:
    arguments = [sys.executable, "-c", WITHOUT_FREE_DESCRIPTORS]
    finished = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert finished.stdout.startswith("The helper process could not be started (")
    assert "Close other programs and try again." in finished.stdout


def test_children_that_start_at_the_same_time_leave_the_main_module_alone() -> None:
    main_module = sys.modules["__main__"]
    children = [ChildProcess() for _ in range(6)]
    threads = [threading.Thread(target=child.warm_up, args=("math",)) for child in children]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for child in children:
        child.close()
    assert sys.modules["__main__"] is main_module
