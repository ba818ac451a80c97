"""``info``: what is in a score, in a musician's words."""

from pathlib import Path

import pytest

from inpaint_desktop.cli import main
from inpaint_desktop.cli.info import key_name
from inpaint_desktop.paths import resources_folder
from inpaint_desktop.score.key import KeySignature

pytestmark = pytest.mark.usefixtures("own_folders")
Capture = pytest.CaptureFixture[str]


def lines_about(path: Path, capsys: Capture) -> list[str]:
    assert main(["info", str(path)]) == 0
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_reel_is_described(capsys: Capture) -> None:
    lines = lines_about(resources_folder() / "tunes" / "soldiers-joy.abc", capsys)
    assert lines == [
        "Soldier's Joy",
        "",
        "Part 1: Melody",
        "measures 0 to 17 (18 in all)",
        "meter 4/4",
        "key 2 sharps",
        "clef treble",
        "tempo 192 quarters a minute",
        "pickup yes",
        "repeats back at the end of measure 8, 17",
        "range D4 to B5",
    ]


def test_every_part_is_described(capsys: Capture) -> None:
    lines = lines_about(resources_folder() / "tunes" / "auld-lang-syne.musicxml", capsys)
    assert [line for line in lines if line.startswith(("Part", "clef"))] == [
        "Part 1: Voice",
        "clef treble",
        "Part 2: Cello",
        "clef bass",
    ]


def test_changes_are_named_with_their_measure(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "changes.abc"
    text = "X:1\nM:4/4\nL:1/4\nK:G\nGABc|dcBA|[M:3/4][K:F]FGA|[Q:1/4=90]cBA|FED|]\n"
    path.write_text(text, encoding="utf-8")
    lines = lines_about(path, capsys)
    assert "meter 4/4, 3/4 from measure 3" in lines
    assert "key 1 sharp, 1 flat from measure 3" in lines
    assert "tempo 90 quarters a minute from measure 4" in lines


def test_endings_are_named(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "endings.abc"
    path.write_text("X:1\nT:E\nM:4/4\nL:1/4\nK:C\nCDEF|1GFED:|2GEDC|]\n", encoding="utf-8")
    assert "repeats back at the end of measure 2; endings 1 at measure 2, 2 at measure 3" in lines_about(path, capsys)


def test_a_tune_of_rests_has_no_range(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "rests.abc"
    path.write_text("X:1\nT:R\nM:4/4\nL:1/4\nK:C\nz4|z4|]\n", encoding="utf-8")
    assert "range only rests" in lines_about(path, capsys)


def part(name: str, sound: str) -> tuple[str, str]:
    """A MusicXML part of one whole note: its entry in the list, and itself."""
    return (
        f'<score-part id="{name}"><part-name>{name}</part-name></score-part>',
        f'<part id="{name}"><measure number="1"><attributes><divisions>1</divisions><time><beats>4</beats>'
        f"<beat-type>4</beat-type></time></attributes><note>{sound}<duration>4</duration></note></measure></part>",
    )


def test_a_part_that_is_no_melody_is_described_and_the_reason_told(tmp_path: Path, capsys: Capture) -> None:
    pitched = "<pitch><step>C</step><octave>4</octave></pitch>"
    drummed = "<unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched>"
    (flute_entry, flute), (drum_entry, drum) = part("Flute", pitched), part("Drum", drummed)
    path = tmp_path / "duo.musicxml"
    path.write_text(
        f'<?xml version="1.0"?><score-partwise version="4.0"><part-list>{flute_entry}{drum_entry}</part-list>'
        f"{flute}{drum}</score-partwise>",
        encoding="utf-8",
    )
    lines = lines_about(path, capsys)
    assert "range C4 to C4" in lines
    assert lines[lines.index("Part 2: Drum") + 2] == "meter 4/4"
    assert "notes without a pitch" in lines[-1]


@pytest.mark.parametrize(
    ("fifths", "name"), [(0, "no sharps or flats"), (1, "1 sharp"), (4, "4 sharps"), (-1, "1 flat"), (-7, "7 flats")]
)
def test_keys_are_named_by_their_signature(fifths: int, name: str) -> None:
    assert key_name(KeySignature(fifths)) == name
