"""Which candidates become takes, and in which order."""

from inpaint_desktop.engine.properties import properties_of
from inpaint_desktop.engine.ranking import distinct, ranked
from inpaint_desktop.engine.request import FillRequest, Take
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter
from inpaint_desktop.score.pitch import Pitch

KEY = KeySignature(0)


def measure(names: str) -> Measure:
    notes = tuple(
        Note(place * TICKS_PER_QUARTER, TICKS_PER_QUARTER, Pitch.parse(name))
        for place, name in enumerate(names.split())
    )
    return Measure(notes, Meter(4, 4), KEY, Meter(4, 4).ticks)


ORIGINAL = measure("C4 D4 E4 F4")
REQUEST = FillRequest(Melody((ORIGINAL,)), Span(0, 1))


def take(names: str, seed: int = 1, log_likelihood: float = -0.5) -> Take:
    measures = (measure(names),)
    return Take(REQUEST, measures, seed, log_likelihood, properties_of(measures, (ORIGINAL,), KEY))


def test_a_take_that_repeats_another_or_the_original_is_left_out() -> None:
    first, again, original, other = take("G4 A4 B4 C5"), take("G4 A4 B4 C5"), take("C4 D4 E4 F4"), take("G4 A4 B4 D5")
    assert distinct([original, first, again, other]) == [first, other]


def test_a_take_that_differs_in_spelling_only_is_left_out() -> None:
    assert len(distinct([take("F#4 A4 B4 C5"), take("Gb4 A4 B4 C5")])) == 1


def test_nothing_is_distinct_from_nothing() -> None:
    assert distinct([]) == []
    assert ranked([], 8) == []


def test_the_likeliest_take_comes_first() -> None:
    takes = [take("G4 A4 B4 C5", 1, -0.9), take("C5 B4 A4 G4", 2, -0.3), take("E4 E4 E4 E4", 3, -0.6)]
    assert [one.seed for one in ranked(takes, 3)] == [2, 3, 1]


def test_a_take_without_a_note_comes_last_however_likely_it_is() -> None:
    rest = (Measure((Note(0, Meter(4, 4).ticks, None),), Meter(4, 4), KEY, Meter(4, 4).ticks),)
    silent = Take(REQUEST, rest, 1, 0.0, properties_of(rest, (ORIGINAL,), KEY))
    takes = [silent, take("G4 A4 B4 C5", 2, -2.0), take("G4 A4 B4 D5", 3, -2.5)]
    assert [one.seed for one in ranked(takes, 3)] == [2, 3, 1]
    assert ranked([silent], 1) == [silent]


def test_among_equals_the_earlier_seed_comes_first_whatever_the_order() -> None:
    takes = [take("G4 A4 B4 C5", 4), take("C5 B4 A4 G4", 2), take("E4 E4 E4 E4", 3)]
    assert ranked(takes, 3) == ranked(takes[::-1], 3)
    assert ranked(takes, 1)[0].seed == 2


def test_a_take_unlike_the_first_goes_before_a_likelier_one_that_resembles_it() -> None:
    first, alike, unlike = take("G4 A4 B4 C5", 1, -0.3), take("G4 A4 B4 D5", 2, -0.4), take("C5 B4 A4 G4", 3, -0.45)
    assert [one.seed for one in ranked([first, alike, unlike], 3)] == [1, 3, 2]


def test_notes_out_of_key_cost() -> None:
    inside, outside = take("G4 A4 B4 C5", 1, -0.5), take("G#4 A#4 C#5 D#5", 2, -0.4)
    assert [one.seed for one in ranked([inside, outside], 2)] == [1, 2]


def test_no_more_than_asked_for_are_chosen() -> None:
    assert len(ranked([take("G4 A4 B4 C5", 1), take("C5 B4 A4 G4", 2)], 1)) == 1


def test_a_take_that_was_shown_stays_first_and_the_others_are_ranked_beside_it() -> None:
    shown, alike, unlike = take("G4 A4 B4 C5", 1, -0.6), take("G4 A4 B4 D5", 2, -0.4), take("C5 B4 A4 G4", 3, -0.45)
    assert ranked([alike, unlike, shown], 1)[0].seed == 2
    assert [one.seed for one in ranked([alike, unlike, shown], 3, [shown])] == [1, 3, 2]
    assert [one.seed for one in ranked([alike, unlike, shown], 2, [shown])] == [1, 3]
