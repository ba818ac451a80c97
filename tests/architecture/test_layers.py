"""Which package may use which: the contracts in ``pyproject.toml``."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"


def test_every_package_has_its_place_and_uses_only_what_it_may() -> None:
    # In a process of its own, as it sets up logging for the whole process.
    finished = subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stdout
