"""Weights leave training as a model of the program."""

import json
from pathlib import Path

import pytest
import torch

from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.config import CONFIGS
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.storage import from_bytes, to_bytes
from training.export import NOTICE, card_of, export
from training.trials import Corpora


@pytest.fixture
def exported(corpora: Corpora, tmp_path: Path) -> tuple[InpaintNet, Path]:
    torch.manual_seed(0)
    model = InpaintNet(CONFIGS["ours"])
    torch.save({"model": model.state_dict(), "step": 1}, tmp_path / "best.pt")
    card = card_of({"played": corpora.played}, {"minutes": 1}, {"nll": 0.5})
    export(tmp_path / "best.pt", "ours", card, tmp_path / "out" / "model.safetensors")
    return model, tmp_path / "out" / "model.safetensors"


def test_the_program_loads_what_was_exported(exported: tuple[InpaintNet, Path]) -> None:
    model, path = exported
    loaded = checkpoint.load(path, torch.device("cpu")).model
    written = from_bytes(to_bytes(model.state_dict(), 8))
    assert loaded.state_dict().keys() == written.keys()
    assert all(torch.equal(tensor, written[name]) for name, tensor in loaded.state_dict().items())


def test_the_card_tells_it_all(exported: tuple[InpaintNet, Path], corpora: Corpora) -> None:
    card = json.loads(exported[1].with_suffix(".json").read_text(encoding="utf-8"))
    assert card["corpus"]["played"]["sha256"] == corpora.played.digest()
    assert card["corpus"]["played"]["tunes"] == {"train": 4, "valid": 1, "test": 1}
    assert (card["training"], card["metrics"]) == ({"minutes": 1}, {"nll": 0.5})
    assert card["notice"] == NOTICE
    assert "The Session" in card["notice"]
    assert card["meters"] == ["4/4", "2/2"]
    assert card["bits"] == 8
