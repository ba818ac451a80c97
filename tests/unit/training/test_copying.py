"""The longest run in common is found, in whatever key, and nothing longer."""

from difflib import SequenceMatcher

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Note
from inpaint_desktop.score.meter import Meter
from inpaint_desktop.score.spelling import spell
from training.choose import melody_of
from training.copying import corpus_lines, lines_of, longest_runs
from training.trials import Corpora

FULL = Meter(4, 4).ticks
EIGHTH = FULL // 8


def melody(*numbers: int) -> list[Measure]:
    """Eighth notes, 0 for a rest, as many to a measure as there are."""
    pitches = spell([number or None for number in numbers], KeySignature(0))
    notes = tuple(Note(place * EIGHTH, EIGHTH, pitch) for place, pitch in enumerate(pitches))
    return [Measure(notes, Meter(4, 4), KeySignature(0), len(notes) * EIGHTH)]


def run(one: list[Measure], *others: list[Measure]) -> int:
    """The longest run that ``one`` shares with the others, in eighths."""
    return int(longest_runs(lines_of([one]), lines_of(others), 1)[0]) // EIGHTH


def test_a_transposed_copy_is_a_copy() -> None:
    assert run(melody(60, 62, 64, 65), melody(50, 71, 73, 75, 76, 50)) == 4


def test_a_run_ends_where_an_interval_or_a_duration_differs() -> None:
    assert run(melody(60, 62, 64, 65), melody(60, 62, 64, 66)) == 3
    longer = melody(60, 62, 64, 65)
    held = longer[0].notes[2]
    longer[0] = Measure(
        (*longer[0].notes[:2], Note(held.onset, 2 * EIGHTH, held.pitch)), Meter(4, 4), KeySignature(0), 4 * EIGHTH
    )
    assert run(melody(60, 62, 64, 65), longer) == 2


def test_rests_belong_to_a_run_and_the_interval_over_them_counts() -> None:
    assert run(melody(60, 0, 64, 65), melody(62, 0, 66, 67)) == 4
    assert run(melody(60, 0, 64, 65), melody(62, 0, 67, 68)) == 2


def test_a_run_does_not_go_on_from_one_tune_into_the_next() -> None:
    assert run(melody(60, 62, 64, 65), melody(60, 62), melody(64, 65)) == 2


def test_each_line_has_its_own_longest_run() -> None:
    lines = lines_of([melody(60, 61, 62), melody(60, 67, 60, 67)])
    known = lines_of([melody(40, 41, 42, 49, 42)])
    assert (longest_runs(lines, known, 2) // EIGHTH).tolist() == [3, 3]


numbers = st.lists(st.integers(60, 63), min_size=2, max_size=12)


@settings(max_examples=60)
@given(numbers, numbers)
def test_it_is_the_longest_common_run_of_intervals(one: list[int], other: list[int]) -> None:
    first, second = (np.diff(values).tolist() for values in (one, other))
    match = SequenceMatcher(None, first, second, autojunk=False).find_longest_match(0, len(first), 0, len(second))
    assert run(melody(*one), melody(*other)) == match.size + 1


def test_tunes_of_a_corpus_are_the_same_lines_as_their_melodies(corpora: Corpora) -> None:
    corpus = corpora.notated
    tunes = corpus.tunes("train")
    found = corpus_lines(corpus)
    expected = lines_of([melody_of(corpus, int(tune)).measures for tune in tunes])
    for name in ("intervals", "durations", "stops"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_a_training_tune_is_found_whole(corpora: Corpora) -> None:
    corpus = corpora.notated
    measures = melody_of(corpus, int(corpus.tunes("train")[0])).measures
    found = longest_runs(lines_of([measures[2:6]]), corpus_lines(corpus), 1)
    assert found.tolist() == [4 * FULL]
