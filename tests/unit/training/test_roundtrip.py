"""The check of whole fills: it passes what is right, and reports what is planted."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inpaint_desktop.documents.export import export
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.isolation import ChildProcess
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from training.readers import MUSIC21, VEROVIO, Reader
from training.roundtrip import CHECKS, Failure, Filled, Tools, check_take, check_tune, fill, report, with_pickup

SPAN = Span(2, 4)


@pytest.fixture(scope="module")
def tools(engine: InpaintNetEngine) -> Iterator[Tools]:
    with ChildProcess() as child, Reader(MUSIC21) as music21, Reader(VEROVIO) as verovio:
        yield Tools(engine, child, music21, verovio)


@pytest.fixture
def path(make_tune: Callable[..., Melody], tmp_path: Path) -> Path:
    path = tmp_path / "tune-000.abc"
    path.write_bytes(export(make_tune(6, fifths=2), "abc"))
    return path


@pytest.fixture
def filled(path: Path, tools: Tools) -> Filled:
    document = tools.open(path)
    return fill(document, FillRequest(document.melody(), SPAN, takes=1), tools.engine, path.parent)[0]


def failed(filled: Filled, tools: Tools) -> set[str]:
    return {check for check, _ in check_take(filled, tools)}


@pytest.mark.parametrize("name", ["abc", "musicxml"])
def test_a_tune_that_keeps_all_promises_has_no_failures(
    make_tune: Callable[..., Melody], tmp_path: Path, tools: Tools, name: str
) -> None:
    path = tmp_path / f"tune-000.{name}"
    path.write_bytes(export(make_tune(5, pickup=1, section=2), name))
    assert check_tune(path, Span(1, 4), 7, tools) == []


def test_a_changed_byte_outside_is_reported(filled: Filled, tools: Tools) -> None:
    filled.path.write_bytes(filled.path.read_bytes().replace(b"L:1/8", b"L: 1/8"))
    assert failed(filled, tools) == {"outside equal to the byte"}


def test_other_notes_are_reported(filled: Filled, tools: Tools) -> None:
    filled.path.write_bytes(filled.original.to_bytes())
    assert failed(filled, tools) == {"notes as proposed", "music21 reads the notes"}


def test_other_lengths_are_reported(filled: Filled, tools: Tools) -> None:
    text = filled.path.read_text(encoding="utf-8")
    filled.path.write_text(text.replace(" |]", "z2 |]"), encoding="utf-8")
    assert "lengths exact" in failed(filled, tools)


def test_a_file_that_does_not_open_is_reported(filled: Filled, tools: Tools) -> None:
    filled.path.write_bytes(b"no tune at all")
    assert failed(filled, tools) == {"notes as proposed"}


def test_a_reader_that_crashes_is_started_again(tmp_path: Path) -> None:
    path = tmp_path / "a.abc"
    program = "import sys\nfor line in sys.stdin:\n    print([1] if 'good' in line else sys.exit(1), flush=True)"
    with Reader(program) as reader:
        assert reader.read(path) == "It crashed, or took too long."
        assert reader.read(tmp_path / "good.abc") == [1]
        assert reader._process is not None
        os.kill(reader._process.pid, 9)
        reader._process.wait()
        assert reader.read(tmp_path / "good.abc") == "It crashed, or took too long."


def test_what_music21_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.musicxml").write_text("<nothing", encoding="utf-8")
    with Reader(MUSIC21) as reader:
        assert "Error" in str(reader.read(tmp_path / "a.musicxml"))


def test_a_pickup_takes_the_last_quarter(make_tune: Callable[..., Melody]) -> None:
    melody = make_tune(4)
    moved = with_pickup(melody)
    assert [measure.duration // TICKS_PER_QUARTER for measure in moved.measures] == [1, 4, 4, 4, 3]
    assert moved.measures[1:4] == melody.measures[:3]
    first, last = moved.measures[0].notes, moved.measures[-1].notes
    assert {note.pitch for note in (*first, *last)} == {note.pitch for note in melody.measures[-1].notes}


def test_the_table_counts_tunes_and_names_failures() -> None:
    lines: list[str] = []
    failures = [Failure(CHECKS[0], f"tune-00{number}-1.abc", "words") for number in (1, 1, 2)]
    report({"abc": failures, "musicxml": []}, 10, lines.append)
    assert lines[2] == f"| {CHECKS[0]} | 8 | 10 |"
    assert len(lines) == 2 + len(CHECKS) + 3
