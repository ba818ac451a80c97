"""``inpaint-desktop --version``: the build, the model, and the libraries, as a report of an error needs them."""

import sys
from argparse import Namespace
from pathlib import Path

from inpaint_desktop import paths, versions
from inpaint_desktop.settings import Settings


def run(_options: Namespace) -> None:
    """Print the program's version, and below it one fact a line."""
    sys.stdout.write("\n".join(lines(default_weights())) + "\n")


def default_weights() -> Path:
    """The weights of the model that comes with the program."""
    return paths.resources_folder() / "models" / f"{Settings().model}.safetensors"


def lines(weights: Path) -> list[str]:
    """The program's version, and one fact a line."""
    facts = versions.facts(weights)
    width = max(len(name) for name, _ in facts)
    title = f"{versions.PROGRAM_TITLE} {versions.version_of(versions.PROGRAM)}".rstrip()
    return [title, *(f"  {name:<{width}}  {value}" for name, value in facts)]
