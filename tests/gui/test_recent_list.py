"""The recent files in the window: listed at once, checked and written beside it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.recent import MAX_RECENT, RecentFiles
from inpaint_desktop.ui.recent_list import RecentList


@pytest.fixture
def tunes(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"{number}.abc" for number in range(MAX_RECENT + 2)]
    for path in made:
        path.touch()
    return made


def test_what_was_listed_before_is_found_again(tunes: list[Path], qtbot: QtBot) -> None:
    RecentFiles().add(tunes[0])
    recent = RecentList()
    with qtbot.waitSignal(recent.changed):
        recent.look()
    assert recent.listed == (tunes[0],)
    recent.close()


def test_a_file_stands_first_at_once_and_no_more_than_so_many_do(tunes: list[Path]) -> None:
    recent = RecentList()
    for path in (*tunes, tunes[5]):
        recent.add(path)
    assert recent.listed[:2] == (tunes[5], tunes[-1])
    assert len(recent.listed) == MAX_RECENT
    recent.close()


def test_files_in_a_row_are_all_written_though_the_window_closes_at_once(tunes: list[Path]) -> None:
    recent = RecentList()
    for path in tunes[:3]:
        recent.add(path)
    recent.close()
    assert RecentFiles().listed() == tuple(reversed(tunes[:3]))


def test_a_file_that_is_gone_is_listed_no_longer(tunes: list[Path], qtbot: QtBot) -> None:
    recent = RecentList()
    with qtbot.waitSignals([recent.changed, recent.changed]):
        recent.add(tunes[0].with_name("gone.abc"))
    assert recent.listed == ()
    recent.close()


def test_without_a_place_for_the_list_files_are_listed_all_the_same(tunes: list[Path]) -> None:
    folder = paths.state_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()
    recent = RecentList()
    recent.add(tunes[0])
    recent.close()
    assert recent.listed == (tunes[0],)
