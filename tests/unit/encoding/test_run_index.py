"""The index of runs: made, packed and read again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop.encoding import run_index
from inpaint_desktop.encoding.run_index import RunIndex

pairs = st.lists(st.tuples(st.integers(0, 2**48 - 1), st.sampled_from(["Reel", "The Jig", "Čardáš", "Air"])))


@given(pairs)
def test_an_index_has_the_titles_of_each_run_and_no_other(runs: list[tuple[int, str]]) -> None:
    index = RunIndex.of(runs)
    for number, title in [*runs, (5, "")]:
        assert set(index.titles_of(number)) == {other for known, other in runs if known == number}
        assert (title in index.titles_of(number)) is bool(title)


@given(pairs)
def test_packing_and_unpacking_changes_nothing_nor_does_the_order(runs: list[tuple[int, str]]) -> None:
    index = RunIndex.unpacked(RunIndex.of(runs).packed())
    again = RunIndex.of(reversed(runs))
    assert np.array_equal(index.hashes, again.hashes)
    assert all(index.titles_of(number) == again.titles_of(number) for number, _ in runs)


def test_a_title_takes_one_line() -> None:
    assert RunIndex.of([(1, " The\nReel ")]).titles_of(1) == ("The Reel",)


def test_six_bytes_hold_a_run() -> None:
    packed = RunIndex.of([(7 << 40, "Reel"), (9, "Reel")]).packed()
    assert packed["lowers"].itemsize + packed["places"].itemsize == 6
    assert packed["counts"][7 << 8] == 1
    assert packed["titles"].tobytes() == b"Reel"


def test_there_is_no_room_for_more_titles_than_can_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_index, "MOST_TITLES", 2)
    with pytest.raises(ValueError, match="room for 2 titles, not for 3"):
        RunIndex.of([(1, "a"), (2, "b"), (3, "c")])


@pytest.mark.parametrize("name", ["counts", "lowers", "places"])
def test_arrays_that_do_not_belong_together_are_refused(name: str) -> None:
    packed = RunIndex.of([(1, "Reel"), (2, "Jig")]).packed()
    with pytest.raises(ValueError, match="do not belong together"):
        RunIndex.unpacked({**packed, name: packed[name][1:]})
    with pytest.raises(ValueError, match="do not belong together"):
        RunIndex.unpacked({**packed, "places": packed["places"] + np.uint16(1)})
