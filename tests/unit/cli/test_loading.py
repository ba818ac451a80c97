"""Loading the slow things side by side."""

from pathlib import Path

import pytest

from inpaint_desktop.cli.loading import engine_meanwhile, naming
from inpaint_desktop.errors import FileError, SelectionError, WeightsError


def test_an_unknown_model_is_refused_before_anything_is_loaded() -> None:
    with pytest.raises(WeightsError), engine_meanwhile("jigs", "cpu"):
        pytest.fail("nothing to wait for")


def test_a_model_is_loaded_meanwhile(weights: Path) -> None:
    with engine_meanwhile(str(weights), "cpu") as engine_of:
        assert engine_of().checkpoint.card["config"]["name"] == "tiny"


def test_a_file_is_named_once_in_a_sentence_about_it() -> None:
    with pytest.raises(SelectionError, match=r"^jig\.abc: There is no measure 9\.$"), naming("jig.abc"):
        raise SelectionError("There is no measure 9.")
    with pytest.raises(FileError, match=r"^In jig\.abc, a note is missing\.$"), naming("jig.abc"):
        raise FileError("In jig.abc, a note is missing.")
