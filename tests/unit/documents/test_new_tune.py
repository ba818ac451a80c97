"""New tunes: rests that open again as what they were made as, and that take notes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.documents.new_tune import UNTITLED, new_tune
from inpaint_desktop.documents.opening import open_document
from inpaint_desktop.errors import SettingsError
from inpaint_desktop.score.edits import insert_note, make_note, make_rest, set_length
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.moving import Semitones, Steps, move_note
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import Change, NotePlace, note_at

METER, KEY = Meter(4, 4), KeySignature(2, "major")
METERS = [
    Meter(beats, beat_type) for beats, beat_type in ((2, 4), (3, 4), (2, 2), (3, 8), (5, 4), (6, 8), (7, 8), (12, 8))
]
MODES = ("", "major", "minor", "dorian", "mixolydian")


def test_a_new_tune_is_plain_abc() -> None:
    document = new_tune("The Start", METER, KEY, measures=5, tempo_bpm=100)
    assert document.to_bytes().decode() == (
        "X:1\nT:The Start\nM:4/4\nL:1/8\nQ:1/4=100\nK:D\nz8 | z8 | z8 | z8 |\nz8 |]\n"
    )
    assert (document.title, document.file_name, document.suffix) == ("The Start", UNTITLED, ".abc")


@settings(max_examples=25)
@given(
    st.sampled_from(METERS),
    st.integers(-4, 4),
    st.sampled_from(MODES),
    st.integers(1, 9),
    st.sampled_from([None, 92.5]),
)
def test_a_new_tune_is_what_it_is_when_it_is_opened_again(
    tmp_path_factory: pytest.TempPathFactory, meter: Meter, fifths: int, mode: str, measures: int, tempo: float | None
) -> None:
    pickup = TICKS_PER_QUARTER // 2 if measures % 2 else 0
    document = new_tune("A", meter, KeySignature(fifths, mode), measures=measures, tempo_bpm=tempo, pickup=pickup)
    path = tmp_path_factory.mktemp("new") / UNTITLED
    path.write_bytes(document.to_bytes())
    assert open_document(path) == document
    melody = document.melody()
    assert all(len(measure.notes) == 1 and measure.notes[0].is_rest for measure in melody.measures)
    assert [measure.duration for measure in melody.measures] == [pickup] * bool(pickup) + [meter.ticks] * measures
    assert {measure.tempo_bpm for measure in melody.measures} == {tempo}
    assert {measure.key.fifths for measure in melody.measures} == {fifths}
    assert melody.measures[0].number == ("0" if pickup else "1")


def test_line_breaks_in_a_title_become_spaces() -> None:
    assert new_tune("One\nK:C\r\n\r\nX:2", METER, KEY).title == "One K:C X:2"


def test_a_tune_may_have_no_title() -> None:
    assert new_tune("", METER, KEY).title == ""


@pytest.mark.parametrize(
    ("sentence", "changes"),
    [
        ("A tune has 1 to 1,999 measures, not 0.", {"measures": 0}),
        ("A tune has 1 to 1,999 measures, not 2,000.", {"measures": 2000}),
        ("3/5 is not a meter", {"meter": Meter(3, 5)}),
        ("0/4 is not a meter", {"meter": Meter(0, 4)}),
        ("4/128 is not a meter", {"meter": Meter(4, 128)}),
        ("A key has up to 7 sharps or flats, not 8.", {"key": KeySignature(-8)}),
        ("A pickup is shorter", {"pickup": METER.ticks}),
        ("A tempo has to be", {"tempo_bpm": 0}),
        ("A tempo has to be", {"tempo_bpm": float("nan")}),
    ],
)
def test_a_tune_that_cannot_be_is_refused_in_a_sentence(sentence: str, changes: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=f"^{sentence}"):
        new_tune(**{"title": "A", "meter": METER, "key": KEY, **changes})


EDITS: list[Callable[..., Change]] = [
    lambda melody: insert_note(melody, 0, TICKS_PER_QUARTER, TICKS_PER_QUARTER, Pitch("F", 1, 4)),
    lambda melody: set_length(melody, NotePlace(0, 1), 2 * TICKS_PER_QUARTER),
    lambda melody: make_note(melody, NotePlace(0, 2)),
    lambda melody: move_note(melody, NotePlace(0, 2), Steps(2)),
    lambda melody: move_note(melody, NotePlace(0, 1), Semitones(1)),
    lambda melody: make_note(melody, NotePlace(1, 0)),
    lambda melody: set_length(melody, NotePlace(0, 1), TICKS_PER_QUARTER * 2 // 3),
    lambda melody: make_rest(melody, NotePlace(0, 1)),
]


def test_a_tune_is_written_by_hand_and_each_note_stands_where_the_edit_says(tmp_path: Path) -> None:
    document = new_tune("By hand", METER, KEY, measures=2)
    for edit in EDITS:
        before = document.melody()
        change = edit(before)
        document = document.with_measures(0, change.span, change.measures).document
        assert document.melody() == before.with_measures(change.span, change.measures)
        assert change.note is not None
        note_at(document.melody(), change.note)
    path = tmp_path / "tune.abc"
    path.write_bytes(document.to_bytes())
    assert open_document(path).melody() == document.melody()
