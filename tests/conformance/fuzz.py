"""Feeds both locators, and splicing, with broken files: only the program's own errors may come out.

Run it with ``make fuzz``, ten minutes for each format. The files begin as those under ``tests/data`` and the bundled
tunes; what makes new code run is kept in a folder, so that the next run goes on from there. That needs atheris, which
is not among the packages of the project: ``pip install atheris`` (Linux; Python up to 3.13). Without it, the same
mutations are made blindly.

A finding is made as small as it can be and written to the folder of findings, with its traceback.
"""

import argparse
import atexit
import contextlib
import importlib
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType
from typing import TYPE_CHECKING

from tests.conformance.fuzz_mutating import Mutator, minimised

if TYPE_CHECKING:
    from tests.conformance.fuzz_targets import Outcome

FOLDER = Path(tempfile.gettempdir()) / "inpaint-desktop-fuzz"
TEST_FILES = Path(__file__).parents[1] / "data"
TUNES = Path(__file__).parents[2] / "resources" / "tunes"
SUFFIXES = {"abc": {".abc"}, "musicxml": {".xml", ".musicxml"}}
SECONDS = 600
LONGEST_BYTES = 30_000
MEMORY_LIMIT_BYTES = 2 * 1024**3
MINIMISING_S = 20.0
PROGRESS_S = 30.0
MOST_FINDINGS = 20
UNGUIDED = 0.6


def main() -> int:
    """Fuzz one format in this process, or both in processes of their own; the exit status says whether all held."""
    options = _options()
    if options.format == "both":
        command = [sys.executable, "-m", "tests.conformance.fuzz", *sys.argv[1:], "--format"]
        codes = [subprocess.run([*command, name], check=False).returncode for name in SUFFIXES]
        return max(codes)
    atheris = None if options.blind or options.replay else _atheris_or_none()
    _load_targets(atheris)
    _limit_memory()
    session = _Session(options.format, options.folder, options.seed)
    if options.replay:
        for path in options.replay:
            session.try_one(path.read_bytes())
    elif atheris is not None:
        _fuzz_with_atheris(atheris, session, options.seconds)
    else:
        sys.stdout.write("Mutating blindly; with atheris (pip install atheris), more is reached.\n")
        _fuzz_blindly(session, options.seconds)
    return session.ended()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--format", choices=("both", *SUFFIXES), default="both")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="for each format (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the mutations (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="of files and findings (default: %(default)s)")
    parser.add_argument("--blind", action="store_true", help="do without atheris")
    parser.add_argument("--replay", type=Path, nargs="+", help="try these files and nothing else")
    return parser.parse_args()


def _limit_memory() -> None:
    import resource  # which Windows does not have

    _, hard_limit = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, hard_limit))


class _Session:
    """One run on one format: counts, and the findings so far, one for each place in the code."""

    def __init__(self, name: str, folder: Path, seed: int) -> None:
        self.name = name
        self.corpus = folder / f"corpus-{name}"
        self.corpus.mkdir(parents=True, exist_ok=True)
        self.seeds = list(_seeds(name))
        self.mutator = Mutator(self.seeds, name)
        self.dice = Random(seed)
        self.tried = self.accepted = 0
        self._folder = folder
        self._places: dict[str, Path] = {}
        self._began = self._said = time.monotonic()

    def try_one(self, content: bytes) -> None:
        """Try one file; a failure of a new kind becomes a finding."""
        self.tried += 1
        error = self._outcome(content)
        if isinstance(error, bool):
            self.accepted += error
        elif (place := place_of(error)) not in self._places and len(self._places) < MOST_FINDINGS:
            self._places[place] = self._write_finding(content, place, error)
        if time.monotonic() - self._said > PROGRESS_S:
            self._said = time.monotonic()
            self._say(f"{self._said - self._began:.0f} s")

    def _outcome(self, content: bytes) -> "Outcome":
        from tests.conformance.fuzz_targets import run_limited  # atheris has to be there before it

        return run_limited(self.name, content)

    def ended(self) -> int:
        """Say how it went."""
        self._say("ended")
        return 1 if self._places else 0

    def _say(self, when: str) -> None:
        counts = f"{self.tried:,} files tried, {self.accepted:,} of them opened, {len(self._places)} findings"
        sys.stdout.write(f"{self.name}, {when}: {counts}\n")
        sys.stdout.flush()

    def _write_finding(self, content: bytes, place: str, error: BaseException) -> Path:
        def still_fails(smaller: bytes) -> bool:
            again = self._outcome(smaller)
            return not isinstance(again, bool) and place_of(again) == place

        path = self._folder / f"fuzz-{self.name}-{len(self._places) + 1}.input"
        path.write_bytes(content)  # in case that it is stopped meanwhile
        smallest = minimised(content, still_fails, seconds=MINIMISING_S)
        path.write_bytes(smallest)
        report = "".join(traceback.format_exception(error))
        path.with_suffix(".txt").write_text(f"{place}\n\n{smallest!r}\n\n{report}", encoding="utf-8")
        sys.stdout.write(f"{self.name}: {place}; see {path}\n")
        return path


def place_of(error: BaseException) -> str:
    """The kind of error and where in the program it came from; the same for files that fail alike."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "inpaint_desktop" in frame.filename]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.name}" for frame in reversed(frames[-2:]))
    what = str(error)[:80] if isinstance(error, AssertionError) else ""
    return f"{type(error).__name__} {what} in {where or 'the check'}"


def _seeds(name: str) -> Iterator[bytes]:
    for folder in (TEST_FILES, TUNES):
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES[name] and path.stat().st_size <= LONGEST_BYTES:
                yield path.read_bytes()


def _fuzz_blindly(session: _Session, seconds: int) -> None:
    end = time.monotonic() + seconds
    for seed in session.seeds:
        session.try_one(seed)
    while time.monotonic() < end:
        session.try_one(session.mutator.mutated(session.dice.choice(session.seeds), session.dice, LONGEST_BYTES))


def _fuzz_with_atheris(atheris: ModuleType, session: _Session, seconds: int) -> None:
    """Let atheris choose the files by the code that they run; does not return."""
    for index, seed in enumerate(session.seeds):
        (session.corpus / f"seed-{index}").write_bytes(seed)

    def mutate(content: bytes, max_size: int, seed: int) -> bytes:
        dice = Random(seed)
        if dice.random() < UNGUIDED:
            return session.mutator.mutated(content, dice, max_size)
        return bytes(atheris.Mutate(content, max_size))

    limits = (f"-max_total_time={seconds}", f"-max_len={LONGEST_BYTES}", "-timeout=3600", "-rss_limit_mb=0")
    arguments = [sys.argv[0], *limits, f"-seed={session.dice.randrange(1, 1 << 30)}", str(session.corpus)]
    atexit.register(lambda: os._exit(session.ended()))  # libFuzzer ends the process itself, and calls that a success
    atheris.Setup(arguments, session.try_one, custom_mutator=mutate)
    atheris.Fuzz()


def _atheris_or_none() -> ModuleType | None:
    try:
        return importlib.import_module("atheris")
    except ImportError:
        return None


def _load_targets(atheris: ModuleType | None) -> None:
    """Import what is fuzzed; atheris has to see it being imported."""
    with atheris.instrument_imports(include=["inpaint_desktop"]) if atheris else contextlib.nullcontext():
        importlib.import_module("tests.conformance.fuzz_targets")


if __name__ == "__main__":
    sys.exit(main())
