"""``fill`` on the bundled tunes, in both formats: what is outside stays, what is inside fits, everyone reads it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from inpaint_desktop.cli import main
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.export import EXPORT_SUFFIXES, export
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.properties import sounding
from inpaint_desktop.paths import resources_folder
from training.readers import MUSIC21, VEROVIO, Reader

TUNES = resources_folder() / "tunes"
CASES = [  # a tune, the format it is tried in, part and measures
    ("soldiers-joy.abc", "abc", 1, "7-10"),  # over the end of a section and the pickup of the next
    ("soldiers-joy.abc", "musicxml", 1, "0-1"),  # the pickup
    ("boys-of-bluehill.abc", "abc", 1, "10-17"),  # the end
    ("boys-of-bluehill.abc", "musicxml", 1, "8-9"),  # short measures only
    ("ode-to-joy.abc", "abc", 1, "1-8"),  # the beginning
    ("auld-lang-syne.musicxml", "musicxml", 1, "5-8"),  # with lyrics and chord symbols
    ("auld-lang-syne.musicxml", "musicxml", 2, "16"),  # the lower part
    ("auld-lang-syne.musicxml", "abc", 1, "3-4"),
]
TAKES = 3


@dataclass(frozen=True)
class Filled:
    """A tune, its filled measures, and where the takes are."""

    original: ScoreDocument
    part: int
    measures: str
    command: tuple[str, ...]
    folder: Path

    @property
    def chosen(self) -> slice:
        first, _, last = self.measures.partition("-")
        span = self.original.melody(self.part).span_of_numbers(first, last or first)
        return slice(span.start, span.stop)

    @property
    def takes(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.name != "takes.json")


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def filled(request: pytest.FixtureRequest, weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A bundled tune after ``fill``."""
    name, file_format, part, measures = request.param
    folder = tmp_path_factory.mktemp("filled")
    tune = _in_format(TUNES / name, file_format, part - 1, folder)
    if tune.parent == folder:
        part = 1  # only one part is exported
    choice = ("--measures", measures, "--part", str(part), "--takes", str(TAKES))
    command = ("fill", str(tune), *choice, "--model", str(weights), "--device", "cpu", "--out")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        assert main([*command, str(folder / "takes")]) == 0
        yield Filled(open_document(tune), part - 1, measures, command, folder / "takes")


def _in_format(tune: Path, file_format: str, part: int, folder: Path) -> Path:
    document = open_document(tune)
    if document.suffix == EXPORT_SUFFIXES[file_format]:
        return tune
    path = folder / f"{tune.stem}{EXPORT_SUFFIXES[file_format]}"
    path.write_bytes(export(document, file_format, part=part))
    return path


def pieces_outside(document: ScoreDocument, part: int, chosen: slice) -> list[str]:
    """The text before, between and after the chosen measures."""
    text, marks = document.to_bytes().decode("utf-8"), document.parts[part].measures[chosen]
    edges = [0, *(edge for mark in marks for edge in (mark.start, mark.stop)), len(text)]
    return [text[start:stop] for start, stop in zip(edges[::2], edges[1::2], strict=True)]


def test_outside_the_chosen_measures_every_byte_is_equal(filled: Filled) -> None:
    pieces = pieces_outside(filled.original, filled.part, filled.chosen)
    for path in filled.takes:
        assert pieces_outside(open_document(path), filled.part, filled.chosen) == pieces
        assert path.read_bytes().startswith(pieces[0].encode())
        assert path.read_bytes().endswith(pieces[-1].encode())


def test_every_measure_keeps_its_exact_length(filled: Filled) -> None:
    lengths = [(measure.number, measure.duration) for measure in filled.original.melody(filled.part).measures]
    for path in filled.takes:
        measures = open_document(path).melody(filled.part).measures
        assert [(measure.number, measure.duration) for measure in measures] == lengths


def test_only_the_chosen_measures_sound_different_and_each_take_in_its_own_way(filled: Filled) -> None:
    original = filled.original.melody(filled.part).measures
    melodies = [open_document(path).melody(filled.part).measures for path in filled.takes]
    for measures in melodies:
        kept = [index for index in range(len(original)) if index not in range(*filled.chosen.indices(len(original)))]
        assert all(sounding([measures[index]]) == sounding([original[index]]) for index in kept)
    heard = {sounding(measures[filled.chosen]) for measures in (original, *melodies)}
    assert len(heard) == TAKES + 1


def test_music21_and_verovio_read_every_take(filled: Filled) -> None:
    count = len(filled.original.parts[0].measures)
    with Reader(MUSIC21) as music21, Reader(VEROVIO) as verovio:
        for path in filled.takes:
            assert isinstance(music21.read(path), list)
            drawn = verovio.read(path)
            assert isinstance(drawn, list)
            assert sum(drawn) == count


def test_the_same_command_twice_gives_identical_files(filled: Filled, tmp_path: Path) -> None:
    assert main([*filled.command, str(tmp_path)]) == 0
    for path in filled.takes:
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    told, again = (json.loads((folder / "takes.json").read_bytes()) for folder in (filled.folder, tmp_path))
    assert told | {"timings": None} == again | {"timings": None}


@pytest.mark.usefixtures("own_folders")
@pytest.mark.parametrize(("words", "is_told"), [((), True), (("--most-kept", "0"), False)])
def test_it_says_when_takes_are_much_like_the_original(
    words: tuple[str, ...], is_told: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tune = str(TUNES / "boys-of-bluehill.abc")  # these measures stand at its end, too
    assert main(["fill", tune, "--measures", "7-10", "--takes", "4", "--out", str(tmp_path / "takes"), *words]) == 0
    assert ("much like the original" in capsys.readouterr().out) == is_told


def test_a_jig_is_refused_as_the_model_has_not_learned_any(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["fill", str(TUNES / "irish-washerwoman.abc"), "--measures", "3-4", "--model", str(weights)]
    assert main([*command, "--out", str(tmp_path / "takes")]) == 2
    assert capsys.readouterr().err == (
        "inpaint-desktop: irish-washerwoman.abc: Measure 3 is in 6/8, which this model has not learned; "
        "choose measures in 4/4 or 2/2.\n"
    )
    assert not (tmp_path / "takes").exists()
