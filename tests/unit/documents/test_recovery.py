"""Unsaved work after a crash: kept, offered once, declined, gone on with."""

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop import paths
from inpaint_desktop.documents.new_tune import new_tune
from inpaint_desktop.documents.opening import open_content
from inpaint_desktop.documents.recovery import RecoveryStore, Work
from inpaint_desktop.errors import FileNotSavedError
from inpaint_desktop.file_lock import FileLock
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import Meter

WORK = Work(b"X:1\r\nK:D\r\nD|\n", "reel.abc", ".abc", Path("/tunes/reel.abc"), "2", "The Reel")
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
KEEP_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from inpaint_desktop.documents.recovery import RecoveryStore, Work
store = RecoveryStore(Path(sys.argv[1]))
store.keep(Work(b"an older state", "a.abc", ".abc"))
store.keep(Work(sys.argv[2].encode(), "a.abc", ".abc", title=sys.argv[2]))
print("kept", flush=True)
time.sleep(60)
"""
KEEP_WITHOUT_END = """
import itertools, sys
from pathlib import Path
from inpaint_desktop.documents.recovery import RecoveryStore, Work
store = RecoveryStore(Path(sys.argv[1]))
print("begun", flush=True)
for letter in itertools.cycle((b"o", b"n")):
    store.keep(Work(letter * 100_000, "a.abc", ".abc"))
