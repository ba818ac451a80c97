"""The error tree: drawn as it is, and made of sentences."""

import inspect
import re

import pytest

from inpaint_desktop import errors
from inpaint_desktop.errors import InpaintDesktopError, MeasureLengthError

CLASSES = {name: value for name, value in vars(errors).items() if inspect.isclass(value)}


def test_every_error_stands_in_the_drawn_tree_and_every_drawn_one_exists() -> None:
    drawn = re.findall(r"^ {4}[│├└─ ]*(\w+)", errors.__doc__ or "", flags=re.MULTILINE)
    assert sorted(drawn) == sorted(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_one_except_catches_every_error(name: str) -> None:
    assert issubclass(CLASSES[name], InpaintDesktopError)


def test_a_measure_of_the_wrong_length_is_named_with_both_lengths() -> None:
    error = MeasureLengthError("5", 3, 4)
    assert str(error) == "The notes of measure 5 last 3 ticks, but the measure lasts 4."


def test_a_measure_without_a_number_is_named_all_the_same() -> None:
    assert "measure ?" in str(MeasureLengthError("", 3, 4))
