"""Drawing without a screen, by which the self-test sees whether Qt works."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo

from inpaint_desktop.ui.offscreen import ink_share, load_platform

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{}</svg>'
HALF = SVG.format('<rect width="50" height="100"/>').encode()
LETTERS = SVG.format('<text x="10" y="60" font-size="40" font-family="serif">Joy</text>').encode()


def test_the_share_of_the_paper_that_is_drawn_on_is_found(qapp: object) -> None:
    assert qapp is not None
    assert ink_share(HALF, (200, 100)) == pytest.approx(0.5)
    assert ink_share(SVG.format("").encode(), (200, 100)) == 0


def test_letters_are_drawn_in_a_process_without_a_screen() -> None:
    code = f"from inpaint_desktop.ui.offscreen import ink_share; print(ink_share({LETTERS!r}, (100, 100)))"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 0.01 < float(finished.stdout) < 0.5


def test_what_reaches_the_screen_is_loaded_where_there_is_none() -> None:
    assert load_platform() in ("qxcb", "qcocoa", "qwindows")


def test_what_cannot_be_loaded_is_told_with_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(QLibraryInfo, "path", lambda _: str(tmp_path))
    with pytest.raises(OSError, match="Cannot load library"):
        load_platform()
