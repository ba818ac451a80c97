"""The models as a person chooses among them."""

import json
import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inpaint_desktop import paths
from inpaint_desktop.engine.opening import model_names
from inpaint_desktop.settings import Settings
from inpaint_desktop.ui.models_in_words import about_model, title_of, titles_of_models
from inpaint_desktop.ui.preferences_dialog import PreferencesDialog


@pytest.fixture
def installed(tmp_path: Path, weights: Path, transformer_weights: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program with three models: two that it knows, and one whose card describes what it does not know."""
    folder = tmp_path / "resources" / "models"
    folder.mkdir(parents=True)
    for name, source in (("inpaintnet", weights), ("big", transformer_weights), ("new", weights)):
        for suffix in (".safetensors", ".json"):
            shutil.copy(source.with_suffix(suffix), folder / f"{name}{suffix}")
    card = {"architecture": "hummer", "description": "Hums until it fits.", "meters": "all"}
    (folder / "new.json").write_text(json.dumps(card), encoding="utf-8")
    monkeypatch.setattr(paths, "resources_folder", lambda: folder.parent)
    return folder


@pytest.mark.usefixtures("installed")
def test_every_installed_model_is_called_by_what_it_is() -> None:
    assert titles_of_models("inpaintnet") == {
        "big": "Transformer (big)",
        "inpaintnet": "InpaintNet",
        "new": "new",
    }


@pytest.mark.usefixtures("installed")
def test_a_model_is_described_with_the_meters_it_has_learned() -> None:
    assert "each missing measure as a whole" in about_model("inpaintnet")
    assert about_model("inpaintnet").endswith("It has learned 4/4, 2/2.")
    assert about_model("big").startswith("Writes note after note, with all that stands before and after")
    assert about_model("new") == "Hums until it fits."


@pytest.mark.usefixtures("installed")
def test_a_model_that_is_chosen_and_not_there_is_listed_and_said_to_be_missing() -> None:
    assert list(titles_of_models("lost")) == ["big", "inpaintnet", "new", "lost"]
    assert title_of("lost") == "lost"
    assert about_model("lost").startswith("This model is not installed; choose another")
    assert about_model("lost.safetensors").startswith("This model is not installed")


@pytest.mark.usefixtures("installed")
def test_the_dialog_lists_them_all_and_says_what_the_chosen_one_is(qtbot: QtBot) -> None:
    dialog = PreferencesDialog(Settings(model="inpaintnet"))
    qtbot.addWidget(dialog)
    assert [dialog.model.itemData(index) for index in range(dialog.model.count())] == ["big", "inpaintnet", "new"]
    assert dialog.about_model.text() == about_model("inpaintnet")
    dialog.model.setCurrentIndex(0)
    assert dialog.about_model.text() == about_model("big")
    assert dialog.chosen().model == "big"


def test_every_model_that_comes_with_the_program_has_a_title_and_a_sentence() -> None:
    for name in model_names():
        assert title_of(name) != name
        assert "It has learned " in about_model(name)
