"""Weights on disk come back as they were, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from inpaint_desktop.errors import WeightsError
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.config import InpaintNetConfig, LatentRnnConfig, VaeConfig
from inpaint_desktop.models.inpaint_net import InpaintNet

CONFIG = InpaintNetConfig(
    "tiny", VaeConfig(embedding_size=4, hidden_size=8, head_size=6, latent_size=4), LatentRnnConfig(hidden_size=6)
)
CPU = torch.device("cpu")


@pytest.fixture
def model() -> InpaintNet:
    torch.manual_seed(1)
    return InpaintNet(CONFIG)


@pytest.fixture
def path(model: InpaintNet, tmp_path: Path) -> Path:
    checkpoint.save(model, {"licence": "ODbL-1.0"}, tmp_path / "tiny.safetensors")
    return tmp_path / "tiny.safetensors"


def change_card(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    card_path = path.with_suffix(".json")
    card = json.loads(card_path.read_text(encoding="utf-8"))
    change(card)
    card_path.write_text(json.dumps(card), encoding="utf-8")


def test_weights_come_back_rounded_to_16_bits(model: InpaintNet, path: Path) -> None:
    loaded = checkpoint.load(path, CPU).model.state_dict()
    assert all(torch.equal(loaded[name], weight.half().float()) for name, weight in model.state_dict().items())


def test_a_loaded_model_is_ready_to_use(path: Path) -> None:
    loaded = checkpoint.load(path, CPU)
    assert not loaded.model.training
    assert loaded.model.config == CONFIG
    assert loaded.card["licence"] == "ODbL-1.0"
    assert loaded.card["sha256"] == loaded.sha256


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_missing_file_is_named(path: Path, suffix: str) -> None:
    path.with_suffix(suffix).unlink()
    with pytest.raises(WeightsError, match=f"tiny{suffix} cannot be read"):
        checkpoint.load(path, CPU)


def test_one_changed_byte_is_noticed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(WeightsError, match="not the ones their card describes"):
        checkpoint.load(path, CPU)


def test_a_card_that_is_not_json_is_damaged(path: Path) -> None:
    path.with_suffix(".json").write_text("{", encoding="utf-8")
    with pytest.raises(WeightsError, match="damaged"):
        checkpoint.load(path, CPU)


def test_a_card_of_another_version_is_refused(path: Path) -> None:
    change_card(path, lambda card: card.update(card_version=99))
    with pytest.raises(WeightsError, match="not one of this version"):
        checkpoint.load(path, CPU)


def test_another_vocabulary_is_refused(path: Path) -> None:
    change_card(path, lambda card: card["vocabulary"]["names"].reverse())
    with pytest.raises(WeightsError, match="another vocabulary"):
        checkpoint.load(path, CPU)


def test_weights_that_do_not_fit_the_configuration_are_refused(path: Path) -> None:
    change_card(path, lambda card: card["config"]["latent_rnn"].update(hidden_size=7))
    with pytest.raises(WeightsError, match="does not fit"):
        checkpoint.load(path, CPU)
