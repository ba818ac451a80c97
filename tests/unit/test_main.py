"""Starting the program as a module, which is also how a frozen one starts."""

import subprocess
import sys


def test_the_package_can_be_run_and_says_what_it_does() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "inpaint_desktop", "--help"], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0
    assert "fill" in finished.stdout
