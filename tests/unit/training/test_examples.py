"""Figures 7 and 8: tunes by rule, and files that hold the takes in their place."""

from pathlib import Path

import pytest

from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.isolation import ChildProcess
from training import examples
from training.choose import melody_of
from training.examples import GAP, MEASURES, Version, picture, tunes_of
from training.trials import Corpora


def test_the_first_tunes_that_are_long_enough_are_taken(corpora: Corpora) -> None:
    corpus = corpora.notated
    found = tunes_of(corpus, "test", 5)
    whole = melody_of(corpus, int(corpus.tunes("test")[0])).measures
    assert [one.measures for one in found] == [whole[:MEASURES]]
    assert tunes_of(corpus, "train", 5) == []


def test_what_is_filled_is_drawn_in_another_colour_and_the_real_measures_are_not(corpora: Corpora) -> None:
    (melody,) = tunes_of(corpora.notated, "test", 1)
    versions = [Version(name, melody) for name in ("one", "two", examples.REAL)]
    with ChildProcess() as child:
        drawing = picture(versions, "Tune", child).decode("utf-8")
    notes = sum(len(melody.measures[index].notes) for index in GAP.indices)
    assert drawing.count(f'color="{examples.NEW}" fill') == 2 * notes
    assert all(name in drawing for name in ("one", "two", "real measures", 'id="n2-15-0"'))


def test_the_command_writes_pictures_and_scores(weights: Path, corpora: Corpora, tmp_path: Path) -> None:
    corpora.played.save(tmp_path / "played.npz")
    corpora.notated.save(tmp_path / "notated.npz")
    out = tmp_path / "out"
    words = ["--models", str(weights), "--split", "test", "--corpus", str(tmp_path), "--tunes", "1", "--device", "cpu"]
    assert examples.main([*words, "--out", str(out)]) == 0
    names = {path.name for path in out.iterdir()}
    assert {"figure-7-tune-1.svg", "figure-7-tune-1-tiny.mid", "figure-8-tune-1-tiny-3.musicxml"} <= names
    (melody,) = tunes_of(corpora.notated, "test", 1)
    take = open_document(out / "figure-7-tune-1-tiny.musicxml").melody(0)
    for index, measure in enumerate(melody.measures):
        assert (take.measures[index].notes == measure.notes) is (index not in GAP.indices)


def test_what_is_missing_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert examples.main(["--folders", str(tmp_path)]) == 2
    assert "There is no exported model" in capsys.readouterr().err
