"""The log takes what a person need not read, and its absence stops nothing."""

import logging
import warnings
from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.logs import LOG_NAME, MAX_BYTES, logging_to_file

logger = logging.getLogger("inpaint_desktop.test")
pytestmark = pytest.mark.usefixtures("own_folders")


def test_warnings_and_errors_with_their_traceback_are_kept() -> None:
    with logging_to_file() as path:
        logger.warning("A setting is left out.")
        logger.error("It failed.", exc_info=LookupError("planted"))
    assert path is not None
    text = path.read_text(encoding="utf-8")
    assert "A setting is left out." in text
    assert "LookupError: planted" in text


def test_nothing_reaches_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    with logging_to_file():
        logger.error("Not for the screen.")
    assert capfd.readouterr() == ("", "")


@pytest.mark.filterwarnings("default")
def test_warnings_of_libraries_are_kept_too() -> None:
    with logging_to_file() as path:
        warnings.warn("something is old", stacklevel=1)
    assert path is not None
    assert "something is old" in path.read_text(encoding="utf-8")


def test_a_log_goes_on_where_the_last_one_ended(own_folders: Path) -> None:
    for word in ("first", "second"):
        with logging_to_file():
            logger.warning(word)
    assert len((own_folders / LOG_NAME).read_text(encoding="utf-8").splitlines()) == 2


def test_a_long_log_is_begun_anew(own_folders: Path) -> None:
    own_folders.mkdir(parents=True)
    (own_folders / LOG_NAME).write_bytes(b"x" * (MAX_BYTES + 1))
    with logging_to_file():
        logger.warning("new")
    assert (own_folders / LOG_NAME).stat().st_size < 200


def test_without_a_log_the_program_runs_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(paths, "log_folder", lambda: tmp_path / "file" / "log")
    with logging_to_file() as path:
        logger.error("Nowhere to go.")
    assert path is None
    assert capfd.readouterr().err == ""


def test_logging_is_as_before_afterwards() -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    with logging_to_file():
        assert root.handlers != before
    assert root.handlers == before
    assert logging.raiseExceptions
