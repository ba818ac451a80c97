"""Prepare a corpus of every meter: ``python -m training.prepare_all --melodies FILE --out runs/all``.

Writes a folder for each meter (``6-8``) with ``played.npz`` and ``notated.npz`` as ``training.prepare`` does for common
time, and ``corpus.json`` beside them. The split is the one that the melodies come with. Tunes whose notes do not all
lie on the grid of their meter are left out and counted: in a compound meter it has sixteenths, so that a duplet
is two dotted eighths, and no triplets or quadruplets.
"""

import argparse
import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.tokens import is_on_grid
from inpaint_desktop.errors import FileDamagedError, InpaintDesktopError, SettingsError
from training.corpus import Tune, build, melody_of
from training.export import about_corpus
from training.meters import METERS, folder_name, meter_of
from training.sources import hash_of

FORMS = ("played", "notated")


@dataclass
class MeterReader:
    """Sorts melodies by meter, and counts in ``left_out`` why others were not taken."""

    sources: Sequence[str] = ()
    tunes: dict[str, list[Tune]] = field(default_factory=lambda: {meter: [] for meter in METERS})
    left_out: Counter[str] = field(default_factory=Counter)

    def read(self, lines: Iterable[str]) -> None:
        """Read the melodies of a JSON-lines file."""
        for line in lines:
            row = json.loads(line)
            reason = self._reason_against(row)
            if reason:
                self.left_out[reason] += 1
                continue
            melody = melody_of(row, meter_of(row["meter"]))
            if all(map(is_on_grid, melody.measures)):
                self.tunes[row["meter"]].append(Tune(melody, row["source"], row["group"], row["split"], row["fifths"]))
            else:
                self.left_out[f"off the grid ({row['meter']})"] += 1

    def _reason_against(self, row: dict[str, Any]) -> str:
        if self.sources and row["source"] not in self.sources:
            return "another source"
        if row["meter"] not in METERS:
            return "a rare meter"
        if row["duplicate"]:
            return "stands there already"
        return "" if row["full_bars"] else "irregular measures"


def prepare(melodies: Path, out: Path, sources: Sequence[str] = ()) -> dict[str, Any]:
    """Write the corpora, and return what ``corpus.json`` says.

    Raises:
        FileError: the file of melodies cannot be read.
        SettingsError: nothing was found.
    """
    reader = MeterReader(sources)
    read_into(reader, melodies)
    found = {meter: tunes for meter, tunes in reader.tunes.items() if tunes}
    if not found:
        message = f"There are no usable tunes in {melodies}; name another file, or other sources."
        raise SettingsError(message)
    stamp = {
        "inputs": {"melodies": hash_of([melodies])},
        "sources": sorted(sources),
        "left_out": dict(sorted(reader.left_out.items())),
        "vocabulary": vocabulary.VERSION,
        "meters": {meter: _write(tunes, out / folder_name(meter)) for meter, tunes in found.items()},
    }
    text = json.dumps(stamp, indent=1, ensure_ascii=False)
    (out / "corpus.json").write_text(text + "\n", encoding="utf-8")
    return stamp


def read_into(reader: MeterReader, melodies: Path) -> None:
    """Let a reader read a file of melodies.

    Raises:
        FileDamagedError: it cannot be read.
    """
    try:
        opened = lzma.open if melodies.suffix == ".xz" else open
        with opened(melodies, "rt", encoding="utf-8") as lines:
            reader.read(tqdm(lines, desc=melodies.name, unit="melody"))
    except (OSError, EOFError, lzma.LZMAError, ValueError, KeyError) as error:
        message = f"{melodies} cannot be read as melodies, one JSON object a line ({error}); check the file."
        raise FileDamagedError(message) from error


def _write(tunes: Sequence[Tune], folder: Path) -> dict[str, Any]:
    """Write both forms of a meter's corpus, and return what they hold."""
    about = {}
    for form in FORMS:
        corpus = build(tqdm(tunes, desc=f"{folder.name} {form}", unit="tune"), notated=form == "notated")
        corpus.save(folder / f"{form}.npz")
        about[form] = about_corpus(corpus)
    return about


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.prepare_all", description="Prepare a corpus of tunes in every meter.")
    parser.add_argument("--melodies", type=Path, required=True, help="one JSON object a line (.jsonl or .jsonl.xz)")
    parser.add_argument("--sources", nargs="+", default=(), help="take these sources only")
    parser.add_argument("--out", type=Path, default=Path("runs/all"))
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Prepare what the command line names; 2 means that something was wrong with it."""
    arguments = _parser().parse_args(words)
    try:
        prepare(arguments.melodies, arguments.out, arguments.sources)
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
