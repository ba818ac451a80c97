"""Edits by hand, put into real files one after another: what the window shows is what the file says."""

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop import paths
from inpaint_desktop.documents.document import ScoreDocument
from inpaint_desktop.documents.export import EXPORT_SUFFIXES, export
from inpaint_desktop.documents.opening import open_content, open_document
from inpaint_desktop.errors import InpaintDesktopError
from inpaint_desktop.score import clipboard, edits, moving
from inpaint_desktop.score.melody import Melody, Span
from inpaint_desktop.score.places import Change, NotePlace, note_at

if TYPE_CHECKING:
    from collections.abc import Callable

EDITS_IN_A_ROW = 8

lengths = st.sampled_from([length.ticks for length in edits.LENGTHS])
moves = st.builds(moving.Steps, st.integers(-3, 3)) | st.builds(moving.Semitones, st.integers(-3, 3))


@pytest.fixture(scope="module", params=["abc", "musicxml"])
def tune(request: pytest.FixtureRequest) -> ScoreDocument:
    """A tune with a pickup, repeats and endings in each format."""
    document = open_document(paths.resources_folder() / "tunes" / "boys-of-bluehill.abc")
    content = export(document, request.param)
    return open_content(content, "tune" + EXPORT_SUFFIXES[request.param])


def drawn_edit(data: st.DataObject, melody: Melody) -> Change:
    """One of all edits, somewhere in the melody, with any values."""
    index = data.draw(st.integers(0, len(melody.measures) - 1))
    place = NotePlace(index, data.draw(st.integers(0, len(melody.measures[index].notes) - 1)))
    span = Span(index, min(index + 2, len(melody.measures)))
    ticks, move = data.draw(lengths), data.draw(moves)
    made: list[Callable[[], Change]] = [
        lambda: edits.set_length(melody, place, ticks),
        lambda: edits.make_rest(melody, place),
        lambda: edits.make_note(melody, place),
        lambda: edits.insert_note(melody, index, melody.measures[index].duration // 2, ticks),
        lambda: moving.move_note(melody, place, move),
        lambda: moving.move_measures(melody, span, move),
        lambda: clipboard.cut(melody, span),
        lambda: clipboard.pasted(melody, index, melody.measures[1:2]),
    ]
    return data.draw(st.sampled_from(made))()


@settings(max_examples=25)
@given(data=st.data())
def test_every_edit_stands_in_the_file_as_it_was_meant(tune: ScoreDocument, data: st.DataObject) -> None:
    document = tune
    for _ in range(EDITS_IN_A_ROW):
        before = document.melody()
        try:
            change = drawn_edit(data, before)
        except InpaintDesktopError:
            continue
        document = document.with_measures(0, change.span, change.measures).document
        after = document.melody()
        for index, measure in zip(change.span.indices, change.measures, strict=True):
            assert [(note.onset, note.duration, note.pitch) for note in after.measures[index].notes] == [
                (note.onset, note.duration, note.pitch) for note in measure.notes
            ]
        if change.note is not None:
            note_at(after, change.note)
    assert open_content(document.to_bytes(), "tune" + document.suffix).melody() == document.melody()
