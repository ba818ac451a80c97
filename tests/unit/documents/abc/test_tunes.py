import pytest

from inpaint_desktop.documents.abc.tunes import choose_tune, even_lines, split_tunes
from inpaint_desktop.errors import FileDamagedError, SelectionError

TWO = "X:1\nT:The Wire Fence\nK:D\nABc|\n\nsome text\n\nX:2\nT:Low Tide\nT:The Ebb\nK:G\nGAB|\n"


def test_tunes_end_at_the_blank_line() -> None:
    first, second = split_tunes(TWO)
    assert TWO[first.body_start : first.stop] == "ABc|\n"
    assert TWO[second.body_start : second.stop] == "GAB|\n"


def test_a_tune_is_chosen_by_its_number() -> None:
    assert choose_tune(split_tunes(TWO), "2", "two.abc").title == "Low Tide"


def test_a_tune_is_chosen_by_any_of_its_titles_in_any_letter_case() -> None:
    assert choose_tune(split_tunes(TWO), "the ebb", "two.abc").number == "2"


def test_a_part_of_a_title_is_enough_where_it_is_clear() -> None:
    assert choose_tune(split_tunes(TWO), "fence", "two.abc").number == "1"


def test_an_exact_title_goes_before_a_part_of_another() -> None:
    tunes = split_tunes("X:1\nT:Tide\nK:C\nA\n\nX:2\nT:Low Tide\nK:C\nA\n")
    assert choose_tune(tunes, "tide", "two.abc").number == "1"


def test_without_a_choice_the_only_tune_is_meant() -> None:
    assert choose_tune(split_tunes("X:5\nT:One\nK:C\nA|"), None, "one.abc").number == "5"


@pytest.mark.parametrize("choice", [None, "the", "9", "Greensleeves"])
def test_an_unclear_choice_is_answered_with_the_tunes_there_are(choice: str | None) -> None:
    with pytest.raises(SelectionError, match="1 The Wire Fence, 2 Low Tide"):
        choose_tune(split_tunes(TWO), choice, "two.abc")


def test_tunes_with_one_name_have_to_be_numbered_apart() -> None:
    same = "X:1\nT:Tide\nK:C\nA\n\n"
    with pytest.raises(SelectionError, match=r"holds 2 tunes, all called 1 Tide; give each its own X: number"):
        choose_tune(split_tunes(same * 2), None, "two.abc")


def test_a_long_list_of_choices_is_cut_short() -> None:
    text = "".join(f"X:{number}\nT:Tune {number}\nK:C\nA|\n\n" for number in range(1, 3001))
    with pytest.raises(SelectionError, match="8 Tune 8, and 2992 more"):
        choose_tune(split_tunes(text), None, "many.abc")


def test_a_tune_may_do_without_a_number() -> None:
    (tune,) = split_tunes("% a comment\nT:Nameless\nK:C\nA|")
    assert tune.label == "Nameless"


def test_text_without_a_tune_is_refused() -> None:
    with pytest.raises(FileDamagedError, match=r"letter\.abc is not an ABC file"):
        choose_tune(split_tunes("Dear Sir,\n"), None, "letter.abc")


def test_line_ends_of_every_system_are_made_alike_without_moving_anything() -> None:
    text = "X:1\r\nK:C\rA\n"
    assert even_lines(text) == "X:1 \nK:C\nA\n"


def test_a_title_ends_at_a_comment_and_an_escaped_percent_sign_belongs_to_it() -> None:
    (tune,) = split_tunes("X:1\nT:Ten \\% More % from a letter\nK:C\nA|\n")
    assert tune.title == "Ten % More"
