"""Make the index by which the program recognises the tunes of a corpus: ``python -m training.known_tunes``.

Reads melodies, one JSON object a line, takes those of the train split that models learn from (see
``training.prepare_all``), and writes hashes of their runs with their titles (see
``inpaint_desktop.encoding.run_index``), and beside them a card. The same melodies give the same files.
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

from inpaint_desktop.encoding import run_index, runs
from inpaint_desktop.encoding.run_index import RunIndex
from inpaint_desktop.encoding.runs import Run, figures_of, runs_of
from inpaint_desktop.encoding.slots import slots_of
from inpaint_desktop.errors import InpaintDesktopError, SettingsError
from inpaint_desktop.score.melody import Melody
from training.corpus import Tune
from training.export import DUMP, LICENCE, OTHERS
from training.prepare_all import MeterReader, read_into
from training.sources import hash_of

NOTICE = f"{DUMP} {OTHERS}"
_CATALOGUED = re.compile(r"(.+), (The|An|A)", re.IGNORECASE)
DESCRIPTION = "Hashes of runs of whole measures of the tunes that the models learned from, and the tunes' titles."


def runs_in(melody: Melody) -> Iterator[Run]:
    """All runs of a melody."""
    figures = figures_of(melody, slots_of(melody))
    return runs_of(figures, range(len(figures)))


def shown_title(title: str) -> str:
    """A title as it is spoken: a catalogue has the article at the end, and some books a full stop."""
    match = _CATALOGUED.fullmatch(title.rstrip(". "))
    return f"{match[2]} {match[1]}" if match else title.rstrip(". ")


def index_of(tunes: Iterable[Tune]) -> RunIndex:
    """The index of the train split of some tunes."""
    return RunIndex.of(
        (run.hash, shown_title(tune.melody.title))
        for tune in tunes
        if tune.split == "train"
        for run in runs_in(tune.melody)
    )


def write(index: RunIndex, about: dict[str, Any], out: Path) -> None:
    """Write the index and its card, which has its hash."""
    content = save({name: np.ascontiguousarray(array) for name, array in index.packed().items()})
    card = {
        "version": run_index.VERSION,
        "sha256": hashlib.sha256(content).hexdigest(),
        "description": DESCRIPTION,
        "hash_bits": runs.HASH_BITS,
        "fewest_notes": runs.FEWEST_NOTES,
        "runs": len(index.hashes),
        "titles": len(index.titles),
        **about,
        "licence": LICENCE,
        "notice": NOTICE,
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
    text = json.dumps(card, indent=1, ensure_ascii=False)
    out.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def make(melodies: Path, out: Path, sources: Sequence[str] = ()) -> RunIndex:
    """Read melodies and write their index.

    Raises:
        FileError: the melodies cannot be read.
        SettingsError: there are none to take.
    """
    reader = MeterReader(sources)
    read_into(reader, melodies)
    tunes = [tune for of_meter in reader.tunes.values() for tune in of_meter if tune.split == "train"]
    if not tunes:
        message = f"There are no tunes of the train split in {melodies}; name another file, or other sources."
        raise SettingsError(message)
    index = index_of(tunes)
    about = {"corpus": {"melodies": hash_of([melodies]), "sources": sorted(sources), "tunes": len(tunes)}}
    write(index, about, out)
    return index


def main(words: Sequence[str] | None = None) -> int:
    """Make the index that the command line asks for; 2 means that something was wrong with it."""
    parser = argparse.ArgumentParser("training.known_tunes", description="Make the index of known tunes.")
    parser.add_argument("--melodies", type=Path, required=True, help="one JSON object a line (.jsonl or .jsonl.xz)")
    parser.add_argument("--sources", nargs="+", default=(), help="take these sources only")
    parser.add_argument("--out", type=Path, default=Path("resources/known-tunes/tunes.safetensors"))
    options = parser.parse_args(words)
    try:
        index = make(options.melodies, options.out, options.sources)
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{len(index.hashes)} runs of {len(index.titles)} titles, {options.out.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
