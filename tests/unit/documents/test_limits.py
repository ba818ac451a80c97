import pytest

from inpaint_desktop.documents import limits
from inpaint_desktop.errors import FileDamagedError, FileTooLargeError
from inpaint_desktop.score.meter import Meter


@pytest.mark.parametrize(("beats", "beat_type"), [(4, 4), (6, 8), (1, 1), (64, 64), (5, 16)])
def test_meters_of_real_scores_are_made(beats: int, beat_type: int) -> None:
    assert limits.checked_meter(beats, beat_type, "tune, measure 1") == Meter(beats, beat_type)


@pytest.mark.parametrize(("beats", "beat_type"), [(1_000_000, 4), (0, 4), (4, 3), (4, 128), (4, 0), (10**40, 4)])
def test_meters_that_no_score_has_are_refused_with_their_place(beats: int, beat_type: int) -> None:
    with pytest.raises(FileDamagedError, match=r"^tune, measure 1: .{1,30} is not a time signature"):
        limits.checked_meter(beats, beat_type, "tune, measure 1")


def test_files_up_to_the_limit_are_opened_and_no_larger_ones() -> None:
    limits.check_file_size(limits.MAX_FILE_BYTES, "tune.xml")
    with pytest.raises(FileTooLargeError, match=r"tune\.xml has 50 MB"):
        limits.check_file_size(limits.MAX_FILE_BYTES + 1, "tune.xml")


def test_parts_of_up_to_2000_measures_are_opened_and_no_longer_ones() -> None:
    limits.check_measure_count(2_000, "tune.xml")
    with pytest.raises(FileTooLargeError, match="more than 2,000 measures"):
        limits.check_measure_count(2_001, "tune.xml")
