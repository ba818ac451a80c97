"""The rhythm of one take with the pitches of another."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.inpaintnet import InpaintNetEngine
from inpaint_desktop.engine.request import FillRequest
from inpaint_desktop.engine.splicing import spliced
from inpaint_desktop.engine.transformer import TransformerEngine
from inpaint_desktop.errors import ConstraintError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch
from inpaint_desktop.score.places import NotePlace

MakeTune = Callable[..., Melody]
Q = TICKS_PER_QUARTER
KEY = KeySignature(0)


def measure(text: str) -> Measure:
    """Notes as ``C4/2``: a name and its length in quarters; ``z`` is a rest, ``~`` ties on."""
    notes, onset = [], 0
    for word in text.split():
        name, _, length = word.partition("/")
        duration = int(float(length or 1) * Q)
        pitch = None if name == "z" else Pitch.parse(name.rstrip("~"))
        notes.append(Note(onset, duration, pitch, name.endswith("~")))
        onset += duration
    return Measure(tuple(notes), Meter(4, 4), KEY, onset)


def told(measures: Sequence[Measure]) -> str:
    return " | ".join(
        " ".join(
            f"{note.pitch.name if note.pitch else 'z'}{'~' * note.ties_on}/{note.duration / Q:g}" for note in one.notes
        )
        for one in measures
    )


def laid(rhythm: Sequence[str], pitches: Sequence[str], **asked: object) -> str:
    original = tuple(measure("G5 z z z") for _ in rhythm)
    constraints = replace(Constraints(), **asked)  # type: ignore[arg-type]
    request = FillRequest(Melody(original), Span(0, len(original)), constraints=constraints, stay_in_key=False)
    return told(spliced(request, [measure(one) for one in rhythm], [measure(one) for one in pitches]))


def test_as_many_notes_get_the_pitches_in_order() -> None:
    assert laid(["A4/2 z B4"], ["C5 D5/3"]) == "C5/2 z/1 D5/1"


def test_of_more_pitches_those_are_taken_that_sound_at_the_time() -> None:
    assert laid(["A4/2 B4/2"], ["C5 D5 E5 F5"]) == "C5/2 E5/2"
    assert laid(["A4/3 B4"], ["C5 D5 E5 F5"]) == "C5/3 F5/1"


def test_fewer_pitches_are_shared_and_none_is_left_out() -> None:
    assert laid(["A4 B4 A4 B4"], ["C5/2 D5/2"]) == "C5/1 C5/1 D5/1 D5/1"
    assert laid(["A4 B4 A4 B4"], ["C5/3.5 D5/0.5"]) == "C5/1 C5/1 C5/1 D5/1"


def test_where_the_other_is_silent_the_note_before_goes_on() -> None:
    assert laid(["A4 B4 A4 B4", "A4/2 B4/2"], ["C5/2 D5/2", "z/4"]) == "C5/1 C5/1 D5/1 D5/1 | D5/2 D5/2"
    assert laid(["A4/4", "B4/2 A4/2"], ["z/4", "C5/4"]) == "C5/4 | C5/2 C5/2"


def test_a_note_tied_over_the_bar_line_keeps_the_pitch_that_it_began_with() -> None:
    assert laid(["A4 B4~/3", "B4 A4/3"], ["C5/2 D5/2", "E5/4"]) == "C5/1 D5~/3 | D5/1 E5/3"


def test_a_measure_of_rest_stays_silent() -> None:
    assert laid(["z/4", "A4 B4/3"], ["C5 D5/3", "E5/4"]) == "z/4 | E5/1 E5/3"


def test_locked_notes_stay_and_the_lines_are_laid_on_each_other_around_them() -> None:
    request = FillRequest(
        Melody((measure("C4 G5/2 C4"),)),
        Span(0, 1),
        constraints=Constraints(locked=frozenset({NotePlace(0, 1)})),
        stay_in_key=False,
    )
    rhythm, pitches = measure("A4/0.5 B4/0.5 G5/2 A4"), measure("C5 G5/2 D5/0.5 E5/0.5")
    assert told(spliced(request, [rhythm], [pitches])) == "C5/0.5 C5/0.5 G5/2 D5/1"


def test_what_equals_one_of_both_is_refused() -> None:
    for rhythm, pitches in (("A4 B4/3", "A4/2 B4/2"), ("A4 B4/3", "C5 D5/3"), ("z/4", "z/4")):
        with pytest.raises(ConstraintError, match="choose two that differ in both"):
            laid([rhythm], [pitches])


def test_what_would_not_meet_the_request_is_refused_with_what_stands_against_it() -> None:
    sentence = r"would not keep to the longest leap and how much of the original may be kept; choose others\."
    with pytest.raises(ConstraintError, match=sentence):
        laid(["A4/2 B4/2"], ["G5 A5 C5 B5"], longest_leap=5, most_kept=0.0)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from([Meter(4, 4), Meter(6, 8), Meter(3, 4)]))
def test_the_result_has_the_rhythm_of_one_and_only_pitches_of_the_other(
    make_tune: MakeTune, one: int, other: int, meter: Meter
) -> None:
    tunes = [make_tune(3, seed=seed, meter=meter) for seed in (one, other)]
    request = FillRequest(make_tune(3, meter=meter), Span(0, 3), stay_in_key=False)
    try:
        result = spliced(request, *(tune.measures for tune in tunes))
    except ConstraintError:
        return
    for measure, rhythm, pitches in zip(result, *(tune.measures for tune in tunes), strict=True):
        assert [(n.onset, n.duration, n.is_rest) for n in measure.notes] == [
            (n.onset, n.duration, n.is_rest) for n in rhythm.notes
        ]
        there = {note.pitch for note in pitches.notes if note.pitch}
        assert not there or {note.pitch for note in measure.notes if note.pitch} <= there


def test_engines_make_takes_of_two(
    engine: InpaintNetEngine, transformer: TransformerEngine, make_tune: MakeTune
) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), takes=2)
    for one in (engine, transformer):
        first, second = one.propose(request)
        take = one.splice(request, first.measures, second.measures)
        assert take.measures == spliced(request, first.measures, second.measures)
        assert take.log_likelihood < 0
        assert one.splice(request, second.measures, first.measures).measures != take.measures
