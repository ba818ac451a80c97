"""The corpus: melodies read from lines, encoded, and written once where they were played twice."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.score.melody import Melody
from training.corpus import Corpus, Tune, build, collapse_repeats, is_in_range, read_melodies
from training.trials import Corpora

ROW = {
    "source": "made up",
    "title": "Four Measures",
    "meter": "4/4",
    "fifths": 1,
    "group": "g1",
    "split": "valid",
    "full_bars": 1,
    "on_grid": 1,
    "duplicate": 0,
    "bars": "0:24:67 24:24:r 48:48:71~|0:48:71 60:36:74",
}

A, B = "abcdefgh", "ijklmnop"


def kept(played: str) -> str:
    return "".join(played[index] for index in collapse_repeats(list(played)))


def read(**changes: object) -> list[Tune]:
    return list(read_melodies([json.dumps({**ROW, **changes})]))


@pytest.mark.parametrize(
    ("played", "written"),
    [
        (A + A + B + B, A + B),
        (A + B, A + B),
        (A + "abcdefgX" + B, A + B),
        ("pickup", "pickup"),
        ("abcdabcd", "abcdabcd"),
        (A + B + A + B, A + B),
        ("x" + A + A, "x" + A),
        (A + "abcdefXh", A + "abcdefXh"),
        ("", ""),
    ],
)
def test_a_section_that_follows_itself_is_written_once(played: str, written: str) -> None:
    assert kept(played) == written


@given(st.text("ab", max_size=40))
def test_what_is_kept_stands_in_order(played: str) -> None:
    indices = collapse_repeats(list(played))
    assert indices == sorted(set(indices))


def test_a_melody_is_read_with_its_rests_ties_and_gaps() -> None:
    (tune,) = read()
    first, second = tune.melody.measures
    assert [note.pitch and note.pitch.name for note in first.notes] == ["G4", None, "B4"]
    assert first.notes[-1].ties_on
    assert [note.pitch and note.pitch.name for note in second.notes] == ["B4", None, "D5"]


@pytest.mark.parametrize("change", [{"meter": "6/8"}, {"duplicate": 1}, {"full_bars": 0}, {"on_grid": 0}])
def test_what_does_not_fit_is_left_out(change: dict[str, object]) -> None:
    assert read(**change) == []


def test_sources_can_be_chosen() -> None:
    lines = [json.dumps({**ROW, "source": source}) for source in ("one", "two")]
    assert [tune.source for tune in read_melodies(lines, ["two"])] == ["two"]


def test_an_unknown_signature_stays_unknown() -> None:
    assert build(read(fifths=None), notated=False).fifths.tolist() == [127]


def test_a_melody_without_notes_is_not_in_range() -> None:
    assert not is_in_range(Melody(()))


def test_a_melody_wider_than_the_vocabulary_is_left_out() -> None:
    (wide,) = read(bars="0:24:20 24:24:110 48:48:71")
    assert not is_in_range(wide.melody)
    assert len(build([wide, *read()], notated=False).group) == 1


def test_rows_are_ticks_of_midi_numbers() -> None:
    first = build(read(), notated=False).ticks[0]
    assert {place: int(first[place]) for place in np.flatnonzero(first)} == {0: 67, 6: 1, 12: 71}


def test_a_corpus_comes_back_from_its_file(corpora: Corpora, tmp_path: Path) -> None:
    digest = corpora.played.save(tmp_path / "deep" / "played.npz")
    assert Corpus.load(tmp_path / "deep" / "played.npz").digest() == digest


def test_the_digest_changes_with_one_note(corpora: Corpora) -> None:
    ticks = corpora.played.ticks.copy()
    ticks[3, 0] += 1
    changed = Corpus(**{**corpora.played.__dict__, "ticks": ticks})
    assert changed.digest() != corpora.played.digest()


def test_tunes_are_found_by_split(corpora: Corpora) -> None:
    corpus = corpora.played
    assert [len(corpus.tunes(split)) for split in ("train", "valid", "test")] == [4, 1, 1]
    assert corpus.rows(1) == slice(8, 18)
