"""Weights on disk: they come back as they were, or not at all."""

import hashlib
import json
import os
import pickle  # noqa: TID251 - to plant one
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from inpaint_desktop.errors import WeightsError
from inpaint_desktop.models.checkpoint import load, save
from inpaint_desktop.models.inpaint_net import InpaintNet

CPU = torch.device("cpu")


@pytest.fixture
def model(weights: Path) -> InpaintNet:
    return load(weights, CPU).model


@pytest.fixture
def path(weights: Path, tmp_path: Path) -> Path:
    """A copy of the weights that a test may damage."""
    for suffix in (".safetensors", ".json"):
        shutil.copy(weights.with_suffix(suffix), tmp_path / f"model{suffix}")
    return tmp_path / "model.safetensors"


def edit_card(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    card_path = path.with_suffix(".json")
    card = json.loads(card_path.read_text(encoding="utf-8"))
    change(card)
    card_path.write_text(json.dumps(card), encoding="utf-8")


def assert_refused(path: Path, sentence: str) -> None:
    with pytest.raises(WeightsError, match=sentence) as caught:
        load(path, CPU)
    assert path.stem in str(caught.value)
    assert "Install the program again" in str(caught.value)


def test_a_model_comes_back_with_its_weights_in_half_precision(model: InpaintNet, tmp_path: Path) -> None:
    save(model, {}, tmp_path / "again.safetensors")
    again = load(tmp_path / "again.safetensors", CPU).model.state_dict()
    assert again.keys() == model.state_dict().keys()
    assert all(torch.equal(again[name], tensor.half().float()) for name, tensor in model.state_dict().items())


def test_what_is_written_twice_is_the_same_file(model: InpaintNet, tmp_path: Path) -> None:
    digests = [save(model, {"license": "none"}, tmp_path / f"{name}.safetensors") for name in "ab"]
    assert digests[0] == digests[1]
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_model_is_ready_to_use_and_comes_with_its_card(path: Path) -> None:
    checkpoint = load(path, CPU)
    assert not checkpoint.model.training
    assert checkpoint.card["meters"] == ["4/4", "2/2"]
    assert checkpoint.sha256 == checkpoint.card["sha256"]


def test_loading_draws_no_random_numbers_and_leaves_the_next_model_random(path: Path) -> None:
    state = torch.get_rng_state()
    config = load(path, CPU).model.config
    assert torch.equal(torch.get_rng_state(), state)
    with torch.random.fork_rng():
        assert InpaintNet(config).vae.decoder.to_logits.weight.std() > 0


def test_loading_needs_no_compiler(path: Path) -> None:
    code = (
        "import sys, torch; from pathlib import Path; from inpaint_desktop.models.checkpoint import load; "
        f"load(Path({str(path)!r}), torch.device('cpu')); sys.exit('torch._dynamo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("place", [0, 9, 1000, -1])
def test_a_changed_byte_is_noticed(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    assert_refused(path, "are not the ones their card describes: the file is damaged")


@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_truncated_weights_are_noticed(path: Path, kept: int) -> None:
    path.write_bytes(path.read_bytes()[:kept])
    assert_refused(path, "the file is damaged")


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_a_missing_file_is_named(path: Path, suffix: str) -> None:
    path.with_suffix(suffix).unlink()
    assert_refused(path, rf"model\{suffix} cannot be read \(No such file or directory\)")


def test_a_path_that_no_file_can_have_is_refused() -> None:
    with pytest.raises(WeightsError, match="cannot be read"):
        load(Path("model\0.safetensors"), CPU)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000], ids=["empty", "cut", "bytes", "deep"])
def test_a_damaged_card_is_refused(path: Path, content: bytes) -> None:
    path.with_suffix(".json").write_bytes(content)
    assert_refused(path, "The card model.json cannot be read: it is damaged")


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"card_version": 2}'])
def test_a_card_of_another_version_is_refused(path: Path, content: bytes) -> None:
    path.with_suffix(".json").write_bytes(content)
    assert_refused(path, "The card model.json is not one of this version")


def test_a_model_with_another_vocabulary_is_refused(path: Path) -> None:
    edit_card(path, lambda card: card["vocabulary"]["names"].reverse())
    assert_refused(path, "was made with another vocabulary")


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "no vocabulary": lambda card: card.pop("vocabulary"),
    "a vocabulary that is none": lambda card: card.update(vocabulary=[1]),
    "no configuration": lambda card: card.pop("config"),
    "an unknown field": lambda card: card["config"].update(wings=2),
    "another size": lambda card: card["config"]["vae"].update(hidden_size=9),
    "no layers": lambda card: card["config"]["vae"].update(layers=0),
    "an impossible dropout": lambda card: card["config"]["vae"].update(dropout=3.0),
    "words for numbers": lambda card: card["config"]["vae"].update(hidden_size="many"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_card_that_does_not_fit_the_weights_is_refused(
    path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    edit_card(path, change)
    assert_refused(path, "does not fit this version of the program")


def test_a_hash_that_fits_does_not_make_weights_of_noise(path: Path) -> None:
    path.write_bytes(b"noise" * 100)
    edit_card(path, lambda card: card.update(sha256=hashlib.sha256(b"noise" * 100).hexdigest()))
    assert_refused(path, "does not fit this version of the program")


class Trap:
    """Unpickling it makes a folder."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.marker),)


@pytest.mark.parametrize("writer", [pickle.dumps, None], ids=["pickle", "torch.save"])
def test_a_planted_pickle_runs_no_code(path: Path, tmp_path: Path, writer: Callable[[object], bytes] | None) -> None:
    trap = Trap(tmp_path / "sprung")
    if writer:
        path.write_bytes(writer(trap))
    else:
        torch.save(trap, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    edit_card(path, lambda card: card.update(sha256=digest))
    assert_refused(path, "does not fit this version of the program")
    assert not trap.marker.exists()
