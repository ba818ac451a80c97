"""Starting the program as a module, which is also how a frozen one starts."""

import subprocess
import sys

import pytest

from inpaint_desktop.__main__ import COMMANDS, names_command


def test_the_package_can_be_run_and_says_what_it_does() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "inpaint_desktop", "--help"], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0
    assert "fill" in finished.stdout
    assert "Without a command the window opens" in " ".join(finished.stdout.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one_of_the_command_line(command: str) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "inpaint_desktop", command, "--help"], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "is_command"),
    [
        ([], False),
        (["tune.abc"], False),
        (["./fill"], False),
        (["fill", "tune.abc"], True),
        (["--version"], True),
        (["--loud"], True),
    ],
)
def test_whatever_is_no_command_is_a_file_for_the_window(arguments: list[str], is_command: bool) -> None:
    assert names_command(arguments) == is_command


def run_main(before: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Start the program in a process in which something has been done before."""
    code = f"import sys; {before}; from inpaint_desktop.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("own_folders")
def test_a_library_that_the_system_lacks_is_told_in_one_sentence() -> None:
    finished = run_main("sys.modules['PySide6.QtWidgets'] = None")
    assert finished.returncode == 2
    assert finished.stderr.startswith(
        "inpaint-desktop: The window cannot be opened, as something is missing (import of"
    )
    assert finished.stderr.count("\n") == 1


@pytest.mark.usefixtures("own_folders")
def test_without_a_console_what_is_printed_goes_nowhere() -> None:
    finished = run_main("sys.stdout = sys.stderr = None", "--version")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_a_child_whose_parent_has_ended_meanwhile_ends_without_a_word() -> None:
    unfed = "import multiprocessing as m, pickle; m.freeze_support = lambda: pickle.loads(b'')"  # what happens in it
    finished = run_main(unfed, "--version")
    assert (finished.returncode, finished.stdout, finished.stderr) == (2, "", "")
