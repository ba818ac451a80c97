"""Prepare a corpus: ``python -m training.prepare --music21 --out runs/corpus``.

Writes ``played.npz`` (repeats played out), ``notated.npz`` (repeats written once, see
``corpus.collapse_repeats``) and ``corpus.json``, which says what they were made from: hashes, versions, counts
and options. The same sources give the same corpus.
"""

import argparse
import json
import lzma
import platform
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.errors import FileDamagedError, InpaintDesktopError, SettingsError
from training.corpus import SPLITS, Corpus, Tune, build, read_melodies
from training.grouping import with_splits
from training.sources import MUSIC21_COLLECTIONS, Found, Reader, files_in, hash_of, music21_folder

Collection = tuple[str, list[Path]]  # a name and the files


@dataclass(frozen=True)
class Prepared:
    """Both forms of the corpus, and the stamp that says where they come from."""

    played: Corpus
    notated: Corpus
    stamp: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write everything into ``folder``."""
        self.played.save(folder / "played.npz")
        self.notated.save(folder / "notated.npz")
        text = json.dumps(self.stamp, indent=1, ensure_ascii=False)
        (folder / "corpus.json").write_text(text + "\n", encoding="utf-8")


def prepare(melodies: Path | None, collections: Sequence[Collection], sources: Sequence[str] = ()) -> Prepared:
    """Read all sources into one corpus; ``sources`` limits which are taken.

    Raises:
        FileError: the file of melodies cannot be read.
        SettingsError: nothing was found.
    """
    known = _melodies(melodies, sources) if melodies else []
    reader = Reader()
    wanted = [one for one in collections if not sources or one[0] in sources]
    tunes = with_splits(known, _found(reader, wanted))
    if not tunes:
        message = "No tunes in common time were found; name other sources with --melodies, --folder or --music21."
        raise SettingsError(message)
    played, notated = (build(tqdm(tunes, desc=name, unit="tune"), notated=name == "notated") for name in _FORMS)
    inputs = {name: hash_of(files) for name, files in wanted}
    if melodies:
        inputs["melodies"] = hash_of([melodies])
    options = {"sources": sorted(sources), "inputs": inputs, "left_out": dict(sorted(reader.left_out.items()))}
    return Prepared(played, notated, {**options, **_facts(tunes, played, notated)})


_FORMS = ("played", "notated")


def _found(reader: Reader, collections: Iterable[Collection]) -> Iterator[Found]:
    for name, files in collections:
        for path in tqdm(files, desc=name, unit="file"):
            yield from reader.read(path, name)


def _melodies(path: Path, sources: Sequence[str]) -> list[Tune]:
    try:
        opened = lzma.open if path.suffix == ".xz" else open
        with opened(path, "rt", encoding="utf-8") as lines:
            return list(read_melodies(tqdm(lines, desc=path.name, unit="melody"), sources))
    except (OSError, EOFError, lzma.LZMAError, ValueError, KeyError) as error:
        message = f"{path} cannot be read as melodies, one JSON object a line ({error}); check the file."
        raise FileDamagedError(message) from error


def _facts(tunes: Sequence[Tune], played: Corpus, notated: Corpus) -> dict[str, Any]:
    """What the corpus holds, and which versions made it."""
    splits = {name: int((played.split == place).sum()) for place, name in enumerate(SPLITS)}
    libraries = {name: version(name) for name in ("music21", "mido", "numpy")}
    return {
        "tunes": {"read": dict(sorted(Counter(tune.source for tune in tunes).items())), "kept": splits},
        "measures": {"played": len(played.ticks), "notated": len(notated.ticks)},
        "sha256": {"played": played.digest(), "notated": notated.digest()},
        "versions": {"vocabulary": vocabulary.VERSION, "python": platform.python_version(), **libraries},
        "distinct_measures": len(np.unique(notated.ticks, axis=0)),
    }


def collections_of(folders: Sequence[Path], *, music21: bool) -> list[Collection]:
    """The named folders, and music21's folk collections.

    Raises:
        SettingsError: a folder is not there, or music21 is not installed.
    """
    collections = [(folder.resolve().name, files_in(folder)) for folder in folders]
    if music21:
        corpus = music21_folder()
        collections += [(f"music21:{name}", files_in(corpus / name)) for name in MUSIC21_COLLECTIONS]
    return collections


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("training.prepare", description="Prepare a corpus of tunes in common time.")
    parser.add_argument("--melodies", type=Path, help="melodies, one JSON object a line (.jsonl or .jsonl.xz)")
    parser.add_argument("--folder", type=Path, action="append", default=[], help="a folder of ABC, MusicXML or MIDI")
    parser.add_argument("--music21", action="store_true", help="the folk collections that come with music21")
    parser.add_argument("--sources", nargs="+", default=(), help="take these sources only")
    parser.add_argument("--out", type=Path, default=Path("runs/corpus"))
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Prepare what the command line names; 2 means that something was wrong with it."""
    arguments = _parser().parse_args(words)
    try:
        collections = collections_of(arguments.folder, music21=arguments.music21)
        prepare(arguments.melodies, collections, arguments.sources).save(arguments.out)
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
