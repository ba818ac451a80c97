import os
import subprocess
import sys
from pathlib import Path

import pytest

from inpaint_desktop.documents.saving import save
from inpaint_desktop.errors import FileNotSavedError

# Coverage that is measured in a process without room, or in one that is killed, leaves a broken file.
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
OLD = b"X:1\nK:D\nD|\n"
SAVE_WITH_LITTLE_ROOM = """
import resource, signal, sys
from pathlib import Path
from inpaint_desktop.documents.saving import save
from inpaint_desktop.errors import FileNotSavedError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    save(b"new" * 10_000, Path(sys.argv[1]))
except FileNotSavedError as error:
    print(error)
"""


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "tune.abc"
    path.write_bytes(OLD)
    return path


def test_the_file_holds_what_was_saved_and_nothing_is_left_beside_it(tune: Path) -> None:
    save(b"new\r\n", tune)
    assert tune.read_bytes() == b"new\r\n"
    assert [path.name for path in tune.parent.iterdir()] == ["tune.abc"]


def test_a_new_file_is_made(tmp_path: Path) -> None:
    save(b"new", tmp_path / "other.abc")
    assert (tmp_path / "other.abc").read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_named_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotSavedError, match=r"^tune\.abc could not be saved \(.+\); .+\.$"):
        save(b"new", tmp_path / "gone" / "tune.abc")


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_links_in_a_circle_are_refused_in_a_sentence(tmp_path: Path) -> None:
    link = tmp_path / "link.abc"
    link.symlink_to(link)
    with pytest.raises(FileNotSavedError, match=r"^link\.abc could not be saved"):
        save(b"new", link)


def test_a_folder_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "tune.abc").mkdir()
    with pytest.raises(FileNotSavedError):
        save(b"new", tmp_path / "tune.abc")
    assert [path.name for path in tmp_path.iterdir()] == ["tune.abc"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_keeps_the_old_file(tune: Path) -> None:
    tune.parent.chmod(0o500)
    try:
        with pytest.raises(FileNotSavedError):
            save(b"new", tune)
    finally:
        tune.parent.chmod(0o700)
    assert tune.read_bytes() == OLD


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit the size of files")
def test_a_disk_that_fills_up_keeps_the_old_file(tune: Path) -> None:
    command = [sys.executable, "-c", SAVE_WITH_LITTLE_ROOM, str(tune)]
    done = subprocess.run(command, env=UNMEASURED, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tune.abc could not be saved (")
    assert tune.read_bytes() == OLD
    assert [path.name for path in tune.parent.iterdir()] == ["tune.abc"]
