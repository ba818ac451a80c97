"""Slots: which measures are one for a model."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding.slots import encode_slot, slots_of
from inpaint_desktop.encoding.tokens import encode
from inpaint_desktop.encoding.transposition import Transposition
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

MakeTune = Callable[..., Melody]
UNMOVED = Transposition(0, KeySignature(1))


def part(*beats: str, meter: Meter = Meter(4, 4)) -> Measure:  # noqa: B008 - immutable
    notes = tuple(
        Note(index * TICKS_PER_QUARTER, TICKS_PER_QUARTER, Pitch.parse(name)) for index, name in enumerate(beats)
    )
    return Measure(notes, meter, KeySignature(1), len(beats) * TICKS_PER_QUARTER)


@given(st.integers(1, 30), st.integers(0, 3), st.integers(0, 5))
def test_every_measure_is_in_one_slot(make_tune: MakeTune, measures: int, pickup: int, section: int) -> None:
    tune = make_tune(measures, pickup=pickup, section=section)
    assert [index for slot in slots_of(tune) for index in slot.indices] == list(range(measures))


def test_the_end_of_a_section_and_the_pickup_of_the_next_are_one(make_tune: MakeTune) -> None:
    tune = make_tune(9, section=4)
    assert [slot.indices for slot in slots_of(tune)] == [
        *(range(index, index + 1) for index in range(4)),
        range(4, 6),
        *(range(index, index + 1) for index in (6, 7)),
        range(8, 9),
    ]


def test_they_are_encoded_as_the_full_measure_that_they_make() -> None:
    tune = Melody((part("G4", "A4", "B4"), part("C5")))
    (slot,) = slots_of(tune)
    assert encode_slot(tune, slot, UNMOVED) == encode(part("G4", "A4", "B4", "C5"))
    assert slot.onset_of(tune, 1) == 3 * TICKS_PER_QUARTER


@pytest.mark.parametrize(
    "second",
    [part("C5", "D5"), part("C5", meter=Meter(2, 2)), part("C5", "D5", "E5", "F#5")],
    ids=["too long", "another meter", "full"],
)
def test_measures_that_do_not_make_a_full_one_stay_apart(second: Measure) -> None:
    assert len(slots_of(Melody((part("G4", "A4", "B4"), second)))) == 2


def test_a_pickup_lacks_its_start_and_other_short_measures_their_end(make_tune: MakeTune) -> None:
    tune = make_tune(5, pickup=1)
    short = replace(tune.measures[3], notes=(Note(0, 5040, None),), duration=5040)
    tune = Melody((*tune.measures[:3], short, tune.measures[4]))
    assert [slot.onset for slot in slots_of(tune)] == [3 * TICKS_PER_QUARTER, 0, 0, 0, 0]


def test_a_long_measure_does_not_make_the_next_one_a_pickup() -> None:
    long = part("G4", "A4", "B4", "C5", meter=Meter(2, 4))
    assert slots_of(Melody((long, part("G4"))))[1].onset == 0
