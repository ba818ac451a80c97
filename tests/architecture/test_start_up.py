"""What the start of the program must not wait for."""

import subprocess
import sys

import pytest

SLOW_LIBRARIES = ("torch", "music21", "verovio", "tensorboard", "training")
REPORT = "import sys, {module}; print(*(name for name in {slow} if name in sys.modules))"


@pytest.mark.parametrize("module", ["__main__", "cli", "documents", "encoding", "isolation", "settings"])
def test_importing_a_module_that_starts_the_program_loads_no_slow_library(module: str) -> None:
    code = REPORT.format(module=f"inpaint_desktop.{module}", slow=SLOW_LIBRARIES)
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.split() == []