"""
needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecoveryStore]:
    store = RecoveryStore(tmp_path)
    yield store
    store.close()


def crashed(folder: Path, *works: Work) -> None:
    """Leave work behind, as programs do that crash: their locks are gone, their files are there."""
    for work in works:
        store = RecoveryStore(folder)
        store.keep(work)
        store.close()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def entry(folder: Path) -> Path:
    return next(folder.glob("*.work"))


# A process that is killed


@needs_posix
def test_the_work_of_a_killed_process_is_offered_as_it_was_last(tmp_path: Path, store: RecoveryStore) -> None:
    command = [sys.executable, "-c", KEEP_UNTIL_KILLED, str(tmp_path), "My Tune"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=UNMEASURED) as editor:
        assert editor.stdout is not None
        assert editor.stdout.readline() == b"kept\n"
        assert store.left_behind() == ()  # it is alive
        editor.send_signal(signal.SIGKILL)
    (recovered,) = store.left_behind()
    assert recovered.work == Work(b"My Tune", "a.abc", ".abc", title="My Tune")
    assert datetime.now(UTC) - recovered.kept_at < timedelta(minutes=5)


@needs_posix
def test_a_kill_at_any_moment_leaves_one_state_or_the_other_and_no_litter(tmp_path: Path) -> None:
    for _ in range(5):
        command = [sys.executable, "-c", KEEP_WITHOUT_END, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=UNMEASURED) as editor:
            assert editor.stdout is not None
            editor.stdout.readline()
            while not list(tmp_path.glob("*.work")):
                pass
            editor.send_signal(signal.SIGKILL)
        store = RecoveryStore(tmp_path)
        (recovered,) = store.left_behind()
        assert recovered.work.content in {b"o" * 100_000, b"n" * 100_000}
        store.decline(recovered)
        store.close()
        assert files(tmp_path) == []


# What is kept


@settings(max_examples=25)
@given(
    st.builds(
        Work,
        content=st.binary(),
        file_name=st.text(),
        suffix=st.text(),
        path=st.none() | st.just(Path("/caf\udce9/ü.abc")),
        tune=st.none() | st.text(),
        title=st.text(),
    )
)
def test_whatever_is_kept_is_offered_as_it_is(tmp_path_factory: pytest.TempPathFactory, work: Work) -> None:
    folder = tmp_path_factory.mktemp("recovery")
    crashed(folder, work)
    store = RecoveryStore(folder)
    assert [recovered.work for recovered in store.left_behind()] == [work]
    store.close()


def test_a_tune_that_was_never_saved_can_be_opened_again(tmp_path: Path, store: RecoveryStore) -> None:
    document = new_tune("Never saved", Meter(3, 4), KeySignature(-1), measures=2)
    crashed(tmp_path, Work.of(document))
    (recovered,) = store.left_behind()
    assert (recovered.work.path, recovered.work.title) == (None, "Never saved")
    assert open_content(recovered.work.content, recovered.work.file_name) == document


def test_work_is_kept_in_the_users_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "state_folder", lambda: tmp_path / "state")
    store = RecoveryStore()
    store.keep(WORK)
    assert len(list((tmp_path / "state" / "recovery").glob("*.work"))) == 1
    store.close()


def test_a_store_that_has_kept_nothing_makes_no_folder(tmp_path: Path) -> None:
    store = RecoveryStore(tmp_path / "none")
    assert store.left_behind() == ()
    store.forget()
    store.close()
    assert not (tmp_path / "none").exists()


def test_what_is_forgotten_is_not_offered(tmp_path: Path, store: RecoveryStore) -> None:
    other = RecoveryStore(tmp_path)
    other.keep(WORK)
    other.forget()
    assert files(tmp_path) == []
    other.close()
    assert store.left_behind() == ()


def test_after_forgetting_work_can_be_kept_again(tmp_path: Path, store: RecoveryStore) -> None:
    other = RecoveryStore(tmp_path)
    other.keep(WORK)
    other.forget()
    other.keep(replace(WORK, title="Again"))
    assert store.left_behind() == ()
    other.close()
    assert [recovered.work.title for recovered in store.left_behind()] == ["Again"]


def test_only_the_last_state_is_kept(tmp_path: Path, store: RecoveryStore) -> None:
    other = RecoveryStore(tmp_path)
    for title in "abc":
        other.keep(replace(WORK, title=title))
    other.close()
    assert [recovered.work.title for recovered in store.left_behind()] == ["c"]


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = RecoveryStore(tmp_path / "file" / "recovery")
    with pytest.raises(FileNotSavedError, match=r"^Unsaved work cannot be kept in .+ \(.+\); save the score often\.$"):
        store.keep(WORK)


# What is offered


def test_the_newest_work_stands_first(tmp_path: Path, store: RecoveryStore) -> None:
    crashed(tmp_path, *(replace(WORK, title=title) for title in "abc"))
    assert [recovered.work.title for recovered in store.left_behind()] == ["c", "b", "a"]


def test_work_is_offered_by_one_program_at_a_time(tmp_path: Path, store: RecoveryStore) -> None:
    crashed(tmp_path, WORK)
    other = RecoveryStore(tmp_path)
    assert len(store.left_behind()) == 1
    assert other.left_behind() == ()
    assert len(store.left_behind()) == 1
    store.close()
    assert len(other.left_behind()) == 1
    other.close()


def test_declined_work_is_gone_and_the_rest_is_there(tmp_path: Path, store: RecoveryStore) -> None:
    crashed(tmp_path, WORK, replace(WORK, title="Other"))
    other, first = store.left_behind()
    store.decline(first)
    store.close()
    assert [recovered.work.title for recovered in store.left_behind()] == [other.work.title]


def test_work_that_is_gone_on_with_is_kept_all_the_time(tmp_path: Path) -> None:
    crashed(tmp_path, WORK)
    store = RecoveryStore(tmp_path)
    store.keep(replace(WORK, title="What was open before"))
    (recovered,) = store.left_behind()
    store.adopt(recovered)
    store.adopt(recovered)
    assert len(list(tmp_path.glob("*.work"))) == 1
    store.close()  # a crash at once
    again = RecoveryStore(tmp_path)
    (recovered,) = again.left_behind()
    assert recovered.work == WORK
    again.adopt(recovered)
    again.keep(replace(WORK, title="Went on"))
    assert len(list(tmp_path.glob("*.work"))) == 1
    again.forget()
    again.close()
    assert files(tmp_path) == []


# What is damaged


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]\n",
        b"\xff\n",
        b"[" * 100_000,
        b'{"version": 1}\nX:1',
    ],
)
def test_damaged_work_is_passed_over_and_removed(
    tmp_path: Path, store: RecoveryStore, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    crashed(tmp_path, WORK)
    entry(tmp_path).write_bytes(content)
    crashed(tmp_path, replace(WORK, title="Sound"))
    assert [recovered.work.title for recovered in store.left_behind()] == ["Sound"]
    assert "Work that was left behind is damaged" in caplog.text
    assert len(list(tmp_path.glob("*.work"))) == 1


@pytest.mark.parametrize("change", [{"version": 2}, {"sha256": "0"}, {"kept_at": "soon"}, {"title": None}])
def test_work_is_offered_whole_or_not_at_all(tmp_path: Path, store: RecoveryStore, change: dict[str, object]) -> None:
    crashed(tmp_path, WORK)
    path = entry(tmp_path)
    head, content = path.read_bytes().split(b"\n", 1)
    path.write_bytes(json.dumps({**json.loads(head), **change}).encode() + b"\n" + content)
    assert len(store.left_behind()) == ("title" in change)


def test_a_changed_byte_is_noticed(tmp_path: Path, store: RecoveryStore, caplog: pytest.LogCaptureFixture) -> None:
    crashed(tmp_path, WORK)
    entry(tmp_path).write_bytes(entry(tmp_path).read_bytes()[:-1])
    assert store.left_behind() == ()
    assert "incomplete" in caplog.text
    assert files(tmp_path) == []


def test_what_a_crash_before_the_first_state_leaves_is_removed(tmp_path: Path, store: RecoveryStore) -> None:
    (tmp_path / "0123456789abcdef.lock").touch()
    (tmp_path / ".0123456789abcdef.work.1234.tmp").touch()
    (tmp_path / "something else").touch()
    assert store.left_behind() == ()
    assert files(tmp_path) == ["something else"]


def test_work_that_cannot_be_read_is_left_alone(
    tmp_path: Path, store: RecoveryStore, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "0123456789abcdef.work").mkdir()
    assert store.left_behind() == ()
    assert "cannot be read" in caplog.text


def test_work_that_cannot_be_locked_is_left_alone(
    tmp_path: Path, store: RecoveryStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    crashed(tmp_path, WORK)

    def refuse(_path: Path) -> FileLock:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(FileLock, "take", refuse)
    assert store.left_behind() == ()
    assert "Read-only" in caplog.text
