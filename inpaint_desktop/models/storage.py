"""Weights as bytes: matrices in 16 bits, or in 8 with a scale a row.

With 8 bits a weight is at most 1/254 of its row's largest away from what it was. Vectors are few and stay at 16 bits.
"""

from collections.abc import Mapping
from typing import Literal

import torch
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

Bits = Literal[8, 16]

_LARGEST = 127
_SCALE = ".scale"


def to_bytes(weights: Mapping[str, Tensor], bits: Bits) -> bytes:
    """Write weights as a safetensors file."""
    tensors: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        plain = tensor.detach().cpu().float().contiguous()
        if bits == 8 and plain.dim() > 1:
            tensors[name], tensors[name + _SCALE] = _rounded(plain)
        else:
            tensors[name] = plain.half()
    return save_tensors(tensors)


def from_bytes(content: bytes) -> dict[str, Tensor]:
    """Read what ``to_bytes`` wrote, as 32-bit floats.

    Raises:
        SafetensorError: it is no such file.
        KeyError: a matrix of 8 bits has no scales.
    """
    tensors = load_tensors(content)
    rounded = [name for name, tensor in tensors.items() if tensor.dtype == torch.int8]
    scales = {name: tensors.pop(name + _SCALE) for name in rounded}
    return {name: _scaled(tensor.float(), scales.get(name)) for name, tensor in tensors.items()}


def _rounded(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The matrix as whole numbers from -127 to 127, and what they are to be multiplied by, a scale a row."""
    scales = matrix.abs().flatten(1).amax(1) / _LARGEST
    scales = torch.where(scales > 0, scales, 1.0)
    return (matrix / _over(scales, matrix)).round().to(torch.int8), scales


def _scaled(matrix: Tensor, scales: Tensor | None) -> Tensor:
    return matrix if scales is None else matrix * _over(scales, matrix)


def _over(scales: Tensor, matrix: Tensor) -> Tensor:
    return scales.view(-1, *[1] * (matrix.dim() - 1))
