"""What the program promises, tried with the real program in processes of its own, without a screen."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from inpaint_desktop import paths
from tests.integration.program import Program, program

pytestmark = [
    pytest.mark.usefixtures("own_folders"),
    pytest.mark.skipif(sys.platform == "win32", reason="it kills and limits processes as Unix does"),
]

TUNES = paths.resources_folder() / "tunes"
HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME")


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """A tune that may be changed."""
    path = tmp_path / "tunes" / "tune.abc"
    path.parent.mkdir()
    path.write_bytes((TUNES / "soldiers-joy.abc").read_bytes())
    return path


quick = pytest.mark.usefixtures("without_model")


def kept() -> list[Path]:
    """The files of unsaved work."""
    return list((paths.state_folder() / "recovery").glob("*.work"))


def edited(running: Program, measure: int = 1) -> str:
    """Edit the open score, and wait until that is kept; return what the score is now."""
    before = {path.read_bytes() for path in kept()}
    running.ask(f"edit({measure})")
    text = running.ask("editor.document.to_bytes().decode()")
    running.wait_until("window.session.recovering._keeping.is_running or window.session.recovering._kept is not None")
    running.wait_until("not window.session.recovering._keeping.is_running")
    assert {path.read_bytes() for path in kept()} != before
    return str(text)


# No work is lost


@quick
def test_work_is_offered_back_after_a_kill_and_goes_on_being_kept(tune: Path) -> None:
    folder = str(paths.state_folder() / "recovery")
    with program(tune) as first:
        first.wait_until("editor.document is not None")
        text = edited(first)
        first.kill()
    assert [path.name for path in tune.parent.iterdir()] == ["tune.abc"]  # nothing lies beside the file
    with program() as second:
        second.wait_for_sentence("The program ended before Soldier's Joy was saved")
        second.ask("window.workspace.messages.bars[-1].choose('Res&tore')")
        second.wait_until("editor.document is not None")
        assert second.ask("editor.document.to_bytes().decode()") == text
        assert second.ask("[str(editor.path), editor.is_modified]") == [str(tune), True]
        second.kill()
    with program() as third:  # nothing was done with it, and it is still there
        third.wait_for_sentence("The program ended before Soldier's Joy was saved")
        third.ask("window.workspace.messages.bars[-1].choose('Res&tore')")
        third.wait_until("editor.document is not None")
        third.ask("window.actions_['save'].trigger()")
        third.wait_until(f"not list(Path({folder!r}).glob('*.work'))")
    assert tune.read_bytes() == text.encode()


@quick
def test_a_tune_that_was_never_saved_is_offered_back_and_declining_deletes_it() -> None:
    folder = str(paths.state_folder() / "recovery")
    with program() as first:
        first.ask("window.show_new(new_tune('Never saved', Meter(4, 4), KeySignature(1)))")
        edited(first, 0)
        first.kill()
    with program() as second:
        second.wait_for_sentence("Never saved")
        second.ask("window.workspace.messages.bars[-1].choose('&Discard')")
        second.wait_until(f"not list(Path({folder!r}).glob('*.work'))")
        second.quit()
    with program() as third:
        third.wait_until("not window.session.recovering._looking.is_running")
        assert third.sentences == []


# Saving is all or nothing


@quick
def test_on_a_full_disk_the_file_stays_the_score_stays_open_and_is_saved_once_there_is_room(tune: Path) -> None:
    old = tune.read_bytes()
    with program(tune, before="import resource") as running:
        running.wait_until("editor.document is not None")
        text = edited(running)
        limits = "resource.RLIMIT_FSIZE, ({}, resource.getrlimit(resource.RLIMIT_FSIZE)[1])"
        running.ask(f"resource.setrlimit({limits.format(100)})")
        running.ask("window.actions_['save'].trigger()")
        running.wait_for_sentence("tune.abc could not be saved")
        assert tune.read_bytes() == old
        assert [path.name for path in tune.parent.iterdir()] == ["tune.abc"]
        assert running.ask("[window.isWindowModified(), editor.document.to_bytes().decode()]") == [True, text]
        running.ask(f"resource.setrlimit({limits.format('resource.RLIM_INFINITY')})")
        running.ask("window.actions_['save'].trigger()")
        running.wait_until("not window.isWindowModified()")
    assert tune.read_bytes() == text.encode()


@quick
def test_a_window_that_is_killed_while_it_saves_leaves_the_old_file_or_the_new_one(tune: Path) -> None:
    states = {tune.read_bytes()}
    stack = "editor.undo_stack"
    saving_without_end = (
        f"[window.files.used.connect(lambda _path: {stack}.undo() if {stack}.canUndo() else {stack}.redo()),"
        " window.files.used.connect(lambda _path: window.files.save_to(editor.path)),"
        " window.files.save_to(editor.path)] and None"
    )
    with program(tune) as running:
        running.wait_until("editor.document is not None")
        states.add(edited(running).encode())
        running.tell(saving_without_end)
        seen: set[bytes] = set()
        while seen < states:  # until it is in the middle of it
            seen.add(tune.read_bytes())
            assert seen <= states
        running.kill()
    assert tune.read_bytes() in states


# The program starts without ...


@quick
def test_without_audio_the_window_says_so_once_and_the_cursor_runs(tune: Path) -> None:
    with program(tune, environment={"SDL_AUDIODRIVER": "there is none"}) as running:
        running.wait_until("editor.document is not None")
        running.ask("window.session.transport.told.connect(window.workspace.messages.say)")
        running.ask("QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)")
        said = running.wait_until("window.workspace.messages.sentences")
        running.wait_until("window.session.transport.place and window.session.transport.place[0] > 0")
        assert len(said) == 1
        assert running.ask("window.session.transport.is_playing")
        edited(running)
        running.ask("window.actions_['save'].trigger()")
        running.wait_until("not window.isWindowModified()")
        running.quit()


@pytest.fixture
def bare_program(tmp_path: Path) -> Path:
    """A copy of the program that has no weights."""
    package = paths.resources_folder().parent / "inpaint_desktop"
    copy = tmp_path / "program"
    shutil.copytree(package, copy / "inpaint_desktop", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "resources" / "models").mkdir(parents=True)
    for name in ("icons", "soundfont", "tunes"):
        (copy / "resources" / name).symlink_to(paths.resources_folder() / name)
    return copy


def test_without_weights_asking_for_takes_says_so_and_all_else_works(bare_program: Path, tune: Path) -> None:
    before = f"sys.path.insert(0, {str(bare_program)!r})"
    with program(tune, before=before) as running:
        running.wait_until("editor.document is not None")
        assert running.ask("sys.modules['inpaint_desktop'].__file__").startswith(str(bare_program))
        running.ask("[editor.select(1, 2), window.actions_['regenerate'].trigger()]")
        running.wait_until("'There is no model' in window.gallery.sentence.text()")
        assert running.ask("window.gallery.sentence.text()").endswith("install the program again.")
        text = edited(running)
        running.ask("window.actions_['save'].trigger()")
        running.wait_until("not window.isWindowModified()")
    assert tune.read_bytes() == text.encode()


@contextmanager
def read_only_home(tmp_path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """A home in which nothing can be written; root, who may write anywhere, has to give that up."""
    home = tmp_path / "home"
    home.mkdir(mode=0o555)
    is_root = os.geteuid() == 0
    if is_root and shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and setpriv is not here to change that")
    yield home, ("setpriv", "--bounding-set", "-dac_override") if is_root else ()
    home.chmod(0o755)


@contextmanager
def file_in_place_of_home(tmp_path: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """A home that is no folder."""
    (tmp_path / "home").touch()
    yield tmp_path / "home", ()


@pytest.mark.parametrize("make_home", [read_only_home, file_in_place_of_home])
def test_without_a_place_for_settings_the_program_works_and_says_what_it_cannot_keep(
    tmp_path: Path, make_home: Callable[[Path], AbstractContextManager[tuple[Path, tuple[str, ...]]]]
) -> None:
    with make_home(tmp_path) as (home, wrapper):
        environment = {name: str(home) for name in HOMES}
        with program(TUNES / "soldiers-joy.abc", environment=environment, wrapper=wrapper) as running:
            running.wait_until("editor.document is not None")
            running.ask("edit(1)")
            running.wait_for_sentence("Unsaved work cannot be kept")
            running.ask("window.actions_['undo'].trigger()")
            assert not running.ask("editor.is_modified")
            running.quit("window.close_without_asking()")
        assert home.is_file() or not list(home.iterdir())


# The end


@quick
def test_a_thread_that_never_ends_does_not_crash_the_program_when_it_closes() -> None:
    begin = "setattr(window, 'numbers', __import__('torch').ones(10**6))"
    endless = "all(window.numbers.half().float() is not None for _ in iter(int, 1))"
    before = "import inpaint_desktop.ui.tasks; inpaint_desktop.ui.tasks.CLOSING_TIMEOUT_S = 0.0"
    with program(before=before) as running:
        running.ask(f"window.session.exporter._task.start(lambda _report: [{begin}, {endless}])")
        running.wait_until("hasattr(window, 'numbers')")
        running.quit()


# Any screen


@quick
def test_on_a_screen_of_one_and_a_half_the_staff_has_its_pixels() -> None:
    with program(TUNES / "soldiers-joy.abc", environment={"QT_SCALE_FACTOR": "1.5"}) as running:
        running.wait_until("editor.document is not None and window.staff.is_up_to_date and window.staff.drawn_pages")
        assert running.ask("window.devicePixelRatioF()") == 1.5
        widths = "[(one.image.width(), one.page.width * window.staff.zoom * 1.5) for one in {}.values()]"
        pages = running.ask(widths.format("window.staff._images._images"))
        assert [pixels - 1 < width <= pixels for pixels, width in pages] == [True] * len(pages)
        grabbed = running.ask("window.staff.viewport().grab().width() / window.staff.viewport().width()")
        assert 1.49 < grabbed < 1.51
