"""The open score in memory: selection, preview, edits, undo, and what the views are told."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.new_tune import new_tune
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.errors import MeasureLengthError, SelectionError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Note, Span
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.ui.editor import Editor, NotePlace, ReplaceState, Selection
from tests.gui.conftest import DATA

pytestmark = pytest.mark.usefixtures("qtbot")

TUNES = paths.resources_folder() / "tunes"


@pytest.fixture(scope="module")
def reel() -> ScoreDocument:
    return open_document(TUNES / "soldiers-joy.abc")


@pytest.fixture(scope="module")
def song() -> ScoreDocument:
    return open_document(TUNES / "auld-lang-syne.musicxml")


@pytest.fixture(scope="module")
def duet() -> ScoreDocument:
    return open_document(DATA / "musicxml" / "duet_latin1_crlf.xml")


@pytest.fixture
def editor(reel: ScoreDocument) -> Editor:
    made = Editor()
    made.open(reel, TUNES / "soldiers-joy.abc")
    return made


def long_notes(editor: Editor, span: Span, name: str = "D5") -> tuple[Measure, ...]:
    """Measures with one long note each, to stand in the place of those in ``span``."""
    assert editor.melody is not None
    return tuple(
        measure.with_notes([Note(0, measure.duration, Pitch.parse(name))])
        for measure in editor.melody.measures[span.start : span.stop]
    )


def text_of(editor: Editor) -> bytes:
    assert editor.document is not None
    return editor.document.to_bytes()


def test_an_edit_is_one_step_and_undo_brings_back_the_very_same_document(editor: Editor, reel: ScoreDocument) -> None:
    editor.replace_measures("Edit", Span(6, 10), long_notes(editor, Span(6, 10)))
    assert editor.document is not reel
    assert editor.undo_stack.count() == 1
    editor.undo_stack.undo()
    assert editor.document is reel


def test_the_score_is_clean_again_at_the_saved_state(editor: Editor, qtbot: QtBot) -> None:
    assert not editor.is_modified
    with qtbot.waitSignal(editor.modified_changed) as changed:
        editor.replace_measures("Edit", Span(2, 3), long_notes(editor, Span(2, 3)))
    assert changed.args == [True]
    editor.undo_stack.undo()
    assert not editor.is_modified
    editor.undo_stack.redo()
    editor.saved(TUNES / "elsewhere.abc")
    assert not editor.is_modified
    assert editor.path == TUNES / "elsewhere.abc"


def test_a_recovered_score_counts_as_unsaved(editor: Editor) -> None:
    editor.set_unsaved()
    assert editor.is_modified


def test_an_edit_that_cannot_be_changes_nothing(editor: Editor, reel: ScoreDocument) -> None:
    short = replace(long_notes(editor, Span(2, 3))[0], notes=(), duration=0)
    with pytest.raises(MeasureLengthError):
        editor.replace_measures("Edit", Span(2, 3), [short])
    with pytest.raises(SelectionError):
        editor.replace_measures("Edit", Span(90, 91), [short])
    assert editor.document is reel
    assert editor.undo_stack.count() == 0


def test_edits_of_one_key_that_follow_each_other_are_one_step(editor: Editor, reel: ScoreDocument) -> None:
    for name, key in (("D5", "up"), ("E5", "up"), ("F#5", "other")):
        editor.replace_measures(name, Span(2, 3), long_notes(editor, Span(2, 3), name), key=key)
    assert editor.undo_stack.count() == 2
    editor.undo_stack.undo()
    editor.undo_stack.undo()
    assert editor.document is reel


def test_it_knows_which_steps_lead_to_a_score_that_was_there(editor: Editor) -> None:
    scores = [editor.document]
    for name in ("D5", "E5"):
        editor.replace_measures("Edit", Span(1, 3), long_notes(editor, Span(1, 3), name))
        scores.append(editor.document)
    editor.undo_stack.undo()
    assert [editor.steps_to(score) for score in scores if score] == [-1, 0, 1]
    editor.replace_measures("Edit", Span(1, 3), long_notes(editor, Span(1, 3), "F5"))
    assert [editor.steps_to(score) for score in scores if score] == [-2, -1, None]


def test_a_preview_is_shown_and_is_no_edit(editor: Editor, reel: ScoreDocument, qtbot: QtBot) -> None:
    measures = long_notes(editor, Span(6, 8))
    with qtbot.waitSignal(editor.shown_changed):
        editor.show_preview(Span(6, 8), measures)
    assert editor.document is reel
    assert editor.shown_melody is not None
    assert [len(measure.notes) for measure in editor.shown_melody.measures[6:8]] == [1, 1]
    assert not editor.is_modified
    editor.show_preview(None)
    assert editor.shown_document is reel


def test_a_committed_take_is_one_step_with_its_details_and_marks_its_notes(editor: Editor) -> None:
    editor.show_preview(Span(6, 8), long_notes(editor, Span(6, 8)))
    editor.commit_take("Take 2", Span(6, 8), long_notes(editor, Span(6, 8)), (("Seed", "17"),))
    command = editor.undo_stack.command(0)
    assert isinstance(command, ReplaceState)
    assert command.details == (("Seed", "17"),)
    assert editor.preview is None
    assert editor.is_brought(NotePlace(6, 0))
    assert not editor.is_brought(NotePlace(5, 0))
    editor.undo_stack.undo()
    assert not editor.is_brought(NotePlace(6, 0))


def test_keeping_what_is_previewed_makes_the_very_score_that_was_shown(editor: Editor) -> None:
    measures = long_notes(editor, Span(6, 8))
    editor.show_preview(Span(6, 8), measures)
    shown = editor.shown_document
    editor.commit_take("Take 2", Span(6, 8), measures, ())
    assert editor.document is shown
    editor.show_preview(Span(2, 3), long_notes(editor, Span(2, 3)))
    editor.commit_take("Take 3", Span(2, 3), long_notes(editor, Span(2, 3), "E5"), ())
    assert editor.document is editor.shown_document
    assert editor.melody is not None
    assert editor.melody.measures[2:3] == long_notes(editor, Span(2, 3), "E5")


def test_a_previewed_take_is_marked_as_well(editor: Editor) -> None:
    editor.show_preview(Span(6, 8), long_notes(editor, Span(6, 8)))
    assert editor.is_brought(NotePlace(7, 0))


def test_notes_that_the_key_does_not_have_are_marked(editor: Editor) -> None:
    editor.replace_measures("Edit", Span(6, 7), long_notes(editor, Span(6, 7), "F5"))
    assert editor.is_out_of_key(NotePlace(6, 0))
    assert not editor.is_out_of_key(NotePlace(5, 0))
    assert not editor.is_out_of_key(NotePlace(99, 0))


def test_a_selection_grows_from_where_it_began_in_both_directions(editor: Editor) -> None:
    editor.select(6)
    editor.extend_to(9)
    assert editor.span == Span(6, 10)
    editor.extend_to(3)
    assert editor.span == Span(3, 7)


@pytest.mark.parametrize(
    ("steps", "extend", "expected"),
    [
        (1, False, Span(5, 6)),
        (-1, False, Span(3, 4)),
        (2, True, Span(4, 7)),
        (99, True, Span(4, 18)),
        (-99, False, Span(0, 1)),
    ],
)
def test_arrows_move_and_extend_within_the_tune(editor: Editor, steps: int, extend: bool, expected: Span) -> None:
    assert editor.measure_count == 18
    editor.select(4)
    editor.move_selection(steps, extend=extend)
    assert editor.span == expected


def test_arrows_begin_at_the_ends_where_nothing_is_selected(editor: Editor) -> None:
    editor.move_selection(1)
    assert editor.span == Span(0, 1)
    editor.clear_selection()
    editor.move_selection(-1)
    assert editor.span == Span(17, 18)


def test_everything_can_be_selected_and_nothing(editor: Editor, qtbot: QtBot) -> None:
    editor.select_all()
    assert editor.span == Span(0, editor.measure_count)
    with qtbot.waitSignal(editor.selection_changed):
        editor.clear_selection()
    assert editor.span is None


def test_selecting_a_note_selects_its_measure_unless_it_is_selected_already(editor: Editor) -> None:
    editor.select_note(NotePlace(4, 1))
    assert (editor.span, editor.note) == (Span(4, 5), NotePlace(4, 1))
    editor.select(2, 6)
    assert editor.note is None
    editor.select_note(NotePlace(3, 0))
    assert editor.span == Span(2, 7)


def test_a_selected_note_that_an_edit_removed_is_selected_no_more(editor: Editor) -> None:
    editor.select_note(NotePlace(4, 3))
    editor.replace_measures("Edit", Span(4, 5), long_notes(editor, Span(4, 5)))
    assert editor.note is None


def test_another_part_has_its_own_melody(editor: Editor, song: ScoreDocument, qtbot: QtBot) -> None:
    editor.open(song)
    editor.select(2, 5)
    first = editor.melody
    with qtbot.waitSignal(editor.part_changed):
        editor.set_part(1)
    assert editor.melody not in (None, first)
    assert editor.span == Span(2, 6)
    editor.set_part(7)
    assert editor.part == 1


def test_opening_and_closing_forget_what_was_before(editor: Editor, song: ScoreDocument) -> None:
    editor.select(2, 5)
    editor.replace_measures("Edit", Span(2, 3), long_notes(editor, Span(2, 3)))
    editor.open(song)
    assert (editor.span, editor.path, editor.undo_stack.count()) == (None, None, 0)
    editor.close()
    assert (editor.document, editor.melody, editor.measure_count, editor.why_no_melody) == (None, None, 0, "")
    editor.select_all()
    editor.show_preview(Span(0, 1), ())
    editor.replace_measures("Edit", Span(0, 1), ())
    editor.commit_take("Take", Span(0, 1), (), ())
    assert (editor.span, editor.preview, editor.undo_stack.count()) == (None, None, 0)


def test_a_score_that_is_read_again_keeps_part_measures_and_note(
    editor: Editor, song: ScoreDocument, qtbot: QtBot
) -> None:
    editor.open(song)
    editor.select(2, 4)
    editor.select_note(NotePlace(3, 0))
    with qtbot.assertNotEmitted(editor.selection_changed), qtbot.assertNotEmitted(editor.part_changed):
        editor.reopen(open_document(TUNES / "auld-lang-syne.musicxml"))
    assert editor.is_reopened
    assert (editor.part, editor.selection, editor.note) == (0, Selection(2, 4), NotePlace(3, 0))
    editor.open(song)
    assert not editor.is_reopened


def test_what_is_gone_when_a_score_is_read_again_is_chosen_no_longer(editor: Editor, qtbot: QtBot) -> None:
    short = new_tune("Short", Meter(4, 4), KeySignature(0, "major"), measures=4)
    editor.select_note(NotePlace(6, 0))
    editor.select(6, 8)
    with qtbot.waitSignal(editor.selection_changed):
        editor.reopen(short)
    assert (editor.selection, editor.note) == (None, None)
    editor.select(1, 3)
    editor.reopen(new_tune("Shorter", Meter(4, 4), KeySignature(0, "major"), measures=2))
    assert editor.selection == Selection(1, 1)


def test_a_part_that_is_gone_when_a_score_is_read_again_gives_way_to_the_first(
    editor: Editor, reel: ScoreDocument, duet: ScoreDocument, qtbot: QtBot
) -> None:
    editor.open(duet)
    editor.set_part(1)
    editor.select(2)
    with qtbot.waitSignal(editor.part_changed):
        editor.reopen(reel)
    assert (editor.part, editor.selection) == (0, None)


def test_what_an_edit_could_not_keep_is_told(editor: Editor, song: ScoreDocument, qtbot: QtBot) -> None:
    editor.open(song)
    with qtbot.waitSignal(editor.told) as told:
        editor.commit_take("Take", Span(2, 4), long_notes(editor, Span(2, 4), "A4"), ())
    assert "lyrics" in told.args[0].lower()
