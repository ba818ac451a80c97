"""Locks between processes that end with the process."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from inpaint_desktop.file_lock import FileLock

HOLD = """
import sys, time
from pathlib import Path
from inpaint_desktop.file_lock import FileLock
assert FileLock.take(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_lock_is_held_once_and_can_be_taken_after_it_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = FileLock.take(path)
    assert first is not None
    assert FileLock.take(path) is None
    first.release()
    assert list(tmp_path.iterdir()) == []
    second = FileLock.take(path)
    assert second is not None
    second.release()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_lock_ends_with_the_process_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert FileLock.take(path) is None
        holder.send_signal(signal.SIGKILL)
    lock = FileLock.take(path)
    assert lock is not None
    lock.release()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock.take(tmp_path / "gone" / "lock")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a file that is open")
def test_a_lock_that_was_let_go_while_it_was_asked_for_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = tmp_path / "lock", os.open
    asked: list[object] = []

    def open_late(*arguments: object, **options: object) -> int:
        descriptor: int = before(*arguments, **options)  # type: ignore[arg-type]
        asked.append(arguments)
        if len(asked) < 3:
            path.unlink()
        if len(asked) == 2:
            path.write_bytes(b"")
        return descriptor

    monkeypatch.setattr(os, "open", open_late)
    lock = FileLock.take(path)
    assert (lock is not None, len(asked)) == (True, 3)
    assert FileLock.take(path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="the call has another name there")
def test_without_locks_in_the_file_system_everyone_may_hold_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    first, second = FileLock.take(tmp_path / "lock"), FileLock.take(tmp_path / "lock")
    assert first is not None
    assert second is not None
    first.release()
    second.release()
