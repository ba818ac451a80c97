"""The score, the selection and the note in words."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER as QUARTER
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.describing import key_in_words, note_in_words, note_name, view_in_words
from inpaint_desktop.ui.editor import Editor, NotePlace
from tests.gui.conftest import DATA


@pytest.fixture
def editor(qtbot: QtBot) -> Editor:
    del qtbot  # it makes the application
    made = Editor()
    made.open(open_document(paths.resources_folder() / "tunes" / "soldiers-joy.abc"))
    return made


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (KeySignature(1), "G major"),
        (KeySignature(-2, "minor"), "G minor"),
        (KeySignature(6), "F♯ major"),
        (KeySignature(-2), "B♭ major"),
        (KeySignature(2, "dorian"), "E dorian"),
        (KeySignature(0, "none of ours"), "C major"),
    ],
)
def test_a_key_is_named_by_its_tonic_and_mode(key: KeySignature, words: str) -> None:
    assert key_in_words(key) == words


def test_a_view_is_described_by_selection_key_and_meter(editor: Editor) -> None:
    assert view_in_words(editor) == "nothing selected, 17 measures, D major, 4/4"
    editor.select(3, 6)
    assert view_in_words(editor) == "measures 3 to 6 of 17, D major, 4/4"
    editor.close()
    assert view_in_words(editor) == ""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Bc|ddee|", "1 measure"),  # after a pickup
        ("ddee|ffff|", "2 measures"),
    ],
)
def test_measures_are_counted_as_they_are_numbered(editor: Editor, tmp_path: Path, body: str, words: str) -> None:
    path = tmp_path / "tune.abc"
    path.write_text(f"X:1\nT:Small\nM:4/4\nL:1/4\nK:C\n{body}\n", encoding="ascii")
    editor.open(open_document(path))
    assert view_in_words(editor).startswith(f"nothing selected, {words}, ")


def test_a_measure_that_is_split_counts_once(editor: Editor) -> None:
    editor.open(open_document(DATA / "musicxml" / "changes.musicxml"))  # has measures 0, 1, X1, 2, 3 and 4
    editor.select(1, 2)
    assert view_in_words(editor).startswith("measures 1 to X1 of 4, ")


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (Note(0, QUARTER, Pitch("B", -1, 4)), "note B♭4, quarter"),
        (Note(0, QUARTER * 3 // 2, Pitch("F", 1, 5)), "note F♯5, dotted quarter"),
        (Note(0, QUARTER // 3, Pitch("D", 0, 5)), "note D5, triplet eighth"),
        (Note(0, QUARTER // 2, None), "rest, eighth"),
        (Note(0, QUARTER * 5 // 2, Pitch("D", 0, 5)), "note D5"),
    ],
)
def test_a_note_is_named_by_pitch_and_length(editor: Editor, note: Note, words: str) -> None:
    assert editor.melody is not None
    measure = editor.melody.measures[3]
    rest = replace(note, onset=note.duration, duration=measure.duration - note.duration, pitch=Pitch("D", 0, 5))
    editor.replace_measures("Edit", Span(3, 4), [measure.with_notes([note, rest])])
    editor.select_note(NotePlace(3, 0))
    assert note_in_words(editor) == words


def test_notes_without_a_key_have_the_names_that_musicians_use() -> None:
    assert [note_name(midi) for midi in (55, 60, 66, 70)] == ["G3", "C4", "F♯4", "B♭4"]


def test_without_a_selected_note_there_are_no_words(editor: Editor) -> None:
    assert note_in_words(editor) == ""
