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
