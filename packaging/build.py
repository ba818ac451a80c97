"""Builds the program for the system that this runs on: ``python packaging/build.py``, which ``make package`` does.

It freezes the program, puts notices and a bill of materials beside it, lets the frozen program test itself, and packs
it into ``dist``: ``.tar.xz`` and ``.deb`` on Linux, a disk image on macOS, an installer on Windows. It needs the extra
``package`` of the project in the versions of ``constraints.txt``.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from bom import bill_of_materials
from contents import OWN_NAME, parts_of, read_contents
from icons import make_icons
from notices import notices, unknown
from packing import packages_for_this_system
from places import BUILD, BUNDLE, DIST, DOCUMENTS, FROZEN, ICONS, NOTICES, PROGRAM, ROOT, file_name, run

BOM, SUMS = "sbom.cdx.json", "SHA256SUMS"
STRIPPED = ("libpython*.so*", "libtorch_cpu.so", "libtorch_python.so")
"""Libraries for Linux that come with tables of symbols, which nothing needs: a sixth of the bundle."""


def main() -> None:
    """Build everything."""
    started = time.perf_counter()
    _refuse_cuda()
    facts = build_facts()
    _tell("Drawing icons and freezing the program")
    _freeze(facts)
    _tell("Writing notices and the bill of materials")
    _describe(facts)
    _tell("Letting the frozen program test itself")
    run(PROGRAM, "--self-test")
    _tell("Packing")
    made = packages_for_this_system(facts)
    _write_sums(made)
    _tell(f"Done in {time.perf_counter() - started:.0f} s: {', '.join(path.name for path in made)}")


def build_facts() -> dict[str, str]:
    """What the program says of its build: the commit, its day, and the system."""
    commit, seconds = "unknown", str(int(time.time()))
    if (ROOT / ".git").exists():
        commit, seconds = run("git", "log", "-1", "--format=%h %ct", captured=True).split()
    os.environ["SOURCE_DATE_EPOCH"] = seconds  # so that the same commit gives the same packages
    day = time.strftime("%Y-%m-%d", time.gmtime(int(seconds)))
    return {
        "version": version(OWN_NAME),
        "commit": commit,
        "date": day,
        "system": f"{platform.system()} {platform.machine()}",
    }


def _refuse_cuda() -> None:
    code = "import sys, torch; sys.exit(torch.version.cuda is not None)"
    if subprocess.run([sys.executable, "-c", code], check=False).returncode:
        message = (
            "The PyTorch that is installed here is the one for CUDA, which takes gigabytes. Set TORCH_INDEX_URL to the"
            " index of wheels for the processor, remove build/venv, and build again."
        )
        sys.exit(message)


def _freeze(facts: Mapping[str, str]) -> None:
    BUILD.mkdir(exist_ok=True)
    (BUILD / "build.json").write_text(json.dumps(facts), encoding="utf-8")
    make_icons(ROOT / "resources" / "icons" / f"{OWN_NAME}.svg", ICONS)
    shutil.rmtree(FROZEN, ignore_errors=True)
    spec = ROOT / "packaging" / f"{OWN_NAME}.spec"
    places = ("--distpath", FROZEN, "--workpath", BUILD / "work")
    os.environ["PYTHONHASHSEED"] = "1"
    run(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN", *places, spec)
    if sys.platform.startswith("linux"):
        for pattern in STRIPPED:
            for library in BUNDLE.rglob(pattern):
                if not library.is_symlink():
                    run("strip", "--strip-unneeded", library)


def _describe(facts: Mapping[str, str]) -> None:
    parts = parts_of(read_contents(BUILD / "contents.json", BUNDLE))
    if found := unknown(parts):
        sys.exit(f"packaging/licences.toml says nothing about: {', '.join(found)}. Add what it is and its licence.")
    (DOCUMENTS / NOTICES).write_text(notices(parts), encoding="utf-8")
    (DOCUMENTS / BOM).write_text(bill_of_materials(parts, facts, ROOT / "resources"), encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", DOCUMENTS / "LICENSE.txt")
    DIST.mkdir(exist_ok=True)
    shutil.copy(DOCUMENTS / BOM, DIST / file_name(facts, f".{BOM}"))


def _write_sums(made: Iterable[Path]) -> None:
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(made)]
    (DIST / f"{SUMS}-{platform.system().lower()}-{platform.machine().lower()}").write_text("".join(lines))


def _tell(sentence: str) -> None:
    sys.stdout.write(f"{sentence} ...\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
