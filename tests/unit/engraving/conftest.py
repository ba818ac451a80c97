"""Tunes to engrave, opened once; a child to engrave in; and pictures of what Qt makes of a page."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engraving.engraver import Engraver
from inpaint_desktop.isolation import ChildProcess

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).parents[3]
TUNES = ROOT / "resources" / "tunes"
DATA = ROOT / "tests" / "data"

Open = Callable[..., ScoreDocument]


@pytest.fixture(scope="session")
def opened() -> Open:
    """Open a bundled tune or a file of the tests by name, each once."""
    found: dict[tuple[str, str | None], ScoreDocument] = {}

    def open_once(name: str, tune: str | None = None) -> ScoreDocument:
        if (name, tune) not in found:
            path = next(
                folder / name for folder in (TUNES, DATA / "abc", DATA / "musicxml") if (folder / name).exists()
            )
            found[name, tune] = open_document(path, tune=tune)
        return found[name, tune]

    return open_once


@pytest.fixture(scope="session")
def child() -> Iterator[ChildProcess]:
    """A child process for all tests."""
    with ChildProcess() as process:
        yield process


@pytest.fixture(scope="session")
def engraver(child: ChildProcess) -> Engraver:
    """An engraver with a real child."""
    return Engraver(child)
