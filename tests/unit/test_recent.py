"""Recent files: newest first, each once, only those that can be read."""

import json
import os
import sys
from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.errors import FileNotSavedError
from inpaint_desktop.recent import MAX_RECENT, RecentFiles

needs_links = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")


@pytest.fixture
def recent(tmp_path: Path) -> RecentFiles:
    return RecentFiles(tmp_path / "state" / "recent.json")


@pytest.fixture
def tunes(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number}.abc" for number in range(MAX_RECENT + 3)]
    for path in made:
        path.touch()
    return made


def test_at_first_no_file_is_listed(recent: RecentFiles, caplog: pytest.LogCaptureFixture) -> None:
    assert recent.listed() == ()
    assert caplog.text == ""


def test_the_newest_file_stands_first_and_only_so_many_are_kept(recent: RecentFiles, tunes: list[Path]) -> None:
    for path in tunes:
        recent.add(path)
    assert recent.listed() == tuple(reversed(tunes))[:MAX_RECENT]


def test_a_file_that_is_opened_again_moves_to_the_front(recent: RecentFiles, tunes: list[Path]) -> None:
    for index in (0, 1, 2, 0):
        recent.add(tunes[index])
    assert recent.listed() == (tunes[0], tunes[2], tunes[1])


@needs_links
def test_a_file_is_listed_once_whatever_leads_to_it(recent: RecentFiles, tunes: list[Path]) -> None:
    link = tunes[0].with_name("link.abc")
    link.symlink_to(tunes[0])
    for path in (tunes[0], tunes[1], link):
        recent.add(path)
    assert recent.listed() == (link, tunes[1])
    recent.add(tunes[0])
    assert recent.listed() == (tunes[0], tunes[1])


def test_a_relative_name_is_kept_whole(recent: RecentFiles, tunes: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tunes[0].parent)
    recent.add(Path(tunes[0].name))
    assert recent.listed() == (tunes[0],)


def test_a_file_that_is_gone_is_not_listed_until_it_is_back(recent: RecentFiles, tunes: list[Path]) -> None:
    recent.add(tunes[0])
    recent.add(tunes[1])
    tunes[1].unlink()
    assert recent.listed() == (tunes[0],)
    recent.add(tunes[1])  # it may be named while it is gone, and still only once
    tunes[1].touch()
    assert recent.listed() == (tunes[1], tunes[0])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_not_listed(recent: RecentFiles, tunes: list[Path]) -> None:
    recent.add(tunes[0])
    tunes[0].chmod(0)
    assert recent.listed() == ()


def test_files_are_taken_out_of_the_list(recent: RecentFiles, tunes: list[Path]) -> None:
    for path in tunes[:3]:
        recent.add(path)
    recent.remove(tunes[1])
    assert recent.listed() == (tunes[2], tunes[0])
    recent.clear()
    assert recent.listed() == ()


def test_the_list_lies_in_the_users_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "state_folder", lambda: tmp_path / "state")
    (tmp_path / "a.abc").touch()
    RecentFiles().add(tmp_path / "a.abc")
    assert RecentFiles().listed() == (tmp_path / "a.abc",)
    assert json.loads((tmp_path / "state" / "recent.json").read_text()) == [str(tmp_path / "a.abc")]


@pytest.mark.parametrize("content", [b"", b"{}", b"7", b"\xff", b"[" * 100_000, b'[7, null, "", "a\\u0000b"]'])
def test_a_damaged_list_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "recent.json"
    path.write_bytes(content)
    recent = RecentFiles(path)
    assert recent.listed() == ()
    (tmp_path / "a.abc").touch()
    recent.add(tmp_path / "a.abc")
    assert recent.listed() == (tmp_path / "a.abc",)


def test_a_list_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recent = RecentFiles(tmp_path / "file" / "recent.json")
    with pytest.raises(FileNotSavedError, match=r"^The list of recent files could not be saved as .+: .+\.$"):
        recent.add(tmp_path / "a.abc")
