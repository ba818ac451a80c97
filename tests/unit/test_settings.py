"""Preferences: what they may be, and files that are damaged."""

import json
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop import paths
from inpaint_desktop.errors import FileNotSavedError, SettingsError
from inpaint_desktop.settings import DEVICES, MAX_TAKES, MAX_TEMPERATURE, Settings

all_settings = st.builds(
    Settings,
    model=st.text(min_size=1),
    device=st.sampled_from(DEVICES),
    takes=st.integers(1, MAX_TAKES),
    temperature=st.floats(0, MAX_TEMPERATURE, exclude_min=True),
)


@hypothesis.settings(max_examples=25)  # each waits for the disk
@given(all_settings)
def test_what_is_saved_is_loaded_again(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    path = tmp_path_factory.mktemp("config") / "settings.json"
    settings.save(path)
    assert Settings.load(path) == settings


def test_without_a_file_all_is_as_at_first_and_nothing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Settings.load(tmp_path / "settings.json") == Settings()
    assert caplog.text == ""


def test_the_file_lies_in_the_users_configuration_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_folder", lambda: tmp_path / "new")
    Settings(takes=3).save()
    assert Settings.load().takes == 3
    assert (tmp_path / "new" / "settings.json").is_file()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("model", ""),
        ("model", None),
        ("device", "tpu"),
        ("takes", 0),
        ("takes", MAX_TAKES + 1),
        ("takes", True),
        ("takes", 4.0),
        ("takes", "4"),
        ("temperature", 0.0),
        ("temperature", float("nan")),
        ("temperature", float("inf")),
    ],
)
class TestAValueThatCannotBe:
    def test_is_refused_with_its_name_and_what_it_may_be(self, name: str, value: object) -> None:
        values: dict[str, Any] = {name: value}
        with pytest.raises(SettingsError, match=f"^The setting '{name}' must be .+, not .+\\.$"):
            Settings(**values)

    def test_is_left_out_of_a_file_with_a_sentence_and_costs_no_other(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, value: object
    ) -> None:
        path = tmp_path / "settings.json"
        others = {"model": "paper", "device": "cpu", "takes": 3, "temperature": 0.5}
        del others[name]
        path.write_text(json.dumps({**others, name: value}))
        assert Settings.load(path) == Settings(**others)  # type: ignore[arg-type]
        assert f"The setting '{name}' in {path} cannot be" in caplog.text


def test_a_setting_that_does_not_exist_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"volume": 11, "takes": 3}')
    assert Settings.load(path) == Settings(takes=3)
    assert "'volume'" in caplog.text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"[]", b"7", b"[" * 100_000, b'{"takes": ' + b"9" * 5000])
def test_a_damaged_file_costs_the_preferences_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert Settings.load(path) == Settings()
    assert str(path) in caplog.text


def test_a_folder_in_the_place_of_the_file_costs_the_preferences_and_nothing_else(tmp_path: Path) -> None:
    assert Settings.load(tmp_path) == Settings()


def test_what_cannot_be_saved_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileNotSavedError, match=r"The settings could not be saved as .*settings\.json: "):
        Settings().save(tmp_path / "file" / "settings.json")
