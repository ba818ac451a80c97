"""The transformer as an engine, on a tiny model: what holds for every take whatever the weights are."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.encoding.transposition import home_of
from inpaint_desktop.encoding.window import window_around
from inpaint_desktop.engine.opening import open_engine
from inpaint_desktop.engine.properties import sounding
from inpaint_desktop.engine.request import FillRequest, Take, Variety
from inpaint_desktop.engine.transformer import TransformerEngine
from inpaint_desktop.errors import SelectionError, UnsuitableModelError, WeightsError
from inpaint_desktop.score.key import KeySignature
from inpaint_desktop.score.melody import Measure, Melody, Note, Span
from inpaint_desktop.score.meter import TICKS_PER_QUARTER, Meter

MakeTune = Callable[..., Melody]

METERS = [Meter(*map(int, name.split("/"))) for name in ("4/4", "2/2", "2/4", "3/4", "3/2", "6/8", "9/8", "12/8")]

places = st.tuples(st.integers(1, 40), st.integers(0, 39), st.integers(1, 8)).map(
    lambda ends: (ends[0], Span(min(ends[1], ends[0] - 1), min(ends[1] + ends[2], ends[0])))
)
shapes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**31),
        "meter": st.sampled_from(METERS),
        "fifths": st.integers(-5, 6),
        "pickup": st.integers(0, 1),
        "section": st.sampled_from([0, 4, 8]),
    }
)


def midi_in(take: Take) -> list[int]:
    return [note.pitch.midi for measure in take.measures for note in measure.notes if note.pitch]


@settings(max_examples=60)
@given(places, shapes, st.integers(1, 4))
def test_every_take_fills_its_measures_exactly_in_any_meter(
    transformer: TransformerEngine, make_tune: MakeTune, place: tuple[int, Span], shape: dict[str, int], count: int
) -> None:
    length, span = place
    tune = make_tune(length, **shape)
    takes = list(transformer.propose(FillRequest(tune, span, takes=count)))
    assert len(takes) == count
    for take in takes:
        filled = tune.with_measures(span, take.measures)
        assert [measure.duration for measure in filled.measures] == [measure.duration for measure in tune.measures]


@settings(max_examples=25)
@given(st.sampled_from(METERS), st.builds(Constraints, st.integers(55, 63), st.integers(70, 75)), st.booleans())
def test_takes_keep_to_range_and_key_in_any_meter(
    transformer: TransformerEngine, make_tune: MakeTune, meter: Meter, limits: Constraints, any_key: bool
) -> None:
    tune = make_tune(10, meter=meter, fifths=0)
    request = FillRequest(tune, Span(3, 6), 4, constraints=limits, stay_in_key=not any_key)
    numbers = [number for take in transformer.propose(request) for number in midi_in(take)]
    assert all(limits.allows(number) for number in numbers)
    assert any_key or {number % 12 for number in numbers} <= KeySignature(0).pitch_classes


def test_takes_differ_from_each_other_and_from_the_original(
    transformer: TransformerEngine, make_tune: MakeTune
) -> None:
    tune, span = make_tune(16), Span(6, 10)
    takes = list(transformer.propose(FillRequest(tune, span, takes=16)))
    heard = {sounding(take.measures) for take in takes} | {sounding(tune.measures[6:10])}
    assert len(heard) == 17


def test_the_same_request_gives_the_same_takes(
    transformer: TransformerEngine, transformer_weights: Path, make_tune: MakeTune
) -> None:
    request = FillRequest(make_tune(16), Span(6, 10), seed=12, similarity=0.3)
    again = TransformerEngine.open(transformer_weights, "cpu")
    assert list(transformer.propose(request)) == list(transformer.propose(request)) == list(again.propose(request))


def test_a_takes_seed_makes_it_again(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(16, meter=Meter(6, 8)), Span(6, 10), seed=3)
    for take in transformer.propose(request):
        again = transformer.again(request, take.seed)
        assert again.measures == take.measures
        assert again.log_likelihood == pytest.approx(take.log_likelihood, abs=1e-4)


def test_what_stands_in_the_gap_has_no_say(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    tune, other = make_tune(8), make_tune(8, seed=9)
    swapped = tune.with_measures(Span(2, 4), other.measures[2:4])
    first, second = (next(transformer.propose(FillRequest(one, Span(2, 4), takes=1))) for one in (tune, swapped))
    assert first.measures == second.measures


def test_similar_takes_are_more_like_the_original(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    tune = make_tune(16)

    def mean_likeness(similarity: float) -> float:
        request = FillRequest(tune, Span(6, 10), similarity=similarity)
        takes = list(transformer.propose(request))
        return sum(take.properties.likeness for take in takes) / len(takes)

    assert mean_likeness(0.0) < mean_likeness(0.6) < mean_likeness(1.0)


def test_likelihoods_are_those_of_the_whole_gap(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(12, meter=Meter(3, 4)), Span(4, 7), variety=Variety(temperature=0.7))
    drawing, model = transformer.drawing(request), transformer.model
    with torch.inference_mode():
        tokens, likelihoods = drawing.drawn([5])
        logits = model.write(drawing.memories, tokens, drawing.frame)
        expected = logits.log_softmax(-1).gather(-1, tokens[..., None]).mean()
    assert float(likelihoods[0]) == pytest.approx(float(expected), abs=1e-4)


def test_the_original_has_a_likelihood_of_its_own(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    request = FillRequest(make_tune(12, meter=Meter(9, 8)), Span(4, 7))
    drawing = transformer.drawing(request)
    around = Melody((*request.melody.measures[:4], *request.melody.measures[7:]))
    gap = torch.tensor(window_around(request.melody, request.span, home_of(around)).gap)[None]
    with torch.inference_mode():
        scores = transformer.model.write(drawing.memories, gap, drawing.frame).log_softmax(-1)
    expected = float(scores.gather(-1, gap[..., None]).mean())
    assert drawing.likelihood_of_original() == pytest.approx(expected, abs=1e-5)


def test_the_measure_that_shares_a_bar_with_a_chosen_one_is_heeded_and_stays(
    transformer: TransformerEngine, make_tune: MakeTune
) -> None:
    tune = make_tune(12, section=4)  # measure 4 lacks the quarter that measure 5 has
    span = Span(5, 7)
    request = FillRequest(tune, span, takes=1)
    before = tune.measures[4]
    silent = tune.with_measures(Span(4, 5), [before.with_notes([Note(0, before.duration, None)])])
    take, other = (next(transformer.propose(replace(request, melody=one))) for one in (tune, silent))
    assert take.log_likelihood != other.log_likelihood
    assert [measure.duration for measure in take.measures] == [TICKS_PER_QUARTER, 4 * TICKS_PER_QUARTER]


def test_a_pickup_is_filled_as_the_end_of_a_measure(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    tune = make_tune(8, pickup=1)
    with torch.inference_mode():
        tokens, _ = transformer.drawing(FillRequest(tune, Span(0, 1))).drawn([1, 2, 3])
    assert tokens[:, 0, :18].tolist() == [[1, *[0] * 17]] * 3
    assert 0 not in tokens[:, 0, 18].tolist()


def test_meters_of_the_card_are_named_where_another_is_asked_for(
    transformer: TransformerEngine, make_tune: MakeTune
) -> None:
    tune = make_tune(4, meter=Meter(5, 4))
    expected = r"is in 5/4, .* choose measures in 4/4, 2/2, 2/4, 3/4, 3/2, 6/8, 9/8 or 12/8\."
    with pytest.raises(UnsuitableModelError, match=expected):
        next(transformer.propose(FillRequest(tune, Span(1, 2))))


def test_measures_in_two_meters_cannot_be_filled_at_once(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    tune = Melody((*make_tune(3).measures, *make_tune(3, meter=Meter(6, 8)).measures))
    with pytest.raises(SelectionError, match="The meter changes"):
        next(transformer.propose(FillRequest(tune, Span(2, 4))))


def test_a_gap_without_anything_around_it_can_be_filled(transformer: TransformerEngine) -> None:
    silent = Measure.of_rest(Meter(12, 8), KeySignature(2))
    takes = list(transformer.propose(FillRequest(Melody((silent, silent)), Span(0, 2), takes=3)))
    assert len(takes) == 3


def test_threads_do_not_matter(transformer: TransformerEngine, make_tune: MakeTune) -> None:
    request, before = FillRequest(make_tune(16), Span(6, 10)), torch.get_num_threads()
    takes = list(transformer.propose(request))
    torch.set_num_threads(before + 1)
    try:
        assert list(transformer.propose(request)) == takes
    finally:
        torch.set_num_threads(before)


def test_the_card_says_which_engine_opens_a_model(weights: Path, transformer_weights: Path) -> None:
    assert open_engine(str(transformer_weights), "cpu").name == "transformer"
    assert open_engine(str(weights), "cpu").name == "inpaintnet"


def test_one_network_is_not_read_as_the_other(weights: Path) -> None:
    with pytest.raises(WeightsError, match="does not fit this version"):
        TransformerEngine.open(weights, "cpu")
