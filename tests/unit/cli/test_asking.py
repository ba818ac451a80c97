"""What may be asked for on the command line and in a request file."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inpaint_desktop.cli import main
from inpaint_desktop.cli.asking import REQUEST_NAMES
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.engine.properties import sounding, sounding_notes
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.engine.request_json import as_dict
from inpaint_desktop.paths import resources_folder
from inpaint_desktop.score.melody import Measure, Melody, Span

Capture = pytest.CaptureFixture[str]
Fill = Callable[..., int]

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    """A song in MusicXML, which is read at once."""
    return Path(shutil.copy(resources_folder() / "tunes" / "auld-lang-syne.musicxml", tmp_path / "test.musicxml"))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def fill(tune: Path, out: Path, weights: Path) -> Fill:
    """Fill measures 3 and 4 of the test tune, unless other measures are asked for."""

    def run(*arguments: str, measures: tuple[str, ...] = ("--measures", "3-4")) -> int:
        return main(["fill", str(tune), *measures, "--model", str(weights), "--out", str(out), *arguments])

    return run


def measures_of(path: Path) -> tuple[Measure, ...]:
    return open_document(path).melody().measures


def takes_in(out: Path) -> list[tuple[Measure, ...]]:
    return [measures_of(path)[3:5] for path in sorted(out.glob("*.musicxml"))]


def asked(out: Path) -> dict[str, Any]:
    """The request as ``takes.json`` tells it."""
    request: dict[str, Any] = json.loads((out / "takes.json").read_text(encoding="utf-8"))["request"]
    return request


def test_notes_are_locked_and_the_rhythm_of_the_others_is_kept(fill: Fill, out: Path, tune: Path) -> None:
    assert fill("--lock", "3:1, 4:2", "--keep", "rhythm", "--takes", "3") == 0
    original = measures_of(tune)[3:5]
    for take in takes_in(out):
        assert (take[0].notes[0], take[1].notes[1]) == (original[0].notes[0], original[1].notes[1])
        assert [(n.onset, n.duration) for m in take for n in m.notes] == [
            (n.onset, n.duration) for m in original for n in m.notes
        ]


def test_pitches_are_kept_in_a_new_rhythm(fill: Fill, out: Path, tune: Path) -> None:
    assert fill("--keep", "pitches", "--takes", "2") == 0
    wanted = [midi for _, _, midi in sounding_notes(measures_of(tune)[3:5])]
    assert [[midi for _, _, midi in sounding_notes(take)] for take in takes_in(out)] == [wanted, wanted]


def test_ends_leaps_and_numbers_of_notes_are_kept_to(fill: Fill, out: Path) -> None:
    ends = ("--first-note", "F4", "--last-note", "D5", "--longest-leap", "7")
    assert fill(*ends, "--fewest-notes", "3", "--most-notes", "5", "--most-kept", "0.2", "--takes", "4") == 0
    for take in json.loads((out / "takes.json").read_text(encoding="utf-8"))["takes"]:
        assert take["longest_leap"] <= 7
        assert 3 <= take["onsets"] <= 5
        assert take["kept"] <= 0.2
    assert {(sounding_notes(take)[0][2], sounding_notes(take)[-1][2]) for take in takes_in(out)} == {(65, 74)}


def test_what_was_asked_for_can_be_asked_for_again(fill: Fill, out: Path) -> None:
    arguments = ("--lock", "3:1", "--echo", "1-2", "--echo-strength", "0.7", "--contour", "D4,A5", "--seed", "5")
    assert fill(*arguments, "--similarity", "0.4", "--takes", "2") == 0
    first, before = takes_in(out), asked(out)
    assert fill("--request", str(out / "takes.json"), measures=()) == 0
    assert takes_in(out) == first
    assert asked(out) == before
    assert fill("--request", str(out / "takes.json"), "--seed", "6", "--any-key", measures=()) == 0
    assert takes_in(out) != first
    assert (asked(out)["seed"], asked(out)["stay_in_key"]) == (6, False)


def test_a_request_may_be_written_by_hand(fill: Fill, out: Path, tmp_path: Path) -> None:
    request = {
        "measures": "3-4",
        "takes": 2,
        "variety": {"temperature": 1.2},
        "constraints": {"lowest": "D4", "locked": ["3:2", {"measure": 4, "note": 0}], "longest_leap": 9},
        "guidance": {"echo": "1", "contour": ["D5", "A4", "D5"]},
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request), encoding="utf-8")
    assert fill("--request", str(path), measures=()) == 0
    told = asked(out)
    assert told["constraints"]["locked"] == [{"measure": 3, "note": 1}, {"measure": 4, "note": 0}]
    assert told["guidance"]["echo"] == {"start": 1, "stop": 2}
    assert [(point["measure"], point["onset"], point["midi"]) for point in told["guidance"]["contour"]] == [
        (3, 0, 74),
        (4, 0, 69),
        (4, 40320, 74),
    ]
    assert (told["variety"]["temperature"], told["constraints"]["lowest"]) == (1.2, 62)


def test_a_contour_of_one_note_begins_with_the_gap(fill: Fill, out: Path) -> None:
    assert fill("--contour", "D5", "--takes", "1") == 0
    assert asked(out)["guidance"]["contour"] == [{"measure": 3, "onset": 0, "midi": 74}]


def test_more_like_a_take_of_before(fill: Fill, out: Path, tmp_path: Path) -> None:
    assert fill("--takes", "1", "--seed", "3") == 0
    liked = tmp_path / "liked.musicxml"
    (out / "test-take-1.musicxml").rename(liked)
    wanted = set(sounding_notes(measures_of(liked)[3:5]))
    assert fill("--like", str(liked), "--similarity", "0.8", "--takes", "3") == 0
    assert {len(wanted & set(sounding_notes(take))) for take in takes_in(out)} == {round(0.8 * len(wanted))}
    first = takes_in(out)
    assert fill("--request", str(out / "takes.json"), measures=()) == 0
    assert takes_in(out) == first


def test_two_takes_are_spliced(fill: Fill, out: Path, capsys: Capture) -> None:
    assert fill("--takes", "2") == 0
    rhythm, pitches = takes_in(out)
    names = [str(out / f"test-take-{number}.musicxml") for number in (1, 2)]
    capsys.readouterr()
    assert fill("--splice", *names) == 0
    assert "Only" not in capsys.readouterr().out
    result = measures_of(out / "test-take-1.musicxml")[3:5]
    assert [(m, on) for m, on, _ in sounding(result)] == [(m, on) for m, on, _ in sounding(rhythm)]
    assert {midi for _, _, midi in sounding(result)} <= {midi for _, _, midi in sounding(pitches)} | {-1}


REFUSALS = {
    "lock": (["--lock", "3"], "test.musicxml: '3' names no note to lock; write 7:2 for the second note or rest"),
    "lock nowhere": (
        ["--lock", "3:9"],
        "test.musicxml: Measure 3 has no note 9 to lock; its notes and rests are counted",
    ),
    "lock in no measure": (["--lock", "40:1"], "test.musicxml: There is no measure 40"),
    "lock elsewhere": (["--lock", "1:1"], "test.musicxml: A locked note is not in the chosen measures;"),
    "cannot be met": (
        ["--fewest-notes", "30"],
        "test.musicxml: Measure 3 cannot be filled with at least 30 notes a measure",
    ),
    "both kept": (["--keep", "everything"], "Argument --keep: invalid choice"),
    "note": (["--last-note", "X"], "'X' is not the name of a pitch, such as F#4 or Bb3."),
    "contour": (["--contour", "D5,up"], "test.musicxml: 'up' is not the name of a pitch"),
    "echo": (["--echo", "90"], "test.musicxml: There is no measure 90"),
    "like": (["--like", "nix.abc", "--similarity", "1"], "nix.abc cannot be read"),
    "request": (["--request", "nix.json"], "nix.json cannot be read (No such file or directory); check the name"),
    "share": (["--most-kept", "3"], "The constraint 'most_kept' must be a share from 0 to 1, not 3"),
}


@pytest.mark.parametrize(("arguments", "sentence"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_done_is_refused_in_one_sentence(
    fill: Fill, out: Path, capsys: Capture, arguments: list[str], sentence: str
) -> None:
    assert fill(*arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"inpaint-desktop: {sentence}")
    assert error.count("\n") == 1
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "request.json is not a request in JSON"),
        ("[" * 100_000, "request.json is not a request in JSON"),
        ("[]", "request.json is not a request: it must be a table of names and values."),
        ('{"volume": 1}', "'volume' in request.json is nothing that a request may have; there are measures, part, "),
        (
            '{"measure": "7"}',
            "'measure' in request.json is nothing that a request may have; there are measures, part, ",
        ),
        ('{"constraints": 7}', "'constraints' in the request must be a table of names and values, not 7."),
        ('{"constraints": {"locked": 7}}', "The constraint 'locked' must be a list of notes and rests such as \"7:1\""),
        ('{"constraints": {"locked": [7]}}', 'such as "7:1", the first of measure 7, or of places'),
        ('{"constraints": {"locked": [{"measure": 7}]}}', "each with 'measure' and 'note' counted from 0, not [{"),
        ('{"constraints": {"lowest": true}}', "The constraint 'lowest' must be the name of a note"),
        ('{"guidance": {"contour": 7}}', "'contour' in the guidance must be a list of points"),
        ('{"guidance": {"echo": 7}}', "'echo' in the guidance must be null, or measures"),
        ('{"like": 7}', "'like' in the request must be the name of a file, not 7."),
    ],
)
def test_a_request_that_cannot_be_read_is_refused(
    fill: Fill, tmp_path: Path, capsys: Capture, content: str, sentence: str
) -> None:
    path = tmp_path / "request.json"
    path.write_text(content, encoding="utf-8")
    assert fill("--request", str(path)) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_every_name_of_a_request_is_known(make_tune: Callable[..., Melody]) -> None:
    request = as_dict(FillRequest(make_tune(8), Span(2, 4)))
    assert set(REQUEST_NAMES) == {"measures", "part", "like", *request}


def test_a_request_without_measures_is_told_to_name_some(fill: Fill, capsys: Capture) -> None:
    assert fill(measures=()) == 2
    assert "test.musicxml: It is not said which measures to fill; write --measures 7-10" in capsys.readouterr().err
