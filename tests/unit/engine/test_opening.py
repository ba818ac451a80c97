"""Finding and loading a model by its name."""

import subprocess
import sys
from pathlib import Path

import pytest

from inpaint_desktop import paths
from inpaint_desktop.engine.opening import model_names, open_engine, weights_path
from inpaint_desktop.errors import DeviceError, WeightsError


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
    assert model_names() == ("airs", "reels")
    with pytest.raises(WeightsError, match=r"There is no model called 'jigs'; choose one of airs, reels\."):
        weights_path("jigs")


@pytest.mark.usefixtures("models")
def test_without_any_model_the_program_is_to_be_installed_again() -> None:
    assert model_names() == ()
    with pytest.raises(WeightsError, match=r"no model called 'jigs'; install the program again\."):
        weights_path("jigs")


def test_a_model_is_opened_on_a_device(weights: Path) -> None:
    opened = open_engine(str(weights), "cpu")
    assert (opened.checkpoint.card["config"]["name"], str(opened.device)) == ("tiny", "cpu")
    with pytest.raises(DeviceError, match="'abacus' is not a device"):
        open_engine(str(weights), "abacus")


def test_the_shipped_model_is_among_the_names() -> None:
    assert "inpaintnet" in model_names()


def test_importing_it_does_not_bring_torch() -> None:
    code = "import sys, inpaint_desktop.engine.opening; print('torch' in sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "False"
