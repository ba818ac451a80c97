"""What a score is in another format."""

import re
from pathlib import Path

import pytest

from inpaint_desktop.documents.conversion import conversion_losses, converted, format_of
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_content, open_document
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.pitch import Pitch

ROOT = Path(__file__).parents[3]
ABC = ROOT / "resources" / "tunes" / "soldiers-joy.abc"
FERRY = ROOT / "tests" / "data" / "musicxml" / "ferry.musicxml"
DUET = ROOT / "tests" / "data" / "musicxml" / "duet_latin1_crlf.xml"


@pytest.fixture(scope="module", params=[ABC, DUET], ids=["abc", "musicxml"])
def document(request: pytest.FixtureRequest) -> ScoreDocument:
    return open_document(request.param)


@pytest.mark.parametrize("suffix", [".abc", ".musicxml", ".mxl"])
def test_a_copy_in_any_format_has_the_same_notes(document: ScoreDocument, suffix: str) -> None:
    copy = open_content(converted(document, suffix, 0), f"copy{suffix}")
    assert copy.suffix == suffix
    notes, copied = ([one.notes for one in melody.measures] for melody in (document.melody(), copy.melody()))
    assert notes == copied


def test_in_its_own_format_a_score_keeps_every_byte(document: ScoreDocument) -> None:
    assert converted(document, document.suffix) == document.to_bytes()
    assert conversion_losses(document, document.suffix) == ()


def test_packing_musicxml_loses_nothing() -> None:
    duet = open_document(DUET)
    packed = open_content(converted(duet, ".mxl"), "duet.mxl")
    assert conversion_losses(duet, ".mxl") == ()
    assert converted(packed, ".musicxml") == DUET.read_bytes()
    assert "packed with the score" in conversion_losses(packed, ".musicxml")[0]


def test_abc_has_each_part_as_a_voice() -> None:
    duet = open_document(DUET)
    copy = open_content(converted(duet, ".abc", 1), "copy.abc")
    assert [part.name for part in copy.parts] == [part.name for part in duet.parts]
    for index in range(len(duet.parts)):
        assert [m.notes for m in copy.melody(index).measures] == [m.notes for m in duet.melody(index).measures]
        assert [m.key.fifths for m in copy.melody(index).measures] == [
            m.key.fifths for m in duet.melody(index).measures
        ]


@pytest.mark.parametrize("semitones", [-2, -21, 12, 7])
def test_a_transposing_part_sounds_the_same_in_every_format(semitones: int) -> None:
    tune = open_content(f"X:1\nM:4/4\nL:1/4\nK:D transpose={semitones}\nDFAd|[K:C transpose=0]C4|]\n".encode(), "a.abc")
    score = open_content(converted(tune, ".musicxml"), "a.musicxml")
    again = open_content(converted(score, ".abc"), "b.abc")
    for document in (tune, score, again):
        assert [measure.transposition for measure in document.melody().measures] == [semitones, 0]
        assert document.melody().measures[0].notes == tune.melody().measures[0].notes


def test_a_clef_with_an_8_is_drawn_where_it_was_and_sounds_an_octave_lower() -> None:
    tenor = open_content(b"X:1\nM:4/4\nL:1/4\nK:C clef=treble-8\nc4|]\n", "tenor.abc")
    score = open_content(converted(tenor, ".musicxml"), "tenor.musicxml")
    assert score.parts[0].measures[0].clef == "treble 8vb"
    for document in (tenor, score):
        assert document.melody().measures[0].notes[0].pitch == Pitch("C", 0, 4)


def test_an_edit_below_a_clef_with_an_8_is_written_by_its_letters() -> None:
    tenor = open_content(b"X:1\nM:4/4\nL:1/4\nK:C clef=treble-8\nc4|]\n", "tenor.abc")
    measure = tenor.melody().measures[0]
    new = measure.with_notes([Note(0, measure.duration, Pitch("D", 0, 4))])
    assert tenor.with_measures(0, Span(0, 1), [new]).document.to_bytes().endswith(b"clef=treble-8\nd4|]\n")


def test_chord_symbols_and_lyrics_come_with_the_notes(tmp_path: Path) -> None:
    path = tmp_path / "song.abc"
    song = '"G"GA "D7/F#"B2 | "Am"c2 zc |]\nw: Al-le-lu | ia~a -\nw: two * words | so on\n'
    path.write_text(f"X:1\nT:Song\nM:4/4\nL:1/4\nK:G\n{song}", encoding="utf-8")
    score = open_content(converted(open_document(path), ".musicxml"), "song.musicxml")
    text = converted(score, ".abc").decode()
    assert "T:Song\n" in text
    assert '"G"G2A2 "D7/F#"B4 | "Am"c4 z2c2 |]\nw: Al-le-lu | ia~a *\nw: two * words | so on\n' in text


def test_names_tempos_in_words_and_barlines_come_along() -> None:
    written = (
        'X:1\nT:Song\nC:Ann Example\nA:Bob Example\nM:4/4\nL:1/4\nQ:"Warmly" 1/4=92\nK:G\n'
        'G4 || [Q:"Faster"1/4=92]A4 .| B4 |] [1 G4 | A4 :| [2 G4 || [Q:1/4=60]A4 |]\n'
    )
    tune = open_content(written.encode(), "song.abc")
    score = open_content(converted(tune, ".musicxml"), "song.musicxml")
    text = converted(score, ".abc").decode()
    assert text.startswith("X:1\nT:Song\nC:Ann Example\n")
    assert 'A:Bob Example\nM:4/4\nL:1/8\nQ:"Warmly" 1/4=92\nK:G\n' in text
    music = 'G8 || [Q:"Faster" 1/4=92] A8 .| B8 |] [1 G8 |\nA8 :| [2 G8 || [Q:1/4=60] A8 |]\n'
    assert text.endswith(music)


def test_signs_in_a_tempo_break_nothing() -> None:
    words = "<words>Slow [&quot;100%&quot;]</words>"
    tempo = f'<direction><direction-type>{words}</direction-type><sound tempo="50"/></direction>'
    first = FERRY.read_text(encoding="utf-8")
    text = re.sub(r"<direction .*?</direction>", tempo, first, count=1, flags=re.DOTALL)
    copy = converted(open_content(text.encode(), "song.musicxml"), ".abc")
    assert b'Q:"Slow 100" 1/4=50\n' in copy
    assert open_content(copy, "copy.abc").melody().measures[0].tempo_bpm == 50


def test_what_a_copy_leaves_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "layers.abc"
    path.write_text("X:1\nM:4/4\nL:1/4\nK:C\nC2 & E2|G4|\nW:la la\n", encoding="utf-8")
    left_out, kept = conversion_losses(open_document(DUET), ".abc")
    assert left_out.startswith("Dynamics")
    assert "the lower notes of chords, words above the staff other than those of a tempo" in left_out
    assert "transposition, repeats, endings, D.C., D.S., Fine and coda, double barlines" in kept
    assert "Comments" in conversion_losses(open_document(ABC), ".mxl")[0]
    said = " ".join(conversion_losses(open_document(path), ".musicxml"))
    assert "Second layers (&)" in said
    assert "words below the tune (W:)" in said


@pytest.mark.parametrize(
    ("suffix", "expected"), [(".XML", ".musicxml"), (".txt", ".abc"), (".mxl", ".mxl"), (".tune", ".abc"), ("", ".abc")]
)
def test_the_suffix_names_the_format(suffix: str, expected: str) -> None:
    assert format_of(suffix, open_document(ABC)) == expected
