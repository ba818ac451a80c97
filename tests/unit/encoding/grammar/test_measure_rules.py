"""What may stand at a tick."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding import vocabulary
from inpaint_desktop.encoding.grammar import FREE, Constraints, Division, Grammar, grammar_of
from inpaint_desktop.encoding.grid import TICKS_PER_BEAT
from inpaint_desktop.score.meter import Meter

COMMON = Meter(4, 4)
QUARTERS, THIRDS = {1, 3, 5}, {2, 4}

ranges = st.builds(
    Constraints,
    st.none() | st.integers(30, 110),
    st.none() | st.integers(30, 110),
    st.none() | st.frozensets(st.integers(0, 11)),
)


def walk(grammar: Grammar, choices: np.ndarray) -> list[int]:
    """Choose one of the allowed tokens at every tick, as a decoder does."""
    tokens: list[int] = []
    state = Division.OPEN
    for tick, share in enumerate(choices):
        allowed = np.flatnonzero(grammar.allowed[tick, state])
        token = int(allowed[int(share * len(allowed))])
        if token != vocabulary.HOLD:
            state = Division(grammar.after[tick, state])
        elif tick % TICKS_PER_BEAT == 0:
            state = Division.OPEN
        tokens.append(token)
    return tokens


def walks(meter: Meter, constraints: Constraints = FREE, semitones: int = 0, seed: int = 0) -> list[list[int]]:
    grammar = grammar_of(meter, constraints, semitones)
    dice = np.random.default_rng(seed)
    # Half of the numbers are near 0, which is the hold: free draws would hardly ever hold.
    return [walk(grammar, dice.random(len(grammar.allowed)) ** dice.integers(1, 12)) for _ in range(200)]


def test_no_beat_is_divided_both_in_thirds_and_in_quarters() -> None:
    seen = set()
    for tokens in walks(COMMON):
        for beat in range(0, 24, TICKS_PER_BEAT):
            onsets = {place for place in range(6) if tokens[beat + place] != vocabulary.HOLD}
            assert not (onsets & QUARTERS and onsets & THIRDS)
            seen.add((bool(onsets & QUARTERS), bool(onsets & THIRDS)))
    assert seen == {(False, False), (True, False), (False, True)}


def test_a_measure_starts_with_a_note_or_a_rest() -> None:
    firsts = {tokens[0] for tokens in walks(COMMON)}
    assert vocabulary.HOLD not in firsts
    assert len(firsts) > 50


def test_padding_stands_at_no_tick_in_no_state() -> None:
    allowed = grammar_of(COMMON).allowed
    assert not allowed[..., [vocabulary.START, vocabulary.END]].any()


def test_something_is_allowed_at_every_tick_in_every_state_whatever_is_asked() -> None:
    nothing = Constraints(pitch_classes=frozenset())
    assert grammar_of(COMMON, nothing).allowed.any(-1).all()


@pytest.mark.parametrize("meter", [Meter(6, 8), Meter(12, 8)], ids=str)
def test_the_sixteenths_of_a_compound_beat_may_all_stand_beside_each_other(meter: Meter) -> None:
    grammar = grammar_of(meter)
    assert grammar.allowed[:, :, vocabulary.REST].all()


@given(ranges, st.integers(-20, 20), st.integers(0, 2**31))
def test_notes_that_are_drawn_keep_to_the_constraints_as_they_sound(
    constraints: Constraints, semitones: int, seed: int
) -> None:
    grammar = grammar_of(COMMON, constraints, semitones)
    tokens = walk(grammar, np.random.default_rng(seed).random(24))
    sounding = [vocabulary.pitch_of(token).midi - semitones for token in tokens if vocabulary.is_note(token)]
    assert all(constraints.allows(midi) for midi in sounding)


@given(ranges)
def test_constraints_know_whether_they_leave_any_note(constraints: Constraints) -> None:
    assert constraints.has_notes == bool([midi for midi in range(128) if constraints.allows(midi)])


def test_a_grammar_has_notes_only_where_the_vocabulary_reaches() -> None:
    high = Constraints(lowest=vocabulary.HIGHEST_MIDI + 1)
    assert high.has_notes
    assert not grammar_of(COMMON, high).has_notes
    assert grammar_of(COMMON, high, semitones=-12).has_notes


def test_an_impossible_range_leaves_only_rests_and_holds() -> None:
    allowed = grammar_of(COMMON, Constraints(80, 70)).allowed
    assert not allowed[..., vocabulary.FIRST_NOTE :].any()
