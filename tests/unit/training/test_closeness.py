"""Which of two engines is closer to the real measures, tune by tune."""

import numpy as np
import pytest

from training.closeness import Heard, closeness

TUNES = 40
GROUPS = [f"tune {number:02}" for number in range(TUNES)]


def heard(engine: str, values: np.ndarray) -> Heard:
    return Heard(engine, {"leap": [(float(value), 1.0) for value in values]}, GROUPS)


@pytest.fixture
def real() -> np.ndarray:
    """Tunes that differ much among themselves."""
    return np.random.default_rng(1).normal(5.0, 3.0, TUNES)


def test_a_small_difference_that_all_tunes_share_is_told(real: np.ndarray) -> None:
    found = closeness(heard("near", real + 0.1), heard("far", real - 0.3), heard("real", real))[0]
    assert (found.engine, found.other, found.measure) == ("near", "far", "leap")
    assert found.value == pytest.approx(0.2)
    assert found.interval == pytest.approx((0.2, 0.2))
    assert found.verdict == "closer"


def test_the_other_way_round_it_is_further(real: np.ndarray) -> None:
    found = closeness(heard("far", real - 0.3), heard("near", real + 0.1), heard("real", real))[0]
    assert found.value == pytest.approx(-0.2)
    assert found.verdict == "further"


def test_what_tunes_do_not_agree_on_is_no_difference(real: np.ndarray) -> None:
    noise = np.random.default_rng(2).normal(0.0, 2.0, (2, TUNES))
    found = closeness(heard("one", real + noise[0]), heard("other", real + noise[1]), heard("real", real))[0]
    assert found.interval[0] < 0 < found.interval[1]
    assert found.verdict == "alike"
    assert found.shown.startswith(("+", "-"))


def test_tunes_of_a_group_are_drawn_together() -> None:
    one = Heard("one", {"leap": [(1.0, 1.0), (3.0, 1.0)]}, ["tune", "tune"])
    other = Heard("other", {"leap": [(4.0, 2.0), (4.0, 0.0)]}, ["tune", "tune"])
    real = Heard("real", {"leap": [(1.0, 1.0), (1.0, 1.0)]}, ["tune", "tune"])
    found = closeness(one, other, real)[0]
    assert found.value == pytest.approx(abs(4.0 - 1.0) - abs(2.0 - 1.0))
    assert found.interval == pytest.approx((2.0, 2.0))
