"""The program's folders, and writing a file whole or not at all."""

import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inpaint_desktop import paths

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")


def test_each_kind_of_file_has_a_folder_of_the_program() -> None:
    folders = [paths.config_folder(), paths.state_folder(), paths.cache_folder(), paths.log_folder()]
    assert all(paths.APP_NAME in folder.parts for folder in folders)


def test_a_checkout_has_its_resources_beside_the_package() -> None:
    assert (paths.resources_folder() / "tunes" / "soldiers-joy.abc").is_file()


def test_an_installed_program_carries_its_resources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_resources").mkdir()
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path)
    assert paths.resources_folder() == tmp_path / "_resources"


def test_a_file_gets_exactly_the_new_content(tmp_path: Path) -> None:
    path = tmp_path / "tune.abc"
    for content in (b"X:1\r\n\xff", b""):
        paths.replace_file(path, content)
        assert path.read_bytes() == content


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    paths.replace_file(tmp_path / "tune.abc", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "tune.abc"]


def test_a_failed_write_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "tune.abc").mkdir()
    with pytest.raises(OSError, match="tune"):
        paths.replace_file(tmp_path / "tune.abc", b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "tune.abc"]


def test_a_folder_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        paths.replace_file(tmp_path / "missing" / "tune.abc", b"new")


@needs_posix
@pytest.mark.parametrize("mode", [0o600, 0o644, 0o440])
def test_a_file_keeps_its_permissions(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "tune.abc"
    path.touch()
    path.chmod(mode)
    paths.replace_file(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@needs_posix
def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    paths.replace_file(tmp_path / "new", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


@needs_posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "tune.abc")
    paths.replace_file(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "tune.abc").read_bytes() == b"new"


FULL_DISK = """
import resource, sys
from pathlib import Path
from inpaint_desktop import paths
no_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, no_limit[1]))
try:
    paths.replace_file(Path(sys.argv[1]), b"n" * 2000)
finally:
    resource.setrlimit(resource.RLIMIT_FSIZE, no_limit)
"""


@needs_posix
def test_a_file_that_does_not_fit_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "tune.abc"
    path.write_bytes(b"old")
    finished = subprocess.run([sys.executable, "-c", FULL_DISK, path], capture_output=True, check=False)
    assert b"File too large" in finished.stderr
    assert (list(tmp_path.iterdir()), path.read_bytes()) == ([path], b"old")


WRITE_IN_TURN = """
import itertools, sys
from pathlib import Path
from inpaint_desktop import paths
for letter in itertools.cycle((b"o", b"n")):
    paths.replace_file(Path(sys.argv[1]), letter * 100_000)
"""


@needs_posix
@pytest.mark.parametrize("delay_s", [0.0, 0.01, 0.03])
def test_a_kill_while_writing_leaves_one_content_or_the_other(tmp_path: Path, delay_s: float) -> None:
    path = tmp_path / "tune.abc"
    writer = subprocess.Popen([sys.executable, "-c", WRITE_IN_TURN, path])
    while not path.exists():
        time.sleep(0.01)
    time.sleep(delay_s)
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    assert path.read_bytes() in {b"o" * 100_000, b"n" * 100_000}
