"""Preparing a corpus: the same sources give the same corpus, and a stamp that says all about it."""

import json
import lzma
from pathlib import Path

import pytest

from training import prepare
from training.corpus import Corpus

FIRST = {"source": "one", "title": "First", "group": "g1", "split": "train", "fifths": 1}
SECOND = {"source": "two", "title": "Second", "group": "g2", "split": "valid", "fifths": None}
SAME = {"meter": "4/4", "full_bars": 1, "on_grid": 1, "duplicate": 0}
SECTION = [f"0:48:{67 + place} 48:48:{74 - place}" for place in range(8)]
ABC = "X:1\nT:Third\nM:4/4\nL:1/4\nK:D\n|:DEFG|ABcd|dcBA|GFED|DDEE|FFGG|AABB|ccdd:|\n"


@pytest.fixture
def melodies(tmp_path: Path) -> Path:
    rows = [{**FIRST, **SAME, "bars": "|".join(SECTION * 2)}, {**SECOND, **SAME, "bars": "|".join(SECTION[::-1])}]
    path = tmp_path / "melodies.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, rows)).encode()))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tunes").mkdir()
    (tmp_path / "tunes" / "third.abc").write_text(ABC, encoding="utf-8")
    return tmp_path / "tunes"


def test_both_forms_and_the_stamp_are_written(melodies: Path, folder: Path, tmp_path: Path) -> None:
    words = ["--melodies", str(melodies), "--folder", str(folder), "--out", str(tmp_path / "out")]
    assert prepare.main(words) == 0
    played, notated = (Corpus.load(tmp_path / "out" / f"{name}.npz") for name in ("played", "notated"))
    stamp = json.loads((tmp_path / "out" / "corpus.json").read_text(encoding="utf-8"))
    assert played.starts.tolist() == [0, 16, 24, 40]
    assert notated.starts.tolist() == [0, 8, 16, 24]
    assert stamp["sha256"] == {"played": played.digest(), "notated": notated.digest()}
    assert stamp["tunes"]["read"] == {"one": 1, "tunes": 1, "two": 1}
    assert set(stamp["inputs"]) == {"melodies", "tunes"}


def test_the_same_sources_give_the_same_corpus(melodies: Path, folder: Path) -> None:
    stamps = [prepare.prepare(melodies, prepare.collections_of([folder], music21=False)).stamp for _ in range(2)]
    assert stamps[0] == stamps[1]


def test_sources_can_be_chosen(melodies: Path, folder: Path) -> None:
    made = prepare.prepare(melodies, prepare.collections_of([folder], music21=False), ["two"])
    assert made.stamp["tunes"]["read"] == {"two": 1}
    assert made.stamp["inputs"].keys() == {"melodies"}


def test_plain_lines_are_read_as_well(melodies: Path, tmp_path: Path) -> None:
    plain = tmp_path / "melodies.jsonl"
    plain.write_bytes(lzma.decompress(melodies.read_bytes()))
    made = [prepare.prepare(path, []).played.digest() for path in (melodies, plain)]
    assert made[0] == made[1]


def test_the_collections_of_music21_can_be_named() -> None:
    names = [name for name, _ in prepare.collections_of([], music21=True)]
    assert "music21:oneills1850" in names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--melodies", "nowhere.jsonl.xz"], "cannot be read as melodies"),
        (["--folder", "nowhere"], "is not a folder"),
        ([], "No tunes in common time were found"),
    ],
)
def test_the_command_says_what_is_wrong(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare.main(words) == 2
    assert said in capsys.readouterr().err


def test_a_damaged_file_of_melodies_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "melodies.jsonl.xz").write_bytes(b"not compressed")
    assert prepare.main(["--melodies", str(tmp_path / "melodies.jsonl.xz")]) == 2
    assert "melodies.jsonl.xz cannot be read" in capsys.readouterr().err
