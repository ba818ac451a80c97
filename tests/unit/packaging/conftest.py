"""A bundle as small as can be, which is laid out like a real one."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

FACTS = {"version": "1.2.3", "commit": "1a2b3c4", "date": "2026-11-28", "system": "Linux x86_64"}


def small_bundle(folder: Path) -> Path:
    """A program (any that is one), a library that it links to by a link, and the documents."""
    bundle = folder / "inpaint-desktop"
    (bundle / "_internal" / "lib").mkdir(parents=True)
    program = bundle / "inpaint-desktop"
    program.write_bytes(Path("/bin/true").read_bytes())
    program.chmod(0o775)
    (bundle / "_internal" / "lib" / "thing.txt").write_text("thing", encoding="utf-8")
    (bundle / "_internal" / "thing.txt").symlink_to("lib/thing.txt")
    for name in ("LICENSE.txt", "THIRD-PARTY-NOTICES.txt", "sbom.cdx.json"):
        (bundle / name).write_text(f"This is {name}.\n", encoding="utf-8")
    return bundle


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small bundle, built at a known time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    return small_bundle(tmp_path)
