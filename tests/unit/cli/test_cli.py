"""How a command ends: exit codes, and one sentence where it fails."""

import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from inpaint_desktop.cli import info, main
from inpaint_desktop.errors import Cancelled

pytestmark = pytest.mark.usefixtures("own_folders")
Capture = pytest.CaptureFixture[str]


def let_info(monkeypatch: pytest.MonkeyPatch, run: Callable[[Namespace], None]) -> None:
    """Let ``info`` do something else."""
    monkeypatch.setattr(info, "run", run)


def raising(error: BaseException) -> Callable[[Namespace], None]:
    def run(_options: Namespace) -> None:
        raise error

    return run


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled()], ids=["Ctrl+C", "cancelled"])
def test_who_calls_it_off_gets_130_and_no_words(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, error: BaseException
) -> None:
    let_info(monkeypatch, raising(error))
    assert main(["info", "tune.abc"]) == 130
    assert capsys.readouterr() == ("", "")


def test_an_unexpected_error_is_one_sentence_that_says_where_the_details_are(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, own_folders: Path
) -> None:
    let_info(monkeypatch, raising(ZeroDivisionError("planted")))
    assert main(["info", "tune.abc"]) == 2
    log = own_folders / "inpaint-desktop.log"
    assert capsys.readouterr().err == (
        "inpaint-desktop: Something went wrong that the program did not expect (ZeroDivisionError: planted); "
        f"the details are in {log}.\n"
    )
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_an_unexpected_error_without_a_log_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, tmp_path: Path
) -> None:
    (tmp_path / "user").touch()  # where the folder of the log would be
    let_info(monkeypatch, raising(MemoryError()))
    assert main(["info", "tune.abc"]) == 2
    error = capsys.readouterr().err
    assert "no log could be written" in error
    assert error.count("\n") == 1


def test_a_failure_says_what_is_wrong_in_one_sentence(capsys: Capture) -> None:
    assert main(["info", "missing.abc"]) == 2
    assert capsys.readouterr().err.startswith("inpaint-desktop: missing.abc cannot be read")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "The following arguments are required: COMMAND; 'inpaint-desktop --help' says what may stand there."),
        (["info"], "The following arguments are required: FILE; 'inpaint-desktop info --help' says"),
        (["info", "a.abc", "--loud"], "Unrecognized arguments: --loud;"),
        (["sing"], "invalid choice: 'sing'"),
        (["fill", "a.abc", "--measures", "1", "--takes", "many"], "Argument --takes: 'many' is not a whole number;"),
        (["fill", "a.abc", "--measures", "1", "--top-p", "high"], "'high' is not a number such as 0.9;"),
    ],
)
def test_a_command_that_cannot_be_understood_is_answered_in_one_sentence(
    capsys: Capture, arguments: list[str], sentence: str
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [["--help"], ["fill", "--help"]], ids=" ".join)
def test_help_is_no_failure(capsys: Capture, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert not ended.value.code
    assert capsys.readouterr().out


def test_settings_that_cannot_be_read_do_not_stop_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_folders: Path
) -> None:
    let_info(monkeypatch, lambda _options: None)
    preferences = tmp_path / "user" / "inpaint-desktop" / "settings.json"
    preferences.parent.mkdir(parents=True)
    preferences.write_text("no settings", encoding="utf-8")
    assert main(["info", "tune.abc"]) == 0
    assert "cannot be read" in (own_folders / "inpaint-desktop.log").read_text(encoding="utf-8")


def test_a_reader_of_the_output_may_leave() -> None:
    tune = Path(__file__).parents[3] / "resources" / "tunes" / "ode-to-joy.abc"
    command = [sys.executable, "-m", "inpaint_desktop", "info", str(tune)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0
