"""Locked notes and the contour, as they are held for a part of a score: what edits, takes and files do to them."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.score.edits import make_rest
from inpaint_desktop.score.melody import Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER
from inpaint_desktop.score.moving import Steps, move_note
from inpaint_desktop.ui.editor import Editor, NotePlace
from inpaint_desktop.ui.note_editing import edit_note
from inpaint_desktop.ui.wishes import LinePoint, Wishes

pytestmark = pytest.mark.usefixtures("qtbot")

TUNES = paths.resources_folder() / "tunes"
LINE = (LinePoint(5, 0, 62.0), LinePoint(7, 100, 74.5))
TIED = "X:1\nT:Tied\nM:4/4\nL:1/4\nK:G\n|:G A B z|G A B c-|c2 d2|z4|G4:|\n"
"""The last note of its second measure is tied over the bar line."""


@pytest.fixture
def editor() -> Editor:
    made = Editor()
    made.open(open_document(TUNES / "soldiers-joy.abc"))
    return made


@pytest.fixture
def wishes(editor: Editor) -> Wishes:
    return Wishes(editor)


@pytest.fixture
def tied(tmp_path: Path) -> ScoreDocument:
    path = tmp_path / "tied.abc"
    path.write_text(TIED, encoding="ascii")
    return open_document(path)


def edit(editor: Editor, place: NotePlace, steps: int = 1) -> None:
    """Move a note by hand."""
    editor.select_note(place)
    edit_note(editor, "Move a note", lambda melody, at: move_note(melody, at, Steps(steps)))


def test_a_note_is_locked_and_unlocked_and_it_is_told(wishes: Wishes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wishes.changed):
        wishes.toggle_lock(NotePlace(5, 1))
    assert wishes.locked == {NotePlace(5, 1)}
    assert wishes.is_locked(NotePlace(5, 1))
    with qtbot.waitSignal(wishes.changed):
        wishes.toggle_lock(NotePlace(5, 1))
    assert not wishes.locked


def test_all_parts_of_a_tied_note_are_locked_as_one(editor: Editor, wishes: Wishes, tied: ScoreDocument) -> None:
    editor.open(tied)
    wishes.toggle_lock(NotePlace(2, 0))
    assert wishes.locked == {NotePlace(1, 3), NotePlace(2, 0)}
    wishes.toggle_lock(NotePlace(1, 3))
    assert not wishes.locked


def test_a_rest_is_locked_like_a_note(editor: Editor, wishes: Wishes, tied: ScoreDocument) -> None:
    editor.open(tied)
    wishes.toggle_lock(NotePlace(0, 3))
    assert wishes.locked == {NotePlace(0, 3)}


def test_where_no_note_stands_nothing_is_locked(wishes: Wishes) -> None:
    wishes.toggle_lock(NotePlace(5, 99))
    wishes.toggle_lock(NotePlace(99, 0))
    assert not wishes.locked
    assert not wishes.can_lock(NotePlace(99, 0))


def test_locks_stay_through_edits_of_other_notes_even_where_these_are_counted_anew(
    editor: Editor, wishes: Wishes, tied: ScoreDocument
) -> None:
    editor.open(tied)
    for place in (NotePlace(0, 2), NotePlace(4, 0)):
        wishes.toggle_lock(place)
    for place in (NotePlace(0, 0), NotePlace(0, 1)):  # both quarters before the locked one become one rest
        editor.select_note(place)
        edit_note(editor, "Make a rest", make_rest)
    assert wishes.locked == {NotePlace(0, 1), NotePlace(4, 0)}


def test_a_locked_rest_that_becomes_longer_is_locked_as_a_whole_and_unlocked_as_one(
    editor: Editor, wishes: Wishes, tied: ScoreDocument
) -> None:
    editor.open(tied)
    wishes.toggle_lock(NotePlace(0, 3))
    editor.select_note(NotePlace(0, 2))
    edit_note(editor, "Make a rest", make_rest)
    assert wishes.locked == {NotePlace(0, 2)}
    wishes.toggle_lock(NotePlace(0, 2))
    assert not wishes.locked
    editor.undo_stack.undo()
    assert not wishes.locked


def test_a_changed_note_is_locked_no_more_until_undo_brings_it_back(
    editor: Editor, wishes: Wishes, qtbot: QtBot
) -> None:
    wishes.toggle_lock(NotePlace(5, 0))
    with qtbot.waitSignal(wishes.changed):
        edit(editor, NotePlace(5, 0))
    assert not wishes.locked
    with qtbot.waitSignal(wishes.changed):
        editor.undo_stack.undo()
    assert wishes.locked == {NotePlace(5, 0)}
    editor.undo_stack.redo()
    assert not wishes.locked


def test_what_is_unlocked_is_not_locked_by_undo(editor: Editor, wishes: Wishes) -> None:
    wishes.toggle_lock(NotePlace(5, 0))
    edit(editor, NotePlace(5, 0))
    wishes.clear_locks()
    editor.undo_stack.undo()
    assert not wishes.locked


def test_a_take_on_trial_shows_the_locks_of_the_notes_that_it_has(editor: Editor, wishes: Wishes) -> None:
    melody = editor.melody
    assert melody is not None
    wishes.toggle_lock(NotePlace(5, 0))
    wishes.toggle_lock(NotePlace(5, 1))
    kept, changed = melody.measures[5].notes[:2]
    other = replace(changed, pitch=kept.pitch)
    take = melody.measures[5].with_notes([kept, other, *melody.measures[5].notes[2:]])
    assert changed.pitch != kept.pitch
    editor.show_preview(Span(5, 6), [take])
    assert wishes.shown_locks == {NotePlace(5, 0)}
    assert wishes.locked == {NotePlace(5, 0), NotePlace(5, 1)}
    assert not wishes.can_lock(NotePlace(5, 1))
    wishes.toggle_lock(NotePlace(5, 1))  # a note that only the take has
    editor.show_preview(None)
    assert wishes.shown_locks == {NotePlace(5, 0), NotePlace(5, 1)}


def test_locks_stay_when_a_take_that_has_the_notes_is_kept(editor: Editor, wishes: Wishes) -> None:
    melody = editor.melody
    assert melody is not None
    wishes.toggle_lock(NotePlace(5, 0))
    first, *others = melody.measures[5].notes
    take = melody.measures[5].with_notes([first, *(replace(note, pitch=first.pitch) for note in others)])
    editor.commit_take("Take 1", Span(5, 6), [take], ())
    assert wishes.locked == {NotePlace(5, 0)}


def test_only_locks_inside_the_measures_count_for_them(wishes: Wishes) -> None:
    for place in (NotePlace(4, 0), NotePlace(5, 1), NotePlace(7, 0)):
        wishes.toggle_lock(place)
    assert wishes.locked_in(Span(5, 7)) == {NotePlace(5, 1)}


def test_a_line_is_set_replaced_and_cleared(wishes: Wishes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(wishes.changed):
        wishes.set_contour(reversed(LINE))
    assert list(wishes.contour) == list(LINE)
    wishes.set_contour(LINE[:1])
    assert list(wishes.contour) == list(LINE[:1])
    with qtbot.waitSignal(wishes.changed):
        wishes.clear_contour()
    assert wishes.contour == ()


def test_a_line_keeps_to_the_range_of_midi(wishes: Wishes) -> None:
    wishes.set_contour([LinePoint(0, 0, -3.0), LinePoint(1, 0, 200.0)])
    assert [point.midi for point in wishes.contour] == [0.0, 127.0]


@pytest.mark.parametrize(("span", "counts"), [(Span(6, 8), True), (Span(0, 6), True), (Span(8, 9), False)])
def test_a_line_counts_for_measures_over_which_it_lies(wishes: Wishes, span: Span, counts: bool) -> None:
    wishes.set_contour(LINE)
    assert wishes.contour_over(span) == (LINE if counts else ())


def test_the_line_of_the_notes_that_stand_there_can_be_followed(
    editor: Editor, wishes: Wishes, tied: ScoreDocument
) -> None:
    editor.open(tied)
    wishes.follow_notes(Span(0, 1))
    onsets = [point.onset // TICKS_PER_QUARTER for point in wishes.contour]
    assert onsets == [0, 1, 2, 3]
    assert [point.midi for point in wishes.contour] == [67.0, 69.0, 71.0, 71.0]
    wishes.follow_notes(Span(3, 4))  # nothing but a rest
    assert wishes.contour == ()


def test_how_closely_the_line_is_followed_stays_between_0_and_1(wishes: Wishes, qtbot: QtBot) -> None:
    assert wishes.contour_strength == 0.5
    with qtbot.waitSignal(wishes.changed):
        wishes.set_contour_strength(1.7)
    assert wishes.contour_strength == 1.0
    with qtbot.assertNotEmitted(wishes.changed):
        wishes.set_contour_strength(2.0)


def test_another_file_has_neither_locks_nor_a_line(editor: Editor, wishes: Wishes, qtbot: QtBot) -> None:
    wishes.toggle_lock(NotePlace(5, 0))
    wishes.set_contour(LINE)
    with qtbot.waitSignal(wishes.changed):
        editor.open(open_document(TUNES / "soldiers-joy.abc"))
    assert (wishes.locked, wishes.contour) == (frozenset(), ())


def test_another_part_has_neither_locks_nor_a_line(editor: Editor, wishes: Wishes) -> None:
    editor.open(open_document(TUNES / "auld-lang-syne.musicxml"))
    wishes.toggle_lock(NotePlace(1, 0))
    wishes.set_contour(LINE)
    editor.set_part(1)
    editor.set_part(0)
    assert (wishes.locked, wishes.contour) == (frozenset(), ())


def test_a_file_that_is_read_again_keeps_them_as_far_as_they_are_still_there(
    editor: Editor, wishes: Wishes, tied: ScoreDocument, tmp_path: Path
) -> None:
    editor.open(tied)
    wishes.toggle_lock(NotePlace(0, 0))
    wishes.toggle_lock(NotePlace(1, 0))
    wishes.set_contour([LinePoint(0, 0, 62.0), LinePoint(4, 0, 62.0)])
    shorter = tmp_path / "shorter.abc"
    shorter.write_text(TIED.replace("|:G A B z|G A", "|:A A B z|G A").replace("|G4:|", ":|"), encoding="ascii")
    editor.reopen(open_document(shorter))
    assert wishes.locked == {NotePlace(1, 0)}
    assert wishes.contour == (LinePoint(0, 0, 62.0),)


def test_without_a_score_there_is_nothing_to_lock(wishes: Wishes, editor: Editor) -> None:
    editor.close()
    wishes.toggle_lock(NotePlace(0, 0))
    assert (wishes.locked, wishes.shown_locks) == (frozenset(), frozenset())
