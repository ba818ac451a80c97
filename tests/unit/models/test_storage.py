"""Weights as bytes: what comes back, and how near it is to what was written."""

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from inpaint_desktop.models.storage import from_bytes, to_bytes

MATRIX = torch.randn(6, 50, generator=torch.Generator().manual_seed(1)) * torch.tensor(
    [[1e-6], [1e-3], [1], [9], [1], [1]]
)
VECTOR = torch.linspace(-1, 1, 7)


def test_with_16_bits_all_weights_come_back_in_half_precision() -> None:
    again = from_bytes(to_bytes({"matrix": MATRIX, "vector": VECTOR}, 16))
    assert torch.equal(again["matrix"], MATRIX.half().float())
    assert torch.equal(again["vector"], VECTOR.half().float())


def test_with_8_bits_a_weight_is_near_what_it_was_beside_the_largest_of_its_row() -> None:
    again = from_bytes(to_bytes({"matrix": MATRIX}, 8))["matrix"]
    largest = MATRIX.abs().amax(1, keepdim=True)
    assert (again - MATRIX).abs().le(largest / 253.9).all()
    assert again.dtype == torch.float32


def test_fewer_bits_are_coarser_and_a_part_may_have_others() -> None:
    again = from_bytes(to_bytes({"one.matrix": MATRIX, "other.matrix": MATRIX}, 6, {"other": 8}))
    largest = MATRIX.abs().amax(1, keepdim=True)
    assert (again["one.matrix"] - MATRIX).abs().le(largest / 61.9).all()
    assert not (again["one.matrix"] - MATRIX).abs().le(largest / 253.9).all()
    assert torch.equal(again["other.matrix"], from_bytes(to_bytes({"matrix": MATRIX}, 8))["matrix"])


def test_with_8_bits_vectors_stay_at_16() -> None:
    assert torch.equal(from_bytes(to_bytes({"vector": VECTOR}, 8))["vector"], VECTOR.half().float())


def test_with_8_bits_a_matrix_takes_half_of_the_room() -> None:
    matrix = torch.ones(1000, 1000)
    assert len(to_bytes({"matrix": matrix}, 8)) < 0.51 * len(to_bytes({"matrix": matrix}, 16))


@pytest.mark.parametrize("shape", [(2, 3, 4), (3, 4)])
def test_nothing_stays_nothing_in_any_shape(shape: tuple[int, ...]) -> None:
    assert torch.equal(from_bytes(to_bytes({"zeros": torch.zeros(shape)}, 8))["zeros"], torch.zeros(shape))


def test_writing_what_was_read_changes_nothing() -> None:
    written = to_bytes({"matrix": MATRIX, "vector": VECTOR}, 8)
    assert to_bytes(from_bytes(written), 8) == written


def test_a_matrix_without_its_scales_is_refused() -> None:
    tensors = load(to_bytes({"matrix": MATRIX}, 8))
    with pytest.raises(KeyError, match=r"matrix\.scale"):
        from_bytes(save({"matrix": tensors["matrix"]}))


def test_other_bytes_are_refused() -> None:
    with pytest.raises(SafetensorError):
        from_bytes(b"noise" * 100)
