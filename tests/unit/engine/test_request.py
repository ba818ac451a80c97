"""What may be asked of an engine."""

from collections.abc import Callable

import pytest

from inpaint_desktop.encoding.grammar import Constraints
from inpaint_desktop.engine.request import MAX_SEED, FillRequest, Variety
from inpaint_desktop.errors import SelectionError, SettingsError
from inpaint_desktop.score.melody import Melody, Span

MakeTune = Callable[..., Melody]
NAN = float("nan")


@pytest.mark.parametrize("temperature", [0.05, 1.0, 3.0])
@pytest.mark.parametrize("top_p", [0.01, 1.0])
def test_variety_may_reach_its_bounds(temperature: float, top_p: float) -> None:
    assert Variety(temperature=temperature, top_p=top_p).top_p == top_p


@pytest.mark.parametrize("value", [0.0, 0.049, 3.1, -1.0, NAN, float("inf")])
def test_a_temperature_outside_its_bounds_is_refused(value: float) -> None:
    with pytest.raises(SettingsError, match=r"The temperature must be between 0\.05 and 3, not"):
        Variety(temperature=value)


@pytest.mark.parametrize("value", [0.0, 1.01, NAN])
def test_a_top_p_outside_its_bounds_is_refused(value: float) -> None:
    with pytest.raises(SettingsError, match=r"The top-p must be between 0\.01 and 1, not"):
        Variety(top_p=value)


@pytest.mark.parametrize("name", ["context_noise", "gap_noise"])
@pytest.mark.parametrize("value", [-0.1, 10.1, NAN])
def test_noise_outside_its_bounds_is_refused(name: str, value: float) -> None:
    with pytest.raises(SettingsError, match="noise must be between 0 and 10"):
        Variety(**{name: value})


@pytest.mark.parametrize("takes", [-1, 0, 33])
def test_an_impossible_number_of_takes_is_refused(make_tune: MakeTune, takes: int) -> None:
    with pytest.raises(SettingsError, match=f"The number of takes must be between 1 and 32, not {takes}"):
        FillRequest(make_tune(4), Span(1, 2), takes=takes)


@pytest.mark.parametrize("seed", [-1, MAX_SEED + 1])
def test_an_impossible_seed_is_refused(make_tune: MakeTune, seed: int) -> None:
    with pytest.raises(SettingsError, match=f"The seed must be a whole number from 0 to 999999999999, not {seed}"):
        FillRequest(make_tune(4), Span(1, 2), seed=seed)


@pytest.mark.parametrize("similarity", [-0.1, 1.1, NAN])
def test_a_similarity_outside_its_bounds_is_refused(make_tune: MakeTune, similarity: float) -> None:
    with pytest.raises(SettingsError, match="The similarity must be between 0 and 1, not"):
        FillRequest(make_tune(4), Span(1, 2), similarity=similarity)


def test_a_range_without_notes_is_refused(make_tune: MakeTune) -> None:
    with pytest.raises(SettingsError, match="leave no note to use; widen the range"):
        FillRequest(make_tune(4), Span(1, 2), constraints=Constraints(72, 60))


def test_measures_outside_the_tune_are_refused(make_tune: MakeTune) -> None:
    with pytest.raises(SelectionError, match="Measures 4 to 6 are not in this tune of 4 measures"):
        FillRequest(make_tune(4), Span(3, 6))


def test_measures_of_another_length_are_nothing_to_be_like(make_tune: MakeTune) -> None:
    tune = make_tune(4)
    with pytest.raises(SelectionError, match="are not as long as those that are filled"):
        FillRequest(tune, Span(1, 3), similarity=0.5, like=tune.measures[1:2])
