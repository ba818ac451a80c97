"""Which of two engines is closer to the real measures, tune by tune."""

import numpy as np
import pytest

from training.closeness import KINDS, Closeness, Heard, closeness

TUNES = 40
GROUPS = [f"tune {number:02}" for number in range(TUNES)]


def heard(engine: str, values: np.ndarray) -> Heard:
    return Heard(engine, {"leap": [[(float(value), 1.0)] for value in values]}, GROUPS)


def compared(engine: Heard, other: Heard, real: Heard) -> dict[str, Closeness]:
    """Closeness by each kind of distance."""
    found = list(closeness(engine, other, real))
    assert [(one.measure, one.kind) for one in found] == [("leap", kind) for kind in KINDS]
    return {one.kind: one for one in found}


@pytest.fixture
def real() -> np.ndarray:
    """Tunes that differ much among themselves."""
    return np.random.default_rng(1).normal(5.0, 3.0, TUNES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_difference_that_all_tunes_share_is_told(real: np.ndarray, kind: str) -> None:
    found = compared(heard("near", real + 0.1), heard("far", real - 0.3), heard("real", real))[kind]
    assert (found.engine, found.other, found.measure) == ("near", "far", "leap")
    assert found.value == pytest.approx(0.2)
    assert found.interval == pytest.approx((0.2, 0.2))
    assert found.verdict == "closer"


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_way_round_it_is_further(real: np.ndarray, kind: str) -> None:
    found = compared(heard("far", real - 0.3), heard("near", real + 0.1), heard("real", real))[kind]
    assert found.value == pytest.approx(-0.2)
    assert found.verdict == "further"


@pytest.mark.parametrize("kind", KINDS)
def test_what_tunes_do_not_agree_on_is_no_difference(real: np.ndarray, kind: str) -> None:
    noise = np.random.default_rng(2).normal(0.0, 2.0, (2, TUNES))
    found = compared(heard("one", real + noise[0]), heard("other", real + noise[1]), heard("real", real))[kind]
    assert found.interval[0] < 0 < found.interval[1]
    assert found.verdict == "alike"
    assert found.shown.startswith(("+", "-"))


def test_tunes_of_a_group_are_drawn_together() -> None:
    group = ["tune", "tune"]
    one = Heard("one", {"leap": [[(1.0, 1.0)], [(3.0, 1.0)]]}, group)
    other = Heard("other", {"leap": [[(2.0, 1.0), (6.0, 1.0)], []]}, group)
    real = Heard("real", {"leap": [[(1.0, 1.0)], [(1.0, 1.0)]]}, group)
    for found in compared(one, other, real).values():
        assert found.value == pytest.approx(abs(4.0 - 1.0) - abs(2.0 - 1.0))
        assert found.interval == pytest.approx((2.0, 2.0))


@pytest.mark.parametrize("kind", KINDS)
def test_requests_are_drawn_with_their_tune(kind: str) -> None:
    groups = ["one", "one", "other", "other", "one"]

    def apart(engine: str, one: float, other: float) -> Heard:
        return Heard(engine, {"leap": [[(one if group == "one" else other, 1.0)] for group in groups]}, groups)

    found = compared(apart("near", 0.0, 4.0), apart("far", 1.0, 7.0), apart("real", 0.0, 4.0))[kind]
    assert found.value == pytest.approx((3 * 1.0 + 2 * 3.0) / 5)
    assert found.interval == pytest.approx((1.0, 3.0))


def test_an_engine_without_a_single_value_is_compared_all_the_same() -> None:
    one, none = (Heard(name, {"leap": takes}, ["tune"]) for name, takes in (("one", [[(2.0, 1.0)]]), ("none", [[]])))
    assert all(np.isfinite((found.value, *found.interval)).all() for found in closeness(one, none, one))


def test_distributions_with_the_same_mean_are_told_apart(real: np.ndarray) -> None:
    narrow = np.full(TUNES, real.mean())
    found = compared(heard("wide", real[::-1].copy()), heard("narrow", narrow), heard("real", real))
    assert found["mean"].value == pytest.approx(0.0)
    assert found["distribution"].value == pytest.approx(np.abs(real - real.mean()).mean())


def test_a_distribution_counts_every_request_once() -> None:
    groups = ["one", "other"]
    many = Heard("many", {"leap": [[(0.0, 1.0)] * 9, [(4.0, 1.0)]]}, groups)
    none = Heard("none", {"leap": [[(0.0, 1.0)], [(0.0, 1.0)]]}, groups)
    real = Heard("real", {"leap": [[(0.0, 1.0)], [(4.0, 1.0)]]}, groups)
    assert compared(many, none, real)["distribution"].value == pytest.approx(2.0)
    assert compared(many, none, real)["mean"].value == pytest.approx(2.0 - abs(0.4 - 2.0))


def test_what_weighs_more_counts_more_in_a_mean() -> None:
    weighed = Heard("one", {"leap": [[(0.0, 3.0), (1.0, 1.0)]]}, ["tune"])
    assert weighed.sums("leap") == [(1.0, 4.0)]
