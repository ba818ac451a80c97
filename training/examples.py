"""The paper's Figures 7 and 8 on our own tunes: ``python -m training.examples --split test``.

The first tunes of the split that have sixteen measures are taken, in the order of the corpus. Of each the paper's four
measures, the seventh to the tenth, are filled from the six before and the six after them: once by every model (Figure
7), and several times by the first one (Figure 8). Writes engraved pictures, MusicXML and MIDI.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inpaint_desktop.documents.export import EXPORT_SUFFIXES, export
from inpaint_desktop.documents.musicxml.edition import Edition
from inpaint_desktop.documents.musicxml.score_writing import PartToWrite, parts_to_musicxml
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.request import Engine, FillRequest
from inpaint_desktop.engraving.engraver import BLACK, FONT_FAMILIES, Engraver
from inpaint_desktop.engraving.pages import FONT_FAMILY, PrintLayout, recoloured
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.settings import DEVICES
from training.choose import melody_of
from training.corpus import Corpus
from training.predictors import FOLDERS, weights_in_folders
from training.train import load_corpora

MEASURES = 16
GAP = Span(6, 10)
TUNES = 2
AGAIN = 3
SEED = 1
NEW = "#b03060"
WIDTH_MM = 297.0
STAFF_MM = 15.0
SYSTEMS = 3
REAL = "real measures"


@dataclass(frozen=True, slots=True)
class Version:
    """One way in which a tune goes on in the gap; ``name`` stands before its staff."""

    name: str
    melody: Melody


def tunes_of(corpus: Corpus, split: str, count: int) -> list[Melody]:
    """The first tunes of a split that are long enough, cut to sixteen measures."""
    lengths = np.diff(corpus.starts)
    chosen = [int(tune) for tune in corpus.tunes(split) if lengths[tune] >= MEASURES][:count]
    return [Melody(melody_of(corpus, tune).measures[:MEASURES]) for tune in chosen]


def filled(engine: Engine, melody: Melody, takes: int) -> list[Melody]:
    """The tune with the engine's best takes in its gap."""
    request = FillRequest(melody, GAP, takes=takes, seed=SEED)
    return [melody.with_measures(GAP, take.measures) for take in engine.propose(request)]


def figure_7(weights: Sequence[Path], melody: Melody, device: str) -> list[Version]:
    """The best take of every model, and the real measures."""
    engines = [(path.stem, open_engine(str(path), device)) for path in weights]
    versions = [Version(name, made) for name, engine in engines for made in filled(engine, melody, 1)]
    return [*versions, Version(REAL, melody)]


def figure_8(weights: Path, melody: Melody, device: str) -> list[Version]:
    """Several takes of one model."""
    made = filled(open_engine(str(weights), device), melody, AGAIN)
    return [Version(f"{weights.stem} {number}", one) for number, one in enumerate(made, 1)]


def picture(versions: Sequence[Version], title: str, child: ChildProcess) -> bytes:
    """All versions under each other as an SVG drawing, what was filled in another colour."""
    parts = [PartToWrite(one.melody, one.name, Edition(part=place)) for place, one in enumerate(versions)]
    sheet = PrintLayout(WIDTH_MM, SYSTEMS * (len(versions) + 1) * STAFF_MM + 4 * STAFF_MM)
    page = Engraver(child).pages(parts_to_musicxml(title, parts), sheet)[0]
    new = {
        (place, measure, note): NEW
        for place, one in enumerate(versions)
        if one.name != REAL
        for measure in GAP.indices
        for note in range(len(one.melody.measures[measure].notes))
    }
    return recoloured(page, BLACK, new).replace(
        f'font-family="{FONT_FAMILY}"'.encode("ascii"), f'font-family="{FONT_FAMILIES}"'.encode("ascii")
    )


def write(versions: Sequence[Version], stem: str, title: str, folder: Path, child: ChildProcess) -> Iterator[Path]:
    """Write the picture, and every version as MusicXML and MIDI."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{stem}.svg": picture(versions, title, child)}
    for version in versions:
        for kind in ("musicxml", "midi"):
            name = version.name.replace(" ", "-")
            files[f"{stem}-{name}{EXPORT_SUFFIXES[kind]}"] = export(version.melody, kind)
    for name, content in files.items():
        (folder / name).write_bytes(content)
        yield folder / name


def draw(weights: Sequence[Path], tunes: Sequence[Melody], folder: Path, device: str) -> Iterator[Path]:
    """Write both figures of every tune."""
    with ChildProcess() as child:
        for number, melody in enumerate(tunes, 1):
            for name, versions in (
                ("figure-7", figure_7(weights, melody, device)),
                ("figure-8", figure_8(weights[0], melody, device)),
            ):
                yield from write(versions, f"{name}-tune-{number}", f"Tune {number}", folder, child)


def main(words: Sequence[str] | None = None) -> int:
    """Write the examples; 2 means that something was wrong with the command line."""
    parser = argparse.ArgumentParser("training.examples", description="Figures 7 and 8 of the paper, on our tunes.")
    parser.add_argument("--models", type=Path, nargs="+", help="exported models, the first for Figure 8 (all)")
    parser.add_argument("--folders", type=Path, nargs="+", default=FOLDERS, help="where all models are")
    parser.add_argument("--split", choices=("valid", "test"), default="valid")
    parser.add_argument("--corpus", type=Path, default=Path("runs/corpus"), help="what training.prepare wrote")
    parser.add_argument("--tunes", type=int, default=TUNES, help="how many tunes")
    parser.add_argument("--out", type=Path, default=Path("docs/examples"))
    parser.add_argument("--device", choices=DEVICES, default="auto")
    options = parser.parse_args(words)
    try:
        weights = options.models or weights_in_folders(options.folders)
        tunes = tunes_of(load_corpora(options.corpus).notated, options.split, options.tunes)
        for path in draw(weights, tunes, options.out, options.device):
            sys.stdout.write(f"{path}\n")
    except InpaintDesktopError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
