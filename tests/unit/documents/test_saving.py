import os
import random
import signal
import subprocess
import sys
import tempfile
import time
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
SAVE_IN_TURN = """
import itertools, sys
from pathlib import Path
from inpaint_desktop.documents.saving import save
print("begun", flush=True)
for letter in itertools.cycle((b"o", b"n")):
    save(letter * 300_000, Path(sys.argv[1]))
"""
SAVE_WITH_ROOM_FOR = """
import resource, signal, sys
from pathlib import Path
from inpaint_desktop.documents.saving import save
from inpaint_desktop.errors import FileNotSavedError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for room in range(0, 40):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    before = Path(sys.argv[1]).read_bytes()
    content = bytes(65 + room % 26 for _ in range(20))
    try:
        save(content, Path(sys.argv[1]))
        assert room >= 20 and Path(sys.argv[1]).read_bytes() == content, room
    except FileNotSavedError:
        assert room < 20 and Path(sys.argv[1]).read_bytes() == before, room
"""
SAVE_AS_NOBODY = """
import os, sys
from pathlib import Path
from inpaint_desktop.documents.saving import save
from inpaint_desktop.errors import FileNotSavedError
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    save(b"new", Path(sys.argv[1]))
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


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
@pytest.mark.parametrize("folder_mode", [0o555, 0o500, 0o000])
def test_a_read_only_folder_keeps_the_old_file(folder_mode: int) -> None:
    # A folder of the test's own is closed to others, so that they would fail for another reason.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "read-only"
        folder.mkdir()
        tune = folder / "tune.abc"
        tune.write_bytes(OLD)
        tune.chmod(0o666)
        folder.chmod(folder_mode)
        command = [sys.executable, "-c", SAVE_AS_NOBODY, str(tune)]
        done = subprocess.run(command, env=UNMEASURED, capture_output=True, text=True, check=True)
        folder.chmod(0o755)
        assert done.stdout == (
            "tune.abc could not be saved (Permission denied); free some space or save it in another folder.\n"
        )
        assert [path.name for path in folder.iterdir()] == ["tune.abc"]
        assert tune.read_bytes() == OLD


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit the size of files")
def test_a_disk_that_fills_up_keeps_the_old_file(tune: Path) -> None:
    command = [sys.executable, "-c", SAVE_WITH_LITTLE_ROOM, str(tune)]
    done = subprocess.run(command, env=UNMEASURED, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tune.abc could not be saved (")
    assert tune.read_bytes() == OLD
    assert [path.name for path in tune.parent.iterdir()] == ["tune.abc"]


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot limit the size of files")
def test_whatever_room_is_left_the_file_is_the_old_one_or_the_new_one(tune: Path) -> None:
    command = [sys.executable, "-c", SAVE_WITH_ROOM_FOR, str(tune)]
    subprocess.run(command, env=UNMEASURED, check=True)
    assert [path.name for path in tune.parent.iterdir()] == ["tune.abc"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_killed_again_and_again_while_saving_the_file_is_one_or_the_other(tune: Path) -> None:
    dice = random.Random(1)
    possible = {OLD, b"o" * 300_000, b"n" * 300_000}
    for _ in range(12):
        command = [sys.executable, "-c", SAVE_IN_TURN, str(tune)]
        with subprocess.Popen(command, env=UNMEASURED, stdout=subprocess.PIPE) as saver:
            assert saver.stdout is not None
            saver.stdout.readline()
            time.sleep(dice.random() * 0.03)  # any moment will do
            saver.send_signal(signal.SIGKILL)
        assert tune.read_bytes() in possible
