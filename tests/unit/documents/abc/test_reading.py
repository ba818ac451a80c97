import subprocess
import sys
from pathlib import Path

import pytest

from inpaint_desktop.documents.abc.located import ScannedVoice
from inpaint_desktop.documents.abc.reading import read_melody
from inpaint_desktop.documents.abc.scanner import scan_tune
from inpaint_desktop.documents.abc.tunes import choose_tune, split_tunes
from inpaint_desktop.score.melody import Melody
from inpaint_desktop.score.meter import TICKS_PER_QUARTER

SESSION = Path(__file__).parents[3] / "data" / "abc" / "session.abc"


def scan(text: str, tune: str | None = None) -> ScannedVoice:
    return scan_tune(text, choose_tune(split_tunes(text), tune, "test.abc"), "test.abc").voices[0]


def read(body: str, key: str = "C", meter: str = "4/4") -> Melody:
    return read_melody(scan(f"X:1\nM:{meter}\nL:1/8\nK:{key}\n{body}\n"))


def names(melody: Melody) -> list[str]:
    """The pitches of each measure in one string, ``z`` for a rest and ``-`` for a tie."""
    return [
        " ".join((note.pitch.name if note.pitch else "z") + "-" * note.ties_on for note in measure.notes)
        for measure in melody.measures
    ]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("C", "C4 F4 B4 E4"),
        ("D", "C#4 F#4 B4 E4"),
        ("Bb", "C4 F4 Bb4 Eb4"),
        ("Gm", "C4 F4 Bb4 Eb4"),
        ("Bloc", "C4 F4 B4 E4"),
        ("Eloc", "C4 F4 Bb4 E4"),
        ("HP", "C#4 F#4 B4 E4"),
        ("D exp _b ^f", "C4 F#4 Bb4 E4"),
        ("Dphr ^f", "C4 F#4 Bb4 Eb4"),
    ],
)
def test_the_key_signature_alters_notes(key: str, expected: str) -> None:
    assert names(read("C2F2 B2E2|", key))[0] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("^F2F2 f2F2|F8|", ["F#4 F#4 F#5 F#4", "F4"]),
        ("^F2=F2 F2_F2|", ["F#4 F4 F4 Fb4"]),
        ("^^F2F2 __B2B2|", ["F##4 F##4 Bbb4 Bbb4"]),
        ("[D^F]2[DF]2 F4|", ["F#4 F#4 F#4"]),
        ("^F4 [K:Bb] F2B2|B8|", ["F#4 F#4 Bb4", "Bb4"]),
    ],
)
def test_accidentals_hold_through_the_measure(body: str, expected: list[str]) -> None:
    assert names(read(body)) == expected


def test_accidentals_hold_in_one_octave_only_where_the_file_says_so() -> None:
    assert names(read("%%propagate-accidentals octave\n^F4f4|")) == ["F#4 F5"]


def test_octave_marks_are_read() -> None:
    assert names(read("C,2C2 c2c'2|")) == ["C3 C4 C5 C6"]


def test_an_octave_in_the_key_field_moves_all_notes() -> None:
    assert names(read("[K:C octave=-1]C4c4|")) == ["C3 C4"]


def test_a_chord_is_read_as_its_top_note() -> None:
    assert names(read("[CEG]4 [gec]4|")) == ["G4 G5"]


def test_a_tie_carries_its_accidental_over_the_barline() -> None:
    assert names(read("G4 ^F4-|F4 F4|")) == ["G4 F#4-", "F#4 F4"]


def test_a_tie_after_the_barline_counts_for_the_note_before() -> None:
    assert names(read("G8|-G8|")) == ["G4-", "G4"]


def test_a_tie_to_another_pitch_is_none() -> None:
    assert names(read("G8-|A8|")) == ["G4", "A4"]


def test_tied_notes_inside_a_measure_are_one_note() -> None:
    (measure,) = read("G2-G3 A3|").measures
    assert [note.duration for note in measure.notes] == [5 * TICKS_PER_QUARTER // 2, 3 * TICKS_PER_QUARTER // 2]


def test_a_rest_of_several_measures_fills_them_all() -> None:
    assert names(read("C8|Z2|D8|")) == ["C4", "z", "z", "D4"]


@pytest.mark.parametrize("tuplet", ["(10:8:10" + "A/" * 10, "A>(3BAB A2 A2 A", "(3:2:12" + "A/" * 12])
def test_what_music21_gives_up_on_is_read_all_the_same(tuplet: str) -> None:
    (measure,) = read(tuplet + "|").measures
    assert {note.pitch.name for note in measure.notes if note.pitch} <= {"A4", "B4"}


def test_structure_comes_with_the_notes() -> None:
    melody = read_melody(scan(SESSION.read_text(encoding="utf-8"), "1"))
    assert [measure.number for measure in melody.measures] == [str(number) for number in range(13)]
    assert [measure.endings for measure in melody.measures][4:6] == [(1,), (2,)]
    assert [str(measure.meter) for measure in melody.measures][6:9] == ["4/4", "3/4", "3/4"]
    assert melody.title == "The Wire Fence"


def test_measures_keep_their_number_however_many_there_are() -> None:
    melody = read("".join(f"{letter}8|" for letter in "CDEFGAB" * 20))
    assert "".join(names(melody)) == "".join(f"{letter}4" for letter in "CDEFGAB" * 20)


def test_importing_the_reader_does_not_import_music21() -> None:
    code = "import sys, inpaint_desktop.documents.abc.reading; print('music21' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
