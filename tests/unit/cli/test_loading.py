"""Finding and loading the model."""

from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.cli.loading import engine_meanwhile, naming, weights_path
from inpaint_desktop.errors import FileError, SelectionError, WeightsError


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the models that come with the program; empty."""
    monkeypatch.setattr(paths, "resources_folder", lambda: tmp_path)
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def test_a_model_is_found_by_its_name(models: Path) -> None:
    (models / "reels.safetensors").touch()
    assert weights_path("reels") == models / "reels.safetensors"


@pytest.mark.usefixtures("models")
def test_a_model_may_be_named_as_a_file() -> None:
    assert weights_path("my/own.safetensors") == Path("my/own.safetensors")


def test_an_unknown_model_is_answered_with_the_known_ones(models: Path) -> None:
    for name in ("reels", "airs"):
        (models / f"{name}.safetensors").touch()
    with pytest.raises(WeightsError, match=r"There is no model called 'jigs'; choose one of airs, reels\."):
        weights_path("jigs")


@pytest.mark.usefixtures("models")
def test_without_any_model_the_program_is_to_be_installed_again() -> None:
    with pytest.raises(WeightsError, match=r"no model called 'jigs'; install the program again\."):
        weights_path("jigs")


@pytest.mark.usefixtures("models")
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
