from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.documents.rhythm import kind_and_dots, written_notes
from inpaint_desktop.score.melody import Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

Q = TICKS_PER_QUARTER
C = Pitch.parse("C5")
SHORT = {"eighth": "8", "quarter": "4", "half": "2", "whole": "1", "16th": "16", "32nd": "32"}
GRID = st.sampled_from([0, Q // 4, Q // 3, Q // 2, 2 * Q // 3, 3 * Q // 4])


def _notes(*quarters: float, silent: tuple[int, ...] = ()) -> list[Note]:
    """Notes with these lengths in quarters, of which those with an index in ``silent`` are rests."""
    ends = [round(sum(quarters[:count]) * Q) for count in range(len(quarters) + 1)]
    return [
        Note(start, end - start, None if index in silent else C) for index, (start, end) in enumerate(pairwise(ends))
    ]


def _shown(notes: list[Note], meter: Meter) -> str:
    """``4.`` is a dotted quarter, ``~`` ties, ``r`` rests, ``8/3`` is in a triplet."""
    return " ".join(
        ("r" if note.pitch is None else "")
        + SHORT.get(note.kind, "?")
        + "." * note.dots
        + (f"/{note.tuplet.actual}" if note.tuplet else "")
        + "~" * note.tie_out
        for note in written_notes(notes, meter)
    )


@pytest.mark.parametrize(
    ("beats", "quarters", "shown"),
    [
        ("4/4", (2.5, 1.5), "2~ 8 4."),
        ("4/4", (0.5, 1.5, 2), "8 4. 2"),
        ("4/4", (1, 2, 1), "4 2 4"),
        ("4/4", (1.5, 1, 1.5), "4. 8~ 8 4."),
        ("4/4", (0.75, 0.5, 0.75, 2), "8. 16~ 16 8. 2"),
        ("4/4", (0.25, 0.5, 0.25, 3), "16 8 16 2."),
        ("2/2", (3.5, 0.5), "2~ 4. 8"),
        ("3/4", (3,), "2."),
        ("5/4", (5,), "1~ 4"),
        ("6/8", (1, 1, 1), "4 8~ 8 4"),
        ("6/8", (2, 1), "4.~ 8 4"),
        ("9/8", (4.5,), "2.~ 4."),
        ("12/8", (3, 3), "2. 2."),
    ],
)
def test_lengths_are_written_so_that_the_beats_show(beats: str, quarters: tuple[float, ...], shown: str) -> None:
    meter = Meter(*map(int, beats.split("/")))
    assert _shown(_notes(*quarters), meter) == shown


@pytest.mark.parametrize(
    ("beats", "quarters", "shown"),
    [
        ("4/4", (2.5, 1.5), "r2 r8 r8 r4"),
        ("4/4", (1, 2, 1), "r4 r4 r4 r4"),
        ("3/4", (2, 1), "r4 r4 r4"),
        ("3/4", (3,), "r2."),
        ("6/8", (1.5, 1.5), "r4. r4."),
        ("6/8", (1, 1, 1), "r4 r8 r8 r8 r8"),
    ],
)
def test_rests_show_the_beats_more_strictly(beats: str, quarters: tuple[float, ...], shown: str) -> None:
    meter = Meter(*map(int, beats.split("/")))
    assert _shown(_notes(*quarters, silent=tuple(range(len(quarters)))), meter) == shown


@pytest.mark.parametrize(
    ("beats", "quarters", "shown"),
    [
        ("2/4", (1 / 3, 1 / 3, 1 / 3, 1), "8/3 8/3 8/3 4"),
        ("2/4", (2 / 3, 1 / 3, 1), "4/3 8/3 4"),
        ("4/4", (2 / 3, 2 / 3, 2 / 3, 2), "4/3 4/3 4/3 2"),
        ("4/4", (4 / 3, 4 / 3, 4 / 3), "2/3 2/3 2/3"),
        ("2/4", (1 / 6, 1 / 6, 1 / 6, 1 / 2, 1), "16/3 16/3 16/3 8 4"),
        ("2/4", (1 / 3, 1, 2 / 3), "8/3 4/3~ 8/3 4/3"),
        ("2/4", (1 / 3, 2 / 3 + 1 / 4, 3 / 4), "8/3 4/3~ 16 8."),
        ("2/4", (0.2, 0.2, 0.2, 0.2, 0.2, 1), "16/5 16/5 16/5 16/5 16/5 4"),
        ("6/8", (1 / 6, 1 / 6, 1 / 6, 1, 1.5), "16/3 16/3 16/3 4 4."),
        ("6/8", (1 / 3, 1 / 3, 1 / 3, 0.5, 1.5), "8/3 8/3 8/3 8 4."),
        ("6/8", (0.75, 0.75, 1.5), "8. 8. 4."),
    ],
)
def test_times_between_the_plain_ones_are_tuplets(beats: str, quarters: tuple[float, ...], shown: str) -> None:
    meter = Meter(*map(int, beats.split("/")))
    assert _shown(_notes(*quarters), meter) == shown


def test_a_pickup_counts_its_beats_from_its_end() -> None:
    pickup = [Note(0, Q // 2, C), Note(Q // 2, Q, C)]
    assert [note.kind for note in written_notes(pickup, Meter(4, 4), is_pickup=True)] == ["eighth", "quarter"]
    assert [note.onset for note in written_notes(pickup, Meter(4, 4), is_pickup=True)] == [0, Q // 2]


def test_a_time_that_no_notation_has_is_written_without_a_note_value() -> None:
    notes = [Note(0, 1234, C), Note(1234, Q - 1234, C)]
    assert [(note.kind, note.duration) for note in written_notes(notes, Meter(1, 4))] == [("", 1234), ("", Q - 1234)]


@given(st.sampled_from([(4, 4), (3, 4), (2, 2), (6, 8), (5, 8), (2, 4)]), st.data())
def test_written_notes_fill_the_measure_with_lengths_that_are_what_they_say(
    beats: tuple[int, int], data: st.DataObject
) -> None:
    meter = Meter(*beats)
    times = data.draw(st.sets(st.builds(lambda beat, place: beat * Q + place, st.integers(0, meter.ticks // Q), GRID)))
    ends = sorted({0, meter.ticks} | {time for time in times if time < meter.ticks})
    written = written_notes([Note(start, stop - start, C) for start, stop in pairwise(ends)], meter)
    assert [note.onset for note in written] == [0, *(note.onset + note.duration for note in written[:-1])]
    for note in written:
        ratio = (note.tuplet.actual, note.tuplet.normal) if note.tuplet else (1, 1)
        assert kind_and_dots(note.duration * ratio[0] // ratio[1]) == (note.kind, note.dots)
