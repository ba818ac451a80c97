"""Files that other programs change: noticed by what they hold, not by their date."""

import os
from pathlib import Path

import pytest

from inpaint_desktop.documents.saving import save
from inpaint_desktop.documents.watching import FileStamp

OLD = b"X:1\nK:D\nDEF|\n"


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "tune.abc"
    path.write_bytes(OLD)
    return path


def stamp_of(path: Path) -> FileStamp:
    stamp = FileStamp.of(path)
    assert stamp is not None
    return stamp


def test_a_file_that_nobody_touched_is_the_same(tune: Path) -> None:
    assert stamp_of(tune).still_holds(tune)
    assert stamp_of(tune) == stamp_of(tune)


def test_another_content_is_noticed(tune: Path) -> None:
    stamp = stamp_of(tune)
    tune.write_bytes(OLD + b"% more")
    assert not stamp.still_holds(tune)


@pytest.mark.parametrize("older_s", [1, 10**8])
def test_a_file_in_its_place_with_an_older_date_is_noticed(tune: Path, older_s: int) -> None:
    stamp = stamp_of(tune)
    other = tune.with_name("other.abc")
    other.write_bytes(OLD.replace(b"D", b"G"))
    date_ns = stamp.mtime_ns - older_s * 10**9
    os.utime(other, ns=(date_ns, date_ns))
    other.replace(tune)
    assert not stamp.still_holds(tune)


def test_another_file_of_the_same_size_and_date_is_noticed(tune: Path) -> None:
    stamp = stamp_of(tune)
    save(OLD.replace(b"D", b"G"), tune)
    os.utime(tune, ns=(stamp.mtime_ns, stamp.mtime_ns))
    assert not stamp.still_holds(tune)


def test_the_same_content_with_another_date_is_no_change(tune: Path) -> None:
    stamp = stamp_of(tune)
    save(OLD, tune)
    os.utime(tune, ns=(1, 1))
    assert stamp.still_holds(tune)


def test_a_file_that_is_gone_has_no_stamp(tune: Path) -> None:
    stamp = stamp_of(tune)
    tune.unlink()
    assert FileStamp.of(tune) is None
    assert not stamp.still_holds(tune)


def test_a_name_that_cannot_be_has_no_stamp(tune: Path) -> None:
    assert FileStamp.of(Path("a\0b")) is None
    assert not stamp_of(tune).still_holds(Path("a\0b"))


def test_a_file_is_followed_through_a_link(tune: Path) -> None:
    link = tune.with_name("link.abc")
    try:
        link.symlink_to(tune)
    except OSError:
        pytest.skip("links need a privilege on Windows")
    stamp = stamp_of(link)
    assert stamp == stamp_of(tune)
    tune.write_bytes(b"new")
    assert not stamp.still_holds(link)


def test_what_was_written_has_the_same_stamp_without_being_read(tune: Path) -> None:
    assert FileStamp.of_written(OLD, tune) == stamp_of(tune)
    tune.chmod(0)
    assert FileStamp.of_written(OLD, tune) is not None


def test_what_another_program_wrote_meanwhile_is_not_taken_for_ones_own(tune: Path) -> None:
    stamp = FileStamp.of_written(OLD + b"% mine", tune)
    assert stamp is not None
    assert not stamp.still_holds(tune)


def test_what_was_written_and_is_gone_has_no_stamp(tune: Path) -> None:
    assert FileStamp.of_written(OLD, tune.with_name("gone.abc")) is None
