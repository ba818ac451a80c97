"""The bundled tunes: read by the program and by the field's readers, with measures that add up."""

from fractions import Fraction
from pathlib import Path

import pytest
import verovio
from music21 import converter

from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.paths import resources_folder
from inpaint_desktop.score.melody import Measure

TUNES = sorted(path for path in (resources_folder() / "tunes").iterdir() if path.suffix != ".md")


@pytest.fixture(params=TUNES, ids=lambda path: path.stem)
def tune(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def missing_part(measure: Measure) -> Fraction:
    return 1 - Fraction(measure.duration, measure.meter.ticks)


def test_the_program_opens_it_and_gives_it_back_unchanged(tune: Path) -> None:
    document = open_document(tune)
    assert document.title
    assert document.to_bytes() == tune.read_bytes()


def test_every_measure_is_full_or_completed_by_the_next_pickup(tune: Path) -> None:
    measures = open_document(tune).melody(0).measures
    parts_missing = [missing_part(measure) for measure in measures if not measure.is_full]
    assert all(measure.is_full for measure in measures[1:7])
    assert sum(parts_missing) * 2 == len(parts_missing)  # each pickup and its complement make one measure


def test_the_fields_readers_read_it(tune: Path) -> None:
    text = tune.read_text(encoding="utf-8")
    kind = "abc" if tune.suffix == ".abc" else "musicxml"
    assert converter.parseData(text, format=kind).recurse().notes
    toolkit = verovio.toolkit()
    toolkit.setOptions({"inputFrom": "xml" if kind == "musicxml" else kind})
    assert toolkit.loadData(text)
    assert toolkit.getPageCount() >= 1


def test_every_tune_stands_in_the_list_with_its_origin() -> None:
    listed = (resources_folder() / "tunes" / "README.md").read_text(encoding="utf-8")
    assert [tune.name for tune in TUNES if f"`{tune.name}`" not in listed] == []
