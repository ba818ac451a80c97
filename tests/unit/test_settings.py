"""Preferences: what they may be, and files that are damaged."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inpaint_desktop import paths
from inpaint_desktop.encoding.grammar.constraints import MOST_ONSETS
from inpaint_desktop.engine import request
from inpaint_desktop.errors import FileNotSavedError, SettingsError
from inpaint_desktop.settings import (
    DEVICES,
    KEPT,
    MAX_NOTES,
    MAX_SEED,
    MAX_TAKES,
    MAX_TEMPERATURE,
    TEMPO_PERCENTS,
    THEMES,
    VIEWS,
    ZOOMS,
    Settings,
)

presets = st.fixed_dictionaries(
    {},
    optional={
        "takes": st.integers(1, MAX_TAKES),
        "keep": st.sampled_from(KEPT),
        "first_note": st.none() | st.integers(0, 127),
        "fewest_notes": st.none() | st.integers(1, 8),
        "most_notes": st.none() | st.integers(8, MAX_NOTES),
        "most_kept": st.none() | st.floats(0, 1),
    },
)

all_settings = st.builds(
    Settings,
    model=st.text(min_size=1),
    device=st.sampled_from(DEVICES),
    takes=st.integers(1, MAX_TAKES),
    temperature=st.floats(0, MAX_TEMPERATURE, exclude_min=True),
    variety=st.floats(0, 1),
    similarity=st.floats(0, 1),
    stay_in_key=st.booleans(),
    lowest=st.none() | st.integers(0, 60),
    highest=st.none() | st.integers(60, 127),
    keep=st.sampled_from(KEPT),
    fewest_notes=st.none() | st.integers(1, 8),
    most_notes=st.none() | st.integers(8, MAX_NOTES),
    longest_leap=st.none() | st.integers(0, 127),
    most_kept=st.none() | st.floats(0, 1),
    echo_strength=st.floats(0, 1),
    presets=st.dictionaries(st.text("abc ", min_size=1).map(str.strip).filter(bool), presets),
    seed=st.integers(0, MAX_SEED),
    seed_locked=st.booleans(),
    instrument=st.text(min_size=1),
    volume=st.floats(0, 1),
    tempo_percent=st.floats(*TEMPO_PERCENTS),
    midi_port=st.text(),
    view=st.sampled_from(VIEWS),
    theme=st.sampled_from(THEMES),
    zoom=st.floats(*ZOOMS),
    last_folder=st.text(),
    shortcuts=st.dictionaries(st.text(), st.lists(st.text()).map(tuple)),
    window_geometry=st.binary().map(lambda content: base64.b64encode(content).decode()),
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
        ("variety", -0.1),
        ("similarity", 1.01),
        ("stay_in_key", 1),
        ("lowest", -1),
        ("highest", 128),
        ("highest", 60.0),
        ("keep", "both"),
        ("fewest_notes", 0),
        ("most_notes", MAX_NOTES + 1),
        ("longest_leap", "octave"),
        ("most_kept", 1.5),
        ("echo_strength", None),
        ("presets", []),
        ("seed", -1),
        ("seed", MAX_SEED + 1),
        ("instrument", ""),
        ("volume", 11),
        ("tempo_percent", 9.9),
        ("metronome", None),
        ("midi_port", None),
        ("view", "roll"),
        ("theme", "blue"),
        ("zoom", 0),
        ("shortcuts", []),
        ("shortcuts", {"play": "Space"}),
        ("shortcuts", {"play": ["Space", 7]}),
        ("window_geometry", "not base64!"),
        ("window_state", "ü"),
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
        others.pop(name, None)
        path.write_text(json.dumps({**others, name: value}))
        assert Settings.load(path) == Settings(**others)  # type: ignore[arg-type]
        assert f"The setting '{name}' in {path} cannot be" in caplog.text


def test_a_setting_that_does_not_exist_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"loudness": 11, "takes": 3}')
    assert Settings.load(path) == Settings(takes=3)
    assert "'loudness'" in caplog.text


def test_a_range_without_notes_is_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SettingsError, match="'lowest' must not be above 'highest', but 61 is above 60"):
        Settings(lowest=61, highest=60)
    path = tmp_path / "settings.json"
    path.write_text('{"lowest": 61, "highest": 60, "takes": 3}')
    assert Settings.load(path) == Settings(takes=3)
    assert "'lowest'" in caplog.text


def test_counts_without_a_number_between_them_are_refused(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(SettingsError, match="'fewest_notes' must not be above 'most_notes', but 9 is above 4"):
        Settings(fewest_notes=9, most_notes=4)
    path = tmp_path / "settings.json"
    path.write_text('{"fewest_notes": 9, "most_notes": 4, "takes": 3}')
    assert Settings.load(path) == Settings(takes=3)
    assert "'most_notes'" in caplog.text


@pytest.mark.parametrize(
    "presets",
    [
        {"": {}},
        {" jig": {}},
        {"two\nlines": {}},
        {"x" * 61: {}},
        {7: {}},
        {"jig": None},
        {"jig": {"keep": "both"}},
        {"jig": {"seed": 1}},
        {"jig": {"lowest": 61, "highest": 60}},
    ],
    ids=repr,
)
def test_presets_that_cannot_be_are_refused(presets: Any) -> None:  # noqa: ANN401 - whatever stands in a file
    with pytest.raises(SettingsError, match="'presets' must be a table of names and settings of takes"):
        Settings(presets=presets)


def test_bad_presets_and_bad_settings_in_presets_are_left_out_one_by_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.json"
    good = {"keep": "rhythm", "longest_leap": 7}
    written = {
        "jigs": {**good, "takes": 99, "colour": "red"},
        "reels": {"lowest": 61, "highest": 60, "last_note": 62},
        "none": 7,
        " ": good,
    }
    path.write_text(json.dumps({"presets": written, "takes": 3}))
    assert Settings.load(path) == Settings(takes=3, presets={"jigs": good, "reels": {"last_note": 62}})
    for left_out in ("'takes' of the preset 'jigs'", "'colour'", "'lowest' of the preset 'reels'", "'none'", "' '"):
        assert left_out in caplog.text


def test_a_seed_and_a_count_are_ones_that_can_be_asked_for() -> None:
    assert (MAX_SEED, MAX_NOTES) == (request.MAX_SEED, MOST_ONSETS)


def test_settings_are_values_that_can_be_compared_and_looked_up() -> None:
    assert hash(Settings(takes=3)) == hash(Settings(takes=3))
    assert replace(Settings(), shortcuts={"play": ("P",)}) != Settings()


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
