"""The page of the manual: a text of its own, with what the program itself says of its options."""

import os
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parent / "linux" / "inpaint-desktop.1"
COLUMNS = "72"


def manual_page(program: Sequence[str | Path]) -> str:
    """Write the page for the program that this command starts."""
    page = PAGE.read_text(encoding="utf-8")

    def help_of(place: re.Match[str]) -> str:
        return _help([*map(str, program), *filter(None, [place[1]])])

    return re.sub(r"^@(\w*)@$", help_of, page, flags=re.MULTILINE)


def _help(command: Sequence[str]) -> str:
    """What stands below the first line of the help for a command, which shows how it is called."""
    environment = {**os.environ, "COLUMNS": COLUMNS}
    asked = subprocess.run([*command, "--help"], env=environment, capture_output=True, text=True, check=True)
    return _escaped(asked.stdout.partition("\n\n")[2].strip("\n"))


def _escaped(text: str) -> str:
    """The text as troff wants it: its signs protected, and no line that looks like a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped, flags=re.MULTILINE)
