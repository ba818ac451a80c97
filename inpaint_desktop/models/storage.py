"""Weights as bytes: matrices in 16 bits, or in 8 and fewer with a scale a row.

With 8 bits a weight is at most 1/254 of its row's largest away from what it was, with 6 bits 1/62. Fewer than 8 take as
much room until they are packed, as a repository or an installer does. Vectors are few and stay at 16 bits.
"""

from collections.abc import Mapping
from types import MappingProxyType

import torch
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

FULL_BITS = 16
_MOST_ROUNDED = 8
_SCALE = ".scale"
_NONE: Mapping[str, int] = MappingProxyType({})


def to_bytes(weights: Mapping[str, Tensor], bits: int, bits_of: Mapping[str, int] = _NONE) -> bytes:
    """Write weights as a safetensors file: with so many ``bits``, 16 or at most 8.

    ``bits_of`` has other numbers for some parts of the model, by the first part of a weight's name.
    """
    tensors: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        plain = tensor.detach().cpu().float().contiguous()
        own = bits_of.get(name.partition(".")[0], bits)
        if own <= _MOST_ROUNDED and plain.dim() > 1:
            tensors[name], tensors[name + _SCALE] = _rounded(plain, own)
        else:
            tensors[name] = plain.half()
    return save_tensors(tensors)


def from_bytes(content: bytes) -> dict[str, Tensor]:
    """Read what ``to_bytes`` wrote, as 32-bit floats.

    Raises:
        SafetensorError: it is no such file.
        KeyError: a matrix of whole numbers has no scales.
    """
    tensors = load_tensors(content)
    rounded = [name for name, tensor in tensors.items() if tensor.dtype == torch.int8]
    scales = {name: tensors.pop(name + _SCALE) for name in rounded}
    return {name: _scaled(tensor.float(), scales.get(name)) for name, tensor in tensors.items()}


def _rounded(matrix: Tensor, bits: int) -> tuple[Tensor, Tensor]:
    """The matrix as whole numbers of so many bits, and what they are to be multiplied by, a scale a row."""
    scales = matrix.abs().flatten(1).amax(1) / (2 ** (bits - 1) - 1)
    scales = torch.where(scales > 0, scales, 1.0)
    return (matrix / _over(scales, matrix)).round().to(torch.int8), scales


def _scaled(matrix: Tensor, scales: Tensor | None) -> Tensor:
    return matrix if scales is None else matrix * _over(scales, matrix)


def _over(scales: Tensor, matrix: Tensor) -> Tensor:
    return scales.view(-1, *[1] * (matrix.dim() - 1))
