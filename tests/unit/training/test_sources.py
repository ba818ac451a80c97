"""Tunes from files: what fits is played out, what does not is counted."""

from pathlib import Path

import pytest

from inpaint_desktop.documents.midi import melody_to_midi
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.melody import Melody
from training.corpus import Tune
from training.sources import MUSIC21_COLLECTIONS, Found, Reader, files_in, hash_of, music21_folder

TUNES = Path(__file__).parents[3] / "resources" / "tunes"
REEL = """X:1
T:The First
M:4/4
L:1/8
K:G
D2|:G2BG DGBG|A2cA EAcA|G2BG DGBd|1 c2AF G2D2:|2 c2AF G4||

X:2
T:A Jig
M:6/8
L:1/8
K:D
DED F2A|d2f ecA|

X:3
T:In Thirty-seconds
M:C
L:1/8
K:C
C/4D/4E/4F/4 G7|C8|D8|E8|

X:4
T:Too Long a Measure
M:C|
L:1/8
K:C
C8|D9|E8|F8|
"""


def read(path: Path) -> tuple[list[Found], dict[str, int]]:
    reader = Reader()
    return list(reader.read(path, "mine")), dict(reader.left_out)


@pytest.fixture
def reels(tmp_path: Path) -> Path:
    path = tmp_path / "reels.abc"
    path.write_text(REEL, encoding="utf-8")
    return path


def test_tunes_that_fit_are_taken_and_others_counted(reels: Path) -> None:
    found, left_out = read(reels)
    assert [tune.melody.title for tune in found] == ["The First"]
    assert left_out == {"another meter": 1, "off the grid": 1, "irregular or very short": 1}


def test_repeats_and_endings_are_played_out_and_pickups_joined(reels: Path) -> None:
    (tune,), _ = read(reels)
    measures = tune.melody.measures
    assert len(measures) == 9
    assert all(measure.is_full for measure in measures)
    assert measures[0].notes[0].is_rest
    assert measures[1] == measures[5]


def test_lines_before_the_first_tune_hold_for_all(tmp_path: Path) -> None:
    path = tmp_path / "book.abc"
    path.write_text("M:4/4\nL:1/4\n\n" + "X:1\nT:Plain\nK:C\nCDEF|CDEF|CDEF|CDEF|\n", encoding="utf-8")
    found, left_out = read(path)
    assert (len(found), left_out) == (1, {})


def test_musicxml_is_read() -> None:
    found, left_out = read(TUNES / "auld-lang-syne.musicxml")
    assert len(found) + sum(left_out.values()) == 1
    assert "not readable" not in left_out


def test_midi_is_read(tunes: list[Tune], tmp_path: Path) -> None:
    (tmp_path / "tune.mid").write_bytes(melody_to_midi(tunes[0].melody))
    (found,), _ = read(tmp_path / "tune.mid")
    assert len(found.melody.measures) == 8


@pytest.mark.parametrize("name", ["broken.mid", "broken.musicxml"])
def test_what_cannot_be_read_is_counted(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"<nothing")
    assert read(tmp_path / name) == ([], {"not readable": 1})


def test_of_several_voices_the_first_is_taken(tmp_path: Path) -> None:
    voices = "".join(f"V:{number}\n{note}8|{note}8|{note}8|{note}8|\n" for number, note in enumerate("CE", 1))
    (tmp_path / "two.abc").write_text(f"X:1\nM:4/4\nL:1/8\nK:C\n{voices}", encoding="utf-8")
    (found,), _ = read(tmp_path / "two.abc")
    assert {note.pitch.name for measure in found.melody.measures for note in measure.notes if note.pitch} == {"C4"}


def test_files_are_found_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("b.abc", "deep/a.MID", "c.musicxml", "notes.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [path.name for path in files_in(tmp_path)] == ["b.abc", "c.musicxml", "a.MID"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a folder"):
        files_in(tmp_path / "nowhere")


def test_a_hash_changes_with_any_byte(tmp_path: Path) -> None:
    (tmp_path / "a.abc").write_bytes(b"one")
    before = hash_of(files_in(tmp_path))
    (tmp_path / "a.abc").write_bytes(b"two")
    assert hash_of(files_in(tmp_path)) != before


def test_music21_brings_its_folk_collections() -> None:
    assert all(files_in(music21_folder() / name) for name in MUSIC21_COLLECTIONS)


def test_a_melody_without_measures_is_of_no_use() -> None:
    reader = Reader()
    assert reader.usable(Melody(())) is None
