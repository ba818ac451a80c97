"""What tests with the real program share."""

from pathlib import Path

import pytest

from inpaint_desktop import paths


@pytest.fixture
def without_model(own_folders: Path) -> None:  # noqa: ARG001 - the settings lie there
    """Let the program know no model, so that it need not load one."""
    settings = paths.config_folder() / "settings.json"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"model": "none"}', encoding="utf-8")
