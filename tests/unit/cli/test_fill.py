"""``fill``: takes on disk, and refusals, in this process and with a tiny model."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mido
import pytest

from inpaint_desktop.cli import main
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.encoding.run_index import RunIndex
from inpaint_desktop.engine import known_tunes, recognising
from inpaint_desktop.paths import resources_folder
from training.known_tunes import runs_in

Capture = pytest.CaptureFixture[str]
Fill = Callable[..., int]

pytestmark = pytest.mark.usefixtures("own_folders")

LIKELIEST_ONLY = ("--temperature", "0.05", "--top-p", "0.01", "--context-noise", "0", "--gap-noise", "0")
TUNE = """X:1
T:The Test
M:4/4
L:1/8
K:D
D2FA d2AF | G2BG F2AF | E2GE D2FD | "A7"E2A2 A4 |
D2FA d2AF | G2BG F2AF | E2GE c2ec | d4 d4 |]
"""


@pytest.fixture
def tune(tmp_path: Path) -> Path:
    path = tmp_path / "test.abc"
    path.write_text(TUNE, encoding="utf-8")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


@pytest.fixture
def fill(tune: Path, out: Path, weights: Path) -> Fill:
    """Fill measures of the test tune, or of another file."""

    def run(*arguments: str, file: Path = tune, measures: str = "3-4") -> int:
        model = ("--model", str(weights), "--device", "cpu", "--out", str(out))
        return main(["fill", str(file), "--measures", measures, *model, *arguments])

    return run


def summary(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "takes.json").read_text(encoding="utf-8"))
    return content


def test_one_file_a_take_is_written_and_a_summary(fill: Fill, out: Path, capsys: Capture) -> None:
    assert fill("--takes", "3") == 0
    names = [f"test-take-{number}.abc" for number in (1, 2, 3)]
    assert sorted(path.name for path in out.iterdir()) == ["takes.json", *names]
    written = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in written[:3]] == names
    assert written[-1] == f"3 takes are in {out}."


def test_the_summary_tells_how_the_takes_came_about(fill: Fill, out: Path, weights: Path) -> None:
    assert fill("--takes", "2", "--seed", "9", "--temperature", "1.5", "--lowest", "D4") == 0
    told = summary(out)
    card = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
    assert (told["file"], told["part"], told["measures"], told["seed"]) == ("test.abc", 1, ["3", "4"], 9)
    assert told["model"] == card["sha256"]
    assert told["variety"]["temperature"] == 1.5
    assert told["limits"] == {"lowest": 62, "highest": None, "stay_in_key": True}
    assert set(told["timings"]) == {"read_s", "load_s", "fill_s"}


def knowing(index: RunIndex | None) -> Callable[[], RunIndex | None]:
    return lambda: index


def test_takes_that_repeat_a_known_tune_name_it(
    fill: Fill, out: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fill("--takes", "1") == 0
    assert summary(out)["takes"][0]["known"] == []
    runs = [run for run in runs_in(open_document(out / "test-take-1.abc").melody()) if run.start < 4 and run.stop > 2]
    index = RunIndex.of((run.hash, "The Spear") for run in runs)
    monkeypatch.setattr(recognising, "known_tunes", knowing(index))
    capsys.readouterr()
    assert fill("--takes", "1") == 0
    assert summary(out)["takes"][0]["known"] == [{"title": "The Spear", "measures": ["3", "4"], "same_tune": False}]
    assert capsys.readouterr().out.splitlines()[0].endswith("nats a tick; measures 3 to 4 are in The Spear")
    index = RunIndex.of((run.hash, "Test") for run in runs)
    monkeypatch.setattr(recognising, "known_tunes", knowing(index))
    assert fill("--takes", "1") == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("are in Test, the same tune")


def test_that_takes_were_not_compared_is_said_once(
    fill: Fill, out: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognising, "known_tunes", knowing(None))
    monkeypatch.setattr(known_tunes, "why_unknown", lambda: "The index cannot be read.")
    assert fill("--takes", "2") == 0
    assert capsys.readouterr().out.splitlines().count("The index cannot be read.") == 1
    assert [take["known"] for take in summary(out)["takes"]] == [None, None]


def test_takes_may_be_asked_to_be_like_the_original(fill: Fill, out: Path, capsys: Capture) -> None:
    assert fill("--similarity", "0.9") == 0
    assert summary(out)["similarity"] == 0.9
    assert fill("--similarity", "2") == 2
    assert "The similarity must be between 0 and 1, not 2." in capsys.readouterr().err


def test_the_summary_measures_every_take(fill: Fill, out: Path) -> None:
    assert fill("--takes", "2") == 0
    for number, take in enumerate(summary(out)["takes"], 1):
        measures = open_document(out / f"test-take-{number}.abc").melody().measures[2:4]
        midi = [note.pitch.midi for measure in measures for note in measure.notes if note.pitch]
        assert (take["lowest"], take["highest"]) == (min(midi), max(midi))
        assert set(take) >= {"files", "seed", "log_likelihood", "out_of_key", "likeness"}
        assert take["log_likelihood"] < 0


def test_takes_are_written_in_further_formats(fill: Fill, out: Path) -> None:
    assert fill("--takes", "1", "--also", "musicxml, midi,abc") == 0
    assert summary(out)["takes"][0]["files"] == ["test-take-1.abc", "test-take-1.musicxml", "test-take-1.mid"]
    assert len(open_document(out / "test-take-1.musicxml").melody().measures) == 8
    assert mido.MidiFile(out / "test-take-1.mid").length > 0


def test_a_single_measure_may_be_filled(fill: Fill, out: Path, tune: Path) -> None:
    assert fill("--takes", "1", measures=" 2 ") == 0
    old, new = (open_document(path).melody().measures for path in (tune, out / "test-take-1.abc"))
    assert [index for index in range(8) if old[index].notes != new[index].notes] == [1]


def test_notes_out_of_key_come_when_asked_for(fill: Fill, out: Path) -> None:
    assert fill("--any-key") == 0
    assert any(take["out_of_key"] for take in summary(out)["takes"])


def test_a_part_may_be_chosen_by_number_or_name(fill: Fill, out: Path) -> None:
    song = resources_folder() / "tunes" / "auld-lang-syne.musicxml"
    for name in ("2", "cello"):
        assert fill("--takes", "1", "--part", name, file=song) == 0
        assert summary(out)["part"] == 2


def test_without_a_folder_the_takes_lie_beside_where_one_works(
    tune: Path, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["fill", str(tune), "--measures", "3", "--takes", "1", "--model", str(weights)]) == 0
    assert (tmp_path / "test-takes" / "takes.json").is_file()


def test_what_could_not_be_kept_is_said(fill: Fill, tmp_path: Path, capsys: Capture) -> None:
    sung = tmp_path / "sung.abc"
    sung.write_text(TUNE.replace("d4 d4 |]\n", "d4 d4 |]\nw: and so we sing to -- ge -- ther\n"), encoding="utf-8")
    assert fill("--takes", "1", file=sung, measures="5-6") == 0
    assert "lyrics" in capsys.readouterr().out.lower()


def test_it_says_when_fewer_takes_were_found(fill: Fill, out: Path, capsys: Capture) -> None:
    assert fill(*LIKELIEST_ONLY) == 0
    written = capsys.readouterr().out
    assert written.startswith("Only 1 different take was found; widen the limits or raise --temperature.\n")
    assert written.endswith(f"1 take is in {out}.\n")


REFUSALS = {
    "measures": ([], "7-90", "test.abc: There is no measure 90; this tune has measures 1 to 8."),
    "order": ([], "4-3", "test.abc: Measure 4 does not come before measure 3; name the earlier one first."),
    "no measures": ([], "?", "test.abc: '?' does not name measures; write 7-10, or 7 for a single one."),
    "part": (["--part", "Flute"], "3", "test.abc has no part 'Flute'; it has 1 (Melody)."),
    "part 0": (["--part", "0"], "3", "test.abc has no part '0'"),
    "format": (["--also", "abc,pdf"], "3", "'pdf' is not a format to write; --also takes abc, musicxml, midi."),
    "takes": (["--takes", "-1"], "3", "The number of takes must be between 1 and 32, not -1."),
    "note": (["--lowest", "H4"], "3", "'H4' is not the name of a pitch, such as F#4 or Bb3."),
    "range": (["--lowest", "C9"], "3", "test.abc: The limits leave no note that may be used;"),
    "device": (["--device", "abacus"], "3", "'abacus' is not a device; choose one of auto, cpu, cuda, mps."),
    "tune": (["--tune", "Another"], "3", "test.abc has no tune 'Another'"),
    "model": (["--model", "nix"], "3", "There is no model called 'nix';"),
    "weights": (["--model", "nix.safetensors"], "3", "The model file nix.json cannot be read"),
}


@pytest.mark.parametrize(("arguments", "measures", "sentence"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_done_is_refused_in_one_sentence_and_nothing_is_written(
    fill: Fill, out: Path, capsys: Capture, arguments: list[str], measures: str, sentence: str
) -> None:
    assert fill(*arguments, measures=measures) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"inpaint-desktop: {sentence}")
    assert error.count("\n") == 1
    assert not out.exists()


def test_when_every_take_would_repeat_the_original_it_is_said_so(fill: Fill, out: Path, capsys: Capture) -> None:
    assert fill(*LIKELIEST_ONLY) == 0
    assert fill(*LIKELIEST_ONLY, file=out / "test-take-1.abc") == 2
    error = capsys.readouterr().err
    assert error.endswith("No take differs from the original; widen the limits or raise --temperature.\n")


def test_an_out_folder_that_is_a_file_is_refused(fill: Fill, out: Path, capsys: Capture) -> None:
    out.write_text("mine", encoding="utf-8")
    assert fill("--takes", "1") == 2
    assert f"{out} is a file, not a folder; choose another place with --out." in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "mine"


def test_an_out_folder_that_cannot_be_made_is_refused(
    tune: Path, weights: Path, tmp_path: Path, capsys: Capture
) -> None:
    model = ["--model", str(weights), "--takes", "1"]
    for folder in (str(tune / "takes"), f"{tmp_path}/\0"):
        assert main(["fill", str(tune), "--measures", "3", "--out", folder, *model]) == 2
        assert "cannot be made" in capsys.readouterr().err
