"""Crashes of real processes: what they leave behind, and what the next start says."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.crash_log import MAX_LOGS, CrashLog

# Coverage that is measured in a process that crashes leaves a broken file.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
PROGRAM = """
import faulthandler, os, signal, sys, threading
from pathlib import Path
from inpaint_desktop.crash_log import CrashLog
with CrashLog(Path(sys.argv[1])) as log:
    print(log.last_crash, flush=True)
    {}
"""
KILL = "os.kill(os.getpid(), signal.SIGKILL)"
CRASHES = ("faulthandler._sigsegv()", "os.abort()", KILL)
RAISE_IN_THREAD = "t = threading.Thread(target=lambda: 1 / 0, name='the worker'); t.start(); t.join()"

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")


def run(folder: Path, end: str) -> tuple[str, int]:
    """Run a program that ends like this; what it says of the run before, and its exit code."""
    command = [sys.executable, "-c", PROGRAM.format(end), str(folder)]
    environment = UNMEASURED if end in CRASHES else os.environ
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip(), done.returncode


def logs(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.glob("crash-*.log")))


@pytest.mark.parametrize("end", ["pass", "sys.exit(3)", "raise SystemExit", "raise KeyboardInterrupt"])
def test_an_orderly_end_leaves_nothing_behind(tmp_path: Path, end: str) -> None:
    run(tmp_path, end)
    assert list(tmp_path.iterdir()) == []
    assert run(tmp_path, "pass")[0] == "None"


@needs_posix
@pytest.mark.parametrize(
    ("end", "trace"),
    [
        ("faulthandler._sigsegv()", "Segmentation fault"),
        ("os.abort()", "Aborted"),
        ("raise ValueError('as planted')", "ValueError: as planted"),
    ],
)
def test_a_crash_leaves_a_log_and_the_next_start_says_so_once(tmp_path: Path, end: str, trace: str) -> None:
    _, code = run(tmp_path, end)
    assert code != 0
    assert trace in logs(tmp_path)
    assert "<module>" in logs(tmp_path)
    said, _ = run(tmp_path, "pass")
    assert said == f"The program crashed when it ran last; the details are in {next(tmp_path.glob('crash-*.log'))}."
    assert run(tmp_path, "pass")[0] == "None"
    assert trace in logs(tmp_path)  # still there for whoever helps


@needs_posix
def test_a_kill_leaves_no_trace_but_is_noticed(tmp_path: Path) -> None:
    run(tmp_path, KILL)
    assert run(tmp_path, "pass")[0].startswith("The program did not end in an orderly way when it ran last")
    assert run(tmp_path, "pass")[0] == "None"


def test_an_error_in_a_thread_is_logged_and_no_crash(tmp_path: Path) -> None:
    _, code = run(tmp_path, RAISE_IN_THREAD)
    assert code == 0
    assert "An error that nobody caught in the worker:" in logs(tmp_path)
    assert "ZeroDivisionError" in logs(tmp_path)
    assert run(tmp_path, "pass")[0] == "None"


def test_another_running_program_is_no_crash(tmp_path: Path) -> None:
    with CrashLog(tmp_path) as first:
        assert run(tmp_path, "pass")[0] == "None"
        assert first.last_crash is None


# In this process


def test_an_error_that_nobody_caught_is_logged_and_goes_on_to_whoever_listened_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(sys, "excepthook", lambda *raised: seen.append(raised[1]))
    error, interrupt = ValueError("as planted"), KeyboardInterrupt()
    with CrashLog(tmp_path):
        sys.excepthook(ValueError, error, None)
        sys.excepthook(KeyboardInterrupt, interrupt, None)
    assert seen == [error, interrupt]
    assert "An error that nobody caught:\nValueError: as planted" in logs(tmp_path)
    assert "KeyboardInterrupt" not in logs(tmp_path)


def test_an_error_of_a_thread_goes_on_to_whoever_listened_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda raised: seen.append(raised.exc_value))
    error, end = ValueError("as planted"), SystemExit()
    with CrashLog(tmp_path):
        threading.excepthook(threading.ExceptHookArgs((ValueError, error, None, None)))
        threading.excepthook(threading.ExceptHookArgs((SystemExit, end, None, None)))
    assert seen == [error, end]
    assert "An error that nobody caught in a thread:\nValueError: as planted" in logs(tmp_path)


def test_an_error_that_leaves_the_block_is_a_crash(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="as planted"), CrashLog(tmp_path):
        raise ValueError("as planted")
    assert "The program ended by an error:" in logs(tmp_path)
    assert len(list(tmp_path.glob("running-*"))) == 1


def test_the_hooks_are_those_from_before_afterwards(tmp_path: Path) -> None:
    before = sys.excepthook, threading.excepthook
    with CrashLog(tmp_path):
        assert (sys.excepthook, threading.excepthook) != before
    assert (sys.excepthook, threading.excepthook) == before


def test_a_marker_without_a_log_is_a_crash_too(tmp_path: Path) -> None:
    (tmp_path / "running-2020-01-01-00-00-00-1").touch()
    with CrashLog(tmp_path) as log:
        assert str(log.last_crash).startswith("The program did not end in an orderly way")


def test_only_the_newest_logs_are_kept(tmp_path: Path) -> None:
    names = [f"crash-2020-01-01-00-00-{number:02}-1.log" for number in range(MAX_LOGS + 2)]
    for name in names:
        (tmp_path / name).write_text("first line\ntrace\n")
    with CrashLog(tmp_path):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == names[2:]


def test_the_log_lies_in_the_users_log_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "log_folder", lambda: tmp_path / "logs")
    with CrashLog():
        assert {path.name.split("-")[0] for path in (tmp_path / "logs").iterdir()} == {"running", "crash"}


def test_without_a_place_for_a_log_the_program_runs_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    with CrashLog(tmp_path / "file" / "logs") as log:
        assert log.last_crash is None
    assert "Crashes cannot be logged" in caplog.text
    with pytest.raises(ValueError, match="as planted"), CrashLog(tmp_path / "file" / "logs"):
        raise ValueError("as planted")
