"""Weights leave training as a model of the program."""

import json
from pathlib import Path

import pytest
import torch

from inpaint_desktop.errors import WeightsError
from inpaint_desktop.models import checkpoint
from inpaint_desktop.models.config import CONFIGS
from inpaint_desktop.models.inpaint_net import InpaintNet
from inpaint_desktop.models.storage import from_bytes, to_bytes
from training.export import NOTICE, Packing, card_of, export
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


@pytest.mark.parametrize(("side", "unseen"), [("past", "future_gru"), ("future", "past_gru")])
def test_what_an_ablation_never_looks_at_is_left_empty(side: str, unseen: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = InpaintNet(CONFIGS[f"small-{side}"])
    torch.save({"model": model.state_dict()}, tmp_path / "best.pt")
    out = tmp_path / "model.safetensors"
    export(tmp_path / "best.pt", f"small-{side}", {}, out, Packing(bits=6))
    card = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert (card["bits"], card["bits_of"]) == (6, {"vae": 8})
    loaded = checkpoint.load(out, torch.device("cpu")).model
    assert not any(weight.any() for weight in getattr(loaded.latent_rnn, unseen).parameters())
    written = InpaintNet(CONFIGS[f"small-{side}"])
    written.load_state_dict(from_bytes(to_bytes(model.state_dict(), 6, {"vae": 8})))
    context = (torch.randn(2, 3, 128), torch.randn(2, 2, 128), 2)
    with torch.inference_mode():
        torch.testing.assert_close(loaded.latent_rnn(*context), written.eval().latent_rnn(*context))


@pytest.fixture
def relatives(exported: tuple[InpaintNet, Path], tmp_path: Path) -> tuple[Path, Path]:
    """An exported model, and the weights of another one that went on from it with the same MeasureVAE."""
    model = checkpoint.load(exported[1], torch.device("cpu")).model
    with torch.no_grad():
        for weight in model.latent_rnn.parameters():
            weight.add_(0.01)
    torch.save({"model": model.state_dict()}, tmp_path / "later.pt")
    return exported[1], tmp_path / "later.pt"


def test_a_measure_vae_that_two_models_share_is_written_once(relatives: tuple[Path, Path], tmp_path: Path) -> None:
    first, weights = relatives
    whole, out = tmp_path / "whole.safetensors", tmp_path / "rivals" / "later.safetensors"
    export(weights, "ours", {}, whole)
    export(weights, "ours", {}, out, Packing(vae_of=first))
    assert (
        json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))["shared"]["file"] == "../out/model.safetensors"
    )
    assert out.stat().st_size < 0.8 * whole.stat().st_size
    one, other = (checkpoint.load(path, torch.device("cpu")).model.state_dict() for path in (whole, out))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_model_is_not_read_with_another_ones_measure_vae(relatives: tuple[Path, Path], tmp_path: Path) -> None:
    first, weights = relatives
    out = tmp_path / "later.safetensors"
    export(weights, "ours", {}, out, Packing(vae_of=first))
    export(weights, "ours", {}, first)
    with pytest.raises(WeightsError, match=r"needs other weights in model\.safetensors"):
        checkpoint.load(out, torch.device("cpu"))
    first.unlink()
    with pytest.raises(WeightsError, match=r"model\.safetensors cannot be read"):
        checkpoint.load(out, torch.device("cpu"))


def test_what_is_not_shared_is_not_left_out(relatives: tuple[Path, Path], tmp_path: Path) -> None:
    torch.manual_seed(5)
    torch.save({"model": InpaintNet(CONFIGS["ours"]).state_dict()}, tmp_path / "stranger.pt")
    with pytest.raises(WeightsError, match="another than this model's"):
        export(tmp_path / "stranger.pt", "ours", {}, tmp_path / "stranger.safetensors", Packing(vae_of=relatives[0]))
    assert not (tmp_path / "stranger.safetensors").exists()
