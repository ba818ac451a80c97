import pytest

from inpaint_desktop.documents.wording import gone, measure_names

NUMBERS = ("0", "1", "2", "2a", "3", "")


@pytest.mark.parametrize(
    ("indices", "names"),
    [
        ([0], "measure 0"),
        ([1, 2, 3], "measures 1 to 2a"),
        ([0, 2], "measures 0 and 2"),
        ([0, 2, 3, 5], "measures 0, 2 to 2a and ?"),
    ],
)
def test_measures_are_named_as_the_score_numbers_them(indices: list[int], names: str) -> None:
    assert measure_names(NUMBERS, indices) == names


def test_a_loss_is_a_whole_sentence() -> None:
    assert gone("The slurs", NUMBERS, [0]) == "The slurs of measure 0 went with the notes that were replaced."
